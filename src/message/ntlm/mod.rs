//! NTLM messages: bytes to fields with spans, and back.
//!
//! Spec: [MS-NLMP] section 2.2.

mod authenticate;
mod av_pair;
mod challenge;
mod echo;
mod error;
mod extent;
mod negotiate;
mod payload;
mod response;
mod response_line;
mod target_name;
mod text_payload;
mod version;
pub mod write;

use std::sync::Arc;

pub use authenticate::{Authenticate, MicState, SignInNames};
pub use av_pair::{AvPair, AvPairs};
pub use challenge::Challenge;
pub use echo::{Echo, echo};
pub use error::{DecodeError, DecodeErrorKind, NotNtlm};
pub use negotiate::Negotiate;
pub use payload::{PayloadField, PayloadNames};
pub use response::{Ntlmv2Response, ResponseKind};
pub use response_line::{ResponseLine, StatedBeside};
pub use target_name::TargetName;
pub(crate) use target_name::check_form;
pub use text_payload::Charset;
pub use version::Version;

use crate::base::{
    finding::{Code, Finding, bytes},
    span::{Located, Source, Span, in_order},
};
use crate::message::{
    field::{Field, Value},
    missing::{KnownEnd, Missing},
    wire::{MessageType, NegotiateFlags},
};

/// The eight bytes every NTLM message begins with.
pub const SIGNATURE: &[u8; 8] = b"NTLMSSP\0";

/// The offsets of the fixed fields of every message, in bytes.
mod at {
    pub(super) const MESSAGE_TYPE: usize = 8;
}

/// A decoded message: its bytes, what they mean, and what is odd about them.
///
/// Nothing of the bytes is lost: `message.field().encode(message.bytes())` gives them back. All
/// spans count from the first byte of the message, the `N` of the signature.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Message {
    bytes: Arc<[u8]>,
    /// `MessageType`; `None` where the message ends before it.
    pub message_type: Option<Located<MessageType>>,
    /// The fields behind the type.
    pub body: Body,
    /// The bytes that are there and those that are missing, if the paste ends inside it.
    pub missing: Option<Missing>,
    /// The findings, in the order of the bytes.
    pub findings: Vec<Finding>,
}

/// The part of a message that depends on its type.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Body {
    /// Type 1.
    Negotiate(Negotiate),
    /// Type 2.
    Challenge(Challenge),
    /// Type 3.
    Authenticate(Box<Authenticate>),
    /// Any other type, or none.
    Unknown,
}

impl Message {
    /// Decodes a message that stands alone. What can be read is read; what cannot becomes a finding
    /// with a place.
    ///
    /// # Errors
    ///
    /// [`NotNtlm`] where the bytes do not begin with the signature.
    pub fn parse(bytes: Arc<[u8]>) -> Result<Self, NotNtlm> {
        Self::parse_ending(bytes, KnownEnd::Open)
    }

    /// Decodes a message of which something is known about where it ends.
    ///
    /// # Errors
    ///
    /// [`NotNtlm`] where the bytes do not begin with the signature.
    pub fn parse_ending(bytes: Arc<[u8]>, ending: KnownEnd) -> Result<Self, NotNtlm> {
        if !bytes.starts_with(SIGNATURE) {
            return Err(NotNtlm);
        }
        let mut findings = Vec::new();
        let source = Source(&bytes);
        let missing = extent::missing(source, ending);
        let message_type = source.le_u32(at::MESSAGE_TYPE).map(|n| n.map(MessageType));
        let body = match message_type.map(|located| located.value) {
            Some(MessageType::NEGOTIATE) => Body::Negotiate(Negotiate::read(source, &mut findings)),
            Some(MessageType::CHALLENGE) => Body::Challenge(Challenge::read(source, &mut findings)),
            Some(MessageType::AUTHENTICATE) => {
                Body::Authenticate(Box::new(Authenticate::read(source, missing, &mut findings)))
            }
            Some(MessageType(other)) => {
                findings.push(Finding::new(
                    Code::UnknownType,
                    Span::at(at::MESSAGE_TYPE, 4),
                    format!("The message type is {other}. NTLM has the types 1, 2 and 3."),
                ));
                Body::Unknown
            }
            None => {
                findings.push(cut_at(source, at::MESSAGE_TYPE, 4, "MessageType"));
                Body::Unknown
            }
        };
        let mut message = Self { bytes, message_type, body, missing, findings };
        message.check_gaps();
        message.check_missing();
        message.findings = in_order(message.findings, |finding| finding.span);
        Ok(message)
    }

