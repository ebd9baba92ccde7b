//! Several sign-ins as a table, those that would be denied first.

use std::{cmp::Ordering, collections::BTreeMap};

use crate::view::packet_time;
use spnscope::analysis::{Analysis, Captured, Exchange};
use spnscope::audit::{Overview, Summary, overview};
use spnscope::base::spn::Spn;
use spnscope::judge::{
    agreement::Agreement,
    smb::{Decision, Outcome, PerLevel, Target},
};
use spnscope::message::ntlm::{Authenticate, Message, MicState};

/// The number of names that the sentence above the table counts one by one.
const MAX_NAMES: usize = 3;

/// Several sign-ins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SignInTable {
    /// A sentence or two about what would become of them.
    pub sentence: String,
    /// A remark that one sign-in went over several connections, if one did.
    pub passed_on: Option<String>,
    /// The sign-ins, in the order of the input.
    pub rows: Vec<SignInRow>,
}

/// One sign-in of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct SignInRow {
    /// The message that is shown when the row is chosen; `None` if it has none.
    pub token: Option<usize>,
    /// The time of the sign-in, if a capture has it.
    pub time: String,
    /// The user who signs in.
    pub user: String,
    /// The name that was asked for, or the reason why there is none.
    pub asked_for: String,
    /// True if `asked_for` is a name as sent.
    pub is_name: bool,
    /// The kind of response.
    pub response: &'static str,
    /// The presence of a MIC, in words.
    pub mic: &'static str,
    /// The answers at levels 0, 1 and 2, each with a flag that marks one that depends on something
    /// unknown; `None` if nothing can be judged.
    pub answers: Option<[(Outcome, bool); 3]>,
    /// The service, if it was no file server.
    pub elsewhere: Option<&'static str>,
    /// The answer of the server in the capture.
    pub captured: String,
    /// True if the captured answer let the client in; `None` if there is no answer.
    pub is_accepted: Option<bool>,
    /// The way by which the proof came onto another connection too, if it did.
    pub passed_on: Option<PassedOn>,
}

/// The way by which one proof came onto two connections.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PassedOn {
    /// The connections come from different addresses: somebody in the middle passed the proof on.
    ByTheMiddle,
    /// The connections come from one address and lead to two.
    Translated,
}

impl PassedOn {
    /// The label, a word or two.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::ByTheMiddle => "passed on",
            Self::Translated => "address translated",
        }
    }
}

/// A column that the table can be sorted by.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Column {
    /// The time, else the order of the input.
    Time,
    /// The user who signs in.
    User,
    /// The name that was asked for.
    AskedFor,
    /// The kind of response.
    Response,
    /// The presence of a MIC.
    Mic,
    /// The answers at the three levels: denied first.
    Answers,
    /// The answer of the server in the capture.
    Captured,
}

impl Column {
    /// All columns, in their order.
    pub const ALL: [Self; 7] = [
        Self::Time,
        Self::User,
        Self::AskedFor,
        Self::Response,
        Self::Mic,
        Self::Answers,
        Self::Captured,
    ];

    /// The label of the column.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Time => "Time (UTC)",
            Self::User => "User",
            Self::AskedFor => "Asked for",
            Self::Response => "Response",
            Self::Mic => "MIC",
            Self::Answers => "0 1 2",
            Self::Captured => "In this capture",
        }
    }
}

/// An order of the rows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Order {
    /// The column that they are sorted by.
    pub column: Column,
    /// True from the last to the first.
    pub is_reversed: bool,
}

impl Default for Order {
    fn default() -> Self {
        Self { column: Column::Answers, is_reversed: false }
    }
}

impl Order {
    /// The order after a click on this column: reversed if it is sorted by already.
    #[must_use]
    pub fn by(self, column: Column) -> Self {
        Self { column, is_reversed: self.column == column && !self.is_reversed }
    }
}

