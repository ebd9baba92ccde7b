//! The steps of a run.

use crate::view::{
    lab::{ChangedField, ComparedValues, LabStep, StepMark, sentence},
    levels::in_its_log,
    proof::runs,
};
use spnscope::base::span::Span;
use spnscope::judge::smb::Outcome;
use spnscope::lab::relay::{Check, CheckKind, CheckState, Passage, Run, Values, rules};
use spnscope::message::compare::{CompareRow, Side};

/// The messages, checks and answer, and the first request if the session got so far.
pub(super) fn steps(run: &Run) -> Vec<LabStep> {
    let [negotiate, challenge, authenticate] = &run.passages;
    let mut steps = vec![
        message(negotiate, "The client says what it can do."),
        message(challenge, "The server gives its names and eight random bytes, the challenge."),
        message(
            authenticate,
            "The client answers. NTProofStr covers the eight bytes and everything in the answer, including the target name; the MIC covers all three messages.",
        ),
    ];
    if let Some(because) = run.edited.because() {
        steps[2].text.push(because.to_owned());
    }
    let of_sign_in = |check: &&Check| !check.kind.is_of_request();
    steps.extend(run.checks.iter().filter(of_sign_in).map(check));
    // A name that was not sent is not right but not needed.
    if run.spn_check.matched.is_none() {
        let accepted = steps.iter_mut().filter(|step| step.state == StepMark::Done);
        let of_name = CheckKind::TargetName.short();
        accepted.filter(|step| step.name == of_name).for_each(|step| step.word = "not needed");
    }
    // Shown at each step, it would be shown nine times.
    let note = run.notes.iter().find(|note| note.rule == rules::PASS_THROUGH).map(sentence);
    if let Some(proof) = steps.iter_mut().find(|step| step.name == CheckKind::Proof.short()) {
        proof.note = note;
    }
    steps.push(answer(run));
    if run.request.is_some() {
        steps.extend(
            of_request(run)
                .map(|of_request| LabStep { name: "First request", ..check(of_request) }),
        );
    }
    steps
}

/// The check of the first request that decides about it: the one that fails, else the one that was
/// made.
pub(super) fn of_request(run: &Run) -> Option<&Check> {
    let checks = || run.checks.iter().filter(|check| check.kind.is_of_request());
    let with = |state| checks().find(|check| check.state == state);
    with(CheckState::Failed).or_else(|| with(CheckState::Passed)).or_else(|| checks().next())
}

fn message(passage: &Passage, text: &str) -> LabStep {
    let changes: Vec<_> = passage.changed().map(changed).collect();
    let (state, word) = match changes.as_slice() {
        [] => (StepMark::Done, "passed on"),
        _ => (StepMark::Edited, "edited"),
    };
    LabStep {
        name: passage.sent.kind(),
        state,
        word,
        text: vec![text.to_owned()],
        found: None,
        note: None,
        values: None,
        changes,
    }
}

fn changed(row: &CompareRow) -> ChangedField {
    let value = |side: &Option<Side>| side.as_ref().map(|side| side.value.clone());
    let span = row.right.as_ref().or(row.left.as_ref()).map_or(Span::at(0, 0), |side| side.span);
    ChangedField {
        name: row.name.clone(),
        sent: value(&row.left),
        received: value(&row.right),
        place: format!("{}–{}", span.start, span.end.saturating_sub(1)),
    }
}

fn check(check: &Check) -> LabStep {
    let (state, word) = match check.state {
        CheckState::Passed => (StepMark::Done, "right"),
        CheckState::Failed => (StepMark::Failed, "wrong"),
        CheckState::NotDone => (StepMark::Skipped, "not needed"),
        CheckState::NotReached => (StepMark::Skipped, "not reached"),
    };
    let what = match check.kind {
        CheckKind::Proof => {
            "Whoever has the user's key computes the proof again, from the challenge and everything in the answer."
        }
        CheckKind::ServerName => {
            "The domain controller checks that the response names the server that asks."
        }
        CheckKind::Mic => "The server computes the MIC over the three messages as it has them.",
        CheckKind::TargetName => {
            "The server compares the target name with its own names, its addresses and the allowed names."
        }
        CheckKind::Signature => {
            "Signing needs the session key. The client and the server have it; a relay that only passes messages on does not."
        }
        CheckKind::Encryption => {
            "Encryption needs the session key. The client and the server have it; a relay that only passes messages on does not."
        }
    };
    LabStep {
        name: check.kind.short(),
        state,
        word,
        text: vec![what.to_owned()],
        found: check.reason.as_ref().map(sentence),
        note: None,
        values: check.values.as_ref().map(values),
        changes: Vec::new(),
    }
}

fn values(values: &Values) -> ComparedValues {
    let differing = values.differing().iter().map(|span| span.len()).sum();
    ComparedValues {
        name: values.name,
        received: runs(&values.received, &values.computed),
        computed: runs(&values.computed, &values.received),
        differing: (differing, values.computed.len()),
    }
}

fn answer(run: &Run) -> LabStep {
    let (state, word) = match run.outcome {
        Outcome::Accept => (StepMark::Done, "accepted"),
        Outcome::Deny => (StepMark::Failed, "access denied"),
        Outcome::LogonFailure if run.status.is_none() => (StepMark::Failed, "sign-in fails"),
        // The messages of the lab are whole, so `Unknown` does not occur.
        Outcome::LogonFailure | Outcome::Unknown => (StepMark::Failed, "logon failure"),
    };
    let status = run.status.map_or_else(
        || "The exact status is not documented.".to_owned(),
        |status| format!("The server answers {status}, {status:#010X}."),
    );
    let events: Vec<_> = run.events.iter().map(|event| in_its_log(*event)).collect();
    let mut text = vec![status, format!("Events written, in order: {}.", events.join(", "))];
    if run.outcome == Outcome::LogonFailure {
        text.push("No 5168: the target name was never compared.".to_owned());
    }
    let (found, note, values, changes) = (None, None, None, Vec::new());
    LabStep { name: "Answer", state, word, text, found, note, values, changes }
}
