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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_either_order_and_signed() {
        let bytes = [1, 0, 0, 0, 0, 0, 0, 0xFF];
        assert_eq!(ByteOrder::Little.u32_at(&bytes, 0), Some(1));
        assert_eq!(ByteOrder::Big.u32_at(&bytes, 4), Some(0xFF));
        assert_eq!(ByteOrder::Little.i64(&bytes), Some(1 - (1 << 56)));
        assert_eq!(ByteOrder::Big.i64(&bytes), Some((1 << 56) + 0xFF));
        assert_eq!(ByteOrder::Big.u32_at(&bytes, 5), None);
        assert_eq!(ByteOrder::Little.i64(&bytes[1..]), None);
    }
}
