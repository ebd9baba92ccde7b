//! Everything the page asks of the browser.

pub(crate) mod events;
pub(crate) mod files;
pub(crate) mod focus;
pub(crate) mod storage;
pub(crate) mod theme;

use web_sys::{Document, Element, HtmlElement, Window, console, wasm_bindgen::JsCast};

fn window() -> Option<Window> {
    web_sys::window()
}

fn document() -> Option<Document> {
    window()?.document()
}

fn root() -> Option<Element> {
    document()?.document_element()
}

/// The element with this id.
pub(crate) fn by_id(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

fn html_by_id(id: &str) -> Option<HtmlElement> {
    by_id(id)?.dyn_into().ok()
}

/// Names the page after what it shows.
pub(crate) fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Puts a sentence on the page should the program stop, since from then on nothing answers.
pub(crate) fn say_when_it_stops() {
    yew::set_custom_panic_hook(Box::new(|fault| {
        console::error_1(&fault.to_string().into());
        let sentence = document().and_then(|document| {
            let sentence = document.create_element("p").ok()?;
            sentence.set_text_content(Some(
                "SPNscope stopped because of a fault of its own. Nothing was sent anywhere. Reload the page to go on.",
            ));
            sentence.set_attribute("role", "alert").ok()?;
            sentence.set_class_name("stopped");
            Some((document.body()?, sentence))
        });
        if let Some((body, sentence)) = sentence {
            let _ = body.prepend_with_node_1(&sentence);
        }
    }));
}
