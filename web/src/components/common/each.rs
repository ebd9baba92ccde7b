//! A child for each of several things.

use yew::prelude::*;

/// What `draw` makes of each item and its index.
pub(crate) fn each<T>(items: &[T], draw: impl Fn(usize, &T) -> Html) -> Vec<Html> {
    items.iter().enumerate().map(|(index, item)| draw(index, item)).collect()
}
