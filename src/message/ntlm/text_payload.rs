//! Payload fields with text in them, in the charset that the flags say.

use crate::base::{
    finding::{Code, Finding},
    span::{Source, Span},
};
use crate::message::{
    field::{Field, Value},
    ntlm::PayloadField,
    wire::{NegotiateFlags, Oem, Utf16Le},
};

/// The form in which a message writes its strings, one of two.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Charset {
    /// UTF-16LE.
    Unicode,
    /// The client's OEM code page, which no message names.
    Oem,
}

impl Charset {
    /// The charset by the flags: UTF-16LE wherever its flag is set, else OEM.
    #[must_use]
    pub fn of(flags: Option<NegotiateFlags>) -> Self {
        match flags {
            Some(flags) if !flags.contains(NegotiateFlags::NTLMSSP_NEGOTIATE_UNICODE) => Self::Oem,
            _ => Self::Unicode,
        }
    }

    /// The bytes as a value in this form.
    #[must_use]
    pub const fn value(self, bytes: &[u8]) -> Value<'_> {
        match self {
            Self::Unicode => Value::Utf16(Utf16Le(bytes)),
            Self::Oem => Value::Oem(Oem(bytes)),
        }
    }
}

/// The text of a payload field; empty where its `Len` is 0, `None` where it is not there as a
/// whole: half a name is another name.
#[must_use]
pub(crate) fn text(
    message: Source<'_>,
    field: Option<PayloadField>,
    charset: Charset,
) -> Option<String> {
    let field = field.filter(|field| !field.is_cut())?;
    let bytes = field.data.map_or(&[][..], |data| message.slice(data));
    Some(charset.value(bytes).to_string())
}

/// The payload field as a node, where it has bytes.
pub(crate) fn payload_leaf<'m>(
    field: Option<PayloadField>,
    value: impl FnOnce(Span) -> Value<'m>,
) -> Option<Field<'m>> {
    let field = field?;
    let data = field.data?;
    Some(Field::leaf(field.names.payload, data, value(data)))
}

/// Findings about strings: odd lengths, lone surrogates, the code page.
pub(crate) fn check_text(
    message: Source<'_>,
    fields: &[Option<PayloadField>],
    charset: Charset,
    findings: &mut Vec<Finding>,
) {
    let mut oem = None;
    for field in fields.iter().flatten() {
        let Some(data) = field.data else { continue };
        let bytes = message.slice(data);
        let name = field.names.payload;
        if charset == Charset::Oem {
            oem = oem.or(Some(data));
        } else if bytes.len() % 2 == 1 && !field.is_cut() {
            findings.push(Finding::new(
                Code::TextOddLength,
                data,
                format!("{name} is UTF-16 and has {} bytes, an odd number.", bytes.len()),
            ));
        } else if Utf16Le(bytes).has_lone_surrogate() {
            findings.push(Finding::new(
                Code::TextLoneSurrogate,
                data,
                format!("{name} contains half a surrogate pair, which is not a character."),
            ));
        }
    }
    if let Some(span) = oem {
        findings.push(Finding::new(
            Code::TextOem,
            span,
            "Strings are in the client's OEM code page, which the message does not name. Characters beyond ASCII are shown as bytes.",
        ));
    }
}
