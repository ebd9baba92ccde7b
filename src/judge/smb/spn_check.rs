use std::net::IpAddr;

use crate::base::spn::Spn;
use crate::judge::smb::{
    Carrier, EventId, Level, Target,
    rules::{self, Basis, Reason},
    server::{Role, Server, same_name},
    spelling,
};
use crate::message::ntlm::ResponseKind;

/// What the check of the target name alone would answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SpnCheck {
    /// Whether the session goes on.
    pub accept: bool,
    /// Why; the first one decides.
    pub reasons: Vec<Reason>,
    /// What speaks for the opposite answer, where the evidence is contested or something of it is open.
    pub contested: Option<Reason>,
    /// The entry of the server's lists that matched.
    pub matched: Option<Entry>,
    /// The entries that were compared and did not match.
    pub tried: Vec<Entry>,
    /// Whether the server's names play a part in it.
    pub uses_names: bool,
    /// The event of the log SMBServer/Audit that the name would cause, whatever the level.
    pub audit_event: Option<EventId>,
}

/// One entry of the server's lists.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// As it stands there.
    pub text: String,
    /// In which list.
    pub kind: EntryKind,
}

impl Entry {
    /// The entry that is the host: addresses are compared as addresses, names without regard to case.
    fn find<'e>(entries: &'e [Self], host: &str) -> Option<&'e Self> {
        let address = host.parse::<IpAddr>().ok();
        entries.iter().find(|entry| match address {
            Some(address) => entry.text.parse() == Ok(address),
            None => same_name(&entry.text, host),
        })
    }
}

/// The list an entry is in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EntryKind {
    /// The server's own name.
    Name,
    /// The server's own address.
    Address,
    /// `LocalHost`, 127.0.0.1 or `::1`.
    Loopback,
    /// A name of the domain, on a domain controller.
    Domain,
    /// `SrvAllowedServerNames`.
    Allowed,
}

impl EntryKind {
    /// What such an entry is, in a few words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Name => "a name of the server",
            Self::Address => "an address of the server",
            Self::Loopback => "in every server's lists",
            Self::Domain => "a name of the domain",
            Self::Allowed => "in SrvAllowedServerNames",
        }
    }

    /// Whether the user of this tool did not state the entry, and no specification does.
    fn is_assumed(self, server: &Server) -> bool {
        match self {
            Self::Name => server.names_assumed(),
            Self::Domain => !server.domains_given,
            Self::Address | Self::Loopback | Self::Allowed => false,
        }
    }
}

/// The check of the target name at `level`, as if everything before it had passed.
#[must_use]
pub fn check(target: &Target, carrier: Carrier, server: &Server, level: Level) -> SpnCheck {
    let [off, accept, require] = check_all(target, carrier, server);
    match level {
        Level::Off => off,
        Level::AcceptIfProvided => accept,
        Level::RequiredFromClient => require,
    }
}

/// The same at each of [`Level::ALL`].
pub(super) fn check_all(target: &Target, carrier: Carrier, server: &Server) -> [SpnCheck; 3] {
    if *target == Target::CutOff {
        let says = "The paste ends before the target name is told.";
        return [(); 3].map(|()| SpnCheck::not_made(Reason::new(rules::CUT_OFF, says)));
    }
    let [accept, require] = validate(target, carrier, server);
    let reason = "At this level the server does not look at the target name.";
    let off = SpnCheck {
        contested: loopback_contested(target, server),
        // The audit is the same whatever the level.
        audit_event: accept.audit_event,
        ..SpnCheck::new(true, Reason::new(rules::OFF, reason))
    };
    [off, accept, require]
}

/// The report that a newer server may refuse a name over loopback at level 0 too.
fn loopback_contested(target: &Target, server: &Server) -> Option<Reason> {
    target.received(&server.settings).filter(|_| server.settings.is_loopback)?;
    Some(Reason::new(
        rules::LOOPBACK_CONTESTED,
        "The sign-in comes over loopback. One author reports that servers of October 2025 and later check such sign-ins. The rule is not known.",
    ))
}

