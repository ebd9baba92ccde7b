//! The quiz "What will the server do?", one question at a time.

use spnscope::judge::smb::Outcome;
use spnscope_page::view::learn::{QUIZ_LEN, Quiz, QuizQuestion};
use yew::prelude::*;

use super::wrong::WrongAnswers;
use crate::{
    components::common::{basis::basis_mark, icon::Icon},
    dom::focus,
};

/// The quiz. The page counts its seeds up from 1, so that the next quiz has other questions.
#[component]
pub(super) fn QuizPiece() -> Html {
    let quiz = use_state_eq(|| Quiz::new(1));
    let next = {
        let quiz = quiz.clone();
        move |_: MouseEvent| {
            quiz.set(quiz.next());
            // The pressed button is about to go; the question stays.
            focus::focus_and_show("quiz-question");
        }
    };
    let number = match quiz.question() {
        Some(_) => {
            format!("Question {} of {QUIZ_LEN}, {} right so far", quiz.at() + 1, quiz.right())
        }
        None => format!("{} of {QUIZ_LEN} right", quiz.right()),
    };
    let is_answered = quiz.question().is_none() || quiz.answer().is_some();
    html! {
        <div class="quiz">
            <div key="ask" class="quiz__ask" id="quiz-question" tabindex="-1">
                <p class="plate">{ number }</p>
                { quiz.question().map(situation) }
            </div>
            <div key="answers">{ quiz.question().map(|question| asked(&quiz, question)) }</div>
            if is_answered {
                <p key="next" class="button-row">
                    <button class="button button--main" type="button" onclick={next}>
                        { if quiz.question().is_some() { "Next question" } else { "Another ten" } }
                    </button>
                </p>
            }
            if quiz.question().is_none() {
                <div key="wrong" class="quiz__wrong"><WrongAnswers quiz={(*quiz).clone()} /></div>
            }
        </div>
    }
}

fn situation(question: &QuizQuestion) -> Html {
    html! {
        <>
            <p class="quiz__what">
                { question.situation }
                { " " }
                <b>{ "The server is at level " }{ question.level.to_string() }{ "." }</b>
            </p>
            <p class="small quiet">{ QuizQuestion::PLACE }</p>
        </>
    }
}

/// Draws the possible answers, and the right one once one is given.
fn asked(quiz: &UseStateHandle<Quiz>, question: &QuizQuestion) -> Html {
    let given = quiz.answer();
    let answers = QuizQuestion::ANSWERS.into_iter().map(|(outcome, words)| {
        let is_right = given.is_some() && outcome == question.outcome;
        let is_wrong = given == Some(outcome) && !is_right;
        let (class, icon) = match (is_right, is_wrong) {
            (true, _) => ("is-right", Some(Icon::Tick)),
            (_, true) => ("is-wrong", Some(Icon::Cross)),
            _ => ("", None),
        };
        let note = match (is_right, given == Some(outcome)) {
            (true, true) => "your answer, right",
            (true, false) => "right answer",
            (false, true) => "your answer",
            (false, false) => "",
        };
        let quiz = quiz.clone();
        html! {
            <li key={words}>
                <button
                    class={classes!("quiz__answer", class)}
                    type="button"
                    aria-disabled={given.is_some().to_string()}
                    onclick={move |_: MouseEvent| quiz.set(quiz.answered(outcome))}
                >
                    <span>{ icon.map(|icon| icon.draw("")) }</span>
                    <span>{ words }</span>
                    <span class="plate">{ note }</span>
                </button>
            </li>
        }
    });
    html! {
        <>
            <ol class="quiz__answers">{ for answers }</ol>
            <div class="quiz__why" role="status">
                { given.map(|given| why(question, given)) }
            </div>
        </>
    }
}

fn why(question: &QuizQuestion, given: Outcome) -> Html {
    html! {
        <p>
            <b>{ if given == question.outcome { "Right." } else { "Not quite." } }</b>
            { " " }
            { reason(question) }
        </p>
    }
}

/// Draws the reason of the right answer, with its basis and its source.
pub(super) fn reason(question: &QuizQuestion) -> Html {
    html! {
        <>
            { &question.why.text }
            { " " }
            { basis_mark(question.why.basis, question.why.rule) }
            <span class="steps__source">{ question.why.source }</span>
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::fixture::{self, Part};

    #[tokio::test(flavor = "current_thread")]
    async fn a_question_has_three_answers_and_gives_none_away() {
        let page = fixture::page(|| html! { <QuizPiece key="quiz" /> }).await;
        assert!(page.says("Question 1 of 10, 0 right so far"), "{page:?}");
        let answers: Vec<_> = page.elements("button").into_iter().map(Part::name).collect();
        assert_eq!(answers, QuizQuestion::ANSWERS.map(|(_, words)| words), "{page:?}");
        assert_eq!(page.elements("link"), [], "a basis is a link: {page:?}");
        assert_eq!(page.with_class("is-right"), [], "{page:?}");
        assert_eq!(page.with_class("basis"), [], "{page:?}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_wrong_answer_gets_the_reason_and_how_sure_it_is() {
        let page = fixture::page(|| {
            let quiz = Quiz::new(1);
            let question = &quiz.questions()[0];
            let wrong = QuizQuestion::ANSWERS.iter().find(|(it, _)| *it != question.outcome);
            why(question, wrong.expect("there are three").0)
        })
        .await;
        page.by_role("strong", "Not quite.");
        let [basis] = page.elements("link")[..] else { panic!("not one basis: {page:?}") };
        assert_eq!(basis.with_class("basis").len(), 1, "{basis:?}");
    }
}
