//! How sure a statement is.

use spnscope::policy::Basis;
use yew::prelude::*;

const TICKS: [&str; 5] = ["0.5", "5.1", "9.7", "14.3", "18.9"];

/// Five ticks, filled from the left by degree, and the word.
pub(super) fn basis_mark(basis: Basis) -> Html {
    let degree = usize::from(basis.degree());
    let ticks = TICKS.iter().enumerate().map(|(index, x)| {
        html! { <rect x={*x} y="0.5" width="3" height="9" class={classes!((index >= degree).then_some("off"))} /> }
    });
    html! {
        <span class="basis">
            <svg viewBox="0 0 23 10" aria-hidden="true" focusable="false">{ for ticks }</svg>
            { basis.word() }
        </span>
    }
}
