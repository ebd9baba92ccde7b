//! Events as Event Viewer words them. The labels are translated, so fields are found by their order
//! and their shape: in event 5168 an error code is followed by three lists, of which the last has
//! addresses; in event 551 a number is followed by words with a status in parentheses; in event
//! 4625 two codes follow each other. What comes before the message, the provider beside the number
//! of the event, has a shape too.

use super::one_line;
use crate::base::spn::LOOPBACK;
use crate::read::config::{
    event::{Draft, Field, address, items, status_behind_words},
    lines::{Line, hex_number},
};
use crate::read::published_events::{Provider, versions};

/// At most so many lines without a value may be between two fields.
const MAX_HEADINGS: usize = 4;
/// The words of a status take at most so many lines.
const MAX_STATUS_LINES: usize = 4;
/// At most so many lines may be between the provider and the number of an event.
const MAX_HEADER_LINES: usize = 4;
/// The longest value before a message, in bytes.
const MAX_HEADER_LEN: usize = 128;
/// The bit of a status that says that something failed.
const FAILED: u32 = 0x8000_0000;

/// The events in `lines`; of the event with the number `known`, where that is known.
pub(super) fn read(lines: &[Line<'_>], known: Option<u16>) -> Vec<Draft> {
    let mut found = Vec::new();
    let mut header = EventHeader::default();
    let is_of =
        |id: u16, header: &EventHeader| header.draft.id().or(known).is_none_or(|one| one == id);
    // Where the last event ends: its lines are none of the next.
    let mut from = 0;
    for (at, line) in lines.iter().enumerate() {
        header.take(at, line);
        if at < from {
            continue;
        }
        let value = line.value().unwrap_or_else(|| line.text.trim());
        let event = if hex_number(value).is_some() {
            let event = is_of(5168, &header).then(|| event_5168(lines, at)).flatten();
            event.or_else(|| is_of(4625, &header).then(|| event_4625(lines, at)).flatten())
        } else if status_behind_words(value).is_some() && is_of(551, &header) {
            event_551(lines, at)
        } else if is_guid(value) && (header.draft.id() == Some(4624) || known == Some(4624)) {
            event_4624(lines, at)
        } else {
            None
        };
        let Some((mut event, length)) = event else { continue };
        from = at + length;
        event.merge(header.draft.clone());
        found.push(event);
    }
    if found.is_empty() {
        found.extend((0..lines.len()).filter_map(|at| lists_alone(lines, at)));
    }
    found
}

/// The events of which `lines` have the header, and no message that is understood.
pub(super) fn headers(lines: &[Line<'_>]) -> Vec<Draft> {
    let mut found = Vec::new();
    let mut header = EventHeader::default();
    for (at, line) in lines.iter().enumerate() {
        let before = header.draft.clone();
        header.take(at, line);
        if before.id().is_some() && header.draft.id() != before.id() {
            found.push(before);
        }
    }
    found.push(header.draft);
    found.retain(|draft| draft.has(Field::Id) && draft.has(Field::Writer));
    found
}

/// The lines before the message.
#[derive(Default)]
struct EventHeader {
    draft: Draft,
    /// The line of the provider.
    writer: Option<usize>,
    /// A number that may be the event's, and its line.
    number: Option<(usize, u16)>,
}

impl EventHeader {
    /// Looks for a part of it in a line.
    fn take(&mut self, at: usize, line: &Line<'_>) {
        if let Some(id) = one_line::stated(line.text) {
            *self = Self::default();
            let writer = versions(id).next().map(|definition| definition.provider.name());
            self.draft.put(Field::Id, id.to_string(), line.number);
            self.draft.put(Field::Writer, writer.unwrap_or_default().to_owned(), line.number);
            return;
        }
        if let Some(id) = one_line::titled(line.text).filter(|_| !self.draft.has(Field::Id)) {
            return self.draft.put(Field::Id, id.to_string(), line.number);
        }
        let (label, value) = match (line.value(), line.text.split_once('=')) {
            (None, Some((label, value))) if Field::of(label.trim()).is_some() => {
                (label, value.trim())
            }
            (Some(value), _) => {
                (line.text.split([':', '\u{ff1a}']).next().unwrap_or_default(), value)
            }
            (None, _) => return,
        };
        if value.len() > MAX_HEADER_LEN {
            return;
        }
        let field = Field::of(label.trim()).filter(|field| field.is_header());
        let is_near = |place: usize| at - place <= MAX_HEADER_LINES;
        if field == Some(Field::Id) || field == Some(Field::Time) && self.draft.has(Field::Id) {
            // The header of the next event begins.
            if self.draft.has(Field::Id) {
                *self = Self::default();
            }
        }
        if let Some(field) = field {
            self.draft.put(field, value.to_owned(), line.number);
        }
        // In any language, the name of a provider is what it is, and the number is near it.
        if Provider::of(value).is_some() && !value.contains(char::is_whitespace) {
            // One that is far behind the number is of the next event.
            if self.draft.has(Field::Id) && self.number.is_some_and(|(place, _)| !is_near(place)) {
                *self = Self::default();
            }
            self.draft.put(Field::Writer, value.to_owned(), line.number);
            self.writer = Some(at);
        }
        if let Some(id) = value.parse().ok().filter(|id| versions(*id).next().is_some()) {
            self.number = Some((at, id));
        }
        if let (Some(writer), Some((place, id))) = (self.writer, self.number)
            && is_near(writer)
            && is_near(place)
        {
            self.draft.put(Field::Id, id.to_string(), line.number);
        }
    }
}

/// The lists of an event 5168 whose other lines are not there: no other event has two lists that
/// end in `;` around a third value, of which the last has the loopback addresses in it.
fn lists_alone(lines: &[Line<'_>], at: usize) -> Option<Draft> {
    let [names, configured, addresses] = [0, 1, 2].map(|place| lines.get(at + place));
    let (list, shown) = (names?.value()?, addresses?.value()?);
    let is_loopback = |item| address(item).is_some_and(|a| LOOPBACK.contains(&a));
    let has_loopback = shown.contains(';') && items(shown).any(is_loopback);
    let is_list = list.ends_with(';') && !list.contains(char::is_whitespace);
    if !is_list || !has_loopback || configured?.value().is_none() || is_published(names?) {
        return None;
    }
    Some(draft([
        (Field::ServerNames, names),
        (Field::ConfiguredNames, configured),
        (Field::IpAddresses, addresses),
    ]))
}

/// The event whose error code is in line `at`, and how many lines follow that one.
fn event_5168(lines: &[Line<'_>], at: usize) -> Option<(Draft, usize)> {
    let after = lines.get(at + 1..)?;
    let headings = after.iter().take(MAX_HEADINGS);
    let first = headings.take_while(|line| line.value() == Some("")).count();
    let [names, configured, addresses] = [0, 1, 2].map(|place| after.get(first + place));
    let (names_text, list) = (names?.value()?, addresses?.value()?);
    let has_address = items(list).any(|item| address(item).is_some());
    let is_list = names_text.contains(';') || !names_text.contains(' ');
    if !has_address || !is_list || is_published(names?) {
        return None;
    }
    let spn = lines.get(at.checked_sub(1)?);
    spn?.value()?;
    // The number of the log-on is before the name and its heading; the domain and the account
    // before that.
    let before = lines.get(..at - 1).unwrap_or_default();
    let headings = before.iter().rev().take_while(|line| line.value() == Some("")).count();
    let before = before.get(..before.len() - headings).unwrap_or_default();
    let is_logon = |line: &Line<'_>| line.value().is_some_and(|value| hex_number(value).is_some());
    let user = match before {
        [.., user, _, logon] if is_logon(logon) => Some(user),
        _ => None,
    };
    let event = draft([
        (Field::SubjectUserName, user),
        (Field::SpnName, spn),
        (Field::ErrorCode, lines.get(at)),
        (Field::ServerNames, names),
        (Field::ConfiguredNames, configured),
        (Field::IpAddresses, addresses),
    ]);
    Some((event, first + 3))
}

/// The event whose status ends in line `at`. The lines of the name and the policy are not in older
/// ones.
fn event_551(lines: &[Line<'_>], at: usize) -> Option<(Draft, usize)> {
    let line = lines.get(at)?;
    let is_number = |line: &Line<'_>| {
        let digits = line.value().and_then(|value| value.strip_prefix("0x"));
        digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    // Windows writes a status in two lines, and mails break them.
    let mut before = (1..=MAX_STATUS_LINES).filter_map(|back| at.checked_sub(back));
    let session = before.find(|place| lines.get(*place).is_some_and(is_number));
    let is_policy = |text: &str| text.contains(" / ") || text.parse::<u32>().is_ok();
    let mut after = at + 1..(at + 1 + MAX_STATUS_LINES).min(lines.len());
    let policy = after.find(|place| {
        let value = lines.get(*place).and_then(|line| line.value());
        *place > at + 1 && value.is_some_and(is_policy)
    });
    if session.is_none() && policy.is_none() {
        return None;
    }
    let mut event = Draft::default();
    event.put(Field::Id, "551".to_owned(), line.number);
    let status = line.value().unwrap_or_else(|| line.text.trim());
    event.put(Field::Status, status.to_owned(), line.number);
    if let Some(session) = session.and_then(|place| Some((place, lines.get(place)?.value()?))) {
        event.put(Field::SessionId, session.1.to_owned(), line.number);
        let user = session.0.checked_sub(1).and_then(|place| lines.get(place));
        if let Some((user, value)) = user.and_then(|user| Some((user, user.value()?))) {
            event.put(Field::UserName, value.to_owned(), user.number);
        }
    }
    let Some(policy) = policy else { return Some((event, 0)) };
    // A name in several lines is a sentence.
    let spn = lines.get(at + 1..policy).unwrap_or_default();
    let first = spn.first()?;
    let rest = spn.iter().skip(1).map(|line| line.text.trim());
    let text = std::iter::once(first.value()?).chain(rest).collect::<Vec<_>>().join(" ");
    event.put(Field::Spn, text, first.number);
    let line = lines.get(policy)?;
    event.put(Field::Policy, line.value()?.to_owned(), line.number);
    Some((event, policy - at))
}

/// The event whose status is in line `at`, with the second one below. The user is three lines
/// above.
fn event_4625(lines: &[Line<'_>], at: usize) -> Option<(Draft, usize)> {
    let code = |place: usize| hex_number(lines.get(place)?.value()?);
    let status = code(at)?;
    let second = code(at + 1)?;
    // The reason, the domain and the user are before it, and none of them is a number.
    let before = [1, 2, 3].map(|back| at.checked_sub(back).and_then(|place| lines.get(place)));
    let mut values = before.iter().flatten().filter_map(|line| line.value());
    let is_number = |value: &str| hex_number(value).is_some();
    let is_failure = status & FAILED != 0 && (second == 0 || second & FAILED != 0);
    if !is_failure || values.any(is_number) {
        return None;
    }
    let headed = before.iter().flatten().position(|line| line.value() == Some(""));
    // A heading is between the account and the reason.
    let user = match headed {
        Some(heading) => lines.get(at.checked_sub(heading + 3)?),
        None => before.get(2).copied().flatten(),
    };
    let mut event = draft([
        (Field::Status, lines.get(at)),
        (Field::SubStatus, lines.get(at + 1)),
        (Field::TargetUserName, user),
    ]);
    event.put(Field::Id, "4625".to_owned(), event.line);
    Some((event, 2))
}

/// The event whose log-on GUID is in line `at`: the account is the second line of its part, which
/// goes back to the heading.
fn event_4624(lines: &[Line<'_>], at: usize) -> Option<(Draft, usize)> {
    let mut back = (1..=8).filter_map(|back| at.checked_sub(back));
    let heading = back.find(|place| lines.get(*place).and_then(|line| line.value()) == Some(""))?;
    Some((draft([(Field::TargetUserName, lines.get(heading + 2))]), 1))
}

/// Returns true if the server's names have their published label: that is no message, and more
/// fields may be among them.
fn is_published(names: &Line<'_>) -> bool {
    let label = names.text.split(':').next().unwrap_or_default();
    label.trim().eq_ignore_ascii_case("ServerNames")
}

fn is_guid(value: &str) -> bool {
    let inside = value.strip_prefix('{').map(|rest| rest.trim_end_matches('}'));
    inside.is_some_and(|inside| {
        inside.len() == 36 && inside.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    })
}

/// An event whose fields have the values of those lines.
fn draft<const N: usize>(fields: [(Field, Option<&Line<'_>>); N]) -> Draft {
    let mut draft = Draft::default();
    for (field, line) in fields {
        if let Some((line, value)) = line.and_then(|line| Some((line, line.value()?))) {
            draft.put(field, value.to_owned(), line.number);
        }
    }
    draft
}
