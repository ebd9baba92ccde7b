//! The reports as JSON and as text: of an analysis, of a comparison, of a run of the relay lab, of
//! a decision without a message; and the lists of findings and of rules.

pub mod audit;
mod captured;
mod codes;
mod comparison;
mod decided;
mod exchange_json;
mod extras;
mod imported;
mod json;
mod lines;
mod quoted;
mod reason;
mod relay_json;
mod relay_text;
mod remedies_json;
mod remedies_text;
mod rules;
mod text;
mod token_json;

pub use codes::{render_codes_json, render_codes_text};
pub use comparison::{
    ComparedMessage, ComparisonRows, render_comparison_json, render_comparison_text,
};
pub use decided::{
    Decided, render_decided_json, render_decided_text, render_undecided_json, render_undecided_text,
};
pub use extras::sign_in;
pub use extras::{EventForm, Extras};
pub use imported::render_imported_text;
pub use imported::{answer_now, name_in, refusal_line, remark_line, remarks, value_lines};
pub use json::Report;
pub use relay_json::render as render_relay_json;
pub use relay_text::render as render_relay_text;
pub use rules::{render_rules_json, render_rules_text};
pub use text::{render as render_text, render_with as render_text_with};

use std::fmt;

use crate::analysis::Analysis;

/// The report as one JSON document with a line end; each field, finding and reason has its line.
#[must_use]
pub fn render_json(analysis: &Analysis) -> String {
    render_json_with(analysis, Extras::default())
}

/// The report with the extras that were asked for.
#[must_use]
pub fn render_json_with(analysis: &Analysis, extras: Extras) -> String {
    let bytes: usize = analysis.tokens().iter().map(|token| token.content.bytes().len()).sum();
    // What a report takes, most of the time: what is too little is moved, which takes as long
    // again.
    lines::json(&Report::with(analysis, extras), 8192 + bytes * 32)
}

/// Writes what [`render_json_with`] returns, in pieces; ends with the first error of `to`.
///
/// # Errors
///
/// Only those of `to`.
pub fn write_json_with(
    analysis: &Analysis,
    extras: Extras,
    to: &mut dyn fmt::Write,
) -> fmt::Result {
    lines::write_json(&Report::with(analysis, extras), to)
}
