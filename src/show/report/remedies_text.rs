//! Events and remedies in the text report.

use std::fmt::{self, Write as _};

use super::{
    extras::{EventForm, Judged},
    reason::said,
};
use crate::base::visible::Visible;
use crate::judge::{
    events::{Command, Event},
    remedies::{AllowList, Change, Check, Remedy, advice},
    smb::{Level, Outcome},
};

/// The events of each level.
pub(super) fn write_events(out: &mut String, judged: &Judged<'_>, form: EventForm) -> fmt::Result {
    let mut shown: Vec<(u8, Event)> = Vec::new();
    for decision in judged.decisions {
        let events = judged.events(decision);
        writeln!(out, "  Events at level {}:", decision.level.number())?;
        for event in events.written {
            let known =
                shown.iter().find(|(_, known)| known.id == event.id && known.data == event.data);
            write_event(out, &event, form, known)?;
            if known.is_none() {
                shown.push((decision.level.number(), event));
            }
        }
        for event in &events.not_written {
            writeln!(out, "    {} is not written. {}", event.id, event.because)?;
            write_commands(out, &event.commands)?;
        }
    }
    Ok(())
}

/// One event; where it was shown already at a lower level, only that.
fn write_event(
    out: &mut String,
    event: &Event,
    form: EventForm,
    shown: Option<&(u8, Event)>,
) -> fmt::Result {
    if let Some((level, known)) = shown {
        writeln!(out, "    {} in {}, as at level {level}.", event.id, event.log.name())?;
        return write_notes(out, event.notes.iter().filter(|note| !known.notes.contains(note)));
    }
    writeln!(out, "    {} in {}. {}", event.id, event.log.name(), event.needs)?;
    let body = match form {
        EventForm::Text => event.to_text(),
        EventForm::Xml => event.to_xml(),
    };
    write_block(out, &body)?;
    // The XML says both in its comment.
    if form == EventForm::Xml {
        return Ok(());
    }
    if let Some(unknown) = event.unknown() {
        writeln!(out, "      {unknown}")?;
    }
    write_notes(out, event.notes.iter())
}

fn write_notes<'n>(
    out: &mut String,
    mut notes: impl Iterator<Item = &'n &'static str>,
) -> fmt::Result {
    notes.try_for_each(|note| writeln!(out, "      {note}"))
}

/// Writes the remedies of each denial. Levels with the same remedies have them once.
pub(super) fn write_remedies(
    out: &mut String,
    judged: &Judged<'_>,
    allowed: AllowList,
) -> fmt::Result {
    if !judged.service.is_file_server() {
        return writeln!(
            out,
            "  How to fix it: nothing needs fixing. The sign-in went to {}, which does not make this check.",
            judged.service.kind.server()
        );
    }
    let groups = judged.by_levels(allowed);
    if judged.decisions.iter().any(|decision| decision.outcome == Outcome::Unknown) {
        return writeln!(
            out,
            "  How to fix it: not known, because the paste is cut. Whether anything is denied is not known either."
        );
    }
    if groups.is_empty() {
        let is_early = |outcome| outcome == Outcome::LogonFailure;
        return if judged.decisions.iter().any(|decision| is_early(decision.outcome)) {
            writeln!(
                out,
                "  How to fix it: the sign-in fails before the name is checked, so no other name would help."
            )
        } else {
            writeln!(out, "  How to fix it: nothing is denied.")
        };
    }
    for (levels, remedies) in &groups {
        let numbers: Vec<_> = levels.iter().map(|level| level.number().to_string()).collect();
        let word = if levels.len() == 1 { "level" } else { "levels" };
        writeln!(out, "  How to fix it at {word} {}:", numbers.join(" and "))?;
        for (number, remedy) in (1..).zip(remedies) {
            write_remedy(out, number, remedy)?;
        }
    }
    write_advice(out, &judged.denied_levels())
}

fn write_remedy(out: &mut String, number: usize, remedy: &Remedy) -> fmt::Result {
    for (at, sentence) in remedy.sentences().enumerate() {
        match at {
            0 => writeln!(out, "    {number}. {}", Visible(sentence))?,
            _ => writeln!(out, "       {}", Visible(sentence))?,
        }
    }
    if let Some(argument) = argument_that_states(&remedy.change) {
        writeln!(out, "       If it is, say so here with {argument}.")?;
    }
    writeln!(out, "       Accepted then: {}", said(&remedy.then))?;
    write_commands(out, &remedy.commands)
}

/// The argument that states what a remedy asks to be found out.
fn argument_that_states(change: &Change) -> Option<String> {
    match change {
        Change::StateAddress(address) => Some(format!("--server-ip {address}")),
        Change::StateName(_) => Some("--server-name".to_owned()),
        Change::StateDomainController => Some("--domain-controller".to_owned()),
        _ => None,
    }
}

fn write_advice(out: &mut String, levels: &[Level]) -> fmt::Result {
    let advice = advice(levels);
    writeln!(out, "  What not to do:")?;
    for sentence in &advice.not_to_do {
        writeln!(out, "    {sentence}")?;
    }
    writeln!(out, "  How to check afterwards:")?;
    write_checks(out, &advice.afterwards)?;
    writeln!(out, "  Other causes of the same \"Access is denied\":")?;
    for other in &advice.other_causes {
        writeln!(out, "    {} {}", other.cause, other.told_by)?;
    }
    writeln!(out, "  Before a level is enforced:")?;
    write_checks(out, &advice.before_enforcing)?;
    writeln!(out, "  Where the level is set:")?;
    for setting in &advice.settings {
        writeln!(out, "    {}: {}.", setting.place, setting.path)?;
        if !setting.remark.is_empty() {
            writeln!(out, "      {}", setting.remark)?;
        }
    }
    write_commands(out, &advice.levels)
}

fn write_checks(out: &mut String, checks: &[Check]) -> fmt::Result {
    for check in checks {
        writeln!(out, "    {}", check.sentence)?;
        write_commands(out, check.command.as_slice())?;
    }
    Ok(())
}

fn write_commands(out: &mut String, commands: &[Command]) -> fmt::Result {
    for command in commands {
        writeln!(
            out,
            "       On the {}, {}: {}",
            command.machine.label(),
            command.shell.label(),
            command.description
        )?;
        write_block(out, &command.text)?;
    }
    Ok(())
}

fn write_block(out: &mut String, text: &str) -> fmt::Result {
    for line in text.lines() {
        if line.is_empty() {
            writeln!(out)?;
        } else {
            writeln!(out, "         {line}")?;
        }
    }
    Ok(())
}
