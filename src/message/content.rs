//! A message of either protocol.

use std::sync::Arc;

use crate::base::finding::Finding;
use crate::message::{field::Field, kerberos::ApReq, missing::Missing, ntlm::Message};

/// A message of either kind: what stands innermost.
#[derive(Clone, Debug, Eq, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "nearly every one is of the large kind")]
pub enum Content {
    /// One of the three messages of NTLM, or one with its signature.
    Ntlm(Message),
    /// What a Kerberos client sends instead.
    Kerberos(ApReq),
}

impl Content {
    /// All its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Ntlm(message) => message.bytes(),
            Self::Kerberos(message) => message.bytes(),
        }
    }

    /// The same bytes, shared.
    #[must_use]
    pub fn shared_bytes(&self) -> Arc<[u8]> {
        match self {
            Self::Ntlm(message) => message.shared_bytes(),
            Self::Kerberos(message) => message.shared_bytes(),
        }
    }

    /// The word for its type: `NEGOTIATE`, `CHALLENGE`, `AUTHENTICATE`, `KERBEROS_AP_REQ` or
    /// `UNKNOWN`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Ntlm(message) => message.kind(),
            Self::Kerberos(_) => "KERBEROS_AP_REQ",
        }
    }

    /// What it is called where people read it: `AUTHENTICATE`, `AP-REQ`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Ntlm(message) => message.kind(),
            Self::Kerberos(_) => "AP-REQ",
        }
    }

    /// Its tree of fields.
    #[must_use]
    pub fn field(&self) -> Field<'_> {
        match self {
            Self::Ntlm(message) => message.field(),
            Self::Kerberos(message) => message.field(),
        }
    }

    /// What is odd about it, in the order of its bytes.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::Ntlm(message) => &message.findings,
            Self::Kerberos(message) => &message.findings,
        }
    }

    /// How much of it is there, where the paste ends inside it.
    #[must_use]
    pub const fn missing(&self) -> Option<Missing> {
        match self {
            Self::Ntlm(message) => message.missing,
            Self::Kerberos(message) => message.missing,
        }
    }

    /// The NTLM message, where it is one.
    #[must_use]
    pub const fn ntlm(&self) -> Option<&Message> {
        if let Self::Ntlm(message) = self { Some(message) } else { None }
    }

    /// The AP-REQ, where it is one.
    #[must_use]
    pub const fn kerberos(&self) -> Option<&ApReq> {
        if let Self::Kerberos(message) = self { Some(message) } else { None }
    }
}
