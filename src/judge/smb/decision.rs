use serde::Serialize;

use crate::judge::smb::{
    Carrier, Checked, EventId, Evidence, Level, MicEvidence, PerLevel, ProofEvidence, Server,
    SpnCheck,
    rules::{self, Reason},
    server::Origin,
    spn_check::check,
};
use crate::message::{
    ntlm::ResponseKind,
    wire::{FileTime, NtStatus},
};

/// How an attempt ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
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

/// What the server would do at one level.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Decision {
    /// The level.
    pub level: Level,
    /// How the attempt ends.
    pub outcome: Outcome,
    /// What the check of the target name alone says. Where the outcome is unknown it is not made.
    pub spn_check: SpnCheck,
    /// The NT status. `None` where the exact status is not publicly known.
    pub status: Option<NtStatus>,
    /// Why; the first one decides.
    pub reasons: Vec<Reason>,
    /// The events written, in their order.
    pub events: Vec<EventId>,
    /// What is done, in its order.
    pub steps: Vec<Step>,
}

/// What a denial hangs on that nobody stated.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Unknown {
    /// The server's addresses.
    Addresses,
    /// The server's names.
    Names,
}

impl Unknown {
    /// `the server's addresses`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Addresses => "the server's addresses",
            Self::Names => "the server's names",
        }
    }
}

impl Decision {
    /// What speaks for the opposite of what the check of the target name says, where that is contested and
    /// decides.
    #[must_use]
    pub fn contested(&self) -> Option<&Reason> {
        let decides = matches!(self.outcome, Outcome::Accept | Outcome::Deny);
        self.spn_check.contested.as_ref().filter(|_| decides)
    }

    /// How what is [`contested`](Self::contested) is begun: with the opposite of the answer.
    #[must_use]
    pub const fn perhaps(&self) -> &'static str {
        match self.outcome {
            Outcome::Accept => "Open, perhaps denied: ",
            _ => "Open, perhaps accepted: ",
        }
    }

    /// What the answer hangs on, where it is a denial only for want of something nobody stated.
    #[must_use]
    pub fn hangs_on(&self) -> Option<Unknown> {
        let is_denied = self.outcome == Outcome::Deny;
        self.reasons.iter().filter(|_| is_denied).find_map(hangs_on_unknown)
    }
}

/// One step of the check.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Step {
    /// Which.
    pub kind: StepKind,
    /// How it ends.
    pub state: StepState,
    /// What was compared with what.
    pub reason: Reason,
}

/// Which step.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
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

/// How a step ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
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

/// What the server would do at each of the three levels.
#[must_use]
pub fn decide(evidence: &Evidence, server: &Server) -> PerLevel<Decision> {
    PerLevel::new(|level| {
        let spn_check = check(&evidence.target, evidence.carrier, server, level);
        decide_at(level, spn_check, evidence, server)
    })
}

