//! One sign-in in every form of file, behind every link layer, and in every tunnel.

use spnscope::audit::{Audit, Keep};

use crate::{
    audit::rows::{audit, report},
    fixtures::story_server,
    read::capture_files::{Blocks, Packet, bytes, ip_packets, packets, pcap},
};

const SIGN_IN: &str = "smb3-direct-by-fqdn.pcapng";
const SIGN_IN_6: &str = "smb3-ipv6-literal.pcapng";

/// The users that sign in in a file; panics if a row lacks a message or the answer.
fn users(file: &[u8]) -> Vec<String> {
    let mut audit = Audit::new(story_server(), Keep::Rows);
    audit.begin("made");
    audit.push(file);
    audit.finish();
    audit
        .rows()
        .iter()
        .map(|row| {
            assert!(row.answer.is_some_and(|answer| answer.status.is_accepted()));
            row.stated.as_ref().and_then(|stated| stated.user.clone()).expect("a user")
        })
        .collect()
}

/// The IP packets of the sign-in with something around each.
fn around(name: &str, wrap: impl Fn(&[u8]) -> Vec<u8>) -> Vec<Packet> {
    let mut packets = ip_packets(name);
    for packet in &mut packets {
        packet.bytes = wrap(&packet.bytes);
    }
    packets
}

fn ether_type(ip: &[u8]) -> [u8; 2] {
    if ip[0] >> 4 == 4 { [0x08, 0x00] } else { [0x86, 0xDD] }
}

/// An Ethernet frame whose addresses are followed by `between` and the packet.
fn ethernet(between: &[u8], ip: &[u8]) -> Vec<u8> {
    [&[2; 12], between, ip].concat()
}

/// An IPv4 packet of that protocol between two other hosts.
fn ipv4(protocol: u8, payload: &[u8]) -> Vec<u8> {
    let len = u16::try_from(20 + payload.len()).unwrap().to_be_bytes();
    let header = [0x45, 0, len[0], len[1], 0, 1, 0, 0, 64, protocol, 0, 0];
    [&header[..], &[192, 0, 2, 1], &[192, 0, 2, 2], payload].concat()
}

fn udp(port: u16, payload: &[u8]) -> Vec<u8> {
    let len = u16::try_from(8 + payload.len()).unwrap().to_be_bytes();
    let port = port.to_be_bytes();
    ipv4(17, &[&[0xC0, 0, port[0], port[1], len[0], len[1], 0, 0], payload].concat())
}

type Wrap = fn(&[u8]) -> Vec<u8>;

