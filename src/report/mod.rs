//! The report of an analysis, of a comparison, and of a run of the relay lab, as JSON and as text.

mod codes;
mod comparison;
mod extras;
mod json;
mod lines;
mod quoted;
mod relay_json;
mod relay_text;
mod text;
mod way_out_json;
mod way_out_text;

pub use codes::{render_codes_json, render_codes_text};
pub use comparison::{Compared, render_comparison_json, render_comparison_text};
pub use extras::{EventForm, Extras};
pub use json::Report;
pub use relay_json::render as render_relay_json;
pub use relay_text::render as render_relay_text;
pub use text::{render as render_text, render_with as render_text_with};

use crate::analysis::Analysis;

/// The report as one JSON document with a line end; each field, finding and reason has its line.
#[must_use]
pub fn render_json(analysis: &Analysis) -> String {
    render_json_with(analysis, Extras::default())
}

/// The same with what else was asked for.
#[must_use]
pub fn render_json_with(analysis: &Analysis, extras: Extras) -> String {
    let bytes: usize = analysis.tokens.iter().map(|token| token.content.bytes().len()).sum();
    // What a report takes, most of the time: what is too little is moved, which takes as long again.
    lines::json(&Report::with(analysis, extras), 8192 + bytes * 32)
}
