//! An event, whichever form it came in: its fields by the names that exporters give them, which
//! event it is, and what it says.

mod draft;
mod field;
mod kind;
mod policy;
mod record;
mod take;

pub(super) use draft::{Draft, Names};
pub(super) use field::{Field, label};
pub(super) use kind::Kind;
pub use record::{EventRecord, NameAsked, Undocumented, Witness};
pub(super) use take::{address, is_nothing, items, status, status_behind_words};
