//! IP packets to TCP segments, through fragments and tunnels. What the segments hold is not looked
//! at.

use std::net::{IpAddr, SocketAddr};

use etherparse::{
    IpNumber, Ipv6ExtensionSlice, LaxIpSlice, LaxIpv4Slice, LaxIpv6Slice, TcpSlice, UdpSlice,
    ip_number,
};

use super::{
    CaptureRemarks, Segment, SegmentSink, TcpFlags, UnreadPackets,
    fragments::{DatagramKey, Fragment, Fragments},
    link::{self, CarriedPacket},
    segment::PacketInfo,
    tunnel,
};

/// The most tunnels inside one another.
const MAX_DEPTH: usize = 4;

/// The reader that takes packets to their segments.
#[derive(Debug, Default)]
pub(super) struct IpReader {
    fragments: Fragments,
}

/// An IP payload and its addresses.
#[derive(Clone, Copy)]
struct Datagram<'p> {
    from: IpAddr,
    to: IpAddr,
    protocol: IpNumber,
    payload: &'p [u8],
    /// The number of its last bytes that were not captured.
    missing: usize,
    depth: usize,
}

/// The packet being read, and where its segments and remarks go.
struct PacketOutput<'o, 's> {
    info: PacketInfo,
    remarks: &'o mut CaptureRemarks,
    sink: &'o mut SegmentSink<'s>,
}

impl IpReader {
    /// Reads a packet of the given link type.
    pub(super) fn packet(
        &mut self,
        link_type: i32,
        packet: &[u8],
        info: PacketInfo,
        remarks: &mut CaptureRemarks,
        sink: &mut SegmentSink<'_>,
    ) {
        let mut out = PacketOutput { info, remarks, sink };
        self.carried(link::carried(link_type, packet), 0, &mut out);
    }

    /// Counts the datagrams that never became whole.
    pub(super) fn finish(&mut self, remarks: &mut CaptureRemarks) {
        self.fragments.finish(remarks);
    }

    fn carried(
        &mut self,
        carried: CarriedPacket<'_>,
        depth: usize,
        out: &mut PacketOutput<'_, '_>,
    ) {
        match carried {
            CarriedPacket::Ip(_) if depth > MAX_DEPTH => out.remarks.count(UnreadPackets::TooDeep),
            CarriedPacket::Ip(packet) => self.ip(packet, depth, out),
            CarriedPacket::Nothing => {}
            CarriedPacket::Unread(what) => out.remarks.count(what),
        }
    }

    fn ip(&mut self, packet: &[u8], depth: usize, out: &mut PacketOutput<'_, '_>) {
        let Ok((ip, stopped)) = LaxIpSlice::from_slice(packet) else {
            out.remarks.count(UnreadPackets::CutHeader);
            return;
        };
        if stopped.is_some() {
            out.remarks.count(UnreadPackets::CutHeader);
            return;
        }
        let payload = ip.payload();
        let (from, to) = (ip.source_addr(), ip.destination_addr());
        let announced = match &ip {
            LaxIpSlice::Ipv4(ip) => usize::from(ip.header().total_len()),
            LaxIpSlice::Ipv6(ip) => match ip.header().payload_length() {
                0 => 0,
                len => etherparse::Ipv6Header::LEN + usize::from(len),
            },
        };
        // With segmentation offload the length may be 0; then only the file tells what was cut off.
        let missing =
            if announced == 0 { out.info.cut } else { announced.saturating_sub(packet.len()) };
        let datagram = Datagram {
            from,
            to,
            protocol: payload.ip_number,
            payload: payload.payload,
            missing,
            depth,
        };
        if !payload.fragmented {
            self.datagram(&datagram, out);
        } else if missing == 0 {
            self.fragment(&ip, &datagram, out);
        } else {
            out.remarks.count(UnreadPackets::Fragments);
        }
    }

    fn fragment(
        &mut self,
        ip: &LaxIpSlice<'_>,
        part: &Datagram<'_>,
        out: &mut PacketOutput<'_, '_>,
    ) {
        let Some((identification, offset, is_last)) = (match ip {
            LaxIpSlice::Ipv4(ip) => Some(fragment_of_4(ip)),
            LaxIpSlice::Ipv6(ip) => fragment_of_6(ip),
        }) else {
            return;
        };
        let Datagram { from, to, protocol, payload, .. } = *part;
        let key = DatagramKey { from, to, identification, protocol };
        let fragment = Fragment { key, offset, is_last, time: out.info.time, payload };
        if let Some(whole) = self.fragments.add(&fragment, out.remarks) {
            self.datagram(&Datagram { payload: &whole, ..*part }, out);
        }
    }

    fn datagram(&mut self, datagram: &Datagram<'_>, out: &mut PacketOutput<'_, '_>) {
        let Datagram { payload, depth, .. } = *datagram;
        match datagram.protocol {
            ip_number::TCP => tcp(datagram, out),
            ip_number::UDP => {
                if let Ok(udp) = UdpSlice::from_slice_lax(payload) {
                    let inside =
                        tunnel::in_udp(udp.source_port(), udp.destination_port(), udp.payload());
                    self.carried(inside, depth + 1, out);
                }
            }
            ip_number::GRE => self.carried(tunnel::in_gre(payload), depth + 1, out),
            ip_number::IPV4 | ip_number::IPV6 => {
                self.carried(CarriedPacket::Ip(payload), depth + 1, out);
            }
            ip_number::ENCAP_SEC | ip_number::AUTH => out.remarks.count(UnreadPackets::Esp),
            ip_number::SCTP => out.remarks.count(UnreadPackets::Sctp),
            _ => {}
        }
    }
}

fn tcp(datagram: &Datagram<'_>, out: &mut PacketOutput<'_, '_>) {
    let Ok(tcp) = TcpSlice::from_slice(datagram.payload) else {
        out.remarks.count(UnreadPackets::CutHeader);
        return;
    };
    let segment = Segment {
        packet: out.info.packet,
        time: out.info.time,
        from: SocketAddr::new(datagram.from, tcp.source_port()),
        to: SocketAddr::new(datagram.to, tcp.destination_port()),
        sequence: tcp.sequence_number(),
        acknowledged: tcp.ack().then(|| tcp.acknowledgment_number()),
        flags: TcpFlags { syn: tcp.syn(), fin: tcp.fin(), rst: tcp.rst() },
        payload: tcp.payload(),
        missing: datagram.missing,
    };
    (out.sink)(&segment);
}

/// The identification, the offset, and true if it is the last fragment.
fn fragment_of_4(ip: &LaxIpv4Slice<'_>) -> (u32, etherparse::IpFragOffset, bool) {
    let header = ip.header();
    let identification = u32::from(header.identification());
    (identification, header.fragments_offset(), !header.more_fragments())
}

/// The identification, the offset, and true for the last one, of IPv6, whose fragments have a
/// header of their own.
fn fragment_of_6(ip: &LaxIpv6Slice<'_>) -> Option<(u32, etherparse::IpFragOffset, bool)> {
    ip.extensions().clone().into_iter().find_map(|extension| match extension {
        Ipv6ExtensionSlice::Fragment(fragment) => Some((
            fragment.identification(),
            fragment.fragment_offset(),
            !fragment.more_fragments(),
        )),
        _ => None,
    })
}
