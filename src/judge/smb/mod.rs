//! The simulated server: what it would answer, at each level, to what a client stated.
//!
//! No Open Specification describes this check. What is known of it, with source and confidence, is in
//! [`rules::RULES`], the table the decisions quote.

pub mod rules;

mod decision;
mod event_id;
mod evidence;
mod level;
mod server;
mod settings_text;
mod spelling;
mod spn_check;

pub use decision::{Decision, Outcome, Step, StepKind, StepState, Unknown, decide};
pub use event_id::EventId;
pub use evidence::{Carrier, Checked, Evidence, MicEvidence, ProofEvidence, Smb, Target};
pub use level::{Level, LevelValue, PerLevel};
pub use rules::{Basis, Reason, Rule};

pub use server::{Origin, Role, Server, ServerNames, ServerSettings, same_name};
pub use spn_check::{Entry, EntryKind, SpnCheck, check};
