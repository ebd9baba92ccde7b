//! The answers of the server at the three levels: a card for each, and the steps side by side.

use crate::view::{LevelCard, StepCell, StepRow};
use spnscope::analysis::Verdict;
use spnscope::judge::{
    events::{Events, Log, events},
    smb::{
        Basis, Carrier, Decision, EventId, Level, MissingFact, Outcome, Rule, Step, StepKind,
        StepState,
    },
};
use spnscope::message::ntlm::SignInNames;
use spnscope::show::words;

/// The cards of the three levels; `set` is the level that the server is known to be set to. The
/// events quote `sign_in`.
pub(super) fn level_cards(
    verdict: &Verdict,
    sign_in: &SignInNames,
    set: Option<Level>,
) -> [LevelCard; 3] {
    verdict.decisions.as_array().each_ref().map(|decision| {
        let events = events(sign_in, &verdict.evidence, &verdict.server, decision);
        LevelCard { is_set: set == Some(decision.level), ..level_card(decision, events) }
    })
}

/// The card of one level, with its events.
pub(super) fn level_card(decision: &Decision, events: Events) -> LevelCard {
    let depends_on = decision.depends_on();
    let first = decision.reasons.first();
    let verdict = match decision.outcome {
        Outcome::Accept => "Accepted",
        Outcome::LogonFailure => "Refused earlier",
        Outcome::Deny if depends_on == Some(MissingFact::Names) => "Depends on the server's names",
        Outcome::Deny if depends_on.is_some() => "Depends on the server's addresses",
        Outcome::Deny => "Denied",
        Outcome::Unknown => "Not known",
    };
    LevelCard {
        number: decision.level.number(),
        name: match decision.level {
            Level::Off => "Off",
            Level::AcceptIfProvided => "Accept if provided",
            Level::RequiredFromClient => "Required",
        },
        is_set: false,
        outcome: decision.outcome,
        depends: depends_on.is_some(),
        verdict,
        status: match (decision.status, decision.outcome) {
            (Some(status), _) => status.name().unwrap_or_default(),
            (None, Outcome::Unknown) => "",
            (None, _) => "status not documented",
        },
        status_code: decision.status.map_or_else(String::new, |status| format!("{status:#010X}")),
        why: first.map_or_else(String::new, |reason| words::reason(reason).into_owned()),
        notes: notes(decision),
        basis: first.map_or(Basis::Assumed, |reason| reason.basis),
        rule: first.map(|reason| reason.rule),
        events: events.written.into_iter().map(|event| (in_its_log(event.id), event)).collect(),
        not_written: events.not_written,
        matched: decision.spn_check.matched.as_ref().map(|entry| entry.text.clone()),
        tried: decision.spn_check.tried.iter().map(|entry| entry.text.clone()).collect(),
    }
}

impl LevelCard {
    /// The answer in a word, where there is no room for more: `in`, `denied`.
    #[must_use]
    pub const fn short(&self) -> &'static str {
        match self.outcome {
            Outcome::Deny if self.depends => "depends",
            Outcome::Accept => "in",
            Outcome::Deny => "denied",
            Outcome::LogonFailure => "refused",
            Outcome::Unknown => "unknown",
        }
    }
}

/// The objections to the answer, then the other reasons.
fn notes(decision: &Decision) -> Vec<(String, Basis, &'static Rule)> {
    let mut notes = Vec::with_capacity(decision.reasons.len());
    if let Some(reason) = decision.contested() {
        let says = words::alternative_prefix(decision.outcome).to_owned() + &words::reason(reason);
        notes.push((says, reason.basis, reason.rule));
    }
    for reason in decision.reasons.iter().skip(1) {
        notes.push((words::reason(reason).into_owned(), reason.basis, reason.rule));
    }
    notes
}

/// An event with its log: `551 (SMBServer/Security)`.
pub(super) fn in_its_log(event: EventId) -> String {
    let log = Log::of(event).name();
    format!("{event} ({})", log.strip_prefix("Microsoft-Windows-").unwrap_or(log))
}

/// The steps of the check at all three levels.
pub(super) fn steps(verdict: &Verdict) -> Vec<StepRow> {
    let row = |name, kind| StepRow {
        name,
        kind: Some(kind),
        cells: merge(verdict.decisions.as_array().each_ref().map(|decision| {
            decision
                .steps
                .iter()
                .find(|step| step.kind == kind)
                .map_or_else(|| not_reached(decision, kind, verdict.evidence.carrier), step_cell)
        })),
    };
    let plain = |accepted, text| StepCell { levels: 1, state: None, accepted, text, basis: None };
    let status = |decision: &Decision| match (decision.depends_on(), decision.status) {
        (None, None) if decision.outcome == Outcome::Unknown => plain(None, "not known".to_owned()),
        (Some(unknown), _) => plain(None, format!("depends on {}", words::missing_fact(unknown))),
        (None, None) => {
            let text = "authentication failure; the exact status is not documented";
            plain(Some(false), text.to_owned())
        }
        (None, Some(status)) => {
            plain(Some(decision.outcome == Outcome::Accept), format!("{status} {status:#010X}"))
        }
    };
    let events = |decision: &Decision| {
        if decision.outcome == Outcome::Unknown {
            return plain(None, "not known".to_owned());
        }
        let numbers: Vec<_> = decision.events.iter().map(ToString::to_string).collect();
        let condition = if decision.depends_on().is_some() { ", where it is denied" } else { "" };
        plain(None, format!("{}{condition}", numbers.join(", then ")))
    };
    vec![
        row("1 Proof", StepKind::Proof),
        row("2 MIC", StepKind::Mic),
        row("3 Target name", StepKind::TargetName),
        StepRow {
            name: "4 Answer",
            kind: None,
            cells: merge(verdict.decisions.as_array().each_ref().map(status)),
        },
        StepRow {
            name: "5 Events",
            kind: None,
            cells: merge(verdict.decisions.as_array().each_ref().map(events)),
        },
    ]
}

fn step_cell(step: &Step) -> StepCell {
    StepCell {
        levels: 1,
        state: Some(step.state),
        accepted: None,
        text: words::reason(&step.reason).into_owned(),
        basis: Some((step.reason.basis, step.reason.rule)),
    }
}

fn not_reached(decision: &Decision, kind: StepKind, carrier: Carrier) -> StepCell {
    let text = match (kind, decision.outcome) {
        (_, Outcome::LogonFailure) => "Not reached.",
        (_, Outcome::Unknown) => "Not known: the paste is cut.",
        (StepKind::Mic, _) if carrier == Carrier::Kerberos => "An AP-REQ has no MIC.",
        (StepKind::Mic, _) => "No MIC is announced, so none is checked.",
        (StepKind::TimeStamp, _) => "This server does not look at the age of a response.",
        _ => "Nothing to check.",
    };
    StepCell {
        levels: 1,
        state: Some(StepState::NotDone),
        accepted: None,
        text: text.to_owned(),
        basis: None,
    }
}

/// Merges neighbouring cells that are equal.
fn merge(cells: [StepCell; 3]) -> Vec<StepCell> {
    let mut merged: Vec<StepCell> = Vec::with_capacity(3);
    for cell in cells {
        match merged.last_mut() {
            Some(last) if StepCell { levels: 1, ..last.clone() } == cell => last.levels += 1,
            _ => merged.push(cell),
        }
    }
    merged
}
