//! The judgement of a receiver: proof, policy, events, remedies.

mod coverage_of_checks;
pub(crate) mod decision_table;
pub(crate) mod decisions;
mod event_cases;
mod event_forms;
mod event_samples;
mod events;
mod imports;
mod proof;
pub(crate) mod remedies;
