//! The answer to someone who is denied access and has no capture: what `spnscope decide` says.

use std::net::IpAddr;

use crate::view::{Headline, LevelCard, Reported, WaysView, headline, levels, ways};
use spnscope::analysis::Verdict;
use spnscope::base::visible::Visible;
use spnscope::judge::{
    events::{Command, find_refusals},
    remedies::AllowList,
    smb::{Evidence, Server, ServerNames, ServerSettings, Target, decide},
};
use spnscope::message::ntlm::SignInNames;
use spnscope::read::service::{Service, ServiceKind, ServiceSource};

/// A field of the form.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum AccessField {
    /// The path that the user opens.
    Opened,
    /// The server's own names.
    Names,
    /// The server's own addresses.
    Addresses,
    /// The names in `SrvAllowedServerNames`.
    Allowed,
}

impl AccessField {
    /// All of them, in their order.
    pub const ALL: [Self; 4] = [Self::Opened, Self::Names, Self::Addresses, Self::Allowed];

    /// Its id on the page.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Opened => "access-opened",
            Self::Names => "access-names",
            Self::Addresses => "access-addresses",
            Self::Allowed => "access-allowed",
        }
    }

    /// Its label.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Opened => "The user opens",
            Self::Names => "The server is called",
            Self::Addresses => "Its addresses",
            Self::Allowed => "Its allowed names (SrvAllowedServerNames)",
        }
    }

    /// An example of what goes into it.
    #[must_use]
    pub const fn example(self) -> &'static str {
        match self {
            Self::Opened => r"\\10.0.0.100\share",
            Self::Names => "DCFR, dcfr.lab.lan",
            Self::Addresses => "10.0.0.11",
            Self::Allowed => "none, or such as nas.lab.lan",
        }
    }
}

/// The texts in the form.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct AccessForm {
    opened: String,
    names: String,
    addresses: String,
    allowed: String,
}

impl AccessForm {
    /// The text in a field.
    #[must_use]
    pub fn text(&self, field: AccessField) -> &str {
        match field {
            AccessField::Opened => &self.opened,
            AccessField::Names => &self.names,
            AccessField::Addresses => &self.addresses,
            AccessField::Allowed => &self.allowed,
        }
    }

    /// Puts a text into a field.
    pub fn set(&mut self, field: AccessField, text: String) {
        match field {
            AccessField::Opened => self.opened = text,
            AccessField::Names => self.names = text,
            AccessField::Addresses => self.addresses = text,
            AccessField::Allowed => self.allowed = text,
        }
    }

    /// The server that the form describes, as far as it can be read.
    fn server(&self) -> ServerSettings {
        let is_name = |entry: &&str| entry.parse::<IpAddr>().is_err() && !has_slash(entry);
        ServerSettings {
            names: entries(&self.names).filter(is_name).map(str::to_owned).collect(),
            addresses: entries(&self.addresses).filter_map(|entry| entry.parse().ok()).collect(),
            allowed: entries(&self.allowed).map(str::to_owned).collect(),
            ..ServerSettings::default()
        }
    }

    /// The reason why the text of a field is not understood, in one sentence.
    fn fault(&self, field: AccessField) -> Option<String> {
        let first = |is_wrong: fn(&str) -> bool| {
            entries(self.text(field)).find(|entry| is_wrong(entry)).map(Visible)
        };
        match field {
            AccessField::Opened => target_name(&self.opened).err(),
            AccessField::Names => first(|entry| {
                entry.parse::<IpAddr>().is_ok() || has_slash(entry)
            })
            .map(|entry| format!("“{entry}” is not a name of a server, such as dcfr.lab.lan.")),
            AccessField::Addresses => first(|entry| entry.parse::<IpAddr>().is_err())
                .map(|entry| format!("“{entry}” is not an address, such as 10.0.0.11.")),
            AccessField::Allowed => first(has_slash)
                .map(|entry| format!("“{entry}” is more than a name: leave out the slashes.")),
        }
    }

    /// The client's statement and the server, for the decision; `None` if the form does not say what
    /// the user opens.
    fn asked(&self) -> Option<(Evidence, ServerSettings)> {
        let name = target_name(&self.opened).ok().flatten()?;
        Some((Evidence::stating(Target::Present(name)), self.server()))
    }

    /// The report on the question, as `spnscope decide` prints it.
    #[must_use]
    pub fn reported(&self) -> Option<Reported> {
        let (evidence, settings) = self.asked()?;
        Some(Reported::Decided(Box::new((evidence, settings))))
    }
}

/// The view of the form: the answer, and the fields that are not understood.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessView {
    /// The target name that a Windows client sends then, `cifs/10.0.0.100`; `None` where the form
    /// does not say what the user opens.
    pub target_name: Option<String>,
    /// The fields that are not understood, each with the reason.
    pub faults: Vec<(AccessField, String)>,
    /// The answer; `None` if the form does not say what the user opens.
    pub answer: Option<AccessAnswer>,
    /// The commands that find the events of this check.
    pub commands: [Command; 2],
}

/// The answer to the form.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessAnswer {
    /// The answer in one sentence.
    pub headline: Headline,
    /// The answers at the three levels.
    pub levels: [LevelCard; 3],
    /// The cures of the denials; `None` if nothing is denied.
    pub ways: Option<WaysView>,
}

