//! Payload fields: the pointers of a header, and the bytes they point to.

use crate::base::{
    finding::{Code, Finding},
    span::{Located, Source, Span, in_order},
};
use crate::message::{
    field::{Field, Value},
    ntlm::error::{DecodeError, DecodeErrorKind},
};

/// The names that [MS-NLMP] gives a payload field and the parts that point to it.
#[derive(Debug, Eq, PartialEq)]
pub struct PayloadNames {
    /// The eight bytes in the header.
    pub fields: &'static str,
    /// Their first number.
    pub len: &'static str,
    /// Their second number.
    pub max_len: &'static str,
    /// Their third number.
    pub buffer_offset: &'static str,
    /// The field in the payload.
    pub payload: &'static str,
}

macro_rules! payload_names {
    ($($constant:ident = $name:literal;)*) => {
        impl PayloadNames {
            $(
                #[doc = concat!("`", $name, "` and what points to it.")]
                pub const $constant: Self = Self {
                    fields: concat!($name, "Fields"),
                    len: concat!($name, "Len"),
                    max_len: concat!($name, "MaxLen"),
                    buffer_offset: concat!($name, "BufferOffset"),
                    payload: $name,
                };
            )*
        }
    };
}

payload_names! {
    DOMAIN_NAME = "DomainName";
    USER_NAME = "UserName";
    WORKSTATION = "Workstation";
    LM_CHALLENGE_RESPONSE = "LmChallengeResponse";
    NT_CHALLENGE_RESPONSE = "NtChallengeResponse";
    ENCRYPTED_RANDOM_SESSION_KEY = "EncryptedRandomSessionKey";
    TARGET_NAME = "TargetName";
    TARGET_INFO = "TargetInfo";
}

/// The eight bytes by which a header points into the payload, and what they point to.
///
/// Spec: [MS-NLMP] 2.2.1. All three numbers are little-endian.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PayloadField {
    /// Its names.
    pub names: &'static PayloadNames,
    /// `Len`: size of the field, in bytes.
    pub len: Located<u16>,
    /// `MaxLen`: should equal `len`; receivers ignore it.
    pub max_len: Located<u16>,
    /// `BufferOffset`: where the field begins, in bytes from the start of the message.
    pub buffer_offset: Located<u32>,
    /// The field's bytes, or those of them that exist. `None` where `Len` is 0 or none exists.
    pub data: Option<Span>,
}

impl PayloadField {
    /// Size of the pointer in the header, in bytes.
    pub const SIZE: usize = 8;

    /// Reads the pointer at `offset`; `None` where the message ends before it does.
    ///
    /// Errors in it become findings, which name `names.fields`.
    pub fn read(
        message: Source<'_>,
        offset: usize,
        names: &'static PayloadNames,
        findings: &mut Vec<Finding>,
    ) -> Option<Self> {
        let len = message.le_u16(offset)?;
        let max_len = message.le_u16(offset.checked_add(2)?)?;
        let buffer_offset = message.le_u32(offset.checked_add(4)?)?;
        let mut field = Self { names, len, max_len, buffer_offset, data: None };
        match field.locate(message) {
            Ok(data) => field.data = data,
            Err(error) => {
                // What exists of it is shown all the same.
                field.data =
                    Some(field.announced().clipped(message.0.len())).filter(|d| !d.is_empty());
                let code = Code::PayloadOutOfBounds;
                findings.push(Finding::new(code, field.span(), format!("{error}.")));
            }
        }
        if max_len.value != len.value {
            findings.push(Finding::new(
                Code::MaxLenDiffers,
                max_len.span,
                format!(
                    "{} is {}, {} is {}; receivers ignore it.",
                    names.max_len, max_len.value, names.len, len.value
                ),
            ));
        }
        Some(field)
    }

    /// The pointer's own eight bytes.
    #[must_use]
    pub const fn span(&self) -> Span {
        Span::new(self.len.span.start, self.buffer_offset.span.end)
    }

    /// The place that the field announces, in or outside the message.
    #[must_use]
    pub fn announced(&self) -> Span {
        Span::at(
            usize::try_from(self.buffer_offset.value).unwrap_or(usize::MAX),
            usize::from(self.len.value),
        )
    }

    /// Returns true if `Len` announces bytes that the message does not have.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.data.map_or(self.len.value != 0, |data| data.len() < usize::from(self.len.value))
    }

    /// The place of the field; `None` if `Len` is 0, whatever its `BufferOffset`.
    ///
    /// # Errors
    ///
    /// [`DecodeErrorKind::OutOfBounds`], naming the field, where some of it is outside `message`.
    pub fn locate(&self, message: Source<'_>) -> Result<Option<Span>, DecodeError> {
        if self.len.value == 0 {
            return Ok(None);
        }
        let announced = self.announced();
        if announced.end <= message.0.len() && announced.len() == usize::from(self.len.value) {
            return Ok(Some(announced));
        }
        Err(DecodeError {
            field: self.names.payload,
            offset: announced.start,
            kind: DecodeErrorKind::OutOfBounds {
                buffer_offset: self.buffer_offset.value,
                len: self.len.value,
                message_len: message.0.len(),
            },
        })
    }

    /// The pointer as a node of the tree.
    pub(crate) fn header_field(&self) -> Field<'static> {
        Field::structure(
            self.names.fields,
            self.span(),
            vec![
                Field::leaf(self.names.len, self.len.span, Value::U16(self.len.value)),
                Field::leaf(self.names.max_len, self.max_len.span, Value::U16(self.max_len.value)),
                Field::leaf(
                    self.names.buffer_offset,
                    self.buffer_offset.span,
                    Value::U32(self.buffer_offset.value),
                ),
            ],
        )
    }
}

/// The offset of the payload: the smallest `BufferOffset` of the fields that have a `Len`, at most
/// the message's size. Before it is the header, whose optional parts are there if they fit.
pub(crate) fn payload_start(
    message: Source<'_>,
    fields: impl IntoIterator<Item = Option<PayloadField>>,
) -> usize {
    fields
        .into_iter()
        .flatten()
        .filter(|field| field.len.value != 0)
        .map(|field| field.announced().start)
        .fold(message.0.len(), usize::min)
}

/// Findings about how payload fields lie to each other and to a header of `header_len` bytes.
pub(crate) fn check_layout(
    header_len: usize,
    fields: &[Option<PayloadField>],
    findings: &mut Vec<Finding>,
) {
    let placed: Vec<(Span, &PayloadField)> =
        fields.iter().flatten().filter_map(|field| field.data.map(|data| (data, field))).collect();
    let placed = in_order(placed, |(data, _)| *data);
    for (data, field) in &placed {
        if data.start < header_len {
            findings.push(Finding::new(
                Code::PayloadInHeader,
                field.buffer_offset.span,
                format!(
                    "{} begins at byte {}, inside the {header_len}-byte header.",
                    field.names.payload, data.start
                ),
            ));
        }
    }
    let mut furthest: Option<(Span, &PayloadField)> = None;
    for (data, field) in placed {
        if let Some((before, other)) = furthest
            && before.overlaps(data)
        {
            findings.push(Finding::new(
                Code::PayloadOverlap,
                Span::new(data.start, data.end.min(before.end)),
                format!("{} and {} share these bytes.", other.names.payload, field.names.payload),
            ));
        }
        if furthest.is_none_or(|(before, _)| before.end < data.end) {
            furthest = Some((data, field));
        }
    }
}
