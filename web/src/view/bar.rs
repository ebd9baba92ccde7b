//! The answer in one line, for where it has left the window.

use crate::view::{Headline, LabView, LevelCard, Piece, SignIn};
use spnscope::judge::smb::Outcome;
use spnscope::lab::relay::RunEnding;

/// The answer in one line, with a gate for each level.
#[derive(Clone, Debug, PartialEq)]
pub struct BarView {
    /// The answer in one sentence.
    pub headline: Headline,
    /// What levels 0, 1 and 2 come to.
    pub gates: [BarGate; 3],
}

/// What one level comes to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BarGate {
    /// How the sign-in ends there.
    pub outcome: Outcome,
    /// Whether that hangs on something.
    pub depends: bool,
    /// What that is for the server's owner.
    pub tone: Tone,
}

/// What an answer is for whoever owns the server.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tone {
    /// As it should be.
    Good,
    /// As it should not be.
    Bad,
    /// Not known yet.
    Open,
    /// Nothing.
    Neutral,
}

impl BarView {
    /// The answer to a sign-in.
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

    /// What becomes of the client, or of the attack, in the relay lab; `None` where nothing is
    /// played.
    #[must_use]
    pub fn of_lab(view: &LabView) -> Option<Self> {
        let row = view.edits.iter().find(|row| row.current)?;
        let gates = row.cells.map(|cell| {
            let (outcome, depends) = match cell.sign_in {
                SignIn::Accepted => (Outcome::Accept, false),
                SignIn::Useless => (Outcome::Deny, true),
                SignIn::Denied => (Outcome::Deny, false),
                SignIn::Refused => (Outcome::LogonFailure, false),
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
