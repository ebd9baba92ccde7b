//! `VERSION` from its parts.

use crate::message::ntlm;

/// `VERSION`, without its place.
///
/// Spec: [MS-NLMP] 2.2.2.10.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Version {
    /// `ProductMajorVersion`.
    pub major: u8,
    /// `ProductMinorVersion`.
    pub minor: u8,
    /// `ProductBuild`.
    pub build: u16,
    /// Three reserved bytes, zero by the specification.
    pub reserved: [u8; 3],
    /// `NTLMRevisionCurrent`.
    pub revision: u8,
}

impl Version {
    /// As Windows states it: reserved bytes zero, revision 15.
    #[must_use]
    pub const fn windows(major: u8, minor: u8, build: u16) -> Self {
        Self { major, minor, build, reserved: [0; 3], revision: 15 }
    }

    /// Its eight bytes.
    #[must_use]
    pub const fn bytes(self) -> [u8; ntlm::Version::SIZE] {
        let [low, high] = self.build.to_le_bytes();
        let [r0, r1, r2] = self.reserved;
        [self.major, self.minor, low, high, r0, r1, r2, self.revision]
    }
}

impl From<ntlm::Version> for Version {
    fn from(version: ntlm::Version) -> Self {
        let ntlm::Version { major, minor, build, reserved, revision, .. } = version;
        Self { major, minor, build, reserved, revision }
    }
}
