//! Events and remedies in the JSON report.

use std::borrow::Cow;

use serde::Serialize;

use crate::judge::{
    events::{Command, Event, Events, NotWritten},
    remedies::{Advice, Change, Check, Remedy, advice},
    smb::{Basis, EventId, Level},
};
use crate::show::words;

#[derive(Debug, Serialize)]
pub(super) struct EventsReport {
    written: Vec<EventReport>,
    not_written: Vec<NotWrittenReport>,
}

#[derive(Debug, Serialize)]
struct EventReport {
    id: EventId,
    log: &'static str,
    data: Vec<DatumReport>,
    notes: Vec<&'static str>,
    needs: &'static str,
    text: String,
    xml: String,
}

#[derive(Debug, Serialize)]
struct DatumReport {
    name: &'static str,
    value: String,
    placeholder: bool,
}

#[derive(Debug, Serialize)]
struct NotWrittenReport {
    id: EventId,
    because: &'static str,
    commands: Vec<CommandReport>,
}

#[derive(Debug, Serialize)]
struct CommandReport {
    does: &'static str,
    shell: &'static str,
    on: &'static str,
    text: String,
}

pub(super) fn events_report(events: Events) -> EventsReport {
    EventsReport {
        written: events.written.into_iter().map(event).collect(),
        not_written: events.not_written.into_iter().map(not_written).collect(),
    }
}

fn event(event: Event) -> EventReport {
    EventReport {
        id: event.id,
        log: event.log.name(),
        text: event.to_text(),
        xml: event.to_xml(),
        data: event
            .data
            .into_iter()
            .map(|datum| DatumReport {
                name: datum.name,
                value: datum.value,
                placeholder: datum.is_placeholder,
            })
            .collect(),
        notes: event.notes,
        needs: event.needs,
    }
}

fn not_written(event: NotWritten) -> NotWrittenReport {
    NotWrittenReport { id: event.id, because: event.because, commands: commands(event.commands) }
}

fn commands(commands: Vec<Command>) -> Vec<CommandReport> {
    commands.into_iter().map(command).collect()
}

fn command(command: Command) -> CommandReport {
    CommandReport {
        does: command.description,
        shell: command.shell.label(),
        on: command.machine.label(),
        text: command.text,
    }
}

#[derive(Debug, Serialize)]
pub(super) struct RemedyReport {
    code: &'static str,
    change: ChangeReport,
    says: Vec<String>,
    commands: Vec<CommandReport>,
    then: ThenReport,
}

/// The fact that changes, and its new value; `value` is `null` if no name is known.
#[derive(Debug, Serialize)]
struct ChangeReport {
    what: &'static str,
    value: Option<String>,
}

#[derive(Debug, Serialize)]
struct ThenReport {
    code: &'static str,
    basis: Basis,
    source: &'static str,
    message: Cow<'static, str>,
}

pub(super) fn remedy_report(remedy: Remedy) -> RemedyReport {
    let says = remedy.sentences().map(str::to_owned).collect();
    RemedyReport {
        code: remedy.code,
        change: change(remedy.change),
        says,
        commands: commands(remedy.commands),
        then: ThenReport {
            code: remedy.then.rule.code,
            basis: remedy.then.basis,
            source: remedy.then.rule.source,
            message: words::reason(&remedy.then),
        },
    }
}

fn change(change: Change) -> ChangeReport {
    let (what, value) = match change {
        Change::StateAddress(address) => ("state-address", Some(address.to_string())),
        Change::StateName(name) => ("state-name", Some(name)),
        Change::StateDomainController => ("state-domain-controller", None),
        Change::Send(name) => ("send", Some(name)),
        Change::SendAnyOwnName => ("send", None),
        Change::AnswerWithNtlmv2(name) => ("answer-with-ntlmv2", name),
        Change::Allow(name) => ("allow", Some(name)),
        Change::Level(level) => ("level", Some(level.number().to_string())),
    };
    ChangeReport { what, value }
}

#[derive(Debug, Serialize)]
pub(super) struct AdviceReport {
    not_to_do: Vec<&'static str>,
    before_enforcing: Vec<CheckReport>,
    afterwards: Vec<CheckReport>,
    other_causes: Vec<CauseReport>,
    settings: Vec<SettingReport>,
    levels: Vec<CommandReport>,
}

#[derive(Debug, Serialize)]
struct CheckReport {
    says: &'static str,
    command: Option<CommandReport>,
}

#[derive(Debug, Serialize)]
struct CauseReport {
    cause: &'static str,
    told_by: &'static str,
}

#[derive(Debug, Serialize)]
struct SettingReport {
    place: &'static str,
    path: &'static str,
    remark: &'static str,
}

pub(super) fn advice_report(levels: &[Level]) -> AdviceReport {
    let Advice { not_to_do, before_enforcing, afterwards, other_causes, settings, levels } =
        advice(levels);
    let checks = |checks: Vec<Check>| {
        checks
            .into_iter()
            .map(|check| CheckReport { says: check.sentence, command: check.command.map(command) })
            .collect()
    };
    AdviceReport {
        not_to_do,
        before_enforcing: checks(before_enforcing),
        afterwards: checks(afterwards),
        other_causes: other_causes
            .into_iter()
            .map(|other| CauseReport { cause: other.cause, told_by: other.told_by })
            .collect(),
        settings: settings
            .into_iter()
            .map(|setting| SettingReport {
                place: setting.place,
                path: setting.path,
                remark: setting.remark,
            })
            .collect(),
        levels: commands(levels),
    }
}