    /// All bytes of the message.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its bytes, shared.
    #[must_use]
    pub fn shared_bytes(&self) -> Arc<[u8]> {
        Arc::clone(&self.bytes)
    }

    /// The message as the buffer its spans point into.
    #[must_use]
    pub fn source(&self) -> Source<'_> {
        Source(&self.bytes)
    }

    /// The word for its type: `NEGOTIATE`, `CHALLENGE`, `AUTHENTICATE` or `UNKNOWN`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.body {
            Body::Negotiate(_) => "NEGOTIATE",
            Body::Challenge(_) => "CHALLENGE",
            Body::Authenticate(_) => "AUTHENTICATE",
            Body::Unknown => "UNKNOWN",
        }
    }

    /// `NegotiateFlags`.
    #[must_use]
    pub fn flags(&self) -> Option<NegotiateFlags> {
        match &self.body {
            Body::Negotiate(negotiate) => negotiate.flags,
            Body::Challenge(challenge) => challenge.flags,
            Body::Authenticate(authenticate) => authenticate.flags,
            Body::Unknown => None,
        }
        .map(|flags| flags.value)
    }

    /// `Version`.
    #[must_use]
    pub const fn version(&self) -> Option<&Version> {
        match &self.body {
            Body::Negotiate(negotiate) => negotiate.version.as_ref(),
            Body::Challenge(challenge) => challenge.version.as_ref(),
            Body::Authenticate(authenticate) => authenticate.version.as_ref(),
            Body::Unknown => None,
        }
    }

    /// The AV pairs of TargetInfo or of the NTLMv2 response.
    #[must_use]
    pub fn av_pairs(&self) -> Option<&AvPairs> {
        match &self.body {
            Body::Challenge(challenge) => Some(&challenge.target_info),
            Body::Authenticate(authenticate) => authenticate.av_pairs(),
            Body::Negotiate(_) | Body::Unknown => None,
        }
    }

    /// The pointers into the payload, in the order of the header; those that are there.
    #[must_use]
    pub fn payload_fields(&self) -> Vec<PayloadField> {
        let fields: &[Option<PayloadField>] = match &self.body {
            Body::Negotiate(negotiate) => &[negotiate.domain_name, negotiate.workstation],
            Body::Challenge(challenge) => &[challenge.target_name, challenge.target_info_field],
            Body::Authenticate(authenticate) => &authenticate.pointers(),
            Body::Unknown => &[],
        };
        fields.iter().copied().flatten().collect()
    }

    /// The message, where it is a CHALLENGE.
    #[must_use]
    pub const fn as_challenge(&self) -> Option<&Challenge> {
        if let Body::Challenge(challenge) = &self.body { Some(challenge) } else { None }
    }

    /// The message, where it is an AUTHENTICATE.
    #[must_use]
    pub const fn as_authenticate(&self) -> Option<&Authenticate> {
        if let Body::Authenticate(authenticate) = &self.body { Some(authenticate) } else { None }
    }

    /// The message as a tree of fields.
    #[must_use]
    pub fn field(&self) -> Field<'_> {
        let source = self.source();
        let signature = Span::at(0, SIGNATURE.len());
        let mut fields = Vec::with_capacity(20);
        fields.push(Field::leaf("Signature", signature, Value::Bytes(source.slice(signature))));
        fields.extend(self.message_type.map(|located| {
            Field::leaf("MessageType", located.span, Value::MessageType(located.value))
        }));
        let name = match &self.body {
            Body::Negotiate(negotiate) => {
                negotiate.fields(source, &mut fields);
                "NEGOTIATE_MESSAGE"
            }
            Body::Challenge(challenge) => {
                challenge.fields(source, &mut fields);
                "CHALLENGE_MESSAGE"
            }
            Body::Authenticate(authenticate) => {
                authenticate.fields(source, &mut fields);
                "AUTHENTICATE_MESSAGE"
            }
            Body::Unknown => "UNKNOWN_MESSAGE",
        };
        let fields = in_order(fields, |field| Span::empty(field.span.start));
        Field::structure(name, Span::new(0, self.bytes.len()), fields)
    }

    /// Returns true if header and payload fields cover the message. Then every byte in it has a
    /// field, but for those behind the AV pairs of a field, which have a finding of their own.
    fn is_covered(&self) -> bool {
        let mut end = match &self.body {
            Body::Negotiate(negotiate) if negotiate.flags.is_some() => negotiate.header_len(),
            Body::Challenge(challenge) if challenge.server_challenge.is_some() => {
                challenge.header_len()
            }
            Body::Authenticate(authenticate) if authenticate.flags.is_some() => {
                authenticate.header_len()
            }
            _ => return false,
        };
        let fields = self.payload_fields();
        while let Some(data) = fields
            .iter()
            .filter_map(|field| field.data)
            .find(|data| data.contains(Span::at(end, 1)))
        {
            end = data.end;
        }
        end >= self.bytes.len()
    }

    /// Reports one finding if the paste ends inside the message, in place of all that would be said
    /// of the missing bytes.
    fn check_missing(&mut self) {
        let Some(missing) = self.missing else { return };
        // Other findings reach to the end of what is there, or are about what a pointer leads to.
        self.findings.retain(|finding| {
            // Of all messages an AUTHENTICATE has Version farthest behind, and its MIC follows.
            let of_version =
                finding.code == Code::FlagsVersion && missing.have < authenticate::at::MIC;
            finding.span.end < missing.have
                && finding.code != Code::PayloadOutOfBounds
                && !of_version
        });
        // Bytes too few for a field: they are at the end, or the header is cut and a field is
        // behind it.
        let is_header_cut = missing.of.is_none();
        let rest = self.field().gaps().pop().filter(|gap| gap.end == missing.have || is_header_cut);
        let place = rest.unwrap_or_else(|| Span::empty(missing.have));
        let mut text = missing.sentence();
        if let Body::Authenticate(authenticate) = &self.body {
            text.push(' ');
            text.push_str(&authenticate.untold(Source(&self.bytes)));
        }
        self.findings.push(Finding::new(Code::MessageCut, place, text));
    }

    /// Bytes that no field refers to become findings.
    fn check_gaps(&mut self) {
        // Most messages have none, and the tree costs as much as all the rest.
        if self.body == Body::Unknown || self.is_covered() {
            return;
        }
        let len = self.bytes.len();
        let found: Vec<_> = self
            .field()
            .gaps()
            .into_iter()
            // What follows MsvAvEOL has a finding of its own.
            .filter(|gap| {
                !self.findings.iter().any(|finding| {
                    finding.span.contains(*gap)
                        && matches!(
                            finding.code,
                            Code::AvPairAfterEol
                                | Code::AvPairTruncated
                                | Code::AvPairTooMany
                                | Code::ResponseTooShort
                        )
                })
            })
            .map(|gap| {
                if gap.end == len {
                    let text = format!(
                        "{} after the last field, which no field refers to.",
                        bytes(gap.len())
                    );
                    Finding::new(Code::PayloadTrailing, gap, text)
                } else {
                    let text = format!("{} that no field refers to.", bytes(gap.len()));
                    Finding::new(Code::PayloadGap, gap, text)
                }
            })
            .collect();
        self.findings.extend(found);
    }
}

