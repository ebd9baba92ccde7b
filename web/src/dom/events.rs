//! The subject of an event: the bytes, the row or the text that it is about.

use spnscope::base::span::Span;
use web_sys::{
    ClipboardEvent, Element, Event, HtmlDetailsElement, HtmlInputElement, HtmlSelectElement,
    HtmlTextAreaElement, InputEvent, KeyboardEvent, wasm_bindgen::JsCast,
};

/// The bytes of the element under an event: `data-span` of the nearest element that has it.
pub(crate) fn span_under(event: &Event) -> Option<Span> {
    let text = attribute_under(event, "data-span")?;
    let (start, end) = text.split_once('-')?;
    Some(Span::new(start.parse().ok()?, end.parse().ok()?))
}

/// Writes the attribute that [`span_under`] reads.
pub(crate) fn span_attribute(span: Span) -> String {
    format!("{}-{}", span.start, span.end)
}

/// The number in `attribute` of the nearest element that has it.
pub(crate) fn index_under(event: &Event, attribute: &str) -> Option<usize> {
    attribute_under(event, attribute)?.parse().ok()
}

/// Returns true if the event is on an element that matches `selector`.
pub(crate) fn is_on(event: &Event, selector: &str) -> bool {
    target(event).is_some_and(|target| target.closest(selector).ok().flatten().is_some())
}

/// The text of the text area of an event.
pub(crate) fn area_text(event: &Event) -> Option<String> {
    Some(event.target()?.dyn_ref::<HtmlTextAreaElement>()?.value())
}

/// The text pasted into the text area of an event, if it replaces the whole text there.
pub(crate) fn pasted_over_all(event: &Event) -> Option<String> {
    let target = event.target()?;
    let area = target.dyn_ref::<HtmlTextAreaElement>()?;
    let all = (Some(0), Some(area.text_length()));
    let selected = (area.selection_start().ok()?, area.selection_end().ok()?);
    let pasted = event.dyn_ref::<ClipboardEvent>()?.clipboard_data()?.get_data("text").ok()?;
    (selected == all).then_some(pasted)
}

/// Returns true if a change of a text came from the clipboard or was dropped.
pub(crate) fn is_pasted(event: &InputEvent) -> bool {
    matches!(event.input_type().as_str(), "insertFromPaste" | "insertFromDrop")
}

/// The text of the input element of an event.
pub(crate) fn input_text(event: &Event) -> Option<String> {
    Some(event.target()?.dyn_ref::<HtmlInputElement>()?.value())
}

/// The number chosen in the list of an event; `None` for the empty one.
pub(crate) fn choice(event: &Event) -> Option<usize> {
    event.target()?.dyn_ref::<HtmlSelectElement>()?.value().parse().ok()
}

/// Returns true if the checkbox of an event is checked.
pub(crate) fn is_checked(event: &Event) -> bool {
    event
        .target()
        .and_then(|target| Some(target.dyn_ref::<HtmlInputElement>()?.checked()))
        .unwrap_or(false)
}

/// Returns true if the fold that an event is about is open.
pub(crate) fn is_open(event: &Event) -> bool {
    event
        .target()
        .and_then(|target| Some(target.dyn_ref::<HtmlDetailsElement>()?.open()))
        .unwrap_or(false)
}

/// Returns true if a key is pressed with a modifier that makes it a command of the browser.
pub(crate) fn is_command(event: &KeyboardEvent) -> bool {
    event.ctrl_key() || event.meta_key() || event.alt_key()
}

fn attribute_under(event: &Event, attribute: &str) -> Option<String> {
    let found = target(event)?.closest(&format!("[{attribute}]")).ok()??;
    found.get_attribute(attribute)
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}