/// The check where a name is not required, and where it is. One that is stated is compared once.
fn validate(target: &Target, carrier: Carrier, server: &Server) -> [SpnCheck; 2] {
    let check = match target.received(&server.settings) {
        Some("") => return empty(),
        Some(name) if carrier == Carrier::Kerberos => for_kerberos(stated(name, server)),
        Some(name) => stated(name, server),
        None => {
            return [false, true].map(|required| SpnCheck {
                contested: absence_contested(target, carrier).filter(|_| !required),
                ..without_name(!required, not_stated(target, carrier, required), EventId::NoSpn)
            });
        }
    };
    [check.clone(), check]
}

/// Who says that level 1 denies a name that counts as not sent.
fn absence_contested(target: &Target, carrier: Carrier) -> Option<Reason> {
    match target {
        Target::Untrusted(_) if carrier != Carrier::Kerberos => Some(Reason::new(
            rules::UNTRUSTED_CONTESTED,
            "A right name with this mark was denied in a test. Its level was not stated; it was probably 2.",
        )),
        _ => None,
    }
}

/// What a name that counts as not sent comes to.
fn not_stated(target: &Target, carrier: Carrier, required: bool) -> Reason {
    match (target, required) {
        (Target::Untrusted(_), _) if carrier == Carrier::Kerberos => Reason::new(
            if required { rules::KERBEROS_MARKED_DENIED } else { rules::KERBEROS_MARKED_ACCEPTED },
            if required {
                "The client marks the service name as unverified. It is taken to count as not sent, and a name is required."
            } else {
                "The client marks the service name as unverified. It is taken to count as not sent."
            },
        ),
        (_, true) if carrier == Carrier::Smb1Bare => Reason::new(
            rules::SMB1_DENIED,
            "A name is required, and SMB1 without extended security has no place for one.",
        ),
        (_, false) if carrier == Carrier::Smb1Bare => Reason::new(
            rules::SMB1_ACCEPTED,
            "SMB1 without extended security has no place for a name, and at this level none is needed.",
        ),
        (Target::Untrusted(name), true) => Reason::new(
            rules::UNTRUSTED_DENIED,
            format!(
                "The client marks {name} as untrusted, so the server takes it as not sent; a name is required."
            ),
        ),
        (Target::Untrusted(name), false) => Reason::new(
            rules::UNTRUSTED_ACCEPTED,
            format!("The client marks {name} as untrusted, so the server takes it as not sent."),
        ),
        (Target::NotCarried, _) => {
            let kind = match carrier {
                Carrier::Ntlm(kind) => kind,
                // A ticket always has a place for one.
                Carrier::Kerberos | Carrier::Smb1Bare => ResponseKind::None,
            };
            let anonymous = matches!(kind, ResponseKind::Anonymous);
            match (anonymous, required) {
                (true, true) => Reason::new(
                    rules::ANONYMOUS_DENIED,
                    "A name is required, and an anonymous sign-in carries none.",
                ),
                (true, false) => Reason::new(
                    rules::ANONYMOUS_ACCEPTED,
                    "An anonymous sign-in carries no name, and at this level it need not. Other rules about anonymous sign-ins may deny it.",
                ),
                (false, true) => Reason::new(
                    rules::NOT_CARRIED_DENIED,
                    format!(
                        "A name is required, and {} has no place for one.",
                        response_words(kind)
                    ),
                ),
                (false, false) => Reason::new(
                    rules::NOT_CARRIED_ACCEPTED,
                    format!(
                        "{} has no place for a name, and at this level none is needed.",
                        capital(response_words(kind))
                    ),
                ),
            }
        }
        (_, true) => {
            Reason::new(rules::ABSENT_DENIED, "A name is required, and the client sent none.")
        }
        (_, false) => Reason::new(
            rules::ABSENT_ACCEPTED,
            "The client sent no name, and at this level it need not.",
        ),
    }
}

/// What an empty name comes to where none is required, and where one is.
fn empty() -> [SpnCheck; 2] {
    let reason = Reason::new(
        rules::EMPTY_DENIED,
        "The client sent an empty target name. It counts as stated, and it matches nothing.",
    );
    let check = without_name(false, reason, EventId::EmptySpn);
    let contested = Reason::new(
        rules::EMPTY_CONTESTED,
        "Another service of Microsoft's takes an empty name as none, which would be accepted at this level.",
    );
    [SpnCheck { contested: Some(contested), ..check.clone() }, check]
}

