//! The sentences for the findings about a target name.

use std::borrow::Cow;

use crate::judge::smb::{ComparedName, Comparison, Entry, EntryKind, Likeness, Need, NotStated};
use crate::message::ntlm::ResponseKind;

/// The sentence for a name that counts as not sent.
pub(super) fn not_stated(why: &NotStated, need: Need) -> Cow<'static, str> {
    use Need::{IfSent, Required};
    let words = match (why, need) {
        (NotStated::MarkedUntrusted(name), Required) => {
            return format!("The client marks {name} as untrusted, so the server treats it as not sent; a name is required.").into();
        }
        (NotStated::MarkedUntrusted(name), IfSent) => {
            return format!(
                "The client marks {name} as untrusted, so the server treats it as not sent."
            )
            .into();
        }
        (NotStated::NoPlace(kind), Required) => {
            return format!("A name is required, and {} has no place for one.", response(*kind))
                .into();
        }
        (NotStated::NoPlace(kind), IfSent) => {
            let response = capital(response(*kind));
            return format!(
                "{response} has no place for a name, and at this level none is needed."
            )
            .into();
        }
        (NotStated::MarkedUnverified, Required) => {
            "The client marks the service name as unverified. It is assumed to count as not sent, and a name is required."
        }
        (NotStated::MarkedUnverified, IfSent) => {
            "The client marks the service name as unverified. It is assumed to count as not sent."
        }
        (NotStated::Smb1, Required) => {
            "A name is required, and SMB1 without extended security has no place for one."
        }
        (NotStated::Smb1, IfSent) => {
            "SMB1 without extended security has no place for a name, and at this level none is needed."
        }
        (NotStated::Anonymous, Required) => {
            "A name is required, and an anonymous sign-in carries none."
        }
        (NotStated::Anonymous, IfSent) => {
            "An anonymous sign-in carries no name, and at this level it need not. Other rules about anonymous sign-ins may deny it."
        }
        (NotStated::Absent, Required) => "A name is required, and the client sent none.",
        (NotStated::Absent, IfSent) => "The client sent no name, and at this level it need not.",
    };
    words.into()
}

/// The sentence for the comparison of a name.
pub(super) fn compared(name: &ComparedName) -> String {
    let host = &name.host;
    match &name.comparison {
        Comparison::Listed(entry, likeness) => {
            let mut words = listed(host, entry, *likeness);
            if *likeness == Likeness::OtherCase {
                words.push_str(
                    " Upper and lower case do not matter beyond ASCII either (inferred).",
                );
            }
            words
        }
        Comparison::OtherClass { class, entry } => {
            other_class(host, class.as_deref(), entry.as_ref())
        }
        Comparison::OtherSpelling(_) => format!(
            "How the server compares {host}, written like this, is not documented. It is assumed to match no name."
        ),
        Comparison::AddressUnknown => {
            format!("{host} is denied unless it is one of the server's addresses.")
        }
        Comparison::AddressNotListed(_) => {
            format!("{host} is neither one of the server's addresses nor an allowed name.")
        }
        Comparison::Realm(realm) => format!(
            "{host} ends in the realm {}. The server does not strip it, so it matches no name.",
            inside(realm)
        ),
        Comparison::ExtraComponent => {
            format!("{host} holds more than a host, and is assumed to match no name.")
        }
        Comparison::NameUnknown => {
            format!("{} is denied unless it is one of the server's names.", at_start(host))
        }
        Comparison::DomainOfMember => {
            format!("{host} is the domain's name. It is not known to be in a member server's list.")
        }
        Comparison::ShortOrLong(near) => {
            format!("{host} is not {near}: a short name and a full name do not match each other.")
        }
        Comparison::NameNotListed => {
            format!("{} is neither one of the server's names nor an allowed name.", at_start(host))
        }
    }
}

fn listed(host: &str, entry: &Entry, likeness: Likeness) -> String {
    match (entry.kind, likeness) {
        (EntryKind::Name, _) => format!("{host} is one of the server's own names."),
        (_, Likeness::OtherIpv6) => {
            format!("{host} is another spelling of {}, and is assumed to match it.", entry.text)
        }
        (EntryKind::Address, _) => format!("{host} is one of the server's own addresses."),
        (EntryKind::Loopback, _) => {
            format!("{host} means the machine itself and is in every server's lists.")
        }
        (EntryKind::Domain, _) => {
            format!("{host} is the domain's name, and the server is a domain controller.")
        }
        (EntryKind::Allowed, _) => format!("{host} is listed in SrvAllowedServerNames."),
    }
}

fn other_class(host: &str, class: Option<&str>, entry: Option<&Entry>) -> String {
    let host = at_start(host);
    match (class, entry) {
        (None, Some(_)) => format!("{host} is right, but there is no service class before it."),
        (None, None) => {
            format!("{host} has no service class before it, which is denied whatever the host.")
        }
        (Some(class), Some(_)) => {
            format!("{host} is right, but the service is {}, not cifs.", inside(class))
        }
        (Some(class), None) => format!(
            "The service is {}, not cifs, which is denied whatever the host.",
            inside(class)
        ),
    }
}

/// A name inside a sentence.
fn inside(name: &str) -> &str {
    match name.trim() {
        _ if name.is_empty() => "an empty name",
        "" => "a name of spaces",
        _ => name,
    }
}

/// A name at the start of a sentence.
fn at_start(name: &str) -> &str {
    match name.trim() {
        _ if name.is_empty() => "An empty name",
        "" => "A name of spaces",
        _ => name,
    }
}

fn response(kind: ResponseKind) -> String {
    match kind {
        ResponseKind::None => "a message without a response".into(),
        kind => format!("the {} response", kind.label()),
    }
}

/// The text with an upper-case first letter. Our own words begin with ASCII.
fn capital(mut text: String) -> String {
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}
