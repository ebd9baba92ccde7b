//! Elements that have left the window, or would be covered in it.

use gloo_events::EventListener;
use js_sys::Array;
use wasm_bindgen::closure::Closure;
use web_sys::{
    Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit,
    wasm_bindgen::JsCast,
};

/// An observer of whether an element has left the window; dropping it ends that.
pub(crate) struct SightWatch {
    observer: IntersectionObserver,
    /// The callback has to outlive the observer.
    _call: Closure<dyn FnMut(Array)>,
}

impl Drop for SightWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// The margin that makes everything below the window count as in it.
const ALL_BELOW: &str = "0px 0px 1000000px 0px";

/// Calls `say` with whether the first match of `selector` has left the window at its upper edge:
/// now, and whenever that changes.
pub(crate) fn watch(selector: &str, mut say: impl FnMut(bool) + 'static) -> Option<SightWatch> {
    let Some(target) = super::document()?.query_selector(selector).ok()? else {
        say(false);
        return None;
    };
    let call = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
        let last = entries.get(entries.length().saturating_sub(1));
        if let Some(entry) = last.dyn_ref::<IntersectionObserverEntry>() {
            // An element that is hidden has no size.
            let is_shown = entry.bounding_client_rect().width() > 0.0;
            say(is_shown && !entry.is_intersecting());
        }
    });
    let options = IntersectionObserverInit::new();
    options.set_root_margin(ALL_BELOW);
    let observer =
        IntersectionObserver::new_with_options(call.as_ref().unchecked_ref(), &options).ok()?;
    observer.observe(&target);
    Some(SightWatch { observer, _call: call })
}

/// Scrolls a focused element out from under the element with this id, until the listener is
/// dropped.
pub(crate) fn keep_focus_below(id: &'static str) -> Option<EventListener> {
    let document = super::document()?;
    Some(EventListener::new(&document, "focusin", move |_| {
        // The browser scrolls to it first.
        super::after_paint(move || uncover(id));
    }))
}

/// The gap below the covering element, in pixels: room for the focus ring.
const GAP: f64 = 8.0;

fn uncover(id: &str) {
    let focused = super::document().and_then(|document| document.active_element());
    let (Some(window), Some(cover), Some(focused)) = (super::window(), super::by_id(id), focused)
    else {
        return;
    };
    let Some(height) = window.inner_height().ok().and_then(|height| height.as_f64()) else {
        return;
    };
    let rect = |element: &Element| element.get_bounding_client_rect();
    let (cover, focused) = (rect(&cover), rect(&focused));
    if focused.top() >= cover.bottom() || focused.bottom() <= 0.0 {
        return;
    }
    let whole = focused.top() - cover.bottom() - GAP;
    // An element higher than the window is shown as far as there is room.
    let most = whole.max(focused.bottom() - height + GAP);
    // A place gets the focus as a whole: if enough of it is in sight, nothing moves.
    if focused.height() < height / 2.0 || focused.bottom() - cover.bottom() < height / 4.0 {
        window.scroll_by_with_x_and_y(0.0, most);
    }
}
