//! What was read of the server side, in sentences.

use crate::{
    analysis::Verdict,
    events::SignIn,
    import::{ALLOWED_LEFT, Import},
    policy::{Evidence, Server, ServerNames, ServerSettings, decide},
    remedies::AllowedNames,
    report::{refusal_line, remark_line, value_lines},
    service::{Service, ServiceKind, ServiceSource},
    view::{Headline, ImportView, Piece, ToldView, headline, levels, server_panel, ways::ways},
};

/// How many events are told of. A log of thousands says the same again and again.
const MOST_EVENTS: usize = 20;

/// What was taken over from an import, and what was not.
#[must_use]
pub fn imported(import: &Import) -> ImportView {
    let events = import.refusals.iter().take(MOST_EVENTS).map(refusal_line).collect();
    let more = import.refusals.len().saturating_sub(MOST_EVENTS);
    let mut values = value_lines(import);
    let summary = match (values.is_empty(), import.refusals.is_empty()) {
        (false, _) => "Taken over; what is not shown there stays as it is.",
        (true, false) => "Nothing of the server is shown there, so it stays as it is.",
        (true, true) => "Nothing was taken over: nothing in it says something of a server.",
    };
    if import.level.is_some() {
        values
            .push("The answers at all three levels are always shown, whichever is set.".to_owned());
    }
    if import.allowed.is_none() && !import.is_empty() {
        values.push(
            "SrvAllowedServerNames is not shown there, so that list stays as it is.".to_owned(),
        );
    }
    // That is said among the values already.
    let others = import.remarks.iter().filter(|remark| remark.message != ALLOWED_LEFT);
    let mut remarks: Vec<_> = others.map(remark_line).collect();
    if more > 0 {
        remarks.push(format!("{more} more events are not listed."));
    }
    ImportView { summary, events, values, remarks }
}

/// A sign-in that the client stated so much of as an event tells; no message is there.
#[must_use]
pub fn told_by(import: &Import, settings: &ServerSettings) -> Option<Verdict> {
    let evidence = Evidence::stating(import.refused()?.clone());
    let server = Server::new(settings, &ServerNames::default());
    let decisions = decide(&evidence, &server);
    // The SMB server wrote the event.
    let service = Service { kind: ServiceKind::Smb, from: ServiceSource::Carrier };
    Some(Verdict { evidence, service, server, decisions })
}

/// What is shown of the server alone: the answers to the sign-in that an event tells of, where there is
/// one.
#[must_use]
pub fn told(verdict: Option<&Verdict>, settings: &ServerSettings) -> ToldView {
    let nothing = || Headline {
        before: String::new(),
        outcome: None,
        verdict: String::new(),
        pieces: vec![Piece::Text(
            "This is about the server. Paste a sign-in too, to see what the server does with it."
                .to_owned(),
        )],
    };
    ToldView {
        headline: verdict.map_or_else(nothing, headline::of_verdict),
        levels: verdict.map(|verdict| levels::level_cards(verdict, &SignIn::default())),
        ways: verdict.and_then(|verdict| ways(verdict, AllowedNames::default(), None)),
        server: server_panel::server_panel(verdict, settings),
    }
}
