//! What fields and findings mean, in one sentence each, keyed by their stable names.

mod fields;
mod findings;
mod windows;

pub use fields::{Explanation, av_pair, field, flag};
pub use findings::finding;
pub use windows::windows;
