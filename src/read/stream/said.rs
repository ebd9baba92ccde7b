//! What a reader of a protocol answers to the bytes it is given.

/// What a reader says of the bytes it was given.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Said {
    /// They are of no interest.
    Nothing,
    /// They are part of a message that is wanted.
    Wanted,
    /// From here on the connection speaks something else.
    Changes,
    /// From here on nothing can be read.
    Ends,
}
