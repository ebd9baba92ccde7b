//! The form of a capture file, recognised by its first bytes, and the reasons why a file of another
//! form is not read.

use std::fmt;

use pcap_parser::parse_pcap_header;

use super::pcap::Pcap;

/// The form of a capture file.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum CaptureForm {
    /// The older form, of `tcpdump`.
    Pcap,
    /// The newer form, of Wireshark.
    Pcapng,
}

impl CaptureForm {
    /// The stable name in the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pcap => "pcap",
            Self::Pcapng => "pcapng",
        }
    }
}

/// The reason why a file is not read.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum CaptureRefusal {
    /// Nothing is in it.
    Empty,
    /// Its form is not known.
    Unknown,
    /// It is a trace of Windows.
    Etl,
    /// It is a capture of Network Monitor.
    NetworkMonitor,
    /// It is a capture of `snoop`.
    Snoop,
    /// It is an event log.
    EventLog,
    /// It is a zip archive.
    Zip,
    /// It is compressed with zstd.
    Zstd,
    /// It is compressed with gzip.
    Gzip,
}

/// The first bytes of files of other forms.
const OTHERS: [(&[u8], CaptureRefusal); 8] = [
    (b"GMBU", CaptureRefusal::NetworkMonitor),
    (b"RTSS", CaptureRefusal::NetworkMonitor),
    (b"snoop\0\0\0", CaptureRefusal::Snoop),
    (b"ElfFile\0", CaptureRefusal::EventLog),
    (b"PK\x03\x04", CaptureRefusal::Zip),
    (b"\x28\xB5\x2F\xFD", CaptureRefusal::Zstd),
    (b"\x1F\x8B", CaptureRefusal::Gzip),
    // A trace begins with the size of its buffers and three numbers that are always the same.
    (b"\0\0\x01\0", CaptureRefusal::Etl),
];

impl CaptureRefusal {
    /// The reason why a file that begins like this is not read.
    pub(super) fn of(head: &[u8]) -> Self {
        if head.is_empty() {
            return Self::Empty;
        }
        let known = OTHERS.iter().find(|(begins, _)| head.starts_with(begins));
        known.map_or(Self::Unknown, |(_, refusal)| *refusal)
    }
}

impl fmt::Display for CaptureRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "The file is empty.",
            Self::Unknown => "This is not a capture: it begins neither as pcap nor as pcapng.",
            Self::Etl => "This may be a Windows trace (ETL). Convert it with etl2pcapng.",
            Self::NetworkMonitor => "This is a Network Monitor capture. Convert it with editcap.",
            Self::Snoop => "This is a snoop capture. Convert it with editcap.",
            Self::EventLog => "This is an event log (EVTX), which is not read yet.",
            Self::Zip => "This is a zip archive. Unpack it first.",
            Self::Zstd => "This is compressed with zstd. Unpack it first.",
            Self::Gzip => "This is compressed with gzip. Unpack it first.",
        })
    }
}

/// The form that the first bytes of a file show.
#[derive(Debug)]
pub(super) enum Recognised {
    /// A pcap file, and the length of its header.
    Pcap(Pcap, usize),
    /// A pcapng file.
    Pcapng,
    /// A file of another form.
    Other(CaptureRefusal),
    /// More bytes are needed.
    MoreIsNeeded,
}

/// The type of the block that every pcapng file begins with.
const SECTION_HEADER: &[u8] = b"\x0A\x0D\x0D\x0A";

pub(super) fn recognise(head: &[u8]) -> Recognised {
    if head.starts_with(SECTION_HEADER) {
        return Recognised::Pcapng;
    }
    match parse_pcap_header(head) {
        Ok((rest, header)) => Recognised::Pcap(Pcap::new(&header), head.len() - rest.len()),
        Err(nom::Err::Incomplete(_)) => Recognised::MoreIsNeeded,
        Err(_) if head.len() < 8 => Recognised::MoreIsNeeded,
        Err(_) => Recognised::Other(CaptureRefusal::of(head)),
    }
}
