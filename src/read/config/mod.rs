//! The server side as administrators have it: events, the registry, PowerShell, lists of names.
//!
//! Values are read whatever the language of the labels: by the names that Windows does not
//! translate (of XML data and of registry values), and otherwise by their order and their shape.
//! Settings that an input does not show are left as they are.

mod event;
mod form;
mod lines;
mod list;
mod values;

use std::net::IpAddr;

pub use event::{EventRecord, NameAsked, Undocumented, Witness};
pub use list::{BareListKind, Looks, is_entry};

use crate::base::spn::LOCAL_HOST;
use crate::message::wire::same_name;
use crate::read::text::MAX_INPUT_LEN;

/// The values that the Server service reads, by their names in the registry.
const LEVEL: &str = "SmbServerNameHardeningLevel";
const ALLOWED: &str = "SrvAllowedServerNames";
const AUDIT: &str = "AuditClientSpnSupport";

/// At most so many events are read of one input.
const MAX_EVENTS: usize = 1000;
/// At most so many names or addresses are read of one list.
const MAX_NAMES: usize = 1000;
/// At most so many lines are read for anything but XML, and so many tags: more than so many events
/// take.
const MAX_LINES: usize = 100_000;
const MAX_TAGS: usize = 300_000;
/// At most so many sentences are said about what was not read.
const MAX_REMARKS: usize = 100;

/// The facts about a server in an input, each with its line.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct StatedServer {
    /// The value of `SmbServerNameHardeningLevel`, as it stands in the registry.
    pub level: Option<Stated<u32>>,
    /// The server's own names, the domain's among them on a domain controller; in the order given.
    pub names: Option<Stated<Vec<String>>>,
    /// Its addresses, without the loopback ones.
    pub addresses: Option<Stated<Vec<IpAddr>>>,
    /// `SrvAllowedServerNames`; an empty list is one that was shown and is empty.
    pub allowed: Option<Stated<Vec<String>>>,
    /// True if failures of the audit subcategory File Share are written: an event 5168 shows that
    /// they are.
    pub audit_file_share: Option<Stated<bool>>,
    /// `AuditClientSpnSupport`.
    pub audit_client_spn: Option<Stated<bool>>,
    /// The events, in their order.
    pub events: Vec<EventRecord>,
    /// Remarks about what was read and what was not, in the order of the lines.
    pub remarks: Vec<Remark>,
    /// The look of an input that has names in it and was not read; a remark asks what to do about
    /// it.
    pub looks: Option<Looks>,
}

/// A value and where it was read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Stated<T> {
    /// The value.
    pub value: T,
    /// The number of its line, from 1.
    pub line: usize,
    /// The form it was read from.
    pub form: Form,
}

/// One sentence about a place in the input.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Remark {
    /// The number of the line, from 1; `None` where it is about the input as a whole.
    pub line: Option<usize>,
    /// The subject of the remark.
    pub about: RemarkAbout,
    /// The sentence. It may quote the input.
    pub message: String,
}

impl Remark {
    /// The order among remarks: by their lines, those about the whole last.
    #[must_use]
    pub fn place(&self) -> usize {
        self.line.unwrap_or(usize::MAX)
    }
}

/// The subject of a remark.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum RemarkAbout {
    /// Values of the registry are shown, and the allowed names are not among them.
    AllowedNamesNotShown,
    /// Anything else.
    Other,
}

/// The form that a value was read from.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Form {
    /// An event as XML.
    EventXml,
    /// An event as Event Viewer words it.
    EventText,
    /// The fields of an event behind their names, as in JSON.
    EventFields,
    /// The output of `reg query`.
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
    /// The words for it in a sentence.
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
/// [`StatedServer::remarks`]. `list` says what a list of names without any heading is a list of.
#[must_use]
pub fn read(bytes: &[u8], list: BareListKind) -> StatedServer {
    let mut reader = ConfigReader::default();
    if bytes.len() > MAX_INPUT_LEN {
        reader.remark(None, "The input is larger than 4 MiB. The rest was not read.");
    }
    let text = lines::decode(bytes.get(..MAX_INPUT_LEN).unwrap_or(bytes));
    let mut lines = lines::split(&text);
    if lines.len() > MAX_LINES {
        let line = lines.pop().map_or(0, |line| line.number);
        reader.more_than(MAX_LINES, "lines", "only XML", line);
    }
    form::read(&text, &lines, &mut reader);
    let has_events = reader.tell_of_events();
    let has_values = values::read(&lines, &mut reader);
    if !has_events && !has_values {
        list::read(&lines, list, &mut reader);
    }
    reader.finish()
}

