//! The forms that events come in. Each reader finds the events of its form; a text within one may
//! hold the event in another form, and is read where the event's own fields are not there.

mod json;
mod message;
mod one_line;
mod pairs;
mod table;
mod text;
mod xml;

use memchr::memchr3;
use text::{Numbers, Text, bare};

use super::{
    ConfigReader, Form, MAX_TAGS,
    event::{Draft, Field, Kind},
    lines::Line,
};

/// At most so many texts within the fields of events are read.
const MAX_TEXTS: usize = 10_000;
/// An event may be wrapped in at most so many forms.
const MAX_DEPTH: usize = 4;

/// Takes the events in an input: `text` as it is, and its `lines`.
pub(super) fn read(text: &str, lines: &[Line<'_>], reader: &mut ConfigReader) {
    let whole = Text { text: text.to_owned(), numbers: Numbers::Counted };
    let in_lines = Text::of(lines);
    // What is XML within JSON has the escapes of JSON. Of XML, more is read than of anything else.
    let as_it_stands: [(&[FormReading], _); 3] = [
        (&[FormReading::Json], &in_lines),
        (&[FormReading::Xml], &whole),
        (&[FormReading::Table, FormReading::Message], &in_lines),
    ];
    let mut others = Vec::new();
    for (readings, text) in as_it_stands {
        match first_of(readings, text, None, 0, reader) {
            Ok((found, form)) => return take(found, form, reader),
            Err((found, _)) => others.extend(found),
        }
    }
    if reader.tags <= MAX_TAGS {
        reader.tags = 0;
    }
    match first_of(&FormReading::UNESCAPED, &Text::unescaped(lines), None, 0, reader) {
        Ok((found, form)) => take(found, form, reader),
        Err((found, form)) => take(if others.is_empty() { found } else { others }, form, reader),
    }
}

fn take(drafts: Vec<Draft>, form: Form, reader: &mut ConfigReader) {
    for draft in drafts {
        reader.take(&draft, form);
    }
}

/// A way to read a text.
#[derive(Clone, Copy)]
enum FormReading {
    Xml,
    Json,
    Table,
    /// The lines of the message, in any language.
    Message,
    Pairs,
    /// The message in one line, in any language.
    OneLine,
    /// The lines before the message alone.
    Header,
}

impl FormReading {
    /// Those of a text as it stands, in the order in which they are tried: what only one form has
    /// comes first.
    const AS_IT_STANDS: [Self; 4] = [Self::Json, Self::Xml, Self::Table, Self::Message];
    /// Those of a text whose escapes are undone.
    const UNESCAPED: [Self; 7] = [
        Self::Xml,
        Self::Json,
        Self::Table,
        Self::Message,
        Self::OneLine,
        Self::Pairs,
        Self::Header,
    ];

    fn drafts(self, text: &Text, known: Option<u16>, reader: &mut ConfigReader) -> Vec<Draft> {
        match self {
            Self::Xml => xml::read(text, reader),
            Self::Json => json::read(text),
            Self::Table => table::read(text),
            Self::Message => message::read(&bare(&text.lines()), known),
            Self::Pairs => pairs::read(text),
            Self::OneLine => one_line::read(&text.lines(), known),
            Self::Header => message::headers(&bare(&text.lines())),
        }
    }

    const fn form(self) -> Form {
        match self {
            Self::Xml => Form::EventXml,
            Self::Json | Self::Table | Self::Pairs => Form::EventFields,
            Self::Message | Self::OneLine | Self::Header => Form::EventText,
        }
    }
}

/// The events in `text`, of the first form that any are in, else what is an event of another kind.
/// `known`: the number of the event that the text is of.
fn find(
    text: &Text,
    known: Option<u16>,
    depth: usize,
    reader: &mut ConfigReader,
) -> (Vec<Draft>, Form) {
    first_of(&FormReading::AS_IT_STANDS, text, known, depth, reader).unwrap_or_else(|others| {
        let unescaped = Text::unescaped(&text.lines());
        first_of(&FormReading::UNESCAPED, &unescaped, known, depth, reader).unwrap_or(others)
    })
}

/// The events of the first of these readings that finds any; else those of other kinds.
fn first_of(
    readings: &[FormReading],
    text: &Text,
    known: Option<u16>,
    depth: usize,
    reader: &mut ConfigReader,
) -> Result<(Vec<Draft>, Form), (Vec<Draft>, Form)> {
    let mut others = None;
    for reading in readings {
        let mut found = events(*reading, text, known, depth, reader);
        if found.iter().any(|draft| matches!(draft.kind(), Kind::Event(_))) {
            return Ok((found, reading.form()));
        }
        found.retain(|draft| draft.kind() == Kind::Other);
        if !found.is_empty() {
            others.get_or_insert_with(|| (found, reading.form()));
        }
    }
    Err(others.unwrap_or((Vec::new(), Form::EventFields)))
}

/// The events in `text`, read so.
fn events(
    reading: FormReading,
    text: &Text,
    known: Option<u16>,
    depth: usize,
    reader: &mut ConfigReader,
) -> Vec<Draft> {
    let mut found = Vec::new();
    for mut draft in reading.drafts(text, known, reader) {
        if let Some(known) = known
            && draft.id().is_none()
        {
            let line = draft.line;
            draft.put(Field::Id, known.to_string(), line);
        }
        found.extend(with_texts(draft, depth, reader));
    }
    found
}

/// Returns true if a text has what every form of an event has: tags, objects or labels.
fn may_hold_an_event(text: &str) -> bool {
    memchr3(b'<', b'{', b'&', text.as_bytes()).is_some()
        || text.matches([':', '=', '\u{ff1a}']).nth(1).is_some()
}

/// The event of a draft, and those that its texts hold besides.
fn with_texts(mut draft: Draft, depth: usize, reader: &mut ConfigReader) -> Vec<Draft> {
    draft.complete();
    let mut more = Vec::new();
    for text in std::mem::take(&mut draft.texts) {
        let is_whole = match draft.kind() {
            Kind::Event(_) => draft.telling() > 0,
            Kind::Other => true,
            Kind::Nothing => false,
        };
        if is_whole || depth >= MAX_DEPTH {
            break;
        }
        if !may_hold_an_event(&text.text) {
            continue;
        }
        reader.texts += 1;
        if reader.texts > MAX_TEXTS {
            if reader.texts == MAX_TEXTS + 1 {
                reader.more_than(MAX_TEXTS, "texts within fields", "none", text.line);
            }
            break;
        }
        let inside = Text { text: text.text, numbers: Numbers::One(text.line) };
        let (mut found, _) = find(&inside, draft.id(), depth + 1, reader);
        if found.len() == 1 {
            found.pop().into_iter().for_each(|one| draft.merge(one));
        }
        more.append(&mut found);
    }
    more.insert(0, draft);
    more
}
