//! Text inside the quotes of JSON.

use std::fmt::{self, Write as _};

/// Whether JSON has the byte as it is. Bytes beyond ASCII are parts of characters, which it has too.
const fn is_plain(byte: u8) -> bool {
    byte >= b' ' && byte != b'"' && byte != b'\\'
}

/// How many bytes stand before the first that is to be escaped.
fn plain_len(bytes: &[u8]) -> usize {
    // Sixteen are looked at as one; the last sixteen, of which some have been looked at, are.
    let pieces = bytes.as_chunks::<16>().0.iter();
    let all_plain = |piece: &&[u8; 16]| piece.iter().fold(true, |all, byte| all & is_plain(*byte));
    let plain = pieces.take_while(all_plain).count() * 16;
    if plain + 16 > bytes.len() && bytes.last_chunk().is_some_and(|last| all_plain(&last)) {
        return bytes.len();
    }
    let rest = bytes.get(plain..).unwrap_or_default();
    plain + rest.iter().take_while(|byte| is_plain(**byte)).count()
}

/// Adds `text` to `out`, escaped where JSON asks for it.
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
        _ => {
            // Writing to a String does not fail.
            let _ = write!(out, "\\u{:04x}", u32::from(character));
            return;
        }
    };
    out.push('\\');
    out.push(short);
}

/// Takes text as [`push`] does, from what writes itself in pieces.
pub(super) struct Quoted<'o>(pub(super) &'o mut String);

impl fmt::Write for Quoted<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        push(self.0, text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_written_as_by_serde_json() {
        let all: String = ('\0'..='\u{ff}').chain(['\u{2028}', '\u{fffd}', '\u{1f600}']).collect();
        for text in [&all, "", "plain, and longer than sixteen bytes", "sixteen bytes, a\"b"] {
            let mut out = String::new();
            push(&mut out, text);
            assert_eq!(format!("\"{out}\""), serde_json::to_string(text).unwrap());
        }
    }
}
