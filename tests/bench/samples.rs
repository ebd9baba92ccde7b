//! What is measured.

use std::{fs, path::Path};

use serde_json::Value;

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// AUTHENTICATE messages in base64: the vector that has nearly every kind of AV pair, and the largest that
/// a real client sent. `peers.py` takes the same two.
#[must_use]
pub fn authenticates() -> [(&'static str, String); 2] {
    let lines = fixture("captures/messages.jsonl");
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("a JSON line"));
    let largest = lines
        .filter(|line| line["type"] == 3)
        .max_by_key(|line| line["length"].as_u64())
        .expect("an AUTHENTICATE");
    let largest = largest["base64"].as_str().expect("base64").to_owned();
    [("t1", fixture("vectors/t1-authenticate.b64").trim().to_owned()), ("largest", largest)]
}

/// The three messages of a sign-in, as one pastes them.
#[must_use]
pub fn sign_in() -> String {
    fixture("vectors/t1.b64")
}
