//! The sentences for what was decided, for the page and the command line alike. What they say was decided
//! before: nothing here is asked for an answer.

mod name;
mod reason;

pub use reason::{perhaps, reason, statement, unknown};