fn decide_at(level: Level, spn_check: SpnCheck, evidence: &Evidence, server: &Server) -> Decision {
    if let ProofEvidence::CutOff(how) = &evidence.proof {
        let reason = Reason::new(rules::CUT_OFF, how.clone());
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
        // For the MIC, the time stamp and an AP-REQ that cannot be read, the exact status is not publicly known.
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
        let hangs_on = |reason| hangs_on_unknown(reason).is_some();
        let state = match spn_check.accept {
            true if reason.rule == rules::OFF => StepState::NotDone,
            true => StepState::Passed,
            false if reasons.iter().any(hangs_on) => StepState::Assumed,
            false => StepState::Failed,
        };
        steps.push(Step { kind: StepKind::TargetName, state, reason: reason.clone() });
    }
    if spn_check.uses_names {
        reasons.extend(names_reason(server));
    }
    reasons.extend(taken(&steps));
    if evidence.has_errors {
        reasons.push(Reason::new(
            rules::ERRORS,
            "The message has errors that a receiver may refuse; it is taken as readable.",
        ));
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

/// What a denial for that reason hangs on, where it holds only for want of something nobody stated.
fn hangs_on_unknown(reason: &Reason) -> Option<Unknown> {
    if reason.rule == rules::ADDRESS_UNKNOWN {
        Some(Unknown::Addresses)
    } else if reason.rule == rules::NAME_UNKNOWN {
        Some(Unknown::Names)
    } else {
        None
    }
}

/// The reasons of the steps that are taken as passed, or passed over.
fn taken(steps: &[Step]) -> impl Iterator<Item = Reason> {
    let is_taken = |step: &&Step| {
        step.kind != StepKind::TargetName && step.state == StepState::Assumed
            || step.reason.rule == rules::MIC_MISSING_UNPATCHED
            || step.reason.rule == rules::LM_ALONE
    };
    steps.iter().filter(is_taken).map(|step| step.reason.clone())
}

fn proof_step(evidence: &Evidence) -> Step {
    let (state, reason) = match &evidence.proof {
        ProofEvidence::Response(Checked::Right) => (
            StepState::Passed,
            Reason::new(rules::PROOF_WRONG, "The response fits the secret given."),
        ),
        ProofEvidence::Response(Checked::Wrong) => (
            StepState::Failed,
            Reason::new(
                rules::PROOF_WRONG,
                "The response does not fit the secret given: a wrong password, or bytes changed on the way.",
            ),
        ),
        // That the secret is the client's is nobody's word but that of whoever gave it.
        ProofEvidence::SecretDoesNotFit => (
            StepState::Failed,
            Reason::new(
                rules::PROOF_WRONG,
                "The response does not fit the secret given: a wrong password, or bytes changed on the way.",
            )
            .assumed_if(true),
        ),
        ProofEvidence::Changed => (
            StepState::Failed,
            Reason::new(
                rules::PROOF_WRONG,
                "The response was computed over other bytes than these: only whoever knows the secret could compute it anew.",
            ),
        ),
        ProofEvidence::Response(Checked::Not) => (
            StepState::Assumed,
            Reason::new(
                rules::PROOF_NOT_CHECKED,
                "The response is not checked here: taken as right.",
            ),
        ),
        ProofEvidence::LmAlone if evidence.carrier == Carrier::Ntlm(ResponseKind::Ntlmv2) => (
            StepState::Passed,
            Reason::new(
                rules::LM_ALONE,
                "Of the two responses only LMv2 is known to fit the secret given, and one is enough. The target name stands in the other, and is read all the same.",
            ),
        ),
        ProofEvidence::LmAlone => (
            StepState::Failed,
            Reason::new(
                rules::LM_NOT_KEPT,
                "The NT response does not fit the secret given. The LM response does, which [MS-NLMP] lets be enough; it is taken that the server keeps no LM hash to check it with, as Windows has by default since Vista.",
            ),
        ),
        ProofEvidence::Anonymous => (
            StepState::NotDone,
            Reason::new(rules::ANONYMOUS_NO_PROOF, "Nobody signs in, so nothing is proven."),
        ),
        ProofEvidence::Guest => (
            StepState::Assumed,
            Reason::new(
                rules::GUEST,
                "The client is let in as guest, so nothing proves the name. It is taken to be checked as any other.",
            ),
        ),
        ProofEvidence::Ticket => (
            StepState::Assumed,
            Reason::new(
                rules::TICKET_NOT_CHECKED,
                "The ticket and its authenticator are encrypted for the server: taken as right.",
            ),
        ),
        ProofEvidence::CutOff(how) => {
            (StepState::Assumed, Reason::new(rules::CUT_OFF, how.clone()))
        }
        ProofEvidence::Damaged(how) => {
            (StepState::Failed, Reason::new(rules::RESPONSE_DAMAGED, how.clone()))
        }
    };
    Step { kind: StepKind::Proof, state, reason }
}

fn mic_step(mic: MicEvidence, server: &Server) -> Option<Step> {
    let patched = server.settings.patched_cve_2019_1040;
    let (state, reason) = match mic {
        MicEvidence::NotAnnounced | MicEvidence::CutOff => return None,
        MicEvidence::Announced(Checked::Right) => (
            StepState::Passed,
            Reason::new(
                rules::MIC_WRONG,
                "Announced, present and right: no message was changed on the way.",
            ),
        ),
        MicEvidence::Announced(Checked::Wrong) => (
            StepState::Failed,
            Reason::new(
                rules::MIC_WRONG,
                "The MIC does not match: one of the three messages was changed on the way. Which status the server answers with is not documented.",
            ),
        ),
        MicEvidence::Announced(Checked::Not) => (
            StepState::Assumed,
            Reason::new(rules::MIC_NOT_CHECKED, "The MIC is not checked here: taken as right."),
        ),
        MicEvidence::Missing | MicEvidence::Zero if !patched => (
            StepState::NotDone,
            Reason::new(
                rules::MIC_MISSING_UNPATCHED,
                "The announced MIC is not there, and this server passes over that (CVE-2019-1040).",
            ),
        ),
        MicEvidence::Missing => (
            StepState::Failed,
            Reason::new(
                rules::MIC_MISSING,
                "A MIC is announced, and the message has no room for one. Which status the server answers with is not documented.",
            ),
        ),
        MicEvidence::Zero => (
            StepState::Failed,
            Reason::new(
                rules::MIC_MISSING,
                "A MIC is announced, and sixteen zero bytes stand in its place. Which status the server answers with is not documented.",
            ),
        ),
    };
    Some(Step { kind: StepKind::Mic, state, reason })
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
    let Some(clock) = server.settings.clock else {
        let message =
            "The server's clock is not stated: the time stamp is taken as near enough to it.";
        let reason = Reason::new(rules::TIME_STAMP_NOT_COMPARED, message);
        return Some(Step { kind: StepKind::TimeStamp, state: StepState::Assumed, reason });
    };
    let is_far = clock.0.abs_diff(time_stamp.0) > FileTime::SECOND * MAX_LIFETIME_SECONDS;
    let (state, reason) = if is_far {
        let message = format!(
            "The time stamp, {time_stamp}, is more than 36 hours from the server's clock, {clock}. Which status the server answers with is not documented."
        );
        (StepState::Failed, Reason::new(rules::TIME_STAMP_FAR, message))
    } else {
        let message = "The time stamp is at most 36 hours from the server's clock.";
        (StepState::Passed, Reason::new(rules::TIME_STAMP_NEAR, message))
    };
    Some(Step { kind: StepKind::TimeStamp, state, reason })
}

/// Says where the server's names are from, where the user did not state them.
fn names_reason(server: &Server) -> Option<Reason> {
    let names = server.names.join(" and ");
    match server.names_origin? {
        Origin::Given => None,
        _ if server.names.is_empty() => None,
        Origin::Challenge => Some(Reason::new(
            rules::NAMES_FROM_CHALLENGE,
            format!("The server's names are taken from its CHALLENGE: {names}."),
        )),
        Origin::Echo => Some(Reason::new(
            rules::NAMES_FROM_ECHO,
            format!("The server's names are taken from what the client echoes: {names}."),
        )),
    }
}
