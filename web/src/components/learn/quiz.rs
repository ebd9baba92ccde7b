//! "What will the server do?", one question at a time.

use spnscope::judge::smb::Outcome;
use spnscope_page::view::learn::{Question, Quiz, TEN};
use yew::prelude::*;

use crate::{
    components::{
        basis::basis_mark,
        draw::{draw, each, on},
        icon::Icon,
    },
    dom::focus,
    hooks::{State, use_state_eq},
};

/// The quiz. The page counts its seeds up from 1, so that ten others follow.
#[component]
pub(super) fn QuizOf() -> Html {
    let quiz = use_state_eq(|| Quiz::new(1));
    let next = {
        let quiz = quiz.clone();
        on(move |_: Event| {
            quiz.set(quiz.next());
            // What was pressed is about to go; the question stays.
            focus::focus_and_show("quiz-question");
        })
    };
    let (body, label) = match quiz.question() {
        Some(question) => (asked(&quiz, question), "Next question"),
        None => (Html::default(), "Another ten"),
    };
    let number = match quiz.question() {
        Some(_) => format!("Question {} of {TEN}, {} right so far", quiz.at() + 1, quiz.right()),
        None => format!("{} of {TEN} right", quiz.right()),
    };
    let go_on = (quiz.question().is_none() || quiz.answer().is_some()).then(|| {
        draw!(
            "<p class=button-row>\
               <button class='button button--main' type=button onclick={}>{}</button>\
             </p>",
            next,
            label,
        )
    });
    draw!(
        "<div class=quiz>\
           <div class=quiz__ask id=quiz-question tabindex=-1>\
             <p class=plate>{}</p>{}\
           </div>{}{}\
         </div>",
        number,
        quiz.question().map(situation),
        body,
        go_on,
    )
}

fn situation(question: &Question) -> Html {
    draw!(
        "<p class=quiz__what>{} <b>The server is at level {}.</b></p>\
         <p class='small quiet'>{}</p>",
        question.situation,
        question.level.to_string(),
        Question::PLACE,
    )
}

/// The answers to choose from, and what is right.
fn asked(quiz: &State<Quiz>, question: &Question) -> Html {
    let given = quiz.answer();
    let answers = each(&Question::ANSWERS, |_, (outcome, words)| {
        let outcome = *outcome;
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
        draw!(
            "<li key={}>\
               <button class='quiz__answer {}' type=button aria-disabled={} onclick={}>\
                 <span>{}</span><span>{}</span><span class=plate>{}</span>\
               </button>\
             </li>",
            *words,
            class,
            given.is_some(),
            on(move |_: Event| quiz.set(quiz.answered(outcome))),
            icon.map(|icon| icon.draw("")),
            *words,
            note,
        )
    });
    draw!(
        "<ol class=quiz__answers>{}</ol><div class=quiz__why role=status>{}</div>",
        answers,
        given.map(|given| why(question, given)),
    )
}

fn why(question: &Question, given: Outcome) -> Html {
    draw!(
        "<p><b>{}</b> {} {}<span class=steps__source>{}</span></p>",
        if given == question.outcome { "Right." } else { "Not quite." },
        question.why.text.clone(),
        basis_mark(question.why.basis, question.why.rule),
        question.why.source,
    )
}

#[cfg(all(test, feature = "ssr-tests"))]
mod tests {
    use super::*;
    use crate::components::{fixture, hosted};

    #[tokio::test(flavor = "current_thread")]
    async fn a_question_has_three_answers_and_gives_none_away() {
        let html = fixture::drawn(|| hosted::<QuizOf>("quiz", ())).await;
        assert!(html.contains("Question 1 of 10, 0 right so far"), "{html}");
        assert_eq!(html.matches("quiz__answer\"").count(), 3, "{html}");
        assert!(!html.contains("is-right") && !html.contains("class=\"basis\""), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_wrong_answer_gets_the_reason_and_how_sure_it_is() {
        let html = fixture::drawn(|| {
            let quiz = Quiz::new(1);
            let question = &quiz.questions()[0];
            let wrong = Question::ANSWERS.iter().find(|(it, _)| *it != question.outcome);
            why(question, wrong.expect("there are three").0)
        })
        .await;
        assert!(html.contains("Not quite.") && html.contains("class=\"basis\""), "{html}");
    }
}
