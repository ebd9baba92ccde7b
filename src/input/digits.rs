use std::sync::Arc;

use crate::{layer::Map, span::Span};

/// Bytes under construction from digits of 4, 6 or 8 bits, with the place of each digit.
pub(super) struct Digits {
    bits: usize,
    /// What of `pending` is not yet a byte, in bits.
    held: usize,
    pending: u32,
    count: usize,
    bytes: Vec<u8>,
    map: Option<Map>,
}

impl Digits {
    /// No digits yet, of `bits` bits each.
    pub(super) fn new(bits: usize) -> Self {
        Self { map: Some(Map::new(bits)), ..Self::without_places(bits) }
    }

    /// The same where nobody will ask for the places: to look at bytes that may not be kept. The
    /// places of digits that stand apart take more memory than the text.
    pub(super) const fn without_places(bits: usize) -> Self {
        Self { bits, held: 0, pending: 0, count: 0, bytes: Vec::new(), map: None }
    }

    /// Adds a digit that stands at `place`.
    pub(super) fn push(&mut self, digit: u8, place: Span) {
        if let Some(map) = &mut self.map {
            map.push(self.count, place.start, place.len());
        }
        self.add(digit);
    }

    /// Says that the next digits, `count` of them, stand side by side from `at` on.
    pub(super) fn stand(&mut self, at: usize, width: usize, count: usize) {
        if let Some(map) = &mut self.map {
            map.push(self.count, at, width);
        }
        self.bytes.reserve(count * self.bits / 8 + 1);
    }

    /// Adds one of the digits that were [announced](Self::stand).
    pub(super) fn add(&mut self, digit: u8) {
        self.count += 1;
        self.pending = self.pending << self.bits | u32::from(digit);
        self.held += self.bits;
        if self.held >= 8 {
            self.held -= 8;
            // What is above the byte was given out before.
            self.bytes.push((self.pending >> self.held & 0xFF) as u8);
        }
    }

    /// The bytes so far. Bits that are too few for a byte are left out.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The places of the bytes.
    pub(super) fn map(&self) -> Arc<Map> {
        Arc::new(self.map.clone().unwrap_or_else(|| Map::new(self.bits)))
    }
}

/// What a hex digit stands for.
pub(super) const fn hex_digit(character: u8) -> Option<u8> {
    Some(match character {
        b'0'..=b'9' => character - b'0',
        b'a'..=b'f' => character - b'a' + 10,
        b'A'..=b'F' => character - b'A' + 10,
        _ => return None,
    })
}

/// The number that the hex digits at `span` stand for; `None` where one is none, or there are more
/// than eight.
pub(super) fn hex_number(text: &[u8], span: Span) -> Option<u32> {
    let digits = text.get(span.start..span.end).filter(|digits| digits.len() <= 8)?;
    digits.iter().try_fold(0, |number, digit| Some(number << 4 | u32::from(hex_digit(*digit)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_every_width_become_bytes() {
        for (bits, digits) in [(4, &[4_u8, 0xE, 5, 4][..]), (6, &[19, 37, 16]), (8, b"NT")] {
            let mut read = Digits::new(bits);
            for (at, digit) in digits.iter().enumerate() {
                read.push(*digit, Span::at(at, 1));
            }
            assert_eq!(read.bytes(), b"NT", "{bits} bits");
            assert_eq!(read.map().outer(Span::new(0, 2)), Span::new(0, digits.len()));
        }
        assert_eq!(hex_number(b"4e5", Span::new(0, 3)), Some(0x4e5));
        assert_eq!(hex_number(b"4g", Span::new(0, 2)), None);
    }
}
