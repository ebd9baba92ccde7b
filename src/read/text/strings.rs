//! Quoted strings of JSON, YAML and programming languages, if they have escapes.

use super::{
    Reading, Score, Search,
    digits::Digits,
    scanning::{byte_before, end_of_line, find, part},
    unescape,
};
use crate::base::span::Span;
use crate::read::layer::LayerKind;

/// Shorter strings hold no token.
const MIN_LEN: usize = 11;

/// Looks for tokens in the strings of a part of the text.
pub(super) async fn search(search: &mut Search<'_>, span: Span) {
    let text = part(search.text, Span::new(0, span.end));
    if !has_escape(text, span) {
        return;
    }
    let mut next = span.start;
    let mut has_found = false;
    while !search.is_full() {
        let mut pieces = StringPieces::new(text, next);
        let (mut place, mut has_escapes) = (None, false);
        for piece in &mut pieces {
            let start = place.map_or(piece.start, |place: Span| place.start);
            place = Some(Span::new(start, piece.end));
            has_escapes |= has_escape(text, piece);
        }
        let (start, is_last) = (next, pieces.is_last());
        next = pieces.next;
        search.pace.spend(next - start).await;
        if let Some(place) = place.filter(|place| has_escapes && place.len() >= MIN_LEN) {
            let mut bytes = Digits::new(8);
            // Gone through again, since there may be too many pieces to keep.
            for piece in StringPieces::new(text, start) {
                unescape::undo(unescape::string, text, piece, &mut bytes, search.pace).await;
            }
            has_found |= offer(search, place, bytes).await > Score::Nothing;
        }
        if is_last {
            break;
        }
    }
    if has_found {
        return;
    }
    // Someone took the quotes off.
    let mut next = span.start;
    while next < span.end && !search.is_full() {
        let line = Span::new(next, end_of_line(text, next));
        next = line.end + 1;
        search.pace.spend(line.len() + 1).await;
        let start = find(text, line, b"NTLMSSP\\").unwrap_or(line.start);
        let place = Span::new(start, line.end);
        if place.len() >= MIN_LEN && has_escape(text, place) {
            let mut bytes = Digits::new(8);
            unescape::undo(unescape::string, text, place, &mut bytes, search.pace).await;
            offer(search, place, bytes).await;
        }
    }
}

/// Returns true if strings are quoted with it.
pub(super) const fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// Letters that may be before the quote of a string.
pub(super) const fn is_string_prefix(byte: u8) -> bool {
    matches!(byte, b'b' | b'B' | b'u' | b'U' | b'r' | b'f' | b'L' | b'@' | b'$')
}

fn has_escape(text: &[u8], span: Span) -> bool {
    part(text, span).contains(&b'\\')
}

async fn offer(search: &mut Search<'_>, place: Span, bytes: Digits) -> Score {
    search.offer((Reading::Escapes, LayerKind::Escapes), place, bytes).await
}

/// The pieces between the quotes of the next string, and of those that are joined to it.
struct StringPieces<'t> {
    text: &'t [u8],
    /// The place from which the next quote is looked for.
    next: usize,
    has_begun: bool,
    has_ended: bool,
}

impl<'t> StringPieces<'t> {
    /// Of the first string at or behind `from`.
    const fn new(text: &'t [u8], from: usize) -> Self {
        Self { text, next: from, has_begun: false, has_ended: false }
    }

    /// Returns true if there is no string behind this one.
    const fn is_last(&self) -> bool {
        self.next >= self.text.len()
    }
}

impl Iterator for StringPieces<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        while !self.has_ended {
            let (text, at) = (self.text, self.next);
            let byte = *text.get(at)?;
            self.next = at + 1;
            if !is_quote(byte) || !may_open(text, at) {
                continue;
            }
            // Where it is not closed, no such quote can open a string in what was looked at: all of
            // them are escaped. So nothing is looked at twice.
            let Some(end) = close(text, at + 1, byte) else {
                self.has_ended = self.has_begun;
                continue;
            };
            let joined = joined(text, end + 1, byte);
            self.has_ended = joined.is_none();
            self.next = joined.unwrap_or(end + 1);
            if end > at + 1 {
                self.has_begun = true;
                return Some(Span::new(at + 1, end));
            }
        }
        None
    }
}

/// Returns true if the quote at `at` can open a string: none that is escaped, and none in a word,
/// as in *don't*.
fn may_open(text: &[u8], at: usize) -> bool {
    let before = |distance| byte_before(text, at, distance);
    let is_word = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    before(1) != Some(b'\\')
        && (!is_word(before(1)) || before(1).is_some_and(is_string_prefix) && !is_word(before(2)))
}

/// The end of the string that goes on at `from`, if it ends before its line.
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

/// The place of the quote that opens the next piece of a string.
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
        while next < text.len() {
            let mut pieces = StringPieces::new(text.as_bytes(), next);
            let whole: String = (&mut pieces).map(|piece| &text[piece.start..piece.end]).collect();
            next = pieces.next;
            found.extend(Some(whole).filter(|whole| !whole.is_empty()));
        }
        found
    }

    #[test]
    fn strings_are_the_text_between_quotes() {
        assert_eq!(all(r#"x = b"a\"b"; y = 'c"d'"#), [r#"a\"b"#, "c\"d"]);
        assert_eq!(all("\"ab\" \\\n  \"cd\""), ["abcd"]);
        assert_eq!(all("(b'ab'\n b'cd')"), ["abcd"]);
        assert_eq!(all("[\"ab\", \"cd\"]"), ["ab", "cd"]);
        assert_eq!(all("don't say 'yes'"), ["yes"]);
        assert_eq!(all("\"open\n'closed'"), ["closed"]);
    }
}
