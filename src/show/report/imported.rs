//! The facts read of the server side, and their places.

use std::fmt::{self, Write as _};

use serde::Serialize;

use crate::base::visible::Visible;
use crate::judge::imports::{Cause, Import, Refusal};
use crate::judge::smb::{Basis, Decision, Outcome, PerLevel, ServerSettings, Target};
use crate::read::config::{EventRecord, Form, Remark, RemarkAbout, Stated, Undocumented, Witness};
use crate::show::words;

/// Renders the facts read, one sentence a line: the values with their places, the events with their
/// causes, and what was not read.
#[must_use]
pub fn render_imported_text(import: &Import) -> String {
    let mut out = String::new();
    // Writing to a String does not fail.
    let _ = write_import(&mut out, import);
    out
}

fn write_import(out: &mut String, import: &Import) -> fmt::Result {
    let refusals = import.refusals.iter().map(refusal_line);
    let remarks = remarks(import);
    let remarks = remarks.iter().map(remark_line);
    for line in value_lines(import).into_iter().chain(refusals).chain(remarks) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// The values that were read, each with its place. Hidden characters are made visible.
pub fn value_lines(import: &Import) -> Vec<String> {
    let list = |values: &[String]| match values {
        [] => "none".to_owned(),
        values => Visible(&values.join(", ")).to_string(),
    };
    let on = |value: bool| if value { "on" } else { "off" }.to_owned();
    let mut lines = Vec::new();
    let mut value = |name: &str, words: String, line: usize, form: Form| {
        lines.push(format!("{name}: {words} ({}, line {line})", form.words()));
    };
    if let Some(Stated { value: level, line, form }) = &import.stated.level {
        value("Level", level.to_string(), *line, *form);
    }
    if let Some(Stated { value: names, line, form }) = &import.stated.names {
        value("Server names", list(names), *line, *form);
    }
    if let Some(Stated { value: addresses, line, form }) = &import.stated.addresses {
        let addresses: Vec<_> = addresses.iter().map(ToString::to_string).collect();
        value("Addresses", list(&addresses), *line, *form);
    }
    if let Some(Stated { value: names, line, form }) = &import.stated.allowed {
        value("Allowed names", list(names), *line, *form);
    }
    for (name, audit) in [
        ("Audit of File Share failures", &import.stated.audit_file_share),
        ("AuditClientSpnSupport", &import.stated.audit_client_spn),
    ] {
        if let Some(Stated { value: is_on, line, form }) = audit {
            value(name, on(*is_on), *line, *form);
        }
    }
    lines
}

/// The answer of a server with `settings` to the sign-in of an event: `denied at levels 1 and 2`.
#[must_use]
pub fn answer_now(refusal: &Refusal, settings: &ServerSettings) -> String {
    let Some(decisions) = refusal.answers(settings) else {
        return words::unanswered(refusal).to_owned();
    };
    let with = |outcome| {
        let found = decisions.values().filter(|decision| decision.outcome == outcome);
        found.map(|decision| decision.level.number().to_string()).collect::<Vec<_>>()
    };
    let [accepted, denied] = [Outcome::Accept, Outcome::Deny].map(with);
    let depends = decisions.values().any(|decision| decision.depends_on().is_some());
    match denied.as_slice() {
        [] if accepted.is_empty() => "refused before the name is checked".to_owned(),
        [] => "accepted at every level".to_owned(),
        [one] if depends => format!("level {one} depends on the server"),
        all if depends => format!("levels {} depend on the server", all.join(" and ")),
        [one] => format!("denied at level {one}"),
        all => format!("denied at levels {}", all.join(" and ")),
    }
}

/// The name in an event, as it is shown where there are several. Hidden characters are made
/// visible.
#[must_use]
pub fn name_in(refusal: &Refusal) -> String {
    match &refusal.target {
        Some(Target::Empty) => "an empty name".to_owned(),
        Some(target) => {
            target.text().map_or_else(|| "no name".to_owned(), |name| Visible(name).to_string())
        }
        None => match &refusal.cause {
            Cause::OtherService(service) => Visible(&service.name).to_string(),
            _ => "name not in the event".to_owned(),
        },
    }
}

/// One row for each sign-in that the events tell of: the event, when, the name, what would be
/// answered now. `decided` is the index of the one that the decisions are about.
pub(super) fn write_events(
    out: &mut String,
    import: &Import,
    settings: &ServerSettings,
    decided: Option<usize>,
) -> fmt::Result {
    for (index, refusal) in import.refusals.iter().enumerate() {
        write!(out, "  Event {}, line {}", refusal.record.event, refusal.record.line)?;
        if let Some(time) = &refusal.record.time {
            write!(out, ", {}", Visible(time))?;
        }
        write!(out, ": {}; now {}", name_in(refusal), answer_now(refusal, settings))?;
        writeln!(out, "{}", if Some(index) == decided { " (decided above)" } else { "" })?;
    }
    Ok(())
}

/// The cause of an event and its cure. Hidden characters are visible already.
#[must_use]
pub fn refusal_line(refusal: &Refusal) -> String {
    let EventRecord { event, line, .. } = &refusal.record;
    let why = words::cause(refusal);
    let cure = refusal.cure.as_ref().map(|cure| format!(" {}", words::cure(cure)));
    format!("Event {event}, line {line}: {why}{}", cure.unwrap_or_default())
}

/// The remarks about what was read and what was not, in the order of the lines; a level that is not
/// documented is among them.
#[must_use]
pub fn remarks(import: &Import) -> Vec<Remark> {
    let mut remarks = import.stated.remarks.clone();
    let level = import.stated.level.as_ref();
    if let Some((level, reason)) = level.zip(import.level_remark()) {
        let message = words::reason(&reason).into_owned();
        let remark = Remark { line: Some(level.line), about: RemarkAbout::Other, message };
        let at = remarks.partition_point(|other| other.place() <= remark.place());
        remarks.insert(at, remark);
    }
    remarks
}

/// The line for one remark. Hidden characters are made visible.
#[must_use]
pub fn remark_line(remark: &Remark) -> String {
    let message = Visible(&remark.message);
    match remark.line {
        Some(line) => format!("Line {line}: {message}"),
        None => message.to_string(),
    }
}

/// The facts read, for the JSON report. `null`: not shown.
#[derive(Debug, Serialize)]
pub(super) struct ImportReport<'a> {
    level: Option<StatedReport<u32>>,
    server_names: Option<StatedReport<&'a [String]>>,
    addresses: Option<StatedReport<Vec<String>>>,
    allowed: Option<StatedReport<&'a [String]>>,
    audit_file_share: Option<StatedReport<bool>>,
    audit_client_spn: Option<StatedReport<bool>>,
    events: Vec<RefusalReport<'a>>,
    remarks: Vec<RemarkReport>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_status: Option<String>,
    time: Option<&'a str>,
    computer: Option<&'a str>,
    user: Option<&'a str>,
    why: String,
    cure: Option<String>,
    /// The end at each level now, with the settings in this report.
    now: Option<[Outcome; 3]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    witness: Option<WitnessReport<'a>>,
}

