//! The answer in one line, for the bar that shows it once the headline has left the window.

use crate::view::{Headline, LabView, LevelCard, Piece, SignInEnd};
use spnscope::judge::smb::Outcome;
use spnscope::lab::relay::RunEnding;

/// The answer in one line, with a gate for each level.
#[derive(Clone, Debug, PartialEq)]
pub struct BarView {
    /// The answer in one sentence.
    pub headline: Headline,
    /// The answers at levels 0, 1 and 2.
    pub gates: [BarGate; 3],
}

/// The answer at one level.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BarGate {
    /// The outcome of the sign-in there.
    pub outcome: Outcome,
    /// True if that depends on something that is not known.
    pub depends: bool,
    /// The meaning of the outcome for the server's owner.
    pub tone: Tone,
}

/// The meaning of an answer for the owner of the server.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tone {
    /// The answer is as it should be.
    Good,
    /// The answer is not as it should be.
    Bad,
    /// The answer is not known yet.
    Open,
    /// The answer means nothing.
    Neutral,
}

impl BarView {
    /// Makes the bar of a sign-in.
    #[must_use]
    pub fn of_sign_in(headline: &Headline, levels: &[LevelCard; 3]) -> Self {
        let gates = levels.each_ref().map(|card| BarGate {
            outcome: card.outcome,
            depends: card.depends,
            tone: match card.outcome {
                Outcome::Accept => Tone::Good,
                Outcome::Unknown => Tone::Neutral,
                _ if card.depends => Tone::Open,
                Outcome::Deny | Outcome::LogonFailure => Tone::Bad,
            },
        });
        Self { headline: headline.clone(), gates }
    }

    /// Makes the bar of the relay lab, about the client or the attack; `None` if nothing is played.
    #[must_use]
    pub fn of_lab(view: &LabView) -> Option<Self> {
        let row = view.edits.iter().find(|row| row.current)?;
        let gates = row.cells.map(|cell| {
            let (outcome, depends) = match cell.sign_in {
                SignInEnd::Accepted => (Outcome::Accept, false),
                SignInEnd::Useless => (Outcome::Deny, true),
                SignInEnd::Denied => (Outcome::Deny, false),
                SignInEnd::Refused => (Outcome::LogonFailure, false),
            };
            BarGate { outcome, depends, tone: tone(cell.ending) }
        });
        let outcome = match tone(view.ending) {
            Tone::Good => Outcome::Accept,
            _ => Outcome::Deny,
        };
        let headline = Headline {
            before: String::new(),
            outcome: Some(outcome),
            verdict: view.ending.sentence().to_owned(),
            unless: Vec::new(),
            pieces: vec![Piece::Text(view.why.text.clone())],
        };
        Some(Self { headline, gates })
    }
}

const fn tone(ending: RunEnding) -> Tone {
    match ending {
        RunEnding::ClientWorks | RunEnding::AttackFails => Tone::Good,
        RunEnding::ClientRefused | RunEnding::AttackSucceeds => Tone::Bad,
    }
}
