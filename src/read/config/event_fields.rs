//! An event 5168 as a list of fields: as agents send it in JSON, as `name=value`, in the columns of
//! a table, or its message in one line. The fields have their names from the XML of the event or
//! from its English message, which are the same but for what stands between the words.
//!
//! A name counts only where nothing but a path is glued to it, so a target name cannot bring fields
//! along.

use super::{
    Form, Reader,
    event::{Event, Field},
    plain::Plain,
};

/// A field that is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Label {
    Spn,
    Error,
    ServerNames,
    ConfiguredNames,
    Addresses,
    Time,
    Computer,
    User,
}

/// The words of each label.
const LABELS: [(&[&str], Label); 13] = [
    (&["spn", "name"], Label::Spn),
    (&["error", "code"], Label::Error),
    (&["server", "names"], Label::ServerNames),
    (&["configured", "names"], Label::ConfiguredNames),
    (&["ip", "addresses"], Label::Addresses),
    (&["time", "created"], Label::Time),
    (&["system", "time"], Label::Time),
    (&["event", "time"], Label::Time),
    (&["timestamp"], Label::Time),
    (&["computer", "name"], Label::Computer),
    (&["computer"], Label::Computer),
    (&["hostname"], Label::Computer),
    (&["subject", "user", "name"], Label::User),
];

/// The names behind which the value stands where the field's name is a value itself.
const VALUE_KEYS: [&str; 4] = ["#text", "value", "text", "content"];

/// The longest path before a name, such as `winlog.event_data.`, in bytes.
const LONGEST_PATH: usize = 64;
/// The longest tag between a name and its value, in bytes.
const LONGEST_TAG: usize = 256;
/// How many objects of JSON are told apart that lie in each other.
const MOST_OBJECTS: usize = 64;
/// The longest heading of a table, in bytes.
const LONGEST_HEADING: usize = 4096;

impl Label {
    /// Whether only event 5168 has it.
    const fn is_own(self) -> bool {
        !matches!(self, Self::Time | Self::Computer | Self::User)
    }
}

pub(super) fn read(plain: &Plain, reader: &mut Reader) {
    if !read_table(plain, reader) {
        Fields { plain, at: 0, line: 0, next: None, no_more_arrays: false }.read(reader);
    }
}

/// Whether a text is the name of a field, behind any path.
pub(super) fn is_label(text: &str) -> bool {
    let bare = text.rsplit_once('.').map_or(text, |(_, bare)| bare);
    label(bare).is_some_and(|(label, length)| label.is_own() && length == bare.len())
}

/// The label that `text` begins with, and its length there.
fn label(text: &str) -> Option<(Label, usize)> {
    LABELS.iter().find_map(|(words, label)| {
        let mut rest = text;
        for (index, word) in words.iter().enumerate() {
            if index > 0 {
                rest = rest.trim_start_matches([' ', '_', '-', '\u{a0}']);
            }
            let head = rest.get(..word.len())?;
            rest = rest.get(word.len()..).filter(|_| head.eq_ignore_ascii_case(word))?;
        }
        let is_whole = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        is_whole.then(|| (*label, text.len() - rest.len()))
    })
}

/// Reads a table whose heading has the names of fields; whether there is one.
fn read_table(plain: &Plain, reader: &mut Reader) -> bool {
    let mut heading: Option<(char, Vec<Option<Label>>)> = None;
    for line in plain.lines() {
        if let Some((between, labels)) = &heading {
            let mut record = Record { line: line.number, ..Record::default() };
            for (cell, label) in cells(line.text, *between).into_iter().zip(labels) {
                if let Some(label) = label {
                    record.put(*label, cell.trim().to_owned(), line.number);
                }
            }
            record.close(reader);
        } else if line.text.len() <= LONGEST_HEADING {
            heading = [',', '\t', ';', '|'].into_iter().find_map(|between| {
                let cells = cells(line.text, between);
                let labels = cells.iter().map(|cell| {
                    let cell = cell.trim().rsplit('.').next()?;
                    label(cell).filter(|(_, length)| *length == cell.len()).map(|(label, _)| label)
                });
                let labels: Vec<_> = labels.collect();
                let own = labels.iter().flatten().filter(|label| label.is_own()).count();
                (own >= 2).then_some((between, labels))
            });
        }
    }
    heading.is_some()
}

/// The cells of a row. A quotation mark within quotation marks is written twice.
fn cells(row: &str, between: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut is_quoted = false;
    for character in row.chars() {
        if character == '"' {
            is_quoted = !is_quoted;
        } else if character == between && !is_quoted {
            cells.push(String::new());
        } else if let Some(cell) = cells.last_mut() {
            cell.push(character);
        }
    }
    cells
}

