//! Words, reports and rows for readers.

pub mod report;
pub mod words;
