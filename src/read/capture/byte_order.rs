//! The order of the bytes in a capture file's numbers, which each file says for itself.

/// The order of the bytes of a number.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum ByteOrder {
    /// The least significant byte first.
    #[default]
    Little,
    /// The most significant byte first.
    Big,
}

impl ByteOrder {
    /// The number in the four bytes at `at`; `None` where they are not there.
    pub(super) fn u32_at(self, bytes: &[u8], at: usize) -> Option<u32> {
        let number = bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Self::Little => u32::from_le_bytes(*number),
            Self::Big => u32::from_be_bytes(*number),
        })
    }

    /// The signed number in the first eight bytes; `None` where they are not there.
    pub(super) fn i64(self, bytes: &[u8]) -> Option<i64> {
        let number = bytes.first_chunk()?;
        Some(match self {
            Self::Little => i64::from_le_bytes(*number),
            Self::Big => i64::from_be_bytes(*number),
        })
    }
}
