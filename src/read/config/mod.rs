//! The server side as administrators have it: events, the registry, PowerShell, lists of names.
//!
//! Values are read whatever the language of the labels: by the names that Windows does not translate (of XML
//! data and of registry values), and otherwise by their order and their shape. What an input does not show is
//! left as it is.

mod event;
mod event_fields;
mod event_text;
mod event_xml;
mod lines;
mod list;
mod plain;
mod refusal;
mod values;

use std::net::IpAddr;

use plain::Plain;

pub use list::{ListMeans, Looks, is_entry};
pub use refusal::Refusal;

use crate::judge::smb::{Level, LevelValue, Role, Server, ServerSettings, Target, same_name};
use crate::read::text::LARGEST;
use crate::show::words;

/// What is remarked where values of the registry are shown without the allowed names.
const ALLOWED_LEFT: &str =
    "SrvAllowedServerNames is not shown. The allowed names were left as they are.";

/// The values that the Server service reads, by their names in the registry.
const LEVEL: &str = "SmbServerNameHardeningLevel";
const ALLOWED: &str = "SrvAllowedServerNames";
const AUDIT: &str = "AuditClientSpnSupport";

/// How many events are read of one input.
const MOST_EVENTS: usize = 1000;
/// How many names or addresses are read of one list.
const MOST_NAMES: usize = 1000;
/// How many lines are read for what is not XML, and how many tags: more than so many events take.
const MOST_LINES: usize = 100_000;
const MOST_TAGS: usize = 300_000;
/// How many sentences are said about what was not read.
const MOST_REMARKS: usize = 100;

/// What an input says about a server, each with the line it stands in.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Import {
    /// The value of `SmbServerNameHardeningLevel`, as it stands in the registry.
    pub level: Option<Stated<u32>>,
    /// The server's own names, the domain's among them on a domain controller; in the order given.
    pub names: Option<Stated<Vec<String>>>,
    /// Its addresses, without the loopback ones.
    pub addresses: Option<Stated<Vec<IpAddr>>>,
    /// `SrvAllowedServerNames`; an empty list is one that was shown and is empty.
    pub allowed: Option<Stated<Vec<String>>>,
    /// Whether failures of the audit subcategory File Share are written: an event 5168 shows that they are.
    pub audit_file_share: Option<Stated<bool>>,
    /// `AuditClientSpnSupport`.
    pub audit_client_spn: Option<Stated<bool>>,
    /// The sign-ins that events tell of, in their order.
    pub refusals: Vec<Refusal>,
    /// What was not read or is to be known about what was, in the order of the lines.
    pub remarks: Vec<Remark>,
    /// What an input looks like that has names in it and was not read; a remark asks what to do about it.
    pub looks: Option<Looks>,
}

/// A value and where it was read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Stated<T> {
    /// The value.
    pub value: T,
    /// The number of its line, from 1.
    pub line: usize,
    /// What it was read from.
    pub form: Form,
}

/// One sentence about a place in the input.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Remark {
    /// What it is about.
    pub kind: RemarkKind,
    /// The number of the line, from 1; `None` where it is about the input as a whole.
    pub line: Option<usize>,
    /// The sentence. It may quote the input.
    pub message: String,
}

/// What a remark is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RemarkKind {
    /// Values of the registry are shown without the allowed names, which were left as they are.
    AllowedLeft,
    /// Something else.
    Other,
}

/// What a value was read from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Form {
    /// An event as XML.
    EventXml,
    /// An event as Event Viewer words it.
    EventText,
    /// The fields of an event behind their names, as in JSON.
    EventFields,
    /// What `reg query` prints.
    RegistryQuery,
    /// A `.reg` file.
    RegistryFile,
    /// Properties, as `Get-SmbServerConfiguration` and `Get-ItemProperty` print them.
    Properties,
    /// A security template, as `secedit` writes it.
    Template,
    /// A list of names.
    Names,
    /// A list of names behind `SrvAllowedServerNames`.
    HeadedNames,
}

impl Form {
    /// What it is called in a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::EventXml => "an event as XML",
            Self::EventText => "an event as text",
            Self::EventFields => "the fields of an event",
            Self::RegistryQuery => "reg query",
            Self::RegistryFile => "a .reg file",
            Self::Properties => "PowerShell properties",
            Self::Template => "a security template",
            Self::Names => "a list of names",
            Self::HeadedNames => "a list of allowed names",
        }
    }
}

