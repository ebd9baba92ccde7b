//! Invisible marks, which pages, mails and chats put between the characters of a text: tags, and
//! characters that have no width.

use super::{
    digits::Digits,
    scanning::{part, skip_while, starts_with_ignore_case},
};
use crate::base::{pace::Pace, span::Span};

/// The longest tag, in bytes.
const MAX_TAG_LEN: usize = 128;

/// After how many bytes others may have their turn.
const STRETCH: usize = 4_096;

/// References of HTML, and the character in their place; 0 where it has no width.
const REFERENCES: [(&str, u8); 9] = [
    ("&nbsp;", b' '),
    ("&#160;", b' '),
    ("&#xa0;", b' '),
    ("&shy;", 0),
    ("&#8203;", 0),
    ("&#x200b;", 0),
    ("&zerowidthspace;", 0),
    ("&zwnj;", 0),
    ("&zwj;", 0),
];

/// The text without them; `None` where there are none.
pub(super) async fn removed(text: &[u8], pace: &Pace) -> Option<Digits> {
    let is_plain = |byte: u8| byte.is_ascii() && !matches!(byte, b'<' | b'&');
    let mut bytes = Digits::new(8);
    let mut at = 0;
    let mut counted = 0;
    let mut has_any = false;
    while at < text.len() {
        if at - counted > STRETCH {
            pace.spend(at - counted).await;
            counted = at;
        }
        if let Some((len, instead)) = mark_at(text, at) {
            has_any = true;
            if instead != 0 {
                bytes.push(instead, Span::at(at, len));
            }
            at += len;
            continue;
        }
        let next = skip_while(text, at + 1, is_plain);
        let plain = Span::new(at, next);
        bytes.push_all(part(text, plain).iter().copied(), at);
        at = next;
    }
    has_any.then_some(bytes)
}

/// The length of the invisible mark at `at`, and the byte that takes its place, 0 for none.
fn mark_at(text: &[u8], at: usize) -> Option<(usize, u8)> {
    let rest = part(text, Span::at(at, 4));
    match *rest {
        [b'<', b'a'..=b'z' | b'A'..=b'Z' | b'/', ..] => {
            let end = skip_while(
                part(text, Span::new(0, at.saturating_add(MAX_TAG_LEN).min(text.len()))),
                at + 1,
                |byte| !matches!(byte, b'<' | b'>' | b'\n'),
            );
            let is_closed = text.get(end) == Some(&b'>');
            // A word may be broken there.
            let instead = if starts_with_ignore_case(text, at, "<wbr") { 0 } else { b'\n' };
            is_closed.then_some((end + 1 - at, instead))
        }
        [b'&', ..] => {
            let found = REFERENCES.iter().find(|(name, _)| starts_with_ignore_case(text, at, name));
            found.map(|(name, instead)| (name.len(), *instead))
        }
        // The soft hyphen, and the space that does not break.
        [0xC2, 0xAD, ..] => Some((2, 0)),
        [0xC2, 0xA0, ..] => Some((2, b' ')),
        // Spaces of a width, then those of none and marks of direction.
        [0xE2, 0x80, 0x80..=0x8A | 0xAF, ..] => Some((3, b' ')),
        [0xE2, 0x80, 0x8B..=0x8F | 0xAA..=0xAE, ..] => Some((3, 0)),
        [0xE2, 0x80, 0xA8 | 0xA9, ..] => Some((3, b'\n')),
        [0xE2, 0x81, 0xA0..=0xA9, ..] | [0xEF, 0xBB, 0xBF, ..] => Some((3, 0)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::pace::block_on;

    #[test]
    fn invisible_marks_go_and_the_rest_keeps_its_place() {
        let removed = |text: &str| {
            block_on(Box::pin(removed(text.as_bytes(), &Pace::at_once())))
                .map(|bytes| String::from_utf8(bytes.bytes().to_vec()).unwrap())
        };
        assert_eq!(removed("plain < text & more"), None);
        assert_eq!(removed("TlRM<br/>TVNT").as_deref(), Some("TlRM\nTVNT"));
        assert_eq!(removed("Tl\u{200b}RM&nbsp;é<wbr>TVNT\u{feff}").as_deref(), Some("TlRM éTVNT"));
        let bytes = block_on(Box::pin(super::removed("a\u{200b}b".as_bytes(), &Pace::at_once())));
        assert_eq!(bytes.unwrap().map().to_outer(Span::new(1, 2)), Span::new(4, 5));
    }
}
