//! The readouts: the statements of the client.

use spnscope::base::finding::Severity;
use spnscope::judge::proof::ProofVerdict;
use spnscope_page::view::{DecodeView, FindingRow, Mark, Readout};
use yew::prelude::*;

use super::{findings::counts, jump::Jump};
use crate::components::common::{
    data_text::{account_text, data_text, visible},
    each::each,
    icon::Icon,
};

/// Draws the readouts under the headline.
pub(super) fn readouts(view: &DecodeView) -> Html {
    let len = view.bytes.len();
    html! {
        <section key="said" class="bench__said" aria-labelledby="said-h">
            <h2 class="visually-hidden" id="said-h">{ "What the message says" }</h2>
            <dl class="said">
                { each(&view.readouts, |_, readout| draw_readout(readout, len)) }
                <dt>{ "Findings" }</dt>
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

fn draw_readout(readout: &Readout, len: usize) -> Html {
    let Some(mark) = readout.mark else { return draw_plain(readout) };
    let class = mark_class(mark);
    let word = (!readout.is_data).then_some("said__big--word");
    // The colour of the mark only shows its place.
    let (proven, icon) = match readout.proven {
        Some(ProofVerdict::Valid) => ("is-right", Some(Icon::Tick)),
        Some(ProofVerdict::Invalid) => ("is-wrong", Some(Icon::Cross)),
        _ => ("mark", None),
    };
    html! {
        <>
            <dt class={classes!(class)}>{ readout.label }</dt>
            <dd class={classes!(class, "said__value")}>
                <span class={classes!("said__big", proven, word)}>
                    { icon.map(|icon| icon.draw("")) }
                    { data_text(&readout.value) }
                </span>
                { each(&readout.notes, |_, note| html! { <span class="said__note">{ visible(note) }</span> }) }
                { readout.span.map(|span| html! { <Jump {span} {len} what={readout.label} icon={Icon::Jump} /> }) }
            </dd>
        </>
    }
}

/// Draws the user in one line, for windows in which the readouts are further down.
pub(super) fn signer(view: &DecodeView) -> Html {
    let signer = view.readouts.iter().find(|readout| is_account(readout)).map(|readout| {
        let from = readout.notes.iter().find(|note| note.starts_with("from "));
        html! {
            <>
                { "Signs in: " }
                <b>{ account_text(&readout.value) }</b>
                { " " }
                { from.map(|from| data_text(from)) }
            </>
        }
    });
    html! { <p key="signer" class="signer bench__wide">{ signer }</p> }
}

/// Returns true if the readout names an account.
fn is_account(readout: &Readout) -> bool {
    readout.label == "Sign-in"
}

fn draw_plain(readout: &Readout) -> Html {
    html! {
        <>
            <dt>{ readout.label }</dt>
            <dd class="small">
                <p class="who">
                    <b>{ if is_account(readout) { account_text(&readout.value) } else { data_text(&readout.value) } }</b>
                    { each(&readout.notes, |_, note| html! { <span>{ data_text(note) }</span> }) }
                </p>
            </dd>
        </>
    }
}

fn findings(findings: &[FindingRow]) -> Html {
    if findings.is_empty() {
        return html! { { "No findings" } };
    }
    let wrong = findings.iter().any(|finding| finding.severity > Severity::Note);
    let first = if wrong { "" } else { "Nothing wrong; " };
    html! {
        <>
            { first }
            <a href="#findings">{ counts(findings) }</a>
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::fixture;

    #[tokio::test(flavor = "current_thread")]
    async fn the_target_name_and_the_mic_are_marked_and_lead_to_their_bytes() {
        let page = fixture::page(|| readouts(&fixture::story())).await;
        let [name] = page.saying("definition", "312–345")[..] else { panic!("{page:?}") };
        assert!(name.says("cifs/10.0.0.100") && name.has_class("is-target-name"), "{name:?}");
        let [mic] = page.saying("definition", "72–87")[..] else { panic!("{page:?}") };
        assert!(mic.has_class("is-mic"), "{mic:?}");
        for value in [name, mic] {
            let [big] = value.with_class("said__big")[..] else { panic!("{value:?}") };
            assert!(big.has_class("mark"), "{big:?}");
        }
        assert_eq!(page.saying("definition", "Nothing wrong; ").len(), 1, "{page:?}");
    }
}
