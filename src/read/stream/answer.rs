//! The server's answer to a sign-in, in each protocol's own numbers.

use std::fmt;

use super::PacketPlace;
use crate::message::wire::NtStatus;

/// The server's final answer to a sign-in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Answer {
    /// The status of the protocol.
    pub status: Status,
    /// True if it let the client in as guest.
    pub is_guest: bool,
    /// True if it let the client in without an account.
    pub is_null: bool,
    /// The packet it is in.
    pub place: PacketPlace,
}

/// The status that a protocol ends a sign-in with.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Status {
    /// An NT status, of SMB.
    Nt(NtStatus),
    /// The status of a fault of DCE/RPC; 0 where the server went on.
    Rpc(u32),
    /// A result code of LDAP.
    Ldap(u32),
    /// A status of HTTP.
    Http(u16),
    /// A reply of SMTP.
    Smtp(u16),
    /// A word: true for `OK` of IMAP and POP3 and for `LOGINACK` of TDS, else false.
    Word(bool),
}

impl Status {
    /// Returns true if the client was let in.
    #[must_use]
    pub const fn is_accepted(self) -> bool {
        match self {
            Self::Nt(status) => status.0 == NtStatus::SUCCESS.0,
            Self::Rpc(status) | Self::Ldap(status) => status == 0,
            // A missing page, or an error of the program behind it, comes after the sign-in.
            Self::Http(status) => status != 401 && status != 407,
            Self::Smtp(status) => status < 400,
            Self::Word(is_yes) => is_yes,
        }
    }

    /// The NT status, if it is one.
    #[must_use]
    pub const fn nt(self) -> Option<NtStatus> {
        if let Self::Nt(status) = self { Some(status) } else { None }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nt(status) => status.fmt(f),
            Self::Rpc(0) => f.write_str("DCE/RPC response"),
            Self::Rpc(status) => write!(f, "DCE/RPC fault {status:#x}"),
            Self::Ldap(code) => write!(f, "LDAP result {code}"),
            Self::Http(status) => write!(f, "HTTP {status}"),
            Self::Smtp(status) => write!(f, "SMTP {status}"),
            Self::Word(true) => f.write_str("OK"),
            Self::Word(false) => f.write_str("refused"),
        }
    }
}
