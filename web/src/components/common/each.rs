//! Children drawn from a list.

use yew::prelude::*;

/// Draws each item, given its index too.
pub(crate) fn each<T>(items: &[T], draw: impl Fn(usize, &T) -> Html) -> Vec<Html> {
    items.iter().enumerate().map(|(index, item)| draw(index, item)).collect()
}
