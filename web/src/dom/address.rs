//! The address: the place of the page that it asks for. Only the part after `#` is read, and that
//! never leaves the browser.

use spnscope_page::workbench::{Action, Place};
use wasm_bindgen::closure::Closure;
use web_sys::wasm_bindgen::{JsCast, JsValue};

use crate::store::Act;

/// Follows the address, now and whenever it changes.
pub(crate) fn follow(act: Act) {
    go(&act, false);
    if let Some(window) = super::window() {
        let changed = Closure::<dyn Fn()>::new(move || go(&act, true));
        let listener = changed.as_ref().unchecked_ref();
        let _ = window.add_event_listener_with_callback("hashchange", listener);
        // The listener lives as long as the page.
        changed.forget();
    }
}

fn go(act: &Act, later: bool) {
    let fragment = fragment();
    super::chapters::take_over_scrolling(&fragment);
    let Some(id) = fragment.strip_prefix('#') else {
        // Back to the start of the page.
        if later {
            act.emit(Action::Open(Place::Decode.as_str().to_owned()));
        }
        return;
    };
    if let Some(address) = id.strip_prefix('/') {
        act.emit(Action::Open(address.to_owned()));
        if later {
            // The place is shown already; otherwise it takes the focus when it is shown.
            focus(address);
        }
    } else if let Some(part) = super::by_id(id) {
        // Learn goes on where it was left.
        let is_return = super::chapters::is_return(&fragment);
        // A chapter of Learn, or one of the rules, which are below every place.
        if part.closest(".learn").ok().flatten().is_some() {
            act.emit(Action::Open(Place::Learn.as_str().to_owned()));
        }
        // Once that place is shown.
        if !is_return {
            after_paint_at(fragment.clone(), move || part.scroll_into_view());
        }
    }
}

/// The fragment of the address, with its `#`.
pub(super) fn fragment() -> String {
    super::window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// Moves focus and address to a place that has been shown. A place without an address in the
/// history gets an entry of its own, seen from its top; `left` is the address of the place before,
/// to which Back leads.
pub(crate) fn follow_to(place: &str, left: Option<&str>) {
    let fragment = fragment();
    let is_at = |now: &str| now.split('/').next() == Some(place);
    let is_elsewhere = match fragment.strip_prefix("#/") {
        Some(now) => !is_at(now),
        // A chapter keeps its own address.
        None => fragment.starts_with("#learn") && place != Place::Learn.as_str(),
    };
    if is_elsewhere {
        if let Some(left) = left.filter(|_| fragment.starts_with("#/")) {
            set_address(left);
        }
        push(place);
    }
    // A chapter of Learn goes on from where it is.
    if place != Place::Learn.as_str() || !fragment.starts_with("#learn") {
        focus(place);
    }
}

/// Scrolls to the head of the page once the place at `fragment` is shown, where a link there was
/// pressed in another place. Learn scrolls itself, to where it was left.
pub(super) fn see_from_top(fragment: &str) {
    let place = fragment.strip_prefix("#/").and_then(|address| address.split('/').next());
    let shown = super::root().and_then(|root| root.get_attribute("data-place"));
    if place.is_some_and(|place| place != Place::Learn.as_str() && Some(place) != shown.as_deref())
        && let Some(window) = super::window()
    {
        let to_top = move || window.scroll_to_with_x_and_y(0.0, 0.0);
        after_paint_at(fragment.to_owned(), to_top);
    }
}

/// Calls `act` after the next paint, if the address still leads to the place or the part `asked`:
/// the reader may have gone back by then, and is where they were.
fn after_paint_at(asked: String, act: impl FnOnce() + 'static) {
    super::after_paint(move || {
        // What follows the place is the lab's setting, which is added later.
        if fragment().split('/').take(2).eq(asked.split('/').take(2)) {
            act();
        }
    });
}

/// Removes a message from the address, if the page shows another by now.
pub(crate) fn drop_input() {
    let prefix = format!("#/{}/", Place::Decode.as_str());
    if fragment().starts_with(&prefix) {
        replace(Place::Decode.as_str());
    }
}

/// Sets the address of the current history entry, without navigation.
fn set_address(address: &str) {
    let history = super::window().and_then(|window| window.history().ok());
    if let Some(history) = history {
        let address = format!("#/{address}");
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// Adds a history entry. Only the word of the place gets into it.
fn push(place: &str) {
    if let Some(window) = super::window() {
        let _ = window.location().set_hash(&format!("#/{place}"));
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// Replaces the current history entry, so that Back does not lead to its old address.
fn replace(place: &str) {
    if let Some(window) = super::window() {
        let _ = window.location().replace(&format!("#/{place}"));
    }
}

/// Focuses the place of an address as a whole. A place that is hidden takes no focus.
fn focus(address: &str) {
    // In Learn the rest is hidden.
    super::focus::focus(if address.starts_with(Place::Learn.as_str()) { "learn" } else { "main" });
}

/// Returns true if the styles show that place.
pub(super) fn shows(place: Place) -> bool {
    super::root().and_then(|root| root.get_attribute("data-place")).as_deref()
        == Some(place.as_str())
}

/// Sets the address to the setting that the lab plays, without a history entry for each.
pub(crate) fn follow_setting(address: &str) {
    let relay = format!("#/{}", Place::Relay.as_str());
    let history = super::window().and_then(|window| window.history().ok());
    if let Some(history) = history.filter(|_| fragment().starts_with(&relay)) {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("#/{address}")));
    }
}

/// Tells the styles which place is shown.
pub(crate) fn show(place: &'static str) {
    if let Some(root) = super::root() {
        let _ = root.set_attribute("data-place", place);
    }
}

/// The address of this page with another part after `#/`.
pub(crate) fn full(address: &str) -> String {
    let page = super::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    let before = page.split('#').next().unwrap_or_default();
    format!("{before}#/{address}")
}
