//! From bytes to lines, and from a line to what comes before and after its colon.

use std::iter;

use memchr::memchr2_iter;

use super::MAX_LINES;

/// So many code units tell whether text without a byte order mark is UTF-16.
const HEAD: usize = 32;

/// The text in `bytes`: UTF-16 with or without a byte order mark, else UTF-8. What is neither, such
/// as a letter of a console's code page, becomes U+FFFD.
pub(super) fn decode(bytes: &[u8]) -> String {
    let (bytes, is_big) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (rest, None),
        [0xFF, 0xFE, rest @ ..] => (rest, Some(false)),
        [0xFE, 0xFF, rest @ ..] => (rest, Some(true)),
        _ => (bytes, guess_order(bytes)),
    };
    let Some(is_big) = is_big else { return String::from_utf8_lossy(bytes).into_owned() };
    let (units, _) = bytes.as_chunks::<2>();
    let unit =
        |unit: &[u8; 2]| if is_big { u16::from_be_bytes(*unit) } else { u16::from_le_bytes(*unit) };
    let characters = char::decode_utf16(units.iter().map(unit));
    characters.map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Guesses the byte order of text whose beginning is mostly ASCII in UTF-16: true if the high byte
/// comes first.
fn guess_order(bytes: &[u8]) -> Option<bool> {
    let (units, _) = bytes.get(..bytes.len().min(2 * HEAD))?.as_chunks::<2>();
    let count =
        |index: usize| units.iter().filter(|unit| unit[index] == 0 && unit[1 - index] != 0).count();
    let most = units.len().div_ceil(2).max(2);
    match (count(0) >= most, count(1) >= most) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

/// A line with its number, from 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'t> {
    pub(super) number: usize,
    pub(super) text: &'t str,
}

/// The lines of `text` that are not blank, with their white space and without the marks of a
/// quotation; of too many, those that are read and one more.
pub(super) fn split(text: &str) -> Vec<Line<'_>> {
    let lines = iter::zip(1.., text.lines());
    let lines = lines.map(|(number, text)| Line { number, text: unquoted(text) });
    lines.filter(|line| !line.text.trim().is_empty()).take(MAX_LINES + 1).collect()
}

/// A line without the marks that mail programs put before a quotation. A row of a table ends in
/// such a mark.
fn unquoted(text: &str) -> &str {
    let mut rest = text;
    while let Some(after) = rest.trim_start().strip_prefix('>') {
        rest = after.strip_prefix(' ').unwrap_or(after);
    }
    match rest.strip_prefix('|') {
        Some(after) if !after.contains('|') => after.strip_prefix(' ').unwrap_or(after),
        _ => rest,
    }
}

impl<'t> Line<'t> {
    /// The text after the first colon that white space follows or that ends the line.
    pub(super) fn value(self) -> Option<&'t str> {
        // The second is the first byte of a wide colon.
        let colons = memchr2_iter(b':', 0xEF, self.text.as_bytes());
        let rests = colons.filter_map(|at| self.text.get(at..));
        let mut values = rests.filter_map(|rest| rest.strip_prefix([':', '\u{ff1a}']));
        values.find(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace)).map(str::trim)
    }
}

/// A number in hexadecimal digits behind `0x`.
pub(super) fn hex_number(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    let are_digits = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    are_digits.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_in_each_encoding() {
        let text = "Server-Namen : Größe\r\n";
        let utf16 = |to: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to).collect::<Vec<_>>();
        let (little, big) = (utf16(u16::to_le_bytes), utf16(u16::to_be_bytes));
        for bytes in [
            text.as_bytes().to_vec(),
            [&[0xEF, 0xBB, 0xBF], text.as_bytes()].concat(),
            [&[0xFF, 0xFE], &little[..]].concat(),
            [&[0xFE, 0xFF], &big[..]].concat(),
            little,
            big,
        ] {
            assert_eq!(decode(&bytes), text);
        }
        assert_eq!(decode(b"Gr\x94\xe1e"), "Gr\u{fffd}\u{fffd}e");
    }

    #[test]
    fn a_value_follows_a_colon_and_white_space() {
        let value = |text| Line { number: 1, text }.value();
        assert_eq!(value("\tSPN Name:\tcifs/a:445 "), Some("cifs/a:445"));
        assert_eq!(value("Noms du serveur\u{a0}: A;"), Some("A;"));
        assert_eq!(value("SPN:"), Some(""));
        assert_eq!(value("名称： A"), Some("A"));
        assert_eq!(value("fe80::1"), None);
    }
}
