//! Reassembles IP datagrams from their fragments. Those that never become whole are counted.

use std::{collections::VecDeque, net::IpAddr};

use etherparse::{IpFragOffset, IpNumber, defrag::IpDefragBuf};

use super::{CaptureRemarks, Time, UnreadPackets};

/// The most datagrams that are reassembled at a time. Each has at most 64 KiB.
const MAX_DATAGRAMS: usize = 64;

/// The longest time that the fragments of a datagram are waited for, in seconds.
const MAX_WAIT: u64 = 30;

/// The key of a datagram, which all its fragments share.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct DatagramKey {
    pub(super) from: IpAddr,
    pub(super) to: IpAddr,
    pub(super) identification: u32,
    pub(super) protocol: IpNumber,
}

/// One fragment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fragment<'p> {
    pub(super) key: DatagramKey,
    pub(super) offset: IpFragOffset,
    /// True if no other follows it.
    pub(super) is_last: bool,
    pub(super) time: Time,
    pub(super) payload: &'p [u8],
}

/// The datagrams that are not whole yet, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Fragments {
    waiting: VecDeque<(DatagramKey, Time, IpDefragBuf)>,
}

impl Fragments {
    /// Adds a fragment, and returns the payload of the datagram if that is whole now.
    pub(super) fn add(
        &mut self,
        fragment: &Fragment<'_>,
        remarks: &mut CaptureRemarks,
    ) -> Option<Vec<u8>> {
        let Fragment { key, offset, is_last, time, payload } = *fragment;
        let is_old = |(_, first, _): &(DatagramKey, Time, _)| {
            first.seconds.abs_diff(time.seconds) > MAX_WAIT
        };
        while self.waiting.front().is_some_and(is_old) {
            self.give_up(remarks);
        }
        let at = self.waiting.iter().position(|(known, ..)| *known == key).unwrap_or_else(|| {
            if self.waiting.len() == MAX_DATAGRAMS {
                self.give_up(remarks);
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

    /// Counts the datagrams that never became whole.
    pub(super) fn finish(&mut self, remarks: &mut CaptureRemarks) {
        while !self.waiting.is_empty() {
            self.give_up(remarks);
        }
    }

    fn give_up(&mut self, remarks: &mut CaptureRemarks) {
        self.waiting.pop_front();
        remarks.count(UnreadPackets::Fragments);
    }
}
