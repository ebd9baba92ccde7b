use crate::analysis::MessagePlace;
use crate::read::text::Characters;

/// How many places are named.
const MOST: usize = 4;

/// Where a message stands in the input that stands there more than once, in one sentence.
#[must_use]
pub fn found_again(places: &[MessagePlace], characters: &Characters) -> Option<String> {
    if places.len() < 2 {
        return None;
    }
    let named = places.iter().take(MOST);
    let named: Vec<_> = named
        .map(|place| format!("{} ({})", characters.place(place.span), place.encoding_name()))
        .collect();
    let more = match places.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let count = places.len();
    Some(format!("In the input {count} times: {}{more}.", named.join(", ")))
}
