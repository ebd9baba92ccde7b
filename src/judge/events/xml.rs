//! Events as XML.

use std::fmt::Write as _;

use crate::base::visible::is_hidden;
use crate::judge::{events::Event, smb::EventId};
use crate::read::published_events::definition;

/// The process that writes an event, where it is known: the kernel writes 5168.
const fn process(id: EventId) -> &'static str {
    match id {
        EventId::SpnCheckFailed => "4",
        _ => "[process]",
    }
}

pub(super) fn render(event: &Event) -> String {
    let mut out = String::new();
    // Writing to a String does not fail.
    let _ = write(&mut out, event);
    out
}

fn write(out: &mut String, event: &Event) -> std::fmt::Result {
    writeln!(out, "<!-- Simulated. Values in square brackets are not known:")?;
    write!(out, "     the time, the record, the thread")?;
    for name in event.placeholders() {
        write!(out, ", {name}")?;
    }
    writeln!(out, ".")?;
    for note in &event.notes {
        writeln!(out, "     {note}")?;
    }
    writeln!(out, "-->")?;
    let (provider, guid) = event.log.provider();
    let process = process(event.id);
    writeln!(out, "<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">")?;
    writeln!(out, "  <System>")?;
    writeln!(out, "    <Provider Name=\"{provider}\" Guid=\"{guid}\"/>")?;
    writeln!(out, "    <EventID>{}</EventID>", event.id)?;
    writeln!(out, "    <Version>{}</Version>", event.version)?;
    if let Some(definition) = definition(event.id.number(), event.version) {
        writeln!(out, "    <Level>{}</Level>", definition.level)?;
        if let Some(task) = definition.task {
            writeln!(out, "    <Task>{task}</Task>")?;
            writeln!(out, "    <Opcode>0</Opcode>")?;
        }
        if let Some(keywords) = definition.keywords {
            writeln!(out, "    <Keywords>{keywords}</Keywords>")?;
        }
    }
    writeln!(out, "    <TimeCreated SystemTime=\"[time]\"/>")?;
    writeln!(out, "    <EventRecordID>[record]</EventRecordID>")?;
    writeln!(out, "    <Execution ProcessID=\"{process}\" ThreadID=\"[thread]\"/>")?;
    writeln!(out, "    <Channel>{}</Channel>", event.log.name())?;
    let computer = event.computer.as_deref().unwrap_or("[server]");
    writeln!(out, "    <Computer>{}</Computer>", escaped(computer))?;
    writeln!(out, "    <Security/>")?;
    writeln!(out, "  </System>")?;
    writeln!(out, "  <EventData>")?;
    for datum in &event.data {
        writeln!(out, "    <Data Name=\"{}\">{}</Data>", datum.name, escaped(&datum.value))?;
    }
    writeln!(out, "  </EventData>")?;
    writeln!(out, "</Event>")
}

/// Text between tags. Hidden characters are written as references, so that they neither turn the
/// line around nor get lost; the few that XML cannot have at all are written out, as in text.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            _ if !is_xml(character) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(character));
            }
            _ if is_hidden(character) => {
                let _ = write!(out, "&#x{:X};", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out
}

/// Returns true if XML 1.0 can have the character, as itself or as a reference.
const fn is_xml(character: char) -> bool {
    matches!(character,
        '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
