//! The library, natively, as `compare.py` asks for it: one request a line on standard input, one
//! answer a line on standard output.
//!
//! `{"load": [base64, …]}`; `{"time": "decode" or "json", "seconds": 0.5}`, answered with how many
//! messages and how many seconds of the processor; `{"report": base64, "password": text or null}`.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "it measures, and is asked on standard input"
)]

use std::{
    fs,
    io::{self, BufRead as _, Write as _},
    time::Instant,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use work::{Work, report};

fn main() {
    let mut work = Work::new("");
    for line in io::stdin().lock().lines() {
        let line = line.expect("standard input is text");
        let asked: Value = serde_json::from_str(&line).expect("a request is JSON");
        let answer = if let Some(messages) = asked["load"].as_array() {
            let lines: Vec<_> =
                messages.iter().map(|text| text.as_str().expect("base64")).collect();
            work = Work::new(&lines.join("\n"));
            Value::Null
        } else if let Some(text) = asked["report"].as_str() {
            let pasted = STANDARD.decode(text).expect("base64");
            report(&pasted, asked["password"].as_str().map(str::to_owned)).into()
        } else {
            let seconds = asked["seconds"].as_f64().expect("a number");
            match asked["time"].as_str() {
                Some("decode") => time(seconds, || work.decode()),
                Some("json") => time(seconds, || work.json()),
                _ => panic!("what is asked for: {line}"),
            }
        };
        writeln!(io::stdout(), "{answer}").expect("standard output is open");
    }
}

/// Calls `run` until `seconds` have passed.
fn time(seconds: f64, run: impl Fn() -> usize) -> Value {
    let (start, before) = (Instant::now(), on_the_processor());
    let mut messages = 0;
    while start.elapsed().as_secs_f64() < seconds {
        messages += run();
    }
    json!({ "messages": messages, "seconds": on_the_processor() - before })
}

/// The seconds that this process, which has one thread, has had of the processor.
fn on_the_processor() -> f64 {
    let text =
        fs::read_to_string("/proc/self/schedstat").expect("Linux tells the time of a process");
    let nanoseconds: f64 =
        text.split(' ').next().and_then(|first| first.parse().ok()).expect("nanoseconds");
    nanoseconds / 1e9
}
