//! Capture files to TCP segments: bytes are pushed in, segments come out.
//!
//! A file is a row of packets (`pcap`, `pcapng`), a packet has a link layer (`link`), that carries
//! IP (`internet`, `fragments`), perhaps inside tunnels (`tunnel`). What is not read is counted and
//! what is damaged is noted ([`Notes`]); neither ends the reading.

mod byte_order;
mod form;
mod fragments;
mod internet;
mod link;
mod notes;
mod pcap;
mod pcapng;
mod segment;
mod time;
mod tunnel;

pub use form::{Form, Refusal};
pub use notes::{Finding, FindingCode, Notes, Unread};
pub use segment::{Flags, Segment};
pub use time::Time;

use form::Recognised;
use internet::Internet;
use pcap::Pcap;
use pcapng::Pcapng;

/// The longest packet that is read. Offload makes packets of up to 512 KiB; what is longer is
/// passed over by its length.
const LONGEST_PACKET: usize = 1 << 19;

/// Takes the segments, one after another.
pub type Sink<'s> = dyn FnMut(&Segment<'_>) + 's;

/// A capture file that is being read.
#[derive(Debug)]
pub struct Capture {
    reader: Reader,
    form: Option<Form>,
    /// What was pushed and not read yet.
    pending: Vec<u8>,
    /// Where the first byte of `pending` stands in the file.
    at: u64,
    /// How many bytes to pass over, of those that come next.
    skip: u64,
    packets: Packets,
}

/// How the file is read.
#[derive(Debug)]
enum Reader {
    /// Its first bytes do not yet tell.
    Unknown,
    Pcap(Pcap),
    Pcapng(Pcapng),
    /// It is no capture that can be read.
    Refused(Refusal),
    /// It is damaged so that nothing more of it is read.
    Lost,
}

/// How much of the file was pushed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Pushed {
    /// More may follow.
    SoFar,
    /// It ends here.
    All,
}

/// What comes next in `pending`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Step {
    /// So many bytes were read.
    Read(usize),
    /// So many bytes are passed over, whether they are there yet or not.
    Skip(u64),
    /// More has to come first.
    More,
    /// Nothing more of the file can be read.
    Lost,
}

/// The packets that were found, and where they lead.
#[derive(Debug, Default)]
struct Packets {
    internet: Internet,
    notes: Notes,
    count: u64,
    first: Option<Time>,
    last: Option<Time>,
}

/// One packet of the file.
#[derive(Clone, Copy, Debug)]
struct Packet<'p> {
    /// Its link type; `None` where nothing in the file says it.
    link_type: Option<i32>,
    time: Option<Time>,
    bytes: &'p [u8],
    /// How long it was on the wire.
    original: usize,
}

impl Packets {
    fn packet(&mut self, packet: &Packet<'_>, sink: &mut Sink<'_>) {
        self.count += 1;
        let time = packet.time.unwrap_or_default();
        if packet.time.is_some() {
            self.note_time(time);
        }
        let Some(link_type) = packet.link_type else {
            self.notes.count(Unread::NoInterface);
            return;
        };
        let place = segment::Place {
            packet: self.count,
            time,
            cut: packet.original.saturating_sub(packet.bytes.len()),
        };
        self.internet.packet(link_type, packet.bytes, place, &mut self.notes, sink);
    }

    /// Keeps the earliest and the latest time; a packet far before the latest is remarked once.
    fn note_time(&mut self, time: Time) {
        if self.last.is_some_and(|last| time.seconds < last.seconds - 1) {
            self.notes.once(FindingCode::TimeOrder, self.count);
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
    /// Reads on. What was pushed is kept only where a packet is not whole yet.
    pub fn push(&mut self, mut bytes: &[u8], sink: &mut Sink<'_>) {
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

    /// Ends the file: says where it was cut.
    pub fn finish(&mut self, sink: &mut Sink<'_>) {
        self.read(Pushed::All, sink);
        if matches!(self.reader, Reader::Unknown) {
            self.reader = Reader::Refused(Refusal::of(&self.pending));
        } else if !self.pending.is_empty() || self.skip > 0 {
            self.packets.notes.find(FindingCode::Cut, self.at);
        }
        self.pending = Vec::new();
        self.packets.internet.finish(&mut self.packets.notes);
    }

    /// Reads what is whole of `pending`, and keeps the rest.
    fn read(&mut self, pushed: Pushed, sink: &mut Sink<'_>) {
        let pending = std::mem::take(&mut self.pending);
        let mut read = 0;
        loop {
            let rest = pending.get(read..).unwrap_or_default();
            let at = self.at + read as u64;
            let step = match &mut self.reader {
                Reader::Unknown => match form::recognise(rest) {
                    Recognised::Pcap(pcap, len) => {
                        self.reader = Reader::Pcap(pcap);
                        self.form = Some(Form::Pcap);
                        Step::Read(len)
                    }
                    Recognised::Pcapng => {
                        self.reader = Reader::Pcapng(Pcapng::default());
                        self.form = Some(Form::Pcapng);
                        Step::Read(0)
                    }
                    Recognised::Other(refusal) => {
                        self.reader = Reader::Refused(refusal);
                        Step::Lost
                    }
                    Recognised::MoreIsNeeded => Step::More,
                },
                Reader::Pcap(pcap) => pcap.step(rest, at, pushed, &mut self.packets, sink),
                Reader::Pcapng(pcapng) => pcapng.step(rest, at, pushed, &mut self.packets, sink),
                Reader::Refused(_) | Reader::Lost => Step::Lost,
            };
            match step {
                Step::Read(len) => read += len,
                Step::Skip(len) => {
                    let there = rest.len().min(usize::try_from(len).unwrap_or(usize::MAX));
                    read += there;
                    self.skip = len - there as u64;
                }
                Step::More => break,
                Step::Lost => {
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

    /// The form of the file, where it was recognised.
    #[must_use]
    pub const fn form(&self) -> Option<Form> {
        self.form
    }

    /// Why nothing of the file was read; `None` where it is a capture.
    #[must_use]
    pub const fn refusal(&self) -> Option<Refusal> {
        if let Reader::Refused(refusal) = &self.reader { Some(*refusal) } else { None }
    }

    /// What is odd about the file, and what of it was not read.
    #[must_use]
    pub const fn notes(&self) -> &Notes {
        &self.packets.notes
    }

    /// How many packets were read so far.
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

/// The form that bytes which begin like this have, where they are a capture.
#[must_use]
pub fn recognised(head: &[u8]) -> Option<Form> {
    match form::recognise(head) {
        Recognised::Pcap(..) => Some(Form::Pcap),
        Recognised::Pcapng => Some(Form::Pcapng),
        Recognised::Other(_) | Recognised::MoreIsNeeded => None,
    }
}
