//! Service principal names as they stand in `MsvAvTargetName`: `class/host[:port][/name][@realm]`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The name that is in every server's list.
pub const LOCAL_HOST: &str = "LocalHost";

/// The addresses that are in every server's list.
pub const LOOPBACK: [IpAddr; 2] =
    [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];

/// A target name cut into its parts. Nothing is trimmed, folded or checked.
///
/// Spec: [MS-KILE] 3.1.5.11 for the grammar.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Spn<'t> {
    /// The part before the first `/`, if there is one.
    pub class: Option<&'t str>,
    /// Everything after the first `/`, or all of it where there is none. This is what a server
    /// compares with its names.
    pub rest: &'t str,
    /// `rest` without port, third part and realm.
    pub host: &'t str,
    /// The part after the host's `:`, unless the host is an IPv6 address.
    pub port: Option<&'t str>,
    /// The part after the second `/`.
    pub third: Option<&'t str>,
    /// The part after the last `@`.
    pub realm: Option<&'t str>,
}

impl<'t> Spn<'t> {
    /// Cuts `text`. Every text can be cut.
    #[must_use]
    pub fn parse(text: &'t str) -> Self {
        let (class, rest) = match text.split_once('/') {
            Some((class, rest)) => (Some(class), rest),
            None => (None, text),
        };
        let (before_realm, realm) = match rest.rsplit_once('@') {
            Some((before, realm)) => (before, Some(realm)),
            None => (rest, None),
        };
        let (host, third) = match before_realm.split_once('/') {
            Some((host, third)) => (host, Some(third)),
            None => (before_realm, None),
        };
        let (host, port) = match host.rsplit_once(':') {
            // More than one colon: an IPv6 address without brackets.
            Some((before, port)) if !before.contains(':') => (before, Some(port)),
            _ => (host, None),
        };
        Self { class, rest, host, port, third, realm }
    }

    /// `rest` as an address, where it is one.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        self.rest.parse().ok()
    }

    /// Returns true if the host label ends in a marshalled target (`CREDENTIAL_TARGET_INFORMATION`
    /// in its base64 form, which begins `1UWhRC`): the name of one machine, a connection to
    /// another.
    #[must_use]
    pub fn is_marshalled(&self) -> bool {
        self.rest.contains("1UWhRC")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn names_are_cut_where_the_grammar_says() {
        let parts = |text| {
            let spn = Spn::parse(text);
            (spn.class, spn.host, spn.port, spn.third, spn.realm)
        };
        assert_eq!(parts("cifs/10.0.0.100"),            (Some("cifs"), "10.0.0.100", None, None, None));
        assert_eq!(parts("dcfr.lab.lan"),               (None, "dcfr.lab.lan", None, None, None));
        assert_eq!(parts("cifs/fd00:11::11"),           (Some("cifs"), "fd00:11::11", None, None, None));
        assert_eq!(parts("cifs/host:445"),              (Some("cifs"), "host", Some("445"), None, None));
        assert_eq!(parts("LDAP/dc/lab.local@LAB.LOCAL"),(Some("LDAP"), "dc", None, Some("lab.local"), Some("LAB.LOCAL")));
        assert_eq!(parts(""),                           (None, "", None, None, None));
        assert_eq!(parts("/@"),                         (Some(""), "", None, None, Some("")));
    }

    #[test]
    fn a_marshalled_target_is_recognised() {
        assert!(
            Spn::parse("cifs/srv11UWhRCAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAwbEAYBAAAA")
                .is_marshalled()
        );
        assert!(!Spn::parse("cifs/dcfr.lab.lan").is_marshalled());
    }
}