/// Reads what an input says about a server. Anything can be read; what is not understood is said in
/// [`Import::remarks`]. `list` says what a list of names without any heading is a list of.
#[must_use]
pub fn import(bytes: &[u8], list: ListMeans) -> Import {
    let mut reader = Reader::default();
    if bytes.len() > LARGEST {
        reader.remark(None, "The input is larger than 4 MiB. What is beyond was not read.");
    }
    let text = lines::decode(bytes.get(..LARGEST).unwrap_or(bytes));
    event_xml::read(&text, &mut reader);
    let mut lines = lines::split(&text);
    if lines.len() > MOST_LINES {
        let line = lines.pop().map_or(0, |line| line.number);
        reader.more_than(MOST_LINES, "lines", "only XML", line);
    }
    if reader.events == 0 {
        event_text::read(&lines, &mut reader);
    }
    if reader.events == 0 {
        let plain = Plain::of(&lines);
        event_fields::read(&plain, &mut reader);
        if reader.events == 0 {
            event_text::read(&plain.lines(), &mut reader);
        }
    }
    let has_values = values::read(&lines, &mut reader);
    if reader.events == 0 && !has_values {
        list::read(&lines, list, &mut reader);
    }
    reader.finish()
}

impl Import {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { level, names, addresses, allowed, .. } = self;
        let has_lists = names.is_some() || addresses.is_some() || allowed.is_some();
        let has_audit = self.audit_file_share.is_some() || self.audit_client_spn.is_some();
        level.is_none() && !has_lists && !has_audit && self.refusals.is_empty()
    }

    /// The level of the policy that the value found stands for; none where it is not documented.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        self.level_value()?.level()
    }

    /// The value found.
    #[must_use]
    pub fn level_value(&self) -> Option<LevelValue> {
        Some(LevelValue(self.level.as_ref()?.value))
    }

    /// Takes what was found over into `settings`. What was not found is left as it is.
    pub fn apply(&self, settings: &mut ServerSettings) {
        if let Some(names) = &self.names {
            let split = SplitNames::of(&names.value);
            settings.role = split.role();
            settings.names = split.computer;
            settings.domains = split.domain;
        }
        if let Some(addresses) = &self.addresses {
            settings.addresses.clone_from(&addresses.value);
        }
        if let Some(allowed) = &self.allowed {
            settings.allowed.clone_from(&allowed.value);
        }
        if let Some(audit) = &self.audit_file_share {
            settings.audit_file_share = audit.value;
        }
        if let Some(audit) = &self.audit_client_spn {
            settings.audit_client_spn = audit.value;
        }
    }

    /// What the client asked for in [`Import::newest`].
    #[must_use]
    pub fn refused(&self) -> Option<&Target> {
        self.refusals.get(self.newest()?)?.target.as_ref()
    }

    /// The index of the newest event that says what the client asked for; of events without a time, the first.
    /// Where none says it, the first of all.
    #[must_use]
    pub fn newest(&self) -> Option<usize> {
        let stated = self.refusals.iter().enumerate().filter(|(_, event)| event.target.is_some());
        let newest = stated.rev().max_by(|(_, one), (_, other)| one.time.cmp(&other.time));
        newest.map(|(at, _)| at).or_else(|| (!self.refusals.is_empty()).then_some(0))
    }

    /// What to do about an input that is of a server, as it seems, and of which nothing was read: a sentence.
    #[must_use]
    pub fn question(&self) -> Option<&'static str> {
        self.looks.filter(|looks| *looks != Looks::Other).map(Looks::question)
    }

    /// Whether something was found that is more than a list of names, which any words can be.
    #[must_use]
    pub fn is_of_a_server(&self) -> bool {
        let lists = [&self.names, &self.allowed].into_iter().flatten();
        let is_list = self.addresses.as_ref().is_some_and(|list| list.form == Form::Names)
            || lists.into_iter().any(|list| list.form == Form::Names);
        !is_list && !self.is_empty()
    }

    /// Whether the names found are those of a domain controller, as far as they show it: the domain's names
    /// are among them.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        self.names.as_ref().map(|names| SplitNames::of(&names.value).role())
    }
}

/// A server's names, the computer's apart from the domain's. Event 5168 has them in one list.
#[derive(Debug)]
struct SplitNames {
    computer: Vec<String>,
    domain: Vec<String>,
}

impl SplitNames {
    /// The name of a domain is one that another name ends in; its short name is the first part of that, or
    /// the short name before it, as in Microsoft's sample of event 5168.
    fn of(names: &[String]) -> Self {
        let (mut computer, mut domain) = (Vec::new(), Vec::new());
        let names: Vec<_> =
            names.iter().filter(|name| !same_name(name, Server::LOCAL_HOST)).collect();
        // A server has a handful of names. More than these are not compared with each other.
        let few = names.get(..64).unwrap_or(&names);
        let long =
            few.iter().position(|name| few.iter().any(|other| host_in(name, other).is_some()));
        let short = long.and_then(|at| {
            let long = few.get(at)?;
            let first = long.split('.').next()?;
            let is_host = |name: &str| {
                let mut hosts = few.iter().filter_map(|other| host_in(long, other));
                hosts.any(|host| same_name(host, name))
            };
            let can_be = |place: &usize| {
                few.get(*place).is_some_and(|name| !name.contains('.') && !is_host(name))
            };
            let same = few.iter().position(|name| same_name(name, first));
            let before = at.checked_sub(1);
            same.filter(|place| *place != at && can_be(place)).or_else(|| before.filter(can_be))
        });
        for (place, name) in names.into_iter().enumerate() {
            let is_domain = Some(place) == long || Some(place) == short;
            if is_domain { domain.push(name.clone()) } else { computer.push(name.clone()) }
        }
        Self { computer, domain }
    }

