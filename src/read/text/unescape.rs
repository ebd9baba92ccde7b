//! Undoes the escapes of strings: each gives bytes, and these have the place of the whole escape.

use super::{
    digits::{Digits, number},
    scanning::part,
};
use crate::base::{pace::Pace, span::Span};

/// After how many bytes others may have their turn.
const STRETCH: usize = 4096;

/// Adds the byte of an escape at a place, and gives where that ends; `None` if there is none.
pub(super) type Escape = fn(text: &[u8], at: usize, bytes: &mut Digits) -> Option<usize>;

/// Adds what the characters at `part` stand for. What is no escape stays as it is.
pub(super) async fn undo(escape: Escape, text: &[u8], part: Span, bytes: &mut Digits, pace: &Pace) {
    let text = text.get(..part.end).unwrap_or_default();
    let mut at = part.start;
    let mut counted = at;
    while let Some(byte) = text.get(at) {
        if at - counted > STRETCH {
            pace.spend(at - counted).await;
            counted = at;
        }
        at = escape(text, at, bytes).unwrap_or_else(|| {
            bytes.push(*byte, Span::at(at, 1));
            at + 1
        });
    }
    pace.spend(at - counted).await;
}

/// `%` and two hex digits are a byte.
pub(super) fn percent(text: &[u8], at: usize, bytes: &mut Digits) -> Option<usize> {
    bytes.push(percent_byte(text, at)?, Span::at(at, 3));
    Some(at + 3)
}

/// So they are, and `+` is a space.
pub(super) fn form(text: &[u8], at: usize, bytes: &mut Digits) -> Option<usize> {
    if text.get(at) != Some(&b'+') {
        return percent(text, at, bytes);
    }
    bytes.push(b' ', Span::at(at, 1));
    Some(at + 1)
}

/// The byte that `%` and two hex digits at `at` stand for.
pub(super) fn percent_byte(text: &[u8], at: usize) -> Option<u8> {
    let digits = part(text, Span::at(at + 1, 2));
    let is_escape = text.get(at) == Some(&b'%') && digits.len() == 2;
    u8::try_from(number(digits, 16)?).ok().filter(|_| is_escape)
}

/// Undoes what `\` begins in a string, as C, Python, JavaScript, JSON and YAML have it. A `\u`
/// below 256 is that byte, as in a binary string; any other is its UTF-8.
pub(super) fn string(text: &[u8], at: usize, bytes: &mut Digits) -> Option<usize> {
    if text.get(at) != Some(&b'\\') {
        return None;
    }
    let kind = *text.get(at + 1)?;
    let behind = at + 2;
    let simple = match kind {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'a' => 7,
        b'b' => 8,
        b'v' => 11,
        b'f' => 12,
        b'\\' | b'/' | b'"' | b'\'' | b'`' | b'?' | b'$' => kind,
        // A string that goes on in the next line.
        b'\n' => return Some(behind),
        b'\r' if text.get(behind) == Some(&b'\n') => return Some(behind + 1),
        b'x' => {
            return character(text, at, Span::at(behind, count(text, behind, 2, 16)), 16, bytes);
        }
        b'u' if text.get(behind) == Some(&b'{') => {
            let digits = Span::at(behind + 1, count(text, behind + 1, 6, 16));
            let is_closed = text.get(digits.end) == Some(&b'}');
            return if is_closed { character(text, at, digits, 16, bytes) } else { None };
        }
        b'u' | b'U' => {
            let len = if kind == b'u' { 4 } else { 8 };
            let is_whole = count(text, behind, len, 16) == len;
            let digits = Span::at(behind, len);
            return if is_whole { character(text, at, digits, 16, bytes) } else { None };
        }
        b'0'..=b'7' => {
            let digits = Span::at(at + 1, count(text, at + 1, 3, 8));
            return character(text, at, digits, 8, bytes);
        }
        _ => return None,
    };
    bytes.push(simple, Span::new(at, behind));
    Some(behind)
}

/// Adds the character with the number at `digits`, escaped from `at` on. Gives where the escape
/// ends.
fn character(text: &[u8], at: usize, digits: Span, base: u64, bytes: &mut Digits) -> Option<usize> {
    let number = number(part(text, digits), base)?;
    // A closing brace belongs to it.
    let is_braced = text.get(digits.start - 1) == Some(&b'{');
    let place = Span::new(at, digits.end + usize::from(is_braced));
    if let Ok(byte) = u8::try_from(number) {
        bytes.push(byte, place);
    } else {
        let character = u32::try_from(number).ok().and_then(char::from_u32);
        let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
        for byte in character.encode_utf8(&mut [0; 4]).bytes() {
            bytes.push(byte, place);
        }
    }
    Some(place.end)
}

/// The number of digits of the base at `at`, at most `most`.
fn count(text: &[u8], at: usize, most: usize, base: u64) -> usize {
    let is_digit = |byte: &&u8| number(&[**byte], base).is_some();
    part(text, Span::at(at, most)).iter().take_while(is_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::pace::block_on;

    fn undone(escape: Escape, text: &[u8]) -> Digits {
        let mut bytes = Digits::new(8);
        let pace = Pace::at_once();
        let () =
            block_on(Box::pin(undo(escape, text, Span::new(0, text.len()), &mut bytes, &pace)));
        bytes
    }

    #[test]
    fn every_escape_is_its_byte_and_has_its_place() {
        #[rustfmt::skip]
        let cases: [(&str, &[u8]); 12] = [
            (r"NT\x4c\x4D",         b"NTLM"),
            (r"\u004e\u{54}\U0000004c", b"NTL"),
            (r"\/\\\'\n\r\t",       b"/\\'\n\r\t"),
            (r"P\0\1\101",          b"P\0\x01A"),
            (r"\xe9\u00e9",         b"\xe9\xe9"),
            (r"\u20ac",             "€".as_bytes()),
            (r"\ud800x",            "\u{fffd}x".as_bytes()),
            ("a\\\nb\\\r\nc",       b"abc"),
            (r"\d\xg\u12\",         br"\d\xg\u12\"),
            (r"\x4",                b"\x04"),
            (r"\u{110000}",         "\u{fffd}".as_bytes()),
            (r"\u{4e",              br"\u{4e"),
        ];
        for (text, expected) in cases {
            assert_eq!(undone(string, text.as_bytes()).bytes(), expected, "{text}");
        }
        let bytes = undone(string, br"a\x4cb\u{4c}c");
        let map = bytes.map();
        assert_eq!(map.to_outer(Span::new(1, 2)), Span::new(1, 5));
        assert_eq!(map.to_outer(Span::new(3, 4)), Span::new(6, 12));
        assert_eq!(map.to_outer(Span::new(4, 5)), Span::new(12, 13));
    }

    #[test]
    fn percent_and_two_digits_are_a_byte() {
        let bytes = undone(form, b"a%2Bb%zz+%4");
        assert_eq!(bytes.bytes(), b"a+b%zz %4");
        assert_eq!(undone(percent, b"+%2B").bytes(), b"++");
        assert_eq!(bytes.map().to_outer(Span::new(1, 2)), Span::new(1, 4));
    }
}
