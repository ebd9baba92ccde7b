//! Events as Event Viewer words them. The labels are translated, so fields are found by their order
//! and their shape: in event 5168 an error code is followed by three lists, of which the last has
//! addresses; in event 551 a number is followed by words with a status in parentheses.

use super::{
    Form, Reader,
    event::{Event, Field, address, items, status_behind_words},
    lines::{Line, hex_number},
};
use crate::base::spn::LOOPBACK;

/// How many lines without a value may stand between two fields.
const MOST_HEADINGS: usize = 4;

pub(super) fn read(lines: &[Line<'_>], reader: &mut Reader) {
    for (at, line) in lines.iter().enumerate() {
        let Some(value) = line.value() else { continue };
        if hex_number(value).is_some()
            && let Some(event) = event_5168(lines, at)
        {
            reader.take_5168(event, Form::EventText);
        } else if status_behind_words(value).is_some()
            && let Some(event) = event_551(lines, at)
        {
            reader.take_551(event, Form::EventText);
        }
    }
    if reader.events == 0 {
        for at in 0..lines.len() {
            if let Some(event) = lists_alone(lines, at) {
                reader.take_5168(event, Form::EventText);
            }
        }
    }
}

/// The lists of an event 5168 whose other lines are not there: no other event has two lists that
/// end in `;` around a third value, of which the last has the loopback addresses in it.
fn lists_alone(lines: &[Line<'_>], at: usize) -> Option<Event> {
    let [names, configured, addresses] = [0, 1, 2].map(|place| field(lines.get(at + place)));
    let (list, line) = names.as_ref()?;
    let (shown, _) = addresses.as_ref()?;
    let is_loopback = |item| address(item).is_some_and(|a| LOOPBACK.contains(&a));
    let has_loopback = shown.contains(';') && items(shown).any(is_loopback);
    let is_list = list.ends_with(';') && !list.contains(char::is_whitespace);
    if !is_list || !has_loopback || configured.is_none() {
        return None;
    }
    Some(Event {
        line: *line,
        server_names: names,
        configured_names: configured,
        addresses,
        ..Event::default()
    })
}

/// The event whose error code stands in line `at`.
fn event_5168(lines: &[Line<'_>], at: usize) -> Option<Event> {
    let after = lines.get(at + 1..)?;
    let headings = after.iter().take(MOST_HEADINGS);
    let first = headings.take_while(|line| line.value() == Some("")).count();
    let [names, configured, addresses] = [0, 1, 2].map(|place| field(after.get(first + place)));
    let (list, _) = addresses.as_ref()?;
    let has_address = items(list).any(|item| address(item).is_some());
    let is_list = names.as_ref()?.0.contains(';') || !names.as_ref()?.0.contains(' ');
    if !has_address || !is_list {
        return None;
    }
    let spn = at.checked_sub(1).and_then(|before| field(lines.get(before)));
    Some(Event {
        line: spn.as_ref()?.1,
        spn,
        error: field(lines.get(at)),
        server_names: names,
        configured_names: configured,
        addresses,
        ..Event::default()
    })
}

/// The event whose status stands in line `at`. The lines of the name and the policy are not in
/// older ones.
fn event_551(lines: &[Line<'_>], at: usize) -> Option<Event> {
    let before = |distance| field(lines.get(at.checked_sub(distance)?));
    let (session, _) = before(1)?;
    let is_number = session.strip_prefix("0x")?.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_number {
        return None;
    }
    let policy = field(lines.get(at + 2));
    let is_policy = |text: &str| text.contains(" / ") || text.parse::<u32>().is_ok();
    let policy = policy.filter(|(text, _)| is_policy(text));
    Some(Event {
        line: lines.get(at)?.number,
        user: before(2).map(|(user, _)| user).filter(|user| !user.is_empty()),
        spn: policy.as_ref().and_then(|_| field(lines.get(at + 1))),
        error: field(lines.get(at)),
        policy,
        ..Event::default()
    })
}

fn field(line: Option<&Line<'_>>) -> Field {
    let line = line?;
    line.value().map(|value| (value.to_owned(), line.number))
}
