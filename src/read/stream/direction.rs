//! The bytes of one direction of a connection, in their order.
//!
//! Reassembly is our own. No library has what captures need: the first copy counts, a copy that
//! differs is remarked, holes have a known size, and the segments that wait are bounded. Only the
//! bytes of a sign-in are kept, so only there a repeated segment is compared.

use std::collections::BTreeMap;

use super::PacketPlace;

/// The most segments, and the most bytes, that wait for those before them.
const MAX_WAITING: usize = 64;
const MAX_WAITING_BYTES: usize = 256 * 1024;

/// The most segments that are waited for bytes that the other end has received and the capture does
/// not have.
const MAX_OVERDUE: usize = 8;

/// The most bytes that are kept, of the last wanted ones, to compare repeated ones with.
const MAX_RECENT: usize = 8 * 1024;

/// The most bytes behind them for which they are kept.
const MAX_RECENT_DISTANCE: u64 = 64 * 1024;

/// The next part of a direction.
#[derive(Clone, Copy, Debug)]
pub(super) enum Piece<'p> {
    /// Bytes, and their packet.
    Bytes(&'p [u8], PacketPlace),
    /// So many bytes that are not in the capture, and the packet that shows it.
    Gap(u64, PacketPlace),
}

/// The receiver of the pieces; returns true if the bytes are wanted.
pub(super) type PieceSink<'t> = dyn FnMut(Piece<'_>) -> bool + 't;

/// One direction of a connection.
#[derive(Debug, Default)]
pub(super) struct Direction {
    /// The sequence numbers of the first byte and of the next; `None` before the first segment.
    numbers: Option<(u32, u32)>,
    /// The number of bytes that were handed on.
    position: u64,
    /// Segments that came too early, by the position of their first byte.
    waiting: BTreeMap<u64, WaitingSegment>,
    waiting_bytes: usize,
    /// The number of segments since the other end had received the bytes that are missing here.
    overdue: usize,
    recent: RecentBytes,
    /// The end of the last segment; `None` before it is seen.
    end: Option<u64>,
}

#[derive(Debug)]
struct WaitingSegment {
    bytes: Vec<u8>,
    missing: usize,
    place: PacketPlace,
}

impl WaitingSegment {
    const fn len(&self) -> u64 {
        (self.bytes.len() + self.missing) as u64
    }
}

/// The last bytes that were wanted.
#[derive(Debug, Default)]
struct RecentBytes {
    bytes: Vec<u8>,
    /// The position behind them.
    end: u64,
}

/// One segment of a direction.
#[derive(Clone, Copy, Debug)]
pub(super) struct DirectionSegment<'p> {
    pub(super) sequence: u32,
    pub(super) bytes: &'p [u8],
    /// The number of bytes behind them that were not captured.
    pub(super) missing: usize,
    pub(super) place: PacketPlace,
}

impl Direction {
    /// Returns true if the first byte has another sequence number than `sequence`.
    pub(super) fn begins_elsewhere(&self, sequence: u32) -> bool {
        self.numbers.is_some_and(|(first, _)| first != sequence)
    }

    /// Sets the sequence number of the first byte, if nothing was seen yet.
    pub(super) fn open(&mut self, sequence: u32) {
        self.numbers.get_or_insert((sequence, sequence));
    }

    /// Returns true if its last byte was handed on.
    pub(super) fn is_ended(&self) -> bool {
        self.end.is_some_and(|end| end <= self.position)
    }

    /// Sets the sequence number at which the direction ends.
    pub(super) fn close(&mut self, sequence: u32) {
        if let Some((_, next)) = self.numbers {
            let distance = i64::from(sequence.wrapping_sub(next).cast_signed());
            self.end = Some(self.position.saturating_add_signed(distance));
        }
    }

    /// The number of bytes it holds.
    pub(super) fn held(&self) -> usize {
        self.waiting_bytes + self.recent.bytes.capacity()
    }

    /// Adds a segment, and hands on the bytes that are in order. Returns true if bytes that were
    /// seen before now have other values.
    pub(super) fn add(&mut self, part: DirectionSegment<'_>, take: &mut PieceSink<'_>) -> bool {
        let (_, next) = *self.numbers.get_or_insert((part.sequence, part.sequence));
        let distance = i64::from(part.sequence.wrapping_sub(next).cast_signed());
        let mut bytes = part.bytes;
        let mut missing = part.missing;
        // A keep-alive probe repeats the last byte, with any value.
        let is_probe = distance == -1 && bytes.len() == 1;
        if bytes.is_empty() && missing == 0 || is_probe {
            return false;
        }
        let at = self.position.checked_add_signed(distance);
        let mut differs = false;
        if distance < 0 {
            differs = at.is_some_and(|at| self.recent.differs(at, bytes));
            let passed = usize::try_from(distance.unsigned_abs()).unwrap_or(usize::MAX);
            let of_missing = passed.saturating_sub(bytes.len());
            bytes = bytes.get(passed..).unwrap_or_default();
            missing = missing.saturating_sub(of_missing);
            if bytes.is_empty() && missing == 0 {
                return differs;
            }
        }
        if distance > 0 {
            let at = at.unwrap_or_default();
            differs = self.wait(at, bytes, missing, part.place);
            if self.waiting.len() >= MAX_WAITING || self.waiting_bytes >= MAX_WAITING_BYTES {
                self.give_up(take);
            }
        } else if self.overlaps_waiting(bytes) {
            differs |= self.wait(self.position, bytes, missing, part.place);
            self.drain(take);
        } else {
            self.hand_on(bytes, missing, part.place, take);
            self.drain(take);
        }
        differs
    }