#[test]
fn a_sign_in_is_found_behind_every_link_layer_and_in_every_tunnel() {
    let cases: [(&str, u32, Wrap); 29] = [
        ("Ethernet", 1, |ip| ethernet(&ether_type(ip), ip)),
        ("Ethernet with padding", 1, |ip| [ethernet(&ether_type(ip), ip), vec![0; 9]].concat()),
        ("VLAN", 1, |ip| ethernet(&[&[0x81, 0, 0, 7][..], &ether_type(ip)].concat(), ip)),
        ("QinQ", 1, |ip| {
            ethernet(&[&[0x88, 0xA8, 0, 7, 0x81, 0, 0, 8][..], &ether_type(ip)].concat(), ip)
        }),
        ("old QinQ", 1, |ip| {
            ethernet(&[&[0x91, 0, 0, 7, 0x81, 0, 0, 8][..], &ether_type(ip)].concat(), ip)
        }),
        ("SNAP", 1, |ip| {
            ethernet(&[&[1, 0, 0xAA, 0xAA, 3, 0, 0, 0][..], &ether_type(ip)].concat(), ip)
        }),
        ("MPLS", 1, |ip| ethernet(&[0x88, 0x47, 0, 1, 0, 64, 0, 2, 1, 64], ip)),
        ("Ethernet in MPLS with a control word", 1, |ip| {
            let inner = ethernet(&ether_type(ip), ip);
            ethernet(&[0x88, 0x47, 0, 2, 1, 64, 0, 0, 0, 0], &inner)
        }),
        ("PPPoE", 1, |ip| {
            let protocol = if ip[0] >> 4 == 4 { 0x21 } else { 0x57 };
            ethernet(&[0x88, 0x64, 0x11, 0, 0, 1, 0, 0, 0, protocol], ip)
        }),
        ("NULL", 0, |ip| [&[2, 0, 0, 0], ip].concat()),
        ("LOOP", 108, |ip| [&[0, 0, 0, 2], ip].concat()),
        ("raw", 101, <[u8]>::to_vec),
        ("raw, by an older number", 12, <[u8]>::to_vec),
        ("raw, by another older number", 14, <[u8]>::to_vec),
        ("IPv4 or IPv6", 228, <[u8]>::to_vec),
        ("SLL", 113, |ip| [&[0; 14][..], &ether_type(ip), ip].concat()),
        ("SLL2", 276, |ip| [&ether_type(ip)[..], &[0; 18], ip].concat()),
        ("SLL with VLAN", 113, |ip| [&[0; 14][..], &[0x81, 0, 0, 7], &ether_type(ip), ip].concat()),
        ("NFLOG", 239, |ip| {
            let len = u16::try_from(4 + ip.len()).unwrap().to_le_bytes();
            [&[2, 0, 0, 0][..], &[5, 0, 2, 0, 9, 0, 0, 0], &[len[0], len[1], 9, 0], ip].concat()
        }),
        ("GRE", 101, |ip| ipv4(47, &[&[0, 0][..], &ether_type(ip), ip].concat())),
        ("GRE with all options", 101, |ip| {
            ipv4(47, &[&[0xB0, 0][..], &ether_type(ip), &[0; 12], ip].concat())
        }),
        ("Ethernet in GRE", 101, |ip| {
            ipv4(47, &[&[0, 0, 0x65, 0x58][..], &ethernet(&ether_type(ip), ip)].concat())
        }),
        ("ERSPAN I", 101, |ip| {
            ipv4(47, &[&[0, 0, 0x88, 0xBE][..], &ethernet(&ether_type(ip), ip)].concat())
        }),
        ("ERSPAN II", 101, |ip| {
            let inner = ethernet(&ether_type(ip), ip);
            ipv4(47, &[&[0x10, 0, 0x88, 0xBE][..], &[0; 12], &inner].concat())
        }),
        ("ERSPAN III with a second header", 101, |ip| {
            let inner = ethernet(&ether_type(ip), ip);
            let header = [&[0; 11][..], &[1], &[0; 8]].concat();
            ipv4(47, &[&[0x10, 0, 0x22, 0xEB][..], &[0; 4], &header, &inner].concat())
        }),
        ("IP in IP", 101, |ip| ipv4(if ip[0] >> 4 == 4 { 4 } else { 41 }, ip)),
        ("VXLAN", 101, |ip| {
            udp(4789, &[&[8, 0, 0, 0, 0, 0, 1, 0][..], &ethernet(&ether_type(ip), ip)].concat())
        }),
        ("Geneve with options", 101, |ip| {
            let inner = ethernet(&ether_type(ip), ip);
            udp(6081, &[&[1, 0, 0x65, 0x58, 0, 0, 1, 0][..], &[0; 4], &inner].concat())
        }),
        ("three tunnels", 101, |ip| {
            let once = ipv4(if ip[0] >> 4 == 4 { 4 } else { 41 }, ip);
            ipv4(4, &ipv4(4, &once))
        }),
    ];
    for (name, link_type, wrap) in cases {
        for sign_in in [SIGN_IN, SIGN_IN_6] {
            let file = pcap(link_type, false, &around(sign_in, wrap));
            assert_eq!(users(&file), ["alice"], "{name}, {sign_in}");
        }
    }
}

