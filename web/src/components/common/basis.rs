//! The basis of a statement: a mark that shows how sure it is.

use spnscope::judge::smb::Basis;
use yew::prelude::*;

const TICKS: [&str; 5] = ["0.5", "5.1", "9.7", "14.3", "18.9"];

/// Draws the basis as a link to the rule with this code, which has the source.
pub(crate) fn basis_mark(basis: Basis, rule: &'static str) -> Html {
    html! {
        <a class="basis__link" href={format!("#rule-{rule}")}>{ ticks(basis) }</a>
    }
}

/// Draws five ticks, filled from the left by degree, and the word.
pub(crate) fn ticks(basis: Basis) -> Html {
    let degree = usize::from(basis.degree());
    html! {
        <span class="basis">
            <svg viewBox="0 0 23 10" aria-hidden="true" focusable="false">
                for (index, x) in TICKS.into_iter().enumerate() {
                    <rect
                        {x}
                        y="0.5"
                        width="3"
                        height="9"
                        class={(index >= degree).then_some("off")}
                    />
                }
            </svg>
            { basis.as_str() }
        </span>
    }
}
