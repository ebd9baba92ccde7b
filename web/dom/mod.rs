//! Everything the page asks of the browser.

pub(crate) mod events;
pub(crate) mod files;
pub(crate) mod focus;
pub(crate) mod storage;
pub(crate) mod theme;

use web_sys::{Document, Element, HtmlElement, Window, wasm_bindgen::JsCast};

fn window() -> Option<Window> {
    web_sys::window()
}

fn document() -> Option<Document> {
    window()?.document()
}

fn root() -> Option<Element> {
    document()?.document_element()
}

/// The element with this id.
pub(crate) fn by_id(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// The place for the live piece of that name.
pub(crate) fn live(code: &str) -> Option<Element> {
    document()?.query_selector(&format!("[data-live={code}]")).ok()?
}

fn html_by_id(id: &str) -> Option<HtmlElement> {
    by_id(id)?.dyn_into().ok()
}

/// Names the page after what it shows.
pub(crate) fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Whether what stands behind `#` in the address is Learn or one of its chapters.
pub(crate) fn asks_for_learn() -> bool {
    let address = document().and_then(|document| document.url().ok()).unwrap_or_default();
    address.split_once('#').is_some_and(|(_, place)| {
        place == "/learn"
            || by_id(place).is_some_and(|it| matches!(it.closest(".learn"), Ok(Some(_))))
    })
}

/// Calls `act` whenever what stands behind `#` changes.
pub(crate) fn on_address(act: impl Fn() + 'static) {
    let act = wasm_bindgen::closure::Closure::<dyn Fn()>::new(act);
    if let Some(window) = window() {
        let listener = act.as_ref().unchecked_ref();
        let _ = window.add_event_listener_with_callback("hashchange", listener);
    }
    act.forget();
}

/// Tells the styles which place is shown.
pub(crate) fn set_place(place: &str) {
    if let Some(root) = root() {
        let _ = root.set_attribute("data-place", place);
    }
}
