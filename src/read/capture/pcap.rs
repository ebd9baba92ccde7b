//! The older form of capture files: a header, and packets behind one another.

use pcap_parser::{LegacyPcapBlock, PcapHeader, pcap};

use super::{
    FindingCode, LONGEST_PACKET, Packet, Packets, Pushed, Sink, Step, Time, byte_order::ByteOrder,
};

/// How such a file is written.
#[derive(Debug)]
pub(super) struct Pcap {
    link_type: i32,
    layout: Layout,
    /// How many fractions of a second the second number counts.
    fractions: u32,
    /// Where the last packet that could be read ended, when one could not be.
    lost_at: Option<u64>,
    /// The time of the last packet.
    last: Option<i64>,
}

/// How the header of a packet is written.
#[derive(Clone, Copy, Debug)]
enum Layout {
    LittleEndian,
    BigEndian,
    /// With eight bytes more.
    Modified,
}

impl Layout {
    const fn byte_order(self) -> ByteOrder {
        match self {
            Self::BigEndian => ByteOrder::Big,
            Self::LittleEndian | Self::Modified => ByteOrder::Little,
        }
    }
}

/// A packet that is longer is none. The header says how much was asked for at most, and is wrong at
/// times.
const LONGEST_RECORD: usize = 1 << 18;

/// How far the next packet is looked for behind damage.
const FARTHEST: u64 = 1 << 18;

/// Two packets behind one another are not farther apart in time, in seconds.
const FARTHEST_TIME: u64 = 7 * 86_400;

impl Pcap {
    pub(super) fn new(header: &PcapHeader) -> Self {
        let layout = if header.is_modified_format() {
            Layout::Modified
        } else if header.is_bigendian() {
            Layout::BigEndian
        } else {
            Layout::LittleEndian
        };
        // The upper bits say how long the check sequence is, if there is one.
        let link_type = header.network.0 & 0xFFFF;
        let fractions = if header.is_nanosecond_precision() { 1_000_000_000 } else { 1_000_000 };
        Self { link_type, layout, fractions, lost_at: None, last: None }
    }

    /// Reads the packet that `rest`, the bytes from `at` on, begins with.
    pub(super) fn step(
        &mut self,
        rest: &[u8],
        at: u64,
        pushed: Pushed,
        packets: &mut Packets,
        sink: &mut Sink<'_>,
    ) -> Step {
        if let Some(lost_at) = self.lost_at {
            return self.look_for_next(rest, at, lost_at, pushed, packets);
        }
        let Some(len) = self.record_len(rest) else { return Step::More };
        if len > LONGEST_RECORD {
            packets.notes.find(FindingCode::PacketLength, at);
            self.lost_at = Some(at);
            return Step::Read(1);
        }
        let Some((record, len)) = self.record(rest) else { return Step::More };
        debug_assert!(record.data.len() <= LONGEST_PACKET, "a record is no longer than a packet");
        self.last = Some(i64::from(record.ts_sec));
        let fraction = u64::from(record.ts_usec) * (1_000_000_000 / u64::from(self.fractions));
        let ticks = u64::from(record.ts_sec) * 1_000_000_000 + fraction;
        let packet = Packet {
            link_type: Some(self.link_type),
            time: Some(Time::from_ticks(ticks, 1_000_000_000, 0)),
            bytes: record.data,
            original: record.origlen as usize,
        };
        packets.packet(&packet, sink);
        Step::Read(len)
    }

    /// How many bytes the packet has that `rest` begins with; `None` where its header is not there
    /// yet.
    fn record_len(&self, rest: &[u8]) -> Option<usize> {
        Some(self.layout.byte_order().u32_at(rest, 8)? as usize)
    }

    /// The packet that `rest` begins with, and how many bytes it takes.
    fn record<'r>(&self, rest: &'r [u8]) -> Option<(LegacyPcapBlock<'r>, usize)> {
        let (left, record) = match self.layout {
            Layout::LittleEndian => pcap::parse_pcap_frame(rest),
            Layout::BigEndian => pcap::parse_pcap_frame_be(rest),
            Layout::Modified => pcap::parse_pcap_frame_modified(rest),
        }
        .ok()?;
        Some((record, rest.len() - left.len()))
    }

    /// Goes on to the next place where a packet can begin.
    fn look_for_next(
        &mut self,
        rest: &[u8],
        at: u64,
        lost_at: u64,
        pushed: Pushed,
        packets: &mut Packets,
    ) -> Step {
        if at - lost_at > FARTHEST || pushed == Pushed::All && rest.len() < 16 {
            packets.notes.find(FindingCode::RestUnread, lost_at);
            return Step::Lost;
        }
        match self.can_be_packet(rest, pushed) {
            None => Step::More,
            Some(false) => Step::Read(1),
            Some(true) => {
                self.lost_at = None;
                Step::Read(0)
            }
        }
    }

    /// Whether `rest` begins as a packet and another follows it or the end; `None` where more has
    /// to come to tell.
    fn can_be_packet(&self, rest: &[u8], pushed: Pushed) -> Option<bool> {
        if rest.len() < 16 {
            return None;
        }
        if !self.is_plausible(rest) {
            return Some(false);
        }
        let Some((_, len)) = self.record(rest) else {
            return (pushed == Pushed::All).then_some(false);
        };
        let next = rest.get(len..).unwrap_or_default();
        match next.len() {
            0 if pushed == Pushed::All => Some(true),
            16.. => Some(self.is_plausible(next)),
            _ if pushed == Pushed::All => Some(false),
            _ => None,
        }
    }

    /// Whether the header at the start of `rest` has numbers as a packet has them.
    fn is_plausible(&self, rest: &[u8]) -> bool {
        let order = self.layout.byte_order();
        let number = |at: usize| order.u32_at(rest, at).unwrap_or_default();
        let [seconds, fraction, len, original] = [0, 4, 8, 12].map(number);
        let near = |last: i64| last.abs_diff(i64::from(seconds)) <= FARTHEST_TIME;
        fraction < self.fractions
            && len > 0
            && len <= original
            && (original as usize) <= LONGEST_RECORD
            && self.last.is_none_or(near)
    }
}
