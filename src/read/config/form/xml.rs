//! Events as XML: one, several, a list of them, whole or cut. Only what is in them is looked at,
//! not how they nest, so that a piece of one is read as well.
//!
//! A library for XML stops at the first fault, and people paste pieces, with the signs of a
//! browser's tree or of a mail between the tags; so the tags are read here.

use memchr::memchr2;

use super::text::{Text, reference};
use crate::read::config::{
    ConfigReader, MAX_TAGS,
    event::{Draft, Field, Names},
};

/// An element whose text is being read.
struct XmlElement {
    tag: String,
    holds: Holds,
    line: usize,
    text: String,
}

/// The contents of an element.
enum Holds {
    Field(Field),
    /// A value alone: its place among the others says which.
    Insert,
    /// The event as text, which is read where its fields are not there.
    Text,
}

/// The events in `text`.
pub(super) fn read(text: &Text, reader: &mut ConfigReader) -> Vec<Draft> {
    let mut found = Vec::new();
    let mut open: Option<Draft> = None;
    let mut element: Option<XmlElement> = None;
    let mut lines = LineCounter { text, at: 0, passed: 0 };
    let text = text.text.as_str();
    let mut at = 0;
    while let Some(next) = text.get(at..).and_then(|rest| rest.find('<')) {
        let start = at + next;
        if let Some(element) = &mut element {
            push_text(&mut element.text, text.get(at..start).unwrap_or_default());
        }
        let rest = text.get(start + 1..).unwrap_or_default();
        if let Some((skipped, content)) = section(rest) {
            if let (Some(element), Some(content)) = (&mut element, content) {
                element.text.push_str(content);
            }
            at = start + 1 + skipped;
            continue;
        }
        // No tag has a `<` in it, so one that has is none.
        let Some(end) = memchr2(b'<', b'>', rest.as_bytes()) else { break };
        at = start + 1 + end;
        if !rest.get(end..).is_some_and(|rest| rest.starts_with('>')) {
            continue;
        }
        at += 1;
        reader.tags += 1;
        if reader.tags > MAX_TAGS {
            // An event that has begun is not read either.
            let begun = open.take_if(|open| open.line > 0);
            let line = begun.map_or_else(|| lines.line_of(start), |open| open.line);
            if reader.tags == MAX_TAGS + 1 {
                reader.more_than(MAX_TAGS, "tags", "no XML", line);
            }
            break;
        }
        let inside = rest.get(..end).unwrap_or_default();
        if let Some(name) = inside.strip_prefix('/') {
            let name = local(name.trim());
            if let Some(done) = element.take_if(|element| element.tag == name) {
                store(open.get_or_insert_with(certain), done);
            }
            if name == "Event" {
                found.extend(open.take().map(Draft::whole));
            }
            continue;
        }
        let name = local(inside.split([' ', '\t', '\r', '\n', '/']).next().unwrap_or_default());
        let mut line = || lines.line_of(start);
        match name {
            "Event" => {
                found.extend(open.take().map(Draft::whole));
                let mut begun = certain();
                (begun.line, begun.is_cut) = (line(), true);
                open = Some(begun);
                element = None;
            }
            "TimeCreated" | "Provider" => {
                let (field, attribute_name) = match name {
                    "Provider" => (Field::Writer, "Name"),
                    _ => (Field::Time, "SystemTime"),
                };
                let Some(value) = attribute(inside, attribute_name) else { continue };
                if let Some(open) = &mut open {
                    let line = open.line;
                    open.put(field, value, line);
                }
            }
            _ => {
                let Some(holds) = held_by(name, inside) else { continue };
                let tag = name.to_owned();
                let new = XmlElement { tag, holds, line: line(), text: String::new() };
                if inside.ends_with('/') {
                    store(open.get_or_insert_with(certain), new);
                } else {
                    element = Some(new);
                }
            }
        }
    }
    // What has begun with its tag ends with it; a piece of an event does not.
    found.extend(open);
    found
}

fn certain() -> Draft {
    Draft::named(Names::Certain)
}

/// The length of a comment, an instruction or a piece of plain text that begins here, and what it
/// says. One that does not end takes the rest.
fn section(rest: &str) -> Option<(usize, Option<&str>)> {
    let (begin, end) = [("!--", "-->"), ("![CDATA[", "]]>"), ("?", "?>")]
        .into_iter()
        .find(|(begin, _)| rest.starts_with(begin))?;
    let inside = rest.get(begin.len()..)?;
    let length = inside.find(end);
    let content = inside.get(..length.unwrap_or(inside.len()));
    let skipped = length.map_or(rest.len(), |length| begin.len() + length + end.len());
    Some((skipped, content.filter(|_| end == "]]>")))
}

/// The contents of an element that is read.
fn held_by(name: &str, inside: &str) -> Option<Holds> {
    match name {
        // Exports without the names of the data have them in the published order, as Azure
        // Monitor's do.
        "Data" | "Param" => Some(match attribute(inside, "Name") {
            Some(name) => Holds::Field(Field::of(&name).filter(|field| !field.is_header())?),
            None => Holds::Insert,
        }),
        "Message" => Some(Holds::Text),
        "EventID" | "Version" | "Computer" | "Channel" => match name {
            "Version" => Some(Holds::Field(Field::Version)),
            name => Field::of(name).map(Holds::Field),
        },
        name => {
            let field = Field::of(name);
            field.filter(|field| !field.is_header() && *field != Field::Inserts).map(Holds::Field)
        }
    }
}

fn store(open: &mut Draft, element: XmlElement) {
    let XmlElement { holds, line, text, .. } = element;
    let text = text.trim().to_owned();
    if open.line == 0 {
        open.line = line;
    }
    match holds {
        Holds::Field(field) => open.put(field, text, line),
        Holds::Insert => open.put_insert(text, line),
        Holds::Text => open.put_text(text, line),
    }
}

/// A name without the prefix of its namespace.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The value of an attribute.
fn attribute(inside: &str, name: &str) -> Option<String> {
    let mut rest = inside;
    while let Some((before, after)) = rest.split_once('=') {
        let value = after.trim_start();
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, after) = value.get(1..)?.split_once(quote)?;
        if before.split_whitespace().next_back() == Some(name) {
            let mut text = String::new();
            push_text(&mut text, value);
            return Some(text);
        }
        rest = after;
    }
    None
}

/// Adds text whose characters may be written as references.
fn push_text(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        // No reference that is read is longer.
        let end = after.bytes().take(12).position(|byte| byte == b';');
        let read = end.and_then(|end| Some((reference(after.get(..end)?)?, after.get(end + 1..)?)));
        let (character, after) = read.unwrap_or(('&', after));
        out.push(character);
        rest = after;
    }
    out.push_str(rest);
}

/// Counts lines as it goes on, so that all places together take one pass.
struct LineCounter<'t> {
    text: &'t Text,
    at: usize,
    /// The number of line ends passed.
    passed: usize,
}

impl LineCounter<'_> {
    /// The number of the line that `at` is in. Each call asks for a later place.
    fn line_of(&mut self, at: usize) -> usize {
        let passed = self.text.text.get(self.at..at).unwrap_or_default();
        self.passed += passed.matches('\n').count();
        self.at = self.at.max(at);
        self.text.number(self.passed)
    }
}
