//! The names a response may be made with. Servers try others than those sent, so at most ten pairs
//! of user and domain are tried, and a sentence says so where it was not the one sent.

use crate::base::span::Source;
use crate::judge::proof::{ProofReason, Secret, primitives::hmac_md5};
use crate::message::{
    ntlm::{Authenticate, AvPairs, Charset, Message, PayloadField, ResponseLine},
    wire::{AvId, Utf16Le, upper_case},
};

/// The names that a response may have been made with, best first.
///
/// A client may compute with other names than it sends, and servers make up for it. At most ten
/// pairs of user and domain are tried, each once:
///
/// * as sent, which is what the specification has the client do;
/// * the domain in upper case, empty ([MS-NLMP] 3.2.5.1.2 wants servers to try that), or as the
///   CHALLENGE has it in `MsvAvNbDomainName`, `MsvAvNbComputerName` or `MsvAvDnsDomainName`;
/// * where the user holds an `@`, the part before the last one with the part behind it as domain,
///   that one in upper case, the domain as sent, or none.
///
/// The user is always folded to upper case; [MS-NLMP] 3.3.2.
pub(super) struct NameCandidates {
    sent: Names,
    list: Vec<Names>,
    /// True if the names as sent are known in UTF-16.
    is_sure: bool,
}

/// A user as written and a domain, both in UTF-16LE.
#[derive(Clone, PartialEq)]
pub(super) struct Names {
    user: Vec<u8>,
    domain: Vec<u8>,
    source: NameSource,
}

/// The source of names.
#[derive(Clone, Copy, PartialEq)]
enum NameSource {
    Sent,
    UpperCase,
    Empty,
    Challenge(AvId),
    Split,
}

impl NameCandidates {
    /// The names of a response that stands alone. What the CHALLENGE has is taken from what is
    /// echoed of it.
    pub(super) fn of_line(line: &ResponseLine) -> Self {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let (user, domain) = (utf16(&line.beside.user), utf16(&line.beside.domain));
        let sent = Names { user, domain, source: NameSource::Sent };
        let mut candidates = Self { list: vec![sent.clone()], is_sure: true, sent };
        candidates.add_domains(line.source(), Some(&line.response.av_pairs));
        candidates.add_split();
        candidates
    }

    pub(super) fn new(challenge: &Message, message: &Message, authenticate: &Authenticate) -> Self {
        let charset = Charset::of(authenticate.flags.map(|flags| flags.value));
        let name = |field: Option<PayloadField>| {
            let bytes =
                message.source().slice(field.and_then(|field| field.data).unwrap_or_default());
            match charset {
                Charset::Unicode => (bytes.to_vec(), true),
                // Beyond ASCII this is a guess; where the response fits, it was right.
                Charset::Oem => {
                    (bytes.iter().flat_map(|byte| [*byte, 0]).collect(), bytes.is_ascii())
                }
            }
        };
        let (user, user_sure) = name(authenticate.user_name);
        let (domain, domain_sure) = name(authenticate.domain_name);
        let sent = Names { user, domain, source: NameSource::Sent };
        let mut candidates =
            Self { list: vec![sent.clone()], is_sure: user_sure && domain_sure, sent };
        candidates.add_domains(challenge.source(), challenge.av_pairs());
        candidates.add_split();
        candidates
    }

    fn add_domains(&mut self, challenge: Source<'_>, pairs: Option<&AvPairs>) {
        let user = self.sent.user.clone();
        self.add(&user, upper(&self.sent.domain), NameSource::UpperCase);
        self.add(&user, Vec::new(), NameSource::Empty);
        for id in [AvId::MsvAvNbDomainName, AvId::MsvAvNbComputerName, AvId::MsvAvDnsDomainName] {
            if let Some(pair) = pairs.and_then(|pairs| pairs.first(id)) {
                let name = challenge.slice(pair.value).to_vec();
                self.add(&user, name, NameSource::Challenge(id));
            }
        }
    }

