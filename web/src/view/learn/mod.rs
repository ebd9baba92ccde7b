//! What the place Learn lets one try, and what the simulator answers: the live pieces of the
//! chapters and the quiz. The chapters themselves are text of the page; no verdict stands in them
//! that is not computed here when one tries it.

mod lessons;
mod practice;
mod quiz;
mod strip;

pub use quiz::{Answered, Question, Quiz, TEN};
pub use strip::{StripRow, StripRun};

use super::{CheckRow, Sentence, lab::sentence};
use spnscope::judge::smb::{Decision, Ground, Outcome, Reason, rules};
use spnscope::lab::relay::Statement;

/// A live piece of a chapter.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Lesson {
    /// Directly, through NAT or through an attacker, at each level.
    Story,
    /// A target name cut into its parts.
    Parts,
    /// Where the target name stands in the AUTHENTICATE.
    Bytes,
    /// What happens to a sign-in that is changed on the way.
    Protection,
    /// What a client can say of the target, at each level.
    Levels,
    /// Which entry of the server's lists a name is.
    Names,
    /// Which events are written.
    Events,
    /// Which events tell the check from other causes.
    Others,
    /// Whom the level of a baseline denies.
    Baselines,
    /// Adding a name to `SrvAllowedServerNames`.
    Fix,
    /// What the check stops and what it does not.
    Limits,
    /// What a Kerberos ticket is for, at each level.
    Ticket,
    /// A web sign-in at a file server.
    Siblings,
    /// What to expect in a lab of one's own.
    Lab,
}

impl Lesson {
    /// All of them, as the chapters go.
    pub const ALL: [Self; 14] = [
        Self::Story,
        Self::Parts,
        Self::Bytes,
        Self::Protection,
        Self::Levels,
        Self::Names,
        Self::Events,
        Self::Others,
        Self::Baselines,
        Self::Fix,
        Self::Limits,
        Self::Ticket,
        Self::Siblings,
        Self::Lab,
    ];

    /// Its stable name: the place in the page bears it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Story => "story",
            Self::Parts => "parts",
            Self::Bytes => "bytes",
            Self::Protection => "protection",
            Self::Levels => "levels",
            Self::Names => "names",
            Self::Events => "events",
            Self::Others => "others",
            Self::Baselines => "baselines",
            Self::Fix => "fix",
            Self::Limits => "limits",
            Self::Ticket => "ticket",
            Self::Siblings => "siblings",
            Self::Lab => "lab",
        }
    }

    /// What is tried at first.
    #[must_use]
    pub fn first(self) -> Tried {
        let (picks, words) = match self {
            Self::Story => ([1, 1], ["", ""]),
            Self::Parts => ([0, 0], ["cifs/10.0.0.100", ""]),
            Self::Bytes => ([0, 0], ["10.0.0.100", ""]),
            Self::Protection => ([0, 0], ["cifs/10.0.0.11", ""]),
            Self::Names => ([0, 0], ["10.0.0.100", ""]),
            Self::Baselines | Self::Lab => ([0, 1], ["", ""]),
            Self::Levels
            | Self::Events
            | Self::Others
            | Self::Fix
            | Self::Limits
            | Self::Ticket
            | Self::Siblings => ([0, 0], ["", ""]),
        };
        Tried { picks, words: words.map(str::to_owned) }
    }

    /// What the piece shows of what was tried.
    #[must_use]
    pub fn view(self, tried: &Tried) -> LessonView {
        lessons::view(self, tried)
    }
}

/// The longest text one can try, in characters: a longer one would only fill the screen.
pub const MOST: usize = 48;

/// What was chosen and typed in a piece; those beyond what the piece asks for count for nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Tried {
    picks: [usize; 2],
    words: [String; 2],
}

impl Tried {
    /// The same with another choice made.
    #[must_use]
    pub fn picked(&self, ask: usize, option: usize) -> Self {
        let mut tried = self.clone();
        if let Some(pick) = tried.picks.get_mut(ask) {
            *pick = option;
        }
        tried
    }

    /// The same with something else typed, at most [`MOST`] characters of it.
    #[must_use]
    pub fn typed(&self, ask: usize, text: &str) -> Self {
        let mut tried = self.clone();
        if let Some(words) = tried.words.get_mut(ask) {
            *words = text.chars().take(MOST).collect();
        }
        tried
    }
}

/// A piece, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct LessonView {
    /// Its heading.
    pub title: &'static str,
    /// What can be chosen: the index of the choice is its place here.
    pub picks: Vec<Pick>,
    /// What can be typed, in the same way.
    pub words: Vec<Words>,
    /// What follows.
    pub shows: Vec<Show>,
}

/// One of several.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Pick {
    /// What is asked.
    pub label: &'static str,
    /// What it can be.
    pub options: &'static [&'static str],
    /// Which it is.
    pub chosen: usize,
}

/// Something to type.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Words {
    /// What is asked.
    pub label: &'static str,
    /// What stands before it, as a prompt: `\\`.
    pub before: &'static str,
    /// What is typed.
    pub value: String,
    /// What is worth trying.
    pub tries: &'static [&'static str],
}

/// A part of the answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Show {
    /// A value by name, and whether it is the target name.
    Fact(&'static str, String, bool),
    /// A list by name; each entry with whether it is the one that matched.
    List(&'static str, Vec<(String, bool)>),
    /// Bytes of a message.
    Strip(Vec<StripRow>),
    /// What is checked, with received and computed values.
    Checks(Vec<CheckRow>),
    /// The three levels.
    Levels([Mini; 3]),
    /// How it ends.
    Verdict(Verdict),
    /// A sentence and how sure it is, behind the levels it is about; those are empty where it is
    /// about the verdict.
    Why(String, Sentence),
}

/// One of three levels, in short.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mini {
    /// 0, 1 or 2.
    pub number: u8,
    /// `Off`, `Accept if provided`, `Required`.
    pub name: &'static str,
    /// How it ends there.
    pub outcome: Outcome,
    /// `Accepted`, `Denied`, `Refused earlier`.
    pub verdict: &'static str,
}

/// How something ends.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Verdict {
    /// For the sign-in.
    pub outcome: Outcome,
    /// Whether that is as it should be: nobody who should not gets in.
    pub is_good: bool,
    /// In words.
    pub words: &'static str,
}

/// The deciding sentence of a decision, which always has one.
fn told(decision: &Decision) -> Sentence {
    let unsaid = || Reason::new(rules::ERRORS, Ground::Errors);
    let reason = decision.reasons.first().cloned().unwrap_or_else(unsaid);
    sentence(&Statement::from(&reason))
}
