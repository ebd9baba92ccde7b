//! The flags that client and server negotiate.

use bitflags::bitflags;

bitflags! {
    /// `NegotiateFlags`. Reserved bits are kept.
    ///
    /// Spec: [MS-NLMP] 2.2.2.5.
    #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
    pub struct NegotiateFlags: u32 {
        /// A: strings are UTF-16LE.
        const NTLMSSP_NEGOTIATE_UNICODE = 1;
        /// B: strings are in the OEM code page.
        const NTLM_NEGOTIATE_OEM = 1 << 1;
        /// C: the CHALLENGE must carry a TargetName.
        const NTLMSSP_REQUEST_TARGET = 1 << 2;
        /// D: session keys for message signatures.
        const NTLMSSP_NEGOTIATE_SIGN = 1 << 4;
        /// E: session keys for message confidentiality.
        const NTLMSSP_NEGOTIATE_SEAL = 1 << 5;
        /// F: connectionless authentication.
        const NTLMSSP_NEGOTIATE_DATAGRAM = 1 << 6;
        /// G: LAN Manager session key.
        const NTLMSSP_NEGOTIATE_LM_KEY = 1 << 7;
        /// H: NTLM v1 session security.
        const NTLMSSP_NEGOTIATE_NTLM = 1 << 9;
        /// J: the connection is anonymous. The specification gives the bit only its letter.
        const NTLMSSP_ANONYMOUS = 1 << 11;
        /// K: a domain name is supplied.
        const NTLMSSP_NEGOTIATE_OEM_DOMAIN_SUPPLIED = 1 << 12;
        /// L: a workstation name is supplied.
        const NTLMSSP_NEGOTIATE_OEM_WORKSTATION_SUPPLIED = 1 << 13;
        /// M: a session key is made even without signing or sealing.
        const NTLMSSP_NEGOTIATE_ALWAYS_SIGN = 1 << 15;
        /// N: TargetName is a domain.
        const NTLMSSP_TARGET_TYPE_DOMAIN = 1 << 16;
        /// O: TargetName is a server.
        const NTLMSSP_TARGET_TYPE_SERVER = 1 << 17;
        /// P: NTLM v2 session security.
        const NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY = 1 << 19;
        /// Q: an identify-level token.
        const NTLMSSP_NEGOTIATE_IDENTIFY = 1 << 20;
        /// R: the LMOWF session key.
        const NTLMSSP_REQUEST_NON_NT_SESSION_KEY = 1 << 22;
        /// S: TargetInfo is there.
        const NTLMSSP_NEGOTIATE_TARGET_INFO = 1 << 23;
        /// T: Version is there.
        const NTLMSSP_NEGOTIATE_VERSION = 1 << 25;
        /// U: 128-bit session keys.
        const NTLMSSP_NEGOTIATE_128 = 1 << 29;
        /// V: the client chooses the session key.
        const NTLMSSP_NEGOTIATE_KEY_EXCH = 1 << 30;
        /// W: 56-bit encryption.
        const NTLMSSP_NEGOTIATE_56 = 1 << 31;
        const _ = !0;
    }
}

/// Names of the bits 0 to 31; the reserved ones have the specification's `r10` to `r1`.
const NAMES: [&str; 32] = [
    "NTLMSSP_NEGOTIATE_UNICODE",
    "NTLM_NEGOTIATE_OEM",
    "NTLMSSP_REQUEST_TARGET",
    "r10",
    "NTLMSSP_NEGOTIATE_SIGN",
    "NTLMSSP_NEGOTIATE_SEAL",
    "NTLMSSP_NEGOTIATE_DATAGRAM",
    "NTLMSSP_NEGOTIATE_LM_KEY",
    "r9",
    "NTLMSSP_NEGOTIATE_NTLM",
    "r8",
    "NTLMSSP_ANONYMOUS",
    "NTLMSSP_NEGOTIATE_OEM_DOMAIN_SUPPLIED",
    "NTLMSSP_NEGOTIATE_OEM_WORKSTATION_SUPPLIED",
    "r7",
    "NTLMSSP_NEGOTIATE_ALWAYS_SIGN",
    "NTLMSSP_TARGET_TYPE_DOMAIN",
    "NTLMSSP_TARGET_TYPE_SERVER",
    "r6",
    "NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY",
    "NTLMSSP_NEGOTIATE_IDENTIFY",
    "r5",
    "NTLMSSP_REQUEST_NON_NT_SESSION_KEY",
    "NTLMSSP_NEGOTIATE_TARGET_INFO",
    "r4",
    "NTLMSSP_NEGOTIATE_VERSION",
    "r3",
    "r2",
    "r1",
    "NTLMSSP_NEGOTIATE_128",
    "NTLMSSP_NEGOTIATE_KEY_EXCH",
    "NTLMSSP_NEGOTIATE_56",
];

impl NegotiateFlags {
    /// The bits that [MS-NLMP] 2.2.2.5 calls `r1` to `r10`.
    pub const RESERVED: Self = Self::from_bits_retain(
        1 << 3 | 1 << 8 | 1 << 10 | 1 << 14 | 1 << 18 | 1 << 21 | 1 << 24 | 0b111 << 26,
    );

    /// The set bits, lowest first: number 0 to 31 and name.
    pub fn set_bits(self) -> impl Iterator<Item = (usize, &'static str)> {
        NAMES
            .iter()
            .enumerate()
            .filter(move |(bit, _)| self.bits() >> bit & 1 == 1)
            .map(|(bit, name)| (bit, *name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_bit_has_its_own_name_in_the_table() {
        for (name, flag) in NegotiateFlags::all().iter_names() {
            assert_eq!(NAMES[flag.bits().trailing_zeros() as usize], name);
        }
    }

    #[test]
    fn reserved_bits_are_those_called_r() {
        let names: Vec<_> = NegotiateFlags::RESERVED.set_bits().map(|(_, name)| name).collect();
        assert_eq!(names, ["r10", "r9", "r8", "r7", "r6", "r5", "r4", "r3", "r2", "r1"]);
    }
}
