//! The grouping of messages into sign-ins.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use spnscope::analysis::{Analysis, Exchange, Token, analyze};
use spnscope::base::finding::Code;
use spnscope::judge::{proof::Secret, smb::ServerSettings};
use spnscope::show::report::render_text;
use spnscope_page::view::SAMPLES;

use crate::fixtures::{analysis, bytes, lines, text};

/// The messages of every captured sign-in, in base64, each once: two captures are of the same.
fn captured() -> Vec<[String; 3]> {
    let message = |line: &serde_json::Value, kind: &str| line[kind].as_str().unwrap().to_owned();
    let mut captured: Vec<[String; 3]> = Vec::new();
    for line in lines("exchanges.jsonl") {
        let messages = ["negotiate", "challenge", "authenticate"].map(|kind| message(&line, kind));
        if !captured.contains(&messages) {
            captured.push(messages);
        }
    }
    captured
}

fn read(messages: &[&str]) -> Analysis {
    analysis(&messages.join("\n"), &ServerSettings::default())
}

fn groups(analysis: &Analysis) -> Vec<[Option<usize>; 3]> {
    analysis.exchanges().iter().map(Exchange::messages).collect()
}

fn has(analysis: &Analysis, code: Code) -> bool {
    analysis
        .tokens()
        .iter()
        .flat_map(|token| token.all_findings())
        .any(|(_, finding)| finding.code == code)
}

/// The report as text, where something is missing, marked, or does not fit.
#[test]
fn the_text_names_the_messages_that_a_sign_in_has() {
    let told = |pasted: &str, secret: Option<&Secret>| {
        render_text(&analyze(pasted.as_bytes(), &ServerSettings::default(), secret))
    };
    let sample =
        |name: &str| SAMPLES.iter().find(|sample| sample.short == name).expect("the sample").text;
    let direct = sample("Direct");
    let (offers, authenticate) = direct.trim_end().rsplit_once('\n').unwrap();
    let mut changed = bytes(&authenticate.into());
    // The MIC.
    changed[72] ^= 1;
    let changed = format!("{offers}\n{}", STANDARD.encode(changed));
    let right = Secret::from_password("Password");
    let vector = |kind: &str| text(&format!("vectors/ms-nlmp-4.2.2.3-{kind}.hex"));
    let ntlmv1 = vector("challenge") + "\n" + &vector("authenticate");
    #[rustfmt::skip]
    let cases = [
        (offers,                   None,         "No answer: the AUTHENTICATE message is missing."),
        (sample("Empty name"),     None,         "  Target name: empty\n"),
        (sample("No name"),        None,         "  Target name: absent\n"),
        (sample("Untrusted name"), None,         " (untrusted)\n"),
        (changed.as_str(),         Some(&right), ", status not documented, events 4625, 551\n"),
        (changed.as_str(),         Some(&right), "    MIC: does not match; received "),
        (ntlmv1.as_str(),          None,         "  The server accepts these names: Server"),
    ];
    for (pasted, secret, expected) in cases {
        let text = told(pasted, secret);
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

#[test]
fn exchanges_one_after_another_are_told_apart() {
    let captured = captured();
    let pasted: Vec<_> = captured.iter().flatten().map(String::as_str).collect();
    let wanted: Vec<_> =
        (0..captured.len()).map(|at| [Some(at * 3), Some(at * 3 + 1), Some(at * 3 + 2)]).collect();
    let analysis = read(&pasted);
    assert_eq!(groups(&analysis), wanted);
    assert!(!has(&analysis, Code::ExchangeAmbiguous));
    assert!(!has(&analysis, Code::ExchangeMismatch));
}

/// Two clients at once: whatever the order, an answer that echoes its CHALLENGE is found, and where
/// the bytes cannot tell, a finding says so.
#[test]
fn two_interleaved_exchanges_are_told_apart() {
    let captured = captured();
    let mut told = 0;
    for (index, [n1, c1, a1]) in captured.iter().enumerate() {
        for [n2, c2, a2] in &captured[index + 1..] {
            let straight = read(&[n1, n2, c1, c2, a1, a2]);
            let crossed = read(&[n1, n2, c1, c2, a2, a1]);
            let pairs = |analysis: &Analysis| {
                let mut pairs: Vec<_> =
                    analysis.exchanges().iter().map(|e| (e.challenge, e.authenticate)).collect();
                pairs.sort_unstable();
                pairs
            };
            assert_eq!(
                pairs(&straight),
                [(Some(2), Some(4)), (Some(3), Some(5))],
                "{n1} {c1} {a1}\n{n2} {c2} {a2}"
            );
            if pairs(&crossed) == [(Some(2), Some(5)), (Some(3), Some(4))] {
                told += 1;
            } else {
                let answers = &crossed.tokens()[4..];
                let unsure = |token: &Token| {
                    token.all_findings().any(|(_, found)| found.code == Code::ExchangeAmbiguous)
                };
                assert!(answers.iter().any(|token| unsure(token)), "a guess is not marked as one");
            }
        }
    }
    // NTLMv1 and anonymous answers echo nothing.
    assert!(told > 1_000, "only {told} were told apart");
}

#[test]
fn a_sign_in_begun_anew_leaves_the_first_try_alone() {
    let [negotiate, challenge, authenticate] = &captured()[0];
    let mut first = bytes(&negotiate.as_str().into());
    // The build of its Version.
    first[34] ^= 1;
    let analysis = read(&[&STANDARD.encode(first), negotiate, challenge, authenticate]);
    assert_eq!(groups(&analysis), [[Some(0), None, None], [Some(1), Some(2), Some(3)]]);
    assert!(has(&analysis, Code::ExchangeAmbiguous));
}

#[test]
fn messages_in_any_order_are_grouped_where_their_bytes_are_clear() {
    let [negotiate, challenge, authenticate] = &captured()[0];
    let analysis = read(&[authenticate, challenge, negotiate]);
    assert_eq!(groups(&analysis), [[Some(2), Some(1), Some(0)]]);
    assert_eq!(groups(&read(&[challenge, authenticate])), [[None, Some(0), Some(1)]]);
    assert_eq!(groups(&read(&[authenticate, challenge])), [[None, Some(1), Some(0)]]);
    assert_eq!(groups(&read(&[negotiate, authenticate])), [[Some(0), None, Some(1)]]);
}

#[test]
fn an_answer_to_another_challenge_is_reported() {
    let captured = captured();
    let [negotiate, challenge, _] = &captured[0];
    let other = captured
        .iter()
        .map(|[_, _, authenticate]| read(&[negotiate, challenge, authenticate]))
        .filter(|analysis| has(analysis, Code::ExchangeMismatch))
        .count();
    assert!(other > 40, "only {other}");
    let mismatched = read(&[negotiate, challenge, &captured[1][2]]);
    let finding = mismatched.tokens()[2]
        .all_findings()
        .find(|(_, finding)| finding.code == Code::ExchangeMismatch)
        .unwrap()
        .1;
    assert!(finding.message.contains("MsvAv"), "{}", finding.message);
}
