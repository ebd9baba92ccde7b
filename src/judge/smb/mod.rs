//! The simulated server: what it would answer, at each level, to what a client stated.
//!
//! No Open Specification describes this check. What is known of it, with source and confidence, is
//! in [`rules::RULES`], the table the decisions quote.

pub mod rules;

mod decision;
mod entry;
mod event_id;
mod evidence;
mod level;
mod name_check;
mod reason;
mod server;
mod server_switch;
mod settings_text;
mod spelling;
mod spn_check;

pub use crate::judge::rule::{Basis, Rule};
pub use decision::{Decision, Outcome, Step, StepKind, StepState, decide};
pub use entry::{Entry, EntryKind};
pub use event_id::EventId;
pub use evidence::{Carrier, Checked, Evidence, MicEvidence, ProofEvidence, Smb, Target};
pub use level::{Level, LevelValue, Need, PerLevel};
pub use name_check::{ComparedName, Comparison, Likeness, NotStated, UsualSpelling};
pub use reason::{Ground, MissingFact, NamesSource, Objection, Reason};
pub use server::{Origin, Role, Server, ServerNames, ServerSettings};
pub use server_switch::ServerSwitch;
pub use spn_check::{SpnCheck, check};
