//! The settings as lines of text, one fact a line, to be kept by programs: `name DCFR`.
//!
//! One fact a line outlives the version that wrote it: a line that is not understood is passed
//! over, and settings that were kept long ago are still read.

use std::{fmt::Write as _, net::IpAddr};

use crate::judge::smb::{
    server::{Role, ServerSettings},
    server_switch::ServerSwitch,
};
use crate::message::wire::FileTime;

const CONTROLLER: &str = "role domain-controller";

impl ServerSettings {
    /// The settings as text. Only what differs from the defaults is written.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        if self.role == Role::DomainController {
            text.push_str(CONTROLLER);
            text.push('\n');
        }
        let written = |addresses: &[IpAddr]| addresses.iter().map(ToString::to_string).collect();
        let addresses: Vec<String> = written(&self.addresses);
        let foreign: Vec<String> = written(&self.foreign_addresses);
        for (word, entries) in [
            ("name", &self.names),
            ("domain", &self.domains),
            ("address", &addresses),
            ("foreign-address", &foreign),
            ("allowed", &self.allowed),
        ] {
            // An entry with a line end would read as two facts.
            for entry in entries.iter().filter(|entry| !entry.contains(['\n', '\r'])) {
                // Writing to a String does not fail.
                let _ = writeln!(text, "{word} {entry}");
            }
        }
        if let Some(clock) = self.clock {
            let _ = writeln!(text, "clock {}", clock.0);
        }
        let default = Self::default();
        for switch in ServerSwitch::ALL {
            let is_on = switch.is_on(self);
            if is_on != switch.is_on(&default) {
                let state = if is_on { "on" } else { "off" };
                let _ = writeln!(text, "{state} {}", switch.as_str());
            }
        }
        text
    }

    /// The settings that `text` describes. A line that is not understood is passed over.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        let mut settings = Self::default();
        for line in text.lines() {
            if line == CONTROLLER {
                settings.role = Role::DomainController;
            }
            match line.split_once(' ') {
                Some(("name", name)) => settings.names.push(name.to_owned()),
                Some(("domain", name)) => settings.domains.push(name.to_owned()),
                Some(("address", address)) => {
                    settings.addresses.extend(address.parse::<IpAddr>().ok());
                }
                Some(("foreign-address", address)) => {
                    settings.foreign_addresses.extend(address.parse::<IpAddr>().ok());
                }
                Some(("allowed", name)) => settings.allowed.push(name.to_owned()),
                Some(("clock", ticks)) => settings.clock = ticks.parse().ok().map(FileTime),
                Some((state @ ("on" | "off"), name)) => {
                    if let Some(switch) = ServerSwitch::from_name(name) {
                        *switch.of(&mut settings) = state == "on";
                    }
                }
                _ => {}
            }
        }
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_settings_are_read_again() {
        let settings = ServerSettings {
            role: Role::DomainController,
            names: vec!["DCFR".into(), "dcfr.lab.lan".into()],
            domains: vec!["LAB".into()],
            addresses: vec!["10.0.0.11".parse().unwrap(), "fe80::1".parse().unwrap()],
            foreign_addresses: vec!["10.0.0.50".parse().unwrap()],
            allowed: vec!["a name with spaces".into(), "10.0.0.100".into()],
            audit_file_share: false,
            audit_client_spn: true,
            honours_untrusted_flag: false,
            patched_cve_2019_1040: false,
            is_loopback: true,
            clock: Some(FileTime(134_169_156_000_000_001)),
        };
        assert_eq!(ServerSettings::from_text(&settings.to_text()), settings);
        assert_eq!(ServerSettings::default().to_text(), "");
    }

    /// Settings that were kept while there were such switches.
    #[test]
    fn switches_that_are_gone_are_passed_over() {
        let text = "name DCFR\noff loopback-rule\non loopback\noff reports-target\n";
        let expected = ServerSettings {
            names: vec!["DCFR".into()],
            is_loopback: true,
            ..ServerSettings::default()
        };
        assert_eq!(ServerSettings::from_text(text), expected);
        assert_eq!(expected.to_text(), "name DCFR\non loopback\n");
    }

    #[test]
    fn unknown_settings_are_passed_over() {
        let text = "{\"role\": 7\nnew fact\naddress ten\non nothing\nname DCFR\r\n\n";
        let expected = ServerSettings { names: vec!["DCFR".into()], ..ServerSettings::default() };
        assert_eq!(ServerSettings::from_text(text), expected);
    }
}
