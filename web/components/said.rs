//! What the client said.

use spnscope::{
    finding::Severity,
    view::{DecodeView, FindingRow, Mark, Said},
    workbench::Action,
};
use yew::prelude::*;

use super::{
    data_text::data_text,
    findings::counts,
    jump::jump,
    leaf::{element, span, text},
    visible,
};

/// The read-outs under the headline.
pub(super) fn said(view: &DecodeView, dispatch: &Callback<Action>) -> Html {
    let len = view.bytes.len();
    html! {
        <section key="said" class="bench__said" aria-labelledby="said-h">
            <h2 class="visually-hidden" id="said-h">{ "What the message says" }</h2>
            <dl class="said">
                { for view.said.iter().map(|said| read_out(said, len, dispatch)) }
                { element("dt", "", text("Findings")) }
                <dd class="small">{ findings(&view.findings) }</dd>
            </dl>
        </section>
    }
}

/// The class of a mark.
pub(super) const fn mark_class(mark: Mark) -> &'static str {
    match mark {
        Mark::TargetName => "is-target-name",
        Mark::Mic => "is-mic",
    }
}

fn read_out(said: &Said, len: usize, dispatch: &Callback<Action>) -> Html {
    let Some(mark) = said.mark else { return plain(said) };
    let class = mark_class(mark);
    let word = (!said.is_data).then_some("said__big--word");
    html! {
        <>
            <dt {class}>{ said.label }</dt>
            <dd class={classes!(class, "said__value")}>
                <span class={classes!("said__big", "mark", word)}>{ data_text(&said.value) }</span>
                { for said.notes.iter().map(|note| html! { { span("said__note", text(visible(note))) } }) }
                if let Some(span) = said.span {
                    { jump(span, len, said.label, true, dispatch) }
                }
            </dd>
        </>
    }
}

fn plain(said: &Said) -> Html {
    html! {
        <>
            { element("dt", "", text(said.label)) }
            <dd class="small">
                <p class="who">
                    { element("b", "", data_text(&said.value)) }
                    { for said.notes.iter().map(|note| html! { <span>{ data_text(note) }</span> }) }
                </p>
            </dd>
        </>
    }
}

fn findings(findings: &[FindingRow]) -> Html {
    if findings.is_empty() {
        return html! { { "Nothing to remark" } };
    }
    let wrong = findings.iter().any(|finding| finding.severity > Severity::Note);
    html! {
        <>
            if !wrong { { "Nothing wrong; " } }
            <a href="#findings">{ counts(findings) }</a>
        </>
    }
}

#[cfg(all(test, feature = "ssr-tests"))]
mod tests {
    use super::*;
    use crate::components::fixture;

    #[tokio::test(flavor = "current_thread")]
    async fn the_target_name_and_the_mic_are_marked_and_lead_to_their_bytes() {
        let html = fixture::drawn(|| said(&fixture::story(), &Callback::noop())).await;
        assert!(html.contains("cifs/10.0.0.100"), "{html}");
        assert!(html.contains("312–345") && html.contains("72–87"), "{html}");
        assert_eq!(html.matches("said__big mark").count(), 2, "{html}");
        assert!(html.contains("Nothing wrong; "), "{html}");
    }
}
