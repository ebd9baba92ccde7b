use std::net::SocketAddr;

use super::Time;

/// One TCP segment of a capture.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Segment<'p> {
    /// The number of its packet in the file, counted from 1. Of a fragmented one, the last.
    pub packet: u64,
    /// When that was captured.
    pub time: Time,
    /// Who sent it.
    pub from: SocketAddr,
    /// To whom.
    pub to: SocketAddr,
    /// The number of its first byte.
    pub sequence: u32,
    /// The number of the next byte that the sender waits for, where it says so.
    pub acknowledged: Option<u32>,
    /// What it opens or ends.
    pub flags: Flags,
    /// The bytes that were captured.
    pub payload: &'p [u8],
    /// How many bytes were sent behind them and not captured.
    pub missing: usize,
}

/// The flags that open and end a direction.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Flags {
    /// The first segment of a direction.
    pub syn: bool,
    /// The last.
    pub fin: bool,
    /// The connection is given up.
    pub rst: bool,
}

/// The packet that something stands in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Its number, counted from 1.
    pub(super) packet: u64,
    /// When it was captured.
    pub(super) time: Time,
    /// How many of its last bytes were not captured.
    pub(super) cut: usize,
}
