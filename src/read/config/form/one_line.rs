//! The message of an event in one line, in any language, as syslog agents send it. What follows
//! each colon is a value and the next label; the fields are told by their order and their shape.
//!
//! Only where the number of the event is known, or its English title is there: a line has too
//! little shape.

use crate::read::config::{
    event::{Draft, Field},
    lines::{Line, hex_number},
};
use crate::read::published_events::{Provider, versions};

/// English titles of events, without capitals.
const TITLES: [(&str, u16); 4] = [
    ("spn check for smb", 5168),
    ("smb session authentication failure", 551),
    ("an account failed to log on", 4625),
    ("an account was successfully logged on", 4624),
];
/// The longest beginning of a line in which an event's number is looked for, in bytes.
const MAX_BEGINNING_LEN: usize = 512;
/// At most so many words may be between the provider and the number of an event.
const NEAR: usize = 10;

/// The events in `lines`; of the event with the number `known`, where that is known.
pub(super) fn read(lines: &[Line<'_>], known: Option<u16>) -> Vec<Draft> {
    let found = lines.iter().filter_map(|line| {
        let stated = known.or_else(|| stated(line.text));
        let (id, is_stated) = match stated {
            Some(id) => (id, true),
            None => (titled(line.text)?, false),
        };
        let values = values(line.text);
        let mut draft = match id {
            5168 => event_5168(&values, line.number),
            551 => event_551(&values, line.number),
            4625 => event_4625(&values, line.number),
            4624 => event_4624(&values, line.number),
            _ => None,
        }?;
        draft.line = line.number;
        draft.put(Field::Id, id.to_string(), line.number);
        let provider = versions(id).next().filter(|_| is_stated && known.is_none());
        if let Some(definition) = provider {
            draft.put(Field::Writer, definition.provider.name().to_owned(), line.number);
        }
        Some(draft)
    });
    found.collect()
}

/// The number of the event near its provider at the beginning of a line.
pub(super) fn stated(text: &str) -> Option<u16> {
    let beginning = text.get(..text.floor_char_boundary(MAX_BEGINNING_LEN)).unwrap_or_default();
    let is_between =
        |c: char| c.is_whitespace() || matches!(c, ':' | ',' | ';' | '[' | ']' | '|' | '=');
    let words: Vec<_> = beginning.split(is_between).filter(|word| !word.is_empty()).collect();
    let provider_at = |at: usize| {
        let near = words.get(at.saturating_sub(NEAR)..(at + NEAR + 1).min(words.len()));
        near.unwrap_or_default().iter().find_map(|word| Provider::of(word))
    };
    words.iter().enumerate().find_map(|(at, word)| {
        let definition = versions(word.parse().ok()?).next()?;
        (provider_at(at)? == definition.provider).then_some(definition.id)
    })
}

/// The event whose English title is at the beginning of a line.
pub(super) fn titled(text: &str) -> Option<u16> {
    let beginning = text.get(..text.floor_char_boundary(MAX_BEGINNING_LEN)).unwrap_or_default();
    let beginning = beginning.to_ascii_lowercase();
    TITLES.iter().find(|(title, _)| beginning.contains(title)).map(|(_, id)| *id)
}

/// The text behind each colon of a line, up to the next: a value, and the label of the one behind
/// it.
fn values(text: &str) -> Vec<&str> {
    let is_colon = |c: char| matches!(c, ':' | '\u{ff1a}');
    let colons = text.match_indices(is_colon).filter(|(at, colon)| {
        let after = text.get(at + colon.len()..).unwrap_or_default();
        after.is_empty() || after.starts_with(char::is_whitespace)
    });
    let places: Vec<_> = colons.map(|(at, colon)| (at, at + colon.len())).take(256).collect();
    let ends = places.iter().skip(1).map(|(start, _)| *start).chain([text.len()]);
    places.iter().zip(ends).filter_map(|((_, start), end)| text.get(*start..end)).collect()
}

/// The value at the beginning, without the label behind it: what comes before two spaces or a tab,
/// else one word.
fn cell(value: &str) -> &str {
    let value = value.trim_start();
    let end = value.find("  ").into_iter().chain(value.find('\t')).min();
    match end {
        Some(end) => value.get(..end).unwrap_or_default().trim(),
        None => first_word(value),
    }
}

fn first_word(value: &str) -> &str {
    value.split_whitespace().next().unwrap_or_default()
}

fn event_5168(values: &[&str], line: usize) -> Option<Draft> {
    let at = values.iter().rposition(|value| hex_number(first_word(value)).is_some())?;
    let mut draft = Draft::default();
    draft.put(Field::SpnName, first_word(values.get(at.checked_sub(1)?)?).to_owned(), line);
    draft.put(Field::ErrorCode, first_word(values.get(at)?).to_owned(), line);
    // The number of the log-on is before the name and its heading; the domain and the account
    // before that.
    let is_logon =
        |place: usize| values.get(place).is_some_and(|one| hex_number(first_word(one)).is_some());
    if let Some(user) = at.checked_sub(5).filter(|user| is_logon(user + 2)) {
        let user = values.get(user).map(|user| cell(user).to_owned());
        draft.put(Field::SubjectUserName, user.unwrap_or_default(), line);
    }
    let after = values.get(at + 1..).unwrap_or_default();
    let names = after.iter().position(|value| first_word(value).ends_with(';'));
    if let Some(names) = names {
        let fields = [Field::ServerNames, Field::ConfiguredNames, Field::IpAddresses];
        for (field, value) in fields.into_iter().zip(after.get(names..).unwrap_or_default()) {
            draft.put(field, first_word(value).to_owned(), line);
        }
    }
    Some(draft)
}

fn event_551(values: &[&str], line: usize) -> Option<Draft> {
    let end_of_status = |value: &str| {
        let end = value.find(')')? + 1;
        let words = value.get(..end)?;
        crate::read::config::event::status_behind_words(words).map(|_| words.trim().to_owned())
    };
    let (at, status) =
        values.iter().enumerate().find_map(|(at, value)| Some((at, end_of_status(value)?)))?;
    let mut draft = Draft::default();
    draft.put(Field::Status, status, line);
    if let Some(user) = at.checked_sub(2).and_then(|user| values.get(user)) {
        draft.put(Field::UserName, cell(user).to_owned(), line);
    }
    let Some(spn) = values.get(at + 1) else { return Some(draft) };
    let words = first_word(spn);
    // Words in its place are a sentence.
    let spn = if words.contains('/') { words } else { spn.trim() };
    draft.put(Field::Spn, spn.to_owned(), line);
    if let Some(policy) = values.get(at + 2) {
        draft.put(Field::Policy, policy.trim().to_owned(), line);
    }
    Some(draft)
}

fn event_4625(values: &[&str], line: usize) -> Option<Draft> {
    let is_code =
        |value: Option<&&str>| value.is_some_and(|value| hex_number(first_word(value)).is_some());
    let pair = |at: &usize| is_code(values.get(*at)) && is_code(values.get(at + 1));
    let at = (0..values.len()).find(pair)?;
    let mut draft = Draft::default();
    draft.put(Field::Status, first_word(values.get(at)?).to_owned(), line);
    draft.put(Field::SubStatus, first_word(values.get(at + 1)?).to_owned(), line);
    // The reason, its heading and the domain are between.
    if let Some(user) = at.checked_sub(4).and_then(|user| values.get(user)) {
        draft.put(Field::TargetUserName, cell(user).to_owned(), line);
    }
    Some(draft)
}

fn event_4624(values: &[&str], line: usize) -> Option<Draft> {
    let guid = values.iter().position(|value| first_word(value).starts_with('{'))?;
    // Before the GUID there are the account's SID, name, domain, number, linked number, and its
    // names elsewhere.
    let user = values.get(guid.checked_sub(6)?)?;
    let mut draft = Draft::default();
    draft.put(Field::TargetUserName, cell(user).to_owned(), line);
    Some(draft)
}
