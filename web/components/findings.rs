//! What is odd or wrong in the message.

use spnscope::{
    finding::Severity,
    view::{DecodeView, FindingRow},
    workbench::Action,
};
use yew::prelude::*;

use super::{
    icon::Icon,
    jump::jump,
    leaf::{element, span, text},
    visible,
};

/// The findings, worst first. Where something is wrong, what is not stands folded behind it.
pub(super) fn findings(view: &DecodeView, dispatch: &Callback<Action>) -> Html {
    let len = view.bytes.len();
    let worst = |finding: &&FindingRow| finding.severity > Severity::Note;
    let wrong = view.findings.iter().filter(worst).count();
    let (first, rest) = view.findings.split_at(if wrong > 0 { wrong } else { view.findings.len() });
    html! {
        <section
            key="findings"
            class="section bench__wide"
            id="findings"
            aria-labelledby="findings-h"
            hidden={view.findings.is_empty()}
        >
            <div class="section__head">
                <h2 id="findings-h">{ "Findings" }</h2>
                { span("quiet small", text(counts(&view.findings))) }
            </div>
            { list(first, len, dispatch) }
            <details class="fold" hidden={rest.is_empty()}>
                { element("summary", "", text(counts(rest))) }
                { list(rest, len, dispatch) }
            </details>
        </section>
    }
}

fn list(findings: &[FindingRow], len: usize, dispatch: &Callback<Action>) -> Html {
    let rows = findings.iter().enumerate().map(|(index, finding)| {
        html! {
            <li key={index} class={classes!("finding", class(finding.severity))}>
                { row(finding, len, dispatch) }
            </li>
        }
    });
    html! { <ul class="findings">{ for rows }</ul> }
}

/// `1 error, 2 notes`
pub(super) fn counts(findings: &[FindingRow]) -> String {
    let kinds =
        [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let counts = kinds.into_iter().filter_map(|(severity, word)| {
        let count = findings.iter().filter(|finding| finding.severity == severity).count();
        match count {
            0 => None,
            1 => Some(format!("1 {word}")),
            _ => Some(format!("{count} {word}s")),
        }
    });
    counts.collect::<Vec<_>>().join(", ")
}

fn row(finding: &FindingRow, len: usize, dispatch: &Callback<Action>) -> Html {
    let (icon, word) = match finding.severity {
        Severity::Error => (Icon::Error, "Error"),
        Severity::Warning => (Icon::Warning, "Warning"),
        Severity::Note => (Icon::Note, "Note"),
    };
    html! {
        <>
            <span class="finding__severity">{ icon.draw("") }{ word }</span>
            <span class="finding__text">
                { visible(&finding.message) }
                { " " }
                { span("quiet", text(finding.explanation)) }
            </span>
            { span("finding__code", text(finding.code)) }
            { span("finding__at", place(finding, len, dispatch)) }
        </>
    }
}

/// Where it is: a way to the bytes, where they are the message's; else the layer around it.
fn place(finding: &FindingRow, len: usize, dispatch: &Callback<Action>) -> Html {
    if finding.layer.is_empty() {
        return jump(finding.span, len, finding.code, false, dispatch);
    }
    text(format!("{}, {}", finding.layer, finding.span))
}

const fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "finding--error",
        Severity::Warning => "finding--warning",
        Severity::Note => "finding--note",
    }
}
