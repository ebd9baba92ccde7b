//! What is drawn from the view of the message alone.

use spnscope_page::view::{DecodeView, ServerNote};
use yew::prelude::*;

use super::{
    draw::draw,
    findings::findings,
    headline::{guess, headline},
    levels::{Further, levels},
    said::said,
    server_notes::server_notes,
    steps::steps,
    ways::{relayed, ways},
};
use crate::store::Shared;

/// Which part of the place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Which {
    /// Headline, read-outs and levels.
    Answer,
    /// The same without what is folded: it is painted first.
    Brief,
    /// How to fix what is denied, or what a relay would meet.
    Ways,
    /// The findings.
    Findings,
    /// The steps, as a table.
    Steps,
}

/// Props of [`Part`].
#[derive(PartialEq, Properties)]
pub(crate) struct PartProps {
    /// The view of the chosen message.
    pub(crate) view: Shared,
    /// Which part.
    pub(crate) which: Which,
    /// What stands beside the answer about the server.
    pub(crate) notes: Vec<ServerNote>,
}

/// A part that does not change while the mouse moves. One component draws all of them, because each
/// further one costs some kilobytes of WebAssembly.
#[component]
pub(crate) fn Part(props: &PartProps) -> Html {
    let view = &*props.view;
    match props.which {
        Which::Answer | Which::Brief => {
            let depends = view.levels.iter().flatten().any(|card| card.depends);
            draw!(
                "{}{}{}{}{}",
                headline(&view.headline, depends),
                guess(view.proof.as_ref()),
                server_notes(&props.notes),
                said(view),
                levels(view.levels.as_ref(), props.which == Which::Answer, further(view)),
            )
        }
        Which::Ways => match &view.relayed {
            Some(view) => relayed(view),
            None => ways(view.ways.as_ref(), &view.headline),
        },
        Which::Findings => findings(view),
        Which::Steps => steps(&view.steps),
    }
}

/// Where a denial leads: to what would cure it, or to what a relay would meet.
fn further(view: &DecodeView) -> Further {
    if view.relayed.is_some() { Further::Relayed } else { Further::Ways }
}
