//! The switches of a server, in one table, which the command line, kept settings and the page's
//! panel follow.

use crate::judge::smb::ServerSettings;

/// A switch of the server.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ServerSwitch {
    /// [`ServerSettings::audit_file_share`].
    AuditFileShare,
    /// [`ServerSettings::audit_client_spn`].
    AuditClientSpn,
    /// [`ServerSettings::honours_untrusted_flag`].
    HonoursUntrustedFlag,
    /// [`ServerSettings::patched_cve_2019_1040`].
    PatchedCve20191040,
    /// [`ServerSettings::is_loopback`].
    Loopback,
}

impl ServerSwitch {
    /// All of them, in the order they are listed.
    pub const ALL: [Self; 5] = [
        Self::AuditFileShare,
        Self::AuditClientSpn,
        Self::HonoursUntrustedFlag,
        Self::PatchedCve20191040,
        Self::Loopback,
    ];

    /// Its stable name, in kept settings and as an option of the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuditFileShare => "audit-file-share",
            Self::AuditClientSpn => "audit-client-spn",
            Self::HonoursUntrustedFlag => "honours-untrusted-flag",
            Self::PatchedCve20191040 => "patched-cve-2019-1040",
            Self::Loopback => "loopback",
        }
    }

    /// The label, for a switch that is on, in a few words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::AuditFileShare => "File Share failure auditing is on",
            Self::AuditClientSpn => "AuditClientSpnSupport is on",
            Self::HonoursUntrustedFlag => "Windows 8, Server 2012 or later",
            Self::PatchedCve20191040 => "Patched for CVE-2019-1040",
            Self::Loopback => "The sign-in comes over loopback",
        }
    }

    /// The switch of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|switch| switch.as_str() == name)
    }

    /// Tells whether it is on.
    #[must_use]
    pub const fn is_on(self, settings: &ServerSettings) -> bool {
        match self {
            Self::AuditFileShare => settings.audit_file_share,
            Self::AuditClientSpn => settings.audit_client_spn,
            Self::HonoursUntrustedFlag => settings.honours_untrusted_flag,
            Self::PatchedCve20191040 => settings.patched_cve_2019_1040,
            Self::Loopback => settings.is_loopback,
        }
    }

    /// The switch in the settings.
    pub const fn of(self, settings: &mut ServerSettings) -> &mut bool {
        match self {
            Self::AuditFileShare => &mut settings.audit_file_share,
            Self::AuditClientSpn => &mut settings.audit_client_spn,
            Self::HonoursUntrustedFlag => &mut settings.honours_untrusted_flag,
            Self::PatchedCve20191040 => &mut settings.patched_cve_2019_1040,
            Self::Loopback => &mut settings.is_loopback,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_switch_has_a_name_and_a_label_of_its_own() {
        let names: HashSet<_> = ServerSwitch::ALL.map(ServerSwitch::as_str).into();
        let labels: HashSet<_> = ServerSwitch::ALL.map(ServerSwitch::label).into();
        assert_eq!((names.len(), labels.len()), (ServerSwitch::ALL.len(), ServerSwitch::ALL.len()));
        assert!(names.iter().all(|name| {
            name.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        }));
    }
}
