//! Leaving the page and coming back: no secret is left behind.

use std::{
    cell::{Cell, RefCell},
    iter,
};

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::Date;
use spnscope_page::workbench::Action;
use web_sys::{HtmlInputElement, wasm_bindgen::JsCast};

use crate::store::Act;

/// The time for which the page may be hidden before a secret is forgotten, in milliseconds.
const FORGET_AFTER: u32 = 5 * 60 * 1000;

thread_local! {
    /// True while nothing is painted, since the page is hidden or left.
    static IS_AWAY: Cell<bool> = const { Cell::new(false) };
    /// The time when the page was hidden, by the clock; a timer stands still while the computer or
    /// the page sleeps.
    static HIDDEN_AT: Cell<Option<f64>> = const { Cell::new(None) };
    /// The timer that forgets. Replacing it cancels it.
    static TIMER: RefCell<Option<Timeout>> = const { RefCell::new(None) };
}

/// Returns true while nothing is painted, so that nothing may wait for a paint.
pub(crate) fn is_away() -> bool {
    IS_AWAY.get()
}

/// Forgets a secret at once if the page is left, since the browser may cache it, and after five
/// minutes in which it is hidden; until the listeners are dropped.
pub(crate) fn watch(act: &Act) -> Vec<EventListener> {
    let (Some(window), Some(document)) = (super::window(), super::document()) else {
        return Vec::new();
    };
    let (left, shown, turned) = (act.clone(), act.clone(), act.clone());
    vec![
        EventListener::new(&window, "pagehide", move |_| {
            IS_AWAY.set(true);
            forget(&left);
        }),
        EventListener::new(&window, "pageshow", move |_| come_back(&shown)),
        EventListener::new(&document, "visibilitychange", move |_| {
            if super::document().is_some_and(|document| document.hidden()) {
                hide(&turned);
            } else {
                come_back(&turned);
            }
        }),
    ]
}

fn hide(act: &Act) {
    IS_AWAY.set(true);
    if HIDDEN_AT.get().is_some() {
        return;
    }
    HIDDEN_AT.set(Some(Date::now()));
    let act = act.clone();
    TIMER.replace(Some(Timeout::new(FORGET_AFTER, move || forget(&act))));
}

fn come_back(act: &Act) {
    TIMER.take();
    // A clock that was set back shows nothing.
    let since = HIDDEN_AT.take().map(|hidden| Date::now() - hidden);
    if since.is_some_and(|since| !(0.0..f64::from(FORGET_AFTER)).contains(&since)) {
        forget(act);
    }
    IS_AWAY.set(false);
}

/// Forgets the secret and its keys, and removes both from the page without waiting for a paint.
fn forget(act: &Act) {
    act.emit(Action::Prove(None));
    if let Some(field) =
        super::by_id("secret").and_then(|field| field.dyn_into::<HtmlInputElement>().ok())
    {
        field.set_value("");
    }
    if let Some(keys) = super::by_id("keys") {
        super::focus::set_texts(&keys, "dd", iter::empty());
    }
}
