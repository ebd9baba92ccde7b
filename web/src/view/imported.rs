//! The facts read about the server, in sentences.
//!
//! An event alone is judged as a sign-in without a message, as `spnscope decide` does it. Of
//! several events the newest is chosen at first; headline, sentence and cards are about it.

use crate::view::{
    EventRow, Headline, ImportView, Piece, ServerOnlyView, WaysView, captured::captured, headline,
    levels, question::question, server_panel,
};
use spnscope::analysis::{Analysis, Exchange, Verdict};
use spnscope::base::visible::Visible;
use spnscope::judge::{
    imports::{Import, Refusal},
    smb::{Evidence, Level, Server, ServerNames, ServerSettings, decide},
};
use spnscope::message::ntlm::SignInNames;
use spnscope::read::{
    config::RemarkAbout,
    service::{Service, ServiceKind, ServiceSource},
};
use spnscope::show::{
    report::{self, answer_now, name_in, refusal_line, remark_line, remarks, value_lines},
    words,
};

/// The number of events that are described. A log of thousands repeats itself.
const MAX_EVENTS: usize = 20;
/// The number of events that can be chosen from.
const MAX_ROWS: usize = 200;

/// The facts taken over from an import, and those that were not.
#[must_use]
pub fn imported(import: &Import) -> ImportView {
    let events = import.refusals.iter().take(MAX_EVENTS).map(refusal_line).collect();
    let more = import.refusals.len().saturating_sub(MAX_EVENTS);
    let mut values = value_lines(import);
    let summary = match (values.is_empty(), import.refusals.is_empty()) {
        (false, _) => "In use. Settings that are not shown there stay as they are.",
        (true, false) => "It shows no settings of the server, so those stay as they are.",
        (true, true) => "Nothing was used: it holds no settings of a server.",
    };
    if import.stated.level.is_some() {
        values
            .push("The answers at all three levels are always shown, whichever is set.".to_owned());
    }
    if import.stated.allowed.is_none() && !import.stated.is_empty() {
        values.push(
            "SrvAllowedServerNames is not shown there, so that list stays as it is.".to_owned(),
        );
    }
    // The remark about the level is among the values already.
    let all = remarks(import);
    let others = all.iter().filter(|remark| remark.about != RemarkAbout::AllowedNamesNotShown);
    let mut remarks: Vec<_> = others.map(remark_line).collect();
    if more > 0 {
        remarks.push(format!("{more} more events are not listed."));
    }
    ImportView { summary, events, values, remarks }
}

/// The number of entries of a list that the summary names.
const MAX_NAMED_ENTRIES: usize = 3;

