//! The kinds of clients, and what each says about whom it means.

use super::{Answer, AnswerDraft, ExchangeError};
use crate::judge::proof::Secret;
use crate::message::{
    ntlm::write::{Negotiate, Version},
    wire::{FileTime, NegotiateFlags},
};

/// The kind of client that signs in: what it says about whom it means, and which response it sends.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum ClientKind {
    /// A current Windows: NTLMv2 with MIC and `class/host` as target name.
    #[default]
    Windows,
    /// A current Windows without `MsvAvTargetName`.
    NoTargetName,
    /// A current Windows with a target name of length 0.
    EmptyTargetName,
    /// A current Windows with a host as target name, and no service class.
    BareHost,
    /// A current Windows whose `MsvAvFlags` say that the target name comes from an untrusted
    /// source.
    UntrustedTargetName,
    /// NTLM2 session response, as from `LmCompatibilityLevel` 1 and 2. Without
    /// `NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY` in the CHALLENGE it becomes NTLMv1.
    Ntlm2Session,
    /// NTLMv1, as from `LmCompatibilityLevel` 0.
    Ntlmv1,
    /// The sign-in is anonymous.
    Anonymous,
}

impl ClientKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Windows,
        Self::NoTargetName,
        Self::EmptyTargetName,
        Self::BareHost,
        Self::UntrustedTargetName,
        Self::Ntlm2Session,
        Self::Ntlmv1,
        Self::Anonymous,
    ];

    /// The stable name, for the command line and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Windows => "windows",
            Self::NoTargetName => "no-target-name",
            Self::EmptyTargetName => "empty-target-name",
            Self::BareHost => "bare-host",
            Self::UntrustedTargetName => "untrusted-target-name",
            Self::Ntlm2Session => "ntlm2-session",
            Self::Ntlmv1 => "ntlmv1",
            Self::Anonymous => "anonymous",
        }
    }

    /// The label in a list.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Windows => "A current Windows client",
            Self::NoTargetName => "A client that sends no target name",
            Self::EmptyTargetName => "A client that sends an empty target name",
            Self::BareHost => "A client that names a host without a service class",
            Self::UntrustedTargetName => "A client that marks its target name as untrusted",
            Self::Ntlm2Session => {
                "A client that answers with NTLM2 session (LmCompatibilityLevel 1 or 2)"
            }
            Self::Ntlmv1 => "A client that answers with NTLMv1 (LmCompatibilityLevel 0)",
            Self::Anonymous => "A client that signs in anonymously",
        }
    }

    /// Returns true if it answers with NTLMv2, whatever it is asked for: `LmCompatibilityLevel` 3
    /// and more.
    #[must_use]
    pub const fn is_ntlmv2(self) -> bool {
        !matches!(self, Self::Ntlm2Session | Self::Ntlmv1 | Self::Anonymous)
    }
}

/// The random numbers of a client.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ClientRandom {
    /// `ChallengeFromClient`.
    pub client_challenge: [u8; 8],
    /// `RandomSessionKey`, which becomes ExportedSessionKey where keys are exchanged.
    pub session_key: [u8; 16],
    /// `MachineID` of `Single_Host_Data`; `None` for a client that sends no such pair.
    pub machine_id: Option<[u8; 32]>,
}

/// A client that signs in.
#[derive(Clone)]
pub struct Client<'s> {
    /// The kind of client.
    pub kind: ClientKind,
    /// The user's name.
    pub user: String,
    /// The user's domain.
    pub domain: String,
    /// The client's own NetBIOS name.
    pub workstation: String,
    /// The secret that the user knows.
    pub secret: &'s Secret,
    /// The service class of what it believes to connect to, e.g. `cifs`.
    pub service: String,
    /// The host of what it believes to connect to, as the user wrote it.
    pub host: String,
    /// The flags it offers: [`Client::SMB`] or [`Client::HTTP`] as a rule.
    pub flags: NegotiateFlags,
    /// The version of Windows it says it runs.
    pub version: Option<Version>,
    /// MD5 of the channel bindings, sixteen zero bytes for none; `None` for a client that sends no
    /// such pair.
    pub channel_bindings: Option<[u8; 16]>,
    /// Its time, for a CHALLENGE without `MsvAvTimestamp`.
    pub time: FileTime,
    /// Its random numbers.
    pub random: ClientRandom,
}

impl Client<'_> {
    /// The flags that the SMB client of current Windows offers.
    pub const SMB: NegotiateFlags = NegotiateFlags::from_bits_retain(0xe208_8297);

    /// The flags that the HTTP client of current Windows offers: no signing, no sealing and no key
    /// of its own.
    pub const HTTP: NegotiateFlags = NegotiateFlags::from_bits_retain(0xa208_8207);

    /// The NEGOTIATE that it begins with.
    ///
    /// # Errors
    ///
    /// None for what can be set here; the type is that of all messages.
    pub fn negotiate(&self) -> Result<Vec<u8>, ExchangeError> {
        let mut flags = self.flags;
        if self.kind == ClientKind::Ntlmv1 {
            flags.remove(NegotiateFlags::NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY);
        }
        flags.set(NegotiateFlags::NTLMSSP_NEGOTIATE_VERSION, self.version.is_some());
        Ok(Negotiate { version: self.version, ..Negotiate::new(flags) }.build()?)
    }

    /// The AUTHENTICATE that answers `challenge`, and the keys that only the client and the server
    /// know.
    ///
    /// `negotiate` is what the client sent: the MIC covers it.
    ///
    /// # Errors
    ///
    /// [`ExchangeError`] where one of the two is another message, or a name is too long or has no
    /// bytes in the character set that was agreed on.
    pub fn answer(&self, negotiate: &[u8], challenge: &[u8]) -> Result<Answer, ExchangeError> {
        AnswerDraft::new(self, negotiate, challenge)?.prove(self, negotiate, challenge)
    }

    /// The value it puts into `MsvAvTargetName`; `None` if it sends none.
    #[must_use]
    pub fn target_name(&self) -> Option<String> {
        match self.kind {
            ClientKind::Windows | ClientKind::UntrustedTargetName => {
                Some(format!("{}/{}", self.service, self.host))
            }
            ClientKind::BareHost => Some(self.host.clone()),
            ClientKind::EmptyTargetName => Some(String::new()),
            ClientKind::NoTargetName
            | ClientKind::Ntlm2Session
            | ClientKind::Ntlmv1
            | ClientKind::Anonymous => None,
        }
    }
}