/// A name inside a sentence.
fn quoted(name: &str) -> &str {
    match name.trim() {
        _ if name.is_empty() => "an empty name",
        "" => "a name of spaces",
        _ => name,
    }
}

/// A name at the start of a sentence.
fn words(name: &str) -> &str {
    match name.trim() {
        _ if name.is_empty() => "An empty name",
        "" => "A name of spaces",
        _ => name,
    }
}

fn response_words(kind: ResponseKind) -> String {
    match kind {
        ResponseKind::None => "a message without a response".into(),
        kind => format!("the {} response", kind.label()),
    }
}

/// With an upper-case first letter. Our own words begin with ASCII.
fn capital(mut text: String) -> String {
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

fn without_name(accept: bool, reason: Reason, audit_event: EventId) -> SpnCheck {
    SpnCheck { audit_event: Some(audit_event), ..SpnCheck::new(accept, reason) }
}

impl SpnCheck {
    /// No check: what it would look at is cut off.
    pub(super) fn not_made(reason: Reason) -> Self {
        Self::new(false, reason)
    }

    /// A check in which nothing was compared.
    fn new(accept: bool, reason: Reason) -> Self {
        Self {
            accept,
            reasons: vec![reason],
            contested: None,
            matched: None,
            tried: Vec::new(),
            uses_names: false,
            audit_event: None,
        }
    }
}

/// Compares a stated name: the host with the lists, and the class with `cifs`. In which order is not known,
/// and no answer depends on it.
fn stated(name: &str, server: &Server) -> SpnCheck {
    let spn = Spn::parse(name);
    let entries = entries(server);
    let matched = Entry::find(&entries, spn.rest).cloned();
    let class_is_cifs = spn.class.is_some_and(|class| class.eq_ignore_ascii_case("cifs"));
    let accept = matched.is_some() && class_is_cifs;
    let (reason, uses_names) = match &matched {
        Some(entry) => {
            let reason = if class_is_cifs {
                folded(accepted(entry, &spn), entry, &spn)
            } else {
                wrong_class(&spn, true)
            };
            let uses_names = matches!(entry.kind, EntryKind::Name | EntryKind::Domain);
            (reason.assumed_if(entry.kind.is_assumed(server)), uses_names)
        }
        None => foreign(&spn, &entries, class_is_cifs, server),
    };
    let contested = contested(&spn, &reason, &entries);
    let mut reasons = vec![reason];
    if spn.is_marshalled() {
        reasons.push(Reason::new(
            rules::MARSHALLED,
            "The name carries a marshalled target. If the check passes, it says nothing about whom the client talked to.",
        ));
    }
    SpnCheck {
        accept,
        reasons,
        contested,
        uses_names,
        tried: if matched.is_some() { Vec::new() } else { entries },
        matched,
        audit_event: (!accept).then_some(EventId::UnknownSpn),
    }
}

/// What speaks for the opposite of what `reason` says of a stated name.
fn contested(spn: &Spn<'_>, reason: &Reason, entries: &[Entry]) -> Option<Reason> {
    let rule = reason.rule;
    if rule == rules::CLASS_NOT_CIFS {
        let message = "Which services pass besides cifs is not known. No report was found of anybody who tried.";
        return Some(Reason::new(rules::CLASS_CONTESTED, message));
    }
    if rule == rules::NAME_NOT_OWN && !spn.rest.is_empty() {
        let message = "If it is an alternate name made with netdom or the network name of a cluster, the server may count it as its own. That is not documented.";
        return Some(Reason::new(rules::OTHER_OWN_NAMES, message));
    }
    if rule != rules::SPELLING {
        return None;
    }
    if spn.address().is_some() && Entry::find(entries, spn.rest).is_some() {
        let message = "Compared letter by letter the two would differ, and it would be denied.";
        return Some(Reason::new(rules::SPELLING, message));
    }
    let usual = spelling::usual(spn.rest)?;
    let entry = Entry::find(entries, &usual)?;
    let message = format!("Read as {usual} it would match {}, and be accepted.", entry.text);
    Some(Reason::new(rules::SPELLING, message))
}

/// The same for the service name of a Kerberos ticket. That it is checked is documented; that it is
/// checked like an NTLM target name is inferred.
fn for_kerberos(mut check: SpnCheck) -> SpnCheck {
    for reason in &mut check.reasons {
        let rule = reason.rule;
        if rule == rules::OWN_NAME {
            reason.rule = rules::KERBEROS_OWN_NAME;
        } else if [rules::NO_CLASS, rules::CLASS_NOT_CIFS, rules::NAME_AND_CLASS].contains(&rule) {
            reason.rule = rules::KERBEROS_CLASS;
        } else if [
            rules::NAME_NOT_OWN,
            rules::SHORT_OR_LONG_NAME,
            rules::ADDRESS_NOT_OWN,
            rules::IPV6_NOT_OWN,
        ]
        .contains(&rule)
        {
            reason.rule = rules::KERBEROS_NOT_LISTED;
        }
        let most = reason.rule.basis.min(if reason.rule == rules::KERBEROS_OWN_NAME {
            Basis::Documented
        } else {
            Basis::Inferred
        });
        reason.basis = reason.basis.min(most);
    }
    if let Some(contested) = &mut check.contested
        && contested.rule == rules::CLASS_CONTESTED
    {
        *contested = Reason::new(
            rules::KERBEROS_CLASS_CONTESTED,
            "The Hacker Recipes report that services in general do not check the service class of a ticket.",
        );
    }
    check.reasons.push(Reason::new(
        rules::KERBEROS_UNVERIFIED,
        "Whether the client marks the name as unverified is encrypted: taken as not marked.",
    ));
    check
}

/// All entries of the server's lists: its names, its addresses, then the allowed ones.
fn entries(server: &Server) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut add = |kind, text: String| entries.push(Entry { text, kind });
    for name in &server.names {
        add(EntryKind::Name, name.clone());
    }
    if server.settings.role == Role::DomainController {
        for name in &server.domains {
            add(EntryKind::Domain, name.clone());
        }
    }
    add(EntryKind::Loopback, Server::LOCAL_HOST.to_owned());
    for address in &server.settings.addresses {
        add(EntryKind::Address, address.to_string());
    }
    for address in Server::LOOPBACK {
        add(EntryKind::Loopback, address.to_string());
    }
    for name in &server.settings.allowed {
        // An entry without a name matches nothing, not even a target without a host.
        if !name.is_empty() {
            add(EntryKind::Allowed, name.clone());
        }
    }
    entries
}

