//! Remarks on a capture file: findings about it, and the kinds of packets in it that are not read.

use std::fmt;

use crate::read::remarks::Remarks;

/// The findings about a file, and what of it was not read.
pub type CaptureRemarks = Remarks<CaptureFinding, UnreadPackets>;

impl CaptureRemarks {
    pub(super) fn find(&mut self, code: CaptureFindingCode, at: u64) {
        self.add(CaptureFinding { code, at });
    }

    /// Notes a finding of a kind that is reported once for a file.
    pub(super) fn once(&mut self, code: CaptureFindingCode, at: u64) {
        if self.findings().iter().all(|finding| finding.code != code) {
            self.find(code, at);
        }
    }
}

/// A finding about a file, and its place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CaptureFinding {
    /// The kind of finding.
    pub code: CaptureFindingCode,
    /// The offset in the file, or the number of the packet for a finding about one.
    pub at: u64,
}

impl fmt::Display for CaptureFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at;
        match self.code {
            CaptureFindingCode::Cut => {
                write!(f, "The file ends inside a packet or block, which begins at byte {at}.")
            }
            CaptureFindingCode::BlockLength => write!(
                f,
                "The length of the block at byte {at} cannot be right. Reading goes on at the next block that can."
            ),
            CaptureFindingCode::BlockUnreadable => {
                write!(f, "The block at byte {at} is damaged and was skipped.")
            }
            CaptureFindingCode::PacketLength => write!(
                f,
                "The length of the packet at byte {at} cannot be right. Reading goes on at the next packet that can."
            ),
            CaptureFindingCode::RestUnread => write!(
                f,
                "No packet follows the damage at byte {at}, and the rest of the file is not read."
            ),
            CaptureFindingCode::SecretsInFile => {
                write!(f, "TLS keys are in this file, at byte {at}. SPNscope does not decrypt.")
            }
            CaptureFindingCode::TimeOrder => write!(
                f,
                "Packet {at} is older than the one before it: the packets are not in the order of their times."
            ),
        }
    }
}

/// The kinds of findings about a file.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum CaptureFindingCode {
    /// The file ends inside something.
    Cut,
    /// A block of pcapng with a length that none has.
    BlockLength,
    /// A block of pcapng whose inside is not what its type says.
    BlockUnreadable,
    /// A packet of pcap with a length that none has.
    PacketLength,
    /// The rest of the file cannot be read.
    RestUnread,
    /// A block with TLS keys.
    SecretsInFile,
    /// A packet is older than the one before it.
    TimeOrder,
}

impl CaptureFindingCode {
    /// The stable text, `capture/what`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cut => "capture/cut",
            Self::BlockLength => "capture/block-length",
            Self::BlockUnreadable => "capture/block-unreadable",
            Self::PacketLength => "capture/packet-length",
            Self::RestUnread => "capture/rest-unread",
            Self::SecretsInFile => "capture/tls-keys",
            Self::TimeOrder => "capture/time-order",
        }
    }

    /// The severity: `warning` if sign-ins may be missing, else `note`.
    #[must_use]
    pub const fn severity(self) -> &'static str {
        match self {
            Self::SecretsInFile | Self::TimeOrder => "note",
            _ => "warning",
        }
    }
}

/// The kinds of packets in a capture that are not read.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum UnreadPackets {
    /// Frames of 802.11.
    WirelessLan,
    /// USB traffic.
    Usb,
    /// Packets of a link type that is not known.
    LinkType(i32),
    /// Packets of an interface that the file does not describe.
    NoInterface,
    /// Packets that are too long to be real.
    TooLong,
    /// Packets that end inside a header.
    CutHeader,
    /// Packets in more tunnels than are read.
    TooDeep,
    /// Datagrams of which fragments are missing.
    Fragments,
    /// GTP.
    Gtp,
    /// ESP, of `IPsec`.
    Esp,
    /// `WireGuard`.
    WireGuard,
    /// SCTP.
    Sctp,
    /// QUIC, which SMB can run over.
    Quic,
    /// RDMA, which SMB Direct runs over.
    Rdma,
}

impl fmt::Display for UnreadPackets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WirelessLan => "802.11 frames",
            Self::Usb => "USB packets",
            Self::LinkType(number) => return write!(f, "packets of link type {number}"),
            Self::NoInterface => "packets of an interface that the file does not describe",
            Self::TooLong => "packets longer than 512 KiB",
            Self::CutHeader => "packets that end inside a header",
            Self::TooDeep => "packets in more than four tunnels",
            Self::Fragments => "datagrams with missing fragments",
            Self::Gtp => "GTP packets",
            Self::Esp => "IPsec (ESP) packets",
            Self::WireGuard => "WireGuard packets",
            Self::Sctp => "SCTP packets",
            Self::Quic => "QUIC packets (UDP 443), which SMB over QUIC may be among",
            Self::Rdma => "RDMA packets, which SMB Direct may be among",
        })
    }
}
