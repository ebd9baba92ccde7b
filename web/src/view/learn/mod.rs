//! The live pieces of the chapters of Learn, and the quiz, with the answers of the simulator.
//!
//! The chapters themselves are text of the page; every verdict in them is computed here when a
//! reader tries it.

mod lessons;
mod practice;
mod quiz;
mod strip;

pub use quiz::{Answered, QUIZ_LEN, Quiz, QuizQuestion};
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
    /// The place of the target name in the AUTHENTICATE.
    Bytes,
    /// The fate of a sign-in that is changed on the way.
    Protection,
    /// The client's possible statements of the target, at each level.
    Levels,
    /// The entry of the server's lists that a name matches.
    Names,
    /// The events that are written.
    Events,
    /// The events that tell the check from other causes.
    Others,
    /// The clients that the level of a baseline denies.
    Baselines,
    /// Adding a name to `SrvAllowedServerNames`.
    Fix,
    /// The attacks that the check stops and those it does not.
    Limits,
    /// The service that a Kerberos ticket is for, at each level.
    Ticket,
    /// A web sign-in at a file server.
    Siblings,
    /// The expected results in a lab of one's own.
    Lab,
}

impl Lesson {
    /// All pieces, in the order of the chapters.
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

    /// The stable name of the piece, as its element in the page has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
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

    /// The initial input of the piece.
    #[must_use]
    pub fn initial(self) -> LessonInput {
        let (choices, texts) = match self {
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
        LessonInput { choices, texts: texts.map(str::to_owned) }
    }

    /// The answer of the piece to an input.
    #[must_use]
    pub fn view(self, input: &LessonInput) -> LessonView {
        lessons::view(self, input)
    }
}

/// The length of the longest text that can be typed, in characters.
pub const MAX_TYPED_LEN: usize = 48;

/// The choices and texts of a piece; surplus ones are ignored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LessonInput {
    choices: [usize; 2],
    texts: [String; 2],
}

impl LessonInput {
    /// A copy with another choice made.
    #[must_use]
    pub fn with_choice(&self, ask: usize, option: usize) -> Self {
        let mut input = self.clone();
        if let Some(choice) = input.choices.get_mut(ask) {
            *choice = option;
        }
        input
    }

    /// A copy with another text typed, cut to [`MAX_TYPED_LEN`] characters.
    #[must_use]
    pub fn with_text(&self, ask: usize, text: &str) -> Self {
        let mut input = self.clone();
        if let Some(typed) = input.texts.get_mut(ask) {
            *typed = text.chars().take(MAX_TYPED_LEN).collect();
        }
        input
    }
}

/// A piece, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct LessonView {
    /// Its heading.
    pub title: &'static str,
    /// The choices, by their index.
    pub choices: Vec<Choice>,
    /// The text fields, by their index.
    pub fields: Vec<TextField>,
    /// The parts of the answer.
    pub parts: Vec<AnswerPart>,
}

/// A choice among several options.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Choice {
    /// The label of the choice.
    pub label: &'static str,
    /// The options.
    pub options: &'static [&'static str],
    /// The index of the chosen option.
    pub chosen: usize,
}

/// A text field.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TextField {
    /// The label of the field.
    pub label: &'static str,
    /// The prompt before the field: `\\`.
    pub before: &'static str,
    /// The text in the field.
    pub value: String,
    /// Suggestions worth trying.
    pub tries: &'static [&'static str],
}

/// A part of the answer.
#[derive(Clone, Debug, PartialEq)]
pub enum AnswerPart {
    /// A value.
    Fact {
        /// Its name.
        name: &'static str,
        /// The value.
        value: String,
        /// True if it is the target name, or a part of it that is compared.
        is_target_name: bool,
    },
    /// A list.
    List {
        /// Its name.
        name: &'static str,
        /// Its entries, in order.
        entries: Vec<ListEntry>,
    },
    /// Bytes of a message.
    Strip(Vec<StripRow>),
    /// The checks, with received and computed values.
    Checks(Vec<CheckRow>),
    /// The three levels.
    Levels([LevelAnswer; 3]),
    /// The ending of the sign-in.
    Verdict(Verdict),
    /// A reason with its basis.
    Why {
        /// The levels that it is about; empty if it is about the verdict.
        levels: String,
        /// The reason.
        sentence: Sentence,
    },
}

/// An entry of a list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ListEntry {
    /// Its text.
    pub text: String,
    /// True if the name that was sent matched it.
    pub is_match: bool,
}

/// One of the three levels, in short.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LevelAnswer {
    /// The number of the level: 0, 1 or 2.
    pub number: u8,
    /// `Off`, `Accept if provided`, `Required`.
    pub name: &'static str,
    /// The outcome at the level.
    pub outcome: Outcome,
    /// `Accepted`, `Denied`, `Refused earlier`.
    pub verdict: &'static str,
}

/// The end of a sign-in, with its meaning.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Verdict {
    /// The outcome of the sign-in.
    pub outcome: Outcome,
    /// True if the outcome is as it should be: nobody gets in who should not.
    pub is_good: bool,
    /// The verdict in words.
    pub words: &'static str,
}

/// The deciding sentence of a decision, which always has one.
fn told(decision: &Decision) -> Sentence {
    let unsaid = || Reason::new(rules::ERRORS, Ground::Errors);
    let reason = decision.reasons.first().cloned().unwrap_or_else(unsaid);
    sentence(&Statement::from(&reason))
}
