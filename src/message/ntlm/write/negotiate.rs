//! A `NEGOTIATE_MESSAGE` from its parts.

use super::{
    BuildError, Version,
    payload::{Payload, bytes_of},
    text,
};
use crate::base::span::Source;
use crate::message::{
    ntlm::{self, Charset, PayloadNames},
    wire::{MessageType, NegotiateFlags},
};

/// The parts of a `NEGOTIATE_MESSAGE`.
///
/// Spec: [MS-NLMP] 2.2.1.1.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Negotiate {
    /// `NegotiateFlags`.
    pub flags: NegotiateFlags,
    /// `DomainName`, in the OEM code page whatever the flags.
    pub domain_name: Option<Vec<u8>>,
    /// `Workstation`, in the OEM code page whatever the flags.
    pub workstation: Option<Vec<u8>>,
    /// `Version`.
    pub version: Option<Version>,
}

impl Negotiate {
    /// Size of the header without Version, in bytes.
    const HEADER: usize = ntlm::negotiate::at::VERSION;

    /// A message with nothing but flags.
    #[must_use]
    pub const fn new(flags: NegotiateFlags) -> Self {
        Self { flags, domain_name: None, workstation: None, version: None }
    }

    /// The message with these names. The flags that announce them are left as they are.
    ///
    /// # Errors
    ///
    /// [`NotInCharset`](super::BuildErrorKind::NotInCharset) for a character beyond ASCII.
    pub fn with_names(self, domain: &str, workstation: &str) -> Result<Self, BuildError> {
        let name = |names: &PayloadNames, name| text(names.payload, Charset::Oem, name).map(Some);
        Ok(Self {
            domain_name: name(&PayloadNames::DOMAIN_NAME, domain)?,
            workstation: name(&PayloadNames::WORKSTATION, workstation)?,
            ..self
        })
    }

    /// The parts of a parsed message.
    #[must_use]
    pub fn of(negotiate: &ntlm::Negotiate, message: Source<'_>) -> Self {
        Self {
            flags: negotiate.flags.map_or(NegotiateFlags::empty(), |flags| flags.value),
            domain_name: bytes_of(negotiate.domain_name, message),
            workstation: bytes_of(negotiate.workstation, message),
            version: negotiate.version.map(Version::from),
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
        let workstation = payload.push(&PayloadNames::WORKSTATION, self.workstation.as_deref())?;
        let domain = payload.push(&PayloadNames::DOMAIN_NAME, self.domain_name.as_deref())?;
        let flags = self.flags.bits().to_le_bytes();
        let header = [&flags[..], &domain, &workstation, &version];
        Ok(payload.message(MessageType::NEGOTIATE, &header))
    }
}
