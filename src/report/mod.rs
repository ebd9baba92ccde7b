//! The report of an analysis, and of a comparison, as JSON and as text.

mod comparison;
mod json;
mod text;

pub use comparison::{Compared, render_comparison_json, render_comparison_text};
pub use json::Report;
pub use text::render as render_text;

use crate::analysis::Analysis;

/// The report as one JSON document, indented, with a line end.
#[must_use]
pub fn render_json(analysis: &Analysis) -> String {
    // The report has string keys only and writing to a String does not fail.
    let mut text = serde_json::to_string_pretty(&Report::of(analysis)).unwrap_or_default();
    text.push('\n');
    text
}
