//! The switch of the theme: light, dark, or that of the system.

use yew::prelude::*;

use super::icon::Icon;
use crate::dom::theme::{self, Theme};

/// Three buttons, one pressed. The choice is stored for later visits.
#[component]
pub(crate) fn ThemeSwitch() -> Html {
    let chosen = use_state_eq(Theme::default);
    {
        // In an effect, since rendering may happen without a browser.
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
