//! The address: which place of the page is asked for. Nothing but what stands behind `#` is read, and that
//! never leaves the browser.

use spnscope::workbench::Action;
use wasm_bindgen::closure::Closure;
use web_sys::wasm_bindgen::JsCast;

use crate::store::act;

/// Goes where the address says, now and whenever it changes.
pub(crate) fn follow() {
    go(false);
    if let Some(window) = super::window() {
        let changed = Closure::<dyn Fn()>::new(|| go(true));
        let listener = changed.as_ref().unchecked_ref();
        let _ = window.add_event_listener_with_callback("hashchange", listener);
        // For as long as the page is open.
        changed.forget();
    }
}

fn go(later: bool) {
    let fragment = super::window().and_then(|window| window.location().hash().ok());
    let fragment = fragment.unwrap_or_default();
    let Some(id) = fragment.strip_prefix('#') else { return };
    if let Some(address) = id.strip_prefix('/') {
        act(Action::Open(address.to_owned()));
        if later {
            // In Learn the rest is not shown.
            super::focus::focus(if address.starts_with("learn") { "learn" } else { "main" });
        }
    } else if let Some(part) = super::by_id(id) {
        // A chapter of Learn, or one of the rules, which stand below the other places.
        if part.closest(".learn").ok().flatten().is_some() {
            act(Action::Open("learn".to_owned()));
        } else if super::root()
            .is_some_and(|root| root.matches("[data-place=learn]").unwrap_or(false))
        {
            act(Action::Open("decode".to_owned()));
        }
        part.scroll_into_view();
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
