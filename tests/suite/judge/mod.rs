//! What a receiver does with what was stated: proof, policy, events, remedies.

mod coverage_of_checks;
pub mod decision_table;
pub mod decisions;
mod events;
mod imports;
mod proof;
pub mod remedies;
