//! The other readings of the input.

use spnscope::read::text::Reading;
use spnscope_page::workbench::PasteAction;
use yew::prelude::*;

use crate::store::use_act;

/// Props of [`Readings`].
#[derive(PartialEq, Properties)]
pub(crate) struct ReadingsProps {
    /// The other readings.
    pub(crate) others: Vec<Reading>,
    /// The reading that the reader asked for.
    pub(crate) asked: Option<Reading>,
}

/// One button for each other reading, and one back to the best if another was asked for.
#[component]
pub(crate) fn Readings(props: &ReadingsProps) -> Html {
    let ReadingsProps { others, asked } = props;
    let act = use_act();
    let others = others.iter().map(|other| (Some(*other), other.label()));
    let ways: Vec<_> = others.chain(asked.map(|_| (None, "what it looks like"))).collect();
    html! {
        <p class="small quiet" hidden={ways.is_empty()}>
            { "This can be read in more than one way." }
            for (reading, label) in ways {
                { " " }
                <button class="link" type="button" onclick={act.on(PasteAction::ReadAs(reading))}>
                    { "Read as " }
                    { label }
                </button>
            }
        </p>
    }
}