/// The number of bytes of `bytes`, which begin with the signature, that belong to the message: up
/// to the end of its header or of the last payload field in them. It is for messages found inside a
/// carrier that does not give their length.
#[must_use]
pub fn extent(bytes: &[u8]) -> usize {
    extent::extent(Source(bytes))
}

/// The number of bytes, by its pointers, of the message that begins with `head`; `None` if `head`
/// ends before the last of them.
#[must_use]
pub(crate) fn announced_len(head: &[u8]) -> Option<usize> {
    extent::announced_len(Source(head))
}

/// The missing bytes of a message that begins with the signature and of which `bytes` is all there
/// is.
#[must_use]
pub(crate) fn missing(bytes: &[u8], ending: KnownEnd) -> Option<Missing> {
    extent::missing(Source(bytes), ending)
}

/// `NegotiateFlags` as a node of the tree.
fn flags_field(flags: Located<NegotiateFlags>) -> Field<'static> {
    Field::leaf("NegotiateFlags", flags.span, Value::Flags(flags.value))
}

/// The finding for a message of which less than `needed` bytes are there.
fn cut_header(message: Source<'_>, needed: usize, field: &'static str) -> Finding {
    cut_at(message, 0, needed, field)
}

/// The finding for a field at `offset` that takes more bytes than are left.
fn cut_at(message: Source<'_>, offset: usize, needed: usize, field: &'static str) -> Finding {
    let available = message.0.len().saturating_sub(offset);
    let kind = DecodeErrorKind::Truncated { needed, available };
    let error = DecodeError { field, offset, kind };
    Finding::new(Code::HeaderTruncated, Span::new(offset, message.0.len()), format!("{error}."))
}

