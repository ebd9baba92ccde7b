//! The samples, in a row.

use spnscope::{view::SAMPLES, workbench::Action};
use yew::prelude::*;

/// One button a sample; the sample `opened` is the one that is open.
pub(super) fn sample_list(opened: Option<usize>, dispatch: &Callback<Action>) -> Html {
    let samples = SAMPLES.iter().enumerate().map(|(index, sample)| {
        let dispatch = dispatch.clone();
        let open = opened == Some(index);
        html! {
            <button
                key={index}
                class="link"
                type="button"
                aria-current={open.then_some("true")}
                onclick={move |_| dispatch.emit(Action::Sample(index))}
            >
                { sample.short }
            </button>
        }
    });
    html! {
        <div class="paste__samples" role="group" aria-label="Samples">
            <span key="try" class="quiet">{ "Try" }</span>
            { for samples }
        </div>
    }
}