#[test]
fn tunnels_too_deep_to_be_read_are_remarked() {
    let packets = around(SIGN_IN, |ip| (0..9).fold(ip.to_vec(), |ip, _| ipv4(4, &ip)));
    let file = pcap(101, false, &packets);
    let report = report(&audit(&[("deep".to_owned(), file)], usize::MAX, story_server()));
    assert_eq!(report["rows"].as_array().unwrap().len(), 0);
    let unread = report["inputs"][0]["unread"][0].to_string();
    assert!(unread.contains("more than four tunnels"), "{unread}");
}

#[test]
fn unread_packets_are_counted_and_remarked() {
    let cases: [(u32, Vec<u8>, &str); 9] = [
        (105, vec![0; 40], "802.11"),
        (220, vec![0; 40], "USB"),
        (147, vec![0; 40], "link type 147"),
        (101, ipv4(50, &[0; 40]), "ESP"),
        (101, ipv4(132, &[0; 40]), "SCTP"),
        (101, udp(2152, &[0; 40]), "GTP"),
        (101, udp(51820, &[0; 40]), "WireGuard"),
        (101, udp(443, &[0; 40]), "QUIC"),
        (101, udp(4791, &[0; 40]), "RDMA"),
    ];
    for (link_type, bytes, what) in cases {
        let file = pcap(link_type, false, &[Packet { time: 0, bytes }]);
        let report = report(&audit(&[("made".to_owned(), file)], usize::MAX, story_server()));
        let unread = &report["inputs"][0]["unread"][0];
        assert!(unread["what"].as_str().unwrap().contains(what), "{unread}");
        assert_eq!(unread["count"], 1);
    }
}

#[test]
fn headers_of_ip_may_be_longer() {
    // IPv4 with options.
    let file = pcap(
        101,
        false,
        &around(SIGN_IN, |ip| {
            let len = u16::from_be_bytes([ip[2], ip[3]]) + 8;
            let mut long = ip.to_vec();
            long[0] = 0x47;
            long[2..4].copy_from_slice(&len.to_be_bytes());
            long.splice(20..20, [1; 8]);
            long
        }),
    );
    assert_eq!(users(&file), ["alice"]);
    // IPv6 with hop-by-hop and destination options.
    let file = pcap(
        101,
        false,
        &around(SIGN_IN_6, |ip| {
            let len = u16::from_be_bytes([ip[4], ip[5]]) + 16;
            let mut long = ip.to_vec();
            let next = std::mem::replace(&mut long[6], 0);
            long[4..6].copy_from_slice(&len.to_be_bytes());
            long.splice(40..40, [60, 0, 1, 4, 0, 0, 0, 0, next, 0, 1, 4, 0, 0, 0, 0]);
            long
        }),
    );
    assert_eq!(users(&file), ["alice"]);
}

/// The packet in fragments of at most `size` bytes.
fn fragments(ip: &[u8], size: usize, number: u16) -> Vec<Vec<u8>> {
    let payload = &ip[20..usize::from(u16::from_be_bytes([ip[2], ip[3]]))];
    let pieces: Vec<_> = payload.chunks(size).collect();
    let count = pieces.len();
    let fragment = |(at, piece): (usize, &&[u8])| {
        let mut header = ip[..20].to_vec();
        header[2..4].copy_from_slice(&u16::try_from(20 + piece.len()).unwrap().to_be_bytes());
        header[4..6].copy_from_slice(&number.to_be_bytes());
        let more = if at + 1 < count { 0x2000 } else { 0 };
        let place = u16::try_from(at * size / 8).unwrap() | more;
        header[6..8].copy_from_slice(&place.to_be_bytes());
        [header, piece.to_vec()].concat()
    };
    pieces.iter().enumerate().map(fragment).collect()
}

