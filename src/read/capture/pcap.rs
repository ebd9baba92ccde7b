//! The older form of capture files: a header, and packets one after another.

use pcap_parser::{LegacyPcapBlock, PcapHeader, pcap};

use super::{
    CaptureFindingCode, MAX_PACKET_LEN, Packet, Packets, Pushed, ReadStep, SegmentSink, Time,
    byte_order::ByteOrder,
};

/// The state of reading such a file.
#[derive(Debug)]
pub(super) struct Pcap {
    link_type: i32,
    layout: Layout,
    /// The number of fractions in a second, as time stamps count them.
    fractions: u32,
    /// The end of the last packet that could be read, while the next one is looked for.
    lost_at: Option<u64>,
    /// The time of the last packet.
    last: Option<i64>,
}

/// The layout of a packet's header.
#[derive(Clone, Copy, Debug)]
enum Layout {
    LittleEndian,
    BigEndian,
    /// The modified format, with eight bytes more.
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

/// The longest packet. The file's own limit is not trusted, since it is wrong at times.
const MAX_RECORD_LEN: usize = 1 << 18;

/// The most bytes behind damage in which the next packet is looked for.
const MAX_SEARCH: u64 = 1 << 18;

/// The longest time between two packets, in seconds.
const MAX_TIME_STEP: u64 = 7 * 86_400;

impl Pcap {
    pub(super) fn new(header: &PcapHeader) -> Self {
        let layout = if header.is_modified_format() {
            Layout::Modified
        } else if header.is_bigendian() {
            Layout::BigEndian
        } else {
            Layout::LittleEndian
        };
        // The upper bits are the length of the check sequence, if there is one.
        let link_type = header.network.0 & 0xFFFF;
        let fractions = if header.is_nanosecond_precision() { 1_000_000_000 } else { 1_000_000 };
        Self { link_type, layout, fractions, lost_at: None, last: None }
    }

    /// Reads the packet at the start of `rest`, the bytes of the file from `at` on.
    pub(super) fn step(
        &mut self,
        rest: &[u8],
        at: u64,
        pushed: Pushed,
        packets: &mut Packets,
        sink: &mut SegmentSink<'_>,
    ) -> ReadStep {
        if let Some(lost_at) = self.lost_at {
            return self.look_for_next(rest, at, lost_at, pushed, packets);
        }
        let Some(len) = self.record_len(rest) else { return ReadStep::More };
        if len > MAX_RECORD_LEN {
            packets.remarks.find(CaptureFindingCode::PacketLength, at);
            self.lost_at = Some(at);
            return ReadStep::Read(1);
        }
        let Some((record, len)) = self.record(rest) else { return ReadStep::More };
        debug_assert!(record.data.len() <= MAX_PACKET_LEN, "a record is no longer than a packet");
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
        ReadStep::Read(len)
    }

    /// The length of the packet at the start of `rest`; `None` if its header has not come yet.
    fn record_len(&self, rest: &[u8]) -> Option<usize> {
        Some(self.layout.byte_order().u32_at(rest, 8)? as usize)
    }

    /// The packet at the start of `rest`, and its length with the header.
    fn record<'r>(&self, rest: &'r [u8]) -> Option<(LegacyPcapBlock<'r>, usize)> {
        let (left, record) = match self.layout {
            Layout::LittleEndian => pcap::parse_pcap_frame(rest),
            Layout::BigEndian => pcap::parse_pcap_frame_be(rest),
            Layout::Modified => pcap::parse_pcap_frame_modified(rest),
        }
        .ok()?;
        Some((record, rest.len() - left.len()))
    }

    /// Skips to the next place where a packet can begin.
    fn look_for_next(
        &mut self,
        rest: &[u8],
        at: u64,
        lost_at: u64,
        pushed: Pushed,
        packets: &mut Packets,
    ) -> ReadStep {
        if at - lost_at > MAX_SEARCH || pushed == Pushed::All && rest.len() < 16 {
            packets.remarks.find(CaptureFindingCode::RestUnread, lost_at);
            return ReadStep::Lost;
        }
        match self.can_be_packet(rest, pushed) {
            None => ReadStep::More,
            Some(false) => ReadStep::Read(1),
            Some(true) => {
                self.lost_at = None;
                ReadStep::Read(0)
            }
        }
    }

    /// Returns true if `rest` begins with a packet that another or the end follows; `None` if more
    /// bytes are needed to tell.
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

    /// Returns true if the header at the start of `rest` is plausible.
    fn is_plausible(&self, rest: &[u8]) -> bool {
        let order = self.layout.byte_order();
        let number = |at: usize| order.u32_at(rest, at).unwrap_or_default();
        let [seconds, fraction, len, original] = [0, 4, 8, 12].map(number);
        let near = |last: i64| last.abs_diff(i64::from(seconds)) <= MAX_TIME_STEP;
        fraction < self.fractions
            && len > 0
            && len <= original
            && (original as usize) <= MAX_RECORD_LEN
            && self.last.is_none_or(near)
    }
}
