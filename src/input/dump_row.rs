//! One row of a hex dump: an offset, groups of hex digits, and often the same bytes as text.

use super::digits::{Digits, hex_digit};
use crate::span::Span;

/// The fewest and the most digits of an offset.
const OFFSET_DIGITS: std::ops::RangeInclusive<usize> = 4..=16;

/// The most digits of a group.
const GROUP_DIGITS: usize = 16;

/// The fewest spaces between the bytes and their text, where nothing else tells them apart.
const WIDE_GAP: usize = 2;

/// After so many bytes many programs leave a wider gap.
const HALF_ROW: usize = 8;

/// A row as it stands in the text.
#[derive(Clone, Copy)]
pub(super) struct Row {
    /// Where it begins: with its offset, or `0x` before that.
    pub(super) start: usize,
    /// The digits of its offset.
    pub(super) offset: Span,
    /// Where its line ends.
    pub(super) end: usize,
    /// Where its groups begin.
    groups: usize,
    /// How many bytes can be read from it at most: its text may look like hex as well.
    pub(super) most: usize,
    /// How many bytes it holds.
    pub(super) take: usize,
    /// How many bytes follow it that are the same again: `*` stands for them.
    pub(super) again: usize,
}

impl Row {
    /// Reads the row whose offset stands at `at` in the line that ends at `end`.
    pub(super) fn at(text: &[u8], at: usize, end: usize) -> Option<Self> {
        let line = text.get(..end)?;
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        if before.is_some_and(u8::is_ascii_alphanumeric) {
            return None;
        }
        let digits = if line.get(at..)?.starts_with(b"0x") { at + 2 } else { at };
        let len = line.get(digits..)?.iter().take_while(|byte| hex_digit(**byte).is_some()).count();
        // Samba writes `[000]`.
        let is_short = len == 3 && before == Some(&b'[');
        if !OFFSET_DIGITS.contains(&len) && !is_short {
            return None;
        }
        let offset = Span::at(digits, len);
        let mut behind = offset.end;
        while matches!(line.get(behind), Some(b':' | b']')) {
            behind += 1;
        }
        if !matches!(line.get(behind), None | Some(b' ' | b'\t' | b'\r')) {
            return None;
        }
        let groups = behind;
        let mut row = Self { start: at, offset, end, groups, most: 0, take: 0, again: 0 };
        row.most = row.groups(text).map(|group| group.len() / 2).sum();
        Some(row)
    }

    /// The rows that may begin in the line: where the line does, and where an offset of zero stands
    /// behind what a log writes in front.
    pub(super) fn first_in(text: &[u8], line: Span) -> impl Iterator<Item = Self> {
        let characters = text.get(line.start..line.end).unwrap_or_default();
        let is_noise = |byte: &u8| b" \t[(\"'><|#/*;".contains(byte);
        let start = characters.iter().take_while(|byte| is_noise(byte)).count();
        let zero = characters.windows(4).position(|window| window == b"0000");
        let starts = [Some(start), zero.filter(|zero| *zero != start)];
        starts
            .into_iter()
            .flatten()
            .filter_map(move |at| Self::at(text, line.start + at, line.end))
            .filter(|row| row.most > 0)
    }

    /// Its offset in a base, where its digits are of that base.
    pub(super) fn offset(&self, text: &[u8], base: u8) -> Option<u64> {
        let digits = text.get(self.offset.start..self.offset.end)?;
        digits.iter().try_fold(0_u64, |number, digit| {
            let digit = hex_digit(*digit).filter(|digit| *digit < base)?;
            number.checked_mul(u64::from(base))?.checked_add(u64::from(digit))
        })
    }

