//! One row of a hex dump: an offset, groups of hex digits, and often the same bytes as text.

use super::{
    digits::{Digits, hex_digit, is_hex, number},
    scanning::{byte_before, find, is_space, part, skip_while, starts_with_ignore_case},
};
use crate::base::span::Span;

/// The most digits of a group.
const GROUP_DIGITS: usize = 64;

/// The fewest spaces between the bytes and their text, where nothing else tells them apart.
const WIDE_GAP: usize = 2;

/// After so many bytes many programs leave a wider gap, or draw a line.
const HALF_ROW: usize = 8;

/// The gap there is narrower than that, in bytes.
const MAX_MIDDLE_GAP: usize = 6;

/// No program writes so many bytes in a row.
const MAX_WIDTH: usize = 1_024;

/// So many numbers of zeros are tried as the offset of a row, in what a log writes in front of it.
const MAX_ZEROS: usize = 8;

/// The order in which the bytes of a group of digits are read.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum GroupOrder {
    AsWritten,
    /// A group is a number whose last byte comes first, as `xxd -e` and `od -x` write it.
    Reversed,
}

/// A row as it is written in the text.
#[derive(Clone)]
pub(super) struct DumpRow {
    /// Its start: with its offset, or `0x` before that.
    pub(super) start: usize,
    /// The start of its line.
    pub(super) line_start: usize,
    /// The digits of its offset.
    pub(super) offset: Span,
    /// The end of its line.
    pub(super) end: usize,
    /// The places of the pairs of digits that can be its bytes. Its text may look like hex as well.
    pub(super) pairs: Vec<usize>,
    /// The number of them that are its bytes.
    pub(super) take: usize,
    /// The number of bytes that follow it and are the same again: `*` stands for them.
    pub(super) again: usize,
}

