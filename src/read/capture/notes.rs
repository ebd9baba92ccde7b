use std::fmt;

use crate::read::remarks::Remarks;

/// What is odd about a file, and what of it was not read.
pub type Notes = Remarks<Finding, Unread>;

impl Notes {
    pub(super) fn find(&mut self, code: FindingCode, at: u64) {
        self.add(Finding { code, at });
    }

    /// Notes a finding of a kind that is said once for a file.
    pub(super) fn once(&mut self, code: FindingCode, at: u64) {
        if self.findings().iter().all(|finding| finding.code != code) {
            self.find(code, at);
        }
    }
}

/// Something odd about a file, and where.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Finding {
    /// What it is.
    pub code: FindingCode,
    /// Where: a byte of the file; for what is said of a packet, its number.
    pub at: u64,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at;
        match self.code {
            FindingCode::Cut => {
                write!(f, "The file ends inside a packet or block, which begins at byte {at}.")
            }
            FindingCode::BlockLength => write!(
                f,
                "The length of the block at byte {at} cannot be right. Reading goes on at the next block that can."
            ),
            FindingCode::BlockUnreadable => {
                write!(f, "The block at byte {at} is damaged and was skipped.")
            }
            FindingCode::PacketLength => write!(
                f,
                "The length of the packet at byte {at} cannot be right. Reading goes on at the next packet that can."
            ),
            FindingCode::RestUnread => write!(
                f,
                "No packet follows the damage at byte {at}, and the rest of the file is not read."
            ),
            FindingCode::SecretsInFile => {
                write!(f, "TLS keys are in this file, at byte {at}. SPNscope does not decrypt.")
            }
            FindingCode::TimeOrder => write!(
                f,
                "Packet {at} is older than the one before it: the packets are not in the order of their times."
            ),
        }
    }
}

/// What can be odd about a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum FindingCode {
    /// The file ends inside something.
    Cut,
    /// A block of pcapng with a length that none has.
    BlockLength,
    /// A block of pcapng whose inside is not what its type says.
    BlockUnreadable,
    /// A packet of pcap with a length that none has.
    PacketLength,
    /// Nothing that can be read follows.
    RestUnread,
    /// A block with TLS keys.
    SecretsInFile,
    /// A packet is older than the one before it.
    TimeOrder,
}

impl FindingCode {
    /// The stable text, `capture/what`.
    #[must_use]
    pub const fn text(self) -> &'static str {
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

    /// What it means for the rows: `warning` where some may be missing, else `note`.
    #[must_use]
    pub const fn severity(self) -> &'static str {
        match self {
            Self::SecretsInFile | Self::TimeOrder => "note",
            _ => "warning",
        }
    }
}

/// What a capture holds that is not read.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Unread {
    /// Frames of 802.11.
    WirelessLan,
    /// USB traffic.
    Usb,
    /// Another link type that is not known.
    LinkType(i32),
    /// Packets of an interface that the file does not describe.
    NoInterface,
    /// Packets that are longer than any is.
    TooLong,
    /// Packets that end inside a header.
    CutHeader,
    /// Tunnels inside more tunnels than are looked into.
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

impl fmt::Display for Unread {
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