    /// The groups of hex digits behind the offset.
    fn groups<'t>(&self, text: &'t [u8]) -> impl Iterator<Item = Span> + use<'t> {
        let line = text.get(..self.end).unwrap_or_default();
        let mut at = self.groups;
        std::iter::from_fn(move || {
            let rest = line.get(at..)?;
            let start = at + rest.iter().position(|byte| !matches!(byte, b' ' | b'\t'))?;
            // Between the halves of a row, and behind an offset, a dash may stand.
            let start = start + usize::from(line.get(start) == Some(&b'-'));
            let rest = line.get(start..)?;
            let rest =
                if rest.first() == Some(&b' ') && start > at { rest.get(1..)? } else { rest };
            let start = line.len() - rest.len();
            let len = rest.iter().take_while(|byte| hex_digit(**byte).is_some()).count();
            at = start + len;
            let is_word = rest.get(len).is_some_and(|byte| !b" \t\r-|\"'\\,".contains(byte));
            let is_group = len % 2 == 0 && (2..=GROUP_DIGITS).contains(&len) && !is_word;
            is_group.then_some(Span::new(start, at))
        })
    }

    /// How many bytes it holds at most, going by its gaps alone.
    pub(super) fn by_gaps(&self, text: &[u8]) -> usize {
        let (mut count, mut end) = (0, None);
        for group in self.groups(text) {
            let gap = end.map_or(0, |end| group.start - end);
            if gap > WIDE_GAP || gap == WIDE_GAP && count != HALF_ROW {
                break;
            }
            count += group.len() / 2;
            end = Some(group.end);
        }
        count
    }

    /// How many of its bytes stand left of a column, which counts from the offset.
    pub(super) fn left_of(&self, text: &[u8], column: usize) -> usize {
        let limit = self.offset.start + column;
        let inside = self.groups(text).take_while(|group| group.start < limit);
        inside.map(|group| (group.end.min(limit) - group.start) / 2).sum()
    }

    /// The column behind the last of its bytes.
    pub(super) fn right_edge(&self, text: &[u8]) -> usize {
        let mut left = self.take;
        let mut edge = 0;
        for group in self.groups(text) {
            let pairs = (group.len() / 2).min(left);
            left -= pairs;
            edge = group.start + 2 * pairs - self.offset.start;
            if left == 0 {
                break;
            }
        }
        edge
    }

    /// Whether nothing stands behind its offset.
    pub(super) fn is_empty(&self, text: &[u8]) -> bool {
        text.get(self.groups..self.end).unwrap_or_default().trim_ascii().is_empty()
    }

    /// Whether its groups hold more than a byte each.
    pub(super) fn has_words(&self, text: &[u8]) -> bool {
        self.groups(text).next().is_some_and(|group| group.len() > 2)
    }

    /// Where the text begins that repeats its bytes, if it has any.
    pub(super) fn text_column(&self, text: &[u8]) -> Option<u8> {
        let behind = text.get(self.offset.start + self.right_edge(text)..self.end)?;
        behind.iter().copied().find(|byte| !byte.is_ascii_whitespace())
    }

    /// What stands directly behind the offset, and how many spaces follow.
    pub(super) fn behind_offset(&self, text: &[u8]) -> (Option<u8>, usize) {
        let behind = text.get(self.offset.end..self.end).unwrap_or_default();
        let mark = behind.first().copied().filter(|byte| matches!(byte, b':' | b']'));
        let behind = behind.iter().skip(usize::from(mark.is_some()));
        (mark, behind.take_while(|byte| **byte == b' ').count())
    }

    /// Adds its bytes. With `swap` each group is a number whose last byte comes first.
    pub(super) fn write(&self, text: &[u8], swap: bool, digits: &mut Digits) {
        let mut left = self.take + self.again;
        while left > 0 {
            // The bytes of this time around; the last may be a part of them.
            let mut take = self.take.min(left);
            if take == 0 {
                return;
            }
            left -= take;
            for group in self.groups(text) {
                let pairs = group.len() / 2;
                for pair in (0..pairs).take(take) {
                    let pair = if swap { pairs - 1 - pair } else { pair };
                    for at in [group.start + 2 * pair, group.start + 2 * pair + 1] {
                        let digit = text.get(at).and_then(|byte| hex_digit(*byte));
                        digits.push(digit.unwrap_or_default(), Span::at(at, 1));
                    }
                }
                take -= pairs.min(take);
                if take == 0 {
                    break;
                }
            }
        }
    }
}
