//! The server's lists: its names, its addresses and the allowed names.

use std::net::IpAddr;

use crate::base::spn::{LOCAL_HOST, LOOPBACK};
use crate::judge::smb::server::{Role, Server};
use crate::message::wire::same_name;

/// One entry of the server's lists.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// The entry as the list has it.
    pub text: String,
    /// The list it is in.
    pub kind: EntryKind,
}

impl Entry {
    /// All entries of the server's lists: its names, its addresses, then the allowed ones.
    pub(super) fn all(server: &Server) -> Vec<Self> {
        let mut entries = Vec::new();
        let mut add = |kind, text: String| entries.push(Self { text, kind });
        for name in &server.names {
            add(EntryKind::Name, name.clone());
        }
        if server.settings.role == Role::DomainController {
            for name in &server.domains {
                add(EntryKind::Domain, name.clone());
            }
        }
        add(EntryKind::Loopback, LOCAL_HOST.to_owned());
        for address in &server.settings.addresses {
            add(EntryKind::Address, address.to_string());
        }
        for address in LOOPBACK {
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

    /// The entry that is the host: addresses are compared as addresses, names without regard to
    /// case.
    pub(super) fn find<'e>(entries: &'e [Self], host: &str) -> Option<&'e Self> {
        let address = host.parse::<IpAddr>().ok();
        entries.iter().find(|entry| match address {
            Some(address) => entry.text.parse() == Ok(address),
            None => same_name(&entry.text, host),
        })
    }
}

/// The list an entry is in.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
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
    /// The label of such an entry, in a few words.
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

    /// Returns true if it is one of the names that a server is known by, its own or its domain's.
    pub(super) const fn is_name(self) -> bool {
        matches!(self, Self::Name | Self::Domain)
    }

    /// Returns true if neither the user of this tool nor any specification states the entry.
    pub(super) fn is_assumed(self, server: &Server) -> bool {
        match self {
            Self::Name => server.names_assumed(),
            Self::Domain => !server.domains_given,
            Self::Address | Self::Loopback | Self::Allowed => false,
        }
    }
}
