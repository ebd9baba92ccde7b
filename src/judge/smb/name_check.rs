//! The comparison of a target name with the server's lists. No level counts yet, no rule is quoted
//! and nothing is put into words.

use std::net::IpAddr;

use crate::base::spn::Spn;
use crate::judge::smb::{Basis, Carrier, Entry, Target, server::Server, spelling};
use crate::message::{ntlm::ResponseKind, wire::same_name};

/// The server's finding about the name that a client states.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum NameFinding {
    /// It cannot be told: the paste ends before it.
    CutOff,
    /// The server has no name, for that reason.
    NotStated(NotStated),
    /// A name of length 0.
    Empty,
    /// A name, which was compared.
    Compared(ComparedName),
}

/// The reason why a server has no name to compare.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum NotStated {
    /// The response could carry one, and carries none.
    Absent,
    /// The client marks the name, which is this one, as coming from an untrusted source.
    MarkedUntrusted(String),
    /// The client marks the service name of its ticket as unverified.
    MarkedUnverified,
    /// The sign-in is anonymous.
    Anonymous,
    /// A response of that kind has no place for one.
    NoPlace(ResponseKind),
    /// SMB1 without extended security has no place for one.
    Smb1,
}

/// A name that was compared with the server's lists.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ComparedName {
    /// The part that was compared: everything after the service class.
    pub host: String,
    /// The result.
    pub comparison: Comparison,
    /// The surest basis it can have: `assumed` if it rests on names that nobody stated, `inferred`
    /// if it rests on the case of letters beyond ASCII.
    pub at_most: Basis,
    /// True if the host carries a marshalled target.
    pub is_marshalled: bool,
}

/// The result of comparing a name. Of several that fit, the most telling one, and one that holds
/// whatever nobody stated before one that does not.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Comparison {
    /// The class is `cifs`, and the host is this entry.
    Listed(Entry, Likeness),
    /// The class is not `cifs`. `entry` is the one that the host is.
    OtherClass {
        /// The class; `None` if the host has none before it.
        class: Option<String>,
        /// The entry that the host is, where it is one.
        entry: Option<Entry>,
    },
    /// The host is in no list, and is written in a way whose comparison is not documented.
    OtherSpelling(Option<UsualSpelling>),
    /// An address, and the server's own are not stated.
    AddressUnknown,
    /// An address that is in no list.
    AddressNotListed(IpAddr),
    /// The host is in the lists but for the realm behind it.
    Realm(String),
    /// More than a host: a port or a third part.
    ExtraComponent,
    /// A name, and the server's own are not known.
    NameUnknown,
    /// The name of the domain, at a server that is no domain controller.
    DomainOfMember,
    /// The short form of a name of the server, which is this one, or the full form of it.
    ShortOrLong(String),
    /// A name that is in no list.
    NameNotListed,
}

/// The way in which a host is an entry.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Likeness {
    /// As a name or an IPv4 address.
    Same,
    /// As a name, but for the case of letters beyond ASCII.
    OtherCase,
    /// As an IPv6 address, written the same.
    Ipv6,
    /// As an IPv6 address, written in another way.
    OtherIpv6,
}

/// A host in its usual spelling, in which it would be in a list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UsualSpelling {
    /// The usual spelling.
    pub host: String,
    /// The entry that it is.
    pub entry: Entry,
}

/// Compares whom the client meant with the lists of the server.
pub(super) fn name_check(target: &Target, carrier: Carrier, server: &Server) -> NameFinding {
    match (target, target.received(&server.settings)) {
        (Target::CutOff, _) => NameFinding::CutOff,
        (_, Some("")) => NameFinding::Empty,
        (_, Some(name)) => NameFinding::Compared(compare(&Spn::parse(name), server)),
        (_, None) => NameFinding::NotStated(not_stated(target, carrier)),
    }
}

/// The reason why the server has no name, if `target` leaves it none.
fn not_stated(target: &Target, carrier: Carrier) -> NotStated {
    match (target, carrier) {
        (Target::Untrusted(_), Carrier::Kerberos) => NotStated::MarkedUnverified,
        (_, Carrier::Smb1Bare) => NotStated::Smb1,
        (Target::Untrusted(name), _) => NotStated::MarkedUntrusted(name.clone()),
        (Target::NotCarried, Carrier::Ntlm(ResponseKind::Anonymous)) => NotStated::Anonymous,
        (Target::NotCarried, Carrier::Ntlm(kind)) => NotStated::NoPlace(kind),
        // A ticket always has a place for one.
        (Target::NotCarried, Carrier::Kerberos) => NotStated::NoPlace(ResponseKind::None),
        _ => NotStated::Absent,
    }
}

