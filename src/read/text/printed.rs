//! A message as it prints, with numbers or names only for the bytes that do not: `NTLMSSP 0x00
//! 0x03`, `NTLMSSP<00>`, `NTLMSSP=00`, `NTLMSSP^@`.

use super::{
    Reading, Search,
    digits::{Digits, number},
    scanning::{byte_before, find, part, skip_while, starts_with_ignore_case},
};
use crate::base::span::Span;
use crate::read::{carrier, layer::LayerKind};

/// The beginnings of each message, before its first zero, plain and with blanks between.
const BEGINNINGS: [&[u8]; 2] = [b"NTLMSSP", b"N T L M S S P"];

/// So many characters that print may follow one another in a message.
const MAX_TEXT_LEN: usize = 64;

/// The most bytes of a message.
const MAX_MESSAGE_LEN: usize = 1 << 17;

/// The way in which bytes that do not print are written.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Style {
    /// `0x00`, with blanks around it.
    Prefixed,
    /// `<00>`, `[00]`, `{00}` or `<0x00>`, with these brackets.
    Enclosed(u8, u8),
    /// `=00`, as in quoted-printable.
    Equals,
    /// `^@` and `M-^@`, as `cat -v` writes them.
    Caret,
    /// `&#0;`, as in HTML.
    Reference,
}

/// The brackets that may enclose a number.
const BRACKETS: [(u8, u8); 4] = [(b'<', b'>'), (b'[', b']'), (b'{', b'}'), (b'(', b')')];

/// Looks for such messages in a part of the text.
pub(super) async fn search(search: &mut Search<'_>, span: Span) {
    for beginning in BEGINNINGS {
        search_one(search, span, beginning).await;
    }
}

/// Looks for those with this beginning.
async fn search_one(search: &mut Search<'_>, span: Span, beginning: &[u8]) {
    let text = part(search.text, Span::new(0, span.end));
    let mut next = span.start;
    while let Some(start) = find(text, Span::new(next, span.end), beginning) {
        search.pace.spend(start - next).await;
        next = start + beginning.len();
        let Some(style) = Style::at(text, next) else { continue };
        let (bytes, end) = read(text, start, style);
        search.pace.spend(end - start).await;
        next = next.max(end);
        let place = Span::new(start, end);
        search.offer((Reading::Escapes, LayerKind::Escapes), place, bytes).await;
        if search.is_full() {
            return;
        }
    }
}

/// The bytes of the message at `start`, and where it ends: where it is whole, or behind the last
/// byte that is written as `style` says.
fn read(text: &[u8], start: usize, style: Style) -> (Digits, usize) {
    let mut bytes = Digits::new(8);
    let mut at = start;
    // Where the last number ends, and how many bytes there are up to it.
    let mut sure = (start, 0);
    while let Some(byte) = text.get(at) {
        let len = bytes.bytes().len();
        let is_whole = carrier::announced_len(bytes.bytes()).is_some_and(|wanted| wanted <= len);
        if is_whole {
            return (bytes, at);
        }
        if len - sure.1 > MAX_TEXT_LEN
            || len > MAX_MESSAGE_LEN
            || at > start && goes_on_anew(text, at)
        {
            break;
        }
        if let Some((byte, end)) = style.byte_at(text, at) {
            bytes.push(byte, Span::new(at, end));
            at = end;
            sure = (at, bytes.bytes().len());
        } else if style.skips(text, at) {
            at += 1;
        } else if byte.is_ascii_graphic() || *byte == b' ' || style.keeps_lines() {
            bytes.push(*byte, Span::at(at, 1));
            at += 1;
        } else {
            break;
        }
    }
    let len = bytes.bytes().len();
    if carrier::announced_len(bytes.bytes()).is_none_or(|wanted| wanted > len) {
        bytes.truncate(sure.1);
        at = sure.0;
    }
    (bytes, at)
}

/// Returns true if another message begins.
fn goes_on_anew(text: &[u8], at: usize) -> bool {
    BEGINNINGS.iter().any(|beginning| part(text, Span::at(at, beginning.len())) == *beginning)
}

impl Style {
    /// The one in which the zero behind the first word of a message is written at `at`.
    fn at(text: &[u8], at: usize) -> Option<Self> {
        let styles = [Self::Equals, Self::Caret, Self::Reference].into_iter();
        let enclosed = BRACKETS.into_iter().map(|(open, close)| Self::Enclosed(open, close));
        let zero = |style: &Self| style.byte_at(text, at).is_some_and(|(byte, _)| byte == 0);
        let glued = styles.chain(enclosed).find(zero);
        glued.or_else(|| {
            let apart = skip_while(text, at, |byte| byte == b' ');
            let is_zero = Self::Prefixed.byte_at(text, apart).is_some_and(|(byte, _)| byte == 0);
            is_zero.then_some(Self::Prefixed)
        })
    }

