//! The AV pairs of a CHALLENGE that come back in its AUTHENTICATE, by which the two are told to
//! belong together.

use crate::message::{ntlm::Message, wire::AvId};

/// A comparison of the AV pairs that an AUTHENTICATE takes over with those of a CHALLENGE.
///
/// Spec: [MS-NLMP] 3.1.5.1.2.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Echo {
    /// Every AV pair that both have is the same in both.
    Same,
    /// That pair differs; it is the first that does.
    Differs(AvId),
    /// They have no pair in common.
    CannotTell,
}

/// The AV pairs that a client takes over from the CHALLENGE. The time comes first: it alone is
/// another one in each CHALLENGE.
const ECHOED: [AvId; 6] = [
    AvId::MsvAvTimestamp,
    AvId::MsvAvNbComputerName,
    AvId::MsvAvNbDomainName,
    AvId::MsvAvDnsComputerName,
    AvId::MsvAvDnsDomainName,
    AvId::MsvAvDnsTreeName,
];

/// Compares the pairs that `authenticate` takes over with those of `challenge`. Pairs that are cut
/// say nothing.
#[must_use]
pub fn echo(challenge: &Message, authenticate: &Message) -> Echo {
    let (Some(sent), Some(echoed)) = (challenge.av_pairs(), authenticate.av_pairs()) else {
        return Echo::CannotTell;
    };
    let mut echo = Echo::CannotTell;
    for id in ECHOED {
        if let (Some(sent), Some(echoed)) = (sent.first(id), echoed.first(id))
            && !sent.is_cut()
            && !echoed.is_cut()
        {
            let sent = challenge.source().slice(sent.value);
            if without_trailing_nul(id, sent)
                != without_trailing_nul(id, authenticate.source().slice(echoed.value))
            {
                return Echo::Differs(id);
            }
            echo = Echo::Same;
        }
    }
    echo
}

/// A name without the zero character that Samba may end it with, and Windows does not echo.
fn without_trailing_nul(id: AvId, value: &[u8]) -> &[u8] {
    if id.is_text() { value.strip_suffix(&[0, 0]).unwrap_or(value) } else { value }
}