impl SignInTable {
    /// The indices of the rows that contain all words of `filter`, in this order.
    #[must_use]
    pub fn shown(&self, filter: &str, order: Order) -> Vec<usize> {
        let words: Vec<_> = filter.split_whitespace().map(str::to_lowercase).collect();
        let has_all = |row: &SignInRow| {
            let text = row.text();
            words.iter().all(|word| text.contains(word))
        };
        let rows = self.rows.iter().enumerate();
        let mut shown: Vec<_> =
            rows.filter(|(_, row)| words.is_empty() || has_all(row)).map(|(at, _)| at).collect();
        let compare =
            |one: &usize, other: &usize| match (self.rows.get(*one), self.rows.get(*other)) {
                (Some(one), Some(other)) => one.compare(other, order.column),
                _ => Ordering::Equal,
            };
        // Equal rows stay in the order of the input.
        shown.sort_by(|one, other| {
            let ordering = compare(one, other);
            if order.is_reversed { ordering.reverse() } else { ordering }
        });
        shown
    }
}

impl SignInRow {
    /// The whole text of the row, to be searched.
    fn text(&self) -> String {
        let parts = [
            &*self.time,
            &self.user,
            &self.asked_for,
            self.response,
            self.mic,
            self.answer_words(),
            self.elsewhere.unwrap_or_default(),
            &self.captured,
            self.passed_on.map_or("", PassedOn::label),
        ];
        parts.join(" ").to_lowercase()
    }

    /// The answers in words: `denied at levels 1 and 2`.
    #[must_use]
    pub const fn answer_words(&self) -> &'static str {
        let Some([(level_0, _), (level_1, depends_1), (level_2, depends_2)]) = self.answers else {
            return "not judged";
        };
        match (level_0, level_1, level_2) {
            (Outcome::Unknown, ..) => "not known",
            (Outcome::LogonFailure, ..) => "refused before the name is checked",
            (_, Outcome::Deny, _) if depends_1 => "depends on the server",
            (_, Outcome::Deny, _) => "denied at levels 1 and 2",
            (_, _, Outcome::Deny) if depends_2 => "depends on the server at level 2",
            (_, _, Outcome::Deny) => "denied at level 2",
            _ => "accepted at every level",
        }
    }

    /// The rank of the row: denied first, then what depends; what is not judged comes last.
    const fn rank(&self) -> u8 {
        let Some([(level_0, _), (level_1, depends_1), (level_2, depends_2)]) = self.answers else {
            return 7;
        };
        let rank = match (level_0, level_1, level_2) {
            (Outcome::Unknown, ..) => 6,
            (Outcome::LogonFailure, ..) => 4,
            (_, Outcome::Deny, _) if !depends_1 => 0,
            (_, _, Outcome::Deny) if !depends_2 => 1,
            (_, _, Outcome::Deny) => 2,
            _ => 3,
        };
        // A sign-in to another service would meet that answer only if it is relayed.
        if self.elsewhere.is_some() && rank < 5 { 5 } else { rank }
    }

    fn compare(&self, other: &Self, column: Column) -> Ordering {
        match column {
            Column::Time => self.time.cmp(&other.time),
            Column::User => self.user.to_lowercase().cmp(&other.user.to_lowercase()),
            Column::AskedFor => self.asked_for.to_lowercase().cmp(&other.asked_for.to_lowercase()),
            Column::Response => self.response.cmp(other.response),
            Column::Mic => self.mic.cmp(other.mic),
            Column::Answers => self.rank().cmp(&other.rank()),
            Column::Captured => self.captured.cmp(&other.captured),
        }
    }
}

/// The table of an analysis; `None` for fewer than two sign-ins.
#[must_use]
pub fn sign_ins(analysis: &Analysis) -> Option<SignInTable> {
    if analysis.exchanges().len() < 2 {
        return None;
    }
    let overview = overview(analysis);
    let rows = (0..analysis.exchanges().len()).filter_map(|at| row(analysis, &overview, at));
    let rows: Vec<_> = rows.collect();
    let marked = rows.iter().filter_map(|row| row.passed_on);
    let is_by_the_middle = marked.clone().any(|how| how == PassedOn::ByTheMiddle);
    let passed_on = marked.clone().next().map(|_| {
        let words = if is_by_the_middle {
            "The same proof went over several connections from different addresses: somebody in the middle passed the sign-in on. That is a relay, a proxy or NAT."
        } else {
            "The same proof went over connections to different addresses: an address was translated on the way."
        };
        words.to_owned()
    });
    Some(SignInTable { sentence: sentence(analysis, &overview), passed_on, rows })
}

