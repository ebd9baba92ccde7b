//! The comparison's form. Keys may be added; none is renamed or removed without a new `schema`.
//!
//! Values, `start` and `end` are as in the report of an analysis.

use serde::Serialize;

use crate::message::{
    compare::{ByteDifference, CompareRow, Comparison, Difference, Side},
    field::{FieldPath, hex},
};
use crate::show::report::{ComparedMessage, ComparisonRows};

#[derive(Debug, Serialize)]
pub(super) struct ComparisonReport<'a> {
    schema: u32,
    left: MessageReport,
    right: MessageReport,
    summary: &'a str,
    rows: Vec<ComparedRowReport<'a>>,
}

#[derive(Debug, Serialize)]
struct MessageReport {
    message: &'static str,
    hex: String,
}

#[derive(Debug, Serialize)]
struct ComparedRowReport<'a> {
    path: &'a FieldPath,
    name: &'a str,
    left: Option<ComparedSideReport<'a>>,
    right: Option<ComparedSideReport<'a>>,
    difference: Difference,
    bytes: Option<ByteDifference>,
}

#[derive(Debug, Serialize)]
struct ComparedSideReport<'a> {
    value: &'a str,
    start: usize,
    end: usize,
}

pub(super) fn report<'a>(
    left: &ComparedMessage<'_>,
    right: &ComparedMessage<'_>,
    comparison: &'a Comparison,
    shown: ComparisonRows,
) -> ComparisonReport<'a> {
    let rows = comparison.rows.iter();
    let rows =
        rows.filter(|row| shown == ComparisonRows::All || row.difference != Difference::Same);
    ComparisonReport {
        schema: 1,
        left: message(left),
        right: message(right),
        summary: &comparison.summary,
        rows: rows.map(row).collect(),
    }
}

fn message(compared: &ComparedMessage<'_>) -> MessageReport {
    let content = compared.content;
    MessageReport { message: content.kind(), hex: hex(content.bytes()) }
}

fn row(row: &CompareRow) -> ComparedRowReport<'_> {
    ComparedRowReport {
        path: &row.path,
        name: &row.name,
        left: row.left.as_ref().map(side),
        right: row.right.as_ref().map(side),
        difference: row.difference,
        bytes: row.bytes,
    }
}

fn side(side: &Side) -> ComparedSideReport<'_> {
    ComparedSideReport { value: &side.value, start: side.span.start, end: side.span.end }
}
