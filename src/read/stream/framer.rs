//! Messages that say how long they are: cut out of the bytes of one direction.

use std::borrow::Cow;

/// What the head of a message tells.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Frame {
    /// More of it has to come to tell.
    More,
    /// It has so many bytes, and nobody wants them.
    Skip(u64),
    /// It has so many bytes, and is wanted.
    Keep(usize),
    /// It has so many bytes, and is wanted as far as `head` goes.
    KeepHead { head: usize, len: u64 },
    /// No message begins so.
    Lost,
}

/// How much of a message is there.
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
    /// Its bytes, those that are there.
    pub(super) bytes: Cow<'b, [u8]>,
    pub(super) extent: Extent,
}

/// What cuts the bytes of one direction into messages.
#[derive(Debug, Default)]
pub(super) struct Framer {
    state: State,
    /// What is there of the head of a message, or of one that is wanted.
    buffer: Vec<u8>,
}

#[derive(Clone, Copy, Debug, Default)]
enum State {
    /// A message begins.
    #[default]
    Head,
    /// So many bytes are passed over.
    Skip(u64),
    /// A message of so many bytes is gathered.
    Keep(usize),
    /// Where the next message begins is not known.
    Lost,
}

/// The longest head that a protocol may look at.
const LONGEST_HEAD: usize = 512;

impl Framer {
    /// One that has to find the first message.
    pub(super) fn lost() -> Self {
        Self { state: State::Lost, buffer: Vec::new() }
    }

    /// Whether it does not know where the next message begins.
    pub(super) const fn is_lost(&self) -> bool {
        matches!(self.state, State::Lost)
    }

    /// Whether it holds a part of a message.
    pub(super) fn is_keeping(&self) -> bool {
        !self.buffer.is_empty()
    }

    /// How many bytes it holds.
    pub(super) fn held(&self) -> usize {
        self.buffer.capacity()
    }

    /// Takes bytes off `bytes` up to the end of a wanted message; `None` where there is no more of
    /// one. `decide` looks at the head of each message.
    pub(super) fn next<'b>(
        &mut self,
        bytes: &mut &'b [u8],
        decide: impl Fn(&[u8]) -> Frame,
    ) -> Option<Framed<'b>> {
        while !bytes.is_empty() {
            match self.state {
                State::Lost => {
                    *bytes = &[];
                }
                State::Skip(left) => {
                    let there = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                    *bytes = bytes.get(there..).unwrap_or_default();
                    let left = left - there as u64;
                    self.state = if left == 0 { State::Head } else { State::Skip(left) };
                }
                State::Keep(len) => {
                    let wanted = len.saturating_sub(self.buffer.len());
                    let (part, rest) = bytes.split_at(wanted.min(bytes.len()));
                    *bytes = rest;
                    self.buffer.extend_from_slice(part);
                    if self.buffer.len() < len {
                        return None;
                    }
                    self.state = State::Head;
                    let whole = std::mem::take(&mut self.buffer);
                    return Some(Framed { bytes: Cow::Owned(whole), extent: Extent::Whole });
                }
                State::Head => {
                    if let Some(message) = self.head(bytes, &decide) {
                        return Some(message);
                    }
                }
            }
        }
        None
    }

    /// Looks at the head of a message. What of it was gathered before stays in the buffer.
    fn head<'b>(
        &mut self,
        bytes: &mut &'b [u8],
        decide: &impl Fn(&[u8]) -> Frame,
    ) -> Option<Framed<'b>> {
        let gathered = self.buffer.len();
        let frame = if gathered == 0 {
            decide(bytes)
        } else {
            let more = bytes.get(..LONGEST_HEAD.min(bytes.len())).unwrap_or_default();
            self.buffer.extend_from_slice(more);
            let frame = decide(&self.buffer);
            self.buffer.truncate(gathered);
            frame
        };
        match frame {
            Frame::More if gathered + bytes.len() >= LONGEST_HEAD => self.lose(),
            Frame::More => {
                self.buffer.extend_from_slice(bytes);
                *bytes = &[];
            }
            Frame::Skip(len) => {
                self.buffer.clear();
                let left = len.saturating_sub(gathered as u64);
                self.state = if left == 0 { State::Head } else { State::Skip(left) };
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
                self.state = State::Skip(len - head as u64);
                return Some(Framed { bytes: Cow::Owned(kept), extent: Extent::Cut });
            }
            Frame::Keep(len) if len > gathered => self.state = State::Keep(len),
            Frame::Keep(_) | Frame::KeepHead { .. } | Frame::Lost => self.lose(),
        }
        None
    }

    fn lose(&mut self) {
        self.buffer = Vec::new();
        self.state = State::Lost;
    }

    /// Begins anew at a place where a message begins.
    pub(super) fn found(&mut self) {
        self.buffer.clear();
        self.state = State::Head;
    }

    /// Passes over bytes that are not there. A wanted message that lacks some of them is returned
    /// as far as it is there.
    pub(super) fn gap(&mut self, len: u64) -> Option<Framed<'static>> {
        match self.state {
            State::Skip(left) if left > len => self.state = State::Skip(left - len),
            State::Skip(left) if left == len => self.state = State::Head,
            State::Keep(whole) => {
                let bytes = std::mem::take(&mut self.buffer);
                let left = (whole - bytes.len().min(whole)) as u64;
                self.state = match left.checked_sub(len) {
                    Some(0) => State::Head,
                    Some(left) => State::Skip(left),
                    None => State::Lost,
                };
                return Some(Framed { bytes: Cow::Owned(bytes), extent: Extent::Cut });
            }
            State::Skip(_) | State::Head | State::Lost => self.lose(),
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Messages that begin with their length; those of an odd one are wanted.
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
