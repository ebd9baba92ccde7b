//! Steps over a text. Each is one function, so that the page has each loop once.

use crate::span::{Source, Span};

/// The characters at `span`, as far as they are there.
#[inline(never)]
pub(super) fn part(text: &[u8], span: Span) -> &[u8] {
    Source(text).slice(span)
}

/// Where the characters from `at` on end that are all alike.
#[inline(never)]
pub(super) fn end_of(text: &[u8], at: usize, is_like: fn(u8) -> bool) -> usize {
    let rest = part(text, Span::new(at, text.len()));
    at + rest.iter().position(|byte| !is_like(*byte)).unwrap_or(rest.len())
}

/// Where the line ends that `at` is in; the line end is no part of it.
pub(super) fn end_of_line(text: &[u8], at: usize) -> usize {
    end_of(text, at, |byte| byte != b'\n')
}

/// Where `wanted` first stands in a part of the text.
pub(super) fn find(text: &[u8], span: Span, wanted: &[u8]) -> Option<usize> {
    Source(text).find(span, wanted)
}

/// Whether the text goes on with these words at `at`, in any case.
#[inline(never)]
pub(super) fn goes_on(text: &[u8], at: usize, words: &str) -> bool {
    part(text, Span::at(at, words.len())).eq_ignore_ascii_case(words.as_bytes())
}

/// Whether a character can be in the middle of a word or a name.
pub(super) const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Whether a character is white space.
pub(super) const fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace()
}

/// The character so far before `at`.
pub(super) fn before(text: &[u8], at: usize, distance: usize) -> Option<u8> {
    text.get(at.checked_sub(distance)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_stay_in_the_text() {
        let text = b"ab \ncd";
        assert_eq!(end_of(text, 0, is_word), 2);
        assert_eq!(end_of(text, 9, is_word), 9);
        assert_eq!(end_of_line(text, 1), 3);
        assert_eq!(find(text, Span::new(1, 99), b"cd"), Some(4));
        assert!(goes_on(text, 4, "CD") && !goes_on(text, 4, "CDE"));
        assert_eq!((before(text, 1, 1), before(text, 1, 2)), (Some(b'a'), None));
    }
}
