//! One check of the server, and what it compares.

use super::{Party, Statement};
use crate::base::span::Span;
use crate::judge::proof::Compare;

/// One check of the server.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Check {
    /// The kind of check.
    pub kind: CheckKind,
    /// The party that makes it.
    pub by: Party,
    /// The state it ends in.
    pub state: CheckState,
    /// The values compared, if bytes are: they are the same if the check passes.
    pub values: Option<Values>,
    /// The comparison in one sentence. `None` if the check is not reached.
    pub reason: Option<Statement>,
}

/// A kind of check, in the order in which the server comes to them.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum CheckKind {
    /// NTProofStr, or the response of an older kind.
    Proof,
    /// The server named in the response is the one that asks the domain controller.
    ServerName,
    /// The MIC.
    Mic,
    /// The target name.
    TargetName,
    /// The signature of the session's first request.
    Signature,
    /// The encryption of that request.
    Encryption,
}

impl CheckKind {
    /// The stable name in the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proof => "proof",
            Self::ServerName => "server-name",
            Self::Mic => "mic",
            Self::TargetName => "target-name",
            Self::Signature => "signature",
            Self::Encryption => "encryption",
        }
    }

    /// Returns true if it is about the first request of the session, and not about the sign-in.
    #[must_use]
    pub const fn is_of_request(self) -> bool {
        matches!(self, Self::Signature | Self::Encryption)
    }

    /// The label in a list.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Proof => "Proof",
            Self::ServerName => "Server named in the proof",
            Self::Mic => "MIC",
            Self::TargetName => "Target name",
            Self::Signature => "Signature of the first request",
            Self::Encryption => "Encryption of the first request",
        }
    }

    /// The label in a word or two.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::ServerName => "Server's name",
            Self::Signature => "Signature",
            Self::Encryption => "Encryption",
            _ => self.label(),
        }
    }
}

/// The state a check ends in.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum CheckState {
    /// It was done and passed.
    Passed,
    /// It ends the attempt.
    Failed,
    /// There is nothing to check, or the server does not.
    NotDone,
    /// An earlier check ended the attempt.
    NotReached,
}

impl CheckState {
    /// The stable name in the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotDone => "not-done",
            Self::NotReached => "not-reached",
        }
    }
}

/// A value as it arrived and as it was computed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Values {
    /// The specification's name.
    pub name: &'static str,
    /// The value as it arrived; empty if it is missing.
    pub received: Vec<u8>,
    /// The value as it should be.
    pub computed: Vec<u8>,
}

impl Values {
    pub(super) fn of(name: &'static str, compare: Compare) -> Self {
        Self { name, received: compare.received, computed: compare.computed }
    }

    /// The differences of the two, as places in the longer one.
    #[must_use]
    pub fn differing(&self) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        for at in 0..self.received.len().max(self.computed.len()) {
            if self.received.get(at) == self.computed.get(at) {
                continue;
            }
            match spans.last_mut() {
                Some(span) if span.end == at => span.end = at.saturating_add(1),
                _ => spans.push(Span::at(at, 1)),
            }
        }
        spans
    }

    pub(super) fn state(&self) -> CheckState {
        if self.received == self.computed { CheckState::Passed } else { CheckState::Failed }
    }
}
