//! Light, dark, or as the system has it.

use yew::prelude::*;

use crate::hooks::{use_effect_with, use_state_eq};

use super::{
    draw::{draw, each, on},
    icon::Icon,
};
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
    let choices = each(&Theme::ALL, |_, choice| {
        let choice = *choice;
        let icon = match choice {
            Theme::System => Icon::Auto,
            Theme::Light => Icon::Sun,
            Theme::Dark => Icon::Moon,
        };
        let set = chosen.setter();
        let onclick = on(move |_: Event| {
            theme::show(choice);
            theme::keep(choice);
            set.set(choice);
        });
        draw!(
            "<button key={} class=theme__choice type=button aria-pressed={} aria-label={} title={} onclick={}>{}</button>",
            choice.label(),
            *chosen == choice,
            choice.label(),
            choice.label(),
            onclick,
            icon.draw(""),
        )
    });
    draw!("<div class=theme role=group aria-label=Theme>{}</div>", choices)
}
