//! The notes about the server beside the answer, with their actions.

use spnscope_page::view::{Piece, ServerNote, ServerOffer};
use spnscope_page::workbench::ServerAction;
use yew::prelude::*;

use crate::{
    components::common::{
        data_text::{data_text, visible},
        each::each,
    },
    dom::{self, focus},
    store::Act,
};

/// Draws the notes in their order, each with its buttons.
pub(crate) fn server_notes(notes: &[ServerNote], act: &Act) -> Html {
    html! {
        <div key="notes" class="notes bench__wide" role="status">
            { each(notes, |index, note| {
            let buttons = each(&note.offers, |_, it| offer(*it, act));
            html! {
                <p key={index} class="note">
                    <span>
                        { each(&note.pieces, |_, piece| match piece {
                    Piece::Text(text) => html! { { visible(text) } },
                    Piece::TargetName(name) | Piece::Data(name) => {
                        html! { <b>{ data_text(name) }</b> }
                    }
                }) }
                    </span>
                    { " " }
                    { buttons }
                </p>
            }
        }) }
        </div>
    }
}

/// Draws a button; the focus goes to the answer, since the button disappears.
fn offer(offer: ServerOffer, act: &Act) -> Html {
    let act = act.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        act.emit(match offer {
            ServerOffer::TakeBack => ServerAction::TakeBack,
            ServerOffer::Keep | ServerOffer::KeepIt => ServerAction::Keep(dom::today()),
            ServerOffer::Forget => ServerAction::Forget,
            ServerOffer::Use => ServerAction::UseKept,
        });
        focus::focus("main");
    });
    html! {
        <>
            <button key={offer.words()} class="button" type="button" onclick={onclick}>
                { offer.words() }
            </button>
            { " " }
        </>
    }
}