#[test]
fn fragments_are_joined_in_any_order_and_missing_ones_are_remarked() {
    for is_reversed in [false, true] {
        let mut all = Vec::new();
        for (number, packet) in (0..).zip(ip_packets(SIGN_IN)) {
            let mut pieces = fragments(&packet.bytes, 64, number);
            if is_reversed {
                pieces.reverse();
            }
            all.extend(pieces.into_iter().map(|bytes| Packet { time: packet.time, bytes }));
        }
        assert_eq!(users(&pcap(101, false, &all)), ["alice"]);
    }
    let mut all = Vec::new();
    for (number, packet) in (0..).zip(ip_packets(SIGN_IN)) {
        let pieces = fragments(&packet.bytes, 64, number).into_iter().skip(1);
        all.extend(pieces.map(|bytes| Packet { time: packet.time, bytes }));
    }
    let file = pcap(101, false, &all);
    let report = report(&audit(&[("headless".to_owned(), file)], usize::MAX, story_server()));
    let unread = report["inputs"][0]["unread"].to_string();
    assert!(unread.contains("missing fragments"), "{unread}");
}

#[test]
fn every_form_of_file_is_read() {
    let all = packets(&bytes(SIGN_IN));
    for is_big_endian in [false, true] {
        let mut file = pcap(1, is_big_endian, &all);
        assert_eq!(users(&file), ["alice"]);
        // Nanoseconds have another magic number.
        let magic: [u8; 4] =
            if is_big_endian { [0xA1, 0xB2, 0x3C, 0x4D] } else { [0x4D, 0x3C, 0xB2, 0xA1] };
        file[..4].copy_from_slice(&magic);
        assert_eq!(users(&file), ["alice"]);
        let blocks = Blocks { is_big_endian };
        let mut file = blocks.section();
        file.extend(blocks.interface(101, 6));
        file.extend(blocks.interface(1, 0x80 | 0x14));
        // An unknown block in between.
        file.extend(blocks.block(0x0000_0BAD, b"somebody's own"));
        file.extend(blocks.block(5, &[0; 12]));
        for packet in &all {
            let seconds = packet.time / 1_000_000_000;
            let rest = packet.time % 1_000_000_000;
            let ticks = (seconds << 20) + (rest << 20) / 1_000_000_000;
            file.extend(blocks.packet(1, ticks, &packet.bytes));
        }
        assert_eq!(users(&file), ["alice"]);
        // A second section in the other order, of which the interfaces are its own.
        let others = Blocks { is_big_endian: !is_big_endian };
        file.extend(others.section());
        file.extend(others.interface(101, 9));
        for packet in ip_packets(SIGN_IN_6) {
            file.extend(others.packet(0, packet.time, &packet.bytes));
        }
        assert_eq!(users(&file), ["alice", "alice"]);
        let report = report(&audit(&[("made".to_owned(), file)], usize::MAX, story_server()));
        let [first, second] = [0, 1].map(|row| report["rows"][row]["time"].as_str().unwrap());
        assert!(first.starts_with("2026-11-22T01:05:47.656"), "{first}");
        assert!(second.starts_with("2026-11-22T01:10:19.199748"), "{second}");
    }
}

#[test]
fn simple_and_old_packet_blocks_are_read() {
    for is_big_endian in [false, true] {
        let blocks = Blocks { is_big_endian };
        let mut simple = blocks.section();
        simple.extend(blocks.interface(1, 6));
        let mut old = simple.clone();
        for packet in packets(&bytes(SIGN_IN)) {
            let len = blocks.number(u32::try_from(packet.bytes.len()).unwrap());
            simple.extend(blocks.block(3, &[&len, &packet.bytes[..]].concat()));
            let mut body = [blocks.half(0), blocks.half(0)].concat();
            body.extend([0; 8]);
            body.extend(len);
            body.extend(len);
            body.extend(&packet.bytes);
            old.extend(blocks.block(2, &body));
        }
        assert_eq!(users(&simple), ["alice"]);
        assert_eq!(users(&old), ["alice"]);
    }
}

#[test]
fn offload_leaves_no_length_and_all_that_was_captured_counts() {
    let file = pcap(
        1,
        false,
        &around(SIGN_IN, |ip| {
            let mut ip = ip.to_vec();
            ip[2..4].copy_from_slice(&[0, 0]);
            ethernet(&[0x08, 0x00], &ip)
        }),
    );
    assert_eq!(users(&file), ["alice"]);
}
