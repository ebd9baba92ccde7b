//! What a capture shows of a sign-in besides its messages: between whom, and what the server
//! answered.

use std::{
    fmt::{self, Write as _},
    net::SocketAddr,
};

use serde::Serialize;

use crate::analysis::{Captured, Exchange, Verdict};
use crate::judge::{
    agreement::Agreement,
    smb::{Outcome, Unknown},
};
use crate::read::stream::Answer;

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
    /// Whether the answer is what was predicted; `None` where it can be explained either way.
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

/// What the real server answered.
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
        protocol: captured.protocol.code(),
        frame: &captured.packets,
        connected_as: captured.connected_as.as_deref(),
        answer: captured.answer.as_ref().map(AnswerReport::of),
        agrees: match agreement {
            Some(Agreement::Fits) => Some(true),
            Some(Agreement::Contradicts) => Some(false),
            _ => None,
        },
        agreement: agreement.map(Agreement::word),
    })
}

/// Writes what the server in the capture answered, before anything that is simulated; then how that
/// stands to what is predicted, where there is something to say.
pub(super) fn write_captured(out: &mut String, exchange: &Exchange) -> fmt::Result {
    let Some(captured) = exchange.captured.as_deref() else { return Ok(()) };
    writeln!(out, "  In this capture: {}", answered(captured.answer.as_ref()))?;
    writeln!(out, "    {}", between(captured))?;
    let Some(verdict) = &exchange.verdict else { return Ok(()) };
    if let Some(said) =
        exchange.agreement().and_then(|agreement| compared(agreement, captured, verdict))
    {
        writeln!(out, "    {said}")?;
    }
    match address_question(captured, verdict) {
        Some(question) => writeln!(out, "    {question}"),
        None => Ok(()),
    }
}

/// What the server answered: `refused, STATUS_LOGON_FAILURE (0xC000006D)`.
fn answered(answer: Option<&Answer>) -> String {
    let Some(answer) = answer else { return "no answer from the server was captured".to_owned() };
    let what = match (answer.status.is_accepted(), answer.is_guest, answer.is_null) {
        (true, true, _) => "accepted as guest",
        (true, false, true) => "accepted without an account",
        (true, false, false) => "accepted",
        (false, ..) => "refused",
    };
    let number = match answer.status.nt() {
        Some(status) if !answer.status.is_accepted() => format!(" (0x{status:08X})"),
        _ => String::new(),
    };
    format!("{what}, {}{number}", answer.status)
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

/// How the answer stands to what is predicted; `None` where that needs no words.
fn compared(agreement: Agreement, captured: &Captured, verdict: &Verdict) -> Option<&'static str> {
    let mut denials =
        verdict.decisions.values().filter(|decision| decision.outcome == Outcome::Deny);
    let depends = denials.all(|decision| decision.hangs_on().is_some());
    let is_accepted = captured.answer.as_ref().is_some_and(|answer| answer.status.is_accepted());
    match agreement {
        Agreement::Fits if is_accepted => None,
        Agreement::Fits => {
            Some("This is how the check of the name denies, so the check is probably on.")
        }
        Agreement::Open if verdict.evidence.target.text().is_none() => {
            Some("The server let this in without a name, so its level is not 2.")
        }
        Agreement::Open if depends => Some(
            "The server accepted it: the name is one of its own or allowed, or its level does not check names.",
        ),
        Agreement::Open => Some(
            "The server accepted it, though some levels below deny it. Either its level is lower, or the name is in a list that is not stated here.",
        ),
        Agreement::AnonymousRefused => Some(
            "Anonymous sign-ins are often refused for other reasons, so this says nothing about the check of the name.",
        ),
        Agreement::Contradicts if is_accepted => Some(
            "Warning: the server accepted it, but here it fails before the name is checked. The secret or the server's settings may be stated wrongly. If they are right, SPNscope is wrong: please tell us.",
        ),
        Agreement::Contradicts => Some(
            "Warning: the server refused it, but here it is accepted. The server may require encryption, refuse guests, deny this user the right to log on, or have shorter lists than stated. If none of that is so, SPNscope is wrong: please tell us.",
        ),
        Agreement::Earlier => Some("It was refused before the server looked at the name."),
        Agreement::Unseen => None,
    }
}

/// Asks whether the address that the connection went to is the server's own, where a denial depends
/// on that. A capture does not show it: a load balancer or a relay may stand there.
fn address_question(captured: &Captured, verdict: &Verdict) -> Option<String> {
    let depends = verdict.decisions.values().any(|decision| {
        decision.outcome == Outcome::Deny && decision.hangs_on() == Some(Unknown::Addresses)
    });
    let address = captured.server.ip();
    depends.then(|| {
        format!(
            "The connection went to {address}. Is that one of the server's own addresses? If so, add --server-ip {address}."
        )
    })
}
