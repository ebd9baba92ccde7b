//! Going away from the page and coming back: no secret is left behind.

use std::{cell::Cell, iter};

use js_sys::{Date, Function};
use spnscope_page::workbench::Action;
use wasm_bindgen::closure::Closure;
use web_sys::{EventTarget, HtmlInputElement, wasm_bindgen::JsCast};

use crate::store::act;

/// How long the page may be hidden before a secret is forgotten, in milliseconds.
const FORGET_AFTER: i32 = 5 * 60 * 1000;

thread_local! {
    /// Whether nothing is painted, since the page is hidden or left.
    static IS_AWAY: Cell<bool> = const { Cell::new(false) };
    /// When the page was hidden, by the clock; a timer stands still while the computer or the page sleeps.
    static HIDDEN_AT: Cell<Option<f64>> = const { Cell::new(None) };
    /// The timer that forgets.
    static TIMER: Cell<Option<i32>> = const { Cell::new(None) };
}

/// Tells whether nothing is painted, so that nothing may wait for that.
pub(crate) fn is_away() -> bool {
    IS_AWAY.get()
}

/// Forgets a secret at once where the page is left, since the browser may keep it to come back to, and after five minutes
/// in which it is hidden.
pub(crate) fn watch() {
    let (Some(window), Some(document)) = (super::window(), super::document()) else { return };
    listen(&window, "pagehide", || {
        IS_AWAY.set(true);
        forget();
    });
    listen(&window, "pageshow", come_back);
    listen(&document, "visibilitychange", || {
        if super::document().is_some_and(|document| document.hidden()) {
            hide();
        } else {
            come_back();
        }
    });
}

fn listen(target: &EventTarget, kind: &str, act: fn()) {
    let listener = Closure::<dyn Fn()>::new(act);
    let _ = target.add_event_listener_with_callback(kind, listener.as_ref().unchecked_ref());
    // For as long as the page is open.
    listener.forget();
}

fn hide() {
    IS_AWAY.set(true);
    if HIDDEN_AT.get().is_some() {
        return;
    }
    HIDDEN_AT.set(Some(Date::now()));
    if let Some(window) = super::window() {
        let forget: Function = Closure::once_into_js(forget).unchecked_into();
        let timer =
            window.set_timeout_with_callback_and_timeout_and_arguments_0(&forget, FORGET_AFTER);
        TIMER.set(timer.ok());
    }
}

fn come_back() {
    if let (Some(timer), Some(window)) = (TIMER.take(), super::window()) {
        window.clear_timeout_with_handle(timer);
    }
    // A clock that was put back tells nothing.
    let since = HIDDEN_AT.take().map(|hidden| Date::now() - hidden);
    if since.is_some_and(|since| !(0.0..f64::from(FORGET_AFTER)).contains(&since)) {
        forget();
    }
    IS_AWAY.set(false);
}

/// Forgets what was proven and what was typed, and takes both off the page without waiting until it is drawn.
fn forget() {
    act(Action::Prove(None));
    if let Some(field) =
        super::by_id("secret").and_then(|field| field.dyn_into::<HtmlInputElement>().ok())
    {
        field.set_value("");
    }
    if let Some(keys) = super::by_id("keys") {
        super::focus::set_texts(&keys, "dd", iter::empty());
    }
}
