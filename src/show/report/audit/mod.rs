//! The report of an audit: text for people, JSON, JSON lines and CSV for programs.

mod csv;
mod json;
mod text;

pub use csv::{csv_heading, csv_row};
pub use json::{json_lines_end, json_lines_row, write_json};
pub use text::{RowsShown, text};

use crate::audit::Row;

/// The numbers of a row, and what of the report it is a part of.
#[derive(Clone, Copy, Debug)]
struct Numbered<'a> {
    row: &'a Row,
    same_sign_in: Option<usize>,
}
