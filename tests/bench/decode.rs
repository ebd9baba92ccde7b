//! How long the library takes: one message to fields and findings, its tree, a pasted sign-in to its
//! verdict, and the whole report as JSON.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use samples::{authenticates, sign_in};
use spnscope::{analysis::analyze, ntlm::Message, policy::ServerSettings, report::render_json};

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

criterion_group!(group, benches);
criterion_main!(group);