    const fn role(&self) -> Role {
        if self.domain.is_empty() { Role::Member } else { Role::DomainController }
    }
}

/// What stands before a domain in a name that ends in it.
fn host_in<'n>(domain: &str, name: &'n str) -> Option<&'n str> {
    // As many characters, which may be other bytes in the other case.
    let last = domain.chars().count().checked_sub(1)?;
    let (host, end) = name.split_at_checked(name.char_indices().rev().nth(last)?.0)?;
    same_name(end, domain).then_some(host)?.strip_suffix('.')
}

/// What is read, while it is read.
#[derive(Debug, Default)]
struct Reader {
    found: Import,
    /// How many events of these kinds were read.
    events: usize,
    /// The time of the event whose lists were taken.
    newest: Option<String>,
    /// Whether events show different lists.
    differs: bool,
    /// Whether there were more remarks than are kept.
    has_more_remarks: bool,
}

impl Reader {
    fn remark(&mut self, line: Option<usize>, message: impl Into<String>) {
        self.remark_as(RemarkKind::Other, line, message);
    }

    fn remark_as(&mut self, kind: RemarkKind, line: Option<usize>, message: impl Into<String>) {
        if self.found.remarks.len() < MOST_REMARKS {
            self.found.remarks.push(Remark { kind, line, message: message.into() });
        } else {
            self.has_more_remarks = true;
        }
    }

    /// Says that there is too much, and what is read from `line` on.
    fn more_than(&mut self, most: usize, what: &str, read: &str, line: usize) {
        let message = format!("There are more than {most} {what}. From here on {read} was read.");
        self.remark(Some(line), message);
    }

    /// Cuts a list that no server has.
    fn cut<T>(&mut self, list: &mut Vec<T>, line: usize) {
        if list.len() > MOST_NAMES {
            list.truncate(MOST_NAMES);
            let message =
                format!("This list has more than {MOST_NAMES} entries. The others were not read.");
            self.remark(Some(line), message);
        }
    }

    fn finish(mut self) -> Import {
        if self.differs {
            self.remark(
                None,
                "The events show different lists. Those of the newest event are taken, or of the first where no time is given.",
            );
        }
        let line = self.found.level.as_ref().map(|level| level.line);
        if let Some(remark) = self.found.level_value().and_then(LevelValue::remark) {
            self.remark(line, words::reason(&remark));
        }
        if self.found.role() == Some(Role::DomainController) {
            let line = self.found.names.as_ref().map(|names| names.line);
            self.remark(
                line,
                "The server's names have those of its domain among them, so it is taken for a domain controller.",
            );
        }
        self.found.remarks.sort_by_key(|remark| remark.line.unwrap_or(usize::MAX));
        if self.has_more_remarks {
            let message =
                format!("There is more to say; these are the first {MOST_REMARKS} sentences.");
            self.found.remarks.push(Remark { kind: RemarkKind::Other, line: None, message });
        }
        refusal::explain(&mut self.found);
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_domain_are_told_from_those_of_a_computer() {
        let split = |text: &str| {
            let names: Vec<_> = text.split(' ').map(str::to_owned).collect();
            let split = SplitNames::of(&names);
            (split.computer.join(" "), split.domain.join(" "))
        };
        for (names, computer, domain) in [
            (
                "CONTOSO contoso.local DC01.contoso.local DC01 LocalHost",
                "DC01.contoso.local DC01",
                "CONTOSO contoso.local",
            ),
            // The domain's short name need not be the first part of the long one.
            (
                "OLD contoso.local DC01.contoso.local DC01",
                "DC01.contoso.local DC01",
                "OLD contoso.local",
            ),
            (
                "DC01 DC01.contoso.local contoso.local Contoso nas",
                "DC01 DC01.contoso.local nas",
                "contoso.local Contoso",
            ),
            ("DC01 contoso.local DC01.contoso.local", "DC01 DC01.contoso.local", "contoso.local"),
            ("DCFR dcfr.lab.lan localhost", "DCFR dcfr.lab.lan", ""),
            ("LocalHost", "", ""),
        ] {
            assert_eq!(split(names), (computer.to_owned(), domain.to_owned()), "{names}");
        }
    }
}
