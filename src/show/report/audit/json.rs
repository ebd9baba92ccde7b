//! The audit as JSON, whole or line by line.

use std::fmt;

use serde::{Serialize, Serializer};

use super::Numbered;
use crate::audit::{Audit, Input, Remark, Row, SeenServer, Summary};
use crate::judge::smb::{Decision, Level, Outcome, Target};
use crate::message::{field::hex, ntlm::ResponseKind};
use crate::show::report::{
    captured::{AnswerReport, EndReport},
    lines,
};

/// The whole report.
#[derive(Debug, Serialize)]
struct AuditReport<'a> {
    schema: u32,
    #[serde(rename = "report")]
    kind: &'static str,
    inputs: Vec<InputReport<'a>>,
    servers: Vec<SeenServerReport<'a>>,
    rows: RowReports<'a>,
    rows_left_out: u64,
    summary: Summary,
}

/// The rows, each made when it is written.
#[derive(Debug)]
struct RowReports<'a> {
    audit: &'a Audit,
    all: &'a [&'a Row],
    same_sign_ins: &'a [Option<usize>],
}

impl Serialize for RowReports<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let numbered = self.all.iter().zip(self.same_sign_ins);
        serializer.collect_seq(numbered.map(|(row, same_sign_in)| {
            row_report(self.audit, Numbered { row, same_sign_in: *same_sign_in })
        }))
    }
}

#[derive(Debug, Serialize)]
struct InputReport<'a> {
    name: &'a str,
    form: Option<&'static str>,
    bytes: u64,
    packets: u64,
    events: Option<u64>,
    first: Option<String>,
    last: Option<String>,
    refused: Option<String>,
    findings: Vec<InputRemarkReport<'a>>,
    findings_left_out: u64,
    unread: Vec<UnreadReport<'a>>,
}

#[derive(Debug, Serialize)]
struct InputRemarkReport<'a> {
    severity: &'static str,
    code: &'static str,
    at: u64,
    message: &'a str,
}

#[derive(Debug, Serialize)]
struct UnreadReport<'a> {
    what: &'a str,
    count: u64,
}

#[derive(Debug, Serialize)]
struct SeenServerReport<'a> {
    names: &'a [String],
    names_basis: Option<&'static str>,
    guid: Option<String>,
    configured: bool,
    /// Another one of the list, where it turned out to be the same.
    same_as: Option<usize>,
    addresses: Vec<AddressReport>,
    present_level: Option<PresentLevelReport<'a>>,
}

/// An address that the server was reached at, which alone does not make it the server's own.
#[derive(Debug, Serialize)]
struct AddressReport {
    value: String,
    rule: &'static str,
    basis: &'static str,
    message: &'static str,
}

#[derive(Debug, Serialize)]
struct PresentLevelReport<'a> {
    at_most: u8,
    unless: Option<&'a str>,
    row: usize,
}

#[derive(Debug, Serialize)]
struct RowReport<'a> {
    input: usize,
    packets: &'a [u64],
    record: Option<u64>,
    time: String,
    client: ClientReport<'a>,
    server: Option<usize>,
    destination: EndReport,
    protocol: &'static str,
    mechanism: &'static str,
    complete: bool,
    judged: bool,
    user: Option<&'a str>,
    domain: Option<&'a str>,
    target_name: TargetReport<'a>,
    connected_as: Option<&'a str>,
    response: Option<ResponseKind>,
    mic: Option<MicReport>,
    untrusted: bool,
    decisions: Vec<LevelDecisionReport>,
    server_said: Option<AnswerReport>,
    agreement: Option<&'static str>,
    same_sign_in: Option<usize>,
    sources: [&'static str; 1],
}

#[derive(Debug, Serialize)]
struct ClientReport<'a> {
    address: String,
    port: u16,
    workstation: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct TargetReport<'a> {
    state: &'static str,
    value: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct MicReport {
    state: &'static str,
}

#[derive(Debug, Serialize)]
struct LevelDecisionReport {
    level: u8,
    outcome: OutcomeReport,
    depends: bool,
    code: Option<&'static str>,
    basis: Option<&'static str>,
}

/// The end of an attempt; `unknown` if the message was not captured as far as it takes.
#[derive(Debug)]
struct OutcomeReport(Option<Outcome>);

impl Serialize for OutcomeReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(outcome) => outcome.serialize(serializer),
            None => serializer.serialize_str("unknown"),
        }
    }
}

/// Writes the report as one JSON document with a line end; ends with the first error of `to`.
///
/// # Errors
///
/// Only those of `to`.
pub fn write_json(audit: &Audit, to: &mut dyn fmt::Write) -> fmt::Result {
    let rows = audit.rows();
    let same = Audit::same_sign_ins(&rows);
    let levels = audit.present_levels(&rows);
    let servers = audit.servers().iter().zip(&levels);
    let report = AuditReport {
        schema: 1,
        kind: "audit",
        inputs: audit.inputs().iter().map(input_report).collect(),
        servers: servers
            .map(|(server, level)| {
                let level = level.as_ref().map(|level| PresentLevelReport {
                    at_most: level.at_most,
                    unless: level.unless_listed.as_deref(),
                    row: level.row,
                });
                server_report(audit, server, level)
            })
            .collect(),
        rows: RowReports { audit, all: &rows, same_sign_ins: &same },
        rows_left_out: audit.left_out(),
        summary: audit.summary(),
    };
    lines::write_json(&report, to)
}

/// One object of JSON lines, with what it is.
#[derive(Debug, Serialize)]
struct Typed<T> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(flatten)]
    value: T,
}

