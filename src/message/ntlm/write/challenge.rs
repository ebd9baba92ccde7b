//! A `CHALLENGE_MESSAGE` from its parts.

use super::{
    AvPairList, BuildError, Version,
    payload::{Payload, bytes_of, is_zero},
    text,
};
use crate::base::span::{Source, Span};
use crate::message::{
    ntlm::{self, Charset, PayloadNames},
    wire::{MessageType, NegotiateFlags},
};

/// The parts of a `CHALLENGE_MESSAGE`.
///
/// Spec: [MS-NLMP] 2.2.1.2.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Challenge {
    /// `TargetName`, in the character set that the flags state.
    pub target_name: Option<Vec<u8>>,
    /// `NegotiateFlags`.
    pub flags: NegotiateFlags,
    /// `ServerChallenge`.
    pub server_challenge: [u8; 8],
    /// `Reserved`, zero by the specification.
    pub reserved: [u8; 8],
    /// `TargetInfo`.
    pub target_info: Option<AvPairList>,
    /// `Version`.
    pub version: Option<Version>,
}

impl Challenge {
    /// Size of the header without Version, in bytes.
    const HEADER: usize = ntlm::challenge::at::VERSION;

    /// A message with nothing but flags and challenge.
    #[must_use]
    pub const fn new(flags: NegotiateFlags, server_challenge: [u8; 8]) -> Self {
        let reserved = [0; 8];
        Self {
            target_name: None,
            flags,
            server_challenge,
            reserved,
            target_info: None,
            version: None,
        }
    }

    /// The message with this name, in the character set that the flags state.
    ///
    /// # Errors
    ///
    /// [`NotInCharset`](super::BuildErrorKind::NotInCharset) where the flags state the OEM code
    /// page and the name is not ASCII.
    pub fn with_target_name(self, name: &str) -> Result<Self, BuildError> {
        let charset = Charset::of(Some(self.flags));
        let name = text(PayloadNames::TARGET_NAME.payload, charset, name)?;
        Ok(Self { target_name: Some(name), ..self })
    }

    /// The parts of a parsed message.
    #[must_use]
    pub fn of(challenge: &ntlm::Challenge, message: Source<'_>) -> Self {
        let eight = |span: Option<Span>| {
            span.and_then(|span| message.array(span.start)).map_or([0; 8], |bytes| bytes.value)
        };
        let target_info = challenge.target_info_field.filter(|field| !is_zero(field));
        Self {
            target_name: bytes_of(challenge.target_name, message),
            flags: challenge.flags.map_or(NegotiateFlags::empty(), |flags| flags.value),
            server_challenge: eight(challenge.server_challenge),
            reserved: eight(challenge.reserved),
            target_info: target_info.map(|_| AvPairList::of(&challenge.target_info, message)),
            version: challenge.version.map(Version::from),
        }
    }

    /// The bytes of the message.
    ///
    /// # Errors
    ///
    /// [`TooLong`](super::BuildErrorKind::TooLong), naming the field, beyond 65,535 bytes.
    pub fn build(&self) -> Result<Vec<u8>, BuildError> {
        let version = self.version.map_or_else(Vec::new, |version| version.bytes().to_vec());
        let mut payload = Payload::behind(Self::HEADER + version.len());
        let name = payload.push(&PayloadNames::TARGET_NAME, self.target_name.as_deref())?;
        let list = self.target_info.as_ref().map(AvPairList::bytes).transpose()?;
        let info = payload.push(&PayloadNames::TARGET_INFO, list.as_deref())?;
        let flags = self.flags.bits().to_le_bytes();
        let header = [&name[..], &flags, &self.server_challenge, &self.reserved, &info, &version];
        Ok(payload.message(MessageType::CHALLENGE, &header))
    }
}
