//! The simulated server, as its user describes it. What no message shows of a sign-in is a setting:
//! whether it comes over loopback, and what the server's clock says; nothing here reads a clock.

use std::net::IpAddr;

use crate::base::spn::LOCAL_HOST;
use crate::message::wire::FileTime;

/// The role of the server in its domain, which decides the names it goes by.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Role {
    /// A member server or a machine in no domain.
    #[default]
    Member,
    /// A domain controller: the domain's names are in its list too.
    DomainController,
}

/// The facts about the server that its user states. Empty lists of names are filled from the
/// messages.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ServerSettings {
    /// Member server or domain controller.
    pub role: Role,
    /// Its own names, NetBIOS and DNS. Empty: taken from the messages.
    pub names: Vec<String>,
    /// The names of its domain, NetBIOS and DNS. Empty: taken from the messages.
    pub domains: Vec<String>,
    /// Its addresses besides the loopback ones. Empty: not known.
    pub addresses: Vec<IpAddr>,
    /// Addresses that are known not to be its own. That says nothing of others.
    pub foreign_addresses: Vec<IpAddr>,
    /// `SrvAllowedServerNames`: names and addresses.
    pub allowed: Vec<String>,
    /// True if failures of the audit subcategory File Share are written (5168).
    pub audit_file_share: bool,
    /// `AuditClientSpnSupport` (3024 to 3026).
    pub audit_client_spn: bool,
    /// True if `MsvAvFlags` bit 0x4 is honoured, as from Windows 8 and Server 2012 on. A server
    /// that does not is an older one, which also compares the time stamp of a response with its
    /// clock.
    pub honours_untrusted_flag: bool,
    /// True if CVE-2019-1040 is fixed: a MIC that is announced and not there ends the sign-in.
    pub patched_cve_2019_1040: bool,
    /// True if the sign-ins come over loopback: from the server itself, as its security package
    /// sees it. No message says so.
    pub is_loopback: bool,
    /// The clock of the server at the sign-in, where it is known. Nothing here reads a clock.
    pub clock: Option<FileTime>,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            role: Role::Member,
            names: Vec::new(),
            domains: Vec::new(),
            addresses: Vec::new(),
            foreign_addresses: Vec::new(),
            allowed: Vec::new(),
            audit_file_share: true,
            audit_client_spn: false,
            honours_untrusted_flag: true,
            patched_cve_2019_1040: true,
            is_loopback: false,
            clock: None,
        }
    }
}

/// The names a server gives itself in an exchange.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ServerNames {
    /// NetBIOS and DNS name of the computer.
    pub computer: Vec<String>,
    /// NetBIOS and DNS name of its domain.
    pub domain: Vec<String>,
    /// The message that said so.
    pub origin: Option<Origin>,
    /// The build of Windows in the `Version` of its CHALLENGE.
    pub build: Option<u16>,
}

/// The source of the server's names.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Origin {
    /// The user of this tool.
    Given,
    /// The exchange's CHALLENGE.
    Challenge,
    /// The AUTHENTICATE, which echoes a CHALLENGE.
    Echo,
}

/// The lists a server compares with, and where they are from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Server {
    /// Its own names, without `LocalHost`.
    pub names: Vec<String>,
    /// The source of the names; `None` if nobody stated any.
    pub names_origin: Option<Origin>,
    /// The names of its domain, in the list only on a domain controller.
    pub domains: Vec<String>,
    /// True if the user stated those.
    pub domains_given: bool,
    /// The build of Windows that it says it is.
    pub build: Option<u16>,
    /// Everything else.
    pub settings: ServerSettings,
}

impl Server {
    /// The server that `settings` describe; names left open there are those of `stated`.
    #[must_use]
    pub fn new(settings: &ServerSettings, stated: &ServerNames) -> Self {
        let given = !settings.names.is_empty();
        Self {
            names: if given { settings.names.clone() } else { stated.computer.clone() },
            names_origin: if given { Some(Origin::Given) } else { stated.origin },
            domains: if settings.domains.is_empty() {
                stated.domain.clone()
            } else {
                settings.domains.clone()
            },
            domains_given: !settings.domains.is_empty(),
            build: stated.build,
            settings: settings.clone(),
        }
    }

    /// Returns true if the addresses besides the loopback ones are known.
    #[must_use]
    pub const fn addresses_known(&self) -> bool {
        !self.settings.addresses.is_empty()
    }

    /// Returns true if it is known whether `address` is one of its own.
    #[must_use]
    pub fn knows(&self, address: &IpAddr) -> bool {
        self.addresses_known() || self.settings.foreign_addresses.contains(address)
    }

    /// Returns true if a statement about the names rests on something the user did not state.
    #[must_use]
    pub fn names_assumed(&self) -> bool {
        self.names_origin != Some(Origin::Given)
    }

    /// `ServerNames` as event 5168 prints it, in the order of Microsoft's sample.
    #[must_use]
    pub fn server_names(&self) -> Vec<&str> {
        let domains = match self.settings.role {
            Role::Member => &[][..],
            Role::DomainController => &self.domains,
        };
        let all = domains.iter().chain(&self.names).map(String::as_str);
        all.chain([LOCAL_HOST]).collect()
    }
}
