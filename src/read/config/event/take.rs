//! The facts of events, whichever way they were written.

use std::net::IpAddr;

use super::kind::Kind;
use super::{
    Draft, EventRecord, Field, NameAsked, Undocumented, Witness, draft::Written, policy::Policy,
};
use crate::base::spn::LOOPBACK;
use crate::read::config::{ConfigReader, Form, MAX_EVENTS, Stated, lines::hex_number};

/// The bit of `MsvAvFlags` with which a client marks its name as coming from an untrusted source.
const UNTRUSTED: u32 = 0x4;

/// The values that are shown as they are, with the published names of the fields.
const UNDOCUMENTED: [(Field, &str); 4] = [
    (Field::AvFlagsText, "AvFlagsStr"),
    (Field::MicStatus, "MicStatus"),
    (Field::ChannelBinding, "ChannelBindingStatus"),
    (Field::NtlmVersion, "NtlmVersion"),
];

impl ConfigReader {
    /// One more event; whether it is still to be read.
    fn counts(&mut self, line: usize) -> bool {
        self.events += 1;
        if self.events == MAX_EVENTS + 1 {
            self.more_than(MAX_EVENTS, "events", "none", line);
        }
        self.events <= MAX_EVENTS
    }

    /// Takes an event, where the draft is one.
    pub(in crate::read::config) fn take(&mut self, draft: &Draft, form: Form) {
        let Kind::Event(id) = draft.kind() else {
            self.others += usize::from(draft.kind() == Kind::Other);
            return;
        };
        let mut record = EventRecord::new(id, draft.line);
        record.time = draft.text(Field::Time);
        record.computer = draft.text(Field::Computer);
        match id {
            4624 | 4625 | 3021..=3023 | 3027 => return self.set_aside(draft, record),
            _ if !self.counts(draft.line) => return,
            5168 => self.take_5168(draft, record, form),
            551 => self.take_551(draft, record, form),
            3024..=3026 => self.take_audit(draft, record, form),
            _ => self.take_witness(draft, record),
        }
        if draft.is_cut {
            self.remark(
                Some(draft.line),
                "The input ends within this event. What comes before the end was read.",
            );
        }
    }

    /// Keeps an event that says nothing of a name, for where no other is there.
    fn set_aside(&mut self, draft: &Draft, mut record: EventRecord) {
        if self.aside.len() >= MAX_EVENTS {
            self.others += 1;
            return;
        }
        let of_log_on = matches!(record.event, 4624 | 4625);
        record.user = draft.text(if of_log_on { Field::TargetUserName } else { Field::UserName });
        if record.event == 4625 {
            record.error = draft.get(Field::Status).and_then(|code| status(&code.text));
            let sub_status = draft.get(Field::SubStatus).and_then(|code| status(&code.text));
            record.sub_status = sub_status.filter(|code| *code != 0);
        }
        self.aside.push(record);
    }

    fn take_5168(&mut self, draft: &Draft, mut record: EventRecord, form: Form) {
        for (field, name) in [
            (Field::SpnName, "SpnName"),
            (Field::ErrorCode, "ErrorCode"),
            (Field::ServerNames, "ServerNames"),
            (Field::ConfiguredNames, "ConfiguredNames"),
            (Field::IpAddresses, "IpAddresses"),
        ] {
            if !draft.has(field) {
                self.remark(Some(draft.line), format!("This event 5168 has no {name}."));
            }
        }
        let names = draft.get(Field::ServerNames).map(|Written { text, line }| {
            let mut names = items(text).map(str::to_owned).collect::<Vec<_>>();
            self.cut(&mut names, *line);
            Stated { value: names, line: *line, form }
        });
        let names = names.filter(|names| !names.value.is_empty());
        let allowed = draft.get(Field::ConfiguredNames).and_then(|Written { text, line }| {
            let mut value = self.configured(text, *line)?;
            self.cut(&mut value, *line);
            Some(Stated { value, line: *line, form })
        });
        let addresses = draft.get(Field::IpAddresses).and_then(|Written { text, line }| {
            let mut value = self.addresses(text, *line);
            self.cut(&mut value, *line);
            // An event that shows none but the loopback ones does not say that there is no other.
            (!value.is_empty()).then_some(Stated { value, line: *line, form })
        });
        record.error = draft.get(Field::ErrorCode).and_then(|code| status(&code.text));
        record.asked = draft.get(Field::SpnName).map(|spn| asked(&spn.text));
        record.user = draft.text(Field::SubjectUserName);
        record.names = names.as_ref().map(|names| names.value.clone());
        record.allowed = allowed.as_ref().map(|allowed| allowed.value.clone());
        record.addresses = addresses.as_ref().map(|addresses| addresses.value.clone());
        let time = record.time.clone();
        self.found.events.push(record);
        let on = Stated { value: true, line: draft.line, form };
        self.found.audit_file_share.get_or_insert(on);
        self.take_lists(time, names, allowed, addresses);
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
        let mut newest = Newest::Known;
        if is_first || time.is_some() && time > self.newest {
            self.newest = time;
            newest = Newest::New;
        }
        merge(&mut found.names, names, newest);
        merge(&mut found.allowed, allowed, newest);
        merge(&mut found.addresses, addresses, newest);
    }

