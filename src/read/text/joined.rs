//! Pieces of a message put together: without what a log writes in front of each line, without the
//! line breaks of a terminal in the rows of a dump, and without what pages and mails put between
//! lines.
//!
//! It is tried where a message that was found is not whole, and the text that comes of it is
//! searched anew.

use std::ops::RangeInclusive;

use super::{
    Score, Search,
    digits::{Digits, is_hex, number},
    invisible, line_start,
    scanning::{end_of_line, part, skip_while},
    strings::is_quote,
};
use crate::base::span::Span;

/// The longest prefix that a log writes in front of a line.
const MAX_PREFIX_LEN: usize = 256;

/// The longest text that is put together for one message.
const MAX_JOINED_LEN: usize = 1 << 19;

/// Into so many more lines a terminal breaks a row.
const MAX_BREAKS: usize = 3;

/// There are at most so many empty lines between two pieces.
const MAX_EMPTY: usize = 2;

/// The fewest and the most digits of an offset.
const OFFSET: RangeInclusive<usize> = 4..=16;

/// An offset is higher than the one before by at most so much.
const MAX_STEP: u64 = 1_024;

/// Looks for messages in what is put together.
pub(super) async fn search(search: &mut Search<'_>) {
    let is_cut = search.cut_short().next().is_some();
    if (is_cut || search.found.is_empty())
        && let Some(bytes) = invisible::removed(search.text, search.pace).await
    {
        search.offer_joined(&bytes).await;
    }
    let mut from = 0;
    let starts: Vec<_> = search.cut_short().map(|(_, place)| place.start).collect();
    for start in starts {
        // Each line is put together once.
        if start < from || search.is_full() {
            continue;
        }
        let Some(mut block) = TextBlock::of(search.text, start) else { continue };
        block.read(search).await;
        from = block.next;
        if block.pieces == 0 {
            continue;
        }
        let is_whole = search.offer_joined(&block.bytes).await == Score::Whole;
        if let Some(len) = block.alike.filter(|_| !is_whole && block.alike_pieces > 0) {
            // Something else may be behind the rows that are alike.
            block.bytes.truncate(len);
            search.offer_joined(&block.bytes).await;
        }
    }
}

/// Lines that begin alike, and what they hold behind that.
struct TextBlock<'t> {
    text: &'t [u8],
    /// The text in front of the first piece on its line.
    prefix: Span,
    /// The offset of the first row, where they are rows of a dump.
    offset: Option<Span>,
    last_offset: u64,
    /// The lines that follow a row and do not begin like it: the rest of the row, where a terminal
    /// broke it.
    breaks: Vec<Span>,
    /// The number of breaks of the first row.
    usual_breaks: Option<usize>,
    bytes: Digits,
    /// The number of pieces added to the first, or of breaks mended in a dump.
    pieces: usize,
    /// The length of the first piece.
    first_len: usize,
    /// The number of bytes before the first piece that is not as long as the first, and the number
    /// of those pieces.
    alike: Option<usize>,
    alike_pieces: usize,
    /// The start of the next line that was not looked at.
    next: usize,
}

impl<'t> TextBlock<'t> {
    /// The one whose first piece begins at `start`; `None` where nothing is in front of it.
    fn of(text: &'t [u8], start: usize) -> Option<Self> {
        let before = part(text, Span::new(0, start));
        let line = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let is_quoted = before.last().is_some_and(|byte| is_quote(*byte)) && start > line;
        let start = start - usize::from(is_quoted);
        let prefix = Span::new(line, start);
        if prefix.len() > MAX_PREFIX_LEN {
            return None;
        }
        let offset = offset_before(text, prefix).or_else(|| offset_at(text, start));
        let prefix = offset.map_or(prefix, |offset| prefix.clipped(offset.start));
        if offset.is_none() && part(text, prefix).trim_ascii().is_empty() {
            return None;
        }
        Some(Self {
            text,
            prefix,
            offset,
            last_offset: 0,
            breaks: Vec::new(),
            usual_breaks: None,
            bytes: Digits::new(8),
            pieces: 0,
            first_len: 0,
            alike: None,
            alike_pieces: 0,
            next: start,
        })
    }

