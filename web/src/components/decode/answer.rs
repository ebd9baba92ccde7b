//! The answer to the chosen message.

use spnscope_page::view::ServerNote;
use spnscope_page::workbench::Place;
use yew::prelude::*;

use super::{
    captured::captured,
    copy_report::{CopyReport, ReportHandle},
    headline::{guess, headline},
    levels::{Further, Levels, StepTable},
    readouts::{readouts, signer},
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
    /// The notes about the server beside it.
    pub(crate) notes: Vec<ServerNote>,
    /// The report on it.
    #[prop_or_default]
    pub(crate) report: Option<ReportHandle>,
    /// The place that the reader came from, with its address behind `#/`.
    #[prop_or_default]
    pub(crate) back: Option<(Place, AttrValue)>,
}

/// The headline, the readouts and the levels.
#[component]
pub(crate) fn Answer(props: &AnswerProps) -> Html {
    let act = use_act();
    let view = &*props.view;
    // A denial leads to its cures, or to the obstacles of a relay.
    let further = if view.relayed.is_some() { Further::Relayed } else { Further::Ways };
    html! {
        <>
            { props.back.as_ref().map(way_back) }
            { headline(&view.headline) }
            <CopyReport key="report" report={props.report.clone()} />
            { signer(view) }
            { guess(view.proof.as_ref(), &act) }
            { server_notes(&props.notes, &act) }
            { view.captured.as_ref().map(captured) }
            { readouts(view) }
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

/// Draws the link to the place that the reader came from.
fn way_back((place, address): &(Place, AttrValue)) -> Html {
    let words = match place {
        Place::Decode => return Html::default(),
        Place::Relay => "Back to the lab",
        Place::Learn => "Back to Learn",
    };
    html! {
        <p key="back" class="way-back bench__wide small">
            <a href={format!("#/{address}")}>{ words }</a>
        </p>
    }
}
