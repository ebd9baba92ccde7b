//! The changes that were made to a message by hand.

use super::{ByteMap, FieldRow};
use spnscope::lab::edit::ComputeError;
use spnscope::message::compare::{Difference, compare};
use spnscope::message::content::Content;

/// The comparison of the chosen message with the captured one.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct EditedView {
    /// The differences, in one sentence.
    pub summary: String,
    /// The number of bytes that differ, as one sentence; empty if this message was not edited.
    pub bytes: String,
    /// The reason why only the client can recompute the values that depend on its secret, in one
    /// sentence; `None` if the secret is known.
    pub only_the_client: Option<ComputeError>,
}

/// Describes the differences from `captured`, and marks them in the rows and cells of `edited`.
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
