//! The address: which place of the page is asked for. Nothing but what stands behind `#` is read,
//! and that never leaves the browser.

use spnscope_page::workbench::{Action, Place};
use wasm_bindgen::closure::Closure;
use web_sys::wasm_bindgen::{JsCast, JsValue};

use crate::store::Act;

/// Goes where the address says, now and whenever it changes.
pub(crate) fn follow(act: Act) {
    go(&act, false);
    if let Some(window) = super::window() {
        let changed = Closure::<dyn Fn()>::new(move || go(&act, true));
        let listener = changed.as_ref().unchecked_ref();
        let _ = window.add_event_listener_with_callback("hashchange", listener);
        // For as long as the page is open.
        changed.forget();
    }
}

fn go(act: &Act, later: bool) {
    let fragment = fragment();
    super::chapters::take_over_scrolling(&fragment);
    let Some(id) = fragment.strip_prefix('#') else {
        // Back to where the page began.
        if later {
            act.emit(Action::Open(Place::Decode.code().to_owned()));
        }
        return;
    };
    if let Some(address) = id.strip_prefix('/') {
        act.emit(Action::Open(address.to_owned()));
        if later {
            // For a place that is shown already: another takes it when it is shown.
            focus(address);
        }
    } else if let Some(part) = super::by_id(id) {
        // Learn goes on where it was left.
        let is_return = super::chapters::is_return(&fragment);
        // A chapter of Learn, or one of the rules, which stand below every place.
        if part.closest(".learn").ok().flatten().is_some() {
            act.emit(Action::Open(Place::Learn.code().to_owned()));
        }
        // Once that place is shown.
        if !is_return {
            super::after_paint(move || part.scroll_into_view());
        }
    }
}

/// The fragment of the address, with its `#`.
pub(super) fn fragment() -> String {
    super::window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// Lets focus and address follow to a place that is shown now. Where it was gone to without an
/// address, it becomes an entry of the history of its own, seen from its top; `left` is the address
/// of what was left, which Back leads to.
pub(crate) fn follow_to(place: &str, left: Option<&str>) {
    let fragment = fragment();
    let is_at = |now: &str| now.split('/').next() == Some(place);
    let is_elsewhere = match fragment.strip_prefix("#/") {
        Some(now) => !is_at(now),
        // A chapter keeps its own address.
        None => fragment.starts_with("#learn") && place != Place::Learn.code(),
    };
    if is_elsewhere {
        if let Some(left) = left.filter(|_| fragment.starts_with("#/")) {
            set_address(left);
        }
        push(place);
    }
    // A chapter of Learn is gone on from where it is.
    if place != Place::Learn.code() || !fragment.starts_with("#learn") {
        focus(place);
    }
}

/// Scrolls to the head of the page once the place at `fragment` is shown, where a link there was
/// pressed in another place. Learn scrolls itself, to where it was left.
pub(super) fn see_from_top(fragment: &str) {
    let place = fragment.strip_prefix("#/").and_then(|address| address.split('/').next());
    let shown = super::root().and_then(|root| root.get_attribute("data-place"));
    if place.is_some_and(|place| place != Place::Learn.code() && Some(place) != shown.as_deref())
        && let Some(window) = super::window()
    {
        super::after_paint(move || window.scroll_to_with_x_and_y(0.0, 0.0));
    }
}

/// Takes a message out of the address, where the page shows another by now.
pub(crate) fn drop_input() {
    let prefix = format!("#/{}/", Place::Decode.code());
    if fragment().starts_with(&prefix) {
        replace(Place::Decode.code());
    }
}

/// Names the entry of the history that is shown. Nothing is asked for by that.
fn set_address(address: &str) {
    let history = super::window().and_then(|window| window.history().ok());
    if let Some(history) = history {
        let address = format!("#/{address}");
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// Goes on to a new entry of the history. Only the word of the place gets into it.
fn push(place: &str) {
    if let Some(window) = super::window() {
        let _ = window.location().set_hash(&format!("#/{place}"));
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// Nothing in the history goes back to what stood there before.
fn replace(place: &str) {
    if let Some(window) = super::window() {
        let _ = window.location().replace(&format!("#/{place}"));
    }
}

/// Gives the focus to the place of an address, as a whole. What is not shown takes none.
fn focus(address: &str) {
    // In Learn the rest is not shown.
    super::focus::focus(if address.starts_with(Place::Learn.code()) { "learn" } else { "main" });
}

/// Whether the styles show that place.
pub(super) fn shows(place: Place) -> bool {
    super::root().and_then(|root| root.get_attribute("data-place")).as_deref() == Some(place.code())
}

/// Lets the address follow the setting that the lab plays, without an entry of the history for each.
pub(crate) fn follow_setting(address: &str) {
    let relay = format!("#/{}", Place::Relay.code());
    let history = super::window().and_then(|window| window.history().ok());
    if let Some(history) = history.filter(|_| fragment().starts_with(&relay)) {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("#/{address}")));
    }
}

/// Says to the styles which place is shown.
pub(crate) fn show(place: &'static str) {
    if let Some(root) = super::root() {
        let _ = root.set_attribute("data-place", place);
    }
}

/// The address of this page with another part behind `#/`.
pub(crate) fn full(address: &str) -> String {
    let page = super::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    let before = page.split('#').next().unwrap_or_default();
    format!("{before}#/{address}")
}
