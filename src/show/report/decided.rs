//! A decision without a message: about a name that somebody asks about.

use std::{
    borrow::Cow,
    fmt::{self, Write as _},
};

use serde::Serialize;

use super::{
    exchange_json::{self, DecisionReport, EvidenceReport},
    extras::{Extras, Judged},
    imported::{ImportReport, render_imported_text, write_events},
    lines,
    reason::said,
    remedies_json::AdviceReport,
    text::{write_extras, write_verdict},
};
use crate::base::spn::LOOPBACK;
use crate::judge::imports::Import;
use crate::judge::smb::{
    Basis, Carrier, Decision, Evidence, LevelValue, Outcome, ProofEvidence, Role, Server,
};
use crate::message::ntlm::ResponseKind;
use crate::show::words;

/// A question and the server's decisions.
#[derive(Clone, Copy, Debug)]
pub struct Decided<'a> {
    /// The statement that the client is taken to make.
    pub evidence: &'a Evidence,
    /// The server's lists.
    pub server: &'a Server,
    /// The decisions at the levels that were asked about.
    pub decisions: &'a [Decision],
    /// Values of the level that were asked about and that the policy does not have.
    pub other_levels: &'a [LevelValue],
    /// Its own level, where that was read.
    pub level: Option<LevelValue>,
    /// The import that its settings were read from.
    pub import: Option<&'a Import>,
    /// The extras that are asked for.
    pub extras: Extras,
}

impl<'a> Decided<'a> {
    fn judged(&self) -> Judged<'a> {
        Judged::unnamed(self.evidence, self.server, self.decisions)
    }
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
    let own = decided.level.and_then(LevelValue::level);
    let at_own = decided.decisions.iter().find(|decision| Some(decision.level) == own);
    if let Some(decision) = at_own {
        let outcome = match (decision.outcome, decision.depends_on()) {
            (_, Some(unknown)) => format!("it depends on {}", words::missing_fact(unknown)),
            (Outcome::Accept, _) => "accepted".to_owned(),
            (Outcome::Deny, _) => "denied".to_owned(),
            (Outcome::LogonFailure, _) => "refused before the target name".to_owned(),
            (Outcome::Unknown, _) => "not known".to_owned(),
        };
        writeln!(out, "At this server's level, {}: {outcome}.", decision.level)?;
    }
    if let Some(remark) = decided.level.and_then(LevelValue::remark) {
        writeln!(out, "At this server's level the policy gives no answer. {}", said(&remark))?;
    }
    writeln!(out, "{}", taken_as_right(decided.evidence))?;
    for remark in decided.other_levels.iter().filter_map(|level| level.remark()) {
        writeln!(out, "{}", said(&remark))?;
    }
    write_verdict(out, decided.evidence, decided.server, decided.decisions)?;
    if !decided.decisions.is_empty() {
        write_extras(out, &decided.judged(), decided.extras)?;
    }
    let Some(import) = decided.import else { return Ok(()) };
    if !import.refusals.is_empty() {
        writeln!(out, "\nEvents")?;
        let is_decided = import.refused() == Some(&decided.evidence.target);
        let index = import.stated.newest().filter(|_| is_decided);
        write_events(out, import, &decided.server.settings, index)?;
    }
    writeln!(out, "\nImported")?;
    for line in render_imported_text(import).lines() {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

/// The remark on the proof: which part of it is not checked.
const fn taken_as_right(evidence: &Evidence) -> &'static str {
    match (&evidence.proof, evidence.carrier) {
        (ProofEvidence::Guest, _) => {
            "A sign-in as guest, without a message; nothing proves its name."
        }
        (ProofEvidence::Anonymous, _) => "An anonymous sign-in without a message.",
        (_, Carrier::Kerberos) => {
            "A Kerberos sign-in without a message; its ticket is assumed to be right."
        }
        (_, Carrier::Ntlm(ResponseKind::Ntlmv2)) => {
            "An NTLM sign-in without a message; its response and MIC are assumed to be right."
        }
        _ => "A sign-in without a message; its response is assumed to be right.",
    }
}

#[derive(Debug, Serialize)]
struct DecidedReport<'a> {
    schema: u32,
    /// `null`: what was imported does not say what the client asked for.
    evidence: Option<EvidenceReport<'a>>,
    server: ServerReport<'a>,
    decisions: Vec<DecisionReport<'a>>,
    other_levels: Vec<LevelReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<AdviceReport>,
    imported: Option<ImportReport<'a>>,
}

/// A value that the policy does not have.
#[derive(Debug, Serialize)]
struct LevelReport {
    value: u32,
    code: &'static str,
    basis: Basis,
    source: &'static str,
    message: Cow<'static, str>,
}

fn other_level(level: LevelValue) -> Option<LevelReport> {
    let reason = level.remark()?;
    Some(LevelReport {
        value: level.0,
        code: reason.rule.code,
        basis: reason.basis,
        source: reason.rule.source,
        message: words::reason(&reason),
    })
}

/// The lists as event 5168 has them; `level` only where it was read, as it stands in the registry.
#[derive(Debug, Serialize)]
struct ServerReport<'a> {
    level: Option<u32>,
    role: &'static str,
    server_names: Vec<&'a str>,
    addresses: Vec<String>,
    allowed: &'a [String],
}

fn server_report(server: &Server, level: Option<LevelValue>) -> ServerReport<'_> {
    let addresses = LOOPBACK.iter().chain(&server.settings.addresses);
    ServerReport {
        level: level.map(|level| level.0),
        role: match server.settings.role {
            Role::Member => "member",
            Role::DomainController => "domain-controller",
        },
        server_names: server.server_names(),
        addresses: addresses.map(ToString::to_string).collect(),
        allowed: &server.settings.allowed,
    }
}

/// Renders an import whose events do not say what the client asked for, so that nothing is decided.
#[must_use]
pub fn render_undecided_text(import: &Import) -> String {
    let why =
        import.refusals.first().map_or("nothing says what the client asked for", words::unanswered);
    format!("No answer: {why}.\n\n{}", render_imported_text(import))
}

/// Renders such an import as one JSON document.
#[must_use]
pub fn render_undecided_json(import: &Import, server: &Server) -> String {
    let report = DecidedReport {
        schema: 1,
        evidence: None,
        server: server_report(server, import.level_value()),
        decisions: Vec::new(),
        other_levels: Vec::new(),
        advice: None,
        imported: Some(ImportReport::of(import, &server.settings)),
    };
    lines::json(&report, 0)
}

/// Renders the decisions as one JSON document. `decisions` has the form it has in the report of an
/// analysis.
#[must_use]
pub fn render_decided_json(decided: &Decided<'_>) -> String {
    let server = decided.server;
    let judged = decided.judged();
    let report = DecidedReport {
        schema: 1,
        evidence: Some(exchange_json::evidence(decided.evidence)),
        server: server_report(server, decided.level),
        decisions: exchange_json::decisions(&judged, decided.extras),
        other_levels: decided.other_levels.iter().copied().filter_map(other_level).collect(),
        advice: exchange_json::advice(&judged, decided.extras),
        imported: decided.import.map(|import| ImportReport::of(import, &server.settings)),
    };
    lines::json(&report, 0)
}