    /// The byte that is written at `at` as a number or a name, and where that ends.
    fn byte_at(self, text: &[u8], at: usize) -> Option<(u8, usize)> {
        match self {
            Self::Prefixed => starts_with_ignore_case(text, at, "0x")
                .then(|| two_digits(text, at + 2, at + 4))
                .flatten(),
            Self::Equals => {
                (text.get(at) == Some(&b'=')).then(|| two_digits(text, at + 1, at + 3)).flatten()
            }
            Self::Enclosed(open, close) => {
                let digits =
                    at + 1 + if starts_with_ignore_case(text, at + 1, "0x") { 2 } else { 0 };
                let is_enclosed =
                    text.get(at) == Some(&open) && text.get(digits + 2) == Some(&close);
                is_enclosed.then(|| two_digits(text, digits, digits + 3)).flatten()
            }
            Self::Caret => caret(text, at),
            Self::Reference => reference(text, at),
        }
    }

    /// Returns true if the end of a line is a byte of its own.
    fn keeps_lines(self) -> bool {
        matches!(self, Self::Caret | Self::Equals)
    }

    /// Returns true if the character at `at` only separates.
    fn skips(self, text: &[u8], at: usize) -> bool {
        match text.get(at) {
            Some(b'\r' | b'\n') if self == Self::Equals => {
                // A line that goes on has `=` at its end; any other end is data.
                byte_before(text, at, 1) == Some(b'=')
                    || byte_before(text, at, 1) == Some(b'\r')
                        && byte_before(text, at, 2) == Some(b'=')
            }
            Some(b'\r' | b'\n') => self != Self::Caret,
            Some(b' ' | b'\t') => self == Self::Prefixed,
            Some(b'=') => self == Self::Equals && matches!(text.get(at + 1), Some(b'\r' | b'\n')),
            _ => false,
        }
    }
}

/// The byte of two hex digits; what it is written as ends at `end`.
fn two_digits(text: &[u8], digits: usize, end: usize) -> Option<(u8, usize)> {
    let written = part(text, Span::at(digits, 2));
    let byte = number(written, 16).filter(|_| written.len() == 2)?;
    Some((u8::try_from(byte).ok()?, end))
}

/// `^@` is 0, `^?` is 127; `M-` adds 128.
fn caret(text: &[u8], at: usize) -> Option<(u8, usize)> {
    let is_high = part(text, Span::at(at, 2)) == b"M-";
    let start = at + if is_high { 2 } else { 0 };
    let high = if is_high { 0x80 } else { 0 };
    match part(text, Span::at(start, 3)) {
        // `^^@` is a caret and a zero, rather than the number 30 and `@`, which is rare.
        [b'^', b'^', b'@'..=b']' | b'_'] if !is_high => None,
        [b'^', name @ b'?'..=b'_', ..] => Some((name ^ 0x40 | high, start + 2)),
        [byte, ..] if is_high => Some((byte | high, start + 1)),
        _ => None,
    }
}

/// `&#0;` or `&#x0;`.
fn reference(text: &[u8], at: usize) -> Option<(u8, usize)> {
    let is_hex = starts_with_ignore_case(text, at, "&#x");
    let start = at + if is_hex { 3 } else { 2 };
    let base = if is_hex { 16 } else { 10 };
    let end = skip_while(part(text, Span::new(0, start + 4)), start, |b| b.is_ascii_hexdigit());
    let byte = number(part(text, Span::new(start, end)), base)?;
    let is_one = starts_with_ignore_case(text, at, "&#") && text.get(end) == Some(&b';');
    u8::try_from(byte).ok().filter(|_| is_one).map(|byte| (byte, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_is_told_by_its_first_zero() {
        for text in [
            "NTLMSSP 0x00 0x01 0x80",
            "NTLMSSP0x000x010x80",
            "N T L M S S P 0x00 0x01 0x80",
            "NTLMSSP<00><01><80>",
            "NTLMSSP[0x00][0x01][0x80]",
            "NTLMSSP{00}{01}{80}",
            "NTLMSSP=00=\r\n=01=80 and words that follow",
            "NTLMSSP^@^AM-^@",
            "NTLMSSP&#0;&#x1;&#128;",
        ] {
            let start = if text.starts_with("N ") { 13 } else { 7 };
            let style = Style::at(text.as_bytes(), start);
            let (bytes, end) = read(text.as_bytes(), 0, style.unwrap_or(Style::Caret));
            assert_eq!(bytes.bytes(), b"NTLMSSP\0\x01\x80", "{text}");
            assert_eq!(end, text.find(" and").unwrap_or(text.len()), "{text}");
        }
        for text in ["NTLMSSP", "NTLMSSP 00", "NTLMSSP (00", "NTLMSSP = 0"] {
            assert!(Style::at(text.as_bytes(), 7).is_none(), "{text}");
        }
    }
}
