//! A TCP segment of a capture, as the reader of connections takes it.

use std::net::SocketAddr;

use super::Time;

/// One TCP segment of a capture.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Segment<'p> {
    /// The number of its packet in the file, counted from 1; if it came in fragments, of the last.
    pub packet: u64,
    /// The time of that packet.
    pub time: Time,
    /// The sender.
    pub from: SocketAddr,
    /// The receiver.
    pub to: SocketAddr,
    /// The sequence number of its first byte.
    pub sequence: u32,
    /// The acknowledgement number, if it has one.
    pub acknowledged: Option<u32>,
    /// The flags that open or end a direction.
    pub flags: TcpFlags,
    /// The bytes that were captured.
    pub payload: &'p [u8],
    /// The number of bytes that were sent behind them and not captured.
    pub missing: usize,
}

/// The flags that open and end a direction.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct TcpFlags {
    /// The first segment of a direction.
    pub syn: bool,
    /// The last segment of a direction.
    pub fin: bool,
    /// The reset of the connection.
    pub rst: bool,
}

/// The packet that is being read.
#[derive(Clone, Copy, Debug)]
pub(super) struct PacketInfo {
    /// Its number, counted from 1.
    pub(super) packet: u64,
    /// The time at which it was captured.
    pub(super) time: Time,
    /// The number of its last bytes that were not captured.
    pub(super) cut: usize,
}
