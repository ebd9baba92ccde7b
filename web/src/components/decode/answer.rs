//! The answer to the chosen message.

use spnscope_page::view::ServerNote;
use yew::prelude::*;

use super::{
    captured::captured,
    headline::{guess, headline},
    levels::{Further, Levels, StepTable},
    said::said,
};
use crate::{
    components::server::notes::server_notes,
    store::{Shared, use_act},
};

/// Props of [`Answer`].
#[derive(PartialEq, Properties)]
pub(crate) struct AnswerProps {
    /// The view of the chosen message.
    pub(crate) view: Shared,
    /// What is to be known about the server beside it.
    pub(crate) notes: Vec<ServerNote>,
}

/// Headline, read-outs and levels.
#[component]
pub(crate) fn Answer(props: &AnswerProps) -> Html {
    let act = use_act();
    let view = &*props.view;
    // A denial leads to what would cure it, or to what a relay would meet.
    let further = if view.relayed.is_some() { Further::Relayed } else { Further::Ways };
    html! {
        <>
            { headline(&view.headline) }
            { guess(view.proof.as_ref(), &act) }
            { server_notes(&props.notes, &act) }
            { view.captured.as_ref().map(captured) }
            { said(view) }
            <Levels
                key="levels"
                levels={view.levels.clone()}
                question={view.question.clone()}
                {further}
                steps={StepTable::Below}
            />
        </>
    }
}
