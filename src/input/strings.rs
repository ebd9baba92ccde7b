//! Quoted strings of JSON, YAML and programming languages, where escapes stand in them.

use super::{Reading, Search, digits::Digits, unescape};
use crate::{layer::LayerKind, span::Span};

/// Shorter strings hold no token.
const SHORTEST: usize = 11;

/// Looks for tokens in the strings of `part` of the text.
pub(super) fn search(search: &mut Search<'_>, part: Span) {
    let text = search.text.get(..part.end).unwrap_or_default();
    if !has_escape(text, part) {
        return;
    }
    let before = search.count();
    let mut next = part.start;
    while let Some(pieces) = string(text, &mut next).filter(|_| !search.is_full()) {
        offer(search, &pieces);
    }
    if search.count() > before {
        return;
    }
    // Someone took the quotes off.
    let mut next = part.start;
    while next < part.end && !search.is_full() {
        let line = line(text, next);
        next = line.end + 1;
        if has_escape(text, line) {
            let characters = text.get(line.start..line.end).unwrap_or_default();
            let message = characters.windows(8).position(|window| window == b"NTLMSSP\\");
            offer(search, &[Span::new(line.start + message.unwrap_or(0), line.end)]);
        }
    }
}

/// What a string is quoted with.
pub(super) const fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// Letters that may stand before the quote of a string.
pub(super) const fn is_string_prefix(byte: u8) -> bool {
    matches!(byte, b'b' | b'B' | b'u' | b'U' | b'r' | b'f' | b'L' | b'@' | b'$')
}

fn has_escape(text: &[u8], part: Span) -> bool {
    text.get(part.start..part.end).is_some_and(|part| part.contains(&b'\\'))
}

fn line(text: &[u8], start: usize) -> Span {
    let rest = text.get(start..).unwrap_or_default();
    Span::at(start, rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()))
}

fn offer(search: &mut Search<'_>, pieces: &[Span]) {
    let text = search.text;
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return };
    let place = Span::new(first.start, last.end);
    if place.len() < SHORTEST || !pieces.iter().any(|piece| has_escape(text, *piece)) {
        return;
    }
    let read = |mut bytes: Digits| {
        for piece in pieces {
            unescape::strings(text, *piece, &mut bytes);
        }
        bytes
    };
    let bytes = read(Digits::without_places(8));
    let kind = (Reading::Escapes, LayerKind::Escapes);
    search.offer(kind, place, bytes.bytes(), &|| read(Digits::new(8)).map());
}

/// What stands between the quotes of the next string, and of those that are joined to it.
fn string(text: &[u8], next: &mut usize) -> Option<Vec<Span>> {
    let mut pieces: Vec<Span> = Vec::new();
    loop {
        let at = *next;
        let byte = *text.get(at)?;
        *next = at + 1;
        if !is_quote(byte) || !may_open(text, at) {
            continue;
        }
        // Where it is not closed, no such quote can open a string in what was looked at: all of them
        // are escaped. So nothing is looked at twice.
        if let Some(end) = close(text, at + 1, byte) {
            *next = end + 1;
            if end > at + 1 {
                pieces.push(Span::new(at + 1, end));
            }
            match joined(text, end + 1, byte) {
                Some(start) => *next = start,
                None => return Some(pieces),
            }
        } else if !pieces.is_empty() {
            return Some(pieces);
        }
    }
}

/// Whether the quote at `at` can open a string: none that is escaped, and none in a word, as in
/// *don't*.
fn may_open(text: &[u8], at: usize) -> bool {
    let before = |distance| at.checked_sub(distance).and_then(|at| text.get(at).copied());
    let is_word = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    before(1) != Some(b'\\')
        && (!is_word(before(1)) || before(1).is_some_and(is_string_prefix) && !is_word(before(2)))
}

/// Where the string that goes on at `from` ends, if it does before its line.
fn close(text: &[u8], from: usize, quote: u8) -> Option<usize> {
    let mut at = from;
    while let Some(byte) = text.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' => return None,
            _ if *byte == quote => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Where the quote stands that opens the next piece of a string.
fn joined(text: &[u8], from: usize, quote: u8) -> Option<usize> {
    let mut lines = 0;
    let rest = text.get(from..)?;
    for (len, byte) in rest.iter().enumerate() {
        match byte {
            b'\n' => lines += 1,
            b' ' | b'\t' | b'\r' | b'+' | b'.' | b'&' | b'\\' | b'(' | b')' | b'_' => {}
            _ if *byte == quote => return Some(from + len),
            _ if is_string_prefix(*byte) => {}
            _ => return None,
        }
        if lines > 2 {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut next = 0;
        let mut found = Vec::new();
        while let Some(pieces) = string(text.as_bytes(), &mut next) {
            found.push(pieces.iter().map(|piece| &text[piece.start..piece.end]).collect());
        }
        found
    }

    #[test]
    fn strings_are_what_stands_between_quotes() {
        assert_eq!(all(r#"x = b"a\"b"; y = 'c"d'"#), [r#"a\"b"#, "c\"d"]);
        assert_eq!(all("\"ab\" \\\n  \"cd\""), ["abcd"]);
        assert_eq!(all("(b'ab'\n b'cd')"), ["abcd"]);
        assert_eq!(all("[\"ab\", \"cd\"]"), ["ab", "cd"]);
        assert_eq!(all("don't say 'yes'"), ["yes"]);
        assert_eq!(all("\"open\n'closed'"), ["closed"]);
    }
}
