//! Light, dark, or as the system has it.

use yew::prelude::*;

use super::icon::Icon;
use crate::dom::theme::{self, Theme};

/// Three buttons, one pressed. The choice is kept from visit to visit.
#[component]
pub(crate) fn ThemeSwitch() -> Html {
    let chosen = use_state_eq(Theme::default);
    {
        // Not while rendering, since that may happen without a browser.
        let chosen = chosen.setter();
        use_effect_with((), move |()| {
            let kept = theme::kept();
            theme::show(kept);
            chosen.set(kept);
        });
    }
    let choose = {
        let chosen = chosen.setter();
        Callback::from(move |choice| {
            theme::show(choice);
            theme::keep(choice);
            chosen.set(choice);
        })
    };
    html! {
        <div class="theme" role="group" aria-label="Theme">
            for choice in Theme::ALL {
                <button
                    key={choice.label()}
                    class="theme__choice"
                    type="button"
                    aria-pressed={(*chosen == choice).to_string()}
                    aria-label={choice.label()}
                    title={choice.label()}
                    onclick={choose.reform(move |_| choice)}
                >
                    { icon(choice).draw("") }
                </button>
            }
        </div>
    }
}

const fn icon(theme: Theme) -> Icon {
    match theme {
        Theme::System => Icon::Auto,
        Theme::Light => Icon::Sun,
        Theme::Dark => Icon::Moon,
    }
}
