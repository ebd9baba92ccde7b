//! The reaction of a protocol's reader to the bytes it is given.

/// The reaction of a reader to bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Reaction {
    /// They are of no interest.
    Ignored,
    /// They are part of a message that is wanted.
    Wanted,
    /// From here on the connection speaks another protocol.
    Changes,
    /// From here on nothing can be read.
    Ends,
}
