//! The newer form of capture files: sections of blocks. TLS keys in it are remarked, and not used.

use pcap_parser::{
    Block, InterfaceDescriptionBlock, OptionCode, PcapNGOption, parse_block_be, parse_block_le,
};

use super::{
    CaptureFindingCode, MAX_PACKET_LEN, Packet, Packets, Pushed, ReadStep, SegmentSink, Time,
    UnreadPackets, byte_order::ByteOrder,
};

/// The state of reading a section.
#[derive(Debug, Default)]
pub(super) struct Pcapng {
    order: ByteOrder,
    interfaces: Vec<Interface>,
    /// The end of the last block that could be read, while the next one is looked for.
    lost_at: Option<u64>,
}

/// An interface that packets were captured at.
#[derive(Clone, Copy, Debug)]
struct Interface {
    link_type: i32,
    /// The most bytes of a packet that were captured; 0 for no limit.
    snap_len: u32,
    ticks_per_second: u64,
    /// Seconds to add to each time.
    offset: i64,
}

/// The longest block.
const MAX_BLOCK_LEN: usize = 1 << 24;

/// The longest block without a packet that is read. The descriptions of interfaces are short.
const MAX_DESCRIPTION_LEN: usize = 1 << 20;

/// The most bytes around a packet in its block.
const MAX_AROUND_PACKET: usize = 1 << 12;

/// The longest block that is looked for behind damage: all of it has to be there to tell.
const MAX_RECOVERED_LEN: usize = 1 << 18;

/// The most interfaces of one section.
const MAX_INTERFACES: usize = 1 << 12;

/// Types of blocks.
mod kind {
    pub(super) const SECTION_HEADER: u32 = 0x0A0D_0D0A;
    pub(super) const INTERFACE: u32 = 1;
    pub(super) const OLD_PACKET: u32 = 2;
    pub(super) const SIMPLE_PACKET: u32 = 3;
    pub(super) const NAMES: u32 = 4;
    pub(super) const STATISTICS: u32 = 5;
    pub(super) const PACKET: u32 = 6;
    pub(super) const SECRETS: u32 = 10;
    pub(super) const CUSTOM: u32 = 0xBAD;
    pub(super) const CUSTOM_NOT_COPIED: u32 = 0x4000_0BAD;
    /// The types that are looked for behind damage.
    pub(super) const KNOWN: [u32; 10] = [
        SECTION_HEADER,
        INTERFACE,
        OLD_PACKET,
        SIMPLE_PACKET,
        NAMES,
        STATISTICS,
        PACKET,
        SECRETS,
        CUSTOM,
        CUSTOM_NOT_COPIED,
    ];
}

/// The byte-order magic of a section in little-endian order.
const LITTLE_ENDIAN: [u8; 4] = [0x4D, 0x3C, 0x2B, 0x1A];

/// The header of a block.
#[derive(Clone, Copy)]
struct BlockHead {
    kind: u32,
    len: usize,
    /// The order of the numbers in it.
    order: ByteOrder,
}

impl Pcapng {
    /// Reads the block at the start of `rest`, the bytes of the file from `at` on.
    pub(super) fn step(
        &mut self,
        rest: &[u8],
        at: u64,
        pushed: Pushed,
        packets: &mut Packets,
        sink: &mut SegmentSink<'_>,
    ) -> ReadStep {
        if let Some(lost_at) = self.lost_at {
            return self.look_for_next(rest, lost_at, pushed, packets);
        }
        let Some(head) = self.head(rest) else { return ReadStep::More };
        if !head.is_possible() {
            packets.remarks.find(CaptureFindingCode::BlockLength, at);
            self.lost_at = Some(at);
            return ReadStep::Read(1);
        }
        let holds_packet =
            matches!(head.kind, kind::PACKET | kind::SIMPLE_PACKET | kind::OLD_PACKET);
        let longest =
            if holds_packet { MAX_PACKET_LEN + MAX_AROUND_PACKET } else { MAX_DESCRIPTION_LEN };
        if head.len > longest {
            if holds_packet {
                packets.count += 1;
                packets.remarks.count(UnreadPackets::TooLong);
            }
            return ReadStep::Skip(head.len as u64);
        }
        let Some(block) = rest.get(..head.len) else { return ReadStep::More };
        if head.kind == kind::SECTION_HEADER {
            self.order = head.order;
            self.interfaces.clear();
        } else if self.block(head, block, packets, sink).is_none() {
            packets.remarks.find(CaptureFindingCode::BlockUnreadable, at);
        }
        if head.kind == kind::SECRETS {
            packets.remarks.once(CaptureFindingCode::SecretsInFile, at);
        }
        ReadStep::Read(head.len)
    }

    /// The header of the block at the start of `rest`; `None` if it has not come yet.
    fn head(&self, rest: &[u8]) -> Option<BlockHead> {
        // The type of a section header reads the same in both orders, and tells which its own is.
        let mut order = self.order;
        if order.u32_at(rest, 0)? == kind::SECTION_HEADER {
            let is_little = rest.get(8..12)? == LITTLE_ENDIAN;
            order = if is_little { ByteOrder::Little } else { ByteOrder::Big };
        }
        let len = order.u32_at(rest, 4)? as usize;
        Some(BlockHead { kind: order.u32_at(rest, 0)?, len, order })
    }

