//! What the events say, whichever way they were written.

use std::net::IpAddr;

use super::{Form, MOST_EVENTS, Reader, Stated, lines::hex_number};
use crate::base::spn::LOOPBACK;

/// What one event says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EventRecord {
    /// The number of the event: 5168 or 551, or 3024 to 3026, which deny nothing by themselves.
    pub event: u16,
    /// The number of its line, from 1.
    pub line: usize,
    /// What the server had as the client's target name; `None` where it did not come to that, or
    /// where the event does not say.
    pub asked: Option<NameAsked>,
    /// The NT status in it.
    pub error: Option<u32>,
    /// When it was written, as it stands there.
    pub time: Option<String>,
    /// The computer that wrote it.
    pub computer: Option<String>,
    /// The user in it.
    pub user: Option<String>,
    /// The server's names in it, the domain's among them.
    pub names: Option<Vec<String>>,
    /// The allowed names in it.
    pub allowed: Option<Vec<String>>,
    /// The server's addresses in it, without the loopback ones.
    pub addresses: Option<Vec<IpAddr>>,
}

impl EventRecord {
    /// Whether it is of the log SMBServer/Audit, whose events deny nothing by themselves.
    #[must_use]
    pub const fn is_audit(&self) -> bool {
        matches!(self.event, 3024..=3026)
    }

    /// Whether one of the server's lists is in the event.
    #[must_use]
    pub const fn has_lists(&self) -> bool {
        self.names.is_some() || self.allowed.is_some() || self.addresses.is_some()
    }
}

/// The target name in an event.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum NameAsked {
    /// A name.
    Present(String),
    /// A name of length 0.
    Empty,
    /// None, or one that the client marks as untrusted.
    Absent,
}

/// A field and the number of its line.
pub(super) type Field = Option<(String, usize)>;

/// The fields of an event, as they stand there.
#[derive(Debug, Default)]
pub(super) struct Event {
    pub(super) line: usize,
    pub(super) time: Option<String>,
    pub(super) computer: Option<String>,
    pub(super) user: Option<String>,
    /// `SpnName` or `SPN`.
    pub(super) spn: Field,
    /// `ErrorCode` or `Status`.
    pub(super) error: Field,
    pub(super) server_names: Field,
    pub(super) configured_names: Field,
    pub(super) addresses: Field,
    /// `SPNValidationPolicy`.
    pub(super) policy: Field,
}

impl Reader {
    /// One more event; whether it is still to be read.
    fn counts(&mut self, line: usize) -> bool {
        self.events += 1;
        if self.events == MOST_EVENTS + 1 {
            self.more_than(MOST_EVENTS, "events", "none", line);
        }
        self.events <= MOST_EVENTS
    }

    /// Takes an event 5168 of the log Security.
    pub(super) fn take_5168(&mut self, event: Event, form: Form) {
        if !self.counts(event.line) {
            return;
        }
        for (field, name) in [
            (&event.spn, "SpnName"),
            (&event.error, "ErrorCode"),
            (&event.server_names, "ServerNames"),
            (&event.configured_names, "ConfiguredNames"),
            (&event.addresses, "IpAddresses"),
        ] {
            if field.is_none() {
                self.remark(Some(event.line), format!("This event 5168 has no {name}."));
            }
        }
        let names = event.server_names.as_ref().map(|(text, line)| {
            let mut names = items(text).map(str::to_owned).collect::<Vec<_>>();
            self.cut(&mut names, *line);
            Stated { value: names, line: *line, form }
        });
        let names = names.filter(|names| !names.value.is_empty());
        let allowed = event.configured_names.as_ref().and_then(|(text, line)| {
            let mut value = self.configured(text, *line)?;
            self.cut(&mut value, *line);
            Some(Stated { value, line: *line, form })
        });
        let addresses = event.addresses.as_ref().and_then(|(text, line)| {
            let mut value = self.addresses(text, *line);
            self.cut(&mut value, *line);
            // An event that shows none but the loopback ones does not say that there is no other.
            (!value.is_empty()).then_some(Stated { value, line: *line, form })
        });
        let asked = event.spn.as_ref().map(|(spn, _)| asked(spn));
        let record = EventRecord {
            event: 5168,
            line: event.line,
            error: event.error.as_ref().and_then(|(code, _)| hex_number(code)),
            asked,
            time: event.time.clone(),
            computer: event.computer,
            user: event.user,
            names: names.as_ref().map(|names| names.value.clone()),
            allowed: allowed.as_ref().map(|allowed| allowed.value.clone()),
            addresses: addresses.as_ref().map(|addresses| addresses.value.clone()),
        };
        self.found.events.push(record);
        let on = Stated { value: true, line: event.line, form };
        self.found.audit_file_share.get_or_insert(on);
        self.take_lists(event.time, names, allowed, addresses);
    }