/// What is known of an event while it is read.
#[derive(Default)]
struct Record {
    line: usize,
    event: Event,
    /// How many fields were read that only event 5168 has.
    own: usize,
}

impl Record {
    fn put(&mut self, label: Label, value: String, line: usize) {
        let event = &mut self.event;
        let place = match label {
            Label::Spn => &mut event.spn,
            Label::Error => &mut event.error,
            Label::ServerNames => &mut event.server_names,
            Label::ConfiguredNames => &mut event.configured_names,
            Label::Addresses => &mut event.addresses,
            // Times in the order of a country cannot be compared.
            Label::Time if is_sortable(&value) => return set(&mut event.time, value),
            Label::Time => return,
            Label::Computer => return set(&mut event.computer, value),
            Label::User => return set(&mut event.user, value),
        };
        if place.is_none() {
            *place = Some((value, line));
            if self.own == 0 {
                self.line = line;
            }
            self.own += 1;
        }
    }

    const fn has(&self, label: Label) -> bool {
        let event = &self.event;
        match label {
            Label::Spn => event.spn.is_some(),
            Label::Error => event.error.is_some(),
            Label::ServerNames => event.server_names.is_some(),
            Label::ConfiguredNames => event.configured_names.is_some(),
            Label::Addresses => event.addresses.is_some(),
            Label::Time | Label::Computer | Label::User => false,
        }
    }

    /// Takes the event, where what was read is enough to tell that it is one.
    fn close(self, reader: &mut Reader) {
        let Self { line, mut event, .. } = self;
        let has_list = |field: &Field| field.as_ref().is_some_and(|(text, _)| text.contains(';'));
        let is_refusal = event.spn.is_some() && event.error.is_some();
        let is_server = event.server_names.is_some()
            && (event.spn.is_some()
                || event.configured_names.is_some()
                || event.addresses.is_some()
                || has_list(&event.server_names));
        if is_refusal || is_server {
            event.line = line;
            reader.take_5168(event, Form::EventFields);
        }
    }
}

fn set(place: &mut Option<String>, value: String) {
    if !value.is_empty() {
        place.get_or_insert(value);
    }
}

/// Whether a time begins with the year, so that later ones come behind it.
fn is_sortable(time: &str) -> bool {
    let is_digits =
        |range| time.get(range).is_some_and(|text: &str| text.bytes().all(|b| b.is_ascii_digit()));
    is_digits(0..4) && is_digits(5..7) && is_digits(8..10) && time.get(4..5) == Some("-")
}

/// A label in the text and what is found behind it.
#[derive(Clone, Copy)]
struct Place {
    label: Label,
    /// Where the label begins.
    start: usize,
    /// Where the value begins, or the mark before it.
    value: usize,
}

/// The fields of a text, from one to the next.
struct Fields<'p> {
    plain: &'p Plain,
    at: usize,
    /// The index of the line that `at` is in.
    line: usize,
    /// The next label, where it was looked for already.
    next: Option<Place>,
    /// Whether no array ends in the rest.
    no_more_arrays: bool,
}

