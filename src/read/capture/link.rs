//! Link layers: finds the IP packet in a frame. Frames without one are passed over or counted.

use super::UnreadPackets;

/// The payload of a frame.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum CarriedPacket<'p> {
    /// An IP packet, of either version.
    Ip(&'p [u8]),
    /// Nothing that is read here, such as ARP.
    Nothing,
    /// Something that is not read, and is counted.
    Unread(UnreadPackets),
}

/// Link types. Spec: the registry of IETF draft-ietf-opsawg-pcaplinktype.
mod link_type {
    pub(super) const NULL: i32 = 0;
    pub(super) const ETHERNET: i32 = 1;
    pub(super) const RAW: [i32; 3] = [12, 14, 101];
    pub(super) const WIRELESS: [i32; 5] = [105, 119, 127, 163, 192];
    pub(super) const LOOP: i32 = 108;
    pub(super) const LINUX_SLL: i32 = 113;
    pub(super) const USB: [i32; 5] = [186, 189, 220, 249, 266];
    pub(super) const IPV4: i32 = 228;
    pub(super) const IPV6: i32 = 229;
    pub(super) const NFLOG: i32 = 239;
    pub(super) const LINUX_SLL2: i32 = 276;
}

/// `EtherType`s.
pub(super) mod ether_type {
    pub(in super::super) const IPV4: u16 = 0x0800;
    pub(in super::super) const IPV6: u16 = 0x86DD;
    pub(super) const VLAN: [u16; 3] = [0x8100, 0x88A8, 0x9100];
    pub(in super::super) const MPLS: [u16; 2] = [0x8847, 0x8848];
    pub(super) const PPPOE_SESSION: u16 = 0x8864;
    pub(super) const ROCE: u16 = 0x8915;
    /// The largest value that is a length and no type.
    pub(super) const MAX_LENGTH: u16 = 1500;
}

/// The most tags and labels before the packet.
const MAX_TAGS: usize = 8;

/// The payload of a packet of the given link type.
pub(super) fn carried(link_type: i32, packet: &[u8]) -> CarriedPacket<'_> {
    let from = |start: usize| packet.get(start..).unwrap_or_default();
    match link_type {
        link_type::ETHERNET => ethernet(packet),
        link_type::NULL | link_type::LOOP => CarriedPacket::Ip(from(4)).if_ip(),
        link_type::IPV4 | link_type::IPV6 => CarriedPacket::Ip(packet).if_ip(),
        link_type::LINUX_SLL => by_type(number(packet, 14), from(16)),
        link_type::LINUX_SLL2 => by_type(number(packet, 0), from(20)),
        link_type::NFLOG => nflog(packet),
        link if link_type::RAW.contains(&link) => CarriedPacket::Ip(packet).if_ip(),
        link if link_type::WIRELESS.contains(&link) => {
            CarriedPacket::Unread(UnreadPackets::WirelessLan)
        }
        link if link_type::USB.contains(&link) => CarriedPacket::Unread(UnreadPackets::Usb),
        link => CarriedPacket::Unread(UnreadPackets::LinkType(link)),
    }
}

/// The payload of an Ethernet frame.
pub(super) fn ethernet(frame: &[u8]) -> CarriedPacket<'_> {
    by_type(number(frame, 12), frame.get(14..).unwrap_or_default())
}

/// The payload behind an `EtherType`; tags are passed over.
pub(super) fn by_type(ether_type: Option<u16>, payload: &[u8]) -> CarriedPacket<'_> {
    let mut ether_type = ether_type;
    let mut payload = payload;
    for _ in 0..MAX_TAGS {
        let from = |start: usize| payload.get(start..).unwrap_or_default();
        let Some(kind) = ether_type else { return CarriedPacket::Unread(UnreadPackets::CutHeader) };
        match kind {
            ether_type::IPV4 | ether_type::IPV6 => return CarriedPacket::Ip(payload).if_ip(),
            ether_type::PPPOE_SESSION => {
                return match number(payload, 6) {
                    Some(0x0021 | 0x0057) => CarriedPacket::Ip(from(8)).if_ip(),
                    _ => CarriedPacket::Nothing,
                };
            }
            ether_type::ROCE => return CarriedPacket::Unread(UnreadPackets::Rdma),
            kind if ether_type::VLAN.contains(&kind) => {
                (ether_type, payload) = (number(payload, 2), from(4));
            }
            kind if ether_type::MPLS.contains(&kind) => return mpls(payload),
            kind if kind <= ether_type::MAX_LENGTH => {
                // Of the LLC protocols only SNAP carries IP.
                if !payload.starts_with(&[0xAA, 0xAA, 0x03]) {
                    return CarriedPacket::Nothing;
                }
                (ether_type, payload) = (number(payload, 6), from(8));
            }
            _ => return CarriedPacket::Nothing,
        }
    }
    CarriedPacket::Nothing
}

/// The payload behind MPLS labels: an IP packet, or an Ethernet frame behind a control word.
fn mpls(mut payload: &[u8]) -> CarriedPacket<'_> {
    for _ in 0..MAX_TAGS {
        let Some((label, rest)) = payload.split_first_chunk::<4>() else {
            return CarriedPacket::Unread(UnreadPackets::CutHeader);
        };
        payload = rest;
        if label[2] & 1 == 1 {
            return match payload.first().map(|byte| byte >> 4) {
                Some(4 | 6) => CarriedPacket::Ip(payload),
                Some(0) => ethernet(payload.get(4..).unwrap_or_default()),
                _ => CarriedPacket::Nothing,
            };
        }
    }
    CarriedPacket::Nothing
}

/// The packet of a netfilter log: the value of the attribute that has it.
fn nflog(mut packet: &[u8]) -> CarriedPacket<'_> {
    const PAYLOAD: u16 = 9;
    packet = packet.get(4..).unwrap_or_default();
    while let Some((head, _)) = packet.split_first_chunk::<4>() {
        // The numbers are in the order of the host, which nearly always is little-endian.
        let len = usize::from(u16::from_le_bytes([head[0], head[1]]));
        let kind = u16::from_le_bytes([head[2], head[3]]) & 0x7FFF;
        if len < 4 {
            break;
        }
        if kind == PAYLOAD {
            return CarriedPacket::Ip(packet.get(4..len.min(packet.len())).unwrap_or_default())
                .if_ip();
        }
        packet = packet.get(len.next_multiple_of(4)..).unwrap_or_default();
    }
    CarriedPacket::Nothing
}

/// The 16-bit number at `at`, in the order of the network.
pub(super) fn number(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

impl CarriedPacket<'_> {
    /// This payload, or nothing if it should be an IP packet and does not begin as one.
    fn if_ip(self) -> Self {
        match self {
            Self::Ip([]) => Self::Unread(UnreadPackets::CutHeader),
            Self::Ip([first, ..]) if !matches!(first >> 4, 4 | 6) => Self::Nothing,
            other => other,
        }
    }
}
