//! Places in a buffer, and the bytes at them.

use std::fmt;

/// The bytes `start..end` of a buffer.
///
/// Inside an NTLM message offsets count from the `N` of `NTLMSSP\0`, which is what `BufferOffset`
/// counts from too. In other layers they count from the first byte of that layer's own buffer.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The bytes `start..end`; empty at `start` where `end` is smaller.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end: if end < start { start } else { end } }
    }

    /// No bytes, at `at`.
    #[must_use]
    pub const fn empty(at: usize) -> Self {
        Self { start: at, end: at }
    }

    /// `len` bytes from `start`; saturates at the end of the address space.
    #[must_use]
    pub const fn at(start: usize, len: usize) -> Self {
        Self { start, end: start.saturating_add(len) }
    }

    /// The number of bytes it covers.
    #[must_use]
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Returns true if it covers no byte.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Returns true if the two share at least one byte.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Returns true if every byte of `other` is in `self`.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// This span, counted from a buffer that begins `base` bytes earlier.
    #[must_use]
    pub const fn shifted(self, base: usize) -> Self {
        Self { start: self.start.saturating_add(base), end: self.end.saturating_add(base) }
    }

    /// The part of it that is below `len`.
    #[must_use]
    pub fn clipped(self, len: usize) -> Self {
        Self { start: self.start.min(len), end: self.end.min(len) }
    }
}

impl fmt::Display for Span {
    /// As people write a place: `bytes 4 to 7`, both ends inclusive; `byte 4`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.len() {
            0 | 1 => write!(f, "byte {}", self.start),
            _ => write!(f, "bytes {} to {}", self.start, self.end - 1),
        }
    }
}

/// The parts of `0..len` that none of `covered` covers, in order.
#[must_use]
pub fn gaps(len: usize, covered: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut gaps = Vec::new();
    let mut next = 0;
    for (span, _) in ordered(covered) {
        if span.start > next {
            gaps.push(Span::new(next, span.start.min(len)));
        }
        next = next.max(span.end);
    }
    if next < len {
        gaps.push(Span::new(next, len));
    }
    gaps
}

/// The items in the order of their places; those at the same place stay as they are to each other.
#[must_use]
pub fn in_order<T>(items: Vec<T>, place: impl Fn(&T) -> Span) -> Vec<T> {
    let order = ordered(items.iter().map(place));
    if order.is_sorted_by_key(|(_, index)| *index) {
        return items;
    }
    let mut items: Vec<_> = items.into_iter().map(Some).collect();
    order.iter().filter_map(|(_, index)| items.get_mut(*index)?.take()).collect()
}

/// Places in order, with their index.
fn ordered(places: impl Iterator<Item = Span>) -> Vec<(Span, usize)> {
    let mut order: Vec<_> = places.zip(0..).collect();
    order.sort_unstable();
    order
}

/// A value and the bytes it was read from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Located<T> {
    /// The meaning of the bytes.
    pub value: T,
    /// The place of the bytes.
    pub span: Span,
}

impl<T> Located<T> {
    /// The value converted, at the same place.
    #[must_use]
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Located<U> {
        Located { value: convert(self.value), span: self.span }
    }
}

/// A buffer that spans are relative to.
#[derive(Clone, Copy, Debug)]
pub struct Source<'b>(pub &'b [u8]);

impl<'b> Source<'b> {
    /// The bytes at `span`; those of them that exist, where it reaches past the end.
    #[must_use]
    pub fn slice(self, span: Span) -> &'b [u8] {
        let span = span.clipped(self.0.len());
        self.0.get(span.start..span.end).unwrap_or_default()
    }

    /// The first place of `wanted` at `span`.
    #[must_use]
    pub fn find(self, span: Span, wanted: &[u8]) -> Option<usize> {
        let bytes = self.slice(span);
        let first = *wanted.first()?;
        let mut at = 0;
        loop {
            // Most bytes are not the first: they are passed by quickly.
            at += bytes.get(at..)?.iter().position(|byte| *byte == first)?;
            if bytes.get(at..)?.starts_with(wanted) {
                return Some(span.start + at);
            }
            at += 1;
        }
    }

    /// The bytes at `span`, if all of them exist.
    #[must_use]
    pub fn exact(self, span: Span) -> Option<&'b [u8]> {
        self.0.get(span.start..span.end)
    }

    /// `N` bytes at `offset`, if all of them exist.
    #[must_use]
    pub fn array<const N: usize>(self, offset: usize) -> Option<Located<[u8; N]>> {
        let span = Span::new(offset, offset.checked_add(N)?);
        Some(Located { value: self.exact(span)?.try_into().ok()?, span })
    }

    /// The little-endian 16-bit number at `offset`.
    #[must_use]
    pub fn le_u16(self, offset: usize) -> Option<Located<u16>> {
        Some(self.array(offset)?.map(u16::from_le_bytes))
    }

    /// The little-endian 32-bit number at `offset`.
    #[must_use]
    pub fn le_u32(self, offset: usize) -> Option<Located<u32>> {
        Some(self.array(offset)?.map(u32::from_le_bytes))
    }

    /// The little-endian 64-bit number at `offset`.
    #[must_use]
    pub fn le_u64(self, offset: usize) -> Option<Located<u64>> {
        Some(self.array(offset)?.map(u64::from_le_bytes))
    }

    /// The offset at which `rest` begins, a tail of this buffer that a parser left over.
    #[must_use]
    pub fn offset_of(self, rest: &[u8]) -> usize {
        self.0.len().saturating_sub(rest.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_and_covered_bytes_tile_the_buffer() {
        let covered = [Span::new(8, 12), Span::new(0, 4), Span::new(10, 11)];
        assert_eq!(gaps(16, covered.into_iter()), [Span::new(4, 8), Span::new(12, 16)]);
        assert_eq!(gaps(3, [].into_iter()), [Span::new(0, 3)]);
        assert!(gaps(0, [].into_iter()).is_empty());
    }

    #[test]
    fn items_are_put_in_the_order_of_their_places() {
        let items = vec![(4, 'c'), (0, 'a'), (4, 'd'), (1, 'b')];
        let ordered = in_order(items, |(at, _)| Span::empty(*at));
        assert_eq!(ordered, [(0, 'a'), (1, 'b'), (4, 'c'), (4, 'd')]);
    }

    #[test]
    fn a_number_needs_all_its_bytes() {
        let source = Source(&[1, 0, 0, 0, 2]);
        assert_eq!(source.le_u32(0).map(|n| n.value), Some(1));
        assert_eq!(source.le_u32(2), None);
        assert_eq!(source.le_u32(usize::MAX), None);
    }
}
