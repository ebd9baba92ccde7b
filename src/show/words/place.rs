//! The sentence for a message that is in the input more than once.

use crate::analysis::MessagePlace;
use crate::read::text::Characters;

/// The most places that are named.
const MAX_NAMED: usize = 4;

/// The places of a message that is in the input more than once, in one sentence; `None` for others.
#[must_use]
pub fn repeated_places(places: &[MessagePlace], characters: &Characters) -> Option<String> {
    if places.len() < 2 {
        return None;
    }
    let named = places.iter().take(MAX_NAMED);
    let named: Vec<_> = named
        .map(|place| format!("{} ({})", characters.place(place.span), place.encoding_name()))
        .collect();
    let more = match places.len().saturating_sub(MAX_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let count = places.len();
    Some(format!("In the input {count} times: {}{more}.", named.join(", ")))
}
