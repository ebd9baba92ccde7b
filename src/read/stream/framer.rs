//! Cuts the bytes of one direction into messages that state their length. Their meaning is the
//! protocol's.

use std::borrow::Cow;

/// The decision on a message, by its head.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Frame {
    /// More bytes are needed to tell.
    More,
    /// It has so many bytes, and is not wanted.
    Skip(u64),
    /// It has so many bytes, and is wanted.
    Keep(usize),
    /// It has so many bytes, and is wanted as far as `head` goes.
    KeepHead { head: usize, len: u64 },
    /// No message begins like this.
    Lost,
}

/// The part of a message that is there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Extent {
    /// All of it.
    Whole,
    /// Some bytes are missing, or were not kept.
    Cut,
}

/// A message that was wanted.
#[derive(Debug)]
pub(super) struct Framed<'b> {
    /// Those of its bytes that are there.
    pub(super) bytes: Cow<'b, [u8]>,
    pub(super) extent: Extent,
}

/// The state of cutting the bytes of one direction into messages.
#[derive(Debug, Default)]
pub(super) struct Framer {
    state: FramerState,
    /// The bytes so far of a head, or of a wanted message.
    buffer: Vec<u8>,
}

#[derive(Clone, Copy, Debug, Default)]
enum FramerState {
    /// A message begins.
    #[default]
    Head,
    /// So many bytes are skipped.
    Skip(u64),
    /// A message of so many bytes is being gathered.
    Keep(usize),
    /// The start of the next message is not known.
    Lost,
}

/// The longest head that a protocol may look at.
const MAX_HEAD_LEN: usize = 512;

impl Framer {
    /// A framer that does not know where the first message begins.
    pub(super) fn lost() -> Self {
        Self { state: FramerState::Lost, buffer: Vec::new() }
    }

    /// Returns true if it does not know where the next message begins.
    pub(super) const fn is_lost(&self) -> bool {
        matches!(self.state, FramerState::Lost)
    }

    /// Returns true if it holds a part of a message.
    pub(super) fn is_keeping(&self) -> bool {
        !self.buffer.is_empty()
    }

    /// The number of bytes it holds.
    pub(super) fn held(&self) -> usize {
        self.buffer.capacity()
    }

