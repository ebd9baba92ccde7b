//! The time the library takes: one message to fields and findings, its tree, a pasted sign-in to
//! its verdict, and the whole report as JSON. `make bench` does not run it: it is for work on the
//! library, by `cargo bench --manifest-path tests/bench/Cargo.toml`.

#![allow(clippy::disallowed_methods, reason = "it reads the messages that it decodes")]

use std::{fs, path::Path, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use serde_json::Value;
use spnscope::analysis::analyze;
use spnscope::judge::smb::ServerSettings;
use spnscope::message::ntlm::Message;
use spnscope::show::report::render_json;

fn benches(criterion: &mut Criterion) {
    let server = ServerSettings {
        names: vec!["DCFR".into(), "dcfr.lab.lan".into()],
        addresses: vec!["10.0.0.11".parse().expect("an address")],
        ..ServerSettings::default()
    };
    for (name, text) in authenticates() {
        let bytes: Arc<[u8]> = STANDARD.decode(&text).expect("base64").into();
        let message = Message::parse(Arc::clone(&bytes)).expect("a message");
        let mut decode = criterion.benchmark_group("authenticate");
        decode.throughput(Throughput::Elements(1));
        decode.bench_function(BenchmarkId::new("fields-and-findings", name), |bench| {
            bench.iter(|| Message::parse(Arc::clone(&bytes)));
        });
        decode.bench_function(BenchmarkId::new("tree", name), |bench| {
            bench.iter(|| message.field());
        });
        decode.bench_function(BenchmarkId::new("json-report", name), |bench| {
            bench.iter(|| render_json(&analyze(text.as_bytes(), &server, None)));
        });
        decode.finish();
    }
    let pasted = sign_in();
    let mut paste = criterion.benchmark_group("sign-in");
    paste.throughput(Throughput::Bytes(pasted.len() as u64));
    paste.bench_function("analyze", |bench| {
        bench.iter(|| analyze(pasted.as_bytes(), &server, None));
    });
    paste.bench_function("json-report", |bench| {
        bench.iter(|| render_json(&analyze(pasted.as_bytes(), &server, None)));
    });
    paste.finish();
}

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// AUTHENTICATE messages in base64: the vector that has nearly every kind of AV pair, and the
/// largest that a real client sent.
fn authenticates() -> [(&'static str, String); 2] {
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
fn sign_in() -> String {
    fixture("vectors/t1.b64")
}

criterion_group!(group, benches);
criterion_main!(group);
