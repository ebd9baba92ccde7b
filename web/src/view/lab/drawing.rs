//! The rows of the drawing: sender, receiver and content of each arrow.

use crate::view::lab::{DrawnRow, Wire, failed, steps::of_request};
use spnscope::judge::smb::Outcome;
use spnscope::lab::relay::{CheckKind, CheckState, Party, Run};
use spnscope::message::{ntlm::Message, wire::NtStatus};

/// The rows of the drawing, from top to bottom.
pub(super) fn rows(run: &Run) -> Vec<DrawnRow> {
    let has = |party| run.actors.iter().any(|actor| actor.party == party);
    let mut rows = Vec::with_capacity(7);
    for (step, passage) in run.passages.iter().enumerate() {
        let edited = passage.changed().next().is_some();
        let kind = format!("{} {}", step.saturating_add(1), passage.sent.kind());
        let name = |message| target_name(message).filter(|_| step == 2);
        let wire = |from, to, label, name: Option<String>, edited| {
            let sent = target_name(&passage.sent)
                .filter(|sent| edited && name.as_ref().is_some_and(|name| name != sent));
            Wire { from, to, label, name, sent, edited }
        };
        let back = passage.from == Party::Server;
        let (first, last) =
            if back { (Party::Server, Party::Client) } else { (Party::Client, Party::Server) };
        let wires = if has(Party::Middle) {
            let changed = if edited { kind.clone() + ", edited" } else { String::new() };
            vec![
                wire(first, Party::Middle, kind, name(&passage.sent), false),
                wire(Party::Middle, last, changed, name(&passage.received), edited),
            ]
        } else {
            vec![wire(first, last, kind, name(&passage.received), edited)]
        };
        rows.push(DrawnRow { step, refused: false, wires });
    }
    let step = |kind| run.checks.iter().position(|check| check.kind == kind).map(|at| at + 3);
    let plain = |from, to, label: &str| Wire {
        from,
        to,
        label: label.to_owned(),
        name: None,
        sent: None,
        edited: false,
    };
    if let (true, Some(step)) = (has(Party::Controller), step(CheckKind::Proof)) {
        let by_controller = failed(run)
            .filter(|check| matches!(check.kind, CheckKind::Proof | CheckKind::ServerName));
        rows.push(DrawnRow {
            step,
            refused: false,
            wires: vec![plain(Party::Server, Party::Controller, "is this proof right?")],
        });
        let answered = match by_controller.map(|check| check.kind) {
            None => "right; the session key",
            Some(CheckKind::Proof) => "wrong",
            Some(_) => "for another server",
        };
        rows.push(DrawnRow {
            step: step
                + usize::from(by_controller.is_some_and(|check| check.kind != CheckKind::Proof)),
            refused: by_controller.is_some(),
            wires: vec![plain(Party::Controller, Party::Server, answered)],
        });
    }
    let in_sign_in = run.checks.iter().filter(|check| !check.kind.is_of_request());
    let answer = in_sign_in.count() + 3;
    let refused = run.outcome != Outcome::Accept;
    let status = run.status.and_then(NtStatus::name).unwrap_or("refused");
    rows.push(DrawnRow { step: answer, refused, wires: through(run, true, status, "the same") });
    if run.request.is_some() {
        let of_request = of_request(run);
        let state = of_request.map_or(CheckState::NotDone, |check| check.state);
        let is_of_encryption = of_request.is_some_and(|check| check.kind == CheckKind::Encryption);
        let (asks, told) = match (state, is_of_encryption) {
            (CheckState::Passed, true) => ("open the share, encrypted", "done"),
            (CheckState::Passed, false) => ("open the share, signed", "done"),
            (CheckState::Failed, true) => ("open the share, in the clear", "STATUS_ACCESS_DENIED"),
            (CheckState::Failed, false) => ("open the share, not signed", "STATUS_ACCESS_DENIED"),
            _ => ("open the share", "done"),
        };
        let refused = state == CheckState::Failed;
        let step = answer + 1;
        // Once a relay has the session, the client has no part in it.
        let relay = run.ending.attack_succeeds().is_some() && has(Party::Middle);
        let (asking, answering) = if relay {
            (
                vec![plain(Party::Middle, Party::Server, asks)],
                vec![plain(Party::Server, Party::Middle, told)],
            )
        } else {
            (through(run, false, asks, ""), through(run, true, told, ""))
        };
        rows.push(DrawnRow { step, refused, wires: asking });
        rows.push(DrawnRow { step, refused, wires: answering });
    }
    rows
}

/// The arrows from the client to the server, or `back`, through the middle if there is one.
fn through(run: &Run, back: bool, label: &str, passed_on: &str) -> Vec<Wire> {
    let mut parties: Vec<_> = run.actors.iter().map(|actor| actor.party).collect();
    parties.retain(|party| *party != Party::Controller);
    if back {
        parties.reverse();
    }
    let wires = parties.iter().zip(parties.iter().skip(1)).enumerate();
    wires
        .map(|(at, (from, to))| Wire {
            from: *from,
            to: *to,
            label: if at == 0 { label } else { passed_on }.to_owned(),
            name: None,
            sent: None,
            edited: false,
        })
        .collect()
}

/// The target name in an AUTHENTICATE, as sent.
fn target_name(message: &Message) -> Option<String> {
    let authenticate = message.as_authenticate()?;
    authenticate.target_name(message.source()).text().map(|(name, _)| name.to_owned())
}
