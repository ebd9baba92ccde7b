//! Events as XML: one, several, a list of them, whole or cut. Only what stands in them is looked
//! at, not how they nest, so that a piece of one is read as well.

use super::{Form, MOST_TAGS, Reader, event::Event};
use crate::read::published_events::definition;

/// An event that is being read.
#[derive(Default)]
struct Open {
    event: Event,
    id: Option<u16>,
    /// Its version; 0 where it states none.
    version: u8,
    /// How many data without a name have been read.
    unnamed: usize,
    /// Whether something was found that only these events have.
    is_5168: bool,
    is_551: bool,
    is_smb_server: bool,
}

/// An element whose text is being read.
struct Element {
    tag: String,
    field: String,
    line: usize,
    text: String,
}

pub(super) fn read(text: &str, reader: &mut Reader) {
    let mut open: Option<Open> = None;
    let mut element: Option<Element> = None;
    let mut others = 0;
    let mut lines = LineCounter { text, at: 0, number: 1 };
    let mut at = 0;
    let mut tags = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('<')) {
        let start = at + found;
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
        let Some(end) = rest.find(['<', '>']) else { break };
        at = start + 1 + end;
        if !rest.get(end..).is_some_and(|rest| rest.starts_with('>')) {
            continue;
        }
        at += 1;
        tags += 1;
        if tags > MOST_TAGS {
            // An event that has begun is not read either.
            let begun = open.take_if(|open| open.event.line > 0);
            let line = begun.map_or_else(|| lines.line_of(start), |open| open.event.line);
            reader.more_than(MOST_TAGS, "tags", "no XML", line);
            break;
        }
        let inside = rest.get(..end).unwrap_or_default();
        if let Some(name) = inside.strip_prefix('/') {
            let name = local(name.trim());
            if let Some(done) = element.take_if(|element| element.tag == name) {
                store(open.get_or_insert_default(), done);
            }
            if name == "Event" {
                others += open.take().map_or(0, |open| close(open, reader));
            }
            continue;
        }
        let name = local(inside.split([' ', '\t', '\r', '\n', '/']).next().unwrap_or_default());
        let is_empty = inside.ends_with('/');
        match name {
            "Event" => {
                others += open.take().map_or(0, |open| close(open, reader));
                let mut new = Open::default();
                new.event.line = lines.line_of(start);
                open = Some(new);
                element = None;
            }
            "TimeCreated" => {
                if let Some(open) = &mut open {
                    open.event.time = attribute(inside, "SystemTime");
                }
            }
            "Provider" => {
                if let Some(open) = &mut open {
                    let name = attribute(inside, "Name");
                    open.is_smb_server = name.is_some_and(|name| name.ends_with("-SMBServer"));
                }
            }
            _ => {
                let Some(field) = field_of(name, inside, open.as_mut()) else { continue };
                let line = lines.line_of(start);
                let new = Element { tag: name.to_owned(), field, line, text: String::new() };
                if is_empty {
                    store(open.get_or_insert_default(), new);
                } else {
                    element = Some(new);
                }
            }
        }
    }
    if let Some(open) = open {
        let (line, is_known) = (open.event.line, open.is_5168 || open.is_551);
        if line > 0 && is_known {
            reader.remark(
                Some(line),
                "The input ends within this event. What stands before the end was read.",
            );
        }
        others += close(open, reader);
    }
    if others > 0 && reader.events > 0 {
        let events =
            if others == 1 { "event of another kind was" } else { "events of other kinds were" };
        let message =
            format!("{others} {events} passed over: 5168, 551 and 3024 to 3026 are read.");
        reader.remark(None, message);
    } else if others > 0 {
        reader.remark(None, "None of the events is one of 5168, 551 and 3024 to 3026.");
    }
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

/// The field that an element holds, where it is one that is read.
fn field_of(name: &str, inside: &str, open: Option<&mut Open>) -> Option<String> {
    match name {
        "Data" => attribute(inside, "Name").or_else(|| {
            let open = open?;
            // Exports without the names of the data have them in the published order.
            let field = definition(open.id?, open.version)?.fields.get(open.unnamed)?;
            open.unnamed += 1;
            Some((*field).to_owned())
        }),
        "EventID"
        | "Version"
        | "Computer"
        | "SPN"
        | "SPNValidationPolicy"
        | "Status"
        | "UserName" => Some(name.to_owned()),
        _ => None,
    }
}

fn store(open: &mut Open, element: Element) {
    let Element { field, line, text, .. } = element;
    let text = text.trim().to_owned();
    if open.event.line == 0 {
        open.event.line = line;
    }
    let event = &mut open.event;
    let place = match field.as_str() {
        "EventID" => {
            open.id = text.parse().ok();
            return;
        }
        "Version" => {
            open.version = text.parse().unwrap_or_default();
            return;
        }
        "Computer" => {
            event.computer = Some(text);
            return;
        }
        "SubjectUserName" | "UserName" => {
            event.user = Some(text).filter(|user| !user.is_empty());
            return;
        }
        "SpnName" => {
            open.is_5168 = true;
            &mut event.spn
        }
        "ErrorCode" => &mut event.error,
        "ServerNames" => {
            open.is_5168 = true;
            &mut event.server_names
        }
        "ConfiguredNames" => &mut event.configured_names,
        "IpAddresses" => &mut event.addresses,
        "SPN" => &mut event.spn,
        "Status" => &mut event.error,
        "SPNValidationPolicy" => {
            open.is_551 = true;
            &mut event.policy
        }
        _ => return,
    };
    place.get_or_insert((text, line));
}

/// Takes an event that is read; how many of another kind it is.
fn close(open: Open, reader: &mut Reader) -> usize {
    let id = match (open.id, open.is_5168, open.is_551) {
        (Some(id), _, _) => id,
        (None, true, _) => 5168,
        (None, _, true) => 551,
        (None, _, _) => return 0,
    };
    match id {
        5168 => reader.take_5168(open.event, Form::EventXml),
        551 if open.is_smb_server || open.is_551 => reader.take_551(open.event, Form::EventXml),
        3024..=3026 if open.is_smb_server => reader.take_audit(id, open.event, Form::EventXml),
        3021..=3023 | 3027 if open.is_smb_server => reader.take_other_audit(id, open.event.line),
        _ => return 1,
    }
    0
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

/// The character that a reference stands for.
pub(super) fn reference(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(number)?
        }
    })
}

/// Counts lines as it goes on, so that all places together take one pass.
struct LineCounter<'t> {
    text: &'t str,
    at: usize,
    number: usize,
}

impl LineCounter<'_> {
    /// The number of the line that `at` is in. Each call asks for a later place.
    fn line_of(&mut self, at: usize) -> usize {
        let passed = self.text.get(self.at..at).unwrap_or_default();
        self.number += passed.matches('\n').count();
        self.at = self.at.max(at);
        self.number
    }
}
