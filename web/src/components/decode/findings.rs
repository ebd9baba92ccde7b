//! The findings: what is odd or wrong in the message.

use spnscope::base::finding::Severity;
use spnscope_page::view::{DecodeView, FindingRow};
use yew::prelude::*;

use super::jump::Jump;
use crate::{
    components::common::{data_text::visible, each::each, icon::Icon},
    store::Shared,
};

/// Props of [`Findings`].
#[derive(PartialEq, Properties)]
pub(crate) struct FindingsProps {
    /// The view of the chosen message.
    pub(crate) view: Shared,
}

/// The findings, drawn anew only with another view.
#[component]
pub(crate) fn Findings(props: &FindingsProps) -> Html {
    findings(&props.view)
}

/// Draws the findings, worst first. If something is wrong, the rest is folded after it.
pub(super) fn findings(view: &DecodeView) -> Html {
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
                <span class="quiet small">{ counts(&view.findings) }</span>
            </div>
            { list(first, len) }
            <details class="fold" hidden={rest.is_empty()}>
                <summary>{ counts(rest) }</summary>
                { list(rest, len) }
            </details>
        </section>
    }
}

fn list(findings: &[FindingRow], len: usize) -> Html {
    let rows = each(findings, |index, finding| row(index, finding, len));
    html! { <ul class="findings">{ rows }</ul> }
}

/// Counts the findings: `1 error, 2 notes`.
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

fn row(index: usize, finding: &FindingRow, len: usize) -> Html {
    let (class, icon, word) = match finding.severity {
        Severity::Error => ("finding--error", Icon::Error, "Error"),
        Severity::Warning => ("finding--warning", Icon::Warning, "Warning"),
        Severity::Note => ("finding--note", Icon::Note, "Note"),
    };
    html! {
        <li key={index} class={classes!("finding", class)}>
            <span class="finding__severity">{ icon.draw("") }{ word }</span>
            <span class="finding__text">
                { visible(&finding.message) }
                { " " }
                <span class="quiet">{ finding.explanation }</span>
            </span>
            <span class="finding__code">{ finding.code }</span>
            <span class="finding__at">{ place(finding, len) }</span>
        </li>
    }
}

/// Draws the place of a finding: a jump to the bytes if they are the message's, else the layer
/// around it.
fn place(finding: &FindingRow, len: usize) -> Html {
    if finding.layer.is_empty() {
        return html! { <Jump span={finding.span} {len} what={finding.code} /> };
    }
    html! { { format!("{}, {}", finding.layer, finding.span) } }
}
