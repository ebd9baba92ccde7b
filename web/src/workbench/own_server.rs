//! The reader's own server: the kept facts, those stated in this tab, and which of the two holds.
//!
//! Only Keep stores. Facts that are tried, taken over or entered hold in this tab, and a trial ends
//! with the input. A kept server judges only sign-ins that name it; without a name it judges none
//! by itself.

use std::fmt;

use super::{derived::Derived, inputs::Inputs};
use crate::view::{NoteInputs, ServerBasis, ServerNote, server_notes};
use spnscope::judge::smb::ServerSettings;
use spnscope::message::wire::same_name;

/// A day of the calendar.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Day {
    year: u16,
    month: u8,
    of_month: u8,
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Day {
    /// Makes a day, with the month counted from 1. `None` if no calendar has it.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let is_one = (1..=12).contains(&month) && (1..=31).contains(&day) && year <= 9999;
        is_one.then_some(Self { year, month, of_month: day })
    }

    /// Reads a day that [`Self::stored`] wrote.
    fn read(text: &str) -> Option<Self> {
        let mut numbers = text.split('-');
        let (year, month, day) = (numbers.next()?, numbers.next()?, numbers.next()?);
        let day = Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
        day.filter(|_| numbers.next().is_none())
    }

    /// The day as it is stored: `2026-11-28`.
    fn stored(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.of_month)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let month = MONTHS.get(usize::from(self.month.saturating_sub(1))).unwrap_or(&"");
        write!(f, "{} {month} {}", self.of_month, self.year)
    }
}

/// A server that the reader kept for later visits.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptServer {
    /// The settings of the server.
    pub settings: ServerSettings,
    /// The day on which it was kept; `None` if that was not stored.
    pub day: Option<Day>,
}

/// The prefix of the line that says when a server was kept. [`ServerSettings::from_text`] skips it.
const KEPT_PREFIX: &str = "kept ";

impl KeptServer {
    /// Writes the server as text, to be stored.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = self.settings.to_text();
        if let Some(day) = self.day {
            text.push_str(KEPT_PREFIX);
            text.push_str(&day.stored());
            text.push('\n');
        }
        text
    }

    /// Reads the server from text; `None` if there is none in it. Texts of earlier versions, which
    /// have no day, are read too.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let settings = ServerSettings::from_text(text);
        let day = text.lines().find_map(|line| Day::read(line.strip_prefix(KEPT_PREFIX)?));
        (settings != ServerSettings::default()).then_some(Self { settings, day })
    }
}

/// The facts about a server stated in this tab.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TabServer {
    pub(super) settings: ServerSettings,
    /// All names of that server. Empty if none was known.
    names: Vec<String>,
}

/// Returns true if two lists name one server, as far as they show. `None` if one of them is empty.
pub(super) fn is_one_server(own: &[String], other: &[String]) -> Option<bool> {
    if own.is_empty() || other.is_empty() {
        return None;
    }
    let full = |names: &[String]| names.iter().any(|name| name.contains('.'));
    // Servers of different domains may share a short name, so full names decide if both have one.
    let short = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    let is_full = full(own) && full(other);
    let is_same = |one: &str, two: &str| {
        if is_full {
            one.contains('.') && same_name(one, two)
        } else {
            same_name(&short(one), &short(two))
        }
    };
    Some(own.iter().any(|one| other.iter().any(|two| is_same(one, two))))
}

impl Inputs {
    /// The notes about the server beside the answer.
    pub(super) fn server_notes(&self, derived: &Derived) -> Vec<ServerNote> {
        let tried = self.tried.as_ref();
        let named = self.names();
        server_notes(&NoteInputs {
            basis: derived.basis,
            server: &derived.server,
            tried: tried.and_then(|tried| Some((tried.change.as_ref()?, &tried.before))),
            kept: self.kept.as_ref().map(|kept| (&kept.settings, kept.day)),
            is_judged: derived.view.is_some() || derived.server_only.is_some(),
            named: &named,
            is_of_event: self.is_of_event(),
        })
    }