    /// Takes the acknowledgement of the other end, which has received all bytes before `number`.
    pub(super) fn acknowledged(&mut self, number: u32, take: &mut PieceSink<'_>) {
        let Some((_, next)) = self.numbers.filter(|_| !self.waiting.is_empty()) else {
            self.overdue = 0;
            return;
        };
        if number.wrapping_sub(next).cast_signed() > 0 {
            self.overdue += 1;
            if self.overdue >= MAX_OVERDUE {
                self.give_up(take);
            }
        }
    }

    /// Hands on all segments that wait, with gaps where bytes are missing.
    pub(super) fn flush(&mut self, take: &mut PieceSink<'_>) {
        while !self.waiting.is_empty() {
            self.give_up(take);
        }
    }

    /// Gives up the bytes that are missing before the first segment that waits.
    fn give_up(&mut self, take: &mut PieceSink<'_>) {
        self.overdue = 0;
        if let Some((at, waiting)) = self.waiting.first_key_value() {
            let gap = at.saturating_sub(self.position);
            if gap > 0 {
                take(Piece::Gap(gap, waiting.place));
                self.advance(gap);
            }
            self.drain(take);
        }
    }

    /// Hands on the segments that waited and are in order now.
    fn drain(&mut self, take: &mut PieceSink<'_>) {
        while let Some(first) = self.waiting.first_entry() {
            if *first.key() > self.position {
                break;
            }
            let (at, waiting) = first.remove_entry();
            self.waiting_bytes -= waiting.bytes.len();
            let passed = usize::try_from(self.position - at).unwrap_or(usize::MAX);
            let of_missing = passed.saturating_sub(waiting.bytes.len());
            let bytes = waiting.bytes.get(passed..).unwrap_or_default();
            let missing = waiting.missing.saturating_sub(of_missing);
            self.hand_on(bytes, missing, waiting.place, take);
        }
        if self.waiting.is_empty() {
            self.overdue = 0;
        }
    }

    fn hand_on(
        &mut self,
        bytes: &[u8],
        missing: usize,
        place: PacketPlace,
        take: &mut PieceSink<'_>,
    ) {
        if !bytes.is_empty() {
            if take(Piece::Bytes(bytes, place)) {
                self.recent.keep(self.position, bytes);
            } else {
                self.recent.pass(self.position);
            }
            self.advance(bytes.len() as u64);
        }
        if missing > 0 {
            take(Piece::Gap(missing as u64, place));
            self.advance(missing as u64);
        }
    }

    fn advance(&mut self, len: u64) {
        self.position += len;
        if let Some((_, next)) = &mut self.numbers {
            *next = next.wrapping_add(modulo(len));
        }
    }

    /// Keeps the parts of a segment that came too early and are not there yet: the first copy
    /// counts. Returns true if another copy differs.
    fn wait(&mut self, at: u64, bytes: &[u8], missing: usize, place: PacketPlace) -> bool {
        let differs = self.differs_from_waiting(at, bytes);
        let end = at + bytes.len() as u64;
        let mut free = at;
        let mut pieces = Vec::new();
        let before = self.waiting.range(..=at).next_back();
        for (start, there) in before.into_iter().chain(self.waiting.range(at + 1..end.max(at + 1)))
        {
            let there_end = start + there.len();
            if *start > free {
                pieces.push((free, *start));
            }
            free = free.max(there_end);
        }
        if free < end || free == at && bytes.is_empty() {
            pieces.push((free, end));
        }
        for (start, stop) in pieces {
            let place_in = |position: u64| usize::try_from(position - at).unwrap_or(usize::MAX);
            let bytes = bytes.get(place_in(start)..place_in(stop)).unwrap_or_default().to_vec();
            let missing = if stop == end { missing } else { 0 };
            self.waiting_bytes += bytes.len();
            self.waiting.insert(start, WaitingSegment { bytes, missing, place });
        }
        differs
    }

    /// Returns true if some of the bytes that come next are there already, in a segment that waits.
    fn overlaps_waiting(&self, bytes: &[u8]) -> bool {
        let end = self.position + bytes.len() as u64;
        self.waiting.first_key_value().is_some_and(|(at, _)| *at < end)
    }

    /// Returns true if a segment that waits has other bytes at the same places.
    fn differs_from_waiting(&self, at: u64, bytes: &[u8]) -> bool {
        let end = at + bytes.len() as u64;
        let before = self.waiting.range(..at).next_back();
        let mut others = before.into_iter().chain(self.waiting.range(at..end));
        others.any(|(start, there)| differs(*start, &there.bytes, at, bytes))
    }
}