    /// The lists of the newest event count; where no time is given, of the first, since Event
    /// Viewer lists the newest first.
    fn take_lists(
        &mut self,
        time: Option<String>,
        names: Option<Stated<Vec<String>>>,
        allowed: Option<Stated<Vec<String>>>,
        addresses: Option<Stated<Vec<IpAddr>>>,
    ) {
        let found = &mut self.found;
        let is_first = self.newest.is_none()
            && found.names.is_none()
            && found.allowed.is_none()
            && found.addresses.is_none();
        self.differs |= !is_first
            && (differ(found.names.as_ref(), names.as_ref())
                || differ(found.allowed.as_ref(), allowed.as_ref())
                || differ(found.addresses.as_ref(), addresses.as_ref()));
        let is_newer = is_first || time.is_some() && time > self.newest;
        if is_newer {
            self.newest = time;
        }
        take(&mut found.names, names, is_newer);
        take(&mut found.allowed, allowed, is_newer);
        take(&mut found.addresses, addresses, is_newer);
    }

    /// Takes an event 551 of the log SMBServer/Security.
    pub(super) fn take_551(&mut self, event: Event, form: Form) {
        if !self.counts(event.line) {
            return;
        }
        self.take_policy(&event, form);
        let error = event.error.as_ref().and_then(|(text, _)| status(text));
        // Words in the place of a name say that the sign-in failed before the server asked for one.
        let asked = event.spn.as_ref().and_then(|(spn, _)| match spn.as_str() {
            "" => Some(NameAsked::Absent),
            spn if spn.contains(char::is_whitespace) => None,
            spn => Some(asked(spn)),
        });
        if let (Some((spn, _)), None, Some((policy, line))) = (&event.spn, &asked, &event.policy)
            && !spn.is_empty()
            && Policy::of(policy) == Some(Policy::NoValidation)
        {
            self.remark(
                Some(*line),
                "The sign-in failed before the SPN was queried. That the policy in such an event is the one in force is inferred.",
            );
        }
        self.found.events.push(EventRecord {
            event: 551,
            line: event.line,
            error,
            asked,
            time: event.time,
            computer: event.computer,
            user: event.user,
            names: None,
            allowed: None,
            addresses: None,
        });
    }

    /// The level behind the policy of an event of the SMB server.
    fn take_policy(&mut self, event: &Event, form: Form) {
        let Some((text, line)) = &event.policy else { return };
        let line = *line;
        let Some(policy) = Policy::of(text) else {
            let message = format!(
                "The policy \"{text}\" is in words that are not known, so the level was not read."
            );
            return self.remark(Some(line), message);
        };
        match policy.level() {
            Some(value) => {
                self.found.level.get_or_insert(Stated { value, line, form });
            }
            None => self.remark(
                Some(line),
                format!(
                    "The policy is \"{}\". No documented level leads to it, so the level was not read.",
                    policy.words()
                ),
            ),
        }
    }

    /// Takes an event 3024, 3025 or 3026 of the log SMBServer/Audit: it is written only where that
    /// is on.
    pub(super) fn take_audit(&mut self, id: u16, event: Event, form: Form) {
        let line = event.line;
        if !self.counts(line) {
            return;
        }
        self.found.audit_client_spn.get_or_insert(Stated { value: true, line, form });
        self.take_policy(&event, form);
        let asked = match id {
            3024 => Some(NameAsked::Absent),
            3025 => event.spn.as_ref().map(|(spn, _)| NameAsked::Present(spn.clone())),
            _ => Some(NameAsked::Empty),
        };
        self.found.events.push(EventRecord {
            event: id,
            line,
            error: None,
            asked,
            time: event.time,
            computer: event.computer,
            user: None,
            names: None,
            allowed: None,
            addresses: None,
        });
    }

    /// Takes an event of the log SMBServer/Audit that is about signing, encryption or guests.
    pub(super) fn take_other_audit(&mut self, id: u16, line: usize) {
        if !self.counts(line) {
            return;
        }
        let says = match id {
            3022 => "a client does not support encryption",
            3023 => "a client signed in as an insecure guest",
            3027 => "an SMB1 client does not support signing",
            _ => "a client does not support signing",
        };
        let message = format!(
            "Event {id} says that {says}. It says nothing of a target name, so nothing was read from it."
        );
        self.remark(Some(line), message);
    }

