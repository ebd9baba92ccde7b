//! An event as names and values: `name=value`, `Name: value`, in the lines of a list, in cells
//! beside each other, or its message in one line. The fields have their names from the XML of the
//! event or from its English message, which are the same but for what is between the words.
//!
//! A name counts only where nothing but a path is glued to it, so a target name cannot bring fields
//! along.

use super::{one_line, text::Text};
use crate::read::config::event::{Draft, Field, label, status};

/// The names in front of a value whose field's name is a value itself.
const VALUE_KEYS: [&str; 4] = ["#text", "value", "text", "content"];

/// The longest path before a name, such as `winlog.event_data.`, in bytes.
const MAX_PATH_LEN: usize = 64;
/// The longest tag between a name and its value, in bytes.
const MAX_TAG_LEN: usize = 256;
/// The number of an event is looked for so far from a field, in bytes.
const NEAR: usize = 256;
/// The longest words of a status, which may take several lines, in bytes.
const MAX_STATUS_LEN: usize = 512;

/// The events in `text`.
pub(super) fn read(text: &Text) -> Vec<Draft> {
    LabelledFields { text, at: 0, line: 0, next: None }.read()
}

/// A label in the text and what is found behind it.
#[derive(Clone, Copy)]
struct LabelPlace {
    field: Field,
    /// The start of the label.
    start: usize,
    /// The start of the value, or of the mark before it.
    value: usize,
}

/// The fields of a text, from one to the next.
struct LabelledFields<'t> {
    text: &'t Text,
    at: usize,
    /// The index of the line that `at` is in.
    line: usize,
    /// The next label, where it was looked for already.
    next: Option<LabelPlace>,
}

