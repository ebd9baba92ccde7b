//! The answer to the chosen message.

use spnscope_page::view::ServerNote;
use yew::prelude::*;

use super::{
    captured::{captured, question},
    headline::{guess, headline},
    levels::{Further, levels},
    said::said,
};
use crate::{
    components::server::notes::server_notes,
    store::{Shared, use_act},
};

/// How much of the answer is drawn.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Extent {
    /// What is seen at once: it is painted first.
    Brief,
    /// Also what is folded.
    Whole,
}

/// Props of [`Answer`].
#[derive(PartialEq, Properties)]
pub(crate) struct AnswerProps {
    /// The view of the chosen message.
    pub(crate) view: Shared,
    /// How much of it is drawn.
    pub(crate) extent: Extent,
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
    let depends = view.levels.iter().flatten().any(|card| card.depends);
    html! {
        <>
            { headline(&view.headline, depends) }
            { guess(view.proof.as_ref(), &act) }
            { server_notes(&props.notes, &act) }
            { view.captured.as_ref().map(captured) }
            { view.question.as_ref().map(|asked| question(asked, &act)) }
            { said(view) }
            { levels(view.levels.as_ref(), props.extent == Extent::Whole, further) }
        </>
    }
}
