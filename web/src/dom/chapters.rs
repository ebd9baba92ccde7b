//! How far Learn is read: the chapter in sight is marked in the list of chapters, and whoever comes
//! back is where they were.

use std::cell::RefCell;

use gloo_events::EventListener;
use js_sys::Reflect;
use spnscope_page::workbench::Place;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::Element;

thread_local! {
    /// How far the page was scrolled when Learn was shown last, and the fragment it was at.
    static READ: RefCell<(f64, String)> = RefCell::default();
}

/// The part of the window, from its top, in which the heading of the chapter that is read may be.
const READING: f64 = 0.4;

/// How high the head of the page is at least, in pixels.
const HEAD: f64 = 48.0;

/// Goes to where Learn was left, and keeps up with how far it is read until what this gives back is
/// dropped.
pub(crate) fn follow() -> Option<EventListener> {
    let window = super::window()?;
    // Learn has its height in the next frame, before that is painted.
    let come_back = Closure::once_into_js(|| {
        let (top, left_at) = READ.with_borrow(Clone::clone);
        let fragment = super::address::fragment();
        if top > 0.0 && (fragment == left_at || fragment == format!("#/{}", Place::Learn.code())) {
            scroll_to(top);
        }
        mark();
    });
    let _ = window.request_animation_frame(come_back.unchecked_ref());
    Some(EventListener::new(&window, "scroll", |_| {
        // Another place scrolls as well, while this one goes.
        if super::address::shows(Place::Learn) {
            let top = super::window().and_then(|window| window.scroll_y().ok()).unwrap_or_default();
            // Whoever goes up to the head to go elsewhere has not read there, and the address is
            // another place's before that place is shown.
            let fragment = super::address::fragment();
            if top > HEAD && is_of_learn(&fragment) {
                READ.set((top, fragment));
            }
            mark();
        }
    }))
}

/// Whether Learn was left at this fragment, and is come back to.
pub(super) fn is_return(fragment: &str) -> bool {
    !super::address::shows(Place::Learn)
        && READ.with_borrow(|(top, left_at)| *top > 0.0 && left_at == fragment)
}

/// Keeps the browser from scrolling in Learn, where its entry of the history was left from the head
/// of the page. It scrolls late at times, after this module did.
pub(super) fn take_over_scrolling(fragment: &str) {
    let history = super::window().and_then(|window| window.history().ok());
    let who = if is_of_learn(fragment) { "manual" } else { "auto" };
    if let Some(history) = history {
        let _ = Reflect::set(&history, &"scrollRestoration".into(), &who.into());
    }
}

/// Whether a fragment is that of Learn or of a chapter.
fn is_of_learn(fragment: &str) -> bool {
    fragment.trim_start_matches(['#', '/']).starts_with(Place::Learn.code())
}

fn scroll_to(top: f64) {
    if let Some(window) = super::window() {
        window.scroll_to_with_x_and_y(0.0, top);
    }
}

/// Marks the chapter in sight in the list: the last one that begins above the place one reads at.
fn mark() {
    let height = super::window().and_then(|window| window.inner_height().ok()?.as_f64());
    let line = height.unwrap_or_default() * READING;
    let links = elements(".contents a[href^='#learn-']");
    let is_begun = |link: &Element| {
        let id = link.get_attribute("href").unwrap_or_default();
        let heading = super::by_id(id.trim_start_matches('#'));
        heading.is_some_and(|heading| heading.get_bounding_client_rect().top() < line)
    };
    let read = links.iter().rposition(is_begun);
    for (index, link) in links.iter().enumerate() {
        if read == Some(index) {
            let _ = link.set_attribute("aria-current", "true");
        } else {
            let _ = link.remove_attribute("aria-current");
        }
    }
}

/// The commands in the chapters: where each is, and its text.
pub(crate) fn commands() -> Vec<(Element, String)> {
    let places = elements(".learn__command").into_iter();
    let with_text = places.filter_map(|place| {
        let text = place.query_selector("pre").ok()??.text_content()?;
        Some((place, text))
    });
    with_text.collect()
}

fn elements(selector: &str) -> Vec<Element> {
    let found = super::document().and_then(|document| document.query_selector_all(selector).ok());
    let Some(found) = found else { return Vec::new() };
    let nodes = (0..found.length()).filter_map(|index| found.get(index));
    nodes.filter_map(|node| node.dyn_into().ok()).collect()
}
