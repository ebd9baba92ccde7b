//! Messages of real Windows clients. They are data of others and not in this repository: this
//! program of tests is run by itself, with a file of them.
//!
//! `SPNSCOPE_MESSAGES=../shared/captures/windows.jsonl cargo test --test others`

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and reads its files"
)]

#[path = "../suite/wrong.rs"]
mod wrong;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use spnscope::analysis::{Exchange, analyze};
use spnscope::base::finding::Severity;
use spnscope::judge::smb::ServerSettings;
use spnscope::message::ntlm::{Message, write};
use spnscope::show::report::render_json;
use wrong::Wrong;

const KINDS: [&str; 3] = ["negotiate", "challenge", "authenticate"];

/// The lines of the file, each with the three messages of a sign-in and what is so of them.
fn messages() -> Vec<Value> {
    let path = std::env::var("SPNSCOPE_MESSAGES").expect("SPNSCOPE_MESSAGES is the path of a file");
    let text = std::fs::read_to_string(path).expect("the file can be read");
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
}

fn bytes(value: &Value) -> Vec<u8> {
    STANDARD.decode(value.as_str().expect("base64")).expect("base64")
}

fn parse(bytes: &[u8]) -> Message {
    Message::parse(bytes.into()).expect("a message")
}

fn pasted(line: &Value) -> String {
    KINDS.map(|kind| line[kind].as_str().expect("base64")).join("\n")
}

fn report(line: &Value) -> Value {
    let analysis = analyze(pasted(line).as_bytes(), &ServerSettings::default(), None);
    serde_json::from_str(&render_json(&analysis)).expect("the report is JSON")
}

fn fact<'r>(report: &'r Value, token: usize, fact: &str) -> &'r Value {
    &report["tokens"][token]["facts"][fact]
}

/// The value of the pair with that id, `null` where it is not there.
fn pair(report: &Value, id: u16) -> Value {
    let pairs = fact(report, 2, "av_pairs").as_array().expect("a list");
    pairs.iter().find(|pair| pair["id"] == id).map_or(Value::Null, |pair| pair["value"].clone())
}

#[test]
fn messages_of_real_windows_clients_decode_to_their_facts() {
    let mut wrong = Wrong::default();
    for line in messages() {
        let (name, expected) = (line["capture"].as_str().unwrap(), &line["expected"]);
        let report = report(&line);
        let mut compare = |key: &str, ours: &Value| {
            wrong.compare(&format!("{name} {}: {key}", line["frame"]), ours, &expected[key]);
        };
        for key in ["user", "domain", "workstation"] {
            compare(key, fact(&report, 2, key));
        }
        compare("target_name", &pair(&report, 9));
        compare("av_flags", &pair(&report, 6));
        compare("negotiate_flags", fact(&report, 2, "flags_value"));
        let pairs = fact(&report, 2, "av_pairs").as_array().unwrap();
        let ids: Vec<_> = pairs.iter().map(|pair| pair["id"].clone()).collect();
        compare("av_ids", &json!(ids));
        let message = parse(&bytes(&line["authenticate"]));
        let authenticate = message.as_authenticate().unwrap();
        let version = authenticate.version.map(|version| message.source().slice(version.span()));
        compare(
            "version",
            &version.map_or(Value::Null, |v| json!(spnscope::message::field::hex(v))),
        );
        let nt = authenticate.nt_challenge_response.unwrap();
        compare("nt_response_length", &json!(nt.len.value));
        let payload = [
            authenticate.lm_challenge_response,
            authenticate.nt_challenge_response,
            authenticate.domain_name,
            authenticate.user_name,
            authenticate.workstation,
            authenticate.encrypted_random_session_key,
        ];
        let start = payload.into_iter().flatten().filter_map(|field| field.data);
        compare("payload_offset", &json!(start.map(|data| data.start).min()));
    }
    wrong.assert_none();
}

#[test]
fn they_give_no_warning_and_fit_together() {
    let lines = messages();
    assert!(!lines.is_empty());
    for line in lines {
        let analysis = analyze(pasted(&line).as_bytes(), &ServerSettings::default(), None);
        let exchanges: Vec<_> = analysis.exchanges.iter().map(Exchange::messages).collect();
        assert_eq!(exchanges, [[Some(0), Some(1), Some(2)]], "{}", line["capture"]);
        for (_, finding) in analysis.tokens.iter().flat_map(|token| token.all_findings()) {
            assert_eq!(finding.severity(), Severity::Note, "{}: {finding:?}", line["capture"]);
        }
    }
}

#[test]
fn they_come_out_byte_for_byte_when_built_again() {
    for line in messages() {
        for kind in KINDS {
            let bytes = bytes(&line[kind]);
            let built = write::Message::of(&parse(&bytes)).unwrap().build().unwrap();
            assert_eq!(built, bytes, "{} {kind}", line["capture"]);
        }
    }
}