impl DumpRow {
    /// Reads the row whose offset is at `start` in the line.
    pub(super) fn at(text: &[u8], start: usize, line: Span) -> Option<Self> {
        let text = part(text, Span::new(0, line.end));
        let before = byte_before(text, start, 1);
        if before.is_some_and(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        let digits = start + if starts_with_ignore_case(text, start, "0x") { 2 } else { 0 };
        let mut offset = Span::new(digits, skip_while(text, digits, is_hex));
        if text.get(offset.end) == Some(&b'`') {
            // Windows debuggers write long addresses in two parts.
            offset = Span::new(offset.end + 1, skip_while(text, offset.end + 1, is_hex));
        }
        // Samba writes `[000]`.
        let fewest = if before == Some(b'[') { 3 } else { 4 };
        if !(fewest..=16).contains(&offset.len()) {
            return None;
        }
        let mut behind = offset.end;
        if starts_with_ignore_case(text, behind, " <") {
            // What gdb knows of the address.
            behind = skip_while(text, behind, |byte| byte != b'>') + 1;
        }
        if matches!(text.get(behind), Some(b'h' | b'H')) {
            // As assemblers write hex.
            behind += 1;
        }
        let marks = skip_while(text, behind, |byte| matches!(byte, b':' | b']'));
        // `0000:4e 54`, where the first byte is glued to the mark.
        let is_glued = marks > behind && has_pair(text, marks);
        let is_word = text.get(marks).is_some_and(|byte| byte.is_ascii() && !is_space(*byte));
        if is_word && !is_glued {
            return None;
        }
        // `0000 : 4e 54`, where the mark stands alone.
        let mark = skip_while(text, marks, |byte| byte == b' ');
        let is_alone = matches!(text.get(mark), Some(b':' | b'|' | b'=' | b'>'))
            && text.get(mark + 1) == Some(&b' ');
        let groups = if is_alone { mark + 1 } else { marks };
        Some(Self::new(text, start, line, offset, groups))
    }

    /// Reads a row that has no offset, but its text, as Fiddler writes them: so many bytes at
    /// least.
    pub(super) fn without_offset(text: &[u8], line: Span, fewest: usize) -> Option<Self> {
        let text = part(text, Span::new(0, line.end));
        let start = skip_while(text, line.start, is_space);
        let mut row = Self::new(text, start, line, Span::empty(start), start);
        row.take = row.by_gaps();
        let edge = start + row.right_edge();
        let text_start = skip_while(text, edge, |byte| matches!(byte, b' ' | b'\t'));
        let shown = without_frame(part(text, Span::new(text_start, line.end)), row.take);
        let is_its_text = row.count_shown(text, shown, HALF_ROW).is_some();
        let has_text = text_start >= edge + WIDE_GAP && !shown.is_empty() && is_its_text;
        (has_text && row.take >= fewest).then_some(row)
    }

    /// Reads a row without an offset whose text says so: it has a character for each byte, and
    /// several are those of the bytes. Its first word may look like an offset.
    pub(super) fn surely_without_offset(text: &[u8], line: Span, fewest: usize) -> Option<Self> {
        let row = Self::without_offset(text, line, fewest)?;
        let text_start = skip_while(text, line.start + row.right_edge_from(line.start), is_space);
        let shown = without_frame(part(text, Span::new(text_start, line.end)), row.take);
        let is_sure = shown.len() == row.take && row.count_shown(text, shown, row.take) >= Some(2);
        is_sure.then_some(row)
    }

    /// The number of its first `most` bytes that are shown as their characters; `None` if one is
    /// shown as another. Behind the first half there may be a space that is none of the text.
    fn count_shown(&self, text: &[u8], shown: &[u8], most: usize) -> Option<usize> {
        let mut count = 0;
        for (pair, shown) in self.pairs.iter().zip(shown).take(self.take.min(most)) {
            let byte = number(part(text, Span::at(*pair, 2)), 16).unwrap_or_default();
            if shown.is_ascii_graphic() && *shown != b'.' {
                if byte != u64::from(*shown) {
                    return None;
                }
                count += 1;
            }
        }
        Some(count)
    }

    /// The distance from `from` to the end of its last byte.
    fn right_edge_from(&self, from: usize) -> usize {
        self.offset.start + self.right_edge() - from
    }

    fn new(text: &[u8], start: usize, line: Span, offset: Span, groups: usize) -> Self {
        let (line_start, end) = (line.start, line.end);
        Self { start, line_start, offset, end, pairs: pairs(text, groups), take: 0, again: 0 }
    }

    /// The row that may begin in the line: where the line does, or where an offset of zero follows
    /// the prefix of a log. That may have numbers of its own.
    pub(super) fn first_in(text: &[u8], line: Span) -> Option<Self> {
        let start = skip_while(text, line.start, |byte| b" \t[(\"'><|#/*;".contains(&byte));
        let row_at = |at| Self::at(text, at, line).filter(|row| !row.pairs.is_empty());
        row_at(start).or_else(|| {
            let mut found: Option<Self> = None;
            let mut at = start;
            for _ in 0..MAX_ZEROS {
                let Some(zero) = find(text, Span::new(at, line.end), b"0000") else { break };
                at = skip_while(text, zero, is_hex);
                let is_prefixed =
                    zero >= line.start + 2 && starts_with_ignore_case(text, zero - 2, "0x");
                let row = row_at(if is_prefixed { zero - 2 } else { zero });
                if row.as_ref().is_some_and(|row| row.offset_in(text, 16) == Some(0)) {
                    return row;
                }
                found = found.or(row);
            }
            found
        })
    }

    /// Its offset in a base, where its digits are of that base.
    pub(super) fn offset_in(&self, text: &[u8], base: u64) -> Option<u64> {
        number(part(text, self.offset), base)
    }

    /// The most bytes it can hold, by its gaps alone.
    pub(super) fn by_gaps(&self) -> usize {
        let gaps = self.pairs.windows(2).map(|two| two[1] - two[0] - 2);
        let is_wide = |(count, gap): (usize, usize)| {
            gap >= if count + 1 == HALF_ROW { MAX_MIDDLE_GAP } else { WIDE_GAP }
        };
        gaps.enumerate().position(is_wide).map_or(self.pairs.len(), |last| last + 1)
    }

    /// The number of its bytes left of a column, which counts from the offset.
    pub(super) fn left_of(&self, column: usize) -> usize {
        self.pairs.partition_point(|pair| pair + 2 <= self.offset.start + column)
    }

    /// The column behind the last of its bytes.
    pub(super) fn right_edge(&self) -> usize {
        let last = self.take.checked_sub(1).and_then(|last| self.pairs.get(last));
        last.map_or(0, |pair| pair + 2 - self.offset.start)
    }

    /// Returns true if nothing is behind its offset.
    pub(super) fn is_empty(&self, text: &[u8]) -> bool {
        skip_while(text, self.offset.end, |byte| is_space(byte) || byte == b':') >= self.end
    }

    /// Returns true if its groups hold more than a byte each.
    pub(super) fn has_words(&self) -> bool {
        matches!(self.pairs.as_slice(), [first, second, ..] if first + 2 == *second)
    }

    /// Adds its bytes, those of each group in the order given.
    pub(super) fn write(&self, text: &[u8], order: GroupOrder, digits: &mut Digits) {
        let swap = order == GroupOrder::Reversed;
        let bytes = part_of(&self.pairs, self.take + usize::from(swap && self.take % 2 == 1));
        let mut left = self.take + self.again;
        while left > 0 && !bytes.is_empty() {
            let mut row = self.take;
            for group in bytes.chunk_by(|one, next| one + 2 == *next) {
                for index in 0..group.len() {
                    let index = if swap { group.len() - 1 - index } else { index };
                    let pair = Span::at(group.get(index).copied().unwrap_or_default(), 2);
                    if left == 0 || row == 0 {
                        break;
                    }
                    (left, row) = (left - 1, row - 1);
                    let values = part(text, pair).iter().map(|b| hex_digit(*b).unwrap_or_default());
                    digits.push_all(values, pair.start);
                }
            }
        }
    }
}

/// Returns true if a pair of hex digits is at `at`, alone or in a group.
fn has_pair(text: &[u8], at: usize) -> bool {
    let len = skip_while(text, at, is_hex) - at;
    len >= 2 && len.is_multiple_of(2)
}

/// The text of a row of so many bytes, without what encloses it.
fn without_frame(shown: &[u8], len: usize) -> &[u8] {
    match shown {
        [b'|' | b'[' | b'*' | b'<' | b'(' | b'"' | b'\'', inner @ .., _] if inner.len() == len => {
            inner
        }
        [b';' | b'#', b' ', inner @ ..] if inner.len() == len => inner,
        [b'/', b'/', b' ', inner @ ..] if inner.len() == len => inner,
        _ => shown,
    }
}

fn part_of(pairs: &[usize], len: usize) -> &[usize] {
    pairs.get(..len).unwrap_or(pairs)
}

/// The places of the pairs of digits in the groups of a line from `from` on.
fn pairs(line: &[u8], from: usize) -> Vec<usize> {
    let mut pairs = Vec::new();
    let mut at = from;
    loop {
        let mut start =
            skip_while(line, at, |byte| matches!(byte, b' ' | b'\t') || !byte.is_ascii());
        if line.get(start) == Some(&b'-') {
            // Between the halves of a row, and behind an offset, there may be a dash.
            start += 1 + usize::from(line.get(start + 1) == Some(&b' '));
        }
        if starts_with_ignore_case(line, start, "0x") {
            start += 2;
        }
        let end = skip_while(line, start, is_hex);
        let len = end - start;
        let follower = line.get(end).copied().unwrap_or(b' ');
        let is_word = follower.is_ascii() && !b" \t\r-|\"'\\,".contains(&follower);
        if len == 0 || len % 2 == 1 || len > GROUP_DIGITS || is_word {
            return pairs;
        }
        at = start;
        while at < end {
            if pairs.len() == MAX_WIDTH {
                return pairs;
            }
            pairs.push(at);
            at += 2;
        }
    }
}
