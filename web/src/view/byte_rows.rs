//! The byte view as rows: the map from bytes to fields, and runs of bytes that look the same.

use std::fmt::Write as _;

use crate::view::Mark;
use spnscope::base::{finding::Severity, span::Span};

/// The number of bytes in a row of the byte view.
pub const ROW_LEN: usize = 16;

/// The map from the bytes of a message to its fields: cells that tile it, in order.
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
    /// The name of the field, for screen readers: `MsvAvTargetName`.
    pub name: String,
    /// The mark it bears.
    pub mark: Option<Mark>,
    /// True for every second cell, so that borders show without lines.
    pub odd: bool,
    /// True if no field refers to these bytes.
    pub is_gap: bool,
    /// The worst finding about exactly these bytes.
    pub finding: Option<Severity>,
    /// True if some of it was edited by hand.
    pub changed: bool,
}

/// One row of the byte view.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ByteRow {
    /// The offset of its first byte, a multiple of [`ROW_LEN`].
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
    /// The index of its cell in the map.
    pub cell: usize,
    /// True if it is selected.
    pub selected: bool,
    /// True if it is pointed at.
    pub pointed: bool,
}

/// Cuts a message into rows of runs. Every byte is in exactly one run.
#[must_use]
pub fn byte_rows(map: &ByteMap, selected: Option<Span>, pointed: Option<Span>) -> Vec<ByteRow> {
    let within =
        |span: Option<Span>, at: usize| span.is_some_and(|span| span.start <= at && at < span.end);
    let mut rows: Vec<ByteRow> = (0..map.len.div_ceil(ROW_LEN))
        .map(|row| ByteRow { offset: row * ROW_LEN, halves: [Vec::new(), Vec::new()], flag: None })
        .collect();
    let mut flagged = None;
    for (index, cell) in map.cells.iter().enumerate() {
        if cell.mark.is_some()
            && cell.mark != flagged
            && let Some(row) = rows.get_mut(cell.span.start / ROW_LEN)
        {
            row.flag = cell.mark;
        }
        flagged = cell.mark;
        let mut start = cell.span.start;
        while start < cell.span.end {
            let state = (within(selected, start), within(pointed, start));
            let half_end = (start / (ROW_LEN / 2) + 1) * (ROW_LEN / 2);
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
                .get_mut(start / ROW_LEN)
                .and_then(|row| row.halves.get_mut(start % ROW_LEN / (ROW_LEN / 2)))
            {
                half.push(run);
            }
            start = end;
        }
    }
    rows
}

/// Rows `first` to `last` of a message as a hex dump, as `hexdump -C` writes it.
#[must_use]
pub fn hex_dump(bytes: &[u8], first: usize, last: usize) -> String {
    let mut dump = String::new();
    for (row, bytes) in bytes.chunks(ROW_LEN).enumerate().take(last.saturating_add(1)).skip(first) {
        // Writing to a String does not fail.
        let _ = write!(dump, "{:08x} ", row * ROW_LEN);
        for at in 0..ROW_LEN {
            if at % (ROW_LEN / 2) == 0 {
                dump.push(' ');
            }
            let _ = match bytes.get(at) {
                Some(byte) => write!(dump, "{byte:02x} "),
                None => write!(dump, "   "),
            };
        }
        dump.push_str(" |");
        dump.extend(bytes.iter().map(|byte| match byte {
            0x20..=0x7e => char::from(*byte),
            _ => '.',
        }));
        dump.push_str("|\n");
    }
    dump
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
    fn a_dump_is_that_of_hexdump_and_reads_as_the_message_again() {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        use spnscope::{analysis::analyze, judge::smb::ServerSettings};

        assert_eq!(
            hex_dump(b"NTLMSSP\0\x03\0\0\0\x18\0\x18\0v\0", 0, 9),
            "00000000  4e 54 4c 4d 53 53 50 00  03 00 00 00 18 00 18 00  |NTLMSSP.........|\n\
             00000010  76 00                                             |v.|\n"
        );
        let message = crate::view::SAMPLES[0].text.lines().last().unwrap();
        let message = STANDARD.decode(message).unwrap();
        let dump = hex_dump(&message, 0, message.len().div_ceil(ROW_LEN));
        let read = analyze(dump.as_bytes(), &ServerSettings::default(), None);
        assert_eq!(read.tokens()[0].content.bytes(), message);
        assert_eq!(hex_dump(&message, 2, 3).lines().count(), 2);
        assert!(hex_dump(&message, 2, 3).starts_with("00000020  "));
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
