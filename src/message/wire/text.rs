//! Text as messages have it. Nothing in it is made safe to read; that is
//! [`visible`](crate::base::visible)'s part.

use std::fmt::{self, Write as _};

/// Text in UTF-16LE, as it stands in the message.
///
/// Displayed with every code unit accounted for: half a surrogate pair as `\u{d800}`, a last odd
/// byte as `\x41`. Nothing else is changed, control characters and direction marks included, so
/// that the report says what was sent; a program that shows it has to make those visible (the page
/// does).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Utf16Le<'m>(pub &'m [u8]);

impl Utf16Le<'_> {
    /// Returns true if part of it is half a surrogate pair.
    #[must_use]
    pub fn has_lone_surrogate(self) -> bool {
        char::decode_utf16(self.units()).any(|unit| unit.is_err())
    }

    fn units(self) -> impl Iterator<Item = u16> {
        self.0.as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit))
    }
}

impl fmt::Display for Utf16Le<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // ASCII in pieces: a call for each character takes several times as long.
        let mut rest = self.0;
        let mut piece = [0; 32];
        loop {
            let ascii = |unit: &&[u8; 2]| unit[1] == 0 && unit[0].is_ascii();
            let units = rest.as_chunks::<2>().0.iter().take_while(ascii);
            let count = piece.iter_mut().zip(units).map(|(to, unit)| *to = unit[0]).count();
            f.write_str(
                str::from_utf8(piece.get(..count).unwrap_or_default()).unwrap_or_default(),
            )?;
            rest = rest.get(count * 2..).unwrap_or_default();
            if count == piece.len() {
                continue;
            }
            let taken = match char::decode_utf16(Self(rest).units()).next() {
                Some(Ok(character)) => {
                    f.write_char(character)?;
                    character.len_utf16()
                }
                Some(Err(lone)) => {
                    write!(f, "\\u{{{:x}}}", lone.unpaired_surrogate())?;
                    1
                }
                None => break,
            };
            rest = rest.get(taken * 2..).unwrap_or_default();
        }
        match rest {
            [odd] => write!(f, "\\x{odd:02x}"),
            _ => Ok(()),
        }
    }
}

/// Text in the client's OEM code page, which no message names. ASCII is shown as it is, any other
/// byte as `\x80`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Oem<'m>(pub &'m [u8]);

impl fmt::Display for Oem<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0 {
            if byte.is_ascii() {
                f.write_char(char::from(*byte))?;
            } else {
                write!(f, "\\x{byte:02x}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_broken_string_is_lost() {
        assert_eq!(Utf16Le(b"D\0C\0").to_string(), "DC");
        assert_eq!(Utf16Le(&[0x00, 0xd8, 0x41, 0x00, 0x42]).to_string(), "\\u{d800}A\\x42");
        // Longer than a piece, with pairs and halves of them at and behind its end.
        let long: String =
            ('!'..='~').chain("é\u{1f600}".chars()).chain(('a'..='z').cycle().take(65)).collect();
        for cut in 0..long.len() {
            let Some(text) = long.get(cut..) else { continue };
            let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert_eq!(Utf16Le(&units).to_string(), text);
        }
        assert_eq!(Oem(b"caf\x82").to_string(), "caf\\x82");
    }
}
