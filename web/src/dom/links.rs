//! Links to a part of the page: folded parts around it unfold, and a rule is shown in its place.
//!
//! The rules are below every place, so a basis word leads to its rule without leaving the place,
//! and Back leads to the word.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, Event, FocusOptions, HtmlAnchorElement, HtmlDetailsElement, HtmlElement, MouseEvent,
};

/// The prefix of the fragments of rules.
const RULE_PREFIX: &str = "#rule-";

/// Shows the part of the page that its first address names.
pub(crate) fn arrive() {
    let hash = super::window().and_then(|window| window.location().hash().ok());
    let Some(hash) = hash else { return };
    unfold(&hash);
    if hash.starts_with(RULE_PREFIX)
        && let Some(rule) = part(&hash)
    {
        rule.scroll_into_view();
    }
}

/// Shows the part that a pressed link names, until the listener is dropped.
pub(crate) fn follow() -> Option<EventListener> {
    let options = EventListenerOptions::enable_prevent_default();
    let document = super::document()?;
    Some(EventListener::new_with_options(&document, "click", options, pressed))
}

fn pressed(event: &Event) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let link = target.and_then(|target| target.closest("a[href^='#']").ok().flatten());
    let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) else {
        return;
    };
    let hash = link.hash();
    unfold(&hash);
    let opens_elsewhere = event
        .dyn_ref::<MouseEvent>()
        .is_some_and(|event| event.ctrl_key() || event.meta_key() || event.shift_key());
    if opens_elsewhere {
        return;
    }
    super::address::see_from_top(&hash);
    if hash.starts_with(RULE_PREFIX)
        && let Some(rule) = part(&hash).and_then(|rule| rule.dyn_into::<HtmlElement>().ok())
    {
        event.prevent_default();
        show(&rule, link);
    }
}

/// The element that a fragment names.
fn part(hash: &str) -> Option<Element> {
    super::by_id(hash.strip_prefix('#')?)
}

fn unfold(hash: &str) {
    let mut around = part(hash);
    while let Some(fold) = around.and_then(|part| part.closest("details").ok().flatten()) {
        if let Some(details) = fold.dyn_ref::<HtmlDetailsElement>() {
            details.set_open(true);
        }
        around = fold.parent_element();
    }
}

/// Shows a rule. The address stays that of the place, and in the lab becomes that of the setting,
/// so that reloading leads back to it. Back leads to the link.
fn show(rule: &HtmlElement, link: HtmlAnchorElement) {
    let Some(window) = super::window() else { return };
    if let Ok(history) = window.history() {
        if let Some(setting) = setting() {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&setting.hash()));
        }
        let _ = history.push_state(&JsValue::NULL, "");
    }
    EventListener::once(&window, "popstate", move |_| {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = link.focus_with_options(&options);
    })
    .forget();
    rule.set_tab_index(-1);
    let _ = rule.focus();
    rule.scroll_into_view();
}

/// The link to the setting, while the relay lab is shown.
fn setting() -> Option<HtmlAnchorElement> {
    let link = "[data-place=relay] .lab .button-row a[href^='#/relay/']";
    super::document()?.query_selector(link).ok()??.dyn_into().ok()
}
