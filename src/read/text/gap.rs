//! The gap between two numbers of a list: marks, comments, casts, explanations, and what was left
//! out.

use super::{
    digits::is_hex,
    scanning::{byte_before, end_of_line, find, part, skip_while, starts_with_ignore_case},
};
use crate::base::span::Span;

/// The longest comment between two numbers, in bytes.
const MAX_COMMENT_LEN: usize = 200;

/// The most comments between two numbers of a list.
const MAX_COMMENTS: usize = 8;

/// Types that an array's elements may be cast to, in either kind of brackets.
const CASTS: [&str; 3] = ["byte", "sbyte", "char"];

/// The gap between two numbers.
pub(super) struct Gap {
    /// The start of the next number.
    pub(super) next: usize,
    /// The mark that separates them besides white space; 0 if there is none.
    pub(super) mark: u8,
    pub(super) is_line_break: bool,
    /// True if words in brackets, or behind an arrow, explain the numbers before.
    pub(super) is_explained: bool,
    /// True if the next number may as well be of something else.
    pub(super) is_guess: bool,
}

impl Gap {
    /// Reads the gap between the number that ends at `from` and the next one, if they are of one
    /// list.
    pub(super) fn read(text: &[u8], from: usize) -> Option<Self> {
        let mut gap = Self {
            next: from,
            mark: 0,
            is_line_break: false,
            is_explained: false,
            is_guess: false,
        };
        let mut comments = 0;
        // What follows on the line says how much was left out: `... 242 more items`.
        let mut leaves_out = false;
        loop {
            let at = gap.next;
            let second = text.get(at + 1).copied().unwrap_or_default();
            gap.next = match *text.get(at)? {
                b'\\' if second == b'x' => break,
                // A sign, where something else separates.
                b'-' if at > from && second.is_ascii_digit() => break,
                b'/' if second == b'*' => comment(text, at, b"*/", &mut comments)? + 2,
                b'/' if second == b'/' => comment(text, at, b"\n", &mut comments)?,
                b'#' if at > from => comment(text, at, b"\n", &mut comments)?,
                b'(' | b'[' if cast(text, at).is_some() => cast(text, at)?,
                _ if !gap.is_line_break && explains(text, at) => {
                    gap.is_explained = true;
                    explanation(text, at)?
                }
                b'.' if starts_with_ignore_case(text, at, "...") => {
                    leaves_out = true;
                    at + 3
                }
                mark @ (b',' | b';' | b':' | b'.') => {
                    if gap.mark == 0 {
                        gap.mark = mark;
                    }
                    at + 1
                }
                b'\n' => {
                    gap.is_line_break = true;
                    // An ellipsis at the end of a line may also say that the list goes on in the
                    // next.
                    gap.is_guess |= leaves_out;
                    leaves_out = false;
                    at + 1
                }
                b' ' | b'\t' | b'\r' | b'-' | b'_' | b'|' | b'"' | b'\'' | b'`' | b'+' | b'>' => {
                    at + 1
                }
                b'\\' if matches!(second, b'\n' | b'\r') => at + 1,
                // A space that does not break, as pages have it.
                0xC2 if second == 0xA0 => at + 2,
                byte if is_hex(byte) && !begins_word(text, at) => break,
                b'a'..=b'z' | b'A'..=b'Z' if !gap.is_line_break && is_apart(text, at) => {
                    // Words may explain the numbers before them, or follow the list.
                    (gap.is_explained, gap.is_guess) = (true, true);
                    explanation(text, at)?
                }
                _ => return None,
            };
        }
        let is_one = !gap.is_explained || gap.is_line_break;
        (!leaves_out && is_one).then_some(gap)
    }
}

/// Returns true if an explanation of numbers begins at `at`, behind white space: a bracket, an
/// arrow, an equals sign.
fn explains(text: &[u8], at: usize) -> bool {
    let signs = ["(", "[", "{", "=", "->", "<-", "--", "\u{2190}", "\u{2192}", "\u{21d2}"];
    is_apart(text, at) && signs.iter().any(|sign| starts_with_ignore_case(text, at, sign))
}

/// Returns true if a word begins that is no number.
fn begins_word(text: &[u8], at: usize) -> bool {
    let hex = skip_while(text, at, is_hex);
    text.get(at).is_some_and(u8::is_ascii_alphabetic)
        && text.get(hex).is_some_and(|byte| matches!(byte, b'g'..=b'z' | b'G'..=b'W' | b'Y' | b'Z'))
}

fn is_apart(text: &[u8], at: usize) -> bool {
    matches!(byte_before(text, at, 1), Some(b' ' | b'\t'))
}

/// The end of the explanation at `at`, which is that of its line. One that says that something was
/// left out explains nothing.
fn explanation(text: &[u8], at: usize) -> Option<usize> {
    let near = part(text, Span::new(0, at + MAX_COMMENT_LEN));
    let end = end_of_line(near, at);
    let ends_there = text.get(end).is_none_or(|byte| *byte == b'\n');
    let left_out = ["...", "\u{2026}", "truncated", "more"];
    let is_word = |words: &&str| find(text, Span::new(at, end), words.as_bytes()).is_some();
    (ends_there && !left_out.iter().any(is_word)).then_some(end)
}

/// The end of the comment at `at`: before `end`. There are at most so many between two numbers,
/// since their text is gone through again if no number follows.
fn comment(text: &[u8], at: usize, end: &[u8], count: &mut usize) -> Option<usize> {
    *count += 1;
    if *count > MAX_COMMENTS {
        return None;
    }
    find(text, Span::at(at, MAX_COMMENT_LEN), end)
}

/// The end of the cast at `at`.
fn cast(text: &[u8], at: usize) -> Option<usize> {
    let word = CASTS.iter().find(|word| starts_with_ignore_case(text, at + 1, word))?;
    let end = at + 1 + word.len();
    matches!(text.get(end), Some(b')' | b']')).then_some(end + 1)
}
