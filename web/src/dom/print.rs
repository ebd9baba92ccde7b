//! Printing: folded parts are printed unfolded, and folded again afterwards.

use std::{cell::RefCell, rc::Rc};

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::HtmlDetailsElement;

/// The selector of the folded parts of the answer. The list of all rules stays folded.
const FOLDED: &str = "main details:not([open])";

/// Unfolds them for printing, until the listeners are dropped.
pub(crate) fn unfold() -> Vec<EventListener> {
    let Some(window) = super::window() else { return Vec::new() };
    let unfolded = Rc::new(RefCell::new(Vec::<HtmlDetailsElement>::new()));
    let to_fold = Rc::clone(&unfolded);
    vec![
        EventListener::new(&window, "beforeprint", move |_| {
            for details in folded() {
                details.set_open(true);
                unfolded.borrow_mut().push(details);
            }
        }),
        EventListener::new(&window, "afterprint", move |_| {
            for details in to_fold.take() {
                details.set_open(false);
            }
        }),
    ]
}

fn folded() -> Vec<HtmlDetailsElement> {
    let found = super::document().and_then(|document| document.query_selector_all(FOLDED).ok());
    let Some(found) = found else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect()
}
