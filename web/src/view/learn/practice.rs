//! The live pieces of the chapters about practice: other causes, baselines, sibling services, and a
//! lab of one's own.

use super::lessons::{LEVELS, Page, decided, named, server, stated};
use super::told;
use crate::view::{lab::sentence, levels::level_card};
use spnscope::judge::{
    events::Events,
    smb::{Carrier, Checked, Decision, EventId, Level, Outcome, ProofEvidence, Target},
};
use spnscope::lab::relay::{Middle, Run, Scenario, run};
use spnscope::message::ntlm::ResponseKind;

const NTLMV2: Carrier = Carrier::Ntlm(ResponseKind::Ntlmv2);

/// The level with that index.
fn level(index: usize) -> Level {
    Level::ALL.get(index).copied().unwrap_or(Level::Off)
}

pub(super) fn others(page: &mut Page<'_>) -> &'static str {
    let cause = page.pick(
        "What stops it",
        &[
            "the name check",
            "a wrong password",
            "required signing, which a relay cannot do",
            "required encryption, which a relay cannot do",
        ],
    );
    let events = match cause {
        0 => {
            let decision = named("cifs/10.0.0.100", &server("")).at(Level::AcceptIfProvided);
            denied(page, &decision)
        }
        1 => {
            let target = Target::Present("cifs/dcfr.lab.lan".to_owned());
            let mut evidence = stated(target, NTLMV2);
            evidence.proof = ProofEvidence::Response(Checked::Wrong);
            denied(page, &decided(&evidence, &server("")).at(Level::AcceptIfProvided))
        }
        _ => {
            let scenario = Scenario {
                requires_signing: cause == 2,
                requires_encryption: cause == 3,
                ..Scenario::new(Middle::LuredClient)
            };
            run(&scenario).map_or_else(|_| Vec::new(), |run| refused_later(page, &run))
        }
    };
    page.events(&events);
    page.fact(
        "Tell it by",
        if events.contains(&EventId::SpnCheckFailed) {
            "5168, and 551 with the name: it is the name check."
        } else if events.contains(&EventId::LogonFailed) {
            "4625, and no 5168: the sign-in itself failed."
        } else {
            "4624, and neither 5168 nor 551: it was refused after the sign-in."
        },
    );
    "Which events tell the causes apart?"
}

/// Shows a decision against the client, and gives its events.
fn denied(page: &mut Page<'_>, decision: &Decision) -> Vec<EventId> {
    let card = level_card(decision, Events::default());
    page.verdict(card.outcome, card.outcome == Outcome::Accept, card.verdict);
    page.status(&card);
    page.why("", told(decision));
    decision.events.clone()
}

/// Shows a run whose sign-in is accepted and whose first request is not, and gives its events.
fn refused_later(page: &mut Page<'_>, run: &Run) -> Vec<EventId> {
    page.ending(run);
    if let Some(status) = run.request_status {
        page.fact("First request", &format!("{status} {status:#010X}"));
    }
    run.events.clone()
}

pub(super) fn baselines(page: &mut Page<'_>) -> &'static str {
    let baseline = page.pick(
        "Your baseline",
        &[
            "CIS: level 1",
            "CIS: level 2",
            "DISA STIG for Server 2012: level 0",
            "Microsoft for Server 2025: level 1",
        ],
    );
    let client = page.pick(
        "The client sends",
        &["cifs/dcfr.lab.lan", "cifs/10.0.0.100, through NAT", "no name", "NTLMv1"],
    );
    let level = level([1, 2, 0, 1].get(baseline).copied().unwrap_or_default());
    let (target, kind) = match client {
        0 => (Target::Present("cifs/dcfr.lab.lan".to_owned()), ResponseKind::Ntlmv2),
        1 => (Target::Present("cifs/10.0.0.100".to_owned()), ResponseKind::Ntlmv2),
        2 => (Target::Absent, ResponseKind::Ntlmv2),
        _ => (Target::NotCarried, ResponseKind::Ntlmv1),
    };
    let decision = decided(&stated(target, Carrier::Ntlm(kind)), &server("")).at(level);
    denied(page, &decision);
    if let Ok(run) = run(&Scenario { level, ..Scenario::new(Middle::LuredClient) }) {
        page.fact("A relay at 10.0.0.100", run.ending.sentence());
    }
    "Which clients would it deny?"
}

pub(super) fn siblings(page: &mut Page<'_>) -> &'static str {
    const OPENED: [&str; 2] = ["HTTP/10.0.0.100", "HTTP/dcfr.lab.lan"];
    let host = page.pick(
        "The browser is lured to",
        &["http://10.0.0.100", "http://dcfr.lab.lan, with DNS spoofed"],
    );
    let is_allowed = page.pick("10.0.0.100 is in SrvAllowedServerNames", &["no", "yes"]) == 1;
    let name = OPENED.get(host).copied().unwrap_or_default();
    page.sent(name);
    page.at_levels(&named(name, &server(if is_allowed { "10.0.0.100" } else { "" })));
    "A web sign-in at a file server"
}

pub(super) fn lab(page: &mut Page<'_>) -> &'static str {
    let run_on_client = page.pick(
        "You run",
        &[
            "smbclient -L //10.0.0.11",
            "smbclient -L //10.0.0.100",
            "the same, once 10.0.0.100 is allowed",
        ],
    );
    let level = level(page.pick("The server is at level", LEVELS));
    let middle = if run_on_client == 0 { Middle::Nobody } else { Middle::Nat };
    let name = if run_on_client == 0 { "cifs/10.0.0.11" } else { "cifs/10.0.0.100" };
    page.sent(name);
    let settings = server(if run_on_client == 2 { "10.0.0.100" } else { "" });
    let decision = named(name, &settings).at(level);
    let is_accepted = decision.outcome == Outcome::Accept;
    let words = if is_accepted { "The shares are listed" } else { "NT_STATUS_ACCESS_DENIED" };
    page.verdict(decision.outcome, is_accepted, words);
    page.why("", told(&decision));
    page.events(&decision.events);
    let scenario = Scenario { level, server: settings, ..Scenario::new(middle) };
    if let Some(note) = run(&scenario).ok().and_then(|run| run.notes.first().map(sentence)) {
        page.why("In between:", note);
    }
    "What to expect"
}
