//! The reader's actions on the page that the build drew, before the program replaces it.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlTextAreaElement};

/// The id of the element that holds the page, first as the build drew it, then as the program draws
/// it.
const APP_ID: &str = "app";

/// The id of the paste box.
const BOX_ID: &str = "paste";

/// The text typed or pasted early, and the focus.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct EarlyInput {
    /// The text in the box, if there is any.
    pub(crate) typed: Option<String>,
    focus: EarlyFocus,
}

/// The place of the focus.
#[derive(Clone, Debug, Default, PartialEq)]
enum EarlyFocus {
    /// On nothing.
    #[default]
    Nowhere,
    /// In the box, with this selection.
    InBox(Option<(u32, u32)>),
    /// On a link or a button of the page, which is found again by its index and its text.
    OnControl(u32, Option<String>),
    /// On an element outside the program's.
    Elsewhere,
}

/// Finds the element to draw the page into, removes its mark, and collects the actions so far.
pub(crate) fn take_over() -> Option<(Element, EarlyInput)> {
    let app = super::by_id(APP_ID)?;
    app.set_class_name("");
    let typed = text_box().map(|area| area.value()).filter(|text| !text.trim().is_empty());
    let focus = EarlyFocus::in_page(&app);
    Some((app, EarlyInput { typed, focus }))
}

impl EarlyInput {
    /// Restores the focus, and gives it to the box if it was nowhere.
    pub(crate) fn restore_focus(&self) {
        match &self.focus {
            EarlyFocus::Nowhere => super::focus::focus(BOX_ID),
            EarlyFocus::InBox(selection) => {
                super::focus::focus(BOX_ID);
                if let (Some(area), Some((start, end))) = (text_box(), selection) {
                    let _ = area.set_selection_range(*start, *end);
                }
            }
            EarlyFocus::OnControl(index, text) => match control(*index) {
                Some(control) if control.text_content() == *text => {
                    let _ = control.focus();
                }
                _ => super::focus::focus(BOX_ID),
            },
            EarlyFocus::Elsewhere => {}
        }
    }
}

impl EarlyFocus {
    fn in_page(app: &Element) -> Self {
        let focused = super::document().and_then(|document| document.active_element());
        let Some(focused) = focused.filter(|focused| focused.tag_name() != "BODY") else {
            return Self::Nowhere;
        };
        if let Some(area) = focused.dyn_ref::<HtmlTextAreaElement>() {
            let start = area.selection_start().ok().flatten();
            return Self::InBox(start.zip(area.selection_end().ok().flatten()));
        }
        if !app.contains(Some(&focused)) {
            return Self::Elsewhere;
        }
        let index = (0..).map_while(|index| Some((index, control(index)?)));
        let found = index.into_iter().find(|(_, control)| **control == focused);
        found.map_or(Self::Nowhere, |(index, _)| Self::OnControl(index, focused.text_content()))
    }
}

fn text_box() -> Option<HtmlTextAreaElement> {
    super::by_id(BOX_ID)?.dyn_into().ok()
}

/// The link or button with this index in the page.
fn control(index: u32) -> Option<HtmlElement> {
    let controls = super::by_id(APP_ID)?.query_selector_all("a, button").ok()?;
    controls.get(index)?.dyn_into().ok()
}