impl RecentBytes {
    /// Skips bytes that nobody wants.
    fn pass(&mut self, at: u64) {
        if !self.bytes.is_empty() && at.saturating_sub(self.end) > MAX_RECENT_DISTANCE {
            *self = Self::default();
        }
    }

    /// Keeps bytes that are wanted.
    fn keep(&mut self, at: u64, bytes: &[u8]) {
        if at != self.end {
            self.bytes.clear();
        }
        self.bytes.extend_from_slice(bytes);
        self.end = at + bytes.len() as u64;
        self.bytes.drain(..self.bytes.len().saturating_sub(MAX_RECENT));
    }

    fn differs(&self, at: u64, bytes: &[u8]) -> bool {
        differs(self.end - self.bytes.len() as u64, &self.bytes, at, bytes)
    }
}

/// The length as a distance of sequence numbers, which are counted modulo 2 to the 32.
pub(super) const fn modulo(len: u64) -> u32 {
    let [first, second, third, fourth, ..] = len.to_le_bytes();
    u32::from_le_bytes([first, second, third, fourth])
}

/// Returns true if two runs of bytes differ where they overlap.
fn differs(one_at: u64, one: &[u8], other_at: u64, other: &[u8]) -> bool {
    let start = one_at.max(other_at);
    let from = |at: u64, bytes: &'_ [u8]| -> Option<usize> {
        let skip = usize::try_from(start - at).ok()?;
        (skip < bytes.len()).then_some(skip)
    };
    let (Some(one_from), Some(other_from)) = (from(one_at, one), from(other_at, other)) else {
        return false;
    };
    let pairs = one.iter().skip(one_from).zip(other.iter().skip(other_from));
    pairs.into_iter().any(|(one, other)| one != other)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes of segments in order, the lengths of the gaps, and the number of segments that
    /// differ.
    fn taken(parts: &[(u32, &[u8])]) -> (Vec<u8>, Vec<u64>, usize) {
        let mut direction = Direction::default();
        let (mut bytes, mut gaps, mut differing) = (Vec::new(), Vec::new(), 0);
        let mut take = |piece: Piece<'_>| {
            match piece {
                Piece::Bytes(piece, _) => bytes.extend_from_slice(piece),
                Piece::Gap(len, _) => gaps.push(len),
            }
            true
        };
        for (sequence, bytes) in parts {
            let part = DirectionSegment {
                sequence: *sequence,
                bytes,
                missing: 0,
                place: PacketPlace::default(),
            };
            differing += usize::from(direction.add(part, &mut take));
        }
        direction.flush(&mut take);
        assert_eq!(direction.waiting_bytes, 0);
        (bytes, gaps, differing)
    }

    #[test]
    fn sequence_numbers_wrap() {
        let parts: [(u32, &[u8]); 4] =
            [(u32::MAX - 1, b"ab"), (2, b"ef"), (0, b"cd"), (u32::MAX, b"bcde")];
        assert_eq!(taken(&parts), (b"abcdef".to_vec(), vec![], 0));
    }

    #[test]
    fn the_first_copy_counts_and_another_one_is_remarked() {
        let parts: [(u32, &[u8]); 3] = [(0, b"ab"), (4, b"ef"), (1, b"bcXXfg")];
        assert_eq!(taken(&parts), (b"abcXefg".to_vec(), vec![], 1), "what fills a hole");
        let parts: [(u32, &[u8]); 4] = [(0, b"a"), (4, b"ef"), (2, b"cdXfgh"), (1, b"b")];
        assert_eq!(taken(&parts), (b"abcdefgh".to_vec(), vec![], 1), "waiting");
        let parts: [(u32, &[u8]); 3] = [(0, b"abcd"), (2, b"cX"), (4, b"e")];
        assert_eq!(taken(&parts), (b"abcde".to_vec(), vec![], 1), "handed on");
    }

    #[test]
    fn a_hole_is_not_filled() {
        let parts: [(u32, &[u8]); 2] = [(0, b"ab"), (5, b"fg")];
        assert_eq!(taken(&parts), (b"abfg".to_vec(), vec![3], 0));
    }

    #[test]
    fn acknowledged_bytes_that_are_missing_are_given_up() {
        let mut direction = Direction::default();
        let mut gaps = Vec::new();
        let mut take = |piece: Piece<'_>| {
            if let Piece::Gap(len, _) = piece {
                gaps.push(len);
            }
            true
        };
        let part = |sequence| DirectionSegment {
            sequence,
            bytes: b"x",
            missing: 0,
            place: PacketPlace::default(),
        };
        direction.add(part(0), &mut take);
        direction.add(part(3), &mut take);
        for _ in 1..MAX_OVERDUE {
            direction.acknowledged(4, &mut take);
            direction.acknowledged(1, &mut take);
        }
        assert!(!direction.waiting.is_empty());
        direction.acknowledged(4, &mut take);
        assert!(direction.waiting.is_empty());
        assert_eq!(gaps, [2]);
    }
}
