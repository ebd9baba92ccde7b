//! The statement of an AUTHENTICATE.

use super::{Carrier, Checked, Evidence, MicEvidence, ProofEvidence, Target};
use crate::base::{
    finding::{Code, Severity},
    span::Span,
};
use crate::judge::proof::{Check, Proof, ProofVerdict};
use crate::message::ntlm::{
    Authenticate, Message, MicState, PayloadField, ResponseKind, TargetName,
};

impl Evidence {
    /// The evidence of the message, which is that AUTHENTICATE, as far as a server can see it that
    /// knows `proof`.
    #[must_use]
    pub fn of_ntlm(message: &Message, authenticate: &Authenticate, proof: &Proof) -> Self {
        Self {
            target: target(authenticate.target_name(message.source())),
            carrier: Carrier::Ntlm(proof.kind.unwrap_or(authenticate.response_kind)),
            proof: proof_evidence(message, authenticate, proof),
            mic: mic(message, authenticate, proof),
            time_stamp: authenticate.time_stamp(),
            smb: None,
            // A paste that is cut says nothing of what was sent.
            has_errors: message.findings.iter().any(|finding| {
                finding.severity() == Severity::Error && finding.code != Code::MessageCut
            }),
        }
    }
}

pub(super) fn target(name: TargetName) -> Target {
    match name {
        TargetName::Present(name) => Target::Present(name.value),
        TargetName::Untrusted(name) => Target::Untrusted(name.value),
        TargetName::Empty(_) => Target::Empty,
        TargetName::Absent => Target::Absent,
        TargetName::NotCarried => Target::NotCarried,
        TargetName::CutOff => Target::CutOff,
    }
}

fn mic(message: &Message, authenticate: &Authenticate, proof: &Proof) -> MicEvidence {
    match authenticate.mic_state(message.source()) {
        MicState::Present(_) => MicEvidence::Announced(checked(proof.mic.verdict)),
        MicState::AnnouncedMissing => MicEvidence::Missing,
        MicState::Zero(_) if is_proof_zero(message, authenticate) => MicEvidence::LeftOut,
        MicState::Zero(_) => MicEvidence::Zero,
        MicState::Unannounced(_) | MicState::Absent => MicEvidence::NotAnnounced,
        MicState::CutOff => MicEvidence::CutOff,
    }
}

/// Returns true if NTProofStr is sixteen zero bytes.
fn is_proof_zero(message: &Message, authenticate: &Authenticate) -> bool {
    let response = authenticate.ntlmv2.as_ref();
    let proof = response.and_then(|response| response.nt_proof_str);
    proof.is_some_and(|span| message.source().slice(span).iter().all(|byte| *byte == 0))
}

pub(super) const fn checked(verdict: ProofVerdict) -> Checked {
    match verdict {
        ProofVerdict::Valid => Checked::Right,
        ProofVerdict::Invalid => Checked::Wrong,
        ProofVerdict::Absent | ProofVerdict::Unknown => Checked::Not,
    }
}

fn proof_evidence(message: &Message, authenticate: &Authenticate, proof: &Proof) -> ProofEvidence {
    if authenticate.is_undecided(message.source()) {
        let cut = message.findings.iter().find(|finding| finding.code == Code::MessageCut);
        return ProofEvidence::CutOff(cut.map_or_else(String::new, |cut| cut.message.to_string()));
    }
    let field = authenticate.nt_challenge_response;
    let len = field.map_or(0, |field| field.len.value);
    if let Some(field) = field.filter(PayloadField::is_cut) {
        let there = field.data.map_or(0, Span::len);
        return ProofEvidence::Damaged(format!(
            "The response is cut: {there} of its {len} bytes are there, so no password can be checked."
        ));
    }
    let is_right = |check: &Check| check.verdict == ProofVerdict::Valid;
    if is_right(&proof.lm_response) && !is_right(&proof.response) {
        return ProofEvidence::LmAlone;
    }
    match (authenticate.response_kind, len) {
        (ResponseKind::Anonymous, _) => ProofEvidence::Anonymous,
        (_, 1..=23 | 25..=43) => ProofEvidence::Damaged(format!(
            "The response has {len} bytes, which no kind of response has, so no password can be checked."
        )),
        (ResponseKind::None, _) => {
            let cut = message.findings.iter().any(|found| found.code == Code::HeaderTruncated);
            ProofEvidence::Damaged(if cut {
                "The message is cut before its response, so no password can be checked.".into()
            } else {
                "The message has no response, though it does not sign in anonymously.".into()
            })
        }
        _ if proof.response.is_stale() => ProofEvidence::Changed,
        _ if proof.response.verdict == ProofVerdict::Invalid => ProofEvidence::SecretDoesNotFit,
        _ => ProofEvidence::Response(checked(proof.response.verdict)),
    }
}
