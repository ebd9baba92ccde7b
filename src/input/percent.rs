//! Percent-encoding, word by word, as in a URL or a form.
//!
//! Spec: RFC 3986 2.1; WHATWG URL, application/x-www-form-urlencoded.

use super::{Reading, Search, digits::Digits, unescape};
use crate::{layer::LayerKind, span::Span};

/// Shorter words hold no token.
const SHORTEST: usize = 11;

/// Looks for tokens in the words of `part` that are percent-encoded.
pub(super) fn search(search: &mut Search<'_>, part: Span) {
    let text = search.text.get(..part.end).unwrap_or_default();
    if !text.get(part.start..).is_some_and(|part| part.contains(&b'%')) {
        return;
    }
    let is_escaped = |at: usize| unescape::percent_byte(text, at).is_some();
    let mut word = Span::empty(part.start);
    while word.end < part.end && !search.is_full() {
        let rest = text.get(word.end..).unwrap_or_default();
        let len = rest.iter().position(|byte| ends_word(*byte)).unwrap_or(rest.len());
        word = Span::at(word.end, len);
        let characters = text.get(word.start..word.end).unwrap_or_default();
        let mut percents = characters.iter().zip(word.start..).filter(|(byte, _)| **byte == b'%');
        if len >= SHORTEST && percents.any(|(_, at)| is_escaped(at)) {
            offer(search, word);
        }
        word.end += 1;
    }
}

/// Whether a character separates the words of a form, a URL or the text around them.
const fn ends_word(byte: u8) -> bool {
    byte.is_ascii_whitespace()
        || !byte.is_ascii()
        || matches!(
            byte,
            b'"' | b'\'' | b'`' | b'<' | b'>' | b'&' | b'=' | b'?' | b'#' | b';' | b','
        )
        || matches!(byte, b'{' | b'}' | b'[' | b']' | b'|' | b'\\' | b'^')
}

fn offer(search: &mut Search<'_>, word: Span) {
    let text = search.text;
    // Who escapes these escapes a plus as well, so one that is not escaped is the space of a form.
    let characters = text.get(word.start..word.end).unwrap_or_default();
    let plus_is_space = characters.windows(3).any(|window| {
        [b"%2b", b"%2f", b"%3a", b"%3d"].iter().any(|escape| window.eq_ignore_ascii_case(*escape))
    });
    let read = |mut bytes: Digits| {
        unescape::percent(text, word, plus_is_space, &mut bytes);
        bytes
    };
    let bytes = read(Digits::without_places(8));
    let kind = (Reading::Percent, LayerKind::Percent);
    search.offer(kind, word, bytes.bytes(), &|| read(Digits::new(8)).map());
}
