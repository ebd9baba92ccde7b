//! The live pieces of the chapters about practice, and the end of the quiz.

use std::collections::HashSet;

use spnscope_page::view::learn::{Lesson, QUIZ_LEN, Quiz};
use spnscope_page::workbench::{LabAction, Place, Workbench};

use super::learn::{fact, levels, verdict, view};
use spnscope::judge::smb::Outcome::{Accept, Deny, LogonFailure};

#[test]
fn the_events_tell_the_check_from_other_causes() {
    let at = |cause| {
        let view = view(Lesson::Others, [cause, 0], ["", ""]);
        (verdict(&view).0, fact(&view, "Tell it by").to_owned())
    };
    assert_eq!(at(0), (Deny, "5168, and 551 with the name: it is the name check.".into()));
    assert_eq!(at(1), (LogonFailure, "4625, and no 5168: the sign-in itself failed.".into()));
    let later = "4624, and neither 5168 nor 551: it was refused after the sign-in.";
    for cause in [2, 3] {
        assert_eq!(at(cause), (Accept, later.into()));
        let view = view(Lesson::Others, [cause, 0], ["", ""]);
        assert_eq!(fact(&view, "First request"), "STATUS_ACCESS_DENIED 0xC0000022");
        assert_eq!(verdict(&view).2, "The attack fails");
    }
}

#[test]
fn a_baseline_denies_what_its_level_denies() {
    let at = |baseline, client| {
        let view = view(Lesson::Baselines, [baseline, client], ["", ""]);
        (verdict(&view).0, fact(&view, "A relay at 10.0.0.100").to_owned())
    };
    let (fails, succeeds) = (|| "The attack fails.".to_owned(), "The attack succeeds.".to_owned());
    assert_eq!([0, 1, 2, 3].map(|client| at(0, client).0), [Accept, Deny, Accept, Accept]);
    assert_eq!([0, 1, 2, 3].map(|client| at(1, client).0), [Accept, Deny, Deny, Deny]);
    assert_eq!(
        [0, 1, 2, 3].map(|client| at(2, client)),
        [0; 4].map(|_| (Accept, succeeds.clone()))
    );
    assert_eq!([0, 1, 3].map(|baseline| at(baseline, 0).1), [(); 3].map(|()| fails()));
}

#[test]
fn a_web_sign_in_has_the_wrong_class_even_where_its_host_is_right() {
    for (host, allowed) in [(0, 0), (0, 1), (1, 0)] {
        let view = view(Lesson::Siblings, [host, allowed], ["", ""]);
        assert_eq!(levels(&view), [Accept, Deny, Deny], "{host} {allowed}");
    }
}

#[test]
fn the_lab_says_what_smbclient_ends_with() {
    let at = |run, level| {
        let view = view(Lesson::Lab, [run, level], ["", ""]);
        (verdict(&view).0, verdict(&view).2)
    };
    let (listed, denied) = ((Accept, "The shares are listed"), (Deny, "NT_STATUS_ACCESS_DENIED"));
    assert_eq!([0, 1, 2].map(|level| at(0, level)), [listed; 3]);
    assert_eq!([0, 1, 2].map(|level| at(1, level)), [listed, denied, denied]);
    assert_eq!([0, 1, 2].map(|level| at(2, level)), [listed; 3]);
}

/// A question's messages, seen in Decode, have the answer that is right.
#[test]
fn the_message_of_a_question_has_its_answer_in_decode() {
    let mut seen = HashSet::new();
    for seed in 0..40 {
        for question in Quiz::new(seed).questions() {
            let Some(setting) = question.setting.clone() else {
                let says = question.situation;
                assert!(says.contains("Kerberos") || says.contains("wrong password"), "{says}");
                continue;
            };
            if !seen.insert((question.situation, question.level)) {
                continue;
            }
            let opened = Workbench::default().apply(LabAction::Prove(setting));
            assert_eq!(opened.place(), Place::Decode);
            let cards = opened.view().and_then(|view| view.levels.clone()).unwrap();
            let card = &cards[usize::from(question.level.number())];
            assert_eq!(card.outcome, question.outcome, "{} {}", question.situation, question.level);
        }
    }
    assert!(seen.len() > 40, "{}", seen.len());
}

#[test]
fn the_end_of_a_quiz_lists_what_was_wrong() {
    let mut quiz = Quiz::new(3);
    let mut given = Vec::new();
    while let Some(question) = quiz.question() {
        let right = question.outcome;
        let is_even = quiz.at().is_multiple_of(2);
        let answer = match right {
            _ if is_even => right,
            Accept => Deny,
            _ => Accept,
        };
        given.push(answer);
        quiz = quiz.answered(answer).next();
    }
    let wrong = quiz.wrong();
    assert_eq!(wrong.len(), QUIZ_LEN / 2);
    for (index, answered) in wrong.iter().enumerate() {
        assert_eq!(answered.question, &quiz.questions()[2 * index + 1]);
        assert_eq!(answered.answer, given[2 * index + 1]);
    }
}