/// Compares a stated name: the host with the lists, and the class with `cifs`. In which order is
/// not known, and no answer depends on it.
fn compare(spn: &Spn<'_>, server: &Server) -> ComparedName {
    let entries = Entry::all(server);
    let listed = Entry::find(&entries, spn.rest);
    let is_cifs = spn.class.is_some_and(|class| class.eq_ignore_ascii_case("cifs"));
    let comparison = match listed {
        _ if !is_cifs => {
            Comparison::OtherClass { class: spn.class.map(str::to_owned), entry: listed.cloned() }
        }
        Some(entry) => Comparison::Listed(entry.clone(), likeness(entry, spn)),
        None => not_listed(spn, &entries, server),
    };
    // What the user did not state, and no specification does.
    let is_assumed = match &comparison {
        Comparison::Listed(entry, _) | Comparison::OtherClass { entry: Some(entry), .. } => {
            entry.kind.is_assumed(server)
        }
        Comparison::Realm(_) => {
            Entry::find(&entries, spn.host).is_some_and(|entry| entry.kind.is_assumed(server))
        }
        Comparison::ShortOrLong(_) | Comparison::NameNotListed => server.names_assumed(),
        _ => false,
    };
    let at_most = match &comparison {
        _ if is_assumed => Basis::Assumed,
        Comparison::Listed(_, Likeness::OtherCase) => Basis::Inferred,
        _ => Basis::Captured,
    };
    let (host, is_marshalled) = (spn.rest.to_owned(), spn.is_marshalled());
    ComparedName { host, comparison, at_most, is_marshalled }
}

fn likeness(entry: &Entry, spn: &Spn<'_>) -> Likeness {
    match spn.address() {
        Some(IpAddr::V6(_)) if entry.text != spn.rest => Likeness::OtherIpv6,
        Some(IpAddr::V6(_)) => Likeness::Ipv6,
        Some(IpAddr::V4(_)) => Likeness::Same,
        None if entry.text.eq_ignore_ascii_case(spn.rest) => Likeness::Same,
        None => Likeness::OtherCase,
    }
}

/// The comparison for a host that is in no list.
fn not_listed(spn: &Spn<'_>, entries: &[Entry], server: &Server) -> Comparison {
    let host = spn.rest;
    let usual = spelling::usual(host);
    let usual_entry = usual.as_deref().and_then(|usual| Entry::find(entries, usual)).cloned();
    let is_usual = usual.is_none();
    let as_usual = usual.zip(usual_entry).map(|(host, entry)| UsualSpelling { host, entry });
    if let Some(address) = spn.address() {
        return match address {
            _ if as_usual.is_some() => Comparison::OtherSpelling(as_usual),
            address if !server.knows(&address) => Comparison::AddressUnknown,
            address => Comparison::AddressNotListed(address),
        };
    }
    let is_host_listed = Entry::find(entries, spn.host).is_some();
    if let (Some(realm), true) = (spn.realm, is_host_listed) {
        return Comparison::Realm(realm.to_owned());
    }
    let has_more = spn.port.or(spn.third).is_some();
    if has_more && (is_host_listed || spn.host.parse::<IpAddr>().is_ok()) {
        return Comparison::ExtraComponent;
    }
    if !is_usual {
        return Comparison::OtherSpelling(as_usual);
    }
    if server.names.is_empty() {
        return Comparison::NameUnknown;
    }
    if server.domains.iter().any(|domain| same_name(domain, host)) {
        return Comparison::DomainOfMember;
    }
    match near_name(host, server) {
        Some(near) => Comparison::ShortOrLong(near.to_owned()),
        None => Comparison::NameNotListed,
    }
}

/// The server's name that `text` is the short or the full form of, where it knows only the other
/// form.
fn near_name<'s>(text: &str, server: &'s Server) -> Option<&'s str> {
    let label = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    let is_full = text.contains('.');
    if server.names.iter().any(|name| name.contains('.') == is_full) {
        return None;
    }
    let near = server.names.iter().find(|name| same_name(&label(name), &label(text)));
    near.map(String::as_str)
}

impl Comparison {
    /// The entry of the server's lists that the host is.
    #[must_use]
    pub const fn entry(&self) -> Option<&Entry> {
        match self {
            Self::Listed(entry, _) | Self::OtherClass { entry: Some(entry), .. } => Some(entry),
            _ => None,
        }
    }

    /// Returns true if the host is in none of the lists, which an entry in `SrvAllowedServerNames`
    /// cures.
    #[must_use]
    pub const fn is_not_listed(&self) -> bool {
        matches!(
            self,
            Self::AddressUnknown
                | Self::AddressNotListed(_)
                | Self::NameUnknown
                | Self::DomainOfMember
                | Self::ShortOrLong(_)
                | Self::NameNotListed
        )
    }

    /// Returns true if the server's names play a part in it.
    #[must_use]
    pub fn uses_names(&self) -> bool {
        match self {
            Self::Listed(..) | Self::OtherClass { .. } => {
                self.entry().is_some_and(|entry| entry.kind.is_name())
            }
            Self::OtherSpelling(_)
            | Self::AddressUnknown
            | Self::AddressNotListed(_)
            | Self::ExtraComponent => false,
            Self::Realm(_)
            | Self::NameUnknown
            | Self::DomainOfMember
            | Self::ShortOrLong(_)
            | Self::NameNotListed => true,
        }
    }
}
