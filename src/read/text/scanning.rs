//! Steps over a text: skipping, finding and comparing. None of them reads a number.

use crate::base::span::{Source, Span};

/// The characters within so many bytes are asked one by one: few stretches are longer.
const NEAR: usize = 1024;

/// The characters at `span`, as far as they are there.
pub(super) fn part(text: &[u8], span: Span) -> &[u8] {
    Source(text).slice(span)
}

/// Skips the characters from `at` on that are all alike, and gives where they end.
pub(super) fn skip_while(text: &[u8], at: usize, is_like: fn(u8) -> bool) -> usize {
    let rest = part(text, Span::new(at, text.len()));
    let (near, far) = rest.split_at(rest.len().min(NEAR));
    if let Some(len) = near.iter().position(|byte| !is_like(*byte)) {
        return at + len;
    }
    if far.is_empty() {
        return at + near.len();
    }
    // Farther on, asking once for each kind of byte is quicker than asking for each byte.
    let mut are_like = [false; 256];
    for (byte, is) in (0..=u8::MAX).zip(&mut are_like) {
        *is = is_like(byte);
    }
    let len = far.iter().position(|byte| !are_like[usize::from(*byte)]).unwrap_or(far.len());
    at + near.len() + len
}

/// The end of the line that `at` is in; the line end is no part of it.
pub(super) fn end_of_line(text: &[u8], at: usize) -> usize {
    skip_while(text, at, |byte| byte != b'\n')
}

/// The first place of `wanted` in a part of the text.
pub(super) fn find(text: &[u8], span: Span, wanted: &[u8]) -> Option<usize> {
    Source(text).find(span, wanted)
}

/// Returns true if the text goes on with these words at `at`, in any case.
pub(super) fn starts_with_ignore_case(text: &[u8], at: usize, words: &str) -> bool {
    part(text, Span::at(at, words.len())).eq_ignore_ascii_case(words.as_bytes())
}

/// Returns true if a character can be in the middle of a word or a name.
pub(super) const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Returns true if a character is white space.
pub(super) const fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace()
}

/// The character so far before `at`.
pub(super) fn byte_before(text: &[u8], at: usize, distance: usize) -> Option<u8> {
    text.get(at.checked_sub(distance)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_stay_in_the_text() {
        let text = b"ab \ncd";
        assert_eq!(skip_while(text, 0, is_word), 2);
        assert_eq!(skip_while(text, 9, is_word), 9);
        assert_eq!(end_of_line(text, 1), 3);
        for len in [NEAR - 1, NEAR, NEAR + 1, 3 * NEAR] {
            let long = [b"a".repeat(len), b" a".to_vec()].concat();
            assert_eq!(
                (skip_while(&long, 0, is_word), skip_while(&long, len + 1, is_word)),
                (len, len + 2)
            );
            assert_eq!(skip_while(&long[..len], 0, is_word), len);
        }
        assert_eq!(find(text, Span::new(1, 99), b"cd"), Some(4));
        assert!(starts_with_ignore_case(text, 4, "CD") && !starts_with_ignore_case(text, 4, "CDE"));
        assert_eq!((byte_before(text, 1, 1), byte_before(text, 1, 2)), (Some(b'a'), None));
    }
}
