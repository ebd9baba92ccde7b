//! The samples, in a row.

use spnscope::{view::SAMPLES, workbench::Action};
use yew::prelude::*;

use super::draw::{draw, each, on};

/// One button a sample; the sample `opened` is the one that is open.
pub(super) fn sample_list(opened: Option<usize>, dispatch: &Callback<Action>) -> Html {
    let samples = each(SAMPLES, |index, sample| {
        let dispatch = dispatch.clone();
        draw!(
            "<button key={} class=link type=button aria-current={} onclick={}>{}</button>",
            index,
            (opened == Some(index)).then_some("true"),
            on(move |_: Event| dispatch.emit(Action::Sample(index))),
            sample.short,
        )
    });
    draw!(
        "<div class=paste__samples role=group aria-label=Samples>\
           <span key=try class=quiet>Try</span>{}\
         </div>",
        samples,
    )
}
