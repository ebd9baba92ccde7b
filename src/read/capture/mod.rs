//! Capture files to TCP segments: bytes are pushed in, segments come out.
//!
//! A file is a sequence of packets (`pcap`, `pcapng`), a packet has a link layer (`link`), that
//! carries IP (`internet`, `fragments`), perhaps inside tunnels (`tunnel`). Packets that are not
//! read are counted and damage is noted ([`CaptureRemarks`]); neither ends the reading.

mod byte_order;
mod form;
mod fragments;
mod internet;
mod link;
mod pcap;
mod pcapng;
mod remarks;
mod segment;
mod time;
mod tunnel;

pub use form::{CaptureForm, CaptureRefusal};
pub use remarks::{CaptureFinding, CaptureFindingCode, CaptureRemarks, UnreadPackets};
pub use segment::{Segment, TcpFlags};
pub use time::Time;

use form::Recognised;
use internet::IpReader;
use pcap::Pcap;
use pcapng::Pcapng;

/// The longest packet that is read. Segmentation offload makes packets of up to 512 KiB; longer
/// ones are skipped by their length.
const MAX_PACKET_LEN: usize = 1 << 19;

/// The receiver of the segments, one after another.
pub type SegmentSink<'s> = dyn FnMut(&Segment<'_>) + 's;

/// A capture file that is being read.
#[derive(Debug)]
pub struct Capture {
    reader: Reader,
    form: Option<CaptureForm>,
    /// The bytes that were pushed and not read yet.
    pending: Vec<u8>,
    /// The offset of the first byte of `pending` in the file.
    at: u64,
    /// The number of bytes to skip, of those that come next.
    skip: u64,
    packets: Packets,
}

/// The state of reading the file.
#[derive(Debug)]
enum Reader {
    /// Too few bytes came to tell its form.
    Unknown,
    Pcap(Pcap),
    Pcapng(Pcapng),
    /// It is no capture that can be read.
    Refused(CaptureRefusal),
    /// It is damaged, and nothing more of it is read.
    Lost,
}

/// The part of the file that was pushed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Pushed {
    /// More may follow.
    SoFar,
    /// It ends here.
    All,
}

/// The result of reading at the start of the pending bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum ReadStep {
    /// So many bytes were read.
    Read(usize),
    /// So many bytes are skipped, even if they have not come yet.
    Skip(u64),
    /// More bytes are needed.
    More,
    /// Nothing more of the file can be read.
    Lost,
}

/// The packets that were read: their count and times, and the reader of what they carry.
#[derive(Debug, Default)]
struct Packets {
    internet: IpReader,
    remarks: CaptureRemarks,
    count: u64,
    first: Option<Time>,
    last: Option<Time>,
}

/// One packet of the file.
#[derive(Clone, Copy, Debug)]
struct Packet<'p> {
    /// Its link type; `None` if the file does not state it.
    link_type: Option<i32>,
    time: Option<Time>,
    bytes: &'p [u8],
    /// Its length on the wire.
    original: usize,
}

impl Packets {
    fn packet(&mut self, packet: &Packet<'_>, sink: &mut SegmentSink<'_>) {
        self.count += 1;
        let time = packet.time.unwrap_or_default();
        if packet.time.is_some() {
            self.note_time(time);
        }
        let Some(link_type) = packet.link_type else {
            self.remarks.count(UnreadPackets::NoInterface);
            return;
        };
        let info = segment::PacketInfo {
            packet: self.count,
            time,
            cut: packet.original.saturating_sub(packet.bytes.len()),
        };
        self.internet.packet(link_type, packet.bytes, info, &mut self.remarks, sink);
    }

    /// Keeps the earliest and the latest time; a packet far before the latest is remarked once.
    fn note_time(&mut self, time: Time) {
        if self.last.is_some_and(|last| time.seconds < last.seconds - 1) {
            self.remarks.once(CaptureFindingCode::TimeOrder, self.count);
        }
        self.first = Some(self.first.map_or(time, |first| first.min(time)));
        self.last = Some(self.last.map_or(time, |last| last.max(time)));
    }
}

impl Default for Capture {
    fn default() -> Self {
        Self {
            reader: Reader::Unknown,
            form: None,
            pending: Vec::new(),
            at: 0,
            skip: 0,
            packets: Packets::default(),
        }
    }
}

