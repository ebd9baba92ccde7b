//! The test data, and how it is read.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use spnscope::analysis::{Analysis, analyze};
use spnscope::judge::smb::{EventId, ServerSettings};
use spnscope::message::{
    field::{FieldPath, Name},
    ntlm::Message,
};

/// The numbers of events.
pub(crate) fn numbers(events: &[EventId]) -> Vec<u16> {
    events.iter().map(|event| event.number()).collect()
}

/// A file below `tests/fixtures`.
pub(crate) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// The text of a file below `tests/fixtures`.
pub(crate) fn text(name: &str) -> String {
    let path = path(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The lines of a file below `tests/fixtures/captures`, one JSON value each.
pub(crate) fn lines(name: &str) -> Vec<Value> {
    json_lines(&text(&format!("captures/{name}")))
}

fn json_lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
}

/// The bytes that a JSON string of base64 stands for.
pub(crate) fn bytes(value: &Value) -> Vec<u8> {
    STANDARD.decode(value.as_str().expect("base64")).expect("base64")
}

/// The bytes of hex digits, read without the library under test.
pub(crate) fn unhex(hex: &str) -> Vec<u8> {
    let hex = hex.trim();
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex digits"))
        .collect()
}

/// The message that the bytes are.
pub(crate) fn parse(bytes: &[u8]) -> Message {
    Message::parse(Arc::from(bytes)).expect("a message")
}

/// Every message of the fixtures, with a name for failures.
pub(crate) fn every_message() -> Vec<(String, Vec<u8>)> {
    let mut messages: Vec<(String, Vec<u8>)> = Vec::new();
    for line in lines("messages.jsonl") {
        let name = format!("{} frame {}", line["capture"], line["frame"]);
        messages.push((name, bytes(&line["base64"])));
    }
    for file in fs::read_dir(path("vectors")).expect("the vectors").map(|file| file.unwrap()) {
        let name = file.file_name().into_string().expect("a plain name");
        let text = fs::read_to_string(file.path()).expect("a text file");
        for line in text.lines() {
            let bytes = if file.path().extension() == Some("hex".as_ref()) {
                unhex(line)
            } else {
                STANDARD.decode(line).unwrap()
            };
            messages.push((name.clone(), bytes));
        }
    }
    messages.sort_by(|one, other| one.1.cmp(&other.1));
    messages.dedup_by(|one, other| one.1 == other.1);
    assert!(messages.len() > 100, "only {} messages were found", messages.len());
    messages
}

/// The server of the story: DCFR, dcfr.lab.lan, 10.0.0.11.
pub(crate) fn story_server() -> ServerSettings {
    ServerSettings {
        names: vec!["DCFR".into(), "dcfr.lab.lan".into()],
        addresses: vec!["10.0.0.11".parse().unwrap()],
        ..ServerSettings::default()
    }
}

/// The three messages of a line of `exchanges.jsonl`, as one pastes them.
pub(crate) fn pasted(line: &Value) -> String {
    ["negotiate", "challenge", "authenticate"]
        .map(|kind| line[kind].as_str().expect("base64"))
        .join("\n")
}

/// The analysis of a paste without a secret.
pub(crate) fn analysis(pasted: &str, server: &ServerSettings) -> Analysis {
    analyze(pasted.as_bytes(), server, None)
}

/// The path that is written like this, whether or not a message has such a field.
pub(crate) fn field_path(text: &str) -> FieldPath {
    let mut steps = Vec::new();
    for step in text.split('.') {
        let (name, index) = step.split_once('[').unwrap_or((step, ""));
        // Names are those of the specification, and few.
        steps.push(Name::Field(name.to_owned().leak()));
        if let Some(index) = index.strip_suffix(']') {
            steps.push(Name::Index(index.parse().unwrap()));
        }
    }
    let path = FieldPath::new(&steps);
    assert_eq!(path.to_string(), text);
    path
}
