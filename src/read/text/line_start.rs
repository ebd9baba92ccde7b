//! The beginnings of lines that logs write in front of what they log.

use super::{
    digits::is_hex,
    scanning::{part, skip_while},
};
use crate::base::span::Span;

/// The numbers of digits of a date or a time between its marks, and the mark.
const DATE: ([usize; 3], u8) = ([4, 2, 2], b'-');
const TIME: ([usize; 3], u8) = ([2, 2, 2], b':');

/// The end of the date or the time at `at`, with the parts of its second; `at` if there is none.
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
        return if has_parts { skip_while(text, end + 1, is_digit) } else { end };
    }
    at
}

/// The place behind the beginning of a line, if that is like `prefix`: the same but for its
/// numbers, and for the number of blanks in it.
pub(super) fn behind(text: &[u8], prefix: Span, line: Span) -> Option<usize> {
    const LIKE: [fn(u8) -> bool; 2] = [is_hex, |byte| matches!(byte, b' ' | b'\t')];
    let text = part(text, Span::new(0, line.end));
    let (mut one, mut other) = (prefix.start, line.start);
    while one < prefix.end {
        let (first, second) = (*text.get(one)?, *text.get(other)?);
        let run = LIKE.into_iter().find(|is_like| is_like(first) && is_like(second));
        if let Some(is_like) = run {
            one = skip_while(text, one, is_like).min(prefix.end);
            other = skip_while(text, other, is_like);
        } else if first == second {
            (one, other) = (one + 1, other + 1);
        } else {
            return None;
        }
    }
    Some(other)
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