    /// `user@realm`, cut at the last `@`.
    fn add_split(&mut self) {
        let units = self.sent.user.as_chunks::<2>().0;
        let Some(at) = units.iter().rposition(|unit| *unit == [b'@', 0]) else { return };
        let (user, realm) = self.sent.user.split_at(2 * at);
        let (user, realm) = (user.to_vec(), realm.get(2..).unwrap_or_default().to_vec());
        let in_upper_case = upper(&realm);
        for domain in [realm, in_upper_case, self.sent.domain.clone(), Vec::new()] {
            self.add(&user, domain, NameSource::Split);
        }
    }

    fn add(&mut self, user: &[u8], domain: Vec<u8>, source: NameSource) {
        if !self.list.iter().any(|known| known.user == user && known.domain == domain) {
            self.list.push(Names { user: user.to_vec(), domain, source });
        }
    }

    /// The names with which `fits` holds for NTOWFv2, which is `LMOWFv2` too; else the names as
    /// sent and `false`.
    pub(super) fn find(
        &self,
        secret: &Secret,
        mut fits: impl FnMut(&[u8; 16]) -> bool,
    ) -> (&Names, bool) {
        let found = self.list.iter().find(|names| fits(&names.ntowfv2(secret)));
        (found.unwrap_or(&self.sent), found.is_some())
    }

    /// The reason why a response that fits none of the names may be right all the same.
    pub(super) const fn uncertainty(&self) -> Option<ProofReason> {
        if self.is_sure { None } else { Some(ProofReason::NamesInOtherCodePage) }
    }

    /// One sentence, where `names` are others than those sent.
    pub(super) fn explain_match(&self, names: &Names) -> Option<String> {
        let text = |utf16: &[u8]| Utf16Le(utf16).to_string();
        let domain = |utf16: &[u8]| match utf16 {
            [] => "an empty domain".to_owned(),
            _ => format!("the domain {}", text(utf16)),
        };
        let with = match names.source {
            NameSource::Sent => return None,
            NameSource::UpperCase => format!("{} in upper case", domain(&names.domain)),
            NameSource::Empty => domain(&names.domain),
            NameSource::Challenge(id) => {
                format!("{}, the CHALLENGE's {id},", domain(&names.domain))
            }
            NameSource::Split => {
                format!("the user {} and {}", text(&names.user), domain(&names.domain))
            }
        };
        let sent = match (names.source, &self.sent.domain[..]) {
            (NameSource::Split, _) => text(&self.sent.user),
            (_, []) => "an empty one".to_owned(),
            (_, domain) => text(domain),
        };
        Some(format!("The response fits with {with} instead of {sent}."))
    }
}

impl Names {
    /// HMAC-MD5 of the user in upper case and the domain, under the NT hash.
    ///
    /// Spec: [MS-NLMP] 3.3.2, NTOWFv2 and `LMOWFv2`.
    pub(super) fn ntowfv2(&self, secret: &Secret) -> [u8; 16] {
        hmac_md5(secret.nt_hash(), &[&upper(&self.user), &self.domain])
    }
}

/// UTF-16LE in upper case, unit by unit, so that nothing of a broken text is lost.
fn upper(utf16: &[u8]) -> Vec<u8> {
    let (units, odd) = utf16.as_chunks::<2>();
    let fold = |unit: &[u8; 2]| {
        let character = char::from_u32(u16::from_le_bytes(*unit).into()).map(upper_case);
        let folded = character.and_then(|character| u16::try_from(u32::from(character)).ok());
        folded.map_or(*unit, u16::to_le_bytes)
    };
    units.iter().flat_map(fold).chain(odd.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upper_case_keeps_what_is_no_character() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        assert_eq!(upper(&utf16("alice")), utf16("ALICE"));
        assert_eq!(upper(&utf16("übung")), utf16("ÜBUNG"));
        assert_eq!(upper(&utf16("straße")), utf16("STRAßE"), "one character stays one");
        assert_eq!(upper(&[0x00, 0xd8, b'a', 0, b'b']), [0x00, 0xd8, b'A', 0, b'b']);
    }
}