    /// Reads a whole block; `None` if its inside is damaged.
    fn block(
        &mut self,
        head: BlockHead,
        block: &[u8],
        packets: &mut Packets,
        sink: &mut SegmentSink<'_>,
    ) -> Option<()> {
        if head.kind == kind::OLD_PACKET {
            return self.old_packet(block, packets, sink);
        }
        if !matches!(head.kind, kind::INTERFACE | kind::PACKET | kind::SIMPLE_PACKET) {
            return Some(());
        }
        let parse = match self.order {
            ByteOrder::Little => parse_block_le,
            ByteOrder::Big => parse_block_be,
        };
        let Ok((_, parsed)) = parse(block) else {
            // It is counted all the same, so that the other packets keep their numbers.
            packets.count += u64::from(head.kind != kind::INTERFACE);
            return None;
        };
        match parsed {
            Block::InterfaceDescription(described) if self.interfaces.len() < MAX_INTERFACES => {
                self.interfaces.push(Interface::new(&described, self.order));
            }
            Block::EnhancedPacket(packet) => {
                let ticks = u64::from(packet.ts_high) << 32 | u64::from(packet.ts_low);
                let bytes = packet.data.get(..packet.caplen as usize).unwrap_or(packet.data);
                self.packet(packet.if_id, Some(ticks), bytes, packet.origlen, packets, sink);
            }
            Block::SimplePacket(packet) => {
                let snap_len = self.interfaces.first().map_or(0, |interface| interface.snap_len);
                let len = if snap_len == 0 { packet.origlen } else { packet.origlen.min(snap_len) };
                let bytes = packet.data.get(..len as usize).unwrap_or(packet.data);
                self.packet(0, None, bytes, packet.origlen, packets, sink);
            }
            _ => {}
        }
        Some(())
    }

    /// Reads a packet block of the form that is no longer written.
    fn old_packet(
        &self,
        block: &[u8],
        packets: &mut Packets,
        sink: &mut SegmentSink<'_>,
    ) -> Option<()> {
        let number = |at: usize| self.order.u32_at(block, at);
        let interface = number(8)?;
        let interface = match self.order {
            ByteOrder::Little => interface & 0xFFFF,
            ByteOrder::Big => interface >> 16,
        };
        let ticks = u64::from(number(12)?) << 32 | u64::from(number(16)?);
        let len = number(20)? as usize;
        let bytes = block.get(28..block.len() - 4)?;
        let bytes = bytes.get(..len)?;
        self.packet(interface, Some(ticks), bytes, number(24)?, packets, sink);
        Some(())
    }

    fn packet(
        &self,
        interface: u32,
        ticks: Option<u64>,
        bytes: &[u8],
        original: u32,
        packets: &mut Packets,
        sink: &mut SegmentSink<'_>,
    ) {
        let interface = self.interfaces.get(interface as usize).copied();
        let time = ticks.zip(interface).map(|(ticks, interface)| {
            Time::from_ticks(ticks, interface.ticks_per_second, interface.offset)
        });
        let packet = Packet {
            link_type: interface.map(|interface| interface.link_type),
            time,
            bytes,
            original: original as usize,
        };
        packets.packet(&packet, sink);
    }

    /// Skips to the next place where a block can begin: its type is known, and both its lengths
    /// agree.
    fn look_for_next(
        &mut self,
        rest: &[u8],
        lost_at: u64,
        pushed: Pushed,
        packets: &mut Packets,
    ) -> ReadStep {
        let mut start = 0;
        loop {
            let here = rest.get(start..).unwrap_or_default();
            let Some(head) = self.head(here).filter(|_| here.len() >= 12) else {
                if pushed == Pushed::All {
                    packets.remarks.find(CaptureFindingCode::RestUnread, lost_at);
                    return ReadStep::Lost;
                }
                break;
            };
            let is_candidate = kind::KNOWN.contains(&head.kind)
                && head.is_possible()
                && head.len <= MAX_RECOVERED_LEN;
            if is_candidate {
                let lengths = (here.get(4..8), here.get(head.len - 4..head.len));
                match lengths {
                    (Some(first), Some(last)) if first == last => {
                        self.lost_at = None;
                        break;
                    }
                    // All of it has to come to tell.
                    (_, None) if pushed == Pushed::SoFar => break,
                    _ => {}
                }
            }
            start += 1;
        }
        if start == 0 && self.lost_at.is_some() { ReadStep::More } else { ReadStep::Read(start) }
    }
}

impl BlockHead {
    /// Returns true if a block can have this length.
    const fn is_possible(self) -> bool {
        self.len >= 12 && self.len.is_multiple_of(4) && self.len <= MAX_BLOCK_LEN
    }
}

impl Interface {
    fn new(described: &InterfaceDescriptionBlock<'_>, order: ByteOrder) -> Self {
        let option = |code: OptionCode| {
            let found = described.options.iter().find(|option| option.code == code);
            found.map(PcapNGOption::value)
        };
        let resolution = option(OptionCode::IfTsresol).and_then(|value| value.first().copied());
        let offset = option(OptionCode::IfTsoffset).and_then(|value| order.i64(value));
        Self {
            link_type: described.linktype.0,
            snap_len: described.snaplen,
            ticks_per_second: ticks_per_second(resolution.unwrap_or(6)),
            offset: offset.unwrap_or(0),
        }
    }
}

/// The number of ticks in a second: a power of ten, or of two if the upper bit is set. Microseconds
/// are taken if that exceeds 64 bits.
fn ticks_per_second(resolution: u8) -> u64 {
    let exponent = u32::from(resolution & 0x7F);
    let base: u64 = if resolution & 0x80 == 0 { 10 } else { 2 };
    base.checked_pow(exponent).unwrap_or(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolutions_are_powers_of_ten_or_of_two() {
        for (resolution, ticks) in
            [(6, 1_000_000), (9, 1_000_000_000), (0x8A, 1024), (0x80, 1), (99, 1_000_000)]
        {
            assert_eq!(ticks_per_second(resolution), ticks);
        }
    }
}
