//! Tunnels: finds the packet inside a packet of UDP or GRE. Encrypted ones are counted.

use super::{
    UnreadPackets,
    link::{self, CarriedPacket, ether_type, number},
};

/// UDP ports of the protocols that are told by them.
mod port {
    pub(super) const QUIC: u16 = 443;
    pub(super) const GTP: u16 = 2152;
    pub(super) const VXLAN: u16 = 4789;
    pub(super) const ROCE: u16 = 4791;
    pub(super) const GENEVE: u16 = 6081;
    pub(super) const WIRE_GUARD: u16 = 51820;
}

/// The payload of a UDP datagram, by its ports.
pub(super) fn in_udp(from: u16, to: u16, payload: &[u8]) -> CarriedPacket<'_> {
    let rest = |start: usize| payload.get(start..).unwrap_or_default();
    match to {
        port::VXLAN => link::ethernet(rest(8)),
        port::GENEVE => {
            let options = payload.first().map_or(0, |first| usize::from(first & 0x3F) * 4);
            by_protocol(number(payload, 2), rest(8 + options))
        }
        port::ROCE => CarriedPacket::Unread(UnreadPackets::Rdma),
        port::GTP => CarriedPacket::Unread(UnreadPackets::Gtp),
        port::WIRE_GUARD => CarriedPacket::Unread(UnreadPackets::WireGuard),
        port::QUIC => CarriedPacket::Unread(UnreadPackets::Quic),
        _ if from == port::QUIC => CarriedPacket::Unread(UnreadPackets::Quic),
        _ => CarriedPacket::Nothing,
    }
}

/// GRE's protocol numbers besides `EtherType`s.
mod gre {
    pub(super) const ETHERNET: u16 = 0x6558;
    pub(super) const ERSPAN_I_OR_II: u16 = 0x88BE;
    pub(super) const ERSPAN_III: u16 = 0x22EB;
    pub(super) const CHECKSUM: u16 = 0x8000;
    pub(super) const KEY: u16 = 0x2000;
    pub(super) const SEQUENCE: u16 = 0x1000;
    pub(super) const VERSION: u16 = 0x0007;
}

/// The payload of GRE. Spec: RFC 2784 and 2890; ERSPAN: draft-foschiano-erspan.
pub(super) fn in_gre(packet: &[u8]) -> CarriedPacket<'_> {
    let Some(flags) = number(packet, 0) else {
        return CarriedPacket::Unread(UnreadPackets::CutHeader);
    };
    if flags & gre::VERSION != 0 {
        return CarriedPacket::Nothing;
    }
    let has = |flag: u16| flags & flag != 0;
    let options = [gre::CHECKSUM, gre::KEY, gre::SEQUENCE].into_iter().filter(|flag| has(*flag));
    let payload = packet.get(4 + 4 * options.count()..).unwrap_or_default();
    let rest = |start: usize| payload.get(start..).unwrap_or_default();
    match number(packet, 2) {
        // The older form has no header of its own, and no sequence number.
        Some(gre::ERSPAN_I_OR_II) if !has(gre::SEQUENCE) => link::ethernet(payload),
        Some(gre::ERSPAN_I_OR_II) => link::ethernet(rest(8)),
        Some(gre::ERSPAN_III) => {
            let has_more = payload.get(11).is_some_and(|last| last & 1 == 1);
            link::ethernet(rest(if has_more { 20 } else { 12 }))
        }
        protocol => by_protocol(protocol, payload),
    }
}

fn by_protocol(protocol: Option<u16>, payload: &[u8]) -> CarriedPacket<'_> {
    match protocol {
        Some(gre::ETHERNET) => link::ethernet(payload),
        Some(ether_type::IPV4 | ether_type::IPV6) => link::by_type(protocol, payload),
        Some(label) if ether_type::MPLS.contains(&label) => link::by_type(protocol, payload),
        _ => CarriedPacket::Nothing,
    }
}
