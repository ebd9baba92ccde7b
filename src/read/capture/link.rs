//! Link layers: where in a frame the IP packet begins.

use super::Unread;

/// What a frame carries.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Carried<'p> {
    /// An IP packet, of either version.
    Ip(&'p [u8]),
    /// Nothing that is read here, such as ARP.
    Nothing,
    /// Something that is not read, and is counted.
    Unread(Unread),
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
    /// What is not larger is a length.
    pub(super) const LARGEST_LENGTH: u16 = 1500;
}

/// The most tags and labels before the packet.
const MOST_TAGS: usize = 8;

/// What a packet of that link type carries.
pub(super) fn carried(link_type: i32, packet: &[u8]) -> Carried<'_> {
    let from = |start: usize| packet.get(start..).unwrap_or_default();
    match link_type {
        link_type::ETHERNET => ethernet(packet),
        link_type::NULL | link_type::LOOP => Carried::Ip(from(4)).if_ip(),
        link_type::IPV4 | link_type::IPV6 => Carried::Ip(packet).if_ip(),
        link_type::LINUX_SLL => by_type(number(packet, 14), from(16)),
        link_type::LINUX_SLL2 => by_type(number(packet, 0), from(20)),
        link_type::NFLOG => nflog(packet),
        link if link_type::RAW.contains(&link) => Carried::Ip(packet).if_ip(),
        link if link_type::WIRELESS.contains(&link) => Carried::Unread(Unread::WirelessLan),
        link if link_type::USB.contains(&link) => Carried::Unread(Unread::Usb),
        link => Carried::Unread(Unread::LinkType(link)),
    }
}

/// What an Ethernet frame carries.
pub(super) fn ethernet(frame: &[u8]) -> Carried<'_> {
    by_type(number(frame, 12), frame.get(14..).unwrap_or_default())
}

/// What stands behind an `EtherType`: tags are passed over.
pub(super) fn by_type(ether_type: Option<u16>, payload: &[u8]) -> Carried<'_> {
    let mut ether_type = ether_type;
    let mut payload = payload;
    for _ in 0..MOST_TAGS {
        let from = |start: usize| payload.get(start..).unwrap_or_default();
        let Some(kind) = ether_type else { return Carried::Unread(Unread::CutHeader) };
        match kind {
            ether_type::IPV4 | ether_type::IPV6 => return Carried::Ip(payload).if_ip(),
            ether_type::PPPOE_SESSION => {
                return match number(payload, 6) {
                    Some(0x0021 | 0x0057) => Carried::Ip(from(8)).if_ip(),
                    _ => Carried::Nothing,
                };
            }
            ether_type::ROCE => return Carried::Unread(Unread::Rdma),
            kind if ether_type::VLAN.contains(&kind) => {
                (ether_type, payload) = (number(payload, 2), from(4));
            }
            kind if ether_type::MPLS.contains(&kind) => return mpls(payload),
            kind if kind <= ether_type::LARGEST_LENGTH => {
                // Of LLC only SNAP carries IP.
                if !payload.starts_with(&[0xAA, 0xAA, 0x03]) {
                    return Carried::Nothing;
                }
                (ether_type, payload) = (number(payload, 6), from(8));
            }
            _ => return Carried::Nothing,
        }
    }
    Carried::Nothing
}

/// What stands behind MPLS labels: an IP packet, or an Ethernet frame with or without a control
/// word.
fn mpls(mut payload: &[u8]) -> Carried<'_> {
    for _ in 0..MOST_TAGS {
        let Some((label, rest)) = payload.split_first_chunk::<4>() else {
            return Carried::Unread(Unread::CutHeader);
        };
        payload = rest;
        if label[2] & 1 == 1 {
            return match payload.first().map(|byte| byte >> 4) {
                Some(4 | 6) => Carried::Ip(payload),
                Some(0) => ethernet(payload.get(4..).unwrap_or_default()),
                _ => Carried::Nothing,
            };
        }
    }
    Carried::Nothing
}

/// The packet of a netfilter log: the value of the attribute that has it.
fn nflog(mut packet: &[u8]) -> Carried<'_> {
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
            return Carried::Ip(packet.get(4..len.min(packet.len())).unwrap_or_default()).if_ip();
        }
        packet = packet.get(len.next_multiple_of(4)..).unwrap_or_default();
    }
    Carried::Nothing
}

/// The 16-bit number at `at`, in the order of the network.
pub(super) fn number(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

impl Carried<'_> {
    /// The same, unless what should be an IP packet does not begin as one.
    fn if_ip(self) -> Self {
        match self {
            Self::Ip([]) => Self::Unread(Unread::CutHeader),
            Self::Ip([first, ..]) if !matches!(first >> 4, 4 | 6) => Self::Nothing,
            other => other,
        }
    }
}
