//! An `AUTHENTICATE_MESSAGE` from its parts.

use super::{
    BuildError, NtResponse, Ntlmv2Response, Version,
    payload::{Payload, bytes_of},
    text,
};
use crate::base::span::Source;
use crate::message::{
    ntlm::{self, Charset, PayloadNames},
    wire::{MessageType, NegotiateFlags},
};

/// The parts of an `AUTHENTICATE_MESSAGE`.
///
/// Spec: [MS-NLMP] 2.2.1.3.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Authenticate {
    /// `LmChallengeResponse`.
    pub lm_challenge_response: Option<Vec<u8>>,
    /// `NtChallengeResponse`.
    pub nt_challenge_response: Option<NtResponse>,
    /// `DomainName`, in the character set that the flags state, as the other names.
    pub domain_name: Option<Vec<u8>>,
    /// `UserName`.
    pub user_name: Option<Vec<u8>>,
    /// `Workstation`.
    pub workstation: Option<Vec<u8>>,
    /// `EncryptedRandomSessionKey`, 16 bytes as a rule.
    pub encrypted_random_session_key: Option<Vec<u8>>,
    /// `NegotiateFlags`.
    pub flags: NegotiateFlags,
    /// `Version`.
    pub version: Option<Version>,
    /// `MIC`. Its place is behind Version: where there is none, eight zero bytes are written for
    /// it.
    pub mic: Option<[u8; 16]>,
}

impl Authenticate {
    /// Size of the header without Version and MIC, in bytes.
    const HEADER: usize = ntlm::authenticate::at::VERSION;

    /// A message with nothing but flags.
    #[must_use]
    pub const fn new(flags: NegotiateFlags) -> Self {
        Self {
            lm_challenge_response: None,
            nt_challenge_response: None,
            domain_name: None,
            user_name: None,
            workstation: None,
            encrypted_random_session_key: None,
            flags,
            version: None,
            mic: None,
        }
    }

    /// The message with these names, in the character set that the flags state.
    ///
    /// # Errors
    ///
    /// [`NotInCharset`](super::BuildErrorKind::NotInCharset), naming the field, where the flags
    /// state the OEM code page and a name is not ASCII.
    pub fn with_names(
        self,
        domain: &str,
        user: &str,
        workstation: &str,
    ) -> Result<Self, BuildError> {
        let charset = Charset::of(Some(self.flags));
        let name = |names: &PayloadNames, name| text(names.payload, charset, name).map(Some);
        Ok(Self {
            domain_name: name(&PayloadNames::DOMAIN_NAME, domain)?,
            user_name: name(&PayloadNames::USER_NAME, user)?,
            workstation: name(&PayloadNames::WORKSTATION, workstation)?,
            ..self
        })
    }

    /// The NTLMv2 response, where it is one.
    #[must_use]
    pub const fn ntlmv2_mut(&mut self) -> Option<&mut Ntlmv2Response> {
        match &mut self.nt_challenge_response {
            Some(NtResponse::Ntlmv2(response)) => Some(response),
            Some(NtResponse::Bytes(_)) | None => None,
        }
    }

    /// The parts of a parsed message.
    #[must_use]
    pub fn of(authenticate: &ntlm::Authenticate, message: Source<'_>) -> Self {
        let bytes = |field| bytes_of(field, message);
        let ntlmv2 = authenticate.ntlmv2.as_ref();
        let ntlmv2 = ntlmv2.and_then(|response| Ntlmv2Response::of(response, message));
        let nt_challenge_response = match ntlmv2 {
            Some(response) => Some(NtResponse::Ntlmv2(response)),
            None => bytes(authenticate.nt_challenge_response).map(NtResponse::Bytes),
        };
        let mic = authenticate.mic.and_then(|mic| message.array(mic.start));
        Self {
            lm_challenge_response: bytes(authenticate.lm_challenge_response),
            nt_challenge_response,
            domain_name: bytes(authenticate.domain_name),
            user_name: bytes(authenticate.user_name),
            workstation: bytes(authenticate.workstation),
            encrypted_random_session_key: bytes(authenticate.encrypted_random_session_key),
            flags: authenticate.flags.map_or(NegotiateFlags::empty(), |flags| flags.value),
            version: authenticate.version.map(Version::from),
            mic: mic.map(|mic| mic.value),
        }
    }

    /// The bytes of the message.
    ///
    /// # Errors
    ///
    /// [`TooLong`](super::BuildErrorKind::TooLong), naming the field, beyond 65,535 bytes.
    pub fn build(&self) -> Result<Vec<u8>, BuildError> {
        let version = match self.version {
            None if self.mic.is_some() => Some(Version::default()),
            version => version,
        };
        let version = version.map_or_else(Vec::new, |version| version.bytes().to_vec());
        let mic = self.mic.as_ref().map_or(&[][..], |mic| mic);
        let nt = self.nt_challenge_response.as_ref().map(NtResponse::bytes).transpose()?;

        let mut payload = Payload::behind(Self::HEADER + version.len() + mic.len());
        let mut push = |names, field: &Option<Vec<u8>>| payload.push(names, field.as_deref());
        let domain = push(&PayloadNames::DOMAIN_NAME, &self.domain_name)?;
        let user = push(&PayloadNames::USER_NAME, &self.user_name)?;
        let workstation = push(&PayloadNames::WORKSTATION, &self.workstation)?;
        let lm = push(&PayloadNames::LM_CHALLENGE_RESPONSE, &self.lm_challenge_response)?;
        let nt = push(&PayloadNames::NT_CHALLENGE_RESPONSE, &nt)?;
        let key = &self.encrypted_random_session_key;
        let key = push(&PayloadNames::ENCRYPTED_RANDOM_SESSION_KEY, key)?;

        let flags = self.flags.bits().to_le_bytes();
        let header = [&lm[..], &nt, &domain, &user, &workstation, &key, &flags, &version, mic];
        Ok(payload.message(MessageType::AUTHENTICATE, &header))
    }
}
