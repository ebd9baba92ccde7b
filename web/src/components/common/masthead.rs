//! The head of the page.

use spnscope_page::workbench::Place;
use yew::prelude::*;

use super::{each::each, icon::Icon, theme_switch::ThemeSwitch};

/// Draws the name, the purpose, the places, the promise and the theme switch.
pub(crate) fn masthead(current: Place) -> Html {
    let places = each(&Place::ALL, |_, place| {
        html! {
            <a
                key={place.as_str()}
                class="masthead__place"
                href={format!("#/{}", place.as_str())}
                aria-current={(*place == current).then_some("page")}
            >
                { place.label() }
            </a>
        }
    });
    html! {
        <header key="masthead" class="masthead">
            <div class="wrap masthead__row">
                <a class="masthead__brand" href="#main">
                    <svg
                        class="masthead__logo"
                        viewBox="0 0 24 24"
                        aria-hidden="true"
                        focusable="false"
                    >
                        <path class="logo__frame" d="M2 7V2h5M17 2h5v5M2 17v5h5M22 17v5h-5" />
                        <path class="logo__name" d="M14.5 5.5 9.5 14.5" />
                        <path class="logo__mic" d="M6.5 18h11" />
                    </svg>
                    <span>{ "SPNscope" }</span>
                </a>
                <p class="masthead__line">
                    { "Reads an NTLM sign-in byte by byte and says whether a Windows file server would let it in." }
                </p>
                <nav class="masthead__nav" aria-label="Places">{ places }</nav>
                <a class="masthead__promise" href="#enforced">
                    { Icon::Sealed.draw("") }
                    <span class="masthead__promise-text">
                        <span class="masthead__promise-rest">{ "Everything " }</span>
                        { "stays in this tab" }
                    </span>
                </a>
                <ThemeSwitch key="theme" />
            </div>
        </header>
    }
}
