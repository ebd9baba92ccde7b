//! The end of the quiz: the questions answered wrongly, with the reasons.

use spnscope_page::{
    view::learn::{Answered, Quiz, QuizQuestion},
    workbench::LabAction,
};
use yew::prelude::*;

use super::quiz::reason;
use crate::store::{Act, use_act};

/// Props of [`WrongAnswers`].
#[derive(PartialEq, Properties)]
pub(super) struct WrongAnswersProps {
    /// A quiz whose questions are answered.
    pub(super) quiz: Quiz,
}

/// Each question answered wrongly, with the right answer, its reason and its messages.
#[component]
pub(super) fn WrongAnswers(props: &WrongAnswersProps) -> Html {
    let act = use_act();
    let wrong = props.quiz.wrong();
    if wrong.is_empty() {
        return html! { <p>{ "Nothing was wrong." }</p> };
    }
    html! {
        <>
            <h3>{ "What was wrong" }</h3>
            <ol>{ for wrong.into_iter().map(|answered| item(answered, &act)) }</ol>
        </>
    }
}

fn item(Answered { question, answer }: Answered<'_>, act: &Act) -> Html {
    let see = question.setting.clone().map(|setting| {
        html! {
            <button class="button" type="button" onclick={act.on(LabAction::Prove(setting))}>
                { "See this message in Decode" }
            </button>
        }
    });
    html! {
        <li key={question.situation} class="quiz__item">
            <p>
                { question.situation }
                { " " }
                <b>{ "The server is at level " }{ question.level.to_string() }{ "." }</b>
            </p>
            <p>
                { "You said: " }
                { QuizQuestion::words(answer) }
                { ". Right: " }
                <b>{ QuizQuestion::words(question.outcome) }</b>
                { "." }
            </p>
            <p>{ reason(question) }</p>
            { see }
        </li>
    }
}

#[cfg(test)]
mod tests {
    use spnscope_page::view::learn::QUIZ_LEN;

    use super::*;
    use crate::components::fixture;

    #[tokio::test(flavor = "current_thread")]
    async fn each_wrong_answer_is_shown_with_the_right_one_and_its_message() {
        let page = fixture::page(|| {
            let mut quiz = Quiz::new(1);
            while let Some(question) = quiz.question() {
                let wrong = QuizQuestion::ANSWERS.iter().find(|(it, _)| *it != question.outcome);
                quiz = quiz.answered(wrong.expect("there are three").0).next();
            }
            html! { <WrongAnswers {quiz} /> }
        })
        .await;
        let items = page.elements("listitem");
        assert_eq!(items.len(), QUIZ_LEN, "{page:?}");
        for item in items {
            assert!(item.says("You said: ") && item.says("Right: "), "{item:?}");
            assert!(item.elements("button").len() <= 1, "{item:?}");
        }
        let see = page.all_by_role("button", "See this message in Decode").len();
        assert!(see >= QUIZ_LEN - 3, "{page:?}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_quiz_without_a_wrong_answer_says_so() {
        let page = fixture::page(|| {
            let mut quiz = Quiz::new(1);
            while let Some(question) = quiz.question() {
                quiz = quiz.answered(question.outcome).next();
            }
            html! { <WrongAnswers {quiz} /> }
        })
        .await;
        assert_eq!(page.text(), "Nothing was wrong.");
    }
}