fn accepted(entry: &Entry, spn: &Spn<'_>) -> Reason {
    let host = spn.rest;
    match (entry.kind, spn.address()) {
        (EntryKind::Name, _) => {
            Reason::new(rules::OWN_NAME, format!("{host} is one of the server's own names."))
        }
        (_, Some(IpAddr::V6(_))) if entry.text != host => Reason::new(
            rules::SPELLING,
            format!("{host} is another spelling of {}, and is taken to match it.", entry.text),
        ),
        (EntryKind::Address, Some(IpAddr::V6(_))) => {
            let message = format!("{host} is one of the server's own addresses.");
            Reason::new(rules::IPV6_ADDRESS, message)
        }
        (EntryKind::Address, _) => {
            Reason::new(rules::OWN_ADDRESS, format!("{host} is one of the server's own addresses."))
        }
        (EntryKind::Loopback, _) => Reason::new(
            rules::LOOPBACK_NAME,
            format!("{host} means the machine itself, and is in every server's lists."),
        ),
        (EntryKind::Domain, _) => Reason::new(
            rules::DOMAIN_NAME,
            format!("{host} is the domain's name, and the server is a domain controller."),
        ),
        (EntryKind::Allowed, _) => {
            Reason::new(rules::ALLOWED, format!("{host} is listed in SrvAllowedServerNames."))
        }
    }
}

/// The same where a letter beyond ASCII has another case in the list: that the server folds those too is inferred.
fn folded(mut reason: Reason, entry: &Entry, spn: &Spn<'_>) -> Reason {
    if spn.address().is_none() && !entry.text.eq_ignore_ascii_case(spn.rest) {
        reason.basis = reason.basis.min(Basis::Inferred);
        reason.message.to_mut().push_str(
            " That the case of its letters beyond ASCII does not count either is inferred.",
        );
    }
    reason
}

