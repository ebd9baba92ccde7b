//! What is to be known about the server beside the answer, and what can be done about it.

use spnscope_page::view::{Piece, ServerNote, ServerOffer};
use spnscope_page::workbench::Action;
use yew::prelude::*;

use super::{
    data_text::data_text,
    draw::{draw, each, on},
    visible,
};
use crate::{
    dom::{self, focus},
    store::act,
};

/// The notes in their order, each with its buttons.
pub(super) fn server_notes(notes: &[ServerNote]) -> Html {
    draw!(
        "<div key=notes class='notes bench__wide' role=status>{}</div>",
        each(notes, |index, note| {
            let buttons = each(&note.offers, |_, it| offer(*it));
            draw!(
                "<p key={} class=note><span>{}</span> {}</p>",
                index,
                each(&note.pieces, |_, piece| match piece {
                    Piece::Text(text) => draw!("{}", visible(text)),
                    Piece::TargetName(name) | Piece::Data(name) => {
                        draw!("<b>{}</b>", data_text(name))
                    }
                }),
                buttons,
            )
        }),
    )
}

/// A button; the focus goes to the answer, since the button goes with what it does.
fn offer(offer: ServerOffer) -> Html {
    let onclick = on(move |_: Event| {
        act(match offer {
            ServerOffer::TakeBack => Action::TakeBack,
            ServerOffer::Keep => Action::Keep(dom::today()),
            ServerOffer::Forget => Action::Forget,
            ServerOffer::Use => Action::UseKept,
        });
        focus::focus("main");
    });
    draw!(
        "<button key={} class=button type=button onclick={}>{}</button> ",
        offer.words(),
        onclick,
        offer.words(),
    )
}
