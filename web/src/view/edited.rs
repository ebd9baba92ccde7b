//! What of a message was edited by hand.

use super::{ByteMap, FieldRow};
use spnscope::lab::edit::ComputeError;
use spnscope::message::compare::{Difference, compare};
use spnscope::message::content::Content;

/// The chosen message beside what was captured.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct EditedView {
    /// What differs, in one sentence.
    pub summary: String,
    /// How many bytes differ, as one sentence; empty where this message was not edited.
    pub bytes: String,
    /// Why only the client can compute anew what takes its secret, in one sentence; `None` where
    /// the secret is known.
    pub only_the_client: Option<ComputeError>,
}

/// Says what differs from `captured`, and marks it among the rows and cells of `edited`.
pub(super) fn edited(
    captured: &Content,
    edited: &Content,
    rows: &mut [FieldRow],
    map: &mut ByteMap,
) -> EditedView {
    let comparison = compare(captured, edited);
    for row in &comparison.rows {
        let Some(right) = &row.right else { continue };
        if matches!(row.difference, Difference::Same | Difference::Order) || right.span.is_empty() {
            continue;
        }
        for row in rows.iter_mut() {
            row.changed |= row.span == right.span;
        }
        for cell in &mut map.cells {
            cell.changed |= cell.span.contains(right.span);
        }
    }
    let (before, after) = (captured.bytes(), edited.bytes());
    let bytes = if before.len() == after.len() {
        let differing = before.iter().zip(after).filter(|(one, other)| one != other).count();
        format!("{differing} of {} bytes differ from what was captured.", after.len())
    } else {
        format!("{} bytes became {}.", before.len(), after.len())
    };
    EditedView { summary: comparison.summary, bytes, only_the_client: None }
}
