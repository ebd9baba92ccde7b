use std::net::IpAddr;

use crate::{
    ntlm::ResponseKind,
    policy::{
        Carrier, Level, Target,
        rules::{self, Reason},
        server::{Role, Server, same_name},
    },
    spn::Spn,
};

/// What the check of the target name alone would answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SpnCheck {
    /// Whether the session goes on.
    pub accept: bool,
    /// Why; the first one decides.
    pub reasons: Vec<Reason>,
    /// The entry of the server's lists that matched.
    pub matched: Option<Entry>,
    /// The entries that were compared and did not match.
    pub tried: Vec<Entry>,
    /// The event of the log SMBServer/Audit that the name would cause, whatever the level.
    pub audit_event: Option<u16>,
}

/// One entry of the server's lists.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// As it stands there.
    pub text: String,
    /// In which list.
    pub kind: EntryKind,
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

/// The check of the target name at `level`, as if everything before it had passed.
#[must_use]
pub fn check(target: &Target, carrier: Carrier, server: &Server, level: Level) -> SpnCheck {
    let full = validate(target, carrier, server, level);
    if level == Level::Off {
        let reason =
            Reason::new(rules::OFF, "At this level the server does not look at the target name.");
        return SpnCheck {
            accept: true,
            reasons: vec![reason],
            matched: None,
            tried: Vec::new(),
            ..full
        };
    }
    full
}

fn validate(target: &Target, carrier: Carrier, server: &Server, level: Level) -> SpnCheck {
    let required = level == Level::RequiredFromClient;
    match target {
        Target::Untrusted(name) if !server.settings.honours_untrusted_flag => stated(name, server),
        Target::Present(name) => stated(name, server),
        Target::Empty => without_name(
            false,
            Reason::new(
                rules::EMPTY_DENIED,
                "The client sent an empty target name. It counts as stated, and it matches nothing.",
            ),
            3026,
        ),
        Target::Absent => without_name(
            !required,
            if required {
                Reason::new(rules::ABSENT_DENIED, "A name is required, and the client sent none.")
            } else {
                Reason::new(
                    rules::ABSENT_ACCEPTED,
                    "The client sent no name, and at this level it need not. One library author reports otherwise.",
                )
            },
            3024,
        ),
        Target::Untrusted(name) => without_name(
            !required,
            if required {
                Reason::new(
                    rules::UNTRUSTED_DENIED,
                    format!(
                        "The client marks {name} as untrusted, so the server takes it as not sent; a name is required."
                    ),
                )
            } else {
                Reason::new(
                    rules::UNTRUSTED_ACCEPTED,
                    format!(
                        "The client marks {name} as untrusted, so the server takes it as not sent."
                    ),
                )
            },
            3024,
        ),
        Target::NotCarried => {
            let Carrier::Ntlm(kind) = carrier;
            let anonymous = matches!(kind, ResponseKind::Anonymous);
            let reason = match (anonymous, required) {
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
                        capital(&response_words(kind))
                    ),
                ),
            };
            without_name(!required, reason, 3024)
        }
    }
}