    /// Takes bytes off `bytes` up to the end of a wanted message; `None` if none ends there.
    /// `decide` looks at the head of each message.
    pub(super) fn next<'b>(
        &mut self,
        bytes: &mut &'b [u8],
        decide: impl Fn(&[u8]) -> Frame,
    ) -> Option<Framed<'b>> {
        while !bytes.is_empty() {
            match self.state {
                FramerState::Lost => {
                    *bytes = &[];
                }
                FramerState::Skip(left) => {
                    let there = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                    *bytes = bytes.get(there..).unwrap_or_default();
                    let left = left - there as u64;
                    self.state =
                        if left == 0 { FramerState::Head } else { FramerState::Skip(left) };
                }
                FramerState::Keep(len) => {
                    let wanted = len.saturating_sub(self.buffer.len());
                    let (part, rest) = bytes.split_at(wanted.min(bytes.len()));
                    *bytes = rest;
                    self.buffer.extend_from_slice(part);
                    if self.buffer.len() < len {
                        return None;
                    }
                    self.state = FramerState::Head;
                    let whole = std::mem::take(&mut self.buffer);
                    return Some(Framed { bytes: Cow::Owned(whole), extent: Extent::Whole });
                }
                FramerState::Head => {
                    if let Some(message) = self.head(bytes, &decide) {
                        return Some(message);
                    }
                }
            }
        }
        None
    }

    /// Looks at the head of a message. Bytes of it that were gathered before stay in the buffer.
    fn head<'b>(
        &mut self,
        bytes: &mut &'b [u8],
        decide: &impl Fn(&[u8]) -> Frame,
    ) -> Option<Framed<'b>> {
        let gathered = self.buffer.len();
        let frame = if gathered == 0 {
            decide(bytes)
        } else {
            let more = bytes.get(..MAX_HEAD_LEN.min(bytes.len())).unwrap_or_default();
            self.buffer.extend_from_slice(more);
            let frame = decide(&self.buffer);
            self.buffer.truncate(gathered);
            frame
        };
        match frame {
            Frame::More if gathered + bytes.len() >= MAX_HEAD_LEN => self.lose(),
            Frame::More => {
                self.buffer.extend_from_slice(bytes);
                *bytes = &[];
            }
            Frame::Skip(len) => {
                self.buffer.clear();
                let left = len.saturating_sub(gathered as u64);
                self.state = if left == 0 { FramerState::Head } else { FramerState::Skip(left) };
                if len == 0 {
                    self.lose();
                }
            }
            Frame::Keep(len) if gathered == 0 && len > 0 && len <= bytes.len() => {
                let (whole, rest) = bytes.split_at(len);
                *bytes = rest;
                return Some(Framed { bytes: Cow::Borrowed(whole), extent: Extent::Whole });
            }
            Frame::KeepHead { head, len } if (head as u64) < len => {
                let mut kept = std::mem::take(&mut self.buffer);
                let wanted = head.saturating_sub(gathered);
                kept.extend_from_slice(bytes.get(..wanted).unwrap_or_default());
                *bytes = bytes.get(wanted..).unwrap_or_default();
                self.state = FramerState::Skip(len - head as u64);
                return Some(Framed { bytes: Cow::Owned(kept), extent: Extent::Cut });
            }
            Frame::Keep(len) if len > gathered => self.state = FramerState::Keep(len),
            Frame::Keep(_) | Frame::KeepHead { .. } | Frame::Lost => self.lose(),
        }
        None
    }

    fn lose(&mut self) {
        self.buffer = Vec::new();
        self.state = FramerState::Lost;
    }

    /// Goes on at the start of a message that was found.
    pub(super) fn found(&mut self) {
        self.buffer.clear();
        self.state = FramerState::Head;
    }

    /// Skips bytes that are missing. A wanted message that lacks some of them is returned as far as
    /// it is there.
    pub(super) fn gap(&mut self, len: u64) -> Option<Framed<'static>> {
        match self.state {
            FramerState::Skip(left) if left > len => self.state = FramerState::Skip(left - len),
            FramerState::Skip(left) if left == len => self.state = FramerState::Head,
            FramerState::Keep(whole) => {
                let bytes = std::mem::take(&mut self.buffer);
                let left = (whole - bytes.len().min(whole)) as u64;
                self.state = match left.checked_sub(len) {
                    Some(0) => FramerState::Head,
                    Some(left) => FramerState::Skip(left),
                    None => FramerState::Lost,
                };
                return Some(Framed { bytes: Cow::Owned(bytes), extent: Extent::Cut });
            }
            FramerState::Skip(_) | FramerState::Head | FramerState::Lost => self.lose(),
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Messages that begin with their length; those of odd length are wanted.
    fn decide(head: &[u8]) -> Frame {
        match head {
            [] => Frame::More,
            [0, ..] => Frame::Lost,
            [len, ..] if len % 2 == 1 => Frame::Keep(usize::from(*len)),
            [len, ..] => Frame::Skip(u64::from(*len)),
        }
    }

    fn all(framer: &mut Framer, mut bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut found = Vec::new();
        while let Some(message) = framer.next(&mut bytes, decide) {
            found.push(message.bytes.into_owned());
        }
        found
    }

    #[test]
    fn pieces_of_any_size_give_the_same_messages() {
        let bytes = [4, 9, 9, 9, 3, 1, 2, 1, 5, 6, 7, 8, 9, 2, 0];
        let whole = all(&mut Framer::default(), &bytes);
        assert_eq!(whole, [vec![3, 1, 2], vec![1], vec![5, 6, 7, 8, 9]]);
        for size in 1..bytes.len() {
            let mut framer = Framer::default();
            let pieces = bytes.chunks(size).flat_map(|piece| all(&mut framer, piece));
            assert_eq!(pieces.collect::<Vec<_>>(), whole, "{size}");
        }
    }

    #[test]
    fn a_gap_inside_a_message_is_passed_over_and_one_across_messages_is_not() {
        let mut framer = Framer::default();
        assert!(all(&mut framer, &[8, 0]).is_empty());
        assert!(framer.gap(6).is_none());
        assert_eq!(all(&mut framer, &[3, 1, 2]), [[3, 1, 2]]);
        assert!(all(&mut framer, &[5, 1]).is_empty());
        let cut = framer.gap(2).expect("a part of a message");
        assert_eq!((&*cut.bytes, cut.extent), (&[5, 1][..], Extent::Cut));
        assert_eq!(all(&mut framer, &[9, 1]), [[1]]);
        assert!(framer.gap(1).is_none());
        assert!(framer.is_lost());
        assert!(all(&mut framer, &[3, 1, 2]).is_empty());
        framer.found();
        assert_eq!(all(&mut framer, &[3, 1, 2]), [[3, 1, 2]]);
    }
}
