//! A run of the relay lab as text: the answer first, then the checks, then the messages.

use std::fmt::{self, Write as _};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::reason::stated;
use crate::base::visible::Visible;
use crate::judge::smb::{Outcome, Role};
use crate::lab::relay::{self, Check, Edit, Passage, Run, Scenario, Statement};
use crate::message::{field::hex, wire::NtStatus};

/// The run of `scenario` as text, with a line end after each line.
#[must_use]
pub fn render(scenario: &Scenario, run: &Run) -> String {
    let mut out = String::new();
    // Writing to a String does not fail.
    let _ = write_run(&mut out, scenario, run);
    out
}

fn write_run(out: &mut String, scenario: &Scenario, run: &Run) -> fmt::Result {
    write_scenario(out, scenario)?;
    writeln!(out, "\n{}", run.ending.sentence())?;
    write_statement(out, &run.why)?;
    let outcome = match run.outcome {
        Outcome::Accept => "accepted",
        Outcome::Deny => "denied",
        Outcome::LogonFailure => "refused before the target name",
        Outcome::Unknown => "not known",
    };
    let events: Vec<_> = run.events.iter().map(ToString::to_string).collect();
    let status = status(run.status);
    writeln!(out, "\nSign-in: {outcome}, {status}, events {}", events.join(", "))?;
    if run.request.is_some() {
        writeln!(out, "First request: {}", status_of_request(run))?;
    }
    if let Some(because) = run.edited.because() {
        writeln!(out, "Edit: {because}")?;
    }
    for passage in &run.passages {
        write_changes(out, passage)?;
    }
    writeln!(out, "\nChecks")?;
    for check in &run.checks {
        write_check(out, check)?;
    }
    if !run.notes.is_empty() {
        writeln!(out, "\nNotes")?;
        for note in &run.notes {
            write_statement(out, note)?;
        }
    }
    let (domain, user, password) = (relay::DOMAIN, relay::USER, relay::PASSWORD);
    writeln!(out, "\nMessages as the server has them; {domain}\\{user}, password {password}")?;
    for passage in &run.passages {
        let message = passage.at_server();
        writeln!(out, "{} {}", message.kind(), STANDARD.encode(message.bytes()))?;
    }
    if run.passages.iter().any(|passage| !passage.changes.is_empty()) {
        writeln!(out, "\nMessages as the client has them")?;
        for passage in &run.passages {
            let message = passage.at_client();
            writeln!(out, "{} {}", message.kind(), STANDARD.encode(message.bytes()))?;
        }
    }
    Ok(())
}

fn write_scenario(out: &mut String, scenario: &Scenario) -> fmt::Result {
    let server = &scenario.server;
    writeln!(out, "In the middle: {}", scenario.middle.label())?;
    writeln!(out, "Opened: {}", scenario.middle.opened())?;
    write!(out, "Edited: {}", scenario.edit.label())?;
    if let Edit::RewriteTargetName(name) = &scenario.edit {
        write!(out, " to {}", Visible(name))?;
    }
    writeln!(out, "\nClient: {}", scenario.client.label())?;
    let role = match server.role {
        Role::Member => "a member server, whose domain controller checks the proof",
        Role::DomainController => "a domain controller",
    };
    writeln!(out, "Server: {role}, level {}", scenario.level)?;
    let signing = if scenario.requires_signing { "required" } else { "not required" };
    let fixed = if server.patched_cve_2019_1040 { "fixed" } else { "not fixed" };
    let encryption = if scenario.requires_encryption { "required" } else { "not required" };
    writeln!(out, "Signing: {signing}; encryption: {encryption}; CVE-2019-1040: {fixed}")?;
    if !server.allowed.is_empty() {
        writeln!(out, "Allowed names: {}", Visible(&server.allowed.join(", ")))?;
    }
    Ok(())
}

fn write_statement(out: &mut String, statement: &Statement) -> fmt::Result {
    writeln!(out, "  {}", stated(statement))
}

fn write_check(out: &mut String, check: &Check) -> fmt::Result {
    let state = check.state.as_str().replace('-', " ");
    writeln!(out, "  {}, by the {}: {state}", check.kind.label(), check.by.as_str())?;
    if let Some(reason) = &check.reason {
        write!(out, "  ")?;
        write_statement(out, reason)?;
    }
    let Some(values) = &check.values else { return Ok(()) };
    writeln!(out, "    {}", values.name)?;
    writeln!(out, "      received {}", hex(&values.received))?;
    writeln!(out, "      computed {}", hex(&values.computed))?;
    let mut marks = String::new();
    for span in values.differing() {
        marks.extend(std::iter::repeat_n(' ', span.start * 2 - marks.len()));
        marks.extend(std::iter::repeat_n('^', span.len() * 2));
    }
    if marks.is_empty() { Ok(()) } else { writeln!(out, "      differs  {marks}") }
}

fn write_changes(out: &mut String, passage: &Passage) -> fmt::Result {
    for row in passage.changed() {
        write!(out, "Changed: {} {}", passage.sent.kind(), row.name)?;
        match (&row.left, &row.right) {
            (Some(sent), None) => writeln!(out, ", {} as sent, is removed", sent.span)?,
            (None, Some(received)) => writeln!(out, ", {} as received, is added", received.span)?,
            (Some(sent), Some(received)) => {
                let [sent_value, received_value] =
                    [sent, received].map(|side| Visible(&side.value));
                writeln!(out, ", {}, from {sent_value} to {received_value}", sent.span)?;
            }
            (None, None) => writeln!(out)?,
        }
    }
    Ok(())
}

fn status_of_request(run: &Run) -> String {
    let signed = run.request.as_ref().is_some_and(relay::Request::is_signed);
    let signed = if signed { "signed" } else { "not signed" };
    format!("{signed}, {}", status(run.request_status))
}

fn status(status: Option<NtStatus>) -> String {
    status.map_or_else(
        || "status not documented".to_owned(),
        |status| format!("{status} {status:#010X}"),
    )
}
