//! The guess which protocol a connection speaks.

use super::Protocol;

/// A protocol that was detected.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum DetectedProtocol {
    Smb,
    /// SMB, with a message that begins somewhere in the bytes.
    SmbInside,
    Rpc,
    Ldap,
    Http,
    Mail(Protocol),
    Tds,
    Tls,
}

/// The guess by the first bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Guess {
    Is(DetectedProtocol),
    /// They can still become those of a protocol.
    More,
    No,
}
