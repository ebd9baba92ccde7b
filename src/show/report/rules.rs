//! The list of all rules: how do we know?

use std::fmt::Write as _;

use serde::Serialize;

use crate::judge::rule::Basis;
use crate::lab::stated_rules;
use crate::show::report::lines;

/// One rule, as the list has it.
#[derive(Debug, Serialize)]
struct RuleReport {
    code: &'static str,
    basis: Basis,
    source: &'static str,
    says: String,
}

fn rules() -> impl Iterator<Item = RuleReport> {
    stated_rules().map(|(rule, says)| RuleReport {
        code: rule.code,
        basis: rule.basis,
        source: rule.source,
        says,
    })
}

/// Every rule of the check of the target name, of what comes before it, and of the relay lab: its
/// code, what it says, how sure that is, and its source.
#[must_use]
pub fn render_rules_text() -> String {
    let mut out = String::new();
    for RuleReport { code, basis, source, says } in rules() {
        // Writing to a String does not fail.
        let _ = writeln!(out, "{code:26} {says}\n{:26} [{}; {source}]", "", basis.as_str());
    }
    out
}

/// The rules as one JSON document: a list of `code`, `basis`, `source` and `says`.
#[must_use]
pub fn render_rules_json() -> String {
    lines::json(&rules().collect::<Vec<_>>(), 0)
}
