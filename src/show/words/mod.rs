//! The sentences for what was decided, for the page and the command line alike. Nothing is decided
//! here.

mod captured;
mod imports;
mod name;
mod place;
mod proof;
mod reason;

pub use captured::{AgreementRemark, agreement, answered, status_meaning};
pub use imports::{cause, cure, unanswered};
pub use place::repeated_places;
pub use proof::proof_reason;
pub use reason::{alternative_prefix, missing_fact, reason, statement};
