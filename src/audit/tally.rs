//! The numbers over all rows, in which each sign-in counts once.

use std::collections::HashMap;

use serde::Serialize;

use super::{Fixed, Judgement, MAX_KNOWN, Row, row::SignInKey};
use crate::judge::{
    agreement::Agreement,
    smb::{Decision, Outcome, PerLevel},
};

/// The numbers over all rows.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Summary {
    /// The number of sign-ins.
    pub sign_ins: u64,
    /// The number of them that are judged.
    pub judged: u64,
    /// The outcomes of these at level 1.
    pub level_1: AtLevel,
    /// The outcomes of these at level 2.
    pub level_2: AtLevel,
    /// The number that the server refused before it looked at the name.
    pub refused_earlier: u64,
    /// The number that went to services other than a file server.
    pub not_judged: u64,
    /// The number that were not captured in full.
    pub incomplete: u64,
    /// The number whose real answer was not to be expected at any level.
    pub contradictions: u64,
}

/// The outcomes of the judged sign-ins at one level.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct AtLevel {
    /// The number that would be denied.
    pub deny: u64,
    /// The number that would be denied only because something is missing that nobody stated.
    pub depends: u64,
}

/// The facts about one sign-in, over all of its rows.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SignInFacts {
    judged: bool,
    refused_earlier: bool,
    incomplete: bool,
    contradicts: bool,
    level_1: Answered,
    level_2: Answered,
}

/// The outcome of a sign-in; the worse outweighs the better.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
enum Answered {
    #[default]
    Accept,
    Depends,
    Deny,
}

impl From<&Decision> for Answered {
    fn from(decision: &Decision) -> Self {
        match decision.outcome {
            Outcome::Deny if decision.depends_on().is_some() => Self::Depends,
            // Of a message that is not whole; rows of those are not judged.
            Outcome::Unknown => Self::Depends,
            Outcome::Deny => Self::Deny,
            Outcome::Accept | Outcome::LogonFailure => Self::Accept,
        }
    }
}

/// The sign-ins that were counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    /// The sign-ins that can be met again.
    by_key: HashMap<SignInKey, SignInFacts, Fixed>,
    /// All others.
    others: Summary,
}

impl Tally {
    /// Counts a row.
    pub(super) fn add(&mut self, row: &Row, judged: &Judgement) {
        self.count(row.key, SignInFacts::of(row, judged));
    }

    /// Counts what was found of a sign-in.
    pub(super) fn count(&mut self, key: Option<SignInKey>, facts: SignInFacts) {
        match key {
            Some(key) if self.by_key.len() < MAX_KNOWN || self.by_key.contains_key(&key) => {
                self.by_key.entry(key).or_default().join(facts);
            }
            _ => self.others.count(facts),
        }
    }

    pub(super) fn summary(&self) -> Summary {
        let mut summary = self.others;
        for facts in self.by_key.values() {
            summary.count(*facts);
        }
        summary
    }
}

impl SignInFacts {
    fn of(row: &Row, judged: &Judgement) -> Self {
        match judged.decisions.as_ref().filter(|_| row.is_judged()) {
            Some(decisions) => Self::judged(decisions, judged.agreement),
            None if row.is_complete() => Self::default(),
            None => Self::incomplete(),
        }
    }

    /// The facts of a sign-in that is not there in full.
    pub(super) fn incomplete() -> Self {
        Self { incomplete: true, ..Self::default() }
    }

    /// The facts of a sign-in that is judged.
    pub(super) fn judged(decisions: &PerLevel<Decision>, agreement: Option<Agreement>) -> Self {
        let [_, level_1, level_2] = decisions.as_array();
        Self {
            judged: true,
            incomplete: false,
            refused_earlier: agreement == Some(Agreement::Earlier),
            contradicts: agreement == Some(Agreement::Contradicts),
            level_1: level_1.into(),
            level_2: level_2.into(),
        }
    }

    /// Adds what another row shows of the same sign-in.
    fn join(&mut self, other: Self) {
        self.judged |= other.judged;
        self.refused_earlier |= other.refused_earlier;
        self.incomplete |= other.incomplete;
        self.contradicts |= other.contradicts;
        self.level_1 = self.level_1.max(other.level_1);
        self.level_2 = self.level_2.max(other.level_2);
    }
}

impl Summary {
    fn count(&mut self, facts: SignInFacts) {
        self.sign_ins += 1;
        if facts.refused_earlier {
            self.refused_earlier += 1;
        } else if facts.judged {
            self.judged += 1;
            self.level_1.count(facts.level_1);
            self.level_2.count(facts.level_2);
            self.contradictions += u64::from(facts.contradicts);
        } else if facts.incomplete {
            self.incomplete += 1;
        } else {
            self.not_judged += 1;
        }
    }
}

impl AtLevel {
    const fn count(&mut self, answered: Answered) {
        match answered {
            Answered::Deny => self.deny += 1,
            Answered::Depends => self.depends += 1,
            Answered::Accept => {}
        }
    }
}
