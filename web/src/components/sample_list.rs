//! The samples, in a row.

use spnscope_page::view::SAMPLES;
use spnscope_page::workbench::Action;
use yew::prelude::*;

use super::draw::{draw, each};

/// One button a sample; the sample `opened` is the one that is open.
pub(super) fn sample_list(opened: Option<usize>) -> Html {
    let samples = each(SAMPLES, |index, sample| {
        draw!(
            "<button key={} class=link type=button aria-current={} onclick={}>{}</button>",
            index,
            (opened == Some(index)).then_some("true"),
            Action::Sample(index),
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
