//! The clipboard.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ClipboardEvent, Event};
use yew::Callback;

/// The browser does not let the page write there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refused;

/// Puts `text` into the clipboard.
pub(crate) async fn copy(text: &str) -> Result<(), Refused> {
    let clipboard = super::window().ok_or(Refused)?.navigator().clipboard();
    // There is none where the page did not come over a secure connection.
    if JsValue::is_undefined(clipboard.as_ref()) {
        return Err(Refused);
    }
    JsFuture::from(clipboard.write_text(text)).await.map(drop).map_err(|_| Refused)
}

/// What takes text by itself.
const TAKES_TEXT: &str =
    "textarea, select, input:not([type=radio], [type=checkbox], [type=file]), [contenteditable]";

/// Takes what is pasted while the focus is on nothing that takes text, until what this gives back
/// is dropped.
pub(crate) fn when_pasted(then: Callback<String>) -> Option<EventListener> {
    let options = EventListenerOptions::enable_prevent_default();
    let document = super::document()?;
    Some(EventListener::new_with_options(&document, "paste", options, move |event| {
        if super::events::is_on(event, TAKES_TEXT) {
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

/// Gives `text` to the copy that an event is about, in place of what the browser would take.
pub(crate) fn copy_instead(event: &Event, text: &str) {
    let data = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
    if data.is_some_and(|data| data.set_data("text/plain", text).is_ok()) {
        event.prevent_default();
    }
}