    /// Reads all lines that belong together.
    async fn read(&mut self, search: &mut Search<'_>) {
        let first = Span::new(self.prefix.end, end_of_line(self.text, self.next));
        self.next = first.end + 1;
        let first = self.without_end(first);
        self.first_len = first.len();
        self.push(first);
        let mut empty = 0;
        while self.next < self.text.len() && self.bytes.bytes().len() < MAX_JOINED_LEN {
            let line = Span::new(self.next, end_of_line(self.text, self.next));
            search.pace.spend(line.len() + 1).await;
            if part(self.text, line).trim_ascii().is_empty() {
                empty += 1;
                if empty > MAX_EMPTY {
                    break;
                }
            } else if let Some(start) = self.piece_at(line) {
                empty = 0;
                self.push_breaks();
                self.push_piece(Span::new(start, line.end));
            } else if self.breaks.len() < MAX_BREAKS {
                self.breaks.push(line);
            } else {
                break;
            }
            self.next = line.end + 1;
        }
        // The last row is broken like the first.
        self.breaks.truncate(self.usual_breaks.unwrap_or_default());
        self.push_breaks();
    }

    /// The start of a line's piece, if the line begins like the first.
    fn piece_at(&mut self, line: Span) -> Option<usize> {
        let start = line_start::behind(self.text, self.prefix, line)?;
        if let Some(first) = self.offset {
            let digits = Span::new(start, skip_while(self.text, start, is_hex));
            let offset = number(part(self.text, digits), 16)?;
            let is_next = digits.len() == first.len()
                && offset > self.last_offset
                && offset - self.last_offset <= MAX_STEP;
            if !is_next {
                return None;
            }
            self.last_offset = offset;
        }
        Some(start)
    }

    fn push_piece(&mut self, piece: Span) {
        let piece = self.without_end(piece);
        if self.offset.is_none() {
            self.pieces += 1;
        }
        if piece.len() != self.first_len && self.alike.is_none() {
            self.alike = Some(self.bytes.bytes().len());
        }
        self.alike_pieces += usize::from(self.alike.is_none());
        self.bytes.push(b'\n', Span::at(piece.start.saturating_sub(1), 1));
        self.push(piece);
    }

    /// Adds what a terminal put on lines of its own.
    fn push_breaks(&mut self) {
        let breaks = std::mem::take(&mut self.breaks);
        self.usual_breaks.get_or_insert(breaks.len());
        for line in breaks {
            let between = Span::at(line.start.saturating_sub(1), 1);
            if self.offset.is_none() {
                self.bytes.push(b'\n', between);
            } else {
                self.pieces += 1;
                if !self.ends_in_byte() {
                    self.bytes.push(b' ', between);
                }
            }
            let indent = skip_while(self.text, line.start, |byte| byte == b' ');
            self.push(Span::new(indent, line.end));
        }
    }

    /// Returns true if the joined text ends with a single hex digit.
    fn ends_in_byte(&self) -> bool {
        let bytes = self.bytes.bytes();
        let digits = bytes.iter().rev().take_while(|byte| is_hex(**byte)).count();
        digits % 2 == 1
    }

    fn push(&mut self, piece: Span) {
        self.bytes.push_all(part(self.text, piece).iter().copied(), piece.start);
    }

    /// A piece without white space at its end, and without what closes the record around its
    /// string.
    fn without_end(&self, piece: Span) -> Span {
        let text = part(self.text, piece).trim_ascii_end();
        let string = text.iter().rposition(|byte| !b"}])".contains(byte)).map_or(0, |at| at + 1);
        let ends_string = string > 0 && text.get(string - 1).is_some_and(|byte| is_quote(*byte));
        let len = if ends_string { string } else { text.len() };
        Span::at(piece.start, len)
    }
}

/// The offset of zero at `start`, where the first row of a dump begins with it.
fn offset_at(text: &[u8], start: usize) -> Option<Span> {
    let offset = Span::new(start, skip_while(text, start, is_hex));
    let is_zero = number(part(text, offset), 16) == Some(0);
    (is_zero && OFFSET.contains(&offset.len())).then_some(offset)
}

/// The offset of zero that a row of a dump begins with, at the end of the text in front of its
/// bytes.
fn offset_before(text: &[u8], prefix: Span) -> Option<Span> {
    let before = part(text, prefix);
    let is_mark = |byte: &u8| !b" \t:|-]".contains(byte);
    let end = before.iter().rposition(is_mark)? + 1;
    let digits = before.get(..end)?.iter().rev().take_while(|byte| is_hex(**byte)).count();
    let start = end - digits;
    let is_word = start > 0 && before.get(start - 1).is_some_and(u8::is_ascii_alphanumeric);
    let offset = Span::new(prefix.start + start, prefix.start + end);
    let is_zero = number(part(text, offset), 16) == Some(0);
    (is_zero && !is_word && OFFSET.contains(&digits)).then_some(offset)
}
