//! The program itself: arguments, exit status, standard input and output.

use std::{
    io::Write as _,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

use crate::fixtures::{path, text};

fn run(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_spnscope"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that refuses its arguments does not read what is written to it.
    let _ = child.stdin.take().expect("standard input").write_all(input.as_bytes());
    child.wait_with_output().expect("the program ends")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

const STORY: [&str; 6] =
    ["--server-name", "DCFR", "--server-name", "dcfr.lab.lan", "--server-ip", "10.0.0.11"];

#[test]
fn decode_reads_a_file_or_standard_input() {
    let file = path("vectors/t1.b64");
    let mut arguments = vec!["decode", "--format", "json"];
    arguments.extend(STORY);
    let from_input = run(&arguments, &text("vectors/t1.b64"));
    arguments.push(file.to_str().unwrap());
    let from_file = run(&arguments, "");
    assert_eq!(from_file.status.code(), Some(0));
    assert_eq!(from_file.stdout, from_input.stdout);
    let outcomes: Vec<_> = json(&from_file)["exchanges"][0]["decisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|decision| decision["outcome"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(outcomes, ["accept", "deny", "deny"]);
}

#[test]
fn an_allowed_name_accepts() {
    let mut arguments = vec!["decode", "--format", "json", "--allowed", "10.0.0.100", "-"];
    arguments.extend(STORY);
    let output = run(&arguments, &text("vectors/t1-authenticate.b64"));
    let report = json(&output);
    for decision in report["exchanges"][0]["decisions"].as_array().unwrap() {
        assert_eq!(decision["outcome"], "accept");
    }
}

#[test]
fn a_secret_proves_and_is_never_printed() {
    let folder = std::env::temp_dir().join(format!("spnscope-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("password");
    std::fs::write(&file, "Password\r\nsecond line\n").unwrap();
    let arguments = ["decode", "--format", "json", "--password-file", file.to_str().unwrap()];
    let output = run(&arguments, &text("vectors/t1.b64"));
    let proof = &json(&output)["exchanges"][0]["proof"];
    assert_eq!(proof["nt_proof_str"], "valid");
    assert_eq!(proof["mic"], "valid");
    assert_eq!(proof["secret"], "password");
    assert!(!String::from_utf8_lossy(&output.stdout).contains("\"Password\""));
    let wrong = run(
        &["decode", "--format", "json", "--nt-hash", "00000000000000000000000000000000"],
        &text("vectors/t1.b64"),
    );
    let report = json(&wrong);
    let proof = &report["exchanges"][0]["proof"];
    assert_eq!(proof["nt_proof_str"], "invalid");
    assert_eq!(proof["session_base_key"], Value::Null, "a wrong secret gives no key");
    let decision = &report["exchanges"][0]["decisions"][0];
    assert_eq!(decision["outcome"], "logon-failure");
    assert_eq!(decision["status_code"], "0xC000006D");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn nothing_recognisable_ends_with_1_and_a_sentence() {
    let output = run(&["decode", "--format", "json"], "hello");
    assert_eq!(output.status.code(), Some(1));
    let report = json(&output);
    assert_eq!(report["tokens"], Value::Array(vec![]));
    assert_eq!(report["exchanges"], Value::Array(vec![]));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("spnscope: No NTLM message was found."), "{said}");
}

#[test]
fn another_reading_is_named_and_can_be_asked_for() {
    let dump = text("inputs/wireshark-no-text.txt");
    let best = run(&["decode", "--format", "json"], &dump);
    assert_eq!(json(&best)["tokens"][0]["layers"][0], "hex-dump");
    let said = String::from_utf8(best.stderr).unwrap();
    assert_eq!(said, "spnscope: some of this can be read in another way, with --read-as hex.\n");
    let asked = run(&["decode", "--format", "json", "--read-as", "hex"], &dump);
    assert_eq!(json(&asked)["tokens"][0]["layers"][0], "hex");
    assert!(asked.stderr.is_empty());
}

#[test]
fn wrong_usage_ends_with_2() {
    for arguments in [
        &["decode", "--read-as", "rot13"][..],
        &["decode", "--format", "xml"],
        &["decode", "--server-ip", "ten"],
        &["decode", "--nt-hash", "abc"],
        &["decode", "no/such/file"],
        &["decode", "--password-file", "no/such/file"],
        &[],
    ] {
        let output = run(arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn the_text_report_says_the_verdict_first() {
    let mut arguments = vec!["decode"];
    arguments.extend(STORY);
    let output = run(&arguments, &text("vectors/t1.b64"));
    let report = String::from_utf8(output.stdout).unwrap();
    let line = |wanted: &str| report.lines().position(|line| line.contains(wanted));
    let verdict = line("Level 1 Accept if provided by client: denied").expect("the verdict");
    assert!(verdict < line("AUTHENTICATE, 370 bytes").expect("the message"));
    assert!(line("Value 316-345: cifs/10.0.0.100").is_some());
}