impl Capture {
    /// Reads the next bytes of the file. Only those of a packet that is not whole yet are kept.
    pub fn push(&mut self, mut bytes: &[u8], sink: &mut SegmentSink<'_>) {
        let skipped = usize::try_from(self.skip).unwrap_or(usize::MAX).min(bytes.len());
        self.skip -= skipped as u64;
        self.at += skipped as u64;
        bytes = bytes.get(skipped..).unwrap_or_default();
        if matches!(self.reader, Reader::Lost | Reader::Refused(_)) {
            self.at += bytes.len() as u64;
        } else if !bytes.is_empty() {
            self.pending.extend_from_slice(bytes);
            self.read(Pushed::SoFar, sink);
        }
    }

    /// Ends the file, and remarks it if it was cut.
    pub fn finish(&mut self, sink: &mut SegmentSink<'_>) {
        self.read(Pushed::All, sink);
        if matches!(self.reader, Reader::Unknown) {
            self.reader = Reader::Refused(CaptureRefusal::of(&self.pending));
        } else if !self.pending.is_empty() || self.skip > 0 {
            self.packets.remarks.find(CaptureFindingCode::Cut, self.at);
        }
        self.pending = Vec::new();
        self.packets.internet.finish(&mut self.packets.remarks);
    }

    /// Reads the whole packets in `pending`, and keeps the rest.
    fn read(&mut self, pushed: Pushed, sink: &mut SegmentSink<'_>) {
        let pending = std::mem::take(&mut self.pending);
        let mut read = 0;
        loop {
            let rest = pending.get(read..).unwrap_or_default();
            let at = self.at + read as u64;
            let step = match &mut self.reader {
                Reader::Unknown => match form::recognise(rest) {
                    Recognised::Pcap(pcap, len) => {
                        self.reader = Reader::Pcap(pcap);
                        self.form = Some(CaptureForm::Pcap);
                        ReadStep::Read(len)
                    }
                    Recognised::Pcapng => {
                        self.reader = Reader::Pcapng(Pcapng::default());
                        self.form = Some(CaptureForm::Pcapng);
                        ReadStep::Read(0)
                    }
                    Recognised::Other(refusal) => {
                        self.reader = Reader::Refused(refusal);
                        ReadStep::Lost
                    }
                    Recognised::MoreIsNeeded => ReadStep::More,
                },
                Reader::Pcap(pcap) => pcap.step(rest, at, pushed, &mut self.packets, sink),
                Reader::Pcapng(pcapng) => pcapng.step(rest, at, pushed, &mut self.packets, sink),
                Reader::Refused(_) | Reader::Lost => ReadStep::Lost,
            };
            match step {
                ReadStep::Read(len) => read += len,
                ReadStep::Skip(len) => {
                    let there = rest.len().min(usize::try_from(len).unwrap_or(usize::MAX));
                    read += there;
                    self.skip = len - there as u64;
                }
                ReadStep::More => break,
                ReadStep::Lost => {
                    if !matches!(self.reader, Reader::Refused(_)) {
                        self.reader = Reader::Lost;
                    }
                    read = pending.len();
                    break;
                }
            }
        }
        self.at += read as u64;
        self.pending = pending;
        self.pending.drain(..read.min(self.pending.len()));
    }

    /// The form of the file; `None` if it was not recognised.
    #[must_use]
    pub const fn form(&self) -> Option<CaptureForm> {
        self.form
    }

    /// The reason why nothing of the file was read; `None` if it is a capture.
    #[must_use]
    pub const fn refusal(&self) -> Option<CaptureRefusal> {
        if let Reader::Refused(refusal) = &self.reader { Some(*refusal) } else { None }
    }

    /// The findings about the file, and what of it was not read.
    #[must_use]
    pub const fn remarks(&self) -> &CaptureRemarks {
        &self.packets.remarks
    }

    /// The number of packets read so far.
    #[must_use]
    pub const fn packets(&self) -> u64 {
        self.packets.count
    }

    /// The earliest and the latest time of its packets.
    #[must_use]
    pub fn times(&self) -> Option<(Time, Time)> {
        self.packets.first.zip(self.packets.last)
    }
}

/// The form of a file that begins with `head`; `None` if it is no capture.
#[must_use]
pub fn recognise_form(head: &[u8]) -> Option<CaptureForm> {
    match form::recognise(head) {
        Recognised::Pcap(..) => Some(CaptureForm::Pcap),
        Recognised::Pcapng => Some(CaptureForm::Pcapng),
        Recognised::Other(_) | Recognised::MoreIsNeeded => None,
    }
}
