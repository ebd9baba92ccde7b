//! What was read of the server side, and where.

use std::fmt::{self, Write as _};

use serde::Serialize;

use crate::{
    import::{Form, Import, Refusal, Remark, Stated},
    policy::Target,
    visible::Visible,
};

/// What was read, one sentence a line: the values with their places, the events with their causes, and what
/// was not read.
#[must_use]
pub fn render_imported_text(import: &Import) -> String {
    let mut out = String::new();
    // Writing to a String does not fail.
    let _ = write_import(&mut out, import);
    out
}

fn write_import(out: &mut String, import: &Import) -> fmt::Result {
    let refusals = import.refusals.iter().map(refusal_line);
    let remarks = import.remarks.iter().map(remark_line);
    for line in value_lines(import).into_iter().chain(refusals).chain(remarks) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// The values that were read, each with its place. Hidden characters are made visible.
pub(crate) fn value_lines(import: &Import) -> Vec<String> {
    let list = |values: &[String]| match values {
        [] => "none".to_owned(),
        values => Visible(&values.join(", ")).to_string(),
    };
    let on = |value: bool| if value { "on" } else { "off" }.to_owned();
    let mut lines = Vec::new();
    let mut value = |name: &str, words: String, line: usize, form: Form| {
        lines.push(format!("{name}: {words} ({}, line {line})", form.words()));
    };
    if let Some(Stated { value: level, line, form }) = &import.level {
        value("Level", level.to_string(), *line, *form);
    }
    if let Some(Stated { value: names, line, form }) = &import.names {
        value("Server names", list(names), *line, *form);
    }
    if let Some(Stated { value: addresses, line, form }) = &import.addresses {
        let addresses: Vec<_> = addresses.iter().map(ToString::to_string).collect();
        value("Addresses", list(&addresses), *line, *form);
    }
    if let Some(Stated { value: names, line, form }) = &import.allowed {
        value("Allowed names", list(names), *line, *form);
    }
    for (name, audit) in [
        ("Audit of File Share failures", &import.audit_file_share),
        ("AuditClientSpnSupport", &import.audit_client_spn),
    ] {
        if let Some(Stated { value: is_on, line, form }) = audit {
            value(name, on(*is_on), *line, *form);
        }
    }
    lines
}

/// Why an event was written and what would cure it. Hidden characters are visible already.
pub(crate) fn refusal_line(refusal: &Refusal) -> String {
    let Refusal { event, line, why, cure, .. } = refusal;
    let (space, cure) = cure.as_deref().map_or(("", ""), |cure| (" ", cure));
    format!("Event {event}, line {line}: {why}{space}{cure}")
}

/// What was not read or is to be known. Hidden characters are made visible.
pub(crate) fn remark_line(remark: &Remark) -> String {
    let message = Visible(&remark.message);
    match remark.line {
        Some(line) => format!("Line {line}: {message}"),
        None => message.to_string(),
    }
}

/// What was read, for the JSON report. `null`: not shown.
#[derive(Debug, Serialize)]
pub(super) struct ImportReport<'a> {
    level: Option<StatedReport<u32>>,
    server_names: Option<StatedReport<&'a [String]>>,
    addresses: Option<StatedReport<Vec<String>>>,
    allowed: Option<StatedReport<&'a [String]>>,
    audit_file_share: Option<StatedReport<bool>>,
    audit_client_spn: Option<StatedReport<bool>>,
    events: Vec<RefusalReport<'a>>,
    remarks: Vec<RemarkReport<'a>>,
}

/// A value, the number of its line from 1, and what it was read from.
#[derive(Debug, Serialize)]
struct StatedReport<T> {
    value: T,
    line: usize,
    from: &'static str,
}

#[derive(Debug, Serialize)]
struct RefusalReport<'a> {
    event: u16,
    line: usize,
    target: Option<&'static str>,
    spn: Option<&'a str>,
    error_code: Option<String>,
    time: Option<&'a str>,
    computer: Option<&'a str>,
    user: Option<&'a str>,
    why: &'a str,
    cure: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct RemarkReport<'a> {
    line: Option<usize>,
    message: &'a str,
}

impl<'a> ImportReport<'a> {
    pub(super) fn of(import: &'a Import) -> Self {
        Self {
            level: stated(import.level.as_ref(), |value| *value),
            server_names: stated(import.names.as_ref(), Vec::as_slice),
            addresses: stated(import.addresses.as_ref(), |addresses| {
                addresses.iter().map(ToString::to_string).collect()
            }),
            allowed: stated(import.allowed.as_ref(), Vec::as_slice),
            audit_file_share: stated(import.audit_file_share.as_ref(), |value| *value),
            audit_client_spn: stated(import.audit_client_spn.as_ref(), |value| *value),
            events: import.refusals.iter().map(refusal).collect(),
            remarks: import
                .remarks
                .iter()
                .map(|Remark { line, message }| RemarkReport { line: *line, message })
                .collect(),
        }
    }
}

fn stated<'a, T, U>(
    stated: Option<&'a Stated<T>>,
    value: impl Fn(&'a T) -> U,
) -> Option<StatedReport<U>> {
    stated.map(|stated| StatedReport {
        value: value(&stated.value),
        line: stated.line,
        from: stated.form.words(),
    })
}

fn refusal(refusal: &Refusal) -> RefusalReport<'_> {
    RefusalReport {
        event: refusal.event,
        line: refusal.line,
        target: refusal.target.as_ref().map(Target::state),
        spn: refusal.target.as_ref().and_then(Target::text),
        error_code: refusal.error.map(|error| format!("0x{error:08X}")),
        time: refusal.time.as_deref(),
        computer: refusal.computer.as_deref(),
        user: refusal.user.as_deref(),
        why: &refusal.why,
        cure: refusal.cure.as_deref(),
    }
}
