//! The audit for people: the answer first, then the files, then the rows.

use std::fmt::{self, Write as _};

use crate::audit::{AtLevel, Audit, Judgement, Row, Summary};
use crate::base::visible::Visible;
use crate::judge::agreement::Agreement;
use crate::judge::smb::{Decision, Outcome};

/// The rows that a report for people lists.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum RowsShown {
    /// All.
    #[default]
    All,
    /// The rows that would be denied at some level, and those that contradict the server's own
    /// answer.
    Denied,
    /// None.
    None,
}

/// The report for people: what would be denied first, then the files, then the rows.
#[must_use]
pub fn text(audit: &Audit, shown: RowsShown) -> String {
    let mut text = String::new();
    // Writing to memory does not fail.
    let _ = write_text(audit, shown, &mut text);
    text
}

fn write_text(audit: &Audit, shown: RowsShown, to: &mut String) -> fmt::Result {
    let summary = audit.summary();
    writeln!(to, "{}", headline(&summary))?;
    for line in beside(&summary) {
        writeln!(to, "{line}")?;
    }
    files(audit, to)?;
    let rows = audit.rows();
    let judged = rows.iter().map(|row| (*row, audit.judge(row)));
    let listed: Vec<_> = judged.filter(|(row, judged)| is_shown(row, judged, shown)).collect();
    if !listed.is_empty() {
        writeln!(to, "\nSign-ins")?;
    }
    for (row, judged) in listed {
        write_row(row, &judged, to)?;
    }
    if audit.left_out() > 0 {
        writeln!(to, "{} more rows are counted but not listed.", audit.left_out())?;
    }
    Ok(())
}

/// One sentence that carries the answer.
fn headline(summary: &Summary) -> String {
    let Summary { judged, level_1, level_2, .. } = *summary;
    if summary.sign_ins == 0 {
        return "No sign-in was found.".to_owned();
    }
    if judged == 0 {
        return format!("None of {} was judged.", count(summary.sign_ins, "sign-in"));
    }
    if level_1 == AtLevel::default() && level_2 == AtLevel::default() {
        return format!(
            "Nothing seen here would be denied, at level 1 or 2: {} judged. This says nothing about sign-ins that were not captured.",
            count(judged, "sign-in")
        );
    }
    let at = |level: AtLevel| match level.depends {
        0 => level.deny.to_string(),
        depends => {
            format!("{} (and {depends} more, unless the address is the server's own)", level.deny)
        }
    };
    format!(
        "Of {}, level 1 would deny {} and level 2 would deny {}.",
        count(judged, "judged sign-in"),
        at(level_1),
        at(level_2)
    )
}

/// The numbers that are counted apart.
fn beside(summary: &Summary) -> Vec<String> {
    let lines = [
        (
            summary.contradictions,
            "contradicts what the server answered: see below",
            "contradict what the server answered: see below",
        ),
        (
            summary.refused_earlier,
            "was refused before the name was checked",
            "were refused before the name was checked",
        ),
        (
            summary.not_judged,
            "went to a service other than a file server",
            "went to services other than a file server",
        ),
        (summary.incomplete, "was not captured in full", "were not captured in full"),
    ];
    let lines = lines.into_iter().filter(|(number, ..)| *number > 0);
    lines
        .map(|(number, one, many)| format!("{number} {}.", if number == 1 { one } else { many }))
        .collect()
}

fn files(audit: &Audit, to: &mut String) -> fmt::Result {
    writeln!(to, "\nFiles")?;
    for input in audit.inputs() {
        let name = Visible(&input.name);
        if let Some(refusal) = input.refusal {
            writeln!(to, "  {name}: not read. {refusal}")?;
        } else {
            let form = input.form.map_or("unknown", crate::read::capture::CaptureForm::as_str);
            write!(to, "  {name}: {form}, {}", count(input.packets, "packet"))?;
            if let Some((first, last)) = input.times {
                write!(to, ", {first} to {last}")?;
            }
            writeln!(to)?;
        }
        for remark in &input.remarks {
            writeln!(to, "    {}: {}", remark.severity, remark.message)?;
        }
        if input.remarks_left_out > 0 {
            writeln!(to, "    {} more of these.", input.remarks_left_out)?;
        }
        for (what, count) in &input.unread {
            writeln!(to, "    not read: {what} ({count})")?;
        }
    }
    Ok(())
}

fn is_shown(row: &Row, judged: &Judgement, shown: RowsShown) -> bool {
    let is_denied = |decision: &Decision| decision.outcome == Outcome::Deny;
    match shown {
        RowsShown::All => true,
        RowsShown::None => false,
        RowsShown::Denied => {
            judged.agreement == Some(Agreement::Contradicts)
                || row.is_judged()
                    && judged.decisions.as_ref().is_some_and(|all| all.values().any(is_denied))
        }
    }
}

fn write_row(row: &Row, judged: &Judgement, to: &mut String) -> fmt::Result {
    let stated = row.stated.as_ref();
    let user = stated.and_then(|stated| stated.user.as_deref()).filter(|user| !user.is_empty());
    let domain = stated.and_then(|stated| stated.domain.as_deref()).filter(|name| !name.is_empty());
    let who = match (user, domain) {
        (Some(user), Some(domain)) => format!("{domain}\\{user}"),
        (Some(user), None) => user.to_owned(),
        (None, Some(realm)) => format!("a user of {realm}"),
        (None, None) if stated.is_none() => "not captured".to_owned(),
        (None, None) => "anonymous".to_owned(),
    };
    let asked = match stated.map(|stated| &stated.evidence.target) {
        None => "name not captured".to_owned(),
        Some(target) => match target.text() {
            Some("") => "an empty name".to_owned(),
            Some(name) => format!("asked for {}", Visible(name)),
            None => "no name".to_owned(),
        },
    };
    writeln!(
        to,
        "  {} {} -> {} {} {}, {asked}",
        row.time,
        row.client,
        row.destination,
        row.protocol.as_str(),
        Visible(&who),
    )?;
    let levels = match &judged.decisions {
        None => "not judged, since it was not captured in full".to_owned(),
        Some(decisions) => {
            let [_, level_1, level_2] = decisions.as_array();
            let levels = format!("level 1 {}, level 2 {}", outcome(level_1), outcome(level_2));
            if row.is_judged() {
                levels
            } else {
                format!("not judged; relayed to a file server: {levels}")
            }
        }
    };
    let said = row.answer.map_or_else(
        || "no answer seen".to_owned(),
        |answer| {
            let guest = if answer.is_guest { ", as guest" } else { "" };
            format!("the server said {}{guest}", answer.status)
        },
    );
    let agreement = match judged.agreement {
        Some(Agreement::Open) => {
            ": its level is lower now, or the name is in a list that was not given here"
        }
        Some(Agreement::Contradicts) => ": this is not what was expected",
        Some(Agreement::AnonymousRefused) => {
            ": anonymous sign-ins are refused for other reasons too"
        }
        _ => "",
    };
    writeln!(to, "    {levels}; {said}{agreement}")
}

fn outcome(decision: &Decision) -> String {
    let code = decision.reasons.first().map_or("", |reason| reason.rule.code);
    match decision.outcome {
        Outcome::Accept => "accepts".to_owned(),
        Outcome::Deny => format!("denies ({code})"),
        Outcome::LogonFailure => format!("ends earlier ({code})"),
        Outcome::Unknown => format!("not known ({code})"),
    }
}

/// A number and what it counts.
fn count(number: u64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
