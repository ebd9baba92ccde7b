//! Sign-ins that are made up: client and server, messages edited by hand, and a relay between them.

pub mod edit;
pub mod exchange;
pub mod relay;

use crate::judge::{self, rule::Rule};

/// Every rule that a decision or a run of the relay lab can quote and what it says, those of the
/// decisions first.
pub fn stated_rules() -> impl Iterator<Item = (&'static Rule, String)> {
    judge::stated_rules().chain(relay::rules::stated())
}
