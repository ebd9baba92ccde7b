//! A decision without a message: about a name that somebody asks about.

use std::fmt::{self, Write as _};

use serde::Serialize;

use super::{
    exchange_json::{self, DecisionReport, EvidenceReport},
    imported::{ImportReport, render_imported_text},
    lines,
    text::write_verdict,
};
use crate::{
    import::Import,
    policy::{Decision, Evidence, Level, Outcome, Role, Server},
};

/// What was asked and what the server would do.
#[derive(Clone, Copy, Debug)]
pub struct Decided<'a> {
    /// What the client is taken to state.
    pub evidence: &'a Evidence,
    /// The server's lists.
    pub server: &'a Server,
    /// What it does, at the levels that were asked about.
    pub decisions: &'a [Decision],
    /// Its own level, where that was read.
    pub level: Option<Level>,
    /// What its settings were read from.
    pub import: Option<&'a Import>,
}

/// The decision as text, with a line end after each line.
#[must_use]
pub fn render_decided_text(decided: &Decided<'_>) -> String {
    let mut out = String::new();
    // Writing to a String does not fail.
    let _ = write_decided(&mut out, decided);
    out
}

fn write_decided(out: &mut String, decided: &Decided<'_>) -> fmt::Result {
    let at_own = decided.decisions.iter().find(|decision| Some(decision.level) == decided.level);
    if let Some(decision) = at_own {
        let outcome = match (decision.outcome, decision.hangs_on()) {
            (_, Some(unknown)) => format!("it depends on {}", unknown.words()),
            (Outcome::Accept, _) => "accepted".to_owned(),
            (Outcome::Deny, _) => "denied".to_owned(),
            (Outcome::LogonFailure, _) => "refused before the target name".to_owned(),
        };
        writeln!(out, "At this server's level, {}: {outcome}.", decision.level)?;
    }
    writeln!(out, "An NTLM sign-in without a message; its response and MIC are taken as right.")?;
    write_verdict(out, decided.evidence, decided.server, decided.decisions)?;
    let Some(import) = decided.import else { return Ok(()) };
    writeln!(out, "\nImported")?;
    for line in render_imported_text(import).lines() {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

#[derive(Debug, Serialize)]
struct DecidedReport<'a> {
    schema: u32,
    evidence: EvidenceReport<'a>,
    server: ServerReport<'a>,
    decisions: Vec<DecisionReport<'a>>,
    imported: Option<ImportReport<'a>>,
}

/// The lists as event 5168 has them; `level` only where it was read.
#[derive(Debug, Serialize)]
struct ServerReport<'a> {
    level: Option<u8>,
    role: &'static str,
    server_names: Vec<&'a str>,
    addresses: Vec<String>,
    allowed: &'a [String],
}

/// The same as one JSON document. `decisions` has the form it has in the report of an analysis.
#[must_use]
pub fn render_decided_json(decided: &Decided<'_>) -> String {
    let server = decided.server;
    let addresses = Server::LOOPBACK.iter().chain(&server.settings.addresses);
    let report = DecidedReport {
        schema: 1,
        evidence: exchange_json::evidence(decided.evidence),
        server: ServerReport {
            level: decided.level.map(Level::number),
            role: match server.settings.role {
                Role::Member => "member",
                Role::DomainController => "domain-controller",
            },
            server_names: server.server_names(),
            addresses: addresses.map(ToString::to_string).collect(),
            allowed: &server.settings.allowed,
        },
        decisions: decided.decisions.iter().map(exchange_json::decision).collect(),
        imported: decided.import.map(ImportReport::of),
    };
    lines::json(&report, 0)
}
