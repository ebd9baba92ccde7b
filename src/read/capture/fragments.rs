//! IP datagrams that came in fragments.

use std::{collections::VecDeque, net::IpAddr};

use etherparse::{IpFragOffset, IpNumber, defrag::IpDefragBuf};

use super::{Notes, Time, Unread};

/// The most datagrams that are put together at a time. Each has at most 64 KiB.
const MOST: usize = 64;

/// How long the fragments of a datagram are waited for, in seconds.
const LONGEST_WAIT: u64 = 30;

/// What tells the fragments of one datagram from others.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Key {
    pub(super) from: IpAddr,
    pub(super) to: IpAddr,
    pub(super) identification: u32,
    pub(super) protocol: IpNumber,
}

/// One fragment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fragment<'p> {
    pub(super) key: Key,
    pub(super) offset: IpFragOffset,
    /// Whether others follow it.
    pub(super) is_last: bool,
    pub(super) time: Time,
    pub(super) payload: &'p [u8],
}

/// The datagrams that are not whole yet, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Fragments {
    waiting: VecDeque<(Key, Time, IpDefragBuf)>,
}

impl Fragments {
    /// Adds a fragment; the datagram, where it is whole now.
    pub(super) fn add(&mut self, fragment: &Fragment<'_>, notes: &mut Notes) -> Option<Vec<u8>> {
        let Fragment { key, offset, is_last, time, payload } = *fragment;
        let is_old =
            |(_, first, _): &(Key, Time, _)| first.seconds.abs_diff(time.seconds) > LONGEST_WAIT;
        while self.waiting.front().is_some_and(is_old) {
            self.give_up(notes);
        }
        let at = self.waiting.iter().position(|(known, ..)| *known == key).unwrap_or_else(|| {
            if self.waiting.len() == MOST {
                self.give_up(notes);
            }
            let buffer = IpDefragBuf::new(key.protocol, Vec::new(), Vec::new());
            self.waiting.push_back((key, time, buffer));
            self.waiting.len() - 1
        });
        let (.., buffer) = self.waiting.get_mut(at)?;
        // A fragment that contradicts the others is passed over.
        buffer.add(offset, !is_last, payload).ok()?;
        if !buffer.is_complete() {
            return None;
        }
        let (.., buffer) = self.waiting.remove(at)?;
        Some(buffer.take_bufs().0)
    }

    /// Counts what never became whole.
    pub(super) fn finish(&mut self, notes: &mut Notes) {
        while !self.waiting.is_empty() {
            self.give_up(notes);
        }
    }

    fn give_up(&mut self, notes: &mut Notes) {
        self.waiting.pop_front();
        notes.count(Unread::Fragments);
    }
}
