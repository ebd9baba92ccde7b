//! The statement of a client, on which the answers rest.

mod kerberos;
mod line;
mod ntlm;
mod wire;

use serde::{Serialize, Serializer};

use crate::judge::smb::ServerSettings;
use crate::message::{ntlm::ResponseKind, wire::FileTime};

/// The statement of the client's message, as far as the check can see it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Evidence {
    /// The target that the client meant.
    pub target: Target,
    /// The carrier of the statement.
    pub carrier: Carrier,
    /// The proof of the user's secret by the response.
    pub proof: ProofEvidence,
    /// The check of the announced MIC.
    pub mic: MicEvidence,
    /// The time stamp of an NTLMv2 response.
    pub time_stamp: Option<FileTime>,
    /// The version of SMB that brought it, if that is known. The check is the same for both.
    pub smb: Option<Smb>,
    /// True if the message has other errors, for which a receiver may refuse it.
    pub has_errors: bool,
}

impl Evidence {
    /// A sign-in without a message that states this: an NTLM one, whose response and MIC are taken
    /// as right.
    #[must_use]
    pub const fn stating(target: Target) -> Self {
        Self {
            target,
            carrier: Carrier::Ntlm(ResponseKind::Ntlmv2),
            proof: ProofEvidence::Response(Checked::Not),
            mic: MicEvidence::Announced(Checked::Not),
            time_stamp: None,
            smb: None,
            has_errors: false,
        }
    }
}

/// The target name, as a server gets it from the security package.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Target {
    /// A name.
    Present(String),
    /// A name of length 0.
    Empty,
    /// None, in a response that could have carried one.
    Absent,
    /// A name that the client itself marks as coming from an untrusted source.
    Untrusted(String),
    /// None, and the response has no place for one.
    NotCarried,
    /// It cannot be told: the paste ends before it.
    CutOff,
}

impl Target {
    /// The stable name in the report.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Present(_) => "present",
            Self::Empty => "empty",
            Self::Absent => "absent",
            Self::Untrusted(_) => "untrusted",
            Self::NotCarried => "not-carried",
            Self::CutOff => "cut-off",
        }
    }

    /// The name as sent; `""` where it is empty.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Present(name) | Self::Untrusted(name) => Some(name),
            Self::Empty => Some(""),
            Self::Absent | Self::NotCarried | Self::CutOff => None,
        }
    }

    /// The name that the server has of it, unless the server passes over it; `""` if it is empty.
    ///
    /// Spec: [MS-NLMP] 3.2.5.1.2 for a name that is marked untrusted.
    #[must_use]
    pub fn received(&self, settings: &ServerSettings) -> Option<&str> {
        match self {
            Self::Untrusted(_) if settings.honours_untrusted_flag => None,
            target => target.text(),
        }
    }
}

/// The carrier of the evidence.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Carrier {
    /// An NTLM response of that kind.
    Ntlm(ResponseKind),
    /// The ticket of an AP-REQ.
    Kerberos,
    /// SMB1 without extended security: bare LM and NT responses, without NTLMSSP.
    Smb1Bare,
}

impl Serialize for Carrier {
    /// The response kind, `kerberos` or `smb1-bare`; nothing where a cut message does not tell.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Ntlm(ResponseKind::CutOff) => serializer.serialize_none(),
            Self::Ntlm(kind) => kind.serialize(serializer),
            Self::Kerberos => serializer.serialize_str("kerberos"),
            Self::Smb1Bare => serializer.serialize_str("smb1-bare"),
        }
    }
}

/// The version of SMB that a sign-in came in.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Smb {
    /// SMB1.
    Smb1,
    /// SMB2 or SMB3.
    Smb2,
}

impl Smb {
    /// The label.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Smb1 => "SMB1",
            Self::Smb2 => "SMB2 or SMB3",
        }
    }
}

/// The outcome of something that may have been checked.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Checked {
    /// It is right.
    Right,
    /// It is wrong.
    Wrong,
    /// It was not checked; it is taken as right, and a reason says so.
    Not,
}

/// The proof of the user's secret by the response.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ProofEvidence {
    /// It was compared with a secret, or not.
    Response(Checked),
    /// A response that does not fit the secret given, which may be the wrong one.
    SecretDoesNotFit,
    /// It was computed over other bytes than these, so it is right for no secret.
    Changed,
    /// It is not known to fit the secret, and the LM or LMv2 response beside it fits.
    LmAlone,
    /// The sign-in is anonymous; there is nothing to prove.
    Anonymous,
    /// The server lets the client in as guest, whatever the response proves.
    Guest,
    /// A Kerberos ticket and its authenticator, which are encrypted for the server.
    Ticket,
    /// The response is cut or damaged so that no secret can make it right. One sentence says how.
    Damaged(String),
    /// The paste ends before what the server looks at to answer. One sentence says where.
    CutOff(String),
}

/// The check of the announced MIC.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum MicEvidence {
    /// None is announced, so a server checks none.
    NotAnnounced,
    /// One is announced and there.
    Announced(Checked),
    /// One is announced, and the message it would be in is missing: a response stands alone.
    NotShown,
    /// One is announced and there is no room for it.
    Missing,
    /// One is announced and sixteen zero bytes are there.
    Zero,
    /// One is announced, and both it and NTProofStr are zero: whoever shared the message left out
    /// what a password could be guessed with. No client sends that.
    LeftOut,
    /// It cannot be told: the paste ends before what announces it, or before the MIC itself.
    CutOff,
}
