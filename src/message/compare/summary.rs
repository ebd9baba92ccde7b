//! The sentence that sums a comparison up.

use super::{CompareRow, Difference};
use crate::message::field::Name;

/// The sentence lists at most so many names.
const MAX_NAMES: usize = 8;

/// The sentence. It has words of ours and names of the specification only, nothing from the
/// messages.
pub(super) fn summary(kinds: [&str; 2], rows: &[CompareRow]) -> String {
    let [left, right] = kinds;
    if rows.iter().any(|row| row.path.steps() == [Name::Field("message")]) {
        return format!("The messages have no field in common: {left} and {right}.");
    }
    let flags = rows.iter().find(|row| row.name == "NegotiateFlags" && row.is_in_both());
    let is_flags = |row: &CompareRow| flags.is_some_and(|flags| flags.path == row.path);
    // Two kinds of response: that says enough about the parts that only one of them has.
    let response = rows
        .iter()
        .find(|row| row.name == "NtChallengeResponse" && row.difference == Difference::Value);
    let is_part = |row: &CompareRow| {
        response.is_some_and(|response| row.path.is_below(&response.path))
            && !matches!(row.path.steps().last(), Some(Name::Index(_)))
    };
    let fields = rows.iter().filter(|row| !row.is_flag() && !is_flags(row) && !is_part(row));
    let fields: Vec<_> =
        fields.filter_map(|row| Some(format!("{}{}", row.name, presence(row)?))).collect();

    let mut parts = Vec::new();
    if left != right {
        parts.push(format!(
            "{left} and {right} are different types, of which only the common fields are compared"
        ));
    }
    match fields.len() {
        0 => {}
        1 => parts.push(format!("1 field differs: {}", listed(&fields))),
        count => parts.push(format!("{count} fields differ: {}", listed(&fields))),
    }
    parts.extend(flags.and_then(|field| {
        let flags = differing_flags(field, rows);
        match (flags.is_empty(), fields.is_empty()) {
            (true, true) => None,
            (true, false) => Some("the same flags".to_owned()),
            (false, true) => Some(format!("the flags differ: {}", listed(&flags))),
            (false, false) => Some(format!("the same flags except {}", listed(&flags))),
        }
    }));
    let order = |row: &&CompareRow| row.difference == Difference::Order;
    parts.extend(rows.iter().filter(order).map(|row| format!("another {}", row.name)));
    if parts.is_empty() {
        let layout = rows.iter().any(|row| row.difference == Difference::Layout);
        parts.push(if layout {
            "every value is the same, and only the layout differs".to_owned()
        } else {
            "the two messages are the same, byte for byte".to_owned()
        });
    }
    let text = parts.join("; ");
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).chain(['.']).collect()
}

/// The words for the messages that have the field; `None` if it does not differ, or not in what it
/// says.
const fn presence(row: &CompareRow) -> Option<&'static str> {
    match row.difference {
        Difference::Value => Some(""),
        Difference::OnlyLeft => Some(" (only left)"),
        Difference::OnlyRight => Some(" (only right)"),
        Difference::Same | Difference::Order | Difference::Layout => None,
    }
}

/// The names of those flags at `field` that differ.
fn differing_flags(field: &CompareRow, rows: &[CompareRow]) -> Vec<String> {
    let own = |row: &&CompareRow| row.is_flag() && row.path.is_below(&field.path);
    let flags = rows.iter().filter(own);
    flags.filter_map(|row| Some(format!("{}{}", row.name, presence(row)?))).collect()
}

/// `A`, `A and B`, `A, B and C`; of many the first.
fn listed(names: &[String]) -> String {
    let mut names: Vec<_> = names.iter().map(String::as_str).collect();
    let more = names.len().saturating_sub(MAX_NAMES);
    let others = format!("{more} more");
    if more > 0 {
        names.truncate(MAX_NAMES);
        names.push(&others);
    }
    match names.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        names => names.concat(),
    }
}