    /// The server that the chosen sign-in is judged for, and its source: that of the demo, else the
    /// one stated in this tab, else the kept one.
    pub(super) fn server(&self) -> (ServerBasis, ServerSettings) {
        if let Some(demo) = &self.demo {
            return (ServerBasis::Sample, demo.server.clone());
        }
        let named = self.names();
        let stated = self
            .stated
            .as_ref()
            .filter(|stated| is_one_server(&stated.names, &named) != Some(false));
        let kept = self.kept.as_ref();
        let is_kept =
            |settings: &ServerSettings| kept.is_some_and(|kept| kept.settings == *settings);
        let fits = |kept: &&KeptServer| is_one_server(&kept.settings.names, &named) == Some(true);
        match (stated, kept.filter(fits)) {
            (Some(stated), _) if is_kept(&stated.settings) => {
                (ServerBasis::Kept, stated.settings.clone())
            }
            (Some(stated), _) => (ServerBasis::Stated, stated.settings.clone()),
            (None, Some(kept)) => (ServerBasis::Kept, kept.settings.clone()),
            (None, None) => (ServerBasis::Messages, ServerSettings::default()),
        }
    }

    /// States `settings` for the server of the chosen sign-in, in this tab.
    pub(super) fn state(&mut self, settings: ServerSettings) {
        if settings == ServerSettings::default() && self.kept.is_none() {
            self.stated = None;
            return;
        }
        let mut names = self.names();
        names.extend(settings.names.iter().cloned());
        self.stated = Some(TabServer { settings, names });
    }

    /// Keeps the server in force from `day` on, with its names, by which it is recognised. The
    /// server of a sample is not kept.
    pub(super) fn keep(&mut self, day: Option<Day>) {
        let (basis, mut settings) = self.server();
        if matches!(basis, ServerBasis::Sample | ServerBasis::Messages) {
            return;
        }
        if settings.names.is_empty() {
            settings.names = self.names();
        }
        self.tried = None;
        self.state(settings.clone());
        self.kept = Some(KeptServer { settings, day });
    }

    /// Forgets the kept server, which then judges no longer.
    pub(super) fn forget(&mut self) {
        let Some(kept) = self.kept.take() else { return };
        self.end_trial();
        if self.stated.as_ref().is_some_and(|stated| stated.settings == kept.settings) {
            self.stated = None;
        }
    }

    /// Judges the chosen sign-in for the kept server, though its names do not match.
    pub(super) fn use_kept(&mut self) {
        if let Some(kept) = self.kept.as_ref().filter(|_| self.demo.is_none()) {
            let settings = kept.settings.clone();
            self.end_trial();
            self.state(settings);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_told_apart_by_their_full_names_and_else_by_their_short_ones() {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let both = names(&["DCFR", "dcfr.lab.lan"]);
        for (other, expected) in [
            (&["dcfr", "DCFR.LAB.LAN"][..], Some(true)),
            (&["DCFR"], Some(true)),
            (&["dcfr.lab.lan"], Some(true)),
            (&["DCFR", "dcfr.other.lan"], Some(false)),
            (&["NAS"], Some(false)),
            (&["nas.lab.lan"], Some(false)),
            (&[], None),
        ] {
            assert_eq!(is_one_server(&both, &names(other)), expected, "{other:?}");
            assert_eq!(is_one_server(&names(other), &both), expected, "{other:?}");
        }
    }

    #[test]
    fn a_kept_server_is_read_again_with_and_without_a_day() {
        let settings = ServerSettings { names: vec!["DCFR".into()], ..ServerSettings::default() };
        let day = Day::new(2026, 11, 28);
        for day in [day, None] {
            let kept = KeptServer { settings: settings.clone(), day };
            assert_eq!(KeptServer::from_text(&kept.to_text()), Some(kept));
        }
        assert_eq!(day.unwrap().to_string(), "28 Nov 2026");
        for text in ["", "{\"role\": 7", "kept 2026-11-28"] {
            assert_eq!(KeptServer::from_text(text), None, "{text}");
        }
        for text in ["kept 2026-13-01", "kept 2026-1", "kept 2026-11-28-1", "kept yesterday"] {
            let kept = KeptServer::from_text(&format!("name DCFR\n{text}\n"));
            assert_eq!(kept, Some(KeptServer { settings: settings.clone(), day: None }), "{text}");
        }
    }
}
