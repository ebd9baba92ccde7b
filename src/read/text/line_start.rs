//! What logs write at the beginning of a line, in front of what they log.

use super::{
    digits::is_hex,
    scanning::{end_of, part},
};
use crate::base::span::Span;

/// How many digits a date or a time has between its marks, and the mark.
const DATE: ([usize; 3], u8) = ([4, 2, 2], b'-');
const TIME: ([usize; 3], u8) = ([2, 2, 2], b':');

/// Where the date or the time at `at` ends, with the parts of its second; `at` where there is none.
pub(super) fn end_of_time(text: &[u8], at: usize) -> usize {
    let is_digit = |byte: u8| byte.is_ascii_digit();
    for (lens, mark) in [DATE, TIME] {
        let len = lens.iter().sum::<usize>() + 2;
        let written = part(text, Span::at(at, len));
        let marks = [lens[0], lens[0] + 1 + lens[1]];
        let is_like = written.len() == len
            && (0..).zip(written).all(|(index, byte)| {
                if marks.contains(&index) { *byte == mark } else { byte.is_ascii_digit() }
            });
        let end = at + len;
        let follower = text.get(end).copied().unwrap_or(b' ');
        if !is_like || follower == mark || is_hex(follower) {
            continue;
        }
        let has_parts = matches!(follower, b'.' | b',') && mark == b':';
        return if has_parts { end_of(text, end + 1, is_digit) } else { end };
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_end_where_their_digits_do() {
        for (text, end) in [
            ("2026-02-23 10:11", 10),
            ("2026-02-23T10:11", 10),
            ("10:11:12,366 next", 12),
            ("10:11:12.5", 10),
            ("10:11:12", 8),
            ("10:11:12:13", 0),
            ("10:11:1", 0),
            ("4e:54:4c 4d", 0),
            ("20-26-02-23", 0),
        ] {
            assert_eq!(end_of_time(text.as_bytes(), 0), end, "{text}");
        }
    }
}
