//! The answer in one sentence.

use spnscope::judge::{proof::SecretKind, smb::Outcome};
use spnscope_page::view::{Headline, Piece, ProofView};
use spnscope_page::workbench::Action;
use yew::prelude::*;

use crate::{
    components::common::{
        data_text::{data_text, visible},
        each::each,
    },
    dom::focus,
    store::Act,
};

/// Draws the service if that has to be known first, the verdict in its colour, then the reason with
/// the name marked.
pub(super) fn headline(headline: &Headline) -> Html {
    html! {
        <h1 key="headline" id="answer-headline" class="headline bench__wide" tabindex="-1">
            { sentence(headline) }
        </h1>
    }
}

/// Draws the sentence itself.
pub(crate) fn sentence(headline: &Headline) -> Html {
    let colour = match headline.outcome {
        Some(Outcome::Accept) => "is-accept",
        Some(Outcome::Unknown) | None => "",
        Some(_) if !headline.unless.is_empty() => "is-open",
        Some(_) => "is-deny",
    };
    let unless = (!headline.unless.is_empty()).then(|| {
        // One colour for the whole clause; the name keeps its mark in the reason.
        let pieces = headline.unless.iter().map(|piece| match piece {
            Piece::Text(text) => html! { { visible(text) } },
            Piece::TargetName(name) | Piece::Data(name) => {
                html! { <span class="headline__data">{ data_text(name) }</span> }
            }
        });
        html! { <>{ " " }{ for pieces }</> }
    });
    let pieces = each(&headline.pieces, |_, piece| {
        let (class, name) = match piece {
            Piece::Text(text) => return html! { { visible(text) } },
            Piece::TargetName(name) => ("mark is-target-name", name),
            Piece::Data(name) => ("headline__data", name),
        };
        html! { <span class={classes!(class)}>{ data_text(name) }</span> }
    });
    html! {
        <>
            { (!headline.before.is_empty()).then(|| format!("{} ", headline.before)) }
            <span class={classes!(colour)}>{ headline.verdict.clone() }{ unless }</span>
            { " " }
            { pieces }
        </>
    }
}

/// Draws the way back from an answer that rests on a secret which does not fit.
pub(super) fn guess(proof: Option<&ProofView>, act: &Act) -> Html {
    let act = act.clone();
    let secret = proof.filter(|proof| proof.does_not_fit()).map(|proof| proof.secret);
    let (sentence, words) = match secret {
        None | Some(SecretKind::None) => return html! { <div key="guess" hidden={true}></div> },
        Some(SecretKind::Password) => ("The password given does not fit.", "Forget the password"),
        Some(SecretKind::NtHash) => ("The NT hash given does not fit.", "Forget the hash"),
    };
    html! {
        <p key="guess" class="note bench__wide">
            <span>{ sentence }</span>
            { " " }
            <button
                class="button"
                type="button"
                onclick={Callback::from(move |_: MouseEvent| {
                    act.emit(Action::Prove(None));
                    focus::focus("main");
                })}
            >
                { words }
            </button>
            { " to see the answer without it." }
        </p>
    }
}

/// The answer as plain text, for screen readers.
pub(crate) fn plain(headline: &Headline) -> String {
    let (verdict, pieces) = (plain_verdict(headline), written(&headline.pieces));
    let parts = [headline.before.as_str(), verdict.as_str(), pieces.as_str()];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// The verdict with its condition, as plain text.
pub(crate) fn plain_verdict(headline: &Headline) -> String {
    if headline.unless.is_empty() {
        return headline.verdict.clone();
    }
    format!("{} {}", headline.verdict, written(&headline.unless))
}

fn written(pieces: &[Piece]) -> String {
    let pieces = pieces.iter().map(|piece| match piece {
        Piece::Text(text) | Piece::TargetName(text) | Piece::Data(text) => {
            visible(text).to_string()
        }
    });
    pieces.collect()
}