fn row(analysis: &Analysis, overview: &Overview, at: usize) -> Option<SignInRow> {
    let exchange = analysis.exchanges().get(at)?;
    let captured = exchange.captured.as_deref();
    let message = exchange.authenticate.and_then(|token| analysis.tokens().get(token)?.message());
    let authenticate = message.and_then(|message| Some((message, message.as_authenticate()?)));
    let verdict = exchange.verdict.as_ref();
    let bare = captured.and_then(|captured| captured.bare.as_ref());
    let (asked_for, is_name) = asked_for(exchange);
    let answer = captured.and_then(|captured| captured.answer.as_ref());
    let answers = verdict.map(|verdict| {
        let answer = |decision: &Decision| (decision.outcome, decision.depends_on().is_some());
        verdict.decisions.as_array().each_ref().map(answer)
    });
    Some(SignInRow {
        token: exchange
            .authenticate
            .or(exchange.ap_req)
            .or(exchange.challenge)
            .or(exchange.negotiate),
        time: captured.map_or_else(String::new, |captured| packet_time(captured.time)),
        user: match (authenticate, bare) {
            (Some((message, authenticate)), _) => user(message, authenticate),
            (None, Some(bare)) => named(&bare.domain, &bare.user),
            (None, None) if exchange.ap_req.is_some() => "in the ticket".to_owned(),
            (None, None) => "not stated".to_owned(),
        },
        asked_for,
        is_name,
        response: match (authenticate, bare) {
            (Some((_, authenticate)), _) => authenticate.response_kind.label(),
            (None, Some(_)) => "SMB1, bare",
            (None, None) if exchange.ap_req.is_some() => "Kerberos",
            (None, None) => "none",
        },
        mic: authenticate.map_or("none", |(message, authenticate)| {
            match authenticate.mic_state(message.source()) {
                MicState::Present(_) => "present",
                MicState::AnnouncedMissing => "missing",
                MicState::Zero(_) => "zero",
                MicState::CutOff => "cut",
                MicState::Unannounced(_) | MicState::Absent => "none",
            }
        }),
        answers,
        elsewhere: (!exchange.service.is_file_server()).then(|| exchange.service.kind.server()),
        captured: match (captured, answer) {
            (None, _) => String::new(),
            (Some(_), None) => "no answer".to_owned(),
            (Some(_), Some(answer)) if answer.status.is_accepted() => "accepted".to_owned(),
            (Some(_), Some(answer)) => answer.status.to_string(),
        },
        is_accepted: answer.map(|answer| answer.status.is_accepted()),
        passed_on: passed_on(analysis, overview, at),
    })
}

/// Returns the way by which the proof of a sign-in came onto another connection too; `None` if it
/// did not.
fn passed_on(analysis: &Analysis, overview: &Overview, at: usize) -> Option<PassedOn> {
    let first = (*overview.same_sign_in.get(at)?)?;
    let captured = |at: usize| analysis.exchanges().get(at)?.captured.as_deref();
    let own = captured(at)?;
    let same = overview.same_sign_in.iter().enumerate().filter(|(_, one)| **one == Some(first));
    let others: Vec<&Captured> = same.filter_map(|(other, _)| captured(other)).collect();
    let differs = |other: &&&Captured| (other.client, other.server) != (own.client, own.server);
    let mut others = others.iter().filter(differs).peekable();
    others.peek()?;
    let is_one_source = others.all(|other| other.client.ip() == own.client.ip());
    Some(if is_one_source { PassedOn::Translated } else { PassedOn::ByTheMiddle })
}

fn user(message: &Message, authenticate: &Authenticate) -> String {
    let names = authenticate.names(message.source());
    named(&names.domain.unwrap_or_default(), &names.user.unwrap_or_default())
}

fn named(domain: &str, user: &str) -> String {
    match (domain.is_empty(), user.is_empty()) {
        (_, true) => "nobody".to_owned(),
        (true, false) => user.to_owned(),
        (false, false) => format!("{domain}\\{user}"),
    }
}

