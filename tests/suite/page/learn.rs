//! The live pieces of Learn and its quiz say what the simulator says.

use std::{collections::HashSet, fs, path::Path};

use spnscope::judge::{
    proof::ProofVerdict,
    smb::{Basis, Level, Outcome},
};
use spnscope::lab::{
    exchange::ClientKind,
    relay::{Edit, Middle, Scenario, run},
};
use spnscope_page::view::{
    Sentence,
    learn::{AnswerPart, Lesson, LessonView, MAX_TYPED_LEN, QUIZ_LEN, Quiz, QuizQuestion},
};

use Outcome::{Accept, Deny, LogonFailure};

/// The view of a piece whose first two questions are answered with `choices`, and in which
/// `texts` are typed.
pub(super) fn view(lesson: Lesson, choices: [usize; 2], texts: [&str; 2]) -> LessonView {
    let mut input = lesson.initial();
    for (ask, option) in choices.into_iter().enumerate() {
        input = input.with_choice(ask, option);
    }
    for (ask, text) in texts.into_iter().enumerate() {
        input = input.with_text(ask, text);
    }
    lesson.view(&input)
}

pub(super) fn fact<'v>(view: &'v LessonView, name: &str) -> &'v str {
    let found = view.parts.iter().find_map(|part| match part {
        AnswerPart::Fact { name: label, value, .. } if *label == name => Some(value.as_str()),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("{name} is not shown: {view:#?}"))
}