/// Windows' own account of the client's message, with the event's values as they are.
#[derive(Debug, Serialize)]
struct WitnessReport<'a> {
    service_binding: Option<&'a str>,
    av_flags: Option<String>,
    basis: Basis,
    undocumented: Vec<UndocumentedReport<'a>>,
}

#[derive(Debug, Serialize)]
struct UndocumentedReport<'a> {
    field: &'static str,
    value: &'a str,
}

impl<'a> WitnessReport<'a> {
    fn of(witness: &'a Witness) -> Self {
        let undocumented = witness.undocumented.iter();
        let undocumented =
            undocumented.map(|Undocumented { field, value }| UndocumentedReport { field, value });
        Self {
            service_binding: witness.service_binding.as_deref(),
            av_flags: witness.av_flags.map(|flags| format!("{flags:#010x}")),
            basis: Basis::Captured,
            undocumented: undocumented.collect(),
        }
    }
}

#[derive(Debug, Serialize)]
struct RemarkReport {
    line: Option<usize>,
    message: String,
}

impl<'a> ImportReport<'a> {
    pub(super) fn of(import: &'a Import, settings: &ServerSettings) -> Self {
        Self {
            level: stated(import.stated.level.as_ref(), |value| *value),
            server_names: stated(import.stated.names.as_ref(), Vec::as_slice),
            addresses: stated(import.stated.addresses.as_ref(), |addresses| {
                addresses.iter().map(ToString::to_string).collect()
            }),
            allowed: stated(import.stated.allowed.as_ref(), Vec::as_slice),
            audit_file_share: stated(import.stated.audit_file_share.as_ref(), |value| *value),
            audit_client_spn: stated(import.stated.audit_client_spn.as_ref(), |value| *value),
            events: import.refusals.iter().map(|event| refusal(event, settings)).collect(),
            remarks: remarks(import)
                .into_iter()
                .map(|Remark { line, message, .. }| RemarkReport { line, message })
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

fn refusal<'a>(refusal: &'a Refusal, settings: &ServerSettings) -> RefusalReport<'a> {
    let outcomes =
        |decisions: PerLevel<Decision>| decisions.into_array().map(|decision| decision.outcome);
    RefusalReport {
        event: refusal.record.event,
        line: refusal.record.line,
        target: refusal.target.as_ref().map(Target::as_str),
        spn: refusal.target.as_ref().and_then(Target::text),
        error_code: refusal.record.error.map(|error| format!("0x{error:08X}")),
        sub_status: refusal.record.sub_status.map(|code| format!("0x{code:08X}")),
        time: refusal.record.time.as_deref(),
        computer: refusal.record.computer.as_deref(),
        user: refusal.record.user.as_deref(),
        why: words::cause(refusal),
        cure: refusal.cure.as_ref().map(words::cure),
        now: refusal.answers(settings).map(outcomes),
        witness: refusal.record.witness.as_ref().map(WitnessReport::of),
    }
}
