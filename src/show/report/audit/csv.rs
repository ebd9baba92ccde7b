//! The audit as a table for spreadsheet programs: one line a row, and nothing that would run there
//! as a formula.

use std::fmt::Write as _;

use crate::audit::{Audit, Row};
use crate::judge::smb::{Decision, Outcome};

/// The columns, in their order.
const COLUMNS: [&str; 27] = [
    "file",
    "time",
    "client",
    "client_port",
    "workstation",
    "server",
    "destination",
    "destination_port",
    "protocol",
    "mechanism",
    "complete",
    "judged",
    "user",
    "domain",
    "target_state",
    "target_name",
    "connected_as",
    "response",
    "mic",
    "level_1",
    "level_1_code",
    "level_2",
    "level_2_code",
    "server_said",
    "status_code",
    "agreement",
    "packets",
];

/// The first line of the table, with its line end.
#[must_use]
pub fn csv_heading() -> String {
    COLUMNS.join(",") + "\r\n"
}

/// A row of the table, with its line end.
#[must_use]
pub fn csv_row(audit: &Audit, row: &Row) -> String {
    let judged = audit.judge(row);
    let stated = row.stated.as_ref();
    let target = stated.map(|stated| &stated.evidence.target);
    let input = audit.inputs().get(row.input).map(|input| input.name.as_str());
    let server = audit.server_of(row).and_then(|at| audit.servers().get(at));
    let server = server.and_then(|server| server.names.computer.last());
    let yes = |is: bool| if is { "yes" } else { "no" };
    let [level_1, level_2] = judged.decisions.as_ref().map_or_else(Default::default, |decisions| {
        let [_, level_1, level_2] = decisions.as_array();
        [outcome(level_1), outcome(level_2)]
    });
    let packets = row.packets.iter().map(u64::to_string).collect::<Vec<_>>().join(" ");
    let answer = row.answer.as_ref();
    let status_code = answer.and_then(|answer| answer.status.nt());
    let cells = [
        input.unwrap_or_default().to_owned(),
        row.time.to_string(),
        row.client.ip().to_string(),
        row.client.port().to_string(),
        text(stated.and_then(|stated| stated.workstation.as_deref())),
        text(server.map(String::as_str)),
        row.destination.ip().to_string(),
        row.destination.port().to_string(),
        row.protocol.as_str().to_owned(),
        row.mechanism.as_str().to_owned(),
        yes(row.is_complete()).to_owned(),
        yes(row.is_judged()).to_owned(),
        text(stated.and_then(|stated| stated.user.as_deref())),
        text(stated.and_then(|stated| stated.domain.as_deref())),
        target.map_or("cut-off", |target| target.as_str()).to_owned(),
        text(target.and_then(|target| target.text())),
        text(row.connected_as.as_deref()),
        text(
            stated
                .and_then(|stated| stated.response)
                .map(crate::message::ntlm::ResponseKind::label),
        ),
        text(stated.and_then(|stated| stated.mic)),
        text(level_1.0),
        text(level_1.1),
        text(level_2.0),
        text(level_2.1),
        answer.map_or_else(String::new, |answer| answer.status.to_string()),
        status_code.map_or_else(String::new, |status| format!("{status:#010X}")),
        text(judged.agreement.map(crate::judge::agreement::Agreement::as_str)),
        packets,
    ];
    let mut line = String::new();
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        push_cell(&mut line, cell);
    }
    line.push_str("\r\n");
    line
}

/// The end at a level, and why if it does not let in.
fn outcome(decision: &Decision) -> (Option<&'static str>, Option<&'static str>) {
    let code = decision.reasons.first().map(|reason| reason.rule.code);
    match decision.outcome {
        Outcome::Accept => (Some("accept"), None),
        Outcome::Deny if decision.depends_on().is_some() => (Some("depends"), code),
        Outcome::Deny => (Some("deny"), code),
        Outcome::LogonFailure => (Some("logon-failure"), code),
        Outcome::Unknown => (Some("unknown"), code),
    }
}

fn text(text: Option<&str>) -> String {
    text.unwrap_or_default().to_owned()
}

/// Writes a cell. What others wrote could be a formula to a table program, so that a mark goes
/// before it, and has nothing hidden in it.
fn push_cell(line: &mut String, cell: &str) {
    let cell = crate::base::visible::Visible(cell).to_string();
    let begins_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let mark = if begins_formula { "'" } else { "" };
    if cell.contains(['"', ',', '\n', '\r']) {
        // Writing to memory does not fail.
        let _ = write!(line, "\"{mark}{}\"", cell.replace('"', "\"\""));
    } else {
        line.push_str(mark);
        line.push_str(&cell);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_runs_as_a_formula_or_leaves_its_column() {
        for (cell, written) in [
            ("plain", "plain"),
            ("=1+1", "'=1+1"),
            ("@SUM(a)", "'@SUM(a)"),
            ("-2,\"x\"", "\"'-2,\"\"x\"\"\""),
            ("a\nb", "a\\u{a}b"),
            ("\t=1", "\\u{9}=1"),
        ] {
            let mut line = String::new();
            push_cell(&mut line, cell);
            assert_eq!(line, written);
        }
    }
}
