//! The browser: everything that the page asks of it.

pub(crate) mod address;
pub(crate) mod chapters;
pub(crate) mod clipboard;
pub(crate) mod early;
pub(crate) mod events;
pub(crate) mod files;
pub(crate) mod focus;
mod gunzip;
pub(crate) mod leaving;
pub(crate) mod links;
pub(crate) mod print;
pub(crate) mod sight;
pub(crate) mod storage;
pub(crate) mod theme;

use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Promise};
use spnscope_page::workbench::Day;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    Document, Element, HtmlElement, MessageChannel, Window,
    wasm_bindgen::{JsCast, JsValue},
};

/// The window of the page. There is none natively, when the page is rendered to text.
fn window() -> Option<Window> {
    if cfg!(target_arch = "wasm32") { web_sys::window() } else { None }
}

fn document() -> Option<Document> {
    window()?.document()
}

fn root() -> Option<Element> {
    document()?.document_element()
}

/// The current day in the reader's time zone.
pub(crate) fn today() -> Option<Day> {
    let now = js_sys::Date::new_0();
    let year = now.get_full_year().try_into().ok()?;
    let (month, day) = (now.get_month().checked_add(1)?, now.get_date());
    Day::new(year, month.try_into().ok()?, day.try_into().ok()?)
}

/// The element with this id.
pub(crate) fn by_id(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// The element for the live piece of that name.
pub(crate) fn mount_point(code: &str) -> Option<Element> {
    document()?.query_selector(&format!("[data-live={code}]")).ok()?
}

fn html_by_id(id: &str) -> Option<HtmlElement> {
    by_id(id)?.dyn_into().ok()
}

/// Yields to the browser's other tasks. Timers would do it too, but browsers delay them by four
/// milliseconds.
pub(crate) async fn yield_to_browser() {
    let Ok(channel) = MessageChannel::new() else {
        TimeoutFuture::new(0).await;
        return;
    };
    let (to, from) = (channel.port1(), channel.port2());
    let message = Promise::new(&mut |came: Function, _| from.set_onmessage(Some(&came)));
    if to.post_message(&JsValue::NULL).is_ok() {
        let _ = JsFuture::from(message).await;
    }
    to.close();
}

/// Calls `act` in a task of its own, after those that wait already.
pub(crate) fn next_task(act: impl FnOnce() + 'static) {
    spawn_local(async {
        TimeoutFuture::new(0).await;
        act();
    });
}

/// Calls `act` once the current drawing has been painted.
pub(crate) fn after_paint(act: impl FnOnce() + 'static) {
    let Some(window) = window() else { return };
    // In a frame, before it is painted; a task queued there runs after the paint.
    let in_frame = Closure::once_into_js(move || next_task(act));
    let _ = window.request_animation_frame(in_frame.unchecked_ref());
}

/// Announces `words` to screen readers.
pub(crate) fn say(words: &str) {
    if let Some(place) = by_id("said") {
        place.set_text_content(Some(words));
    }
}

/// Sets the title of the page.
pub(crate) fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}
