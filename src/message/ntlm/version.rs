//! `VERSION`, which a message states of its sender.

use crate::base::span::{Source, Span};
use crate::message::field::{Field, Value};

/// `VERSION`: which Windows the sender says it runs. For people reading logs; no check depends on
/// it.
///
/// Spec: [MS-NLMP] 2.2.2.10.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Version {
    /// `ProductMajorVersion`.
    pub major: u8,
    /// `ProductMinorVersion`.
    pub minor: u8,
    /// `ProductBuild`.
    pub build: u16,
    /// Three reserved bytes, zero by the specification.
    pub reserved: [u8; 3],
    /// `NTLMRevisionCurrent`, 15 in every current implementation.
    pub revision: u8,
    /// The first of its eight bytes.
    at: usize,
}

impl Version {
    /// Its size, in bytes.
    pub const SIZE: usize = 8;

    /// Reads the eight bytes at `offset`, if they exist.
    #[must_use]
    pub fn read(message: Source<'_>, offset: usize) -> Option<Self> {
        let [major, minor, low, high, r0, r1, r2, revision] = message.array(offset)?.value;
        let build = u16::from_le_bytes([low, high]);
        Some(Self { major, minor, build, reserved: [r0, r1, r2], revision, at: offset })
    }

    /// Its bytes.
    #[must_use]
    pub const fn span(&self) -> Span {
        Span::at(self.at, Self::SIZE)
    }

    /// Returns true if all of it is zero, as where the sender fills the place without stating a
    /// version.
    #[must_use]
    pub const fn is_zero(&self) -> bool {
        matches!(self, Self { major: 0, minor: 0, build: 0, reserved: [0, 0, 0], revision: 0, .. })
    }

    pub(crate) fn field<'m>(&self, message: Source<'m>) -> Field<'m> {
        let at = |start: usize, len: usize| Span::at(start, len).shifted(self.at);
        let reserved = at(4, 3);
        Field::structure(
            "Version",
            self.span(),
            vec![
                Field::leaf("ProductMajorVersion", at(0, 1), Value::U8(self.major)),
                Field::leaf("ProductMinorVersion", at(1, 1), Value::U8(self.minor)),
                Field::leaf("ProductBuild", at(2, 2), Value::U16(self.build)),
                Field::leaf("Reserved", reserved, Value::Bytes(message.slice(reserved))),
                Field::leaf("NTLMRevisionCurrent", at(7, 1), Value::U8(self.revision)),
            ],
        )
    }
}