pub(super) fn levels(view: &LessonView) -> [Outcome; 3] {
    let found = view.parts.iter().find_map(|part| match part {
        AnswerPart::Levels(answers) => Some(answers.each_ref().map(|answer| answer.outcome)),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no levels: {view:#?}"))
}

fn whys(view: &LessonView) -> Vec<&Sentence> {
    view.parts
        .iter()
        .filter_map(|part| match part {
            AnswerPart::Why { sentence, .. } => Some(sentence),
            _ => None,
        })
        .collect()
}

pub(super) fn verdict(view: &LessonView) -> (Outcome, bool, &'static str) {
    let found = view.parts.iter().find_map(|part| match part {
        AnswerPart::Verdict(verdict) => Some((verdict.outcome, verdict.is_good, verdict.words)),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no verdict: {view:#?}"))
}

fn matched(view: &LessonView) -> Vec<(&'static str, &str)> {
    view.parts
        .iter()
        .filter_map(|part| match part {
            AnswerPart::List { name, entries } => Some((*name, entries)),
            _ => None,
        })
        .flat_map(|(name, entries)| {
            entries
                .iter()
                .filter(|entry| entry.is_match)
                .map(move |entry| (name, entry.text.as_str()))
        })
        .collect()
}

#[test]
fn every_piece_answers_whatever_is_tried() {
    let codes: HashSet<_> = Lesson::ALL.map(Lesson::as_str).into();
    assert_eq!(codes.len(), Lesson::ALL.len());
    let texts =
        ["", "/", "cifs/", "@", "::1", "10.0.0.100", "\u{202e}ä😀", "a,b;;c d", &"x".repeat(999)];
    for lesson in Lesson::ALL {
        for one in 0..9 {
            for two in 0..4 {
                for text in texts {
                    let view = view(lesson, [one, two], [text, text]);
                    assert!(!view.parts.is_empty(), "{lesson:?}");
                    assert!(view.choices.iter().all(|choice| choice.chosen < choice.options.len()));
                    for told in whys(&view) {
                        assert!(!told.text.is_empty() && !told.source.is_empty());
                    }
                    for field in &view.fields {
                        assert!(field.value.chars().count() <= MAX_TYPED_LEN);
                    }
                }
            }
        }
    }
}

#[test]
fn the_story_is_told_as_it_is() {
    let at = |way, level| verdict(&view(Lesson::Story, [way, level], ["", ""]));
    for level in 0..3 {
        assert_eq!((at(0, level).0, at(0, level).1), (Accept, true), "directly, all accept");
    }
    assert_eq!((at(1, 0).0, at(1, 0).1), (Accept, true));
    assert_eq!((at(2, 0).0, at(2, 0).1), (Accept, false), "the attacker is in");
    for level in 1..3 {
        assert_eq!((at(1, level).0, at(1, level).1), (Deny, false), "the user does not get in");
        assert_eq!((at(2, level).0, at(2, level).1), (Deny, true));
        let view = view(Lesson::Story, [1, level], ["", ""]);
        assert_eq!(fact(&view, "Status"), "STATUS_ACCESS_DENIED 0xC0000022");
        assert_eq!(
            fact(&view, "Events"),
            "4624 (Security), 5168 (Security), 551 (SMBServer/Security)"
        );
        assert_eq!(whys(&view)[0].basis, Basis::Observed);
    }
}

#[test]
fn a_name_comes_apart_as_the_server_compares_it() {
    let view = view(Lesson::Parts, [0, 0], ["HTTP/dcfr.lab.lan:80@LAB.LAN", ""]);
    assert_eq!(fact(&view, "Service class"), "HTTP");
    assert_eq!(fact(&view, "Host"), "dcfr.lab.lan");
    assert_eq!(fact(&view, "Port"), "80");
    assert_eq!(fact(&view, "Realm"), "LAB.LAN");
    assert_eq!(fact(&view, "What is compared"), "dcfr.lab.lan:80@LAB.LAN");
    assert_eq!(levels(&view), [Accept, Deny, Deny]);
}

#[test]
fn the_strip_shows_the_name_and_what_stands_behind_it() {
    let at = |host| {
        let view = view(Lesson::Bytes, [0, 0], [host, ""]);
        let marked: String = view
            .parts
            .iter()
            .filter_map(|part| match part {
                AnswerPart::Strip(rows) => Some(rows),
                _ => None,
            })
            .flatten()
            .flat_map(|row| &row.runs)
            .filter(|run| run.is_target_name)
            .map(|run| format!("{} ", run.hex))
            .collect();
        let place = fact(&view, "MsvAvTargetName").to_owned();
        let behind = fact(&view, "Behind it").to_owned();
        (marked, place, behind)
    };
    let utf16 = |text: &str| -> String {
        text.encode_utf16().flat_map(u16::to_le_bytes).map(|byte| format!("{byte:02x} ")).collect()
    };
    let (long, place, behind) = at("10.0.0.100");
    assert_eq!(long, format!("09 00 1e 00 {}", utf16("cifs/10.0.0.100")));
    let (short, same_start, moved) = at("DCFR");
    assert_eq!(short, format!("09 00 12 00 {}", utf16("cifs/DCFR")));
    assert_eq!(place.split(" to").next(), same_start.split(" to").next());
    assert_ne!(behind, moved, "what stands behind it moves");
    assert_eq!(at("").0, format!("09 00 0a 00 {}", utf16("cifs/")));
}

#[test]
fn a_change_on_the_way_fails_at_the_check_that_covers_it() {
    let checks = |which, name| {
        let view = view(Lesson::Protection, [which, 0], [name, ""]);
        let checks = view.parts.iter().find_map(|part| match part {
            AnswerPart::Checks(checks) => Some(checks.clone()),
            _ => None,
        });
        (checks.unwrap(), verdict(&view))
    };
    for (which, name) in [(0, "cifs/10.0.0.101"), (0, "cifs/10.0.0.11"), (1, "")] {
        let (rows, ends) = checks(which, name);
        assert_eq!(ends, (LogonFailure, true, "The attack fails"));
        assert_eq!(rows.len(), 1, "what stands behind it is not reached");
        assert_eq!((rows[0].name, rows[0].verdict), ("NTProofStr", ProofVerdict::Invalid));
        let [received, computed] = rows[0].values.as_ref().unwrap();
        assert!(received.iter().any(|run| run.differs) && computed.iter().any(|run| run.differs));
    }
    for which in [2, 3] {
        let (rows, ends) = checks(which, "");
        assert_eq!(ends.0, LogonFailure);
        assert_eq!(rows[0].verdict, ProofVerdict::Valid);
        assert_eq!((rows[1].name, rows[1].verdict), ("MIC", ProofVerdict::Invalid));
    }
    let (rows, ends) = checks(4, "");
    assert_eq!(ends, (Deny, true, "The attack fails"));
    let verdicts: Vec<_> = rows.iter().map(|row| row.verdict).collect();
    assert_eq!(verdicts, [ProofVerdict::Valid, ProofVerdict::Valid, ProofVerdict::Invalid]);
}

#[test]
fn the_three_levels_answer_as_the_table_of_the_reference_does() {
    let at = |which| levels(&view(Lesson::Levels, [which, 0], ["", ""]));
    assert_eq!(at(0), [Accept; 3], "row 1");
    assert_eq!(at(1), [Accept, Deny, Deny], "row 6");
    assert_eq!(at(2), [Accept, Deny, Deny], "row 19");
    for row in [3, 4, 5] {
        assert_eq!(at(row), [Accept, Accept, Deny], "rows 18, 20 and 22");
    }
}

#[test]
fn a_ticket_is_judged_by_its_name() {
    let at = |which| {
        let view = view(Lesson::Ticket, [which, 0], ["", ""]);
        (levels(&view), whys(&view)[1].basis)
    };
    assert_eq!(at(0), ([Accept; 3], Basis::Documented), "row 25");
    assert_eq!(at(1), ([Accept, Deny, Deny], Basis::Inferred), "row 26");
    assert_eq!(at(2), ([Accept, Deny, Deny], Basis::Inferred), "row 27");
}

#[test]
fn the_list_that_knows_the_name_is_marked() {
    let at = |host, added| {
        let view = view(Lesson::Names, [0, 0], [host, added]);
        let matched: Vec<_> =
            matched(&view).into_iter().map(|(list, entry)| (list, entry.to_owned())).collect();
        (matched, levels(&view))
    };
    let own = |list, entry: &str| (vec![(list, entry.to_owned())], [Accept; 3]);
    assert_eq!(at("dcfr", ""), own("Its own names", "DCFR"));
    assert_eq!(at("localhost", ""), own("Its own names", "LocalHost"));
    assert_eq!(at("10.0.0.11", ""), own("Its own addresses", "10.0.0.11"));
    assert_eq!(at("127.0.0.1", ""), own("Its own addresses", "127.0.0.1"));
    assert_eq!(at("10.0.0.100", "a, 10.0.0.100"), own("The names you add", "10.0.0.100"));
    for foreign in ["10.0.0.100", "lab.lan", "files.lab.lan", "dcfr.lab.lan@LAB.LAN", ""] {
        assert_eq!(at(foreign, ""), (Vec::new(), [Accept, Deny, Deny]), "{foreign}");
    }
}

#[test]
fn the_events_are_those_of_the_decision() {
    let at = |what, audit| {
        let view = view(Lesson::Events, [what, audit], ["", ""]);
        let events = view.parts.iter().find_map(|part| match part {
            AnswerPart::List { entries: events, .. } => {
                Some(events.iter().map(|event| event.text[..4].trim().to_owned()).collect())
            }
            _ => None,
        });
        let events: Vec<String> = events.unwrap();
        events.join(" ")
    };
    assert_eq!(at(0, 0), "4624 5168 551");
    assert_eq!(at(0, 1), "4624 551");
    assert_eq!(at(2, 0), "4625 551");
    assert_eq!(at(3, 0), "4624");
    let none = view(Lesson::Events, [1, 0], ["", ""]);
    assert_eq!(fact(&none, "SPN Name in 5168"), "N/A");
}

#[test]
fn a_name_that_is_added_lets_in_whoever_stands_behind_it() {
    let at = |who, added| {
        let view = view(Lesson::Fix, [who, 0], [added, ""]);
        (levels(&view), fact(&view, "At level 2").to_owned())
    };
    assert_eq!(at(0, ""), ([Accept, Deny, Deny], "The client is refused.".into()));
    assert_eq!(at(0, "10.0.0.100"), ([Accept; 3], "The client works.".into()));
    assert_eq!(at(1, ""), ([Accept, Deny, Deny], "The attack fails.".into()));
    assert_eq!(at(1, "10.0.0.100"), ([Accept; 3], "The attack succeeds.".into()));
}

#[test]
fn attacks_that_the_check_does_not_stop_are_named_and_signing_stops_relays() {
    let at = |attack, signing| verdict(&view(Lesson::Limits, [attack, signing], ["", ""])).1;
    assert_eq!([0, 1, 2, 3, 4].map(|attack| at(attack, 0)), [true, true, false, false, false]);
    assert_eq!([0, 1, 2, 3, 4].map(|attack| at(attack, 1)), [true, true, true, true, false]);
}

const SEEDS: u32 = 300;

#[test]
fn every_quiz_has_ten_different_questions_and_both_answers() {
    let mut seen = HashSet::new();
    let mut outcomes = HashSet::new();
    for seed in 0..SEEDS {
        let quiz = Quiz::new(seed);
        assert_eq!(quiz.questions().len(), QUIZ_LEN, "seed {seed}");
        assert_eq!(quiz, Quiz::new(seed), "the same seed gives the same");
        let situations: HashSet<_> = quiz.questions().iter().map(|it| it.situation).collect();
        assert_eq!(situations.len(), QUIZ_LEN, "seed {seed}");
        let accepted = quiz.questions().iter().filter(|it| it.outcome == Accept).count();
        assert!((4..=6).contains(&accepted), "seed {seed}: {accepted}");
        for question in quiz.questions() {
            assert!(!question.why.text.is_empty() && !question.why.source.is_empty());
            assert!(QuizQuestion::ANSWERS.iter().any(|(outcome, _)| *outcome == question.outcome));
            seen.insert((question.situation, question.level));
            outcomes.insert(question.outcome as u8);
        }
    }
    assert_eq!(outcomes.len(), 3, "each of the three answers is right at times");
    assert!(seen.len() > 60, "{}", seen.len());
}

/// The answer to each question is compared with that of the relay lab.
#[test]
fn the_answers_are_those_of_the_simulator() {
    let asked: Vec<QuizQuestion> =
        (0..SEEDS).flat_map(|seed| Quiz::new(seed).questions().to_vec()).collect();
    let mut checked = HashSet::new();
    for question in &asked {
        let says = question.situation;
        let allowed = says.split("SrvAllowedServerNames has ").nth(1);
        let kind = |kind| Scenario { client: kind, ..Scenario::default() };
        let own = |name: &str, client| Scenario {
            edit: Edit::RewriteTargetName(name.to_owned()),
            client,
            ..Scenario::new(Middle::OwnClient)
        };
        let sends = says.split("sends ").nth(1).map(|rest| rest.trim_end_matches('.'));
        let opens = says
            .split(r"opens \\")
            .nth(1)
            .map(|rest| rest.split([',', ' ']).next().unwrap_or_default().trim_end_matches('.'));
        let mut scenario = match says {
            _ if says.contains("NTLMv1") => kind(ClientKind::Ntlmv1),
            _ if says.contains("NTLM2 session") => kind(ClientKind::Ntlm2Session),
            _ if says.contains("untrusted") => kind(ClientKind::UntrustedTargetName),
            _ if says.contains("an empty target name") => kind(ClientKind::EmptyTargetName),
            _ if says.contains("no target name") => kind(ClientKind::NoTargetName),
            _ if says.contains("Kerberos") || says.contains("wrong password") => continue,
            _ if says.contains("domain controller") => continue,
            _ if says.contains("DNS queries") => Scenario::new(Middle::SpoofedDns),
            _ if says.contains("a browser") => Scenario::new(Middle::HttpRelay),
            _ if says.contains("rewrites") => Scenario {
                edit: Edit::RewriteTargetName("cifs/10.0.0.11".into()),
                ..Scenario::new(Middle::LuredClient)
            },
            _ if says.contains("removes the target name") => {
                Scenario { edit: Edit::RemoveTargetName, ..Scenario::new(Middle::LuredClient) }
            }
            _ if says.contains("removes the announced MIC") => {
                Scenario { edit: Edit::StripMic, ..Scenario::new(Middle::LuredClient) }
            }
            _ if says.contains("knows a password") => Scenario::new(Middle::OwnClient),
            _ if says.contains("lures") => Scenario::new(Middle::LuredClient),
            _ => match (sends, opens) {
                (Some(name), _) => {
                    own(name.split(',').next().unwrap_or_default(), ClientKind::Windows)
                }
                (None, Some(host)) => own(&format!("cifs/{host}"), ClientKind::Windows),
                (None, None) => panic!("{says} is not understood"),
            },
        };
        scenario.level = question.level;
        let allowed = allowed.map(|name| name.trim_end_matches('.').to_owned());
        scenario.server.allowed = allowed.into_iter().collect();
        let run = run(&scenario).unwrap();
        assert_eq!(run.outcome, question.outcome, "{says} at {}", question.level);
        checked.insert((says, question.level));
    }
    assert!(checked.len() > 50, "{}", checked.len());
    let of = |says: &str, level| {
        asked
            .iter()
            .find(|it| it.situation.contains(says) && it.level == level)
            .map(|it| (it.outcome, it.why.basis))
    };
    let required = Level::RequiredFromClient;
    assert_eq!(of("wrong password", required), Some((LogonFailure, Basis::Documented)));
    assert_eq!(of("the alias", required), Some((Deny, Basis::Inferred)));
    assert_eq!(of("domain controller", required), Some((Accept, Basis::Inferred)));
}

#[test]
fn a_quiz_counts_the_first_answer_and_ends_with_ten_others() {
    let mut quiz = Quiz::new(7);
    assert_eq!(quiz.next(), quiz, "no question is passed over");
    for number in 0..QUIZ_LEN {
        assert_eq!((quiz.at(), quiz.right(), quiz.answer()), (number, number, None));
        let right = quiz.question().unwrap().outcome;
        quiz = quiz.answered(right);
        let other = if right == Accept { Deny } else { Accept };
        assert_eq!(quiz.answered(other), quiz);
        quiz = quiz.next();
    }
    assert_eq!((quiz.question(), quiz.right()), (None, QUIZ_LEN));
    assert_eq!(quiz.answered(Accept), quiz);
    assert_eq!(quiz.next(), Quiz::new(8));
}

/// The chapters, by the names of their files.
fn chapters() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/learn");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = paths
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// The words of some HTML, without its sources.
fn count_words(html: &str) -> usize {
    let (before, rest) = html.split_once("<p class=\"learn__sources\">").unwrap();
    let told = [before, rest.split_once("</p>").unwrap().1].concat();
    let text = told.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    text.flat_map(str::split_whitespace).count()
}

#[test]
fn chapters_are_short_and_have_a_question_something_to_do_and_sources() {
    let chapters = chapters();
    let introduction = &chapters[0].1;
    for (number, (name, html)) in chapters.iter().enumerate().skip(1) {
        let id = name.strip_prefix(&format!("{number:02}-")).unwrap();
        assert!(html.contains(&format!("<h2 id=\"learn-{id}\">")), "{name}");
        assert!(introduction.contains(&format!("href=\"#learn-{id}\"")), "{name}");
        if ["quiz", "glossary"].contains(&id) {
            continue;
        }
        for part in ["<details><summary>", "class=\"learn__do\"", "class=\"learn__sources\""] {
            assert!(html.contains(part), "{name} has {part}");
        }
        let words = count_words(html);
        assert!(words <= 200, "{name} has {words} words");
    }
    assert_eq!(introduction.matches("href=\"#learn-").count(), chapters.len() - 1);
}

#[test]
fn every_chapter_has_a_live_piece_and_each_term_is_explained_where_it_leads() {
    let chapters = chapters();
    for (name, html) in &chapters[1..] {
        let is_told = name.ends_with("-glossary");
        assert_eq!(html.contains("data-live=\""), !is_told, "{name}");
    }
    let all: String = chapters.iter().map(|(_, html)| html.as_str()).collect();
    let terms = ["spn", "mic", "ntproofstr", "av-pair", "relay", "vip"];
    for term in terms {
        let anchor = format!("id=\"learn-term-{term}\"");
        assert_eq!(all.matches(&anchor).count(), 1, "{term}");
        let link = format!("href=\"#learn-term-{term}\"");
        assert_eq!(all.matches(&link).count(), 1, "{term} is linked where it comes first");
    }
    assert_eq!(all.matches("href=\"#learn-term-").count(), terms.len());
    assert!(chapters[1].1.contains("without ever knowing the password"), "what a relay does");
}

#[test]
fn every_command_of_the_chapters_can_be_copied() {
    for (name, html) in chapters() {
        let commands = html.matches("<div class=\"learn__command\"><pre").count();
        assert_eq!(commands, html.matches("<pre").count(), "{name}");
    }
}

#[test]
fn every_live_piece_has_its_place_in_one_chapter() {
    let all: String = chapters().into_iter().map(|(_, html)| html).collect();
    for code in Lesson::ALL.map(Lesson::as_str).into_iter().chain(["quiz"]) {
        assert_eq!(all.matches(&format!("data-live=\"{code}\"")).count(), 1, "{code}");
    }
}

#[test]
fn links_of_the_chapters_lead_elsewhere_without_telling_where_from() {
    for (name, html) in chapters() {
        for link in html.split("<a ").skip(1).filter_map(|rest| rest.split('>').next()) {
            let leads_here = link.contains("href=\"#");
            let is_safe =
                link.contains("href=\"https://") && link.contains("rel=\"noreferrer noopener\"");
            assert!(leads_here || is_safe, "{name}: {link}");
        }
    }
}