    fn take_551(&mut self, draft: &Draft, mut record: EventRecord, form: Form) {
        self.take_policy(draft, form);
        let error = draft.get(Field::TranslatedStatus).or_else(|| draft.get(Field::Status));
        record.error = error.and_then(|code| status(&code.text));
        record.user = draft.text(Field::UserName);
        let spn = name_of_smb_server(draft);
        // Words in the place of a name say that the sign-in failed before the server asked for one.
        record.asked = spn.and_then(|spn| match spn.text.as_str() {
            "" => Some(NameAsked::Absent),
            spn if spn.contains(char::is_whitespace) => None,
            spn => Some(asked(spn)),
        });
        if let (Some(spn), None, Some(policy)) = (spn, &record.asked, draft.get(Field::Policy))
            && !spn.text.is_empty()
            && Policy::of(&policy.text) == Some(Policy::NoValidation)
        {
            self.remark(
                Some(policy.line),
                "The sign-in failed before the SPN was queried. The policy in such an event is the one in force (inferred).",
            );
        }
        self.found.events.push(record);
    }

    /// The level behind the policy of an event of the SMB server.
    fn take_policy(&mut self, draft: &Draft, form: Form) {
        let Some(Written { text, line }) = draft.get(Field::Policy) else { return };
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
    fn take_audit(&mut self, draft: &Draft, mut record: EventRecord, form: Form) {
        let on = Stated { value: true, line: draft.line, form };
        self.found.audit_client_spn.get_or_insert(on);
        self.take_policy(draft, form);
        record.asked = match record.event {
            3024 => Some(NameAsked::Absent),
            3025 => name_of_smb_server(draft).map(|spn| NameAsked::Present(spn.text.clone())),
            _ => Some(NameAsked::Empty),
        };
        self.found.events.push(record);
    }

    /// Takes an event 4020 to 4023 or 4030 to 4033. Of its fields the name and the number of
    /// `MsvAvFlags` mean what they mean in the message; all others are kept as they stand.
    fn take_witness(&mut self, draft: &Draft, mut record: EventRecord) {
        let number = draft.get(Field::AvFlags).and_then(|flags| status(&flags.text));
        // How a name that was not sent is written is not known, so a value that is none says
        // nothing.
        let name = draft.text(Field::ServiceBinding);
        let is_name = |name: &String| {
            name.contains('/') && !name.contains(char::is_whitespace) && !is_nothing(name)
        };
        let name = name.filter(is_name);
        record.asked = name.map(|name| match number {
            Some(flags) if flags & UNTRUSTED != 0 => NameAsked::Untrusted(name),
            _ => NameAsked::Present(name),
        });
        let user = if record.event < 4030 { Field::UserName } else { Field::AccountName };
        record.user = draft.text(user);
        record.error = draft.get(Field::Status).and_then(|code| status(&code.text));
        let undocumented = UNDOCUMENTED.iter().filter_map(|(field, name)| {
            Some(Undocumented { field: name, value: draft.text(*field)? })
        });
        record.witness = Some(Witness {
            service_binding: draft.get(Field::ServiceBinding).map(|name| name.text.clone()),
            av_flags: number,
            undocumented: undocumented.collect(),
        });
        self.found.events.push(record);
    }

    /// `ConfiguredNames`. It is not documented that `;` is between names; it is in the other lists.
    fn configured(&mut self, text: &str, line: usize) -> Option<Vec<String>> {
        let is_list = text.contains(';');
        if is_nothing(text) || !is_list && (text.is_empty() || text.contains('/')) {
            return Some(Vec::new());
        }
        if !is_list && text.contains(char::is_whitespace) {
            self.remark(
                Some(line),
                format!("\"{text}\" is not a list of names, so the allowed names were not read."),
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
                None => self.remark(
                    Some(line),
                    format!("\"{item}\" is not an address, so it was not read."),
                ),
            }
        }
        addresses
    }
}

/// The list that counts where two events have one.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Newest {
    Known,
    New,
}

fn merge<T>(known: &mut Option<T>, new: Option<T>, newest: Newest) {
    if new.is_some() && (newest == Newest::New || known.is_none()) {
        *known = new;
    }
}

fn differ<T: PartialEq>(one: Option<&Stated<T>>, other: Option<&Stated<T>>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if one.value != other.value)
}

/// The items of a list of event 5168. Each ends with `;`, and some are empty.
pub(in crate::read::config) fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').map(str::trim).filter(|item| !item.is_empty())
}

/// An address, without the zone that may be behind it.
pub(in crate::read::config) fn address(text: &str) -> Option<IpAddr> {
    text.split('%').next()?.parse().ok()
}

/// Returns true if a value says that there is none.
pub(in crate::read::config) fn is_nothing(text: &str) -> bool {
    text.eq_ignore_ascii_case("N/A") || text == "-"
}

/// The name in an event of the SMB server. `SpnName` is what people write for it who make such
/// events up.
fn name_of_smb_server(draft: &Draft) -> Option<&Written> {
    draft.get(Field::Spn).or_else(|| draft.get(Field::SpnName))
}

fn asked(spn: &str) -> NameAsked {
    match spn {
        "" => NameAsked::Empty,
        spn if is_nothing(spn) => NameAsked::Absent,
        spn => NameAsked::Present(spn.to_owned()),
    }
}

/// The status in a field: a number, or a number in parentheses behind words.
pub(in crate::read::config) fn status(text: &str) -> Option<u32> {
    hex_number(text).or_else(|| text.parse().ok()).or_else(|| status_behind_words(text))
}

/// The number in parentheses at the end, as in `Access is denied. (0xC0000022)`.
pub(in crate::read::config) fn status_behind_words(text: &str) -> Option<u32> {
    hex_number(text.strip_suffix(')')?.rsplit_once('(')?.1)
}