fn response_words(kind: ResponseKind) -> String {
    match kind {
        ResponseKind::None => "a message without a response".into(),
        kind => format!("the {} response", kind.label()),
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

fn without_name(accept: bool, reason: Reason, audit_event: u16) -> SpnCheck {
    SpnCheck {
        accept,
        reasons: vec![reason],
        matched: None,
        tried: Vec::new(),
        audit_event: Some(audit_event),
    }
}

/// Compares a stated name: the host with the lists, then the class with `cifs`.
fn stated(name: &str, server: &Server) -> SpnCheck {
    let spn = Spn::parse(name);
    let address = spn.address();
    let entries = entries(server);
    let is_meant = |entry: &Entry| match address {
        Some(address) => entry.text.parse() == Ok(address),
        None => same_name(&entry.text, spn.rest),
    };
    let matched = entries.iter().find(|entry| is_meant(entry)).cloned();
    let class_is_cifs = spn.class.is_some_and(|class| class.eq_ignore_ascii_case("cifs"));
    let mut reasons = Vec::new();
    let accept = matched.is_some() && class_is_cifs;
    match &matched {
        Some(entry) if class_is_cifs => reasons.push(accepted(entry, &spn, server)),
        Some(_) => {
            reasons.push(wrong_class(&spn).assumed_if(rests_on_assumed(matched.as_ref(), server)));
        }
        None => reasons.push(foreign(&spn, address, class_is_cifs, server)),
    }
    if spn.is_marshalled() {
        reasons.push(Reason::new(
            rules::MARSHALLED,
            "The name carries a marshalled target. If the check passes, it says nothing about whom the client talked to.",
        ));
    }
    SpnCheck {
        accept,
        reasons,
        tried: if matched.is_some() { Vec::new() } else { entries },
        matched,
        audit_event: (!accept).then_some(3025),
    }
}

/// All entries of the server's lists: its names, its addresses, then the allowed ones.
fn entries(server: &Server) -> Vec<Entry> {
    let entry = |kind| move |text: String| Entry { text, kind };
    let names = server.names.iter().cloned().map(entry(EntryKind::Name));
    let domains = match server.settings.role {
        Role::Member => &[][..],
        Role::DomainController => &server.domains,
    };
    let domains = domains.iter().cloned().map(entry(EntryKind::Domain));
    let local = [Server::LOCAL_HOST.to_owned()].into_iter().map(entry(EntryKind::Loopback));
    let addresses = server.settings.addresses.iter().map(ToString::to_string);
    let loopback = Server::LOOPBACK.iter().map(ToString::to_string);
    let allowed = server.settings.allowed.iter().cloned();
    names
        .chain(domains)
        .chain(local)
        .chain(addresses.map(entry(EntryKind::Address)))
        .chain(loopback.map(entry(EntryKind::Loopback)))
        .chain(allowed.map(entry(EntryKind::Allowed)))
        .collect()
}

fn rests_on_assumed(matched: Option<&Entry>, server: &Server) -> bool {
    match matched {
        Some(Entry { kind: EntryKind::Name | EntryKind::Domain, .. }) | None => {
            server.names_assumed()
        }
        Some(_) => false,
    }
}

fn accepted(entry: &Entry, spn: &Spn<'_>, server: &Server) -> Reason {
    let host = spn.rest;
    let assumed = server.names_assumed();
    match entry.kind {
        EntryKind::Name => {
            Reason::new(rules::OWN_NAME, format!("{host} is one of the server's own names."))
                .assumed_if(assumed)
        }
        EntryKind::Address => {
            Reason::new(rules::OWN_ADDRESS, format!("{host} is one of the server's own addresses."))
        }
        EntryKind::Loopback => Reason::new(
            rules::LOOPBACK_NAME,
            format!("{host} means the machine itself, and is in every server's lists."),
        ),
        EntryKind::Domain => Reason::new(
            rules::DOMAIN_NAME,
            format!("{host} is the domain's name, and the server is a domain controller."),
        )
        .assumed_if(assumed && server.settings.domains.is_empty()),
        EntryKind::Allowed => {
            Reason::new(rules::ALLOWED, format!("{host} is listed in SrvAllowedServerNames."))
        }
    }
}

fn wrong_class(spn: &Spn<'_>) -> Reason {
    match spn.class {
        None => Reason::new(
            rules::NO_CLASS,
            format!("{} is right, and no service class stands before it.", spn.rest),
        ),
        Some(class) => Reason::new(
            rules::CLASS_NOT_CIFS,
            format!("{} is right, but the service is {class}, not cifs.", spn.rest),
        ),
    }
}

/// Why a host that is in no list is denied. The most telling reason is given.
fn foreign(spn: &Spn<'_>, address: Option<IpAddr>, class_is_cifs: bool, server: &Server) -> Reason {
    let names_assumed = server.names_assumed();
    let text = spn.rest;
    let known = server.server_names();
    let is_own = |host: &str| known.iter().any(|name| same_name(name, host));
    if let Some(address) = address {
        return if server.addresses_known() {
            Reason::new(
                rules::ADDRESS_NOT_OWN,
                format!("{address} is neither one of the server's addresses nor an allowed name."),
            )
        } else {
            Reason::new(
                rules::ADDRESS_UNKNOWN,
                format!("{address} is denied unless this is one of the server's addresses."),
            )
        };
    }
    if server.names.is_empty() {
        return Reason::new(
            rules::NAME_UNKNOWN,
            format!("{text} is denied unless this is one of the server's names."),
        );
    }
    if let Some(class) = spn.class.filter(|_| !class_is_cifs) {
        return Reason::new(
            rules::NAME_AND_CLASS,
            format!(
                "{text} is not one of the server's names, and the service is {class}, not cifs."
            ),
        )
        .assumed_if(names_assumed);
    }
    if let Some(realm) = spn.realm.filter(|_| is_own(spn.host)) {
        return Reason::new(
            rules::REALM_NOT_STRIPPED,
            format!(
                "{text} ends in the realm {realm}. The server does not cut it off, so it matches no name."
            ),
        )
        .assumed_if(names_assumed);
    }
    if spn.port.or(spn.third).is_some() && is_own(spn.host) {
        return Reason::new(
            rules::EXTRA_COMPONENT,
            format!("{text} has more than a host, and is taken to match no name."),
        );
    }
    if server.domains.iter().any(|domain| same_name(domain, text)) {
        return Reason::new(
            rules::DOMAIN_NAME_ON_MEMBER,
            format!(
                "{text} is the domain's name. It is not known to be in a member server's list."
            ),
        );
    }
    let label = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    let near = server.names.iter().find(|name| {
        name.contains('.') != text.contains('.') && same_name(&label(name), &label(text))
    });
    if let Some(near) = near {
        return Reason::new(
            rules::SHORT_OR_LONG_NAME,
            format!("{text} is not {near}: short and full names do not stand for each other."),
        )
        .assumed_if(names_assumed);
    }
    Reason::new(
        rules::NAME_NOT_OWN,
        format!("{text} is neither one of the server's names nor an allowed name."),
    )
    .assumed_if(names_assumed)
}
