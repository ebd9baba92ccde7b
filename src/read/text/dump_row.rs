//! One row of a hex dump: an offset, groups of hex digits, and often the same bytes as text.

use super::{
    digits::{Digits, hex_digit, is_hex, number},
    scanning::{before, end_of, find, goes_on, is_space, part},
};
use crate::base::span::Span;

/// The most digits of a group.
const GROUP_DIGITS: usize = 64;

/// The fewest spaces between the bytes and their text, where nothing else tells them apart.
const WIDE_GAP: usize = 2;

/// After so many bytes many programs leave a wider gap, or draw a line.
const HALF_ROW: usize = 8;

/// The gap there is narrower than that, in bytes.
const WIDEST_MIDDLE: usize = 6;

/// No program writes so many bytes in a row.
const WIDEST: usize = 1_024;

/// A row as it stands in the text.
#[derive(Clone)]
pub(super) struct Row {
    /// Where it begins: with its offset, or `0x` before that.
    pub(super) start: usize,
    /// Where its line begins.
    pub(super) line_start: usize,
    /// The digits of its offset.
    pub(super) offset: Span,
    /// Where its line ends.
    pub(super) end: usize,
    /// Where the pairs of digits stand that can be its bytes. Its text may look like hex as well.
    pub(super) pairs: Vec<usize>,
    /// How many of them are its bytes.
    pub(super) take: usize,
    /// How many bytes follow it that are the same again: `*` stands for them.
    pub(super) again: usize,
}

