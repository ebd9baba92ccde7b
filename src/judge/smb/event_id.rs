//! The numbers of the events that a server writes at a sign-in.

use std::fmt;

use serde::{Serialize, Serializer};

/// An event that a server writes at a sign-in; each stands for its number.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[repr(u16)]
#[non_exhaustive]
pub enum EventId {
    /// "SMB Session Authentication Failure", in the log SMBServer/Security.
    SessionFailed = 551,
    /// The client sent no SPN, in the log SMBServer/Audit.
    NoSpn = 3024,
    /// The SPN is not recognised, in the same log.
    UnknownSpn = 3025,
    /// The client sent an empty SPN, in the same log.
    EmptySpn = 3026,
    /// "An account was successfully logged on", in the log Security.
    LoggedOn = 4624,
    /// "An account failed to log on", in the log Security.
    LogonFailed = 4625,
    /// "SPN check for SMB/SMB2 failed", in the log Security.
    SpnCheckFailed = 5168,
}

impl EventId {
    /// The number of the event.
    #[must_use]
    pub const fn number(self) -> u16 {
        self as u16
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number().fmt(f)
    }
}

impl Serialize for EventId {
    /// The number.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(self.number())
    }
}
