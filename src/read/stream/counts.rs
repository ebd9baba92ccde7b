use std::fmt;

use crate::read::remarks::Remarks;

/// What is odd about the connections of a capture, and what of them was not read.
pub type Counts = Remarks<Finding, Unread>;

impl Counts {
    pub(super) fn find(&mut self, code: FindingCode, packet: u64) {
        self.add(Finding { code, packet });
    }
}

/// Something odd about a connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Finding {
    /// What it is.
    pub code: FindingCode,
    /// The number of the packet that shows it.
    pub packet: u64,
}

/// What can be odd about a connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum FindingCode {
    /// Bytes came a second time, as others.
    OverlapDiffers,
    /// A message that should carry a token is longer than one can be.
    MessageTooLong,
}

impl FindingCode {
    /// The stable text, `stream/what`.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::OverlapDiffers => "stream/overlap-differs",
            Self::MessageTooLong => "stream/message-too-long",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let packet = self.packet;
        match self.code {
            FindingCode::OverlapDiffers => write!(
                f,
                "Packet {packet} repeats bytes of its connection with other values. The first ones count here; a receiver may have taken the others."
            ),
            FindingCode::MessageTooLong => write!(
                f,
                "The message in packet {packet} is longer than 66 KiB, which no sign-in is, so it is not decoded."
            ),
        }
    }
}

/// What of the connections is not read.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Unread {
    /// Encrypted from the start: sign-ins in them cannot be seen.
    Tls,
    /// Turned to TLS.
    StartTls,
    /// Given up since there were too many, or they held too much.
    GivenUp,
    /// Runs of bytes that are not in the capture.
    Holes,
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tls => "connections encrypted from the start, in which sign-ins cannot be seen",
            Self::StartTls => {
                "connections that turned to TLS, in which later sign-ins cannot be seen"
            }
            Self::GivenUp => "connections given up early to bound memory",
            Self::Holes => "runs of bytes that the capture does not have",
        })
    }
}
