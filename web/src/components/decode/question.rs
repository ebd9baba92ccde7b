//! The question to the reader that an answer depends on.

use spnscope::judge::smb::MissingFact;
use spnscope_page::view::{Piece, Question};
use spnscope_page::workbench::ServerEdit;
use yew::prelude::*;

use crate::{
    components::common::{
        data_text::{data_text, visible},
        each::each,
    },
    dom::{self, focus},
    store::Act,
};

/// Draws the question that settles all levels that depend on it, with its buttons.
pub(super) fn question(question: &Question, act: &Act) -> Html {
    let pieces = each(&question.pieces, |_, piece| match piece {
        Piece::Text(text) => html! { { visible(text) } },
        Piece::TargetName(name) | Piece::Data(name) => html! { <b>{ data_text(name) }</b> },
    });
    let answers = each(&question.answers, |_, (words, answer)| {
        let (act, answer) = (act.clone(), answer.clone());
        // The button goes with the question, so the focus goes to the answer.
        let onclick = Callback::from(move |_: MouseEvent| {
            act.emit(ServerEdit::from(answer.clone()));
            focus::focus("answer-headline");
        });
        html! {
            <>
                <button class="button button--main" type="button" {onclick}>
                    { visible(words) }
                </button>
                { " " }
            </>
        }
    });
    html! {
        <div key="question" class="question" role="group" aria-labelledby="question-h">
            <p id="question-h" class="question__ask">{ pieces }</p>
            <p class="question__answers">{ answers }{ enter(question.about) }</p>
            <p class="small question__because">{ question.because }</p>
        </div>
    }
}

/// Draws the way to the field for the unknown fact.
pub(super) fn enter(about: MissingFact) -> Html {
    let (words, edit) = match about {
        MissingFact::Addresses => ("Enter its addresses", "addresses-edit"),
        MissingFact::Names => ("Enter its names", "names-edit"),
    };
    let onclick = Callback::from(move |_: MouseEvent| {
        focus::press(edit);
        // Also if it was open already.
        dom::after_paint(|| focus::focus_and_show("entries"));
    });
    html! { <button class="link" type="button" {onclick}>{ words }</button> }
}

#[cfg(test)]
mod tests {
    use super::super::levels::{Further, Levels};
    use super::*;
    use crate::components::fixture::{self, Part};

    #[tokio::test(flavor = "current_thread")]
    async fn a_fact_that_two_levels_depend_on_is_asked_once() {
        let page = fixture::page(|| {
            let view = fixture::third_message_only();
            let (levels, question) = (view.levels.clone(), view.question.clone());
            html! { <Levels {levels} {question} further={Further::Ways} /> }
        })
        .await;
        let [question] = page.elements("group")[..] else { panic!("not asked once: {page:?}") };
        assert!(question.name().ends_with('?'), "{question:?}");
        let answers: Vec<_> = question.elements("button").into_iter().map(Part::name).collect();
        assert_eq!(answers, ["No", "Yes", "Enter its addresses"], "{question:?}");
        assert_eq!(page.saying("button", "Enter its addresses").len(), 1, "{page:?}");
        assert!(!page.says("How to fix it"), "nothing is denied yet: {page:?}");
    }
}
