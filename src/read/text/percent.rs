//! Percent-encoding, word by word, as in a URL or a form.
//!
//! Spec: RFC 3986 2.1; WHATWG URL, application/x-www-form-urlencoded.

use super::{
    Reading, Search,
    digits::Digits,
    scanning::{find, part, skip_while},
    unescape,
};
use crate::base::span::Span;
use crate::read::layer::LayerKind;

/// Shorter words hold no token.
const MIN_LEN: usize = 11;

/// The escapes of programs that escape a plus as well, so that one that is not escaped is the space
/// of a form.
const ESCAPED: [&[u8]; 8] = [b"%2B", b"%2F", b"%3A", b"%3D", b"%2b", b"%2f", b"%3a", b"%3d"];

/// Looks for tokens in the words of a part of the text that are percent-encoded.
pub(super) async fn search(search: &mut Search<'_>, span: Span) {
    let text = part(search.text, Span::new(0, span.end));
    let mut at = span.start;
    // Where the word before ends.
    let mut from = span.start;
    while !search.is_full() {
        let before = at;
        at = skip_while(text, at, |byte| byte != b'%');
        search.pace.spend(at - before + 1).await;
        if at >= span.end {
            return;
        }
        if unescape::percent_byte(text, at).is_none() {
            at += 1;
            continue;
        }
        let mut start = at;
        while start > from && !text.get(start - 1).is_some_and(|byte| ends_word(*byte)) {
            start -= 1;
        }
        let word = Span::new(start, skip_while(text, at, |byte| !ends_word(byte)));
        (at, from) = (word.end, word.end);
        if word.len() >= MIN_LEN {
            let plus_is_space = ESCAPED.iter().any(|escape| find(text, word, escape).is_some());
            let escape = if plus_is_space { unescape::form } else { unescape::percent };
            let mut bytes = Digits::new(8);
            unescape::undo(escape, text, word, &mut bytes, search.pace).await;
            search.offer((Reading::Percent, LayerKind::Percent), word, bytes).await;
        }
    }
}

/// Returns true if a character separates the words of a form, a URL or the text around them.
fn ends_word(byte: u8) -> bool {
    !byte.is_ascii_graphic() || b"\"'`<>&=?#;,{}[]|\\^".contains(&byte)
}