impl StatedServer {
    /// Returns true if nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { level, names, addresses, allowed, .. } = self;
        let has_lists = names.is_some() || addresses.is_some() || allowed.is_some();
        let has_audit = self.audit_file_share.is_some() || self.audit_client_spn.is_some();
        level.is_none() && !has_lists && !has_audit && self.events.is_empty()
    }

    /// The index of the newest event that says what the client asked for; of events without a time,
    /// the first. Where none says it, the first of all.
    #[must_use]
    pub fn newest(&self) -> Option<usize> {
        let stated = self.events.iter().enumerate().filter(|(_, event)| event.asked.is_some());
        let newest = stated.rev().max_by(|(_, one), (_, other)| one.time.cmp(&other.time));
        newest.map(|(at, _)| at).or_else(|| (!self.events.is_empty()).then_some(0))
    }

    /// Says what to do about an input that seems to be of a server and of which nothing was read.
    #[must_use]
    pub fn question(&self) -> Option<&'static str> {
        self.looks.filter(|looks| *looks != Looks::Other).map(Looks::question)
    }

    /// Returns true if more was found than a list of names, which any words can be.
    #[must_use]
    pub fn is_of_a_server(&self) -> bool {
        let lists = [&self.names, &self.allowed].into_iter().flatten();
        let is_list = self.addresses.as_ref().is_some_and(|list| list.form == Form::Names)
            || lists.into_iter().any(|list| list.form == Form::Names);
        !is_list && !self.is_empty()
    }
}

/// A server's names, the computer's apart from the domain's. Event 5168 has them in one list.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SplitNames {
    /// The computer's.
    pub computer: Vec<String>,
    /// The domain's; empty where it is no domain controller, as far as the names show it.
    pub domain: Vec<String>,
}

impl SplitNames {
    /// The name of a domain is one that another name ends in; its short name is the first part of
    /// that, or the short name before it, as in Microsoft's sample of event 5168.
    #[must_use]
    pub fn of(names: &[String]) -> Self {
        let (mut computer, mut domain) = (Vec::new(), Vec::new());
        let names: Vec<_> = names.iter().filter(|name| !same_name(name, LOCAL_HOST)).collect();
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
}

/// The part before a domain in a name that ends in it.
fn host_in<'n>(domain: &str, name: &'n str) -> Option<&'n str> {
    // As many characters, which may be other bytes in the other case.
    let last = domain.chars().count().checked_sub(1)?;
    let (host, end) = name.split_at_checked(name.char_indices().rev().nth(last)?.0)?;
    same_name(end, domain).then_some(host)?.strip_suffix('.')
}

/// A reading in progress, with what it has found.
#[derive(Debug, Default)]
struct ConfigReader {
    found: StatedServer,
    /// The number of events read that tell of a name.
    events: usize,
    /// The events that say nothing of a name.
    aside: Vec<EventRecord>,
    /// The number of events of another kind.
    others: usize,
    /// The number of texts within fields that were read.
    texts: usize,
    /// The number of tags of XML that were read.
    tags: usize,
    /// The time of the event whose lists were taken.
    newest: Option<String>,
    /// True if events show different lists.
    differs: bool,
    /// True if there were more remarks than are kept.
    has_more_remarks: bool,
}

impl ConfigReader {
    /// Tells of the events that say nothing of a name where no other is there, and counts what is
    /// passed over; whether there is any event.
    fn tell_of_events(&mut self) -> bool {
        const READ: &str = "5168, 551, 3024 to 3026, 4020 to 4023 and 4030 to 4033";
        let aside = std::mem::take(&mut self.aside);
        if self.events == 0 && !aside.is_empty() {
            self.found.events = aside;
        } else {
            self.others += aside.len();
        }
        match (self.others, self.found.events.is_empty()) {
            (0, _) => {}
            (1, false) => self.remark(
                None,
                format!("1 event of another kind was skipped. SPNscope reads {READ}."),
            ),
            (others, false) => self.remark(
                None,
                format!("{others} events of other kinds were skipped. SPNscope reads {READ}."),
            ),
            (_, true) => self.remark(None, format!("None of the events is one of {READ}.")),
        }
        !self.found.events.is_empty()
    }

    fn remark(&mut self, line: Option<usize>, message: impl Into<String>) {
        self.remark_about(RemarkAbout::Other, line, message);
    }

    fn remark_about(
        &mut self,
        about: RemarkAbout,
        line: Option<usize>,
        message: impl Into<String>,
    ) {
        if self.found.remarks.len() < MAX_REMARKS {
            self.found.remarks.push(Remark { line, about, message: message.into() });
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
        if list.len() > MAX_NAMES {
            list.truncate(MAX_NAMES);
            let message =
                format!("This list has more than {MAX_NAMES} entries. The others were not read.");
            self.remark(Some(line), message);
        }
    }

    fn finish(mut self) -> StatedServer {
        if self.differs {
            self.remark(
                None,
                "The events show different lists. Those of the newest event are used, or of the first where no time is given.",
            );
        }
        let with_domain = self
            .found
            .names
            .as_ref()
            .filter(|names| !SplitNames::of(&names.value).domain.is_empty());
        if let Some(line) = with_domain.map(|names| names.line) {
            self.remark(
                Some(line),
                "The server's names include those of its domain, so it is assumed to be a domain controller.",
            );
        }
        self.found.remarks.sort_by_key(Remark::place);
        if self.has_more_remarks {
            let message = format!("There are more remarks; these are the first {MAX_REMARKS}.");
            self.found.remarks.push(Remark { line: None, about: RemarkAbout::Other, message });
        }
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