impl LabelledFields<'_> {
    fn read(mut self) -> Vec<Draft> {
        let mut found = Vec::new();
        let mut draft = Draft::default();
        // The line that is read, and how many fields were found in it.
        let mut in_line = (0, 0);
        // The line that the number of an event was looked for in.
        let mut stated_in = None;
        while let Some(place) = self.find() {
            self.go_to(place.start);
            if in_line.0 != self.line {
                // A line that has most of an event is all of it.
                if in_line.1 >= 3 {
                    found.push(std::mem::take(&mut draft));
                }
                in_line = (self.line, 0);
            }
            let line = self.text.number(self.line);
            self.at = place.value;
            let Some(value) = self.value(place) else { continue };
            let field = place.field;
            if field == Field::Unread {
                continue;
            }
            if is_of_another(&draft, field, &value) {
                found.push(std::mem::take(&mut draft));
                in_line.1 = 0;
            }
            in_line.1 += usize::from(field.is_telling());
            if draft.is_empty()
                && stated_in.replace(self.line) != Some(self.line)
                && let Some(id) = self.stated(place.start)
            {
                draft.put(Field::Id, id.to_string(), line);
            }
            draft.put(field, value, line);
        }
        found.push(draft);
        found.retain(|draft| !draft.is_empty());
        found
    }

    /// The number of the event that is stated in the line of `at`, near that place.
    fn stated(&self, at: usize) -> Option<u16> {
        let (before, after) = self.text.text.split_at_checked(at)?;
        let from = before.floor_char_boundary(before.len().saturating_sub(NEAR));
        let before = before.get(from..)?.rsplit('\n').next().unwrap_or_default();
        let after = after.get(..after.floor_char_boundary(NEAR))?;
        let after = after.split('\n').next().unwrap_or_default();
        one_line::stated(&[before, after].concat())
    }

    fn rest(&self, at: usize) -> &str {
        self.text.text.get(at..).unwrap_or_default()
    }

    /// Goes on to `at`, counting lines.
    fn go_to(&mut self, at: usize) {
        let passed = self.text.text.get(self.at..at).unwrap_or_default();
        self.line += passed.matches('\n').count();
        self.at = self.at.max(at);
    }

    /// The next label from here on that has a value.
    fn find(&mut self) -> Option<LabelPlace> {
        self.next.take().or_else(|| self.find_from(self.at))
    }

    fn find_from(&self, from: usize) -> Option<LabelPlace> {
        let text = &self.text.text;
        let mut is_inside = text.get(..from)?.ends_with(char::is_alphanumeric);
        for (at, character) in text.get(from..)?.char_indices() {
            let begins = !is_inside && character.is_ascii_alphabetic();
            is_inside = character.is_alphanumeric();
            let start = from + at;
            if begins
                && let Some(found) = label(self.rest(start))
                && let Some(name_start) = self.name_start(start)
                && let Some(value) = self.value_behind(found.field, start, start + found.length)
            {
                return Some(LabelPlace { field: found.field, start: name_start.max(from), value });
            }
        }
        None
    }

    /// The start, with its path, of the name at `start`, if it is one and no part of a value:
    /// nothing but a path is glued to it.
    fn name_start(&self, start: usize) -> Option<usize> {
        let before = self.text.text.get(..start).unwrap_or_default();
        let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '@');
        let path = before.chars().rev().take(MAX_PATH_LEN).take_while(|c| is_path(*c));
        let path: usize = path.map(char::len_utf8).sum();
        let before = before.get(..before.len() - path).unwrap_or_default();
        let is_name = before.chars().next_back().is_none_or(|c| {
            c.is_whitespace()
                || matches!(c, '"' | '\'' | '{' | '[' | '(' | ',' | '|' | '*' | '>' | '`')
        });
        is_name.then_some(start - path)
    }

    /// The start of the value whose label ends at `end`.
    fn value_behind(&self, field: Field, start: usize, end: usize) -> Option<usize> {
        let text = &self.text.text;
        let is_space = |c: char| c.is_whitespace() && c != '\n';
        let rest = self.rest(end).trim_start_matches(['"', '\'', '*', '`', ']', ')']);
        let rest = rest.trim_start_matches(is_space);
        let at = |rest: &str| text.len() - rest.len();
        if let Some(rest) = rest.strip_prefix([':', '=', '\u{ff1a}']) {
            return Some(at(rest.trim_start_matches('*').trim_start_matches(is_space)));
        }
        if !field.is_telling() || field == Field::Spn {
            return None;
        }
        if let Some(rest) = rest.strip_prefix(['|', '>']) {
            return Some(at(rest.trim_start_matches(is_space)));
        }
        if rest.starts_with('<') {
            // The value is in the next cell.
            let mut rest = rest;
            while rest.starts_with('<') {
                let end = rest.bytes().take(MAX_TAG_LEN).position(|byte| byte == b'>')?;
                rest = rest.get(end + 1..)?.trim_start_matches(is_space);
            }
            return Some(at(rest));
        }
        if let Some(rest) = rest.strip_prefix(',') {
            // {"Name": "SpnName", "#text": "cifs/a"}
            let rest = rest.trim_start().trim_start_matches('"');
            let key = VALUE_KEYS.iter().find_map(|key| {
                let head = rest.get(..key.len())?;
                rest.get(key.len()..).filter(|_| head.eq_ignore_ascii_case(key))
            })?;
            let rest = key.trim_start_matches('"').trim_start().strip_prefix(':')?;
            return Some(at(rest.trim_start()));
        }
        // Alone in its line, it heads the next one.
        let rest = rest.strip_prefix('\n')?;
        let line_start = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
        text.get(line_start..start)?.trim().is_empty().then(|| at(rest))
    }

    /// The value at `place`; goes on behind it.
    fn value(&mut self, place: LabelPlace) -> Option<String> {
        let text = self.text.text.as_str();
        let rest = text.get(place.value..)?;
        // A value below its label is in another line, which is counted where it is passed.
        let label = text.get(place.start..place.value)?;
        self.line += label.matches('\n').count();
        if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) {
            let inside = rest.get(1..)?.split([quote, '\n']).next().unwrap_or_default();
            self.go_to(place.value + 1 + inside.len());
            return Some(inside.trim().to_owned());
        }
        let next = self.find_from(place.value);
        self.next = next;
        let until_next = rest.get(..next.map_or(rest.len(), |next| next.start - place.value))?;
        let line = until_next.split('\n').next().unwrap_or_default();
        let ends_line = rest.get(line.len()..).is_none_or(|rest| rest.starts_with(['\r', '\n']));
        let bare = line.split(['<', '|', '"', '`', '}']).next().unwrap_or_default().trim();
        if bare == "null" {
            return None;
        }
        // Alone in its line, a value has all of it.
        let begins_line = || {
            let before = text.get(..place.start)?;
            let before = before.get(before.rfind('\n').map_or(0, |at| at + 1)..)?;
            (!before.contains(char::is_alphanumeric)).then_some(())
        };
        let is_alone = ends_line && begins_line().is_some();
        let value = match place.field {
            Field::Status if status(bare).is_none() => return Some(words_of_status(until_next)),
            Field::Policy | Field::Status | Field::TranslatedStatus => bare.trim_end_matches(','),
            Field::ErrorCode | Field::SubStatus | Field::AvFlags => first_word(bare),
            _ if is_alone => bare.trim_end_matches(','),
            Field::Time => bare.get(..bare.len().min(19)).unwrap_or(bare),
            Field::ServerNames | Field::ConfiguredNames | Field::IpAddresses => list_before(bare),
            Field::Writer
            | Field::UserName
            | Field::SubjectUserName
            | Field::TargetUserName
            | Field::AccountName
            | Field::AvFlagsText
            | Field::MicStatus
            | Field::ChannelBinding
            | Field::NtlmVersion => cell(bare),
            Field::Spn if bare.contains("  ") || bare.ends_with("queried") => cell(bare),
            _ => first_word(bare),
        };
        Some(value.to_owned())
    }
}

/// Returns true if a field begins another event: that draft has it already.
fn is_of_another(draft: &Draft, field: Field, value: &str) -> bool {
    match field {
        Field::Id => draft.get(field).is_some_and(|known| known.text != value),
        field if field.is_header() => false,
        field => draft.has(field) && draft.telling() > 0,
    }
}

/// A status in words and its number in parentheses, which Windows writes in two lines.
fn words_of_status(text: &str) -> String {
    let text = text.get(..text.floor_char_boundary(MAX_STATUS_LEN)).unwrap_or_default();
    let end = text.find(')').map_or(text.len(), |end| end + 1);
    let words = text.get(..end).unwrap_or_default().split_whitespace();
    words.collect::<Vec<_>>().join(" ")
}

/// The text before two spaces or a tab, or all.
fn cell(text: &str) -> &str {
    let end = text.find("  ").into_iter().chain(text.find('\t')).min();
    text.get(..end.unwrap_or(text.len())).unwrap_or_default().trim_end_matches(',')
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default().trim_end_matches(',')
}

/// The words at the beginning that end in `;`, or the first one: what follows is no more of the
/// list.
fn list_before(text: &str) -> &str {
    let is_item = |word: &&str| word.trim_end().ends_with(';');
    let words = text.split_inclusive(char::is_whitespace);
    let length: usize = words.take_while(is_item).map(str::len).sum();
    match text.get(..length) {
        Some(list) if length > 0 => list.trim_end(),
        _ => first_word(text),
    }
}
