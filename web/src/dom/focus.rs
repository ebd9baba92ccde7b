//! Focus and scrolling.

use wasm_bindgen::JsCast;
use web_sys::{
    Element, FocusOptions, HtmlElement, HtmlInputElement, HtmlTextAreaElement,
    ScrollIntoViewOptions, ScrollLogicalPosition,
};
use yew::NodeRef;

/// Focuses the element with this id where it is, without scrolling to it.
pub(crate) fn focus(id: &str) {
    if let Some(element) = super::html_by_id(id) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = element.focus_with_options(&options);
    }
}

/// Focuses the element with this id, and scrolls only as far as it takes to see it.
pub(crate) fn focus_and_show(id: &str) {
    focus(id);
    if let Some(element) = super::by_id(id) {
        scroll_to(&element, ScrollLogicalPosition::Nearest);
    }
}

/// Returns true if the element at `node` shows the focus ring, as after Tab.
pub(crate) fn has_visible_focus(node: &NodeRef) -> bool {
    node.cast::<Element>().is_some_and(|element| element.matches(":focus-visible").unwrap_or(false))
}

/// Shows row `row` of `rows` in the box at `node`, in its middle if it was out of sight. Without a
/// box, scrolls the page instead if `page` is true.
pub(crate) fn show_row(node: Option<Element>, row: usize, rows: usize, page: bool) {
    let Some(element) = node else { return };
    let scroll_height = f64::from(element.scroll_height());
    let height = f64::from(element.client_height());
    let top = scroll_height * ratio(row, rows);
    if scroll_height > height + 1.0 {
        let now = f64::from(element.scroll_top());
        if top < now || top > now + height * 0.9 {
            element.set_scroll_top(to_pixels(top - height / 2.0));
        }
        if page {
            scroll_to(&element, ScrollLogicalPosition::Nearest);
        }
    } else if page {
        let window = super::window().and_then(|window| window.inner_height().ok()?.as_f64());
        let at = element.get_bounding_client_rect().top() + top;
        let in_sight = window.is_some_and(|window| at > 0.0 && at < window * 0.9);
        if let (false, Some(window), Some(view)) = (in_sight, window, super::window()) {
            view.scroll_by_with_x_and_y(0.0, at - window / 2.0);
        }
    }
}

/// Goes to the byte view and shows the row of byte `start` of a message of `len` bytes.
pub(crate) fn go_to_byte(start: usize, len: usize) {
    focus("bytes");
    let row = start / spnscope_page::view::ROW_LEN;
    show_row(super::by_id("bytes"), row, len.div_ceil(spnscope_page::view::ROW_LEN), true);
}

/// The first and the last row of `rows` that are in sight in the box at `node`.
pub(crate) fn rows_in_sight(node: &NodeRef, rows: usize) -> Option<(usize, usize)> {
    let element = node.cast::<Element>()?;
    let scroll_height = f64::from(element.scroll_height()).max(1.0);
    let at = |pixels: f64| to_row(pixels / scroll_height, rows);
    let top = f64::from(element.scroll_top());
    Some((at(top), at(top + f64::from(element.client_height()))))
}

/// Selects the text at `node`.
pub(crate) fn select(node: &NodeRef) {
    let selection = super::window().and_then(|window| window.get_selection().ok()?);
    if let (Some(selection), Some(element)) = (selection, node.cast::<Element>()) {
        let _ = selection.select_all_children(&element);
    }
}

/// The first and the last number in `attribute` of the elements inside the one with this id that
/// are selected as text, at least in part. `None` if the selection reaches out of it.
pub(crate) fn selected_numbers(id: &str, attribute: &str) -> Option<(usize, usize)> {
    let around = super::by_id(id)?;
    let selection = super::window()?.get_selection().ok()??;
    let ends = [selection.anchor_node(), selection.focus_node()];
    if selection.is_collapsed() || !ends.iter().all(|end| around.contains(end.as_ref())) {
        return None;
    }
    let all = around.query_selector_all(&format!("[{attribute}]")).ok()?;
    let is_selected = |element: &Element| {
        selection.contains_node_with_allow_partial_containment(element, true).unwrap_or(false)
    };
    let selected = (0..all.length()).filter_map(|index| all.get(index)?.dyn_into().ok());
    let numbers = selected.filter(is_selected);
    let mut numbers = numbers.filter_map(|element| element.get_attribute(attribute)?.parse().ok());
    let first = numbers.next()?;
    Some((first, numbers.next_back().unwrap_or(first)))
}

/// Replaces the text at `node`, scrolled to its start.
pub(crate) fn set_text(node: &NodeRef, text: &str) {
    if let Some(area) = node.cast::<HtmlTextAreaElement>() {
        area.set_value(text);
        rewind(node);
    }
}

/// The text of the text area at `node`.
pub(crate) fn text_of(node: &NodeRef) -> String {
    node.cast::<HtmlTextAreaElement>().map(|area| area.value()).unwrap_or_default()
}

/// The text of the input element at `node`.
pub(crate) fn typed_in(node: &NodeRef) -> String {
    node.cast::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default()
}

/// Empties the input element at `node`.
pub(crate) fn clear(node: &NodeRef) {
    if let Some(field) = node.cast::<HtmlInputElement>() {
        field.set_value("");
    }
}

/// Sets the texts of the elements in `element` that match `selector`, in order; surplus elements
/// get none.
pub(crate) fn set_texts<'t>(
    element: &Element,
    selector: &str,
    mut texts: impl Iterator<Item = &'t str>,
) {
    let Ok(found) = element.query_selector_all(selector) else { return };
    for index in 0..found.length() {
        if let Some(element) = found.get(index) {
            element.set_text_content(texts.next());
        }
    }
}

/// Scrolls the text at `node` to its start, once it is painted: sooner, it would cost a second
/// layout.
pub(crate) fn rewind(node: &NodeRef) {
    if let Some(element) = node.cast::<Element>() {
        super::after_paint(move || element.set_scroll_top(0));
    }
}

/// Clicks the element at `node`.
pub(crate) fn click(node: &NodeRef) {
    if let Some(element) = node.cast::<HtmlElement>() {
        element.click();
    }
}

/// Clicks the element with this id.
pub(crate) fn press(id: &str) {
    if let Some(element) = super::html_by_id(id) {
        element.click();
    }
}

fn scroll_to(element: &Element, position: ScrollLogicalPosition) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(position);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

#[expect(clippy::cast_precision_loss, reason = "rows on a screen")]
fn ratio(row: usize, rows: usize) -> f64 {
    row as f64 / rows.max(1) as f64
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rows on a screen; the cast saturates"
)]
fn to_row(ratio: f64, rows: usize) -> usize {
    ((ratio * rows as f64) as usize).min(rows.saturating_sub(1))
}

#[expect(clippy::cast_possible_truncation, reason = "pixels on a screen; the cast saturates")]
fn to_pixels(value: f64) -> i32 {
    value.max(0.0) as i32
}