/// Findings about `NegotiateFlags` that every message can have.
fn check_flags(
    flags: Option<Located<NegotiateFlags>>,
    version: Option<&Version>,
    findings: &mut Vec<Finding>,
) {
    let Some(flags) = flags else { return };
    let flagged = flags.value.contains(NegotiateFlags::NTLMSSP_NEGOTIATE_VERSION);
    let there = version.is_some_and(|version| !version.is_zero());
    if flagged && version.is_none() {
        findings.push(Finding::new(
            Code::FlagsVersion,
            flags.span,
            "NTLMSSP_NEGOTIATE_VERSION is set and there is no Version.",
        ));
    } else if there && !flagged {
        findings.push(Finding::new(
            Code::FlagsVersion,
            flags.span,
            "Version is filled in and NTLMSSP_NEGOTIATE_VERSION is not set.",
        ));
    }
    let reserved = flags.value & NegotiateFlags::RESERVED;
    if !reserved.is_empty() {
        let names: Vec<_> = reserved.set_bits().map(|(_, name)| name).collect();
        findings.push(Finding::new(
            Code::FlagsReserved,
            flags.span,
            format!("Reserved bits are set: {}. Receivers ignore them.", names.join(", ")),
        ));
    }
}

/// The character sets that the flags name: UTF-16 and the OEM code page.
const CHARACTER_SETS: [NegotiateFlags; 2] =
    [NegotiateFlags::NTLMSSP_NEGOTIATE_UNICODE, NegotiateFlags::NTLM_NEGOTIATE_OEM];

/// A finding where a message names no character set.
fn check_charset(flags: Option<Located<NegotiateFlags>>, findings: &mut Vec<Finding>) {
    if let Some(flags) = flags
        && !CHARACTER_SETS.iter().any(|set| flags.value.contains(*set))
    {
        let text = "Neither UTF-16 nor the OEM code page is set. A receiver refuses that; the strings are read as OEM.";
        findings.push(Finding::new(Code::FlagsCharsetNeither, flags.span, text));
    }
}

/// Checks the same in a message that has to choose one, and reports a finding if both are named.
fn check_charset_choice(flags: Option<Located<NegotiateFlags>>, findings: &mut Vec<Finding>) {
    check_charset(flags, findings);
    if let Some(flags) = flags
        && CHARACTER_SETS.iter().all(|set| flags.value.contains(*set))
    {
        let text = "Both UTF-16 and the OEM code page are set. UTF-16 counts.";
        findings.push(Finding::new(Code::FlagsCharsetBoth, flags.span, text));
    }
}
