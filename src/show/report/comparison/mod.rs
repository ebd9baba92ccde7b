//! The comparison of two messages, as JSON and as text.

mod json;
mod text;

pub use text::render as render_comparison_text;

use crate::message::compare::Comparison;
use crate::message::content::Content;
use crate::show::report::lines;

/// One of the two messages of a comparison.
#[derive(Clone, Debug)]
pub struct ComparedMessage<'a> {
    /// The source for people: `t1.b64, message 2`.
    pub label: String,
    /// The message.
    pub content: &'a Content,
}

/// The rows of a comparison that a report has.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ComparisonRows {
    /// The rows that differ.
    Differing,
    /// All rows, also those that are the same.
    All,
}

/// The comparison as one JSON document, indented, with a line end.
#[must_use]
pub fn render_comparison_json(
    left: &ComparedMessage<'_>,
    right: &ComparedMessage<'_>,
    comparison: &Comparison,
    shown: ComparisonRows,
) -> String {
    lines::json(&json::report(left, right, comparison, shown), 0)
}
