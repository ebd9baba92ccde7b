//! The answer in one sentence.

use spnscope::{
    policy::Outcome,
    view::{Headline, Piece},
};
use yew::prelude::*;

use super::{
    data_text::data_text,
    draw::{draw, each},
    visible,
};

/// The verdict in its colour, then the reason with the name marked. `depends` says that the answer
/// hangs on something that is not known.
pub(super) fn headline(headline: &Headline, depends: bool) -> Html {
    let colour = match headline.outcome {
        Some(Outcome::Accept) => "is-accept",
        Some(Outcome::Unknown) => "",
        Some(_) if depends => "is-open",
        Some(_) => "is-deny",
        None => "",
    };
    let pieces = each(&headline.pieces, |_, piece| {
        let (class, name) = match piece {
            Piece::Text(text) => return draw!("{}", visible(text)),
            Piece::TargetName(name) => ("mark is-target-name", name),
            Piece::Data(name) => ("headline__data", name),
        };
        draw!("<span class={}>{}</span>", class, data_text(name))
    });
    draw!(
        "<h1 key=headline class='headline bench__wide'><span class={}>{}</span> {}</h1>",
        colour,
        headline.verdict.clone(),
        pieces,
    )
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
