//! The faults for which a field cannot be written.

/// A field that cannot be written.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{field}: {kind}")]
pub struct BuildError {
    /// The field as [MS-NLMP] names it, e.g. `UserName`; `AV_PAIR` for a pair of an unknown id.
    pub field: &'static str,
    /// The fault of the field.
    pub kind: BuildErrorKind,
}

/// The reason why a field cannot be written.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildErrorKind {
    /// More bytes than the 16 bits of a length can say.
    #[error("{len} bytes, and at most 65535 can be written")]
    TooLong {
        /// Its size, in bytes.
        len: usize,
    },
    /// A character that the message's character set has no bytes for.
    #[error("U+{:04X} cannot be written in the OEM code page, of which only ASCII is known", u32::from(*.character))]
    NotInCharset {
        /// The first such character.
        character: char,
    },
}

/// `Len` or `AvLen` of `bytes`.
pub(super) fn len_of(field: &'static str, bytes: &[u8]) -> Result<u16, BuildError> {
    let len = bytes.len();
    u16::try_from(len).map_err(|_| BuildError { field, kind: BuildErrorKind::TooLong { len } })
}
