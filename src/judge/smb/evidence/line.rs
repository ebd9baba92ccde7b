//! The statement of a response that stands alone.

use super::{
    Carrier, Evidence, MicEvidence, ProofEvidence,
    ntlm::{checked, target},
};
use crate::base::finding::{Code, Severity};
use crate::judge::proof::{Proof, ProofVerdict};
use crate::message::ntlm::{ResponseKind, ResponseLine};

impl Evidence {
    /// The evidence of a NetNTLMv2 line's response, as far as a server can see it that knows
    /// `proof`.
    #[must_use]
    pub fn of_response_line(line: &ResponseLine, proof: &Proof) -> Self {
        let cut = line.findings.iter().find(|finding| finding.code == Code::MessageCut);
        Self {
            target: target(line.target_name()),
            carrier: Carrier::Ntlm(ResponseKind::Ntlmv2),
            proof: match (cut, proof.response.verdict) {
                (Some(cut), _) => ProofEvidence::CutOff(cut.message.to_string()),
                (None, ProofVerdict::Invalid) => ProofEvidence::SecretDoesNotFit,
                (None, verdict) => ProofEvidence::Response(checked(verdict)),
            },
            mic: if line.announces_mic() {
                MicEvidence::NotShown
            } else {
                MicEvidence::NotAnnounced
            },
            time_stamp: line.response.time_stamp.map(|time| time.value),
            smb: None,
            has_errors: line.findings.iter().any(|finding| {
                finding.severity() == Severity::Error && finding.code != Code::MessageCut
            }),
        }
    }
}
