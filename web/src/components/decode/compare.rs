//! The chosen message beside another.

use std::{ops::Deref, sync::Arc};

use spnscope::message::compare::{CompareRow, Difference, Side};
use spnscope_page::view::CompareView;
use spnscope_page::workbench::SelectAction;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::{
    components::common::data_text::{cut, data_text, visible},
    dom::events,
    store::use_act,
};

/// The most characters of a value that are shown.
const VALUE: usize = 120;

/// A comparison handed down. Every change makes a new one, so identity is equality.
#[derive(Clone, Debug)]
pub(crate) struct Compared(pub(crate) Arc<CompareView>);

impl PartialEq for Compared {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for Compared {
    type Target = CompareView;

    fn deref(&self) -> &CompareView {
        &self.0
    }
}

/// Props of [`Compare`].
#[derive(PartialEq, Properties)]
pub(crate) struct CompareProps {
    /// The two messages, and what can be chosen.
    pub(crate) view: Compared,
}

/// Chooses another message, of this paste or of a second one, and shows what differs.
#[component]
pub(crate) fn Compare(props: &CompareProps) -> Html {
    let act = use_act();
    let view = &*props.view;
    let onchange = {
        let act = act.clone();
        move |event: Event| act.emit(SelectAction::Compare(events::choice(&event)))
    };
    let oninput = move |event: InputEvent| {
        let text = event.target_unchecked_into::<HtmlTextAreaElement>().value();
        act.emit(SelectAction::PasteOther(Arc::from(text.into_bytes())));
    };
    html! {
        <details class="fold compare" id="compare">
            <summary>{ "Compare with another message" }</summary>
            <div key="with" class="compare__with">
                <p key="choose">
                    <label for="compare-choice">{ "Compare with" }</label>
                    { " " }
                    <select
                        id="compare-choice"
                        class="input"
                        {onchange}
                        disabled={view.choices.is_empty()}
                    >
                        <option key="none" value="" selected={view.chosen.is_none()}>
                            { "no message" }
                        </option>
                        for (index, name) in &view.choices {
                            <option
                                key={*index}
                                value={index.to_string()}
                                selected={view.chosen == Some(*index)}
                            >
                                { name }
                            </option>
                        }
                    </select>
                </p>
                <p key="paste" class="compare__paste">
                    <label for="compare-paste">{ "or paste one" }</label>
                    { " " }
                    <textarea
                        id="compare-paste"
                        class="input"
                        rows="1"
                        spellcheck="false"
                        autocomplete="off"
                        autocapitalize="off"
                        {oninput}
                    />
                </p>
            </div>
            <p key="summary" class="compare__summary" role="status">
                { visible(&view.summary) }
            </p>
            <div key="rows">{ table(view) }</div>
        </details>
    }
}

/// What differs, row by row.
fn table(view: &CompareView) -> Html {
    if view.chosen.is_none() {
        return html! { <div></div> };
    }
    let [left, right] = &view.names;
    html! {
        <>
            <table class="compare__table" aria-label="What differs">
                <thead>
                    <tr>
                        <th scope="col">{ "Field" }</th>
                        <th scope="col">{ left }</th>
                        <th scope="col">{ right }</th>
                        <th scope="col">{ "Difference" }</th>
                    </tr>
                </thead>
                <tbody>
                    for (index, row) in view.rows.iter().enumerate() {
                        <tr key={index}>
                            <th scope="row">{ &row.name }</th>
                            <td>{ side(row.left.as_ref()) }</td>
                            <td>{ side(row.right.as_ref()) }</td>
                            <td>{ words(row) }</td>
                        </tr>
                    }
                </tbody>
            </table>
            <p class="quiet small">{ view.same }{ " fields are the same." }</p>
        </>
    }
}

/// A value of one message.
fn side(side: Option<&Side>) -> Html {
    let word = match side {
        None => "not there",
        Some(side) if side.value.is_empty() => "empty",
        Some(side) => {
            return html! {
                <span class="mono">{ data_text(&cut(&side.value, VALUE)) }</span>
            };
        }
    };
    html! { <span class="quiet">{ word }</span> }
}

/// How a field differs, in a few words.
fn words(row: &CompareRow) -> String {
    match row.difference {
        Difference::Same => "same".to_owned(),
        Difference::Value => row.bytes.map_or_else(
            || "value".to_owned(),
            |bytes| format!("{} bytes, from byte {} on", bytes.differing, bytes.first),
        ),
        Difference::OnlyLeft => "only in the first".to_owned(),
        Difference::OnlyRight => "only in the second".to_owned(),
        Difference::Order => "order".to_owned(),
        Difference::Layout => "moved, same content".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use spnscope_page::workbench::{PasteAction, SelectAction, Workbench};
    use yew::ServerRenderer;

    use super::*;

    const T1: &str = include_str!("../../../../tests/fixtures/vectors/t1.b64");
    const T2: &str = include_str!("../../../../tests/fixtures/vectors/t2-authenticate.b64");

    async fn rendered(workbench: &Workbench) -> String {
        let view = Compared(workbench.comparison().expect("a comparison").clone());
        ServerRenderer::<Compare>::with_props(move || CompareProps { view })
            .hydratable(false)
            .render()
            .await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_other_messages_of_the_paste_can_be_chosen() {
        let pasted = Workbench::default().apply(PasteAction::Put(T1.as_bytes().into()));
        let html = rendered(&pasted).await;
        assert_eq!(html.matches("<option").count(), 3, "none, NEGOTIATE and CHALLENGE: {html}");
        assert!(!html.contains("<table"), "{html}");
        let html = rendered(&pasted.apply(SelectAction::Compare(Some(1)))).await;
        assert!(html.contains("<table") && html.contains("2 CHALLENGE, 164 bytes"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_second_paste_is_compared_at_once_or_refused_with_a_sentence() {
        let pasted = Workbench::default().apply(PasteAction::Put(T1.as_bytes().into()));
        let html = rendered(&pasted.apply(SelectAction::PasteOther(T2.as_bytes().into()))).await;
        assert!(html.contains("MsvAvTargetName"), "{html}");
        let html =
            rendered(&pasted.apply(SelectAction::PasteOther(b"hello".as_slice().into()))).await;
        assert!(html.contains("NTLMSSP") && !html.contains("<table"), "{html}");
    }
}
