//! The reading position in Learn: the chapter in sight is marked in the list of chapters, and a
//! returning reader is taken to where they were.

use std::cell::RefCell;

use gloo_events::EventListener;
use js_sys::Reflect;
use spnscope_page::workbench::Place;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::Element;

thread_local! {
    /// The scroll position when Learn was shown last, and its fragment.
    static LAST_POSITION: RefCell<(f64, String)> = RefCell::default();
}

/// The part of the window, from its top, in which the heading of the current chapter may be.
const READING_PART: f64 = 0.4;

/// The minimum height of the head of the page, in pixels.
const MIN_HEAD_HEIGHT: f64 = 48.0;

/// Scrolls to where Learn was left, and tracks the reading position until the listener is dropped.
pub(crate) fn follow() -> Option<EventListener> {
    let window = super::window()?;
    // Learn has its height in the next frame, before that is painted.
    let come_back = Closure::once_into_js(|| {
        let (top, left_at) = LAST_POSITION.with_borrow(Clone::clone);
        let fragment = super::address::fragment();
        if top > 0.0 && (fragment == left_at || fragment == format!("#/{}", Place::Learn.as_str()))
        {
            scroll_to(top);
        }
        mark();
    });
    let _ = window.request_animation_frame(come_back.unchecked_ref());
    Some(EventListener::new(&window, "scroll", |_| {
        // Another place scrolls as well, while this one is being left.
        if super::address::shows(Place::Learn) {
            let top = super::window().and_then(|window| window.scroll_y().ok()).unwrap_or_default();
            // A reader who scrolls up to the head to leave has not read there, and the address is
            // another place's before that place is shown.
            let fragment = super::address::fragment();
            if top > MIN_HEAD_HEIGHT && is_of_learn(&fragment) {
                LAST_POSITION.set((top, fragment));
            }
            mark();
        }
    }))
}

/// Returns true if Learn was left at this fragment, and is returned to.
pub(super) fn is_return(fragment: &str) -> bool {
    !super::address::shows(Place::Learn)
        && LAST_POSITION.with_borrow(|(top, left_at)| *top > 0.0 && left_at == fragment)
}

/// Keeps the browser from scrolling in Learn, if its history entry was left from the head of the
/// page. The browser may scroll late, after this module did.
pub(super) fn take_over_scrolling(fragment: &str) {
    let history = super::window().and_then(|window| window.history().ok());
    let who = if is_of_learn(fragment) { "manual" } else { "auto" };
    if let Some(history) = history {
        let _ = Reflect::set(&history, &"scrollRestoration".into(), &who.into());
    }
}

/// Returns true if the fragment is that of Learn or of a chapter.
fn is_of_learn(fragment: &str) -> bool {
    fragment.trim_start_matches(['#', '/']).starts_with(Place::Learn.as_str())
}

fn scroll_to(top: f64) {
    if let Some(window) = super::window() {
        window.scroll_to_with_x_and_y(0.0, top);
    }
}

/// Marks the chapter in sight in the list: the last one that begins above the reading line.
fn mark() {
    let height = super::window().and_then(|window| window.inner_height().ok()?.as_f64());
    let line = height.unwrap_or_default() * READING_PART;
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

/// The commands in the chapters: the element and text of each.
pub(crate) fn commands() -> Vec<(Element, String)> {
    let places = elements(".learn__command").into_iter();
    let with_text = places.filter_map(|place| {
        let text = static_text(&place)?.text_content()?;
        Some((place, text))
    });
    with_text.collect()
}

/// The static texts of the commands, hidden as long as this value lives.
pub(crate) struct HiddenCommands(Vec<Element>);

impl Drop for HiddenCommands {
    fn drop(&mut self) {
        for text in &self.0 {
            let _ = text.remove_attribute("hidden");
        }
    }
}

/// Hides the static texts of the commands, while each is drawn with a button that copies it.
pub(crate) fn hide_commands() -> HiddenCommands {
    let texts: Vec<_> = elements(".learn__command").iter().filter_map(static_text).collect();
    for text in &texts {
        let _ = text.set_attribute("hidden", "");
    }
    HiddenCommands(texts)
}

/// The text of a command as the chapter's file has it.
fn static_text(place: &Element) -> Option<Element> {
    place.query_selector(":scope > pre").ok()?
}

fn elements(selector: &str) -> Vec<Element> {
    let found = super::document().and_then(|document| document.query_selector_all(selector).ok());
    let Some(found) = found else { return Vec::new() };
    let nodes = (0..found.length()).filter_map(|index| found.get(index));
    nodes.filter_map(|node| node.dyn_into().ok()).collect()
}
