//! Bytes from digits, each with its place.

use crate::base::span::Span;
use crate::read::offset_map::OffsetMap;

/// Bytes under construction from digits of 4, 6 or 8 bits, with the place of each digit.
pub(super) struct Digits {
    bits: usize,
    /// The number of bits in `pending` that are not yet a byte.
    held: usize,
    pending: u32,
    count: usize,
    bytes: Vec<u8>,
    map: OffsetMap,
}

impl Digits {
    /// No digits yet, of `bits` bits each.
    pub(super) const fn new(bits: usize) -> Self {
        Self { bits, held: 0, pending: 0, count: 0, bytes: Vec::new(), map: OffsetMap::new(bits) }
    }

    /// Adds a digit at `place`.
    pub(super) fn push(&mut self, digit: u8, place: Span) {
        self.map.push(self.count, place.start, place.len());
        self.add(digit);
    }

    /// Adds digits that stand side by side from `at` on, one character each.
    pub(super) fn push_all(&mut self, digits: impl ExactSizeIterator<Item = u8>, at: usize) {
        self.map.push(self.count, at, 1);
        self.bytes.reserve(digits.len() * self.bits / 8 + 1);
        digits.for_each(|digit| self.add(digit));
    }

    fn add(&mut self, digit: u8) {
        self.count += 1;
        self.pending = self.pending << self.bits | u32::from(digit);
        self.held += self.bits;
        if self.held >= 8 {
            self.held -= 8;
            // What is above the byte was given out before.
            self.bytes.push((self.pending >> self.held & 0xFF) as u8);
        }
    }

    /// Leaves out what was added after the first `len` bytes. Nothing is added any more.
    pub(super) fn truncate(&mut self, len: usize) {
        self.bytes.truncate(len);
    }

    /// The bytes so far. Bits that are too few for a byte are left out.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The places of the bytes.
    pub(super) const fn map(&self) -> &OffsetMap {
        &self.map
    }

    /// The map, to keep.
    pub(super) fn into_map(self) -> OffsetMap {
        self.map
    }
}

/// The value of a hex digit.
pub(super) const fn hex_digit(character: u8) -> Option<u8> {
    Some(match character {
        b'0'..=b'9' => character - b'0',
        b'a'..=b'f' => character - b'a' + 10,
        b'A'..=b'F' => character - b'A' + 10,
        _ => return None,
    })
}

/// Returns true if a character is a hex digit.
pub(super) const fn is_hex(character: u8) -> bool {
    character.is_ascii_hexdigit()
}

/// The number that digits of a base stand for; `None` where there are none, where one is of no such
/// base, or where the number has more than 64 bits.
pub(super) fn number(digits: &[u8], base: u64) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |number, digit| {
        let digit = hex_digit(*digit).map(u64::from).filter(|digit| *digit < base)?;
        number.checked_mul(base)?.checked_add(digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_every_width_become_bytes() {
        for (bits, digits) in [(4, &[4_u8, 0xE, 5, 4][..]), (6, &[19, 37, 16]), (8, b"NT")] {
            let mut read = Digits::new(bits);
            read.push(digits[0], Span::at(0, 1));
            read.push_all(digits[1..].iter().copied(), 1);
            assert_eq!(read.bytes(), b"NT", "{bits} bits");
            assert_eq!(read.into_map().to_outer(Span::new(0, 2)), Span::new(0, digits.len()));
        }
        assert_eq!(number(b"4e5", 16), Some(0x4e5));
        assert_eq!(number(b"0017", 8), Some(15));
        assert_eq!([number(b"4g", 16), number(b"8", 8), number(b"", 10)], [None; 3]);
        assert_eq!(number(b"10000000000000000", 16), None);
    }
}
