//! The decision: the steps of the check in their order, at each level. Which rule says so is in
//! [`rules`](super::rules), and the words are in [`show::words`](crate::show::words).

use serde::Serialize;

use crate::judge::smb::{
    Basis, Carrier, Checked, EventId, Evidence, Ground, Level, MicEvidence, MissingFact,
    NamesSource, Origin, PerLevel, ProofEvidence, Reason, Server, SpnCheck, rules,
    spn_check::check_all,
};
use crate::message::{
    ntlm::ResponseKind,
    wire::{FileTime, NtStatus},
};

/// The end of an attempt.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The session is accepted.
    Accept,
    /// The check of the target name denies it.
    Deny,
    /// It ends before the target name is looked at.
    LogonFailure,
    /// It cannot be told: the paste ends before what decides.
    Unknown,
}

/// The decision of the server at one level.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Decision {
    /// The level.
    pub level: Level,
    /// The end of the attempt.
    pub outcome: Outcome,
    /// The check of the target name alone. It is not made if the outcome is unknown.
    pub spn_check: SpnCheck,
    /// The NT status. `None` where the exact status is not publicly known.
    pub status: Option<NtStatus>,
    /// The reasons; the first one decides.
    pub reasons: Vec<Reason>,
    /// The events written, in their order.
    pub events: Vec<EventId>,
    /// The steps, in their order.
    pub steps: Vec<Step>,
}

impl Decision {
    /// The objection to the check of the target name, if that is contested and decides.
    #[must_use]
    pub fn contested(&self) -> Option<&Reason> {
        let decides = matches!(self.outcome, Outcome::Accept | Outcome::Deny);
        self.spn_check.contested.as_ref().filter(|_| decides)
    }

    /// The fact that the answer depends on, if it is a denial only because nobody stated that fact.
    #[must_use]
    pub fn depends_on(&self) -> Option<MissingFact> {
        let is_denied = self.outcome == Outcome::Deny;
        self.reasons.iter().filter(|_| is_denied).find_map(|reason| reason.ground.missing_fact())
    }
}

/// One step of the check.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Step {
    /// The kind of step.
    pub kind: StepKind,
    /// The state it ends in.
    pub state: StepState,
    /// The comparison that was made.
    pub reason: Reason,
}

/// A kind of step.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum StepKind {
    /// NTProofStr or its older siblings.
    Proof,
    /// The MIC.
    Mic,
    /// The time stamp of an NTLMv2 response.
    TimeStamp,
    /// The target name.
    TargetName,
}

/// The state a step ends in.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum StepState {
    /// It was done and passed.
    Passed,
    /// It ends the attempt.
    Failed,
    /// It could not be done here: the proof and the MIC are taken as right, the name as unknown.
    Assumed,
    /// There is nothing to do.
    NotDone,
}

/// The decisions of the server at each of the three levels.
#[must_use]
pub fn decide(evidence: &Evidence, server: &Server) -> PerLevel<Decision> {
    let checks = check_all(&evidence.target, evidence.carrier, server);
    checks.map(|level, spn_check| decide_at(level, spn_check, evidence, server))
}