/// A row as one line of JSON.
#[must_use]
pub fn json_lines_row(audit: &Audit, row: &Row) -> String {
    let value = row_report(audit, Numbered { row, same_sign_in: None });
    lines::json_line(&Typed { kind: "row", value })
}

/// The lines behind the rows: the files, the servers and the numbers, each as one line of JSON.
#[must_use]
pub fn json_lines_end(audit: &Audit) -> String {
    let mut text = String::new();
    for input in audit.inputs() {
        text += &lines::json_line(&Typed { kind: "input", value: input_report(input) });
    }
    for server in audit.servers() {
        let value = server_report(audit, server, None);
        text += &lines::json_line(&Typed { kind: "server", value });
    }
    text += &lines::json_line(&Typed { kind: "summary", value: audit.summary() });
    text
}

fn input_report(input: &Input) -> InputReport<'_> {
    InputReport {
        name: &input.name,
        form: input.form.map(crate::read::capture::CaptureForm::as_str),
        bytes: input.bytes,
        packets: input.packets,
        events: None,
        first: input.times.map(|(first, _)| first.to_string()),
        last: input.times.map(|(_, last)| last.to_string()),
        refused: input.refusal.map(|refusal| refusal.to_string()),
        findings: input
            .remarks
            .iter()
            .map(|Remark { severity, code, at, message }| InputRemarkReport {
                severity,
                code,
                at: *at,
                message,
            })
            .collect(),
        findings_left_out: input.remarks_left_out,
        unread: input
            .unread
            .iter()
            .map(|(what, count)| UnreadReport { what, count: *count })
            .collect(),
    }
}

fn server_report<'a>(
    audit: &Audit,
    server: &'a SeenServer,
    present_level: Option<PresentLevelReport<'a>>,
) -> SeenServerReport<'a> {
    let given = audit.given_addresses();
    SeenServerReport {
        names: &server.names.computer,
        names_basis: server.names.origin.map(|_| "captured"),
        guid: server.guid.as_ref().map(guid),
        configured: audit.is_configured(server),
        same_as: server.same_as,
        addresses: server
            .addresses
            .iter()
            .map(|address| {
                let is_given = given.contains(address);
                AddressReport {
                    value: address.to_string(),
                    rule: if is_given { "A1" } else { "A5" },
                    basis: if is_given { "documented" } else { "assumed" },
                    message: if is_given {
                        "Given as an address of the server."
                    } else {
                        "Connections lead there. This does not show whether it is the server's own address, a translated one or a relay's."
                    },
                }
            })
            .collect(),
        present_level,
    }
}

/// A GUID as it is written; its first three parts are little-endian.
fn guid(bytes: &[u8; 16]) -> String {
    const ORDER: [&[usize]; 5] =
        [&[3, 2, 1, 0], &[5, 4], &[7, 6], &[8, 9], &[10, 11, 12, 13, 14, 15]];
    let part = |places: &[usize]| {
        let bytes = places.iter().filter_map(|place| bytes.get(*place).copied());
        hex(&bytes.collect::<Vec<_>>())
    };
    ORDER.map(part).join("-")
}

fn row_report<'a>(audit: &Audit, numbered: Numbered<'a>) -> RowReport<'a> {
    let Numbered { row, same_sign_in } = numbered;
    let judged = audit.judge(row);
    let stated = row.stated.as_ref();
    let target = stated.map(|stated| &stated.evidence.target);
    RowReport {
        input: row.input,
        packets: &row.packets,
        record: None,
        time: row.time.to_string(),
        client: ClientReport {
            address: row.client.ip().to_string(),
            port: row.client.port(),
            workstation: stated.and_then(|stated| stated.workstation.as_deref()),
        },
        server: audit.server_of(row),
        destination: EndReport::of(row.destination),
        protocol: row.protocol.as_str(),
        mechanism: row.mechanism.as_str(),
        complete: row.is_complete(),
        judged: row.is_judged(),
        user: stated.and_then(|stated| stated.user.as_deref()),
        domain: stated.and_then(|stated| stated.domain.as_deref()),
        target_name: TargetReport {
            state: target.map_or("cut-off", |target| target.as_str()),
            value: target.and_then(|target| target.text()),
        },
        connected_as: row.connected_as.as_deref(),
        response: stated.and_then(|stated| stated.response),
        mic: stated.and_then(|stated| stated.mic).map(|state| MicReport { state }),
        untrusted: matches!(target, Some(Target::Untrusted(_))),
        decisions: judged.decisions.as_ref().map_or_else(unknown_decisions, |decisions| {
            decisions.values().map(decision_report).collect()
        }),
        server_said: row.answer.as_ref().map(AnswerReport::of),
        agreement: judged.agreement.map(crate::judge::agreement::Agreement::as_str),
        same_sign_in,
        sources: ["capture"],
    }
}

fn decision_report(decision: &Decision) -> LevelDecisionReport {
    let first = decision.reasons.first();
    let is_accepted = decision.outcome == Outcome::Accept;
    LevelDecisionReport {
        level: decision.level.number(),
        outcome: OutcomeReport(Some(decision.outcome)),
        depends: decision.depends_on().is_some(),
        code: first.filter(|_| !is_accepted).map(|reason| reason.rule.code),
        basis: first.map(|reason| reason.basis.as_str()),
    }
}

/// The decisions for a message that was not captured in full.
fn unknown_decisions() -> Vec<LevelDecisionReport> {
    let unknown = |level: Level| LevelDecisionReport {
        level: level.number(),
        outcome: OutcomeReport(None),
        depends: false,
        code: None,
        basis: None,
    };
    Level::ALL.map(unknown).into()
}
