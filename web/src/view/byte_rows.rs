use crate::view::Mark;
use spnscope::base::{finding::Severity, span::Span};

/// Bytes in a row of the byte view.
pub const ROW: usize = 16;

/// Which field each byte of a message belongs to: cells that tile it, in order.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ByteMap {
    /// Size of the message, in bytes.
    pub len: usize,
    /// The cells.
    pub cells: Vec<ByteCell>,
}

/// The bytes of one field as the byte view shows it: a pointer, an AV pair, a value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ByteCell {
    /// Its bytes.
    pub span: Span,
    /// What it is called, for screen readers: `MsvAvTargetName`.
    pub name: String,
    /// The mark it bears.
    pub mark: Option<Mark>,
    /// Every second cell is odd, so that borders show without lines.
    pub odd: bool,
    /// Whether no field refers to these bytes.
    pub is_gap: bool,
    /// The worst finding about exactly these bytes.
    pub finding: Option<Severity>,
    /// Whether some of it was edited by hand.
    pub changed: bool,
}

/// One row.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ByteRow {
    /// Of its first byte, a multiple of [`ROW`].
    pub offset: usize,
    /// The runs of its first and second eight bytes.
    pub halves: [Vec<ByteRun>; 2],
    /// The mark whose bytes begin in this row, for the margin.
    pub flag: Option<Mark>,
}

/// A run of bytes of one row half that look the same.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ByteRun {
    /// Its bytes.
    pub span: Span,
    /// Index of its cell in the map.
    pub cell: usize,
    /// Whether it is selected.
    pub selected: bool,
    /// Whether it is pointed at.
    pub pointed: bool,
}

/// Cuts a message into rows of runs. Every byte is in exactly one run.
#[must_use]
pub fn byte_rows(map: &ByteMap, selected: Option<Span>, pointed: Option<Span>) -> Vec<ByteRow> {
    let within =
        |span: Option<Span>, at: usize| span.is_some_and(|span| span.start <= at && at < span.end);
    let mut rows: Vec<ByteRow> = (0..map.len.div_ceil(ROW))
        .map(|row| ByteRow { offset: row * ROW, halves: [Vec::new(), Vec::new()], flag: None })
        .collect();
    let mut flagged = None;
    for (index, cell) in map.cells.iter().enumerate() {
        if cell.mark.is_some()
            && cell.mark != flagged
            && let Some(row) = rows.get_mut(cell.span.start / ROW)
        {
            row.flag = cell.mark;
        }
        flagged = cell.mark;
        let mut start = cell.span.start;
        while start < cell.span.end {
            let state = (within(selected, start), within(pointed, start));
            let half_end = (start / (ROW / 2) + 1) * (ROW / 2);
            let end = (start + 1..cell.span.end.min(half_end))
                .find(|at| (within(selected, *at), within(pointed, *at)) != state)
                .unwrap_or_else(|| cell.span.end.min(half_end));
            let run = ByteRun {
                span: Span::new(start, end),
                cell: index,
                selected: state.0,
                pointed: state.1,
            };
            if let Some(half) = rows
                .get_mut(start / ROW)
                .and_then(|row| row.halves.get_mut(start % ROW / (ROW / 2)))
            {
                half.push(run);
            }
            start = end;
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(start: usize, end: usize) -> ByteCell {
        ByteCell {
            span: Span::new(start, end),
            name: String::new(),
            mark: None,
            odd: false,
            is_gap: false,
            finding: None,
            changed: false,
        }
    }

    #[test]
    fn every_byte_is_in_exactly_one_run() {
        for len in 0..70 {
            for cut in 0..=len {
                let cells = [cell(0, cut), cell(cut, len)];
                let cells = cells.into_iter().filter(|cell| !cell.span.is_empty()).collect();
                let map = ByteMap { len, cells };
                let mut next = 0;
                for row in byte_rows(&map, Some(Span::new(cut / 2, cut)), Some(Span::new(3, 5))) {
                    for run in row.halves.iter().flatten() {
                        assert_eq!(run.span.start, next, "{len} {cut}");
                        assert!(!run.span.is_empty());
                        next = run.span.end;
                    }
                }
                assert_eq!(next, len, "{len} {cut}");
            }
        }
    }

    #[test]
    fn a_mark_is_flagged_once_where_it_begins() {
        let mut cells = vec![cell(0, 20), cell(20, 22), cell(22, 40)];
        for part in &mut cells[1..] {
            part.mark = Some(Mark::TargetName);
        }
        let rows = byte_rows(&ByteMap { len: 40, cells }, None, None);
        let flags: Vec<_> = rows.iter().map(|row| row.flag).collect();
        assert_eq!(flags, [None, Some(Mark::TargetName), None]);
    }
}
