//! The way back from a field to the characters that were pasted: each byte of a decoded buffer has
//! the place it was written at.

use crate::base::span::Span;

/// The places of a decoded buffer's bytes in the buffer they were written in.
///
/// Bytes are written as digits of 4, 6 or 8 bits each; runs of digits stand side by side. In a
/// hostile input each digit is a run, so a run takes one byte where it can, and a place is found by
/// going through the runs from the mark before it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OffsetMap {
    /// The number of bits of a digit: 4 for hex, 6 for base64, 8 where a byte is written as one.
    bits: usize,
    /// The steps from each run to the next, as [`OffsetMap::step`] reads them.
    steps: Vec<u8>,
    /// Some of the runs, in order, the first among them: each with the steps that lead to it.
    marks: Vec<(usize, DigitRun)>,
    last: DigitRun,
}

/// Digits that stand side by side in the outer buffer.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct DigitRun {
    /// The number of the first, counted from 0.
    digit: usize,
    /// The place of that digit.
    at: usize,
    /// The number of bytes of the outer buffer that each takes: 3 in `%2B`.
    width: usize,
}

impl DigitRun {
    /// The place of `digit`, extrapolated beyond the run.
    const fn place(self, digit: usize) -> usize {
        self.at.wrapping_add((digit - self.digit).wrapping_mul(self.width))
    }
}

/// There are so many bytes of steps between two marks.
const MARKED: usize = 512;

/// Begins a step that does not fit into one byte.
const LONG_STEP: u8 = 0x80;

/// A step goes back at most so far, which is the width of the widest escape: all bytes of its
/// character are there.
const BACK: usize = 10;

impl OffsetMap {
    /// No digits yet, of `bits` bits each.
    #[must_use]
    pub const fn new(bits: usize) -> Self {
        let last = DigitRun { digit: 0, at: 0, width: 0 };
        Self { bits, steps: Vec::new(), marks: Vec::new(), last }
    }

    /// Says that the digits from number `digit` on are at `at`, each `width` bytes wide, up to the
    /// digit of the next call. Calls come in the order of the digits.
    pub fn push(&mut self, digit: usize, at: usize, width: usize) {
        let there = self.last.place(digit);
        if !self.marks.is_empty() && self.last.width == width && there == at {
            return;
        }
        let len = digit - self.last.digit;
        let low = |number: usize| number.to_le_bytes()[0];
        let on = at.wrapping_sub(there).wrapping_add(BACK);
        if self.last.width == width && len < 8 && on < 16 {
            self.steps.push(low(len << 4 | on));
        } else {
            self.steps.push(LONG_STEP);
            for mut number in [len, on, width] {
                while number >= 0x80 {
                    self.steps.push(low(number) | 0x80);
                    number >>= 7;
                }
                self.steps.push(low(number));
            }
        }
        self.last = DigitRun { digit, at, width };
        if self.marks.last().is_none_or(|(steps, _)| steps + MARKED <= self.steps.len()) {
            self.marks.push((self.steps.len(), self.last));
        }
    }

    /// The place in the outer buffer of the bytes `inner`, from the first digit to the last.
    #[must_use]
    pub fn to_outer(&self, inner: Span) -> Span {
        let first = inner.start.saturating_mul(8) / self.bits;
        let start = self.digit(first).start;
        if inner.is_empty() {
            return Span::empty(start);
        }
        let last = (inner.end.saturating_mul(8) - 1) / self.bits;
        Span::new(start, self.digit(last).end)
    }

    /// The place of one digit.
    fn digit(&self, digit: usize) -> Span {
        let next = self.marks.partition_point(|(_, run)| run.digit <= digit);
        let mark = next.checked_sub(1).and_then(|at| self.marks.get(at));
        mark.map_or_else(Span::default, |(steps, run)| {
            let mut run = *run;
            let mut steps = self.steps.iter().skip(*steps).copied();
            while let Some(next) = Self::step(run, &mut steps).filter(|run| run.digit <= digit) {
                run = next;
            }
            Span::at(run.place(digit), run.width)
        })
    }

    /// The run behind `run`: the digits and the bytes it is further on, in three bits and four; or
    /// three numbers in LEB128, the third of which is its width.
    fn step(run: DigitRun, steps: &mut impl Iterator<Item = u8>) -> Option<DigitRun> {
        let first = usize::from(steps.next()?);
        let mut number = || {
            let bytes = steps.by_ref().zip((0..usize::BITS).step_by(7));
            let mut number = 0;
            for (byte, shift) in bytes {
                number |= usize::from(byte & 0x7f) << shift;
                if byte < 0x80 {
                    break;
                }
            }
            number
        };
        let [len, on, width] = if first < usize::from(LONG_STEP) {
            [first >> 4, first & 15, run.width]
        } else {
            [number(), number(), number()]
        };
        let digit = run.digit.wrapping_add(len);
        let at = run.place(digit).wrapping_add(on).wrapping_sub(BACK);
        Some(DigitRun { digit, at, width })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_traced_to_the_digits_they_were_written_as() {
        let mut hex = OffsetMap::new(4);
        hex.push(0, 10, 1);
        hex.push(2, 13, 1);
        hex.push(4, 15, 1);
        assert_eq!(hex.steps.len(), 2 + 3, "what stands side by side is one run");
        assert_eq!(hex.to_outer(Span::new(0, 1)), Span::new(10, 12));
        assert_eq!(hex.to_outer(Span::new(0, 2)), Span::new(10, 15));
        assert_eq!(hex.to_outer(Span::new(2, 3)), Span::new(15, 17));
        let mut base64 = OffsetMap::new(6);
        base64.push(0, 100, 1);
        assert_eq!(base64.to_outer(Span::new(0, 1)), Span::new(100, 102));
        assert_eq!(base64.to_outer(Span::new(2, 3)), Span::new(102, 104));
        assert_eq!(base64.to_outer(Span::new(3, 4)), Span::new(104, 106));
        let mut percent = OffsetMap::new(8);
        percent.push(0, 0, 1);
        percent.push(1, 1, 3);
        percent.push(2, 4, 1);
        assert_eq!(percent.to_outer(Span::new(1, 2)), Span::new(1, 4));
        assert_eq!(percent.to_outer(Span::new(2, 3)), Span::new(4, 5));
        assert_eq!(OffsetMap::new(4).to_outer(Span::new(0, 4)), Span::default());
    }

    #[test]
    fn each_of_many_runs_is_found() {
        let mut map = OffsetMap::new(8);
        let mut places = Vec::new();
        let mut at = 1_000_000;
        for index in 0..3_000_usize {
            let (width, count) = ([1, 1, 1, 3, 10][index % 5], 1 + index * index % 17);
            map.push(places.len(), at, width);
            places.extend((0..count).map(|digit| Span::at(at + digit * width, width)));
            // On, back to the same place, far on and far back.
            at = match index % 7 {
                0 => at,
                1 => at + 5_000,
                2 => at - 4_000,
                gap => at + count * width + gap,
            };
        }
        assert!(map.marks.len() > 3, "{}", map.marks.len());
        for (digit, place) in (0..).zip(places) {
            assert_eq!(map.to_outer(Span::at(digit, 1)), place, "{digit}");
        }
    }
}
