//! What is odd or wrong in the message.

use spnscope::base::finding::Severity;
use spnscope_page::view::{DecodeView, FindingRow};
use yew::prelude::*;

use super::{
    draw::{draw, each},
    icon::Icon,
    jump::jump,
    visible,
};

/// The findings, worst first. Where something is wrong, what is not stands folded behind it.
pub(super) fn findings(view: &DecodeView) -> Html {
    let len = view.bytes.len();
    let worst = |finding: &&FindingRow| finding.severity > Severity::Note;
    let wrong = view.findings.iter().filter(worst).count();
    let (first, rest) = view.findings.split_at(if wrong > 0 { wrong } else { view.findings.len() });
    draw!(
        "<section key=findings class='section bench__wide' id=findings aria-labelledby=findings-h hidden={}>\
           <div class=section__head>\
             <h2 id=findings-h>Findings</h2><span class='quiet small'>{}</span>\
           </div>\
           {}<details class=fold hidden={}><summary>{}</summary>{}</details>\
         </section>",
        view.findings.is_empty(),
        counts(&view.findings),
        list(first, len),
        rest.is_empty(),
        counts(rest),
        list(rest, len),
    )
}

fn list(findings: &[FindingRow], len: usize) -> Html {
    let rows = each(findings, |index, finding| row(index, finding, len));
    draw!("<ul class=findings>{}</ul>", rows)
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

fn row(index: usize, finding: &FindingRow, len: usize) -> Html {
    let (class, icon, word) = match finding.severity {
        Severity::Error => ("finding--error", Icon::Error, "Error"),
        Severity::Warning => ("finding--warning", Icon::Warning, "Warning"),
        Severity::Note => ("finding--note", Icon::Note, "Note"),
    };
    draw!(
        "<li key={} class='finding {}'>\
           <span class=finding__severity>{}{}</span>\
           <span class=finding__text>{} <span class=quiet>{}</span></span>\
           <span class=finding__code>{}</span>\
           <span class=finding__at>{}</span>\
         </li>",
        index,
        class,
        icon.draw(""),
        word,
        visible(&finding.message),
        finding.explanation,
        finding.code,
        place(finding, len),
    )
}

/// Where it is: a way to the bytes, where they are the message's; else the layer around it.
fn place(finding: &FindingRow, len: usize) -> Html {
    if finding.layer.is_empty() {
        return jump(finding.span, len, finding.code, false);
    }
    draw!("{}", format!("{}, {}", finding.layer, finding.span))
}
