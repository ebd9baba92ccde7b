//! IP packets to TCP segments.

use std::net::{IpAddr, SocketAddr};

use etherparse::{
    IpNumber, Ipv6ExtensionSlice, LaxIpSlice, LaxIpv4Slice, LaxIpv6Slice, TcpSlice, UdpSlice,
    ip_number,
};

use super::{
    Flags, Notes, Segment, Sink, Unread,
    fragments::{Fragment, Fragments, Key},
    link::{self, Carried},
    segment::Place,
    tunnel,
};

/// The most tunnels inside one another.
const DEEPEST: usize = 4;

/// What goes through packets to their segments.
#[derive(Debug, Default)]
pub(super) struct Internet {
    fragments: Fragments,
}

/// An IP payload and where it is from.
#[derive(Clone, Copy)]
struct Datagram<'p> {
    from: IpAddr,
    to: IpAddr,
    protocol: IpNumber,
    payload: &'p [u8],
    /// How many of its last bytes were not captured.
    missing: usize,
    depth: usize,
}

/// Where what is found goes.
struct Out<'o, 's> {
    place: Place,
    notes: &'o mut Notes,
    sink: &'o mut Sink<'s>,
}

impl Internet {
    /// Reads a packet of that link type.
    pub(super) fn packet(
        &mut self,
        link_type: i32,
        packet: &[u8],
        place: Place,
        notes: &mut Notes,
        sink: &mut Sink<'_>,
    ) {
        let mut out = Out { place, notes, sink };
        self.carried(link::carried(link_type, packet), 0, &mut out);
    }

    /// Counts the datagrams that never became whole.
    pub(super) fn finish(&mut self, notes: &mut Notes) {
        self.fragments.finish(notes);
    }

    fn carried(&mut self, carried: Carried<'_>, depth: usize, out: &mut Out<'_, '_>) {
        match carried {
            Carried::Ip(_) if depth > DEEPEST => out.notes.count(Unread::TooDeep),
            Carried::Ip(packet) => self.ip(packet, depth, out),
            Carried::Nothing => {}
            Carried::Unread(what) => out.notes.count(what),
        }
    }

    fn ip(&mut self, packet: &[u8], depth: usize, out: &mut Out<'_, '_>) {
        let Ok((ip, stopped)) = LaxIpSlice::from_slice(packet) else {
            out.notes.count(Unread::CutHeader);
            return;
        };
        if stopped.is_some() {
            out.notes.count(Unread::CutHeader);
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
        // Where offload leaves the length 0, only the file tells what was cut off.
        let missing =
            if announced == 0 { out.place.cut } else { announced.saturating_sub(packet.len()) };
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
            out.notes.count(Unread::Fragments);
        }
    }

    fn fragment(&mut self, ip: &LaxIpSlice<'_>, part: &Datagram<'_>, out: &mut Out<'_, '_>) {
        let Some((identification, offset, is_last)) = (match ip {
            LaxIpSlice::Ipv4(ip) => Some(fragment_of_4(ip)),
            LaxIpSlice::Ipv6(ip) => fragment_of_6(ip),
        }) else {
            return;
        };
        let Datagram { from, to, protocol, payload, .. } = *part;
        let key = Key { from, to, identification, protocol };
        let fragment = Fragment { key, offset, is_last, time: out.place.time, payload };
        if let Some(whole) = self.fragments.add(&fragment, out.notes) {
            self.datagram(&Datagram { payload: &whole, ..*part }, out);
        }
    }

    fn datagram(&mut self, datagram: &Datagram<'_>, out: &mut Out<'_, '_>) {
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
                self.carried(Carried::Ip(payload), depth + 1, out);
            }
            ip_number::ENCAP_SEC | ip_number::AUTH => out.notes.count(Unread::Esp),
            ip_number::SCTP => out.notes.count(Unread::Sctp),
            _ => {}
        }
    }
}

fn tcp(datagram: &Datagram<'_>, out: &mut Out<'_, '_>) {
    let Ok(tcp) = TcpSlice::from_slice(datagram.payload) else {
        out.notes.count(Unread::CutHeader);
        return;
    };
    let segment = Segment {
        packet: out.place.packet,
        time: out.place.time,
        from: SocketAddr::new(datagram.from, tcp.source_port()),
        to: SocketAddr::new(datagram.to, tcp.destination_port()),
        sequence: tcp.sequence_number(),
        acknowledged: tcp.ack().then(|| tcp.acknowledgment_number()),
        flags: Flags { syn: tcp.syn(), fin: tcp.fin(), rst: tcp.rst() },
        payload: tcp.payload(),
        missing: datagram.missing,
    };
    (out.sink)(&segment);
}

/// Identification, place, and whether it is the last fragment.
fn fragment_of_4(ip: &LaxIpv4Slice<'_>) -> (u32, etherparse::IpFragOffset, bool) {
    let header = ip.header();
    let identification = u32::from(header.identification());
    (identification, header.fragments_offset(), !header.more_fragments())
}

/// The same of IPv6, whose fragments have a header of their own.
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
