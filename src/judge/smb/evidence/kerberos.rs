//! The statement of an AP-REQ.

use super::{Carrier, Evidence, MicEvidence, ProofEvidence, Target};
use crate::base::finding::{Code, Severity};
use crate::message::kerberos::ApReq;

impl Evidence {
    /// The evidence of the message. Nothing in it is decrypted.
    #[must_use]
    pub fn of_ap_req(message: &ApReq) -> Self {
        let target = match message.sname() {
            Some(name) if name.value.is_empty() => Target::Empty,
            Some(name) => Target::Present(name.value),
            None if message.missing.is_some() => Target::CutOff,
            None => Target::Absent,
        };
        Self {
            carrier: Carrier::Kerberos,
            proof: proof(message, &target),
            mic: MicEvidence::NotAnnounced,
            time_stamp: None,
            smb: None,
            // A paste that is cut says nothing of what was sent.
            has_errors: message.findings.iter().any(|finding| {
                finding.severity() == Severity::Error && finding.code != Code::MessageCut
            }),
            target,
        }
    }
}

fn proof(message: &ApReq, target: &Target) -> ProofEvidence {
    if message.missing.is_some() {
        let cut = message.findings.iter().find(|finding| finding.code == Code::MessageCut);
        return ProofEvidence::CutOff(cut.map_or_else(String::new, |cut| cut.message.to_string()));
    }
    if message.findings.iter().any(|finding| finding.code == Code::DerTruncated) {
        return ProofEvidence::Damaged("The AP-REQ is cut, so no server can read it.".into());
    }
    if *target == Target::Absent {
        return ProofEvidence::Damaged("The AP-REQ has no sname that can be read.".into());
    }
    ProofEvidence::Ticket
}
