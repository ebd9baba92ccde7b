//! Dumps of characters, as `od -c` and `hexdump -c` write them: an offset, and for each byte a cell
//! of four columns with its character, an escape or three octal digits.

use std::ops::RangeInclusive;

use super::{
    Reading, Score, Search,
    digits::{Digits, is_hex, number},
    scanning::{end_of_line, find, part, skip_while},
};
use crate::base::span::Span;
use crate::read::layer::LayerKind;

/// The number of columns of a cell.
const WIDTH: usize = 4;

/// The most cells of a row.
const MAX_CELLS: usize = 64;

/// The first row of a dump without offsets has so many at least.
const MIN_CELLS: usize = 8;

/// The number of digits of an offset.
const OFFSET: RangeInclusive<usize> = 6..=8;

/// The bases in which offsets may count, the likeliest first.
const BASES: [u64; 3] = [8, 16, 10];

/// The most bytes that `*` may stand for in one dump.
const MAX_REPEATED: u64 = 1 << 12;

/// A row: its offset and its cells.
#[derive(Clone)]
struct CellRow {
    /// The digits of its offset; empty where it has none.
    offset: Span,
    cells: Vec<(u8, Span)>,
}

/// Rows that follow one another. All but the last were written.
struct CellDump {
    start: usize,
    last: CellRow,
    end: usize,
    base: Option<u64>,
    has_star: bool,
    bytes: Digits,
}

/// Looks for such dumps in a part of the text.
pub(super) async fn search(search: &mut Search<'_>, span: Span) {
    let text = part(search.text, Span::new(0, span.end));
    // Every message has zeros in it.
    if find(text, span, b"\\0").is_none() {
        return;
    }
    let mut dump: Option<CellDump> = None;
    let mut start = span.start;
    while start < text.len() && !search.is_full() {
        let line = Span::new(start, end_of_line(text, start));
        search.pace.spend(line.len() + 1).await;
        start = line.end + 1;
        if let Some(dump) = &mut dump
            && part(text, line).trim_ascii() == b"*"
        {
            dump.has_star = true;
            continue;
        }
        let row = CellRow::read(text, line);
        if let (Some(dump), Some(row)) = (&mut dump, &row)
            && dump.take_if_next(text, row, line)
        {
            continue;
        }
        if let Some(dump) = dump.take() {
            dump.offer(search).await;
        }
        dump = row.filter(CellRow::can_be_first).map(|row| CellDump::new(row, line));
    }
    if let Some(dump) = dump {
        dump.offer(search).await;
    }
}

impl CellDump {
    fn new(row: CellRow, line: Span) -> Self {
        let start = row.cells.first().map_or(line.start, |(_, cell)| cell.start);
        let start = if row.offset.is_empty() { start } else { row.offset.start };
        let bytes = Digits::new(8);
        Self { start, last: row, end: line.end, base: None, has_star: false, bytes }
    }

    /// Takes the row if it is the next one.
    fn take_if_next(&mut self, text: &[u8], row: &CellRow, line: Span) -> bool {
        let has_offset = !row.offset.is_empty();
        if has_offset == self.last.offset.is_empty() {
            return false;
        }
        let mut count = self.last.cells.len();
        let mut again = 0;
        if has_offset {
            let distance = |base: u64| {
                let offset = |row: &CellRow| number(part(text, row.offset), base);
                let distance = offset(row)?.checked_sub(offset(&self.last)?)?;
                let most = if self.has_star { MAX_REPEATED } else { MAX_CELLS as u64 };
                let len = count as u64;
                // A space at the end of a line may be gone, with its cell.
                let fits = distance > 0 && distance <= most && (self.has_star || distance >= len);
                fits.then_some((base, usize::try_from(distance).ok()?))
            };
            let found = match self.base {
                Some(base) => distance(base),
                None => BASES.into_iter().filter_map(distance).min_by_key(|(_, len)| *len),
            };
            let Some((base, len)) = found else { return false };
            self.base = Some(base);
            if self.has_star {
                again = len.saturating_sub(count);
            } else {
                count = len;
            }
        }
        self.write(count, again);
        (self.last, self.end, self.has_star) = (row.clone(), line.end, false);
        true
    }

    /// Adds the bytes of the last row: so many, and the same again.
    fn write(&mut self, count: usize, again: usize) {
        let end = self.last.cells.last().map_or(self.end, |(_, cell)| cell.end);
        for index in 0..count {
            let (byte, cell) =
                self.last.cells.get(index).copied().unwrap_or_else(|| (b' ', Span::empty(end)));
            self.bytes.push(byte, cell);
        }
        for (byte, cell) in self.last.cells.iter().cycle().take(again) {
            self.bytes.push(*byte, *cell);
        }
    }