impl Row {
    /// Reads the row whose offset stands at `start` in the line.
    pub(super) fn at(text: &[u8], start: usize, line: Span) -> Option<Self> {
        let text = part(text, Span::new(0, line.end));
        let before = before(text, start, 1);
        if before.is_some_and(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        let digits = start + if goes_on(text, start, "0x") { 2 } else { 0 };
        let mut offset = Span::new(digits, end_of(text, digits, is_hex));
        if text.get(offset.end) == Some(&b'`') {
            // Windows debuggers write long addresses in two parts.
            offset = Span::new(offset.end + 1, end_of(text, offset.end + 1, is_hex));
        }
        // Samba writes `[000]`.
        let fewest = if before == Some(b'[') { 3 } else { 4 };
        if !(fewest..=16).contains(&offset.len()) {
            return None;
        }
        let mut behind = offset.end;
        if goes_on(text, behind, " <") {
            // What gdb knows of the address.
            behind = end_of(text, behind, |byte| byte != b'>') + 1;
        }
        let behind = end_of(text, behind, |byte| matches!(byte, b':' | b']'));
        let is_word = text.get(behind).is_some_and(|byte| byte.is_ascii() && !is_space(*byte));
        (!is_word).then(|| Self::new(text, start, line, offset, behind))
    }

    /// Reads a row that has no offset, but its text, as Fiddler writes them: so many bytes at least.
    pub(super) fn without_offset(text: &[u8], line: Span, fewest: usize) -> Option<Self> {
        let text = part(text, Span::new(0, line.end));
        let start = end_of(text, line.start, is_space);
        let mut row = Self::new(text, start, line, Span::empty(start), start);
        row.take = row.by_gaps();
        let edge = start + row.right_edge();
        let text_start = end_of(text, edge, |byte| byte == b' ');
        let shown = part(text, Span::new(text_start, line.end));
        // It is the text of these bytes as far as both can be compared. Behind the first half a space
        // may stand that is none of it.
        let mut compared = row.pairs.iter().zip(shown).take(row.take.min(HALF_ROW));
        let is_its_text = compared.all(|(pair, shown)| {
            let byte = number(part(text, Span::at(*pair, 2)), 16).unwrap_or_default();
            !shown.is_ascii_graphic() || *shown == b'.' || byte == u64::from(*shown)
        });
        let has_text = text_start >= edge + WIDE_GAP && !shown.is_empty() && is_its_text;
        (has_text && row.take >= fewest).then_some(row)
    }

    fn new(text: &[u8], start: usize, line: Span, offset: Span, groups: usize) -> Self {
        let (line_start, end) = (line.start, line.end);
        Self { start, line_start, offset, end, pairs: pairs(text, groups), take: 0, again: 0 }
    }

    /// The row that may begin in the line: where the line does, or where an offset of zero stands
    /// behind what a log writes in front.
    pub(super) fn first_in(text: &[u8], line: Span) -> Option<Self> {
        let start = end_of(text, line.start, |byte| b" \t[(\"'><|#/*;".contains(&byte));
        let zero = find(text, line, b"0000");
        let row_at = |at| Self::at(text, at, line).filter(|row| !row.pairs.is_empty());
        row_at(start).or_else(|| row_at(zero?))
    }

    /// Its offset in a base, where its digits are of that base.
    pub(super) fn offset_in(&self, text: &[u8], base: u64) -> Option<u64> {
        number(part(text, self.offset), base)
    }

    /// How many bytes it holds at most, going by its gaps alone.
    pub(super) fn by_gaps(&self) -> usize {
        let gaps = self.pairs.windows(2).map(|two| two[1] - two[0] - 2);
        let is_wide = |(count, gap): (usize, usize)| {
            gap >= if count + 1 == HALF_ROW { WIDEST_MIDDLE } else { WIDE_GAP }
        };
        gaps.enumerate().position(is_wide).map_or(self.pairs.len(), |last| last + 1)
    }

    /// How many of its bytes stand left of a column, which counts from the offset.
    pub(super) fn left_of(&self, column: usize) -> usize {
        self.pairs.partition_point(|pair| pair + 2 <= self.offset.start + column)
    }

    /// The column behind the last of its bytes.
    pub(super) fn right_edge(&self) -> usize {
        let last = self.take.checked_sub(1).and_then(|last| self.pairs.get(last));
        last.map_or(0, |pair| pair + 2 - self.offset.start)
    }

    /// Whether nothing stands behind its offset.
    pub(super) fn is_empty(&self, text: &[u8]) -> bool {
        end_of(text, self.offset.end, |byte| is_space(byte) || byte == b':') >= self.end
    }

    /// Whether its groups hold more than a byte each.
    pub(super) fn has_words(&self) -> bool {
        matches!(self.pairs.as_slice(), [first, second, ..] if first + 2 == *second)
    }

    /// Adds its bytes. With `swap` each group is a number whose last byte comes first.
    pub(super) fn write(&self, text: &[u8], swap: bool, digits: &mut Digits) {
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

fn part_of(pairs: &[usize], len: usize) -> &[usize] {
    pairs.get(..len).unwrap_or(pairs)
}

/// Where the pairs of digits stand in the groups of a line from `from` on.
fn pairs(line: &[u8], from: usize) -> Vec<usize> {
    let mut pairs = Vec::new();
    let mut at = from;
    loop {
        let mut start = end_of(line, at, |byte| matches!(byte, b' ' | b'\t') || !byte.is_ascii());
        if line.get(start) == Some(&b'-') {
            // Between the halves of a row, and behind an offset, a dash may stand.
            start += 1 + usize::from(line.get(start + 1) == Some(&b' '));
        }
        if goes_on(line, start, "0x") {
            start += 2;
        }
        let end = end_of(line, start, is_hex);
        let len = end - start;
        let follower = line.get(end).copied().unwrap_or(b' ');
        let is_word = follower.is_ascii() && !b" \t\r-|\"'\\,".contains(&follower);
        if len == 0 || len % 2 == 1 || len > GROUP_DIGITS || is_word {
            return pairs;
        }
        at = start;
        while at < end {
            if pairs.len() == WIDEST {
                return pairs;
            }
            pairs.push(at);
            at += 2;
        }
    }
}
