//! The sentences for what was decided, for the page and the command line alike. What they say was
//! decided before: nothing here is asked for an answer.

mod captured;
mod imports;
mod name;
mod place;
mod proof;
mod reason;

pub use captured::{Compared, answered, compared, status_meaning};
pub use imports::{cure, unanswered, why};
pub use place::found_again;
pub use proof::proof_reason;
pub use reason::{perhaps, reason, statement, unknown};
