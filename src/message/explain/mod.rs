//! Explanations of fields and flags, in one sentence each, keyed by their stable names.

mod fields;
mod windows;

pub use fields::{Explanation, av_pair, field, flag};
pub use windows::windows;
