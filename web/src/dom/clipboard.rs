//! The clipboard.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ClipboardEvent, Event};
use yew::Callback;

/// The error if the browser does not let the page write to the clipboard.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WriteRefused;

/// Writes `text` to the clipboard.
pub(crate) async fn copy(text: &str) -> Result<(), WriteRefused> {
    let clipboard = super::window().ok_or(WriteRefused)?.navigator().clipboard();
    // The page has no clipboard if it did not come over a secure connection.
    if JsValue::is_undefined(clipboard.as_ref()) {
        return Err(WriteRefused);
    }
    JsFuture::from(clipboard.write_text(text)).await.map(drop).map_err(|_| WriteRefused)
}

/// The elements that take pasted text by themselves.
const TEXT_FIELDS: &str =
    "textarea, select, input:not([type=radio], [type=checkbox], [type=file]), [contenteditable]";

/// Calls `then` with any text pasted while no such element has the focus, until the listener is
/// dropped.
pub(crate) fn when_pasted(then: Callback<String>) -> Option<EventListener> {
    let options = EventListenerOptions::enable_prevent_default();
    let document = super::document()?;
    Some(EventListener::new_with_options(&document, "paste", options, move |event| {
        if super::events::is_on(event, TEXT_FIELDS) {
            return;
        }
        let data = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
        let text = data.and_then(|data| data.get_data("text").ok());
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            event.prevent_default();
            then.emit(text);
        }
    }))
}

/// Puts `text` into the clipboard in place of the browser's own choice, in a copy event.
pub(crate) fn copy_instead(event: &Event, text: &str) {
    let data = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
    if data.is_some_and(|data| data.set_data("text/plain", text).is_ok()) {
        event.prevent_default();
    }
}