    /// `ConfiguredNames`. Whether `;` stands between names is not documented; it does in the other
    /// lists.
    fn configured(&mut self, text: &str, line: usize) -> Option<Vec<String>> {
        let is_list = text.contains(';');
        if is_nothing(text) || !is_list && (text.is_empty() || text.contains('/')) {
            return Some(Vec::new());
        }
        if !is_list && text.contains(char::is_whitespace) {
            self.remark(
                Some(line),
                format!("\"{text}\" is no list of names, so the allowed names were not read."),
            );
            return None;
        }
        Some(items(text).flat_map(|item| item.split(',')).map(str::to_owned).collect())
    }

    fn addresses(&mut self, text: &str, line: usize) -> Vec<IpAddr> {
        let mut addresses = Vec::new();
        for item in items(text).filter(|item| !is_nothing(item)) {
            match address(item) {
                Some(address) if LOOPBACK.contains(&address) => {}
                Some(address) => addresses.push(address),
                None => self
                    .remark(Some(line), format!("\"{item}\" is no address, so it was not read.")),
            }
        }
        addresses
    }
}

fn take<T>(known: &mut Option<T>, new: Option<T>, is_newer: bool) {
    if new.is_some() && (is_newer || known.is_none()) {
        *known = new;
    }
}

fn differ<T: PartialEq>(one: Option<&Stated<T>>, other: Option<&Stated<T>>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if one.value != other.value)
}

/// The items of a list of event 5168. Each ends with `;`, and some are empty.
pub(super) fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').map(str::trim).filter(|item| !item.is_empty())
}

/// An address, without the zone that may stand behind it.
pub(super) fn address(text: &str) -> Option<IpAddr> {
    text.split('%').next()?.parse().ok()
}

/// Whether a value says that there is none.
pub(super) fn is_nothing(text: &str) -> bool {
    text.eq_ignore_ascii_case("N/A") || text == "-"
}

fn asked(spn: &str) -> NameAsked {
    match spn {
        "" => NameAsked::Empty,
        spn if is_nothing(spn) => NameAsked::Absent,
        spn => NameAsked::Present(spn.to_owned()),
    }
}

/// The status in a field: a number, or a number in parentheses behind words.
fn status(text: &str) -> Option<u32> {
    hex_number(text).or_else(|| text.parse().ok()).or_else(|| status_behind_words(text))
}

/// The number in parentheses at the end, as in `Access is denied. (0xC0000022)`.
pub(super) fn status_behind_words(text: &str) -> Option<u32> {
    hex_number(text.strip_suffix(')')?.rsplit_once('(')?.1)
}

/// `SPNValidationPolicy` of the SMB server's events. It has numbers of its own, which are not the
/// registry's.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Policy {
    NoValidation,
    OptionalServiceName,
    OptionalFull,
    RequiredServiceName,
    RequiredFull,
}

impl Policy {
    /// All of them, by their numbers.
    const ALL: [Self; 5] = [
        Self::NoValidation,
        Self::OptionalServiceName,
        Self::OptionalFull,
        Self::RequiredServiceName,
        Self::RequiredFull,
    ];

    /// The policy that a field holds: its number, or its English words.
    fn of(text: &str) -> Option<Self> {
        let number = text.parse::<u32>().ok().or_else(|| hex_number(text));
        match number {
            Some(number) => Self::ALL.get(usize::try_from(number).ok()?).copied(),
            None => Self::ALL.into_iter().find(|one| text.eq_ignore_ascii_case(one.words())),
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::NoValidation => "SPN optional / no validation",
            Self::OptionalServiceName => "SPN optional / validate service name",
            Self::OptionalFull => "SPN optional / validate full",
            Self::RequiredServiceName => "SPN required / validate service name",
            Self::RequiredFull => "SPN required / validate full",
        }
    }

    /// The value of `SmbServerNameHardeningLevel` that leads to it, where one is documented. That
    /// level 1 leads to number 2 is inferred.
    const fn level(self) -> Option<u32> {
        match self {
            Self::NoValidation => Some(0),
            Self::OptionalFull => Some(1),
            Self::RequiredFull => Some(2),
            Self::OptionalServiceName | Self::RequiredServiceName => None,
        }
    }
}
