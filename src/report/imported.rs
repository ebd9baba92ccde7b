//! What was read of the server side, and where.

use std::fmt::{self, Write as _};

use serde::Serialize;

use crate::{
    import::{Import, Refusal, Remark, Stated},
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
    let list = |values: &[String]| match values {
        [] => "none".to_owned(),
        values => Visible(&values.join(", ")).to_string(),
    };
    let on = |value: &bool| if *value { "on" } else { "off" }.to_owned();
    write_value(out, "Level", import.level.as_ref(), ToString::to_string)?;
    write_value(out, "Server names", import.names.as_ref(), |names| list(names))?;
    write_value(out, "Addresses", import.addresses.as_ref(), |addresses| {
        list(&addresses.iter().map(ToString::to_string).collect::<Vec<_>>())
    })?;
    write_value(out, "Allowed names", import.allowed.as_ref(), |names| list(names))?;
    write_value(out, "Audit of File Share failures", import.audit_file_share.as_ref(), on)?;
    write_value(out, "AuditClientSpnSupport", import.audit_client_spn.as_ref(), on)?;
    for refusal in &import.refusals {
        let Refusal { event, line, why, cure, .. } = refusal;
        writeln!(out, "Event {event}, line {line}: {}", joined(why, cure.as_deref()))?;
    }
    for Remark { line, message } in &import.remarks {
        let message = Visible(message);
        match line {
            Some(line) => writeln!(out, "Line {line}: {message}")?,
            None => writeln!(out, "{message}")?,
        }
    }
    Ok(())
}

fn joined(why: &str, cure: Option<&str>) -> String {
    cure.map_or_else(|| why.to_owned(), |cure| format!("{why} {cure}"))
}

fn write_value<T>(
    out: &mut String,
    name: &str,
    stated: Option<&Stated<T>>,
    words: impl Fn(&T) -> String,
) -> fmt::Result {
    let Some(Stated { value, line, form }) = stated else { return Ok(()) };
    writeln!(out, "{name}: {} ({}, line {line})", words(value), form.words())
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
