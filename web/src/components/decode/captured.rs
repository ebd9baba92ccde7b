//! The facts that the capture itself shows, before anything simulated.

use spnscope::base::finding::Severity;
use spnscope_page::view::CapturedView;
use yew::prelude::*;

use crate::components::common::{data_text::data_text, each::each, icon::Icon};

/// Draws the real answer with its ends, transport and time, then its comparison with the simulated
/// one.
pub(super) fn captured(view: &CapturedView) -> Html {
    let (class, icon) = match view.is_accepted {
        Some(true) => ("is-accept", Some(Icon::Tick)),
        Some(false) => ("is-deny", Some(Icon::Cross)),
        None => ("", None),
    };
    let meaning = view.meaning.map(|meaning| format!(": {meaning}"));
    let facts = each(&view.facts, |_, (label, value)| {
        html! { <div><dt>{ *label }</dt><dd>{ data_text(value) }</dd></div> }
    });
    let connected_as = view.connected_as.as_ref().map(|name| {
        html! {
            <div>
                <dt>{ "The client says it connects to" }</dt>
                <dd>{ data_text(name) }{ ", which no proof covers" }</dd>
            </div>
        }
    });
    let compared = view.compared.map(|compared| {
        let is_warning = compared.severity > Severity::Note;
        let icon = is_warning.then(|| Icon::Warning.draw("captured__icon"));
        let word = if is_warning { "Warning: " } else { "" };
        html! {
            <p class={classes!("captured__compared", is_warning.then_some("is-warning"))}>
                { icon }
                <span class="visually-hidden">{ word }</span>
                { compared.sentence }
            </p>
        }
    });
    html! {
        <section key="captured" class="captured bench__wide" aria-labelledby="captured-h">
            <h2 class="visually-hidden" id="captured-h">{ "What the capture shows" }</h2>
            <p class="captured__answer">
                <b class={classes!(class)}>
                    { icon.map(|icon| icon.draw("captured__icon")) }
                    { view.answer }
                    { if view.status.is_empty() { "." } else { ": " } }
                    <span class="captured__status">{ data_text(&view.status) }</span>
                </b>
                <span class="quiet">{ meaning }</span>
            </p>
            <dl class="captured__facts">{ facts }{ connected_as }</dl>
            { compared }
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::fixture;

    #[tokio::test(flavor = "current_thread")]
    async fn the_real_answer_is_named_and_compared_with_the_simulated_one() {
        let page = fixture::page(|| {
            let view = fixture::put(include_bytes!(
                "../../../../tests/fixtures/captures/smb3-wrong-password.pcapng"
            ));
            captured(view.captured.as_ref().expect("it is a capture"))
        })
        .await;
        let captured = page.by_role("region", "What the capture shows");
        captured.by_role("strong", "Refused in this capture: STATUS_LOGON_FAILURE (0xC000006D)");
        assert!(captured.says("the user name or the password is wrong"), "{captured:?}");
        let [compared] = captured.with_class("is-warning")[..] else {
            panic!("no warning: {captured:?}")
        };
        assert!(compared.text().starts_with("Warning: "), "{compared:?}");
        for fact in ["10.10.10.20:38012", "10, 11, 12, 13"] {
            assert_eq!(captured.saying("definition", fact).len(), 1, "{fact}: {captured:?}");
        }
    }
}
