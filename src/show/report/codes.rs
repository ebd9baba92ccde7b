//! The list of all kinds of findings.

use std::fmt::Write as _;

use serde::Serialize;

use crate::base::finding::{Code, Severity};
use crate::show::report::lines;

/// One kind of finding, as the list has it.
#[derive(Debug, Serialize)]
struct CodeReport {
    code: &'static str,
    severity: Severity,
    explanation: &'static str,
}

fn codes() -> impl Iterator<Item = CodeReport> {
    Code::ALL.iter().map(|code| CodeReport {
        code: code.as_str(),
        severity: code.severity(),
        explanation: code.explanation(),
    })
}

/// Every kind of finding with its severity and what it means, one a line.
#[must_use]
pub fn render_codes_text() -> String {
    let mut out = String::new();
    for CodeReport { code, severity, explanation } in codes() {
        let severity = format!("{severity:?}").to_lowercase();
        // Writing to a String does not fail.
        let _ = writeln!(out, "{code:32} {severity:8} {explanation}");
    }
    out
}

/// The codes as one JSON document: a list of `code`, `severity` and `explanation`.
#[must_use]
pub fn render_codes_json() -> String {
    let list: Vec<_> = codes().collect();
    lines::json(&list, 0)
}
