//! The facts that a capture shows of a sign-in besides its messages: between whom, and what the
//! server answered.

use std::{
    fmt::{self, Write as _},
    net::SocketAddr,
};

use serde::Serialize;

use crate::analysis::{Captured, Exchange, Verdict};
use crate::base::finding::Severity;
use crate::judge::{
    agreement::Agreement,
    smb::{MissingFact, Outcome},
};
use crate::read::stream::Answer;
use crate::show::words;

/// The part of the JSON report. Ports are numbers, `frame` are numbers of packets, from 1.
#[derive(Debug, Serialize)]
pub(super) struct CapturedReport<'a> {
    time: String,
    client: EndReport,
    server: EndReport,
    link: &'static str,
    protocol: &'static str,
    frame: &'a [u64],
    connected_as: Option<&'a str>,
    answer: Option<AnswerReport>,
    /// True if the answer is the predicted one; `None` if it can be explained either way.
    agrees: Option<bool>,
    agreement: Option<&'static str>,
}

/// One end of a connection.
#[derive(Debug, Serialize)]
pub(super) struct EndReport {
    address: String,
    port: u16,
}

impl EndReport {
    pub(super) fn of(end: SocketAddr) -> Self {
        Self { address: end.ip().to_string(), port: end.port() }
    }
}

/// The real server's answer.
#[derive(Debug, Serialize)]
pub(super) struct AnswerReport {
    status: String,
    status_code: Option<String>,
    accepted: bool,
    guest: bool,
    null: bool,
}

impl AnswerReport {
    pub(super) fn of(answer: &Answer) -> Self {
        Self {
            status: answer.status.to_string(),
            status_code: answer.status.nt().map(|status| format!("{status:#010X}")),
            accepted: answer.status.is_accepted(),
            guest: answer.is_guest,
            null: answer.is_null,
        }
    }
}

pub(super) fn captured_report(exchange: &Exchange) -> Option<CapturedReport<'_>> {
    let captured = exchange.captured.as_deref()?;
    let agreement = exchange.agreement();
    Some(CapturedReport {
        time: captured.time.to_string(),
        client: EndReport::of(captured.client),
        server: EndReport::of(captured.server),
        link: "tcp",
        protocol: captured.protocol.as_str(),
        frame: &captured.packets,
        connected_as: captured.connected_as.as_deref(),
        answer: captured.answer.as_ref().map(AnswerReport::of),
        agrees: match agreement {
            Some(Agreement::Fits) => Some(true),
            Some(Agreement::Contradicts) => Some(false),
            _ => None,
        },
        agreement: agreement.map(Agreement::as_str),
    })
}

/// Writes what the server in the capture answered, before anything that is simulated; then compares
/// it with the prediction, if there is something to say.
pub(super) fn write_captured(out: &mut String, exchange: &Exchange) -> fmt::Result {
    let Some(captured) = exchange.captured.as_deref() else { return Ok(()) };
    writeln!(out, "  In this capture: {}", words::answered(captured.answer.as_ref()))?;
    writeln!(out, "    {}", between(captured))?;
    let Some(verdict) = &exchange.verdict else { return Ok(()) };
    if let Some(said) =
        exchange.agreement().and_then(|agreement| words::agreement(agreement, captured, verdict))
    {
        let weight = if said.severity > Severity::Note { "Warning: " } else { "" };
        writeln!(out, "    {weight}{}", said.sentence)?;
    }
    match address_question(captured, verdict) {
        Some(question) => writeln!(out, "    {question}"),
        None => Ok(()),
    }
}

/// Between whom, over what, when, in which packets.
fn between(captured: &Captured) -> String {
    let packets: Vec<_> = captured.packets.iter().map(ToString::to_string).collect();
    let plural = if packets.len() == 1 { "" } else { "s" };
    format!(
        "{} to {}, {}, {}, packet{plural} {}",
        captured.client,
        captured.server,
        captured.protocol.label(),
        captured.time,
        packets.join(", ")
    )
}

/// Asks whether the address that the connection went to is the server's own, where a denial depends
/// on that. A capture does not show it: a load balancer or a relay may be there.
fn address_question(captured: &Captured, verdict: &Verdict) -> Option<String> {
    let depends = verdict.decisions.values().any(|decision| {
        decision.outcome == Outcome::Deny && decision.depends_on() == Some(MissingFact::Addresses)
    });
    let address = captured.server.ip();
    depends.then(|| {
        format!(
            "The connection went to {address}. Is that one of the server's own addresses? If so, add --server-ip {address}."
        )
    })
}
