//! A message of either protocol, or the response of one.

use std::sync::Arc;

use crate::base::finding::Finding;
use crate::message::{
    field::Field,
    kerberos::ApReq,
    missing::Missing,
    ntlm::{Message, ResponseLine},
};

/// A message of either kind, or the response of one: the innermost part.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Content {
    /// One of the three messages of NTLM, or one with its signature.
    Ntlm(Message),
    /// An AP-REQ, which a Kerberos client sends instead.
    Kerberos(ApReq),
    /// An NTLMv2 response that stands alone, as tools print it.
    Response(ResponseLine),
}

impl Content {
    /// All its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Ntlm(message) => message.bytes(),
            Self::Kerberos(message) => message.bytes(),
            Self::Response(line) => line.bytes(),
        }
    }

    /// Its bytes, shared.
    #[must_use]
    pub fn shared_bytes(&self) -> Arc<[u8]> {
        match self {
            Self::Ntlm(message) => message.shared_bytes(),
            Self::Kerberos(message) => message.shared_bytes(),
            Self::Response(line) => line.shared_bytes(),
        }
    }

    /// The word for its type: `NEGOTIATE`, `CHALLENGE`, `AUTHENTICATE`, `KERBEROS_AP_REQ`,
    /// `NTLMV2_RESPONSE` or `UNKNOWN`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Ntlm(message) => message.kind(),
            Self::Kerberos(_) => "KERBEROS_AP_REQ",
            Self::Response(_) => "NTLMV2_RESPONSE",
        }
    }

    /// The name for people: `AUTHENTICATE`, `AP-REQ`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Ntlm(message) => message.kind(),
            Self::Kerberos(_) => "AP-REQ",
            Self::Response(_) => "response",
        }
    }

    /// Its tree of fields.
    #[must_use]
    pub fn field(&self) -> Field<'_> {
        match self {
            Self::Ntlm(message) => message.field(),
            Self::Kerberos(message) => message.field(),
            Self::Response(line) => line.field(),
        }
    }

    /// The findings about it, in the order of its bytes.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::Ntlm(message) => &message.findings,
            Self::Kerberos(message) => &message.findings,
            Self::Response(line) => &line.findings,
        }
    }

    /// The bytes that are there and those that are missing, if the paste ends inside it.
    #[must_use]
    pub const fn missing(&self) -> Option<Missing> {
        match self {
            Self::Ntlm(message) => message.missing,
            Self::Kerberos(message) => message.missing,
            Self::Response(line) => line.missing,
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

    /// The response, where it stands alone.
    #[must_use]
    pub const fn response(&self) -> Option<&ResponseLine> {
        if let Self::Response(line) = self { Some(line) } else { None }
    }

    /// Returns true if a client says in it who it is, so that there is something to judge.
    #[must_use]
    pub const fn is_telling(&self) -> bool {
        match self {
            Self::Ntlm(message) => message.as_authenticate().is_some(),
            Self::Kerberos(_) | Self::Response(_) => true,
        }
    }
}
