//! How else what was pasted can be read.

use spnscope::{input::Reading, workbench::Action};
use yew::prelude::*;

use super::leaf::text;

/// One button for each other reading, and one back to the best where another was asked for.
pub(super) fn readings(
    others: &[Reading],
    asked: Option<Reading>,
    dispatch: &Callback<Action>,
) -> Html {
    let back = asked.map(|_| (None, "the best reading"));
    let others = others.iter().map(|other| (Some(*other), other.label()));
    let buttons = others.chain(back).map(|(reading, label)| {
        let dispatch = dispatch.clone();
        let onclick = move |_| dispatch.emit(Action::ReadAs(reading));
        html! {
            <button key={label} class="link" type="button" {onclick}>{ text(format!("Read as {label}")) }</button>
        }
    });
    let buttons: Vec<_> = buttons.collect();
    html! {
        <p key="readings" class="small quiet paste__readings" hidden={buttons.is_empty()}>
            { "These characters can be read in more than one way. " }
            { for buttons }
        </p>
    }
}
