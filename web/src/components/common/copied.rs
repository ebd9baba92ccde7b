//! A text to be copied.

use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::dom::{self, clipboard, focus};

/// The length in bytes from which on a text may have to be scrolled.
const MIN_LONG_TEXT: usize = 400;

/// The length in bytes from which on a line may have to be scrolled on a telephone.
const MIN_WIDE_LINE: usize = 30;

/// The way the lines of a text are shown.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum LineLayout {
    /// Lines are broken at the edge.
    #[default]
    Broken,
    /// Lines are kept, and scrolled sideways.
    AsTheyAre,
}

/// The time for which the page says that the text was copied, in milliseconds.
const NOTICE_MILLIS: u32 = 4000;

/// Props of [`Copied`].
#[derive(PartialEq, Properties)]
pub(crate) struct CopiedProps {
    /// The label of the text.
    pub(crate) what: AttrValue,
    /// The text.
    pub(crate) text: AttrValue,
    /// The way its lines are shown.
    #[prop_or_default]
    pub(crate) lines: LineLayout,
}

/// A text and a button that copies it, or selects it if the browser does not allow copying.
#[component]
pub(crate) fn Copied(props: &CopiedProps) -> Html {
    let CopiedProps { what, text, lines } = props;
    let place = use_node_ref();
    let said = use_state_eq(Option::<&'static str>::default);
    {
        let silence = said.setter();
        use_effect_with(*said, move |said| {
            let timeout = said.map(|_| Timeout::new(NOTICE_MILLIS, move || silence.set(None)));
            move || drop(timeout)
        });
    }
    let onclick = {
        let (place, said, text) = (place.clone(), said.setter(), text.clone());
        move |_: MouseEvent| {
            let (place, said, text) = (place.clone(), said.clone(), text.clone());
            spawn_local(async move {
                let words = if clipboard::copy(&text).await.is_ok() {
                    "Copied"
                } else {
                    focus::select(&place);
                    "Selected, press Ctrl+C"
                };
                said.set(Some(words));
                dom::say(words);
            });
        }
    };
    // A long text scrolls.
    let (class, is_scrolled) = match lines {
        LineLayout::Broken => (None, text.len() > MIN_LONG_TEXT),
        LineLayout::AsTheyAre => {
            let is_wide = text.lines().any(|line| line.len() > MIN_WIDE_LINE);
            (Some("command--as-it-is"), is_wide || text.len() > MIN_LONG_TEXT)
        }
    };
    let tabindex = is_scrolled.then_some("0");
    html! {
        <div class={classes!("command", class)}>
            <button
                class="button copy"
                type="button"
                aria-label={format!("Copy: {what}")}
                data-said={*said}
                {onclick}
            />
            <pre ref={place} {tabindex}>{ text }</pre>
        </div>
    }
}
