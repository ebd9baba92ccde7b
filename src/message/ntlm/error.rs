//! The faults for which a field, or a message, cannot be read.

/// A field that could not be decoded, and where it begins.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{field} at byte {offset}: {kind}")]
pub struct DecodeError {
    /// The field as [MS-NLMP] names it, e.g. `AUTHENTICATE_MESSAGE.MIC`.
    pub field: &'static str,
    /// The offset of the field, in bytes from the start of the message.
    pub offset: usize,
    /// The fault of the field.
    pub kind: DecodeErrorKind,
}

/// A fault of a field.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The message ends before the field does.
    #[error("takes {needed} bytes, {available} left")]
    Truncated {
        /// Bytes the field takes.
        needed: usize,
        /// Bytes from its first one to the end of the message.
        available: usize,
    },
    /// `BufferOffset` and `Len` point outside the message.
    #[error(
        "Len {len} at BufferOffset {buffer_offset} reaches past the end of the {message_len}-byte message"
    )]
    OutOfBounds {
        /// `BufferOffset`, in bytes.
        buffer_offset: u32,
        /// `Len`, in bytes.
        len: u16,
        /// Size of the whole message, in bytes.
        message_len: usize,
    },
}

/// The bytes do not begin with the eight of `NTLMSSP\0`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the bytes do not begin with NTLMSSP and a zero byte")]
pub struct NotNtlm;
