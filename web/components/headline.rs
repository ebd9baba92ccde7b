//! The answer in one sentence.

use spnscope::{
    policy::Outcome,
    view::{Headline, Piece},
};
use yew::prelude::*;

use super::{data_text::data_text, leaf::span, visible};

/// The verdict in its colour, then the reason with the name marked. `depends` says that the answer
/// hangs on something that is not known.
pub(super) fn headline(headline: &Headline, depends: bool) -> Html {
    let colour = match headline.outcome {
        Some(Outcome::Accept) => "is-accept",
        Some(_) if depends => "is-open",
        Some(_) => "is-deny",
        None => "",
    };
    let pieces = headline.pieces.iter().map(|piece| match piece {
        Piece::Text(text) => html! { <>{ visible(text) }</> },
        Piece::TargetName(name) => html! {
            { span("mark is-target-name", data_text(name)) }
        },
        Piece::Data(name) => {
            html! { { span("headline__data", data_text(name)) } }
        }
    });
    html! {
        <h1 key="headline" class="headline bench__wide">
            <span class={colour}>{ &headline.verdict }</span>
            { " " }
            { for pieces }
        </h1>
    }
}

/// The answer as plain text, for what is read out and for the title.
pub(crate) fn plain(headline: &Headline) -> String {
    let pieces = headline.pieces.iter().map(|piece| match piece {
        Piece::Text(text) | Piece::TargetName(text) | Piece::Data(text) => {
            visible(text).to_string()
        }
    });
    format!("{} {}", headline.verdict, pieces.collect::<String>()).trim().to_owned()
}