/// The name that was asked for, or the reason why there is none, with a flag that marks a name.
fn asked_for(exchange: &Exchange) -> (String, bool) {
    let Some(verdict) = &exchange.verdict else { return ("not stated".to_owned(), false) };
    match &verdict.evidence.target {
        Target::Present(name) | Target::Untrusted(name) => (name.clone(), true),
        Target::Empty => ("an empty name".to_owned(), false),
        Target::Absent => ("no name".to_owned(), false),
        Target::NotCarried => ("no place for a name".to_owned(), false),
        Target::CutOff => ("cut".to_owned(), false),
    }
}

/// `12 of 60 would be denied at level 1: 10.0.0.100 (9), …`, with what is not counted.
fn sentence(analysis: &Analysis, overview: &Overview) -> String {
    let Summary { judged, level_1, level_2, refused_earlier, not_judged, incomplete, .. } =
        overview.summary;
    let mut sentences = Vec::new();
    let of_level = |level: fn(&PerLevel<Decision>) -> &Decision| names(analysis, overview, level);
    if judged > 0 {
        sentences.push(match (level_1.deny, level_2.deny) {
            (0, 0) if level_2.depends == judged => {
                format!("All {judged} depend on what is not known about the server.")
            }
            (0, 0) => format!("None of {judged} would be denied for sure."),
            (0, at_2) => {
                let names = of_level(|decisions| &decisions.as_array()[2]);
                format!("{at_2} of {judged} would be denied, at level 2 only: {names}.")
            }
            (at_1, at_2) if at_1 == at_2 => {
                let names = of_level(|decisions| &decisions.as_array()[1]);
                format!("{at_1} of {judged} would be denied at levels 1 and 2: {names}.")
            }
            (at_1, at_2) => {
                let names = of_level(|decisions| &decisions.as_array()[1]);
                format!("{at_1} of {judged} would be denied at level 1: {names}. At level 2 it would be {at_2}.")
            }
        });
        match (level_1.depends, level_2.depends) {
            (_, 0) => {}
            (_, at_2) if level_2.deny == 0 && at_2 == judged => {}
            (_, 1) => sentences.push("1 depends on what is not known about the server.".to_owned()),
            (_, at_2) => {
                sentences.push(format!("{at_2} depend on what is not known about the server."));
            }
        }
    }
    let left_out = [
        (refused_earlier, "refused before the name was checked"),
        (not_judged, "to services other than a file server"),
        (incomplete, "without all that is needed"),
    ];
    let left_out: Vec<_> = left_out
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if !left_out.is_empty() {
        sentences.push(format!("Not counted: {}.", left_out.join(", ")));
    }
    sentences.join(" ")
}

/// The names that are certainly denied at a level, the most frequent first, each sign-in counted
/// once.
fn names(
    analysis: &Analysis,
    overview: &Overview,
    level: fn(&PerLevel<Decision>) -> &Decision,
) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (at, exchange) in analysis.exchanges().iter().enumerate() {
        let is_first =
            overview.same_sign_in.get(at).is_none_or(|first| first.is_none_or(|first| first == at));
        let Some(verdict) = exchange.verdict.as_ref().filter(|_| is_first) else { continue };
        let decision = level(&verdict.decisions);
        let is_counted = verdict.service.is_file_server()
            && exchange.agreement() != Some(Agreement::Earlier)
            && decision.outcome == Outcome::Deny
            && decision.depends_on().is_none();
        if is_counted {
            let name = match verdict.evidence.target.text().map(|name| Spn::parse(name).rest) {
                Some(host) if !host.is_empty() => host.to_owned(),
                _ => asked_for(exchange).0,
            };
            *counts.entry(name).or_default() += 1;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let more = counts.len().saturating_sub(MAX_NAMES);
    let mut words: Vec<_> = counts
        .into_iter()
        .take(MAX_NAMES)
        .map(|(name, count)| format!("{name} ({count})"))
        .collect();
    if more > 0 {
        words.push(format!("{more} more names"));
    }
    words.join(", ")
}