/// Makes the view of the form.
#[must_use]
pub fn access(form: &AccessForm) -> AccessView {
    let answer = form.asked().map(|(evidence, settings)| {
        let server = Server::new(&settings, &ServerNames::default());
        let decisions = decide(&evidence, &server);
        // A path is opened on a file server.
        let service = Service { kind: ServiceKind::Smb, from: ServiceSource::Carrier };
        let verdict = Verdict { evidence, service, server, decisions };
        AccessAnswer {
            headline: headline::of_verdict(&verdict),
            levels: levels::level_cards(&verdict, &SignInNames::default(), None),
            ways: ways(&verdict, AllowList::default(), None),
        }
    });
    let faults = AccessField::ALL.into_iter();
    AccessView {
        target_name: target_name(&form.opened).ok().flatten(),
        faults: faults.filter_map(|field| Some((field, form.fault(field)?))).collect(),
        answer,
        commands: find_refusals(),
    }
}

/// The entries of a list, however they are separated.
fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| letter.is_whitespace() || matches!(letter, ',' | ';'))
        .filter(|entry| !entry.is_empty())
}

fn has_slash(entry: &str) -> bool {
    entry.contains(['/', '\\'])
}

/// The target name that a Windows client sends for what its user opens: `cifs/` and the host.
/// Nothing where nothing was typed.
///
/// # Errors
///
/// Returns the reason why it is not understood, in one sentence.
fn target_name(opened: &str) -> Result<Option<String>, String> {
    let opened = opened.trim().trim_matches('"').trim();
    if opened.is_empty() {
        return Ok(None);
    }
    let path = opened.replace('\\', "/");
    let is_drive =
        path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic();
    if is_drive {
        return Err(
            "That is a drive. “net use” on the client says which server it stands for.".to_owned()
        );
    }
    let after = |prefix: &str| {
        let head = path.get(..prefix.len())?;
        head.eq_ignore_ascii_case(prefix).then(|| &path[prefix.len()..])
    };
    let rest = ["file:", "smb:", "cifs/"].into_iter().find_map(after).unwrap_or(&path);
    let host = rest.trim_start_matches('/').split('/').next().unwrap_or_default().trim();
    if host.is_empty() || host.contains(char::is_whitespace) {
        return Err(r"No server is named there. Type a path such as \\10.0.0.100\share.".to_owned());
    }
    Ok(Some(format!("cifs/{host}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use spnscope::judge::smb::Outcome;

    fn form(opened: &str, names: &str, addresses: &str, allowed: &str) -> AccessForm {
        let [opened, names, addresses, allowed] =
            [opened, names, addresses, allowed].map(str::to_owned);
        AccessForm { opened, names, addresses, allowed }
    }

    fn outcomes(view: &AccessView) -> Option<[Outcome; 3]> {
        let answer = view.answer.as_ref()?;
        Some(answer.levels.each_ref().map(|card| card.outcome))
    }

    #[test]
    fn every_spelling_of_a_path_names_its_server() {
        for opened in [
            r"\\10.0.0.100\share",
            r"\\10.0.0.100",
            "//10.0.0.100/share",
            "file://10.0.0.100/share",
            "FILE:////10.0.0.100/share",
            "smb://10.0.0.100",
            "cifs/10.0.0.100",
            "10.0.0.100",
            " \"\\\\10.0.0.100\\a b\" ",
        ] {
            assert_eq!(target_name(opened), Ok(Some("cifs/10.0.0.100".to_owned())), "{opened}");
        }
        assert_eq!(target_name(r"\\nas.lab.lan\c$"), Ok(Some("cifs/nas.lab.lan".to_owned())));
        assert_eq!(target_name(" "), Ok(None));
        for wrong in [r"Z:\share", "z:", r"\\", "my share", "file:"] {
            assert!(target_name(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_story_has_its_answer_without_a_message() {
        use Outcome::{Accept, Deny};
        let view = access(&form(r"\\10.0.0.100\share", "DCFR, dcfr.lab.lan", "10.0.0.11", ""));
        assert_eq!(outcomes(&view), Some([Accept, Deny, Deny]));
        assert_eq!(view.answer.unwrap().headline.verdict, "Denied at levels 1 and 2.");
        let allowed = form(r"\\10.0.0.100\share", "DCFR", "10.0.0.11", "10.0.0.100");
        assert_eq!(outcomes(&access(&allowed)), Some([Accept; 3]));
        let own = form(r"\\dcfr.lab.lan\share", "DCFR dcfr.lab.lan", "", "");
        assert_eq!(outcomes(&access(&own)), Some([Accept; 3]));
    }

    #[test]
    fn it_answers_from_the_first_field_on_and_says_that_it_depends() {
        let view = access(&form(r"\\10.0.0.100", "", "", ""));
        let answer = view.answer.unwrap();
        assert!(answer.levels[1].depends && !answer.levels[0].depends);
        assert_eq!(access(&AccessForm::default()).answer, None);
    }

    #[test]
    fn what_is_not_understood_is_said_beside_its_field_and_the_rest_counts() {
        let view = access(&form(r"\\10.0.0.100", "10.0.0.9 DCFR", "10.0.0.11, x", r"\\nas"));
        let fields: Vec<_> = view.faults.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, [AccessField::Names, AccessField::Addresses, AccessField::Allowed]);
        assert!(view.faults[1].1.starts_with("“x” is not an address"));
        assert!(view.answer.is_some());
    }

    #[test]
    fn the_events_can_be_found() {
        let [audit, session] = access(&AccessForm::default()).commands;
        assert!(audit.text.contains("'Security'; Id = 5168"), "{audit:?}");
        assert!(session.text.contains("SMBServer/Security'; Id = 551"), "{session:?}");
    }
}
