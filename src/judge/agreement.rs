//! A real server's answer beside the predicted one.

use crate::judge::smb::{Decision, Evidence, Outcome, PerLevel, ProofEvidence};
use crate::message::wire::NtStatus;
use crate::read::stream::{Answer, Status};

/// The agreement of the real server's answer with the predicted one.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Agreement {
    /// The answer is what was predicted; where it is a denial, the check is probably on.
    Fits,
    /// The server let in what would be denied: the level is lower now, or the name is in a list
    /// that is not stated here.
    Open,
    /// Anonymous sign-ins are refused for other reasons than their name.
    AnonymousRefused,
    /// The server refused what would be let in: something is stated wrongly, or the model is wrong.
    Contradicts,
    /// The sign-in ended before the name was looked at.
    Earlier,
    /// No answer was captured.
    Unseen,
}

impl Agreement {
    /// The stable name in the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fits => "fits",
            Self::Open => "open",
            Self::AnonymousRefused => "anonymous-refused",
            Self::Contradicts => "contradicts",
            Self::Earlier => "earlier",
            Self::Unseen => "unseen",
        }
    }

    /// Compares `answer` with the decisions about `evidence`.
    #[must_use]
    pub fn of(
        evidence: &Evidence,
        decisions: &PerLevel<Decision>,
        answer: Option<&Answer>,
    ) -> Self {
        let Some(answer) = answer else { return Self::Unseen };
        let is_anonymous = evidence.proof == ProofEvidence::Anonymous;
        let is_denied = decisions.values().any(|decision| decision.outcome == Outcome::Deny);
        let is_let_in = decisions.values().any(|decision| decision.outcome == Outcome::Accept);
        let is_refused_so = answer.status == Status::Nt(NtStatus::ACCESS_DENIED);
        match (answer.status.is_accepted(), is_refused_so) {
            (true, _) if is_denied => Self::Open,
            (true, _) if is_let_in => Self::Fits,
            // It would have ended earlier, and did not.
            (true, _) => Self::Contradicts,
            (false, true) if is_anonymous => Self::AnonymousRefused,
            (false, true) if is_denied => Self::Fits,
            (false, true) => Self::Contradicts,
            (false, false) => Self::Earlier,
        }
    }
}