impl Fields<'_> {
    fn read(mut self, reader: &mut Reader) {
        let mut record = Record::default();
        // For each object of JSON that is open, how many fields had been read before it.
        let mut objects: Vec<usize> = Vec::new();
        // The line that the last event closed in, and how many fields stand in the line that is
        // read.
        let mut in_line = (0, 0);
        while let Some(place) = self.find() {
            if self.ends_object(self.at, place.start, &mut objects, record.own) {
                std::mem::take(&mut record).close(reader);
            }
            self.go_to(place.start);
            if in_line.0 != self.line {
                // A line that has most of an event is all of it.
                if in_line.1 >= 3 && objects.is_empty() {
                    std::mem::take(&mut record).close(reader);
                }
                in_line = (self.line, 0);
            }
            let line = self.plain.number(self.line);
            self.at = place.value;
            let Some(value) = self.value(place) else { continue };
            if record.has(place.label) && objects.is_empty() && in_line.1 < 3 {
                std::mem::take(&mut record).close(reader);
            }
            in_line.1 += usize::from(place.label.is_own());
            record.put(place.label, value, line);
        }
        record.close(reader);
    }

    fn rest(&self, at: usize) -> &str {
        self.plain.text.get(at..).unwrap_or_default()
    }

    /// Goes on to `at`, counting lines.
    fn go_to(&mut self, at: usize) {
        let passed = self.plain.text.get(self.at..at).unwrap_or_default();
        self.line += passed.matches('\n').count();
        self.at = self.at.max(at);
    }

    /// Whether an object ends in between that has an event in it and another object beside it or
    /// nothing.
    fn ends_object(&self, from: usize, to: usize, objects: &mut Vec<usize>, own: usize) -> bool {
        let mut own = own;
        let mut is_end = false;
        let between = self.plain.text.get(from..to).unwrap_or_default();
        for (at, character) in between.char_indices().filter(|(_, c)| matches!(c, '{' | '}')) {
            if character == '{' {
                if objects.len() < MOST_OBJECTS {
                    objects.push(own);
                }
                continue;
            }
            let before = objects.pop().unwrap_or_default();
            let after = self.rest(from + at + 1).trim_start();
            let after = after.strip_prefix(',').unwrap_or(after).trim_start();
            if own.saturating_sub(before) >= 2 && after.starts_with('{') {
                is_end = true;
                own = 0;
                objects.fill(0);
            }
        }
        is_end
    }

    /// The next label from here on that has a value.
    fn find(&mut self) -> Option<Place> {
        self.next.take().or_else(|| self.find_from(self.at))
    }

    fn find_from(&self, from: usize) -> Option<Place> {
        let text = &self.plain.text;
        let mut is_inside = text.get(..from)?.ends_with(char::is_alphanumeric);
        for (at, character) in text.get(from..)?.char_indices() {
            let begins = !is_inside && character.is_ascii_alphabetic();
            is_inside = character.is_alphanumeric();
            let start = from + at;
            if let Some((label, length)) = label(self.rest(start)).filter(|_| begins)
                && self.is_name(start)
                && let Some(value) = self.value_behind(label, start, start + length)
            {
                return Some(Place { label, start, value });
            }
        }
        None
    }

    /// Whether a name begins at `start`, and no part of a value: nothing but a path is glued to it.
    fn is_name(&self, start: usize) -> bool {
        let before = self.plain.text.get(..start).unwrap_or_default();
        let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '@');
        let path = before.chars().rev().take(LONGEST_PATH).take_while(|c| is_path(*c));
        let path: usize = path.map(char::len_utf8).sum();
        let before = before.get(..before.len() - path).unwrap_or_default();
        before.chars().next_back().is_none_or(|c| {
            c.is_whitespace()
                || matches!(c, '"' | '\'' | '{' | '[' | '(' | ',' | '|' | '*' | '>' | '`')
        })
    }

    /// Where the value of the label begins that ends at `end`.
    fn value_behind(&self, label: Label, start: usize, end: usize) -> Option<usize> {
        let text = &self.plain.text;
        let is_space = |c: char| c.is_whitespace() && c != '\n';
        let rest = self.rest(end).trim_start_matches(['"', '\'', '*', '`', ']', ')']);
        let rest = rest.trim_start_matches(is_space);
        let at = |rest: &str| text.len() - rest.len();
        if let Some(rest) = rest.strip_prefix([':', '=', '\u{ff1a}']) {
            return Some(at(rest.trim_start_matches('*').trim_start_matches(is_space)));
        }
        if !label.is_own() {
            return None;
        }
        if let Some(rest) = rest.strip_prefix(['|', '>']) {
            return Some(at(rest.trim_start_matches(is_space)));
        }
        if rest.starts_with('<') {
            // The value stands in the next cell.
            let mut rest = rest;
            while rest.starts_with('<') {
                let end = rest.bytes().take(LONGEST_TAG).position(|byte| byte == b'>')?;
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
    fn value(&mut self, place: Place) -> Option<String> {
        let plain = self.plain;
        let rest = plain.text.get(place.value..)?;
        // A value below its label is in another line, which is counted where it is passed.
        let label = plain.text.get(place.start..place.value)?;
        self.line += label.matches('\n').count();
        if let Some(array) = rest.strip_prefix('[') {
            if self.no_more_arrays {
                return None;
            }
            let Some(end) = array.find(']') else {
                self.no_more_arrays = true;
                return None;
            };
            let inside = array.get(..end)?;
            self.go_to(place.value + 1 + end);
            let items = inside.split(',').map(|item| item.trim().trim_matches(['"', '\'']));
            let mut list = String::new();
            for item in items.filter(|item| !item.is_empty()) {
                list.push_str(item);
                list.push(';');
            }
            return Some(list);
        }
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
            let before = plain.text.get(..place.start)?;
            let before = before.get(before.rfind('\n').map_or(0, |at| at + 1)..)?;
            (!before.contains(char::is_alphanumeric)).then_some(())
        };
        let is_alone = ends_line && begins_line().is_some();
        let value = match place.label {
            Label::Error => first_word(bare),
            _ if is_alone => bare.trim_end_matches(','),
            Label::Time => bare.get(..bare.len().min(19)).unwrap_or(bare),
            Label::Spn | Label::Computer | Label::User => first_word(bare),
            Label::ServerNames | Label::ConfiguredNames | Label::Addresses => list_before(bare),
        };
        Some(value.to_owned())
    }
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
