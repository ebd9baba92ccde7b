//! A text that is there to be copied.

use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::dom::{self, clipboard, focus};

/// From how many bytes on a text may have to be scrolled.
const LONG: usize = 400;

/// From how many bytes on a line may have to be: so many a telephone shows.
const WIDE: usize = 30;

/// How the lines of a text are shown.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Lines {
    /// Broken where they reach the edge.
    #[default]
    Broken,
    /// As they are, and scrolled sideways.
    AsTheyAre,
}

/// How long it is said that the text was copied, in milliseconds.
const SAID: u32 = 4000;

/// Props of [`Copied`].
#[derive(PartialEq, Properties)]
pub(crate) struct CopiedProps {
    /// What the text is.
    pub(crate) what: AttrValue,
    /// The text.
    pub(crate) text: AttrValue,
    /// How its lines are shown.
    #[prop_or_default]
    pub(crate) lines: Lines,
}

/// A text and a button that copies it, or selects it where the browser does not let it.
#[component]
pub(crate) fn Copied(props: &CopiedProps) -> Html {
    let CopiedProps { what, text, lines } = props;
    let place = use_node_ref();
    let said = use_state_eq(Option::<&'static str>::default);
    {
        let silence = said.setter();
        use_effect_with(*said, move |said| {
            let timeout = said.map(|_| Timeout::new(SAID, move || silence.set(None)));
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
    // A long one scrolls.
    let (class, is_scrolled) = match lines {
        Lines::Broken => (None, text.len() > LONG),
        Lines::AsTheyAre => {
            let is_wide = text.lines().any(|line| line.len() > WIDE);
            (Some("command--as-it-is"), is_wide || text.len() > LONG)
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