fn decide_at(level: Level, spn_check: SpnCheck, evidence: &Evidence, server: &Server) -> Decision {
    if let ProofEvidence::CutOff(how) = &evidence.proof {
        let reason = Reason::new(rules::CUT_OFF, Ground::CutOff(how.clone()));
        return Decision {
            level,
            outcome: Outcome::Unknown,
            spn_check: SpnCheck::not_made(reason.clone()),
            status: None,
            reasons: vec![reason],
            events: Vec::new(),
            steps: Vec::new(),
        };
    }
    let mut steps = vec![proof_step(evidence)];
    let proof_failed = steps.iter().any(|step| step.state == StepState::Failed);
    if !proof_failed {
        steps.extend(mic_step(evidence.mic, server));
    }
    if steps.iter().all(|step| step.state != StepState::Failed) {
        steps.extend(time_stamp_step(evidence, server));
    }
    let failed = steps.iter().find(|step| step.state == StepState::Failed).cloned();
    if let Some(step) = failed {
        // For the MIC, the time stamp and an AP-REQ that cannot be read, the exact status is not
        // publicly known.
        let is_known = step.kind == StepKind::Proof && evidence.carrier != Carrier::Kerberos;
        let status = is_known.then_some(NtStatus::LOGON_FAILURE);
        let mut reasons = vec![step.reason];
        reasons.extend(taken(&steps));
        let outcome = Outcome::LogonFailure;
        return Decision {
            level,
            outcome,
            spn_check,
            status,
            reasons,
            events: vec![EventId::LogonFailed, EventId::SessionFailed],
            steps,
        };
    }
    let mut reasons = spn_check.reasons.clone();
    if let Some(reason) = reasons.first() {
        let lacks_a_fact = || reasons.iter().any(|reason| reason.ground.missing_fact().is_some());
        let state = match (spn_check.accept, &reason.ground) {
            (true, Ground::NotLookedAt) => StepState::NotDone,
            (true, _) => StepState::Passed,
            (false, _) if lacks_a_fact() => StepState::Assumed,
            (false, _) => StepState::Failed,
        };
        steps.push(Step { kind: StepKind::TargetName, state, reason: reason.clone() });
    }
    if spn_check.uses_names {
        reasons.extend(names_reason(server));
    }
    reasons.extend(taken(&steps));
    if evidence.has_errors {
        reasons.push(Reason::new(rules::ERRORS, Ground::Errors));
    }
    let mut events = vec![EventId::LoggedOn];
    let (outcome, status) = if spn_check.accept {
        (Outcome::Accept, NtStatus::SUCCESS)
    } else {
        if server.settings.audit_file_share {
            events.push(EventId::SpnCheckFailed);
        }
        events.push(EventId::SessionFailed);
        (Outcome::Deny, NtStatus::ACCESS_DENIED)
    };
    if server.settings.audit_client_spn {
        events.extend(spn_check.audit_event);
    }
    Decision { level, outcome, spn_check, status: Some(status), reasons, events, steps }
}

/// The reasons of the steps that are taken as passed, or passed over.
fn taken(steps: &[Step]) -> impl Iterator<Item = Reason> {
    let is_taken = |step: &&Step| match step.kind {
        StepKind::TargetName => false,
        StepKind::Proof | StepKind::Mic | StepKind::TimeStamp => {
            step.state == StepState::Assumed
                || matches!(step.reason.ground, Ground::Lmv2Alone | Ground::MicMissingPassedOver)
        }
    };
    steps.iter().filter(is_taken).map(|step| step.reason.clone())
}

fn proof_step(evidence: &Evidence) -> Step {
    use StepState::{Assumed, Failed, NotDone, Passed};
    let is_ntlmv2 = evidence.carrier == Carrier::Ntlm(ResponseKind::Ntlmv2);
    let (state, rule, ground) = match &evidence.proof {
        ProofEvidence::Response(Checked::Right) => {
            (Passed, rules::PROOF_WRONG, Ground::ResponseFits)
        }
        ProofEvidence::Response(Checked::Wrong) | ProofEvidence::SecretDoesNotFit => {
            (Failed, rules::PROOF_WRONG, Ground::ResponseWrong)
        }
        ProofEvidence::Changed => (Failed, rules::PROOF_WRONG, Ground::ResponseChanged),
        ProofEvidence::Response(Checked::Not) => {
            (Assumed, rules::PROOF_NOT_CHECKED, Ground::ResponseNotChecked)
        }
        ProofEvidence::LmAlone if is_ntlmv2 => (Passed, rules::LM_ALONE, Ground::Lmv2Alone),
        ProofEvidence::LmAlone => (Failed, rules::LM_NOT_KEPT, Ground::LmNotKept),
        ProofEvidence::Anonymous => (NotDone, rules::ANONYMOUS_NO_PROOF, Ground::NobodySignsIn),
        ProofEvidence::Guest => (Assumed, rules::GUEST, Ground::Guest),
        ProofEvidence::Ticket => (Assumed, rules::TICKET_NOT_CHECKED, Ground::TicketNotChecked),
        ProofEvidence::CutOff(how) => (Assumed, rules::CUT_OFF, Ground::CutOff(how.clone())),
        ProofEvidence::Damaged(how) => {
            (Failed, rules::RESPONSE_DAMAGED, Ground::ResponseDamaged(how.clone()))
        }
    };
    let reason = Reason::new(rule, ground);
    let reason = match evidence.proof {
        // Only the one who gave the secret says that it is the client's.
        ProofEvidence::SecretDoesNotFit => reason.at_most(Basis::Assumed),
        _ => reason,
    };
    Step { kind: StepKind::Proof, state, reason }
}

