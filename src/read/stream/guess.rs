//! Which protocol a connection may speak.

use super::Protocol;

/// A protocol that was recognised.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Detected {
    Smb,
    /// SMB, of which a message begins somewhere in the bytes.
    SmbInside,
    Rpc,
    Ldap,
    Http,
    Mail(Protocol),
    Tds,
    Tls,
}

/// What the first bytes tell.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Guess {
    Is(Detected),
    /// They can still become one.
    More,
    No,
}
