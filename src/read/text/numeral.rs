//! One number as a text writes it, and how it reads in hex and in decimal. Lists of them are in
//! [`numbers`](super::numbers).

use super::{
    digits::{self, Digits, hex_digit, is_hex},
    scanning::{is_word, part, skip_while, starts_with_ignore_case},
};
use crate::base::span::Span;

/// A word of so many digits and one more is one that was cut, not a number of an odd length.
const LONG_WORD: usize = 16;

/// A number as it stands in the text.
#[derive(Clone, Copy)]
pub(super) struct Numeral {
    /// Its digits, without what says that they are hex.
    pub(super) digits: Span,
    pub(super) is_negative: bool,
    /// True if something says that it is hex: `0x`, `\x`.
    pub(super) is_prefixed: bool,
    /// The end of it.
    pub(super) end: usize,
}

impl Numeral {
    /// Reads the number at `at`.
    pub(super) fn read(text: &[u8], at: usize) -> Option<Self> {
        let is_escape = starts_with_ignore_case(text, at, "\\x");
        let is_prefixed = is_escape || starts_with_ignore_case(text, at, "0x");
        let is_negative = text.get(at) == Some(&b'-');
        let start = at + usize::from(is_negative) + 2 * usize::from(is_prefixed);
        let end = skip_while(text, start, is_hex);
        let len = end - start;
        // `\x4e` has two digits, and text may follow. `\x4e54…` is how PostgreSQL writes a whole
        // value.
        let take = if is_escape && len < LONG_WORD { len.min(2) } else { len };
        let is_long = take >= LONG_WORD;
        let follower = text.get(end).copied().unwrap_or_default();
        let is_number =
            take > 0 && (is_escape || is_long || follower == b'-' || !is_word(follower));
        // The last digit of one that was cut stands for nothing.
        let is_cut = is_long && take % 2 == 1;
        let digits = Span::at(start, take - usize::from(is_cut));
        is_number.then_some(Self { digits, is_negative, is_prefixed, end: start + take })
    }

    /// Returns true if its digits are pairs of hex digits, or one.
    pub(super) const fn is_hex(self) -> bool {
        let len = self.digits.len();
        !self.is_negative && (len == 1 || len.is_multiple_of(2))
    }

    /// The byte it is, where it is a decimal number.
    pub(super) fn decimal(self, text: &[u8]) -> Option<u8> {
        let digits = part(text, self.digits);
        if self.is_prefixed || digits.len() > 3 {
            return None;
        }
        let byte = u8::try_from(digits::number(digits, 10)?).ok()?;
        if self.is_negative {
            return (byte <= 128).then_some(byte.wrapping_neg());
        }
        Some(byte)
    }

    /// The digits on the next line that belong to its last, where a line break is inside a byte;
    /// `width` is how many digits the numbers before it have.
    pub(super) fn rest(self, text: &[u8], width: usize) -> Option<Span> {
        let len = self.end - self.digits.start;
        let rest =
            digits_behind_break(text, self.end).filter(|_| len % 2 == 1 && !self.is_prefixed)?;
        let ends_line = text.get(rest.end).is_none_or(|byte| b"\r\n\"'<}".contains(byte));
        let is_rest = if len >= LONG_WORD {
            rest.len() >= LONG_WORD || ends_line
        } else {
            len < width && rest.len() == width - len
        };
        is_rest.then_some(rest)
    }

    /// Adds its byte: a single digit stands for two, the first of them zero.
    pub(super) fn push_byte(self, text: &[u8], digits: &mut Digits) {
        if self.digits.len() == 1 {
            digits.push(0, self.digits);
        }
        self.push_digits(text, digits);
    }

    /// Adds its hex digits as they are, where more of its byte follow.
    pub(super) fn push_digits(self, text: &[u8], digits: &mut Digits) {
        push_digits(text, self.digits, digits);
    }
}

/// Adds hex digits that stand side by side.
pub(super) fn push_digits(text: &[u8], place: Span, digits: &mut Digits) {
    let values = part(text, place).iter().map(|byte| hex_digit(*byte).unwrap_or_default());
    digits.push_all(values, place.start);
}

/// The hex digits that begin the next line, where the line ends at `at`.
pub(super) fn digits_behind_break(text: &[u8], at: usize) -> Option<Span> {
    let start = match (text.get(at), text.get(at + 1)) {
        (Some(b'\n'), _) => at + 1,
        (Some(b'\r'), Some(b'\n')) => at + 2,
        _ => return None,
    };
    let rest = Span::new(start, skip_while(text, start, is_hex));
    (!rest.is_empty()).then_some(rest)
}
