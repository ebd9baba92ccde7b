//! The samples, in a row.

use spnscope_page::view::SAMPLES;
use spnscope_page::workbench::PasteAction;
use yew::prelude::*;

use crate::{components::common::each::each, store::Act};

/// Draws one button a sample; the sample `opened` is open.
pub(super) fn sample_list(opened: Option<usize>, act: &Act) -> Html {
    let samples = each(SAMPLES, |index, sample| {
        html! {
            <button
                key={index}
                class="link"
                type="button"
                aria-current={(opened == Some(index)).then_some("true")}
                onclick={act.on(PasteAction::Sample(index))}
            >
                { sample.short }
            </button>
        }
    });
    html! {
        <div class="paste__samples" role="group" aria-label="Samples">
            <span key="try" class="quiet">{ "Try" }</span>
            { samples }
        </div>
    }
}