/// Why a service class other than `cifs` is denied; `known` where the host is in the lists.
fn wrong_class(spn: &Spn<'_>, known: bool) -> Reason {
    let host = words(spn.rest);
    match (spn.class, known) {
        (None, true) => Reason::new(
            rules::NO_CLASS,
            format!("{host} is right, and no service class stands before it."),
        ),
        (None, false) => Reason::new(
            rules::NO_CLASS,
            format!("{host} has no service class before it, which is denied whatever the host."),
        ),
        (Some(class), true) => Reason::new(
            rules::CLASS_NOT_CIFS,
            format!("{host} is right, but the service is {}, not cifs.", quoted(class)),
        ),
        (Some(class), false) => Reason::new(
            rules::NAME_AND_CLASS,
            format!(
                "The service is {}, not cifs, which is denied whatever the host.",
                quoted(class)
            ),
        ),
    }
}

/// Why a host that is in no list is denied, and whether the server's names play a part in it. The most
/// telling reason is given, and one that holds whatever nobody stated before one that does not.
fn foreign(
    spn: &Spn<'_>,
    entries: &[Entry],
    class_is_cifs: bool,
    server: &Server,
) -> (Reason, bool) {
    let text = spn.rest;
    let assumed = server.names_assumed();
    let listed = |host: &str| Entry::find(entries, host);
    if !class_is_cifs {
        return (wrong_class(spn, false), false);
    }
    let usual = spelling::usual(text);
    let other_spelling = || {
        let message = format!(
            "{text} is written in a way whose comparison is not documented; it is taken to match no name."
        );
        (Reason::new(rules::SPELLING, message), false)
    };
    if let Some(address) = spn.address() {
        let is_listed = usual.as_deref().and_then(listed).is_some();
        let reason = match address {
            _ if is_listed => return other_spelling(),
            _ if !server.addresses_known() => Reason::new(
                rules::ADDRESS_UNKNOWN,
                format!("{text} is denied unless this is one of the server's addresses."),
            ),
            IpAddr::V4(_) => Reason::new(
                rules::ADDRESS_NOT_OWN,
                format!("{text} is neither one of the server's addresses nor an allowed name."),
            ),
            IpAddr::V6(_) => Reason::new(
                rules::IPV6_NOT_OWN,
                format!("{text} is neither one of the server's addresses nor an allowed name."),
            ),
        };
        return (reason, false);
    }
    if let (Some(realm), Some(entry)) = (spn.realm, listed(spn.host)) {
        let reason = Reason::new(
            rules::REALM_NOT_STRIPPED,
            format!(
                "{text} ends in the realm {}. The server does not cut it off, so it matches no name.",
                quoted(realm)
            ),
        );
        return (reason.assumed_if(entry.kind.is_assumed(server)), true);
    }
    let extra = spn.port.or(spn.third).is_some();
    if extra && (listed(spn.host).is_some() || spn.host.parse::<IpAddr>().is_ok()) {
        let message = format!("{text} has more than a host, and is taken to match no name.");
        return (Reason::new(rules::EXTRA_COMPONENT, message), false);
    }
    if usual.is_some() {
        return other_spelling();
    }
    if server.names.is_empty() {
        let message =
            format!("{} is denied unless this is one of the server's names.", words(text));
        return (Reason::new(rules::NAME_UNKNOWN, message), true);
    }
    if server.domains.iter().any(|domain| same_name(domain, text)) {
        let message = format!(
            "{text} is the domain's name. It is not known to be in a member server's list."
        );
        return (Reason::new(rules::DOMAIN_NAME_ON_MEMBER, message), true);
    }
    if let Some(near) = near_name(text, server) {
        let message =
            format!("{text} is not {near}: short and full names do not stand for each other.");
        return (Reason::new(rules::SHORT_OR_LONG_NAME, message).assumed_if(assumed), true);
    }
    let message =
        format!("{} is neither one of the server's names nor an allowed name.", words(text));
    (Reason::new(rules::NAME_NOT_OWN, message).assumed_if(assumed), true)
}

/// The server's name that `text` is the short or the full form of, where it knows only the other form.
fn near_name<'s>(text: &str, server: &'s Server) -> Option<&'s str> {
    let label = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    let is_full = text.contains('.');
    if server.names.iter().any(|name| name.contains('.') == is_full) {
        return None;
    }
    let near = server.names.iter().find(|name| same_name(&label(name), &label(text)));
    near.map(String::as_str)
}
