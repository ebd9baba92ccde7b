//! Places in the units that people count.

use crate::base::span::Span;

/// The units that people count in an input: characters of a text, else bytes. Places are kept in
/// bytes; these say the same in units.
///
/// A character is a Unicode scalar value.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Characters {
    /// The number of bytes of the input that a byte of the text takes: 2 in UTF-16; 0 if it is no
    /// text.
    width: usize,
    /// The start of the text, in bytes.
    start: usize,
    /// Of each 64 bytes of the text: how many characters begin before them, and which of them begin
    /// one, the first in the lowest bit. Empty where each of them does.
    blocks: Vec<(usize, u64)>,
}

/// The number of bytes of a block.
const BLOCK: usize = u64::BITS as usize;

impl Characters {
    /// Those of `text`, which begins at `start` of the input and whose bytes take `width` of the
    /// input each. In it the bytes behind the first of a character are such as in UTF-8.
    pub(super) fn of(text: &[u8], start: usize, width: usize) -> Self {
        let mut blocks = Vec::new();
        if !text.is_ascii() {
            let mut count = 0;
            // One more, so that there is one for the end of the text.
            blocks.extend(text.chunks(BLOCK).chain([&[][..]]).map(|chunk| {
                let begins = |bits, byte: &u8| bits << 1 | u64::from(byte & 0xC0 != 0x80);
                let (before, bits) = (count, chunk.iter().rev().fold(0_u64, begins));
                count += bits.count_ones() as usize;
                (before, bits)
            }));
        }
        Self { width, start, blocks }
    }

    /// The characters that the bytes `span` of the input are, counted from 0; the same where it is
    /// no text.
    #[must_use]
    pub fn range(&self, span: Span) -> Span {
        Span::new(self.index(span.start), self.index(span.end))
    }

    /// The place `span`, which is in bytes, in words: `characters 6 to 521`, counted from 1 as
    /// people do; `bytes 92 to 461`, counted from 0, where the input is no text.
    #[must_use]
    pub fn place(&self, span: Span) -> String {
        let range = self.range(span);
        match range.len() {
            _ if self.width == 0 => range.to_string(),
            0 | 1 => format!("character {}", range.start + 1),
            _ => format!("characters {} to {}", range.start + 1, range.end),
        }
    }

    /// The size of `span`, which is in bytes: `496 characters`.
    #[must_use]
    pub fn size(&self, span: Span) -> String {
        let unit = if self.width == 0 { "bytes" } else { "characters" };
        format!("{} {unit}", self.range(span).len())
    }

    /// The number of characters that begin before that byte of the input.
    fn index(&self, at: usize) -> usize {
        let at = at.saturating_sub(self.start) / self.width.max(1);
        let block = self.blocks.get(at / BLOCK).or_else(|| self.blocks.last());
        block.map_or(at, |(count, bits)| {
            let before = bits & ((1 << (at % BLOCK)) - 1);
            count + before.count_ones() as usize
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_a_text_is_counted_in_its_characters() {
        let text = "aé€😀\n".repeat(30) + "end";
        let characters = Characters::of(text.as_bytes(), 0, 1);
        for (index, (at, character)) in text.char_indices().enumerate() {
            let span = Span::at(at, character.len_utf8());
            assert_eq!(characters.range(span), Span::at(index, 1), "{at}");
        }
        let whole = Span::new(0, text.len());
        assert_eq!(characters.size(whole), format!("{} characters", text.chars().count()));
        assert_eq!(characters.place(Span::new(1, 6)), "characters 2 to 3");
        assert_eq!(characters.place(Span::new(1, 3)), "character 2");
        let full = Characters::of("é".repeat(32).as_bytes(), 0, 1);
        assert_eq!(full.range(Span::new(0, 64)), Span::new(0, 32));
    }

    #[test]
    fn input_that_is_no_text_is_counted_in_bytes() {
        let bytes = Characters::default();
        assert_eq!(bytes.place(Span::new(4, 8)), "bytes 4 to 7");
        assert_eq!(bytes.size(Span::new(4, 8)), "4 bytes");
        // Two bytes each, behind the order mark.
        let utf16 = Characters::of(b"abc", 2, 2);
        assert_eq!(utf16.place(Span::new(4, 8)), "characters 2 to 3");
        assert_eq!(utf16.size(Span::new(0, 8)), "3 characters");
    }
}