fn mic_step(mic: MicEvidence, server: &Server) -> Option<Step> {
    use StepState::{Assumed, Failed, NotDone, Passed};
    let is_patched = server.settings.patched_cve_2019_1040;
    let (state, rule, ground) = match mic {
        MicEvidence::NotAnnounced | MicEvidence::CutOff => return None,
        MicEvidence::Announced(Checked::Right) => (Passed, rules::MIC_WRONG, Ground::MicFits),
        MicEvidence::Announced(Checked::Wrong) => (Failed, rules::MIC_WRONG, Ground::MicWrong),
        MicEvidence::Announced(Checked::Not) => {
            (Assumed, rules::MIC_NOT_CHECKED, Ground::MicNotChecked)
        }
        MicEvidence::NotShown => (Assumed, rules::MIC_NOT_CHECKED, Ground::MicNotShown),
        MicEvidence::LeftOut => (Assumed, rules::MIC_NOT_CHECKED, Ground::MicLeftOut),
        MicEvidence::Missing | MicEvidence::Zero if !is_patched => {
            (NotDone, rules::MIC_MISSING_UNPATCHED, Ground::MicMissingPassedOver)
        }
        MicEvidence::Missing => (Failed, rules::MIC_MISSING, Ground::MicWithoutRoom),
        MicEvidence::Zero => (Failed, rules::MIC_MISSING, Ground::MicOfZeros),
    };
    Some(Step { kind: StepKind::Mic, state, reason: Reason::new(rule, ground) })
}

/// The longest that a time stamp may be from the server's clock.
///
/// Spec: [MS-NLMP] 3.1.1.1, `MaxLifetime`, which is 36 hours.
const MAX_LIFETIME_SECONDS: u64 = 36 * 3600;

/// Compares the time stamp with the server's clock, as Windows 7 and older do.
///
/// Spec: [MS-NLMP] 3.2.5.1.2 with notes 39 and 69.
fn time_stamp_step(evidence: &Evidence, server: &Server) -> Option<Step> {
    let is_old = !server.settings.honours_untrusted_flag;
    let time_stamp = evidence.time_stamp.filter(|_| is_old)?;
    let is_far =
        |clock: FileTime| clock.0.abs_diff(time_stamp.0) > FileTime::SECOND * MAX_LIFETIME_SECONDS;
    let (state, rule, ground) = match server.settings.clock {
        None => (StepState::Assumed, rules::TIME_STAMP_NOT_COMPARED, Ground::ClockNotStated),
        Some(clock) if is_far(clock) => {
            (StepState::Failed, rules::TIME_STAMP_FAR, Ground::TimeStampFar { time_stamp, clock })
        }
        Some(_) => (StepState::Passed, rules::TIME_STAMP_NEAR, Ground::TimeStampNear),
    };
    Some(Step { kind: StepKind::TimeStamp, state, reason: Reason::new(rule, ground) })
}

/// The source of the server's names, unless the user stated them.
fn names_reason(server: &Server) -> Option<Reason> {
    let (rule, source) = match server.names_origin? {
        Origin::Given => return None,
        Origin::Challenge => (rules::NAMES_FROM_CHALLENGE, NamesSource::Challenge),
        Origin::Echo => (rules::NAMES_FROM_ECHO, NamesSource::Echo),
    };
    let is_named = !server.names.is_empty();
    is_named.then(|| Reason::new(rule, Ground::NamesTakenFrom(source, server.names.clone())))
}
