//! The files of an audit: their sizes, and what of them was not read.

use crate::read::{
    capture::{Capture, CaptureForm, CaptureRefusal, Time},
    stream::Streams,
};

/// A file that was read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Input {
    /// The name of the file.
    pub name: String,
    /// Its form, where it is known.
    pub form: Option<CaptureForm>,
    /// The reason why nothing of it was read.
    pub refusal: Option<CaptureRefusal>,
    /// The number of bytes read.
    pub bytes: u64,
    /// The number of its packets.
    pub packets: u64,
    /// The earliest and the latest time of its packets.
    pub times: Option<(Time, Time)>,
    /// The remarks about it.
    pub remarks: Vec<Remark>,
    /// The number of further remarks.
    pub remarks_left_out: u64,
    /// The parts that were not read, and how often each was met.
    pub unread: Vec<(String, u64)>,
}

/// Something odd about a file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Remark {
    /// `warning` where rows may be missing or wrong, else `note`.
    pub severity: &'static str,
    /// Its stable code.
    pub code: &'static str,
    /// The byte of the file, or the number of the packet.
    pub at: u64,
    /// One sentence.
    pub message: String,
}

impl Input {
    pub(super) const fn new(name: String) -> Self {
        Self {
            name,
            form: None,
            refusal: None,
            bytes: 0,
            packets: 0,
            times: None,
            remarks: Vec::new(),
            remarks_left_out: 0,
            unread: Vec::new(),
        }
    }

    /// Takes over what was learned of the file.
    pub(super) fn finish(&mut self, capture: &Capture, streams: &Streams) {
        self.form = capture.form();
        self.refusal = capture.refusal();
        self.packets = capture.packets();
        self.times = capture.times();
        let of_file = capture.remarks().findings().iter().map(|finding| Remark {
            severity: finding.code.severity(),
            code: finding.code.as_str(),
            at: finding.at,
            message: finding.to_string(),
        });
        let of_streams = streams.remarks().findings().iter().map(|finding| Remark {
            severity: "warning",
            code: finding.code.as_str(),
            at: finding.packet,
            message: finding.to_string(),
        });
        self.remarks = of_file.chain(of_streams).collect();
        self.remarks_left_out = capture.remarks().left_out() + streams.remarks().left_out();
        let of_file = capture.remarks().unread().map(|(what, count)| (what.to_string(), count));
        let of_streams = streams.remarks().unread().map(|(what, count)| (what.to_string(), count));
        self.unread = of_file.chain(of_streams).collect();
    }
}
