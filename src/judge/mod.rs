//! The judgement of a receiver on a statement: the proof and the MIC, the check of the target name,
//! the events, and what would change the answer.

pub mod agreement;
pub mod events;
pub mod imports;
pub mod proof;
pub mod remedies;
pub mod rule;
pub mod smb;

use rule::Rule;

/// Every rule that a decision can quote and what it says, service by service, in the order in which
/// a server comes to them.
pub fn stated_rules() -> impl Iterator<Item = (&'static Rule, String)> {
    smb::rules::stated()
}
