//! Capture files as tests need them: read and written without the library under test.

use std::fs;

use crate::fixtures::path;

/// One packet of a file.
#[derive(Clone, Debug)]
pub(crate) struct Packet {
    /// Nanoseconds since 1970.
    pub(crate) time: u64,
    /// From the link layer on.
    pub(crate) bytes: Vec<u8>,
}

/// Names of the captures below `tests/fixtures/captures`, in order.
pub(crate) fn names() -> Vec<String> {
    let files = fs::read_dir(path("captures")).expect("the captures");
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name.contains(".pcap")).collect();
    names.sort();
    assert!(names.len() > 50, "{}", names.len());
    names
}

pub(crate) fn bytes(name: &str) -> Vec<u8> {
    fs::read(path(&format!("captures/{name}"))).expect("a capture")
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

/// The packets of a little-endian file of the lab: pcap, or pcapng with microseconds.
pub(crate) fn packets(file: &[u8]) -> Vec<Packet> {
    let mut packets = Vec::new();
    if u32_at(file, 0) == 0x0A0D_0D0A {
        let mut at = 0;
        while at < file.len() {
            let (kind, len) = (u32_at(file, at), u32_at(file, at + 4) as usize);
            if kind == 6 {
                let ticks =
                    u64::from(u32_at(file, at + 12)) << 32 | u64::from(u32_at(file, at + 16));
                let captured = u32_at(file, at + 20) as usize;
                let bytes = file[at + 28..at + 28 + captured].to_vec();
                packets.push(Packet { time: ticks * 1000, bytes });
            }
            at += len;
        }
        return packets;
    }
    let unit = if u32_at(file, 0) == 0xA1B2_3C4D { 1 } else { 1000 };
    let mut at = 24;
    while at < file.len() {
        let seconds = u64::from(u32_at(file, at)) * 1_000_000_000;
        let fraction = u64::from(u32_at(file, at + 4)) * unit;
        let captured = u32_at(file, at + 8) as usize;
        let bytes = file[at + 16..at + 16 + captured].to_vec();
        packets.push(Packet { time: seconds + fraction, bytes });
        at += 16 + captured;
    }
    packets
}

/// A pcap file with microseconds, in either order of bytes.
pub(crate) fn pcap(link_type: u32, is_big_endian: bool, packets: &[Packet]) -> Vec<u8> {
    let number = |number: u32| {
        if is_big_endian { number.to_be_bytes() } else { number.to_le_bytes() }
    };
    let mut file = number(0xA1B2_C3D4).to_vec();
    file.extend(if is_big_endian { [0, 2, 0, 4] } else { [2, 0, 4, 0] });
    for field in [0, 0, 0x4_0000, link_type] {
        file.extend(number(field));
    }
    for packet in packets {
        let len = u32::try_from(packet.bytes.len()).unwrap();
        let seconds = u32::try_from(packet.time / 1_000_000_000).unwrap();
        let fraction = u32::try_from(packet.time % 1_000_000_000 / 1000).unwrap();
        for field in [seconds, fraction, len, len] {
            file.extend(number(field));
        }
        file.extend(&packet.bytes);
    }
    file
}

/// Writes blocks of pcapng, in either order of bytes.
#[derive(Clone, Copy)]
pub(crate) struct Blocks {
    pub(crate) is_big_endian: bool,
}

impl Blocks {
    pub(crate) fn number(self, number: u32) -> [u8; 4] {
        if self.is_big_endian { number.to_be_bytes() } else { number.to_le_bytes() }
    }

    pub(crate) fn half(self, number: u16) -> [u8; 2] {
        if self.is_big_endian { number.to_be_bytes() } else { number.to_le_bytes() }
    }

    pub(crate) fn block(self, kind: u32, body: &[u8]) -> Vec<u8> {
        let padded = body.len().next_multiple_of(4);
        let len = self.number(u32::try_from(padded + 12).unwrap());
        let mut block = self.number(kind).to_vec();
        block.extend(len);
        block.extend(body);
        block.resize(8 + padded, 0);
        block.extend(len);
        block
    }

    /// The header of a section.
    pub(crate) fn section(self) -> Vec<u8> {
        let mut body = self.number(0x1A2B_3C4D).to_vec();
        body.extend(self.half(1));
        body.extend(self.half(0));
        body.extend([0xFF; 8]);
        self.block(0x0A0D_0D0A, &body)
    }

    /// An interface; `resolution` as `if_tsresol` has it.
    pub(crate) fn interface(self, link_type: u16, resolution: u8) -> Vec<u8> {
        let mut body = self.half(link_type).to_vec();
        body.extend([0; 6]);
        body.extend(self.half(9));
        body.extend(self.half(1));
        body.extend([resolution, 0, 0, 0, 0, 0, 0, 0]);
        self.block(1, &body)
    }

    /// A packet at that interface, at `ticks` of its resolution.
    pub(crate) fn packet(self, interface: u32, ticks: u64, bytes: &[u8]) -> Vec<u8> {
        let len = u32::try_from(bytes.len()).unwrap();
        let halves = [u32::try_from(ticks >> 32).unwrap(), (ticks & 0xFFFF_FFFF) as u32];
        let mut body = self.number(interface).to_vec();
        for field in [halves[0], halves[1], len, len] {
            body.extend(self.number(field));
        }
        body.extend(bytes);
        self.block(6, &body)
    }
}

/// The IP packets of an Ethernet capture of the lab.
pub(crate) fn ip_packets(name: &str) -> Vec<Packet> {
    let mut packets = packets(&bytes(name));
    packets.retain(|packet| matches!(packet.bytes[12..14], [0x08, 0x00] | [0x86, 0xDD]));
    for packet in &mut packets {
        packet.bytes.drain(..14);
    }
    packets
}
