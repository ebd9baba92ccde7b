//! Long lists in chunks: only those near the rows in sight are filled.
//!
//! A list stays whole up to a number of rows. A longer one gets a box with a scroll bar, in which
//! every chunk has the height of its rows, filled or not; so no height has to be computed here.

use std::ops::Range;

use yew::prelude::*;

use crate::dom::focus;

/// The number of rows in a chunk. The style sheets have it too.
pub(super) const CHUNK_ROWS: usize = 32;

/// The rows in chunk `chunk` of a list of `rows`.
pub(super) fn rows_of(chunk: usize, rows: usize) -> Range<usize> {
    chunk * CHUNK_ROWS..((chunk + 1) * CHUNK_ROWS).min(rows)
}

/// The chunks of a list that are filled.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct FilledChunks {
    rows: usize,
    in_sight: Option<(usize, usize)>,
    also: Vec<usize>,
}

impl FilledChunks {
    /// Selects the chunks of a list of `rows`: all if `in_sight` is `None`; else those with the
    /// rows from the first to the second in sight, their neighbours, those with the rows `also`,
    /// and the last.
    pub(super) fn new(
        rows: usize,
        in_sight: Option<(usize, usize)>,
        also: &[Option<usize>],
    ) -> Self {
        Self { rows, in_sight, also: also.iter().flatten().map(|row| row / CHUNK_ROWS).collect() }
    }

    /// The number of chunks.
    pub(super) fn chunks(&self) -> usize {
        self.rows.div_ceil(CHUNK_ROWS)
    }

    /// Returns true if a chunk is filled.
    pub(super) fn contains(&self, chunk: usize) -> bool {
        let Some((first, last)) = self.in_sight else { return true };
        let near = (first / CHUNK_ROWS).saturating_sub(1)..=last / CHUNK_ROWS + 1;
        near.contains(&chunk) || self.also.contains(&chunk) || chunk + 1 == self.chunks()
    }
}

/// Tracks the rows in sight of a list in the box at `node`; returns them, and the handler of
/// scrolling. `None` if the list is short enough to have no box.
#[hook]
pub(super) fn use_rows_in_sight(
    node: NodeRef,
    rows: usize,
    longest_whole: usize,
) -> (Option<(usize, usize)>, Callback<Event>) {
    let in_sight = use_state_eq(|| (0, CHUNK_ROWS));
    let set = in_sight.setter();
    let onscroll = use_callback((node, rows), move |_: Event, (node, rows)| {
        if let Some((first, last)) = focus::rows_in_sight(node, *rows) {
            // By chunks, so that not every step of the wheel renders.
            set.set((first / CHUNK_ROWS * CHUNK_ROWS, last / CHUNK_ROWS * CHUNK_ROWS));
        }
    });
    ((rows > longest_whole).then_some(*in_sight), onscroll)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_tile_the_rows() {
        for rows in 0..200 {
            let chunks = FilledChunks::new(rows, None, &[]).chunks();
            let covered: Vec<_> = (0..chunks).flat_map(|chunk| rows_of(chunk, rows)).collect();
            assert_eq!(covered, (0..rows).collect::<Vec<_>>());
        }
    }

    #[test]
    fn only_chunks_near_the_rows_in_sight_are_filled() {
        let filled = FilledChunks::new(4096, Some((640, 680)), &[Some(3), None]);
        let chunks: Vec<_> = (0..filled.chunks()).filter(|chunk| filled.contains(*chunk)).collect();
        assert_eq!(chunks, [0, 19, 20, 21, 22, 127]);
        assert!((0..128).all(|chunk| FilledChunks::new(4096, None, &[]).contains(chunk)));
    }
}
