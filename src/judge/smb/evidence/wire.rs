//! The evidence that a capture shows of a sign-in besides its messages.

use super::{Carrier, Checked, Evidence, MicEvidence, ProofEvidence, Smb, Target};
use crate::read::stream::{Answer, BareLogon, Protocol};

impl Evidence {
    /// The evidence of a sign-in in SMB1 without extended security.
    #[must_use]
    pub const fn of_bare_logon(bare: &BareLogon) -> Self {
        let is_anonymous = bare.user.is_empty();
        Self {
            target: Target::NotCarried,
            carrier: Carrier::Smb1Bare,
            proof: if is_anonymous {
                ProofEvidence::Anonymous
            } else {
                ProofEvidence::Response(Checked::Not)
            },
            mic: MicEvidence::NotAnnounced,
            time_stamp: None,
            smb: Some(Smb::Smb1),
            has_errors: false,
        }
    }

    /// The evidence with what went over the wire beside the messages: which SMB it was, and whether
    /// the server let the client in as guest.
    #[must_use]
    pub fn seen_over(mut self, protocol: Protocol, answer: Option<&Answer>) -> Self {
        self.smb = match protocol {
            Protocol::Smb1 => Some(Smb::Smb1),
            Protocol::Smb2 | Protocol::Smb3 => Some(Smb::Smb2),
            _ => None,
        };
        if answer.is_some_and(|answer| answer.is_guest) {
            self.proof = ProofEvidence::Guest;
        }
        self
    }
}
