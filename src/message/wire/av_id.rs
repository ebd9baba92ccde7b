//! The ids of AV pairs.

use std::fmt;

use bitflags::bitflags;

/// The `AvId` of an `AV_PAIR`. Values that the specification does not name are kept as they are.
///
/// Spec: [MS-NLMP] 2.2.2.1.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct AvId(pub u16);

#[expect(non_upper_case_globals, reason = "names as in [MS-NLMP]")]
impl AvId {
    /// Ends the list.
    pub const MsvAvEOL: Self = Self(0);
    /// The server's NetBIOS computer name.
    pub const MsvAvNbComputerName: Self = Self(1);
    /// The server's NetBIOS domain name.
    pub const MsvAvNbDomainName: Self = Self(2);
    /// The server's fully qualified name.
    pub const MsvAvDnsComputerName: Self = Self(3);
    /// The DNS name of the server's domain.
    pub const MsvAvDnsDomainName: Self = Self(4);
    /// The DNS name of the server's forest.
    pub const MsvAvDnsTreeName: Self = Self(5);
    /// 32 bits, see [`AvFlags`].
    pub const MsvAvFlags: Self = Self(6);
    /// The server's time, a `FILETIME`.
    pub const MsvAvTimestamp: Self = Self(7);
    /// The machine that the client is, for local log-on.
    pub const MsvAvSingleHost: Self = Self(8);
    /// The SPN of the server the client meant to reach, in UTF-16LE without terminator.
    pub const MsvAvTargetName: Self = Self(9);
    /// MD5 of the channel bindings; sixteen zero bytes mean none.
    pub const MsvAvChannelBindings: Self = Self(10);

    /// The name in the specification, where it has one.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            0 => "MsvAvEOL",
            1 => "MsvAvNbComputerName",
            2 => "MsvAvNbDomainName",
            3 => "MsvAvDnsComputerName",
            4 => "MsvAvDnsDomainName",
            5 => "MsvAvDnsTreeName",
            6 => "MsvAvFlags",
            7 => "MsvAvTimestamp",
            8 => "MsvAvSingleHost",
            9 => "MsvAvTargetName",
            10 => "MsvAvChannelBindings",
            _ => return None,
        })
    }

    /// Returns true if its value is UTF-16LE text.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(self.0, 1..=5 | 9)
    }
}

impl fmt::Display for AvId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "AvId {:#06x}", self.0),
        }
    }
}

bitflags! {
    /// The value of `MsvAvFlags`. Bits that the specification does not name are kept.
    ///
    /// Spec: [MS-NLMP] 2.2.2.1, `MsvAvFlags`.
    #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
    pub struct AvFlags: u32 {
        /// The account's authentication is constrained.
        const CONSTRAINED = 0x1;
        /// The AUTHENTICATE message has a MIC.
        const MIC = 0x2;
        /// The target name was generated from an untrusted source.
        const UNTRUSTED_TARGET = 0x4;
        const _ = !0;
    }
}

impl AvFlags {
    /// The bits that the specification describes, lowest first, in a few words. It gives them no
    /// names.
    pub const WORDS: [(Self, &'static str); 3] = [
        (Self::CONSTRAINED, "constrained account"),
        (Self::MIC, "MIC provided"),
        (Self::UNTRUSTED_TARGET, "target name untrusted"),
    ];
}
