//! Remarks on the connections of a capture: findings about them, and what of them is not read.

use std::fmt;

use crate::read::remarks::Remarks;

/// The findings about the connections of a capture, and what of them was not read.
pub type StreamRemarks = Remarks<StreamFinding, UnreadStreams>;

impl StreamRemarks {
    pub(super) fn find(&mut self, code: StreamFindingCode, packet: u64) {
        self.add(StreamFinding { code, packet });
    }
}

/// A finding about a connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct StreamFinding {
    /// The kind of finding.
    pub code: StreamFindingCode,
    /// The number of the packet that shows it.
    pub packet: u64,
}

/// The kinds of findings about a connection.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum StreamFindingCode {
    /// Bytes came a second time with other values.
    OverlapDiffers,
    /// A message that should carry a token is longer than one can be.
    MessageTooLong,
}

impl StreamFindingCode {
    /// The stable text, `stream/what`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OverlapDiffers => "stream/overlap-differs",
            Self::MessageTooLong => "stream/message-too-long",
        }
    }
}

impl fmt::Display for StreamFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let packet = self.packet;
        match self.code {
            StreamFindingCode::OverlapDiffers => write!(
                f,
                "Packet {packet} repeats bytes of its connection with other values. The first ones count here; a receiver may have taken the others."
            ),
            StreamFindingCode::MessageTooLong => write!(
                f,
                "The message in packet {packet} is longer than 66 KiB, which no sign-in is, so it is not decoded."
            ),
        }
    }
}

/// The parts of connections that are not read.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum UnreadStreams {
    /// Connections encrypted from the start: sign-ins in them cannot be seen.
    Tls,
    /// Connections that turned to TLS.
    StartTls,
    /// Connections given up since there were too many, or they held too much.
    GivenUp,
    /// Runs of bytes that are not in the capture.
    Holes,
}

impl fmt::Display for UnreadStreams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tls => "connections encrypted from the start, in which sign-ins cannot be seen",
            Self::StartTls => {
                "connections that turned to TLS, in which later sign-ins cannot be seen"
            }
            Self::GivenUp => "connections given up early to save memory",
            Self::Holes => "runs of bytes that the capture does not have",
        })
    }
}