/// The settings in an input, in short: `level 1, allowed 10.0.0.100, nas.lab.lan`. Hidden
/// characters are made visible. Empty if there are none.
#[must_use]
pub fn summarize_settings(import: &Import) -> String {
    let stated = &import.stated;
    let named = |word: &str, none: &str, entries: &[String]| {
        let shown: Vec<_> = entries
            .iter()
            .take(MAX_NAMED_ENTRIES)
            .map(|entry| Visible(entry).to_string())
            .collect();
        match entries.len().saturating_sub(MAX_NAMED_ENTRIES) {
            _ if entries.is_empty() => none.to_owned(),
            0 => format!("{word} {}", shown.join(", ")),
            more => format!("{word} {} and {more} more", shown.join(", ")),
        }
    };
    let switch = |word: &str, is_on: bool| format!("{word} {}", if is_on { "on" } else { "off" });
    let parts = [
        stated.level.as_ref().map(|level| format!("level {}", level.value)),
        stated.names.as_ref().map(|names| named("called", "without a name", &names.value)),
        stated.addresses.as_ref().map(|list| {
            let addresses: Vec<_> = list.value.iter().map(ToString::to_string).collect();
            named("at", "without an address", &addresses)
        }),
        stated.allowed.as_ref().map(|list| named("allowed", "no allowed names", &list.value)),
        stated.audit_file_share.as_ref().map(|audit| switch("audit of File Share", audit.value)),
        stated.audit_client_spn.as_ref().map(|audit| switch("AuditClientSpnSupport", audit.value)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The event of an import that the answers are about.
#[derive(Clone, Copy, Debug)]
pub struct ChosenEvent<'i> {
    /// The import.
    pub import: &'i Import,
    /// The index of the event.
    pub event: usize,
}

impl ChosenEvent<'_> {
    fn refusal(&self) -> Option<&Refusal> {
        self.import.refusals.get(self.event)
    }

    /// The answers to a sign-in that states as much as the event says; there is no message.
    #[must_use]
    pub fn verdict(&self, settings: &ServerSettings) -> Option<Verdict> {
        let evidence = Evidence::stating(self.refusal()?.target.clone()?);
        let server = Server::new(settings, &ServerNames::default());
        let decisions = decide(&evidence, &server);
        // The event was written by the SMB server.
        let service = Service { kind: ServiceKind::Smb, from: ServiceSource::Carrier };
        Some(Verdict { evidence, service, server, decisions })
    }

    /// The rows of the events, if there are several, and the number of events without one. The
    /// chosen event always has one.
    fn rows(&self, settings: &ServerSettings) -> (Vec<EventRow>, usize) {
        let all = &self.import.refusals;
        if all.len() < 2 {
            return (Vec::new(), 0);
        }
        let shown = all.iter().enumerate().filter(|(at, _)| *at < MAX_ROWS || *at == self.event);
        let rows = shown.map(|(index, refusal)| EventRow {
            index,
            event: refusal.record.event,
            time: match &refusal.record.time {
                Some(time) => Visible(time).to_string(),
                None => format!("line {}", refusal.record.line),
            },
            name: name_in(refusal),
            now: answer_now(refusal, settings),
            is_chosen: index == self.event,
        });
        let rows: Vec<_> = rows.collect();
        let more = all.len() - rows.len();
        (rows, more)
    }
}

/// Makes the view of the server alone: the `verdict` on the sign-in of the chosen event, if there
/// is one, and the `ways` to fix it.
#[must_use]
pub fn server_only(
    chosen: ChosenEvent<'_>,
    settings: &ServerSettings,
    verdict: Option<&Verdict>,
    ways: Option<WaysView>,
) -> ServerOnlyView {
    let why = chosen.refusal().map(refusal_line);
    let nothing = || {
        let words = match chosen.refusal() {
            Some(refusal) => format!("No answer: {}.", words::unanswered(refusal)),
            None => {
                "These are settings of a server. Paste a sign-in too, to see what the server does with it."
                    .to_owned()
            }
        };
        let pieces = vec![Piece::Text(words)];
        let (before, verdict, unless) = (String::new(), String::new(), Vec::new());
        Headline { before, outcome: None, verdict, unless, pieces }
    };
    let (events, more_events) = chosen.rows(settings);
    ServerOnlyView {
        headline: verdict.map_or_else(nothing, headline::of_verdict),
        events,
        more_events,
        captured: None,
        levels: verdict.map(|verdict| {
            levels::level_cards(verdict, &SignInNames::default(), chosen.import.level())
        }),
        question: verdict.and_then(|verdict| question(verdict, None)),
        ways,
        server: server_panel::server_panel(verdict, settings),
        why,
    }
}

/// Makes the view of a sign-in that has a verdict and no message; `None` if it has no verdict. The
/// server is known to be set to the level `set`, and `ways` are the cures of the denials.
#[must_use]
pub fn server_only_of_sign_in(
    analysis: &Analysis,
    exchange: &Exchange,
    settings: &ServerSettings,
    set: Option<Level>,
    ways: Option<WaysView>,
) -> Option<ServerOnlyView> {
    let verdict = exchange.verdict.as_ref()?;
    let reached = exchange.captured.as_ref().map(|captured| captured.server.ip());
    let names = report::sign_in(analysis, exchange);
    Some(ServerOnlyView {
        headline: headline::of_verdict(verdict),
        why: None,
        events: Vec::new(),
        more_events: 0,
        captured: captured(exchange),
        levels: Some(levels::level_cards(verdict, &names, set)),
        question: question(verdict, reached),
        ways,
        server: server_panel::server_panel(Some(verdict), settings),
    })
}
