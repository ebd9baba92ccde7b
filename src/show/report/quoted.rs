//! Text inside the quotes of JSON.

use std::fmt::Write as _;

use crate::base::visible::is_hidden;

/// Tells a byte that is a character of its own and has a picture, which JSON has as it is.
const fn is_plain(byte: u8) -> bool {
    byte >= b' ' && byte < 0x7f && byte != b'"' && byte != b'\\'
}

/// The number of bytes before the first that may have to be escaped.
fn plain_len(bytes: &[u8]) -> usize {
    // Sixteen bytes are checked at a time; the last sixteen may overlap those before.
    let pieces = bytes.as_chunks::<16>().0.iter();
    let all_plain = |piece: &&[u8; 16]| piece.iter().fold(true, |all, byte| all & is_plain(*byte));
    let plain = pieces.take_while(all_plain).count() * 16;
    if plain + 16 > bytes.len() && bytes.last_chunk().is_some_and(|last| all_plain(&last)) {
        return bytes.len();
    }
    let rest = bytes.get(plain..).unwrap_or_default();
    plain + rest.iter().take_while(|byte| is_plain(**byte)).count()
}

/// Adds `text` to `out`, escaped where JSON asks for it and where a reader would not see it: what
/// prints JSON on a terminal shows the values as they are, and some of them could redraw it.
pub(super) fn push(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some((plain, special)) = rest.split_at_checked(plain_len(rest.as_bytes())) {
        out.push_str(plain);
        let mut special = special.chars();
        let Some(character) = special.next() else { return };
        escape(out, character);
        rest = special.as_str();
    }
}

fn escape(out: &mut String, character: char) {
    let short = match character {
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{c}' => 'f',
        '\r' => 'r',
        '"' | '\\' => character,
        _ if is_hidden(character) => {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a String does not fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
            return;
        }
        _ => {
            out.push(character);
            return;
        }
    };
    out.push('\\');
    out.push(short);
}

/// Escapes the text in `out` from byte `start` on, as [`push`] does. Values that write themselves in
/// many pieces are checked once so, and most have nothing to escape.
pub(super) fn escape_from(out: &mut String, start: usize) {
    let added = out.get(start..).unwrap_or_default();
    let plain = start + plain_len(added.as_bytes());
    if plain < out.len() {
        let rest = out.split_off(plain);
        push(out, &rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pushed(text: &str) -> String {
        let mut out = String::new();
        push(&mut out, text);
        let mut escaped = format!("\"{text}");
        escape_from(&mut escaped, 1);
        assert_eq!(escaped[1..], out);
        format!("\"{out}\"")
    }

    #[test]
    fn every_character_in_sight_is_written_as_by_serde_json() {
        let all: String =
            ('\0'..='\u{7e}').chain('\u{a1}'..='\u{ac}').chain('\u{ae}'..='\u{ff}').collect();
        for text in [
            &all,
            "",
            "plain, and longer than sixteen bytes",
            "sixteen bytes, a\"b",
            "\u{fffd}\u{1f600}",
        ] {
            assert_eq!(pushed(text), serde_json::to_string(text).unwrap());
        }
    }

    #[test]
    fn every_character_comes_back_and_none_is_hidden() {
        for first in (0..=0x10_ffff).step_by(64) {
            let text: String = (first..first + 64).filter_map(char::from_u32).collect();
            let written = pushed(&text);
            assert!(!written.contains(is_hidden), "{written}");
            assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
        }
        assert_eq!(pushed("\u{9b}\u{202e}\u{e0041}\u{7f}"), r#""\u009b\u202e\udb40\udc41\u007f""#);
    }
}
