//! The server that asks: its CHALLENGE. It judges nothing.

use super::{ExchangeError, parse_negotiate};
use crate::message::{
    ntlm::write::{AvPair, AvPairList, Challenge, Version},
    wire::{AvId, FileTime, NegotiateFlags},
};

/// A server that answers a NEGOTIATE, in a domain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Server {
    /// `MsvAvNbComputerName`.
    pub netbios_name: String,
    /// `MsvAvNbDomainName`, and the TargetName.
    pub netbios_domain: String,
    /// `MsvAvDnsComputerName`.
    pub dns_name: String,
    /// `MsvAvDnsDomainName` and `MsvAvDnsTreeName`.
    pub dns_domain: String,
    /// `MsvAvTimestamp`. A client answers to it with a MIC; `None` for a server that sends none.
    pub time: Option<FileTime>,
    /// The version of Windows it says it runs.
    pub version: Option<Version>,
    /// `ServerChallenge`, 8 random bytes.
    pub server_challenge: [u8; 8],
}

/// The flags that a server grants of a client's offers.
///
/// Spec: [MS-NLMP] 3.2.5.1.1.
const GRANTED: NegotiateFlags = NegotiateFlags::NTLMSSP_NEGOTIATE_UNICODE
    .union(NegotiateFlags::NTLMSSP_REQUEST_TARGET)
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_SIGN)
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_SEAL)
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_NTLM)
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_ALWAYS_SIGN)
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY)
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_VERSION)
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_128)
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_KEY_EXCH)
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_56);

impl Server {
    /// The CHALLENGE that answers `negotiate`, as a member of a domain sends it.
    ///
    /// # Errors
    ///
    /// [`ExchangeError`] where `negotiate` is no NEGOTIATE, or a name is too long or has no bytes
    /// in the character set that was offered.
    pub fn challenge(&self, negotiate: &[u8]) -> Result<Vec<u8>, ExchangeError> {
        let offered = parse_negotiate(negotiate)?.flags;
        let mut flags = (offered & GRANTED)
            | NegotiateFlags::NTLMSSP_TARGET_TYPE_DOMAIN
            | NegotiateFlags::NTLMSSP_NEGOTIATE_TARGET_INFO;
        if !flags.contains(NegotiateFlags::NTLMSSP_NEGOTIATE_UNICODE) {
            flags |= NegotiateFlags::NTLM_NEGOTIATE_OEM;
        }
        if self.version.is_none() {
            flags.remove(NegotiateFlags::NTLMSSP_NEGOTIATE_VERSION);
        }
        let names = [
            (AvId::MsvAvNbDomainName, &self.netbios_domain),
            (AvId::MsvAvNbComputerName, &self.netbios_name),
            (AvId::MsvAvDnsDomainName, &self.dns_domain),
            (AvId::MsvAvDnsComputerName, &self.dns_name),
            (AvId::MsvAvDnsTreeName, &self.dns_domain),
        ];
        let names = names.into_iter().map(|(id, name)| AvPair::text(id, name));
        let challenge = Challenge {
            target_info: Some(AvPairList::new(names.chain(self.time.map(AvPair::timestamp)))),
            version: self.version,
            ..Challenge::new(flags, self.server_challenge)
        };
        Ok(challenge.with_target_name(&self.netbios_domain)?.build()?)
    }
}