    async fn offer(mut self, search: &mut Search<'_>) -> Score {
        self.write(self.last.cells.len(), 0);
        let kind = (Reading::HexDump, LayerKind::HexDump("od -c"));
        search.offer(kind, Span::new(self.start, self.end), self.bytes).await
    }
}

impl CellRow {
    /// Returns true if a dump may begin with it. Without an offset a line of few cells may be
    /// anything.
    fn can_be_first(&self) -> bool {
        let fewest = if self.offset.is_empty() { MIN_CELLS } else { 1 };
        self.cells.len() >= fewest
    }

    /// The row in the line, with an offset or without one, or with an offset alone, which ends a
    /// dump.
    fn read(text: &[u8], line: Span) -> Option<Self> {
        let text = part(text, Span::new(0, line.end));
        let text = part(text, Span::new(0, line.start + part(text, line).trim_ascii_end().len()));
        let start = skip_while(text, line.start, |byte| b" \t>|".contains(&byte));
        let digits = Span::new(start, skip_while(text, start, is_hex));
        if OFFSET.contains(&digits.len()) {
            let cells = cells(text, digits.end).or_else(|| words(text, digits.end))?;
            return Some(Self { offset: digits, cells });
        }
        // Without an offset only columns tell.
        let cells = cells(text, line.start).filter(|cells| !cells.is_empty())?;
        Some(Self { offset: Span::empty(line.start), cells })
    }
}

/// The cells from `from` to the end of the text, each in its columns.
fn cells(text: &[u8], from: usize) -> Option<Vec<(u8, Span)>> {
    let mut found = Vec::new();
    let mut at = from;
    while at < text.len() {
        let place = Span::new(at, at + WIDTH).clipped(text.len());
        let written = part(text, place);
        let [b' ', rest @ ..] = written else { return None };
        let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
        let cell = rest.get(blanks..).unwrap_or_default();
        let is_full = written.len() == WIDTH;
        let byte = match cell {
            [] if is_full => b' ',
            _ => byte_of(cell).filter(|_| is_full && blanks + cell.len() == WIDTH - 1)?,
        };
        let start = if cell.is_empty() { at } else { place.end - cell.len() };
        found.push((byte, Span::new(start, place.end)));
        at += WIDTH;
        if found.len() > MAX_CELLS {
            return None;
        }
    }
    Some(found)
}

/// Reads the cells where blanks were lost, so that no column tells: a word for each byte.
fn words(text: &[u8], from: usize) -> Option<Vec<(u8, Span)>> {
    let mut found = Vec::new();
    let mut at = from;
    loop {
        let start = skip_while(text, at, |byte| matches!(byte, b' ' | b'\t'));
        if start >= text.len() {
            return Some(found);
        }
        at = skip_while(text, start, |byte| !matches!(byte, b' ' | b'\t'));
        let word = Span::new(start, at);
        found.push((byte_of(part(text, word))?, word));
        if found.len() > MAX_CELLS {
            return None;
        }
    }
}

/// The byte that a cell stands for.
fn byte_of(cell: &[u8]) -> Option<u8> {
    match cell {
        [byte] if byte.is_ascii_graphic() => Some(*byte),
        [b'\\', name] => Some(match name {
            b'0' => 0,
            b'a' => 7,
            b'b' => 8,
            b't' => b'\t',
            b'n' => b'\n',
            b'v' => 11,
            b'f' => 12,
            b'r' => b'\r',
            b'\\' => b'\\',
            _ => return None,
        }),
        [_, _, _] => number(cell, 8).and_then(|byte| u8::try_from(byte).ok()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_by_their_columns_or_as_words() {
        let bytes = |cells: Option<Vec<(u8, Span)>>| -> Option<Vec<u8>> {
            Some(cells?.into_iter().map(|(byte, _)| byte).collect())
        };
        let row = b"   N      \\0 001 342  \\b   \\";
        assert_eq!(bytes(cells(row, 0)).as_deref(), Some(&b"N \0\x01\xe2\x08\\"[..]));
        assert_eq!(bytes(words(b" N T \\0  001", 0)).as_deref(), Some(&b"NT\0\x01"[..]));
        for wrong in ["   N  T", "   N T  ", "  NT", " 400", " N", "text of a log", "   N  \\x"] {
            assert_eq!(bytes(cells(wrong.as_bytes(), 0)), None, "{wrong}");
        }
    }
}
