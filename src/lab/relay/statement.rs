//! The statements of a run: rules of the policy or of relays, applied to what happened.

use std::borrow::Cow;

use crate::judge::smb::{Basis, Ground, Reason, Rule};

/// Something that a run says: a rule, applied.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Statement {
    /// The rule: one of the policy, or one of [`rules`](crate::lab::relay::rules).
    pub rule: &'static Rule,
    /// The basis here: at most as sure as the rule.
    pub basis: Basis,
    /// The statement.
    pub says: Says,
}

/// The source of a statement of a run.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Says {
    /// A ground of the policy.
    Policy(Ground),
    /// The lab's own sentence, which is asked for nothing.
    Lab(Cow<'static, str>),
}

impl Statement {
    /// The lab's own sentence, as sure as the rule.
    pub(super) fn new(rule: &'static Rule, words: impl Into<Cow<'static, str>>) -> Self {
        Self { rule, basis: rule.basis, says: Says::Lab(words.into()) }
    }
}

impl From<&Reason> for Statement {
    fn from(reason: &Reason) -> Self {
        Self { rule: reason.rule, basis: reason.basis, says: Says::Policy(reason.ground.clone()) }
    }
}
