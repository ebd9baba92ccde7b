//! A setting as part of an address: `lured-client/rewrite-target-name/1`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::judge::smb::{Level, Role};
use crate::lab::{
    exchange::ClientKind,
    relay::{Edit, Middle, Scenario},
};

const SIGNING: &str = "signing";
const ENCRYPTION: &str = "encryption";
const UNPATCHED: &str = "unpatched";
const CONTROLLER: &str = "controller";
const CLIENT: &str = "client=";
const NAME: &str = "name=";
const ALLOW: &str = "allow=";

impl Scenario {
    /// The setting in one line for an address: who is in the middle, the edit and the level with
    /// `/` between, and behind them what is not as in [`Scenario::new`]. It has letters, digits and
    /// `-._:/=%` in it; the story's own names and addresses are in none.
    #[must_use]
    pub fn link(&self) -> String {
        let mut link =
            format!("{}/{}/{}", self.middle.as_str(), self.edit.as_str(), self.level.number());
        let switches = [
            (self.server.role == Role::DomainController, CONTROLLER),
            (self.requires_signing, SIGNING),
            (self.requires_encryption, ENCRYPTION),
            (!self.server.patched_cve_2019_1040, UNPATCHED),
        ];
        for (_, word) in switches.into_iter().filter(|(is_on, _)| *is_on) {
            link.push('/');
            link += word;
        }
        if self.client != ClientKind::default() {
            link = link + "/" + CLIENT + self.client.as_str();
        }
        if let Edit::RewriteTargetName(name) = &self.edit
            && name != Edit::TARGET_NAME
        {
            push_value(&mut link, NAME, name);
        }
        for name in &self.server.allowed {
            push_value(&mut link, ALLOW, name);
        }
        link
    }

    /// Reads what [`Scenario::link`] writes; `None` where a part of it is not known.
    #[must_use]
    pub fn from_link(link: &str) -> Option<Self> {
        let mut parts = link.split('/');
        let middle = parts.next()?;
        let mut scenario = Self::new(Middle::ALL.into_iter().find(|one| one.as_str() == middle)?);
        let edit = parts.next()?;
        scenario.edit = Edit::all().into_iter().find(|one| one.as_str() == edit)?;
        let level = parts.next()?;
        scenario.level = Level::ALL.into_iter().find(|one| one.number().to_string() == level)?;
        for part in parts {
            if part == SIGNING {
                scenario.requires_signing = true;
            } else if part == ENCRYPTION {
                scenario.requires_encryption = true;
            } else if part == UNPATCHED {
                scenario.server.patched_cve_2019_1040 = false;
            } else if part == CONTROLLER {
                scenario.server.role = Role::DomainController;
            } else if let Some(client) = part.strip_prefix(CLIENT) {
                scenario.client = ClientKind::ALL.into_iter().find(|one| one.as_str() == client)?;
            } else if let Some(name) = part.strip_prefix(NAME) {
                let Edit::RewriteTargetName(new) = &mut scenario.edit else { return None };
                *new = unescaped(name)?;
            } else {
                scenario.server.allowed.push(unescaped(part.strip_prefix(ALLOW)?)?);
            }
        }
        Some(scenario)
    }
}

/// The characters that are in a value as they are.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b':');

fn push_value(link: &mut String, name: &str, value: &str) {
    link.push('/');
    link.push_str(name);
    link.extend(utf8_percent_encode(value, PLAIN));
}

/// The text that was escaped; `None` where it is none, or where an escape is broken off.
fn unescaped(value: &str) -> Option<String> {
    let is_escape = |after: &str| {
        let digits = after.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    let is_whole = value.split('%').skip(1).all(is_escape);
    let text = percent_decode_str(value).decode_utf8().ok()?;
    is_whole.then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_comes_back_from_its_link() {
        for middle in Middle::ALL {
            for edit in Edit::all() {
                for level in Level::ALL {
                    let plain = Scenario { edit: edit.clone(), level, ..Scenario::new(middle) };
                    assert_eq!(Scenario::from_link(&plain.link()).as_ref(), Some(&plain));
                    let mut odd = Scenario { requires_signing: true, ..plain };
                    odd.requires_encryption = true;
                    odd.client = ClientKind::BareHost;
                    odd.server.role = Role::DomainController;
                    odd.server.patched_cve_2019_1040 = false;
                    odd.server.allowed = vec!["10.0.0.100".into(), "a/b %Ü\u{202e}".into()];
                    if let Edit::RewriteTargetName(name) = &mut odd.edit {
                        *name = "cifs/<x>".into();
                    }
                    let link = odd.link();
                    assert!(link.is_ascii() && !link.contains([' ', '<', '"', '#']), "{link}");
                    assert_eq!(Scenario::from_link(&link), Some(odd));
                }
            }
        }
        let link = Scenario::new(Middle::LuredClient).link();
        assert_eq!(link, "lured-client/nothing/0");
    }

    /// Others escape less: `encodeURIComponent` leaves `!'()*~` as they are.
    #[test]
    fn text_that_others_escaped_is_read() {
        let link = "nat/nothing/0/allow=%3cimg%20onerror=ran()%3E'!*~";
        let read = Scenario::from_link(link).expect("a setting");
        assert_eq!(read.server.allowed, ["<img onerror=ran()>'!*~"]);
    }

    #[test]
    fn an_unknown_value_is_no_setting() {
        for link in [
            "",
            "nat",
            "nat/nothing",
            "nat/nothing/3",
            "nat/nothing/0/x",
            "nat/nothing/0/name=x",
            "nat/rewrite-target-name/0/name=%4",
            "nat/rewrite-target-name/0/name=%ff",
            "nat/nothing/0/allow=%+1",
            "nat/nothing/0/",
            "someone/nothing/0",
        ] {
            assert_eq!(Scenario::from_link(link), None, "{link}");
        }
    }
}
