//! An event while it is read.

use super::Field;

/// A value and its place.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(in crate::read::config) struct Written {
    pub(in crate::read::config) text: String,
    pub(in crate::read::config) line: usize,
}

/// The certainty that a form's names are those of an event's fields.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(in crate::read::config) enum Names {
    /// Other texts have names like these, so that one alone does not make an event.
    #[default]
    Likely,
    /// The form is that of an event.
    Certain,
}

/// A draft of one event: what a form has of it.
#[derive(Clone, Debug, Default)]
pub(in crate::read::config) struct Draft {
    /// The line it begins in; 0 while that is not known.
    pub(in crate::read::config) line: usize,
    pub(in crate::read::config) names: Names,
    /// True if the input ends within it.
    pub(in crate::read::config) is_cut: bool,
    fields: Vec<(Field, Written)>,
    /// The values alone, in the published order.
    pub(in crate::read::config) inserts: Vec<Written>,
    /// Texts in it that may hold the event in another form.
    pub(in crate::read::config) texts: Vec<Written>,
}

/// At most so many texts in one event are read.
const MAX_TEXTS: usize = 8;
/// The shortest text that is looked into, in bytes.
const MIN_TEXT_LEN: usize = 24;
/// More values than any event has.
const MAX_INSERTS: usize = 64;

impl Draft {
    pub(in crate::read::config) fn named(names: Names) -> Self {
        Self { names, ..Self::default() }
    }

    /// This draft, marked as complete.
    pub(in crate::read::config) fn whole(self) -> Self {
        Self { is_cut: false, ..self }
    }

    /// Keeps the value of a field; the first counts. Of writers all are kept, since a provider
    /// writes to a log.
    pub(in crate::read::config) fn put(&mut self, field: Field, text: String, line: usize) {
        let is_known = field != Field::Writer && self.has(field);
        // Times in the order of a country cannot be compared.
        let is_odd = field == Field::Time && !is_sortable(&text);
        let is_nothing = text.is_empty() && field.is_header() || field == Field::Unread;
        if is_known || is_odd || is_nothing || self.fields.len() > MAX_INSERTS {
            return;
        }
        if self.line == 0 {
            self.line = line;
        }
        self.fields.push((field, Written { text, line }));
    }

    /// Keeps a value under the name that a form has for it, and a text that may hold more.
    pub(in crate::read::config) fn put_named(&mut self, name: &str, text: String, line: usize) {
        match Field::of(name) {
            Some(field) if field != Field::Inserts => self.put(field, text, line),
            _ => self.put_text(text, line),
        }
    }

    pub(in crate::read::config) fn put_text(&mut self, text: String, line: usize) {
        if text.len() >= MIN_TEXT_LEN && self.texts.len() < MAX_TEXTS {
            self.texts.push(Written { text, line });
        }
    }

    pub(in crate::read::config) fn put_insert(&mut self, text: String, line: usize) {
        if self.inserts.len() < MAX_INSERTS {
            self.inserts.push(Written { text, line });
        }
    }

    pub(in crate::read::config) fn get(&self, field: Field) -> Option<&Written> {
        self.all(field).next()
    }

    pub(in crate::read::config) fn all(&self, field: Field) -> impl Iterator<Item = &Written> {
        self.fields.iter().filter(move |(one, _)| *one == field).map(|(_, written)| written)
    }

    pub(in crate::read::config) fn has(&self, field: Field) -> bool {
        self.get(field).is_some()
    }

    /// The value of a field that is not empty.
    pub(in crate::read::config) fn text(&self, field: Field) -> Option<String> {
        self.get(field).map(|written| written.text.clone()).filter(|text| !text.is_empty())
    }

    /// The number of its fields that tell which event it is.
    pub(in crate::read::config) fn telling(&self) -> usize {
        self.fields.iter().filter(|(field, _)| field.is_telling()).count()
    }

    pub(in crate::read::config) fn has_fields(&self) -> bool {
        !self.fields.is_empty()
    }

    pub(in crate::read::config) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.inserts.is_empty() && self.texts.is_empty()
    }

    /// Adds what another form has of the same event. What is known already stays.
    pub(in crate::read::config) fn merge(&mut self, other: Self) {
        for (field, written) in other.fields {
            self.put(field, written.text, written.line);
        }
        if self.inserts.is_empty() {
            self.inserts = other.inserts;
        }
        for text in other.texts {
            self.put_text(text.text, text.line);
        }
        self.names = if other.names == Names::Certain { Names::Certain } else { self.names };
    }

    /// Gives the values alone the names that they have by their order.
    pub(in crate::read::config) fn name_inserts(&mut self, names: &[&str]) {
        for (name, written) in names.iter().zip(std::mem::take(&mut self.inserts)) {
            self.put_named(name, written.text, written.line);
        }
    }
}

/// Returns true if a time begins with the year, so that later ones sort behind it.
fn is_sortable(time: &str) -> bool {
    let is_digits =
        |range| time.get(range).is_some_and(|text: &str| text.bytes().all(|b| b.is_ascii_digit()));
    is_digits(0..4) && is_digits(5..7) && is_digits(8..10) && time.get(4..5) == Some("-")
}
