//! The chosen message beside another: a second box beside the first, and what differs.

use std::{ops::Deref, sync::Arc};

use spnscope_page::view::{CompareView, ComparedRow, TextRun};
use spnscope_page::workbench::SelectAction;
use yew::prelude::*;

use crate::{
    components::common::{data_text::visible, each::each},
    dom::{events, focus},
    store::use_act,
};

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

/// The second box: takes another message, of this paste or of a second one.
#[component]
pub(super) fn SecondBox(props: &CompareProps) -> Html {
    let act = use_act();
    let view = &*props.view;
    let is_open = use_state_eq(bool::default);
    let onchange = {
        let act = act.clone();
        Callback::from(move |event: Event| {
            act.emit(SelectAction::Compare(events::choice(&event)));
        })
    };
    let oninput = Callback::from(move |event: InputEvent| {
        if let Some(text) = events::area_text(&event) {
            act.emit(SelectAction::PasteOther(Arc::from(text.into_bytes())));
        }
    });
    let ontoggle = {
        let is_open = is_open.setter();
        Callback::from(move |event: Event| is_open.set(events::is_open(&event)))
    };
    html! {
        <details class="compare" id="compare" {ontoggle}>
            <summary>{ "Compare with another" }</summary>
            <textarea
                id="compare-paste"
                class="input mono"
                rows="1"
                spellcheck="false"
                autocomplete="off"
                autocapitalize="off"
                aria-label="Paste a second one, to compare"
                placeholder="Paste a second one here"
                {oninput}
            />
            <p class="compare__choose small">
                <label for="compare-choice">{ "Compare with" }</label>
                { " " }
                <select
                    id="compare-choice"
                    class="input"
                    {onchange}
                    disabled={view.choices.is_empty()}
                >
                    // A capture can have thousands: they are not drawn before somebody looks.
                    { is_open.then(|| choices(view)) }
                </select>
            </p>
        </details>
    }
}

/// The messages to choose from, and none of them.
fn choices(view: &CompareView) -> Html {
    let choices = each(&view.choices, |_, (index, name)| {
        html! {
            <option
                key={*index}
                value={index.to_string()}
                selected={view.chosen == Some(*index)}
            >
                { name.clone() }
            </option>
        }
    });
    html! {
        <>
            <option key="none" value="" selected={view.chosen.is_none()}>{ "no message" }</option>
            { choices }
        </>
    }
}

/// Props of [`SecondBox`] and [`Compare`].
#[derive(PartialEq, Properties)]
pub(crate) struct CompareProps {
    /// The two messages.
    pub(crate) view: Compared,
}

/// The differences of the two; nothing if none is chosen to compare with.
#[component]
pub(crate) fn Compare(props: &CompareProps) -> Html {
    let act = use_act();
    let view = &*props.view;
    let close = Callback::from(move |_: MouseEvent| {
        act.emit(SelectAction::Compare(None));
        focus::focus("main");
    });
    html! {
        <section
            class="compared"
            aria-label="What differs"
            hidden={view.chosen.is_none() && view.summary.is_empty()}
        >
            <p key="summary" class="compare__summary" role="status">
                { visible(&view.summary) }
            </p>
            <div key="rows">{ view.chosen.map(|_| table(view, close)) }</div>
        </section>
    }
}

/// Draws the differences, row by row.
fn table(view: &CompareView, close: Callback<MouseEvent>) -> Html {
    let [left, right] = &view.names;
    let rows = each(&view.rows, |index, row| {
        html! {
            <tr key={index} class={classes!((index == 0).then_some("compare__answer"))}>
                <th scope="row">{ row.name.clone() }</th>
                { each(&row.sides, |_, it| html! { <td>{ side(it.as_deref(), row) }</td> }) }
                <td>{ row.difference.clone() }</td>
            </tr>
        }
    });
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
                <tbody>{ rows }</tbody>
            </table>
            <p class="quiet small">
                { view.same }
                { " fields are the same. " }
                <button class="link" type="button" onclick={close}>{ "Stop comparing" }</button>
            </p>
        </>
    }
}

/// A value of one message, with what differs marked.
fn side(runs: Option<&[TextRun]>, row: &ComparedRow) -> Html {
    let word = match runs {
        None => "not there",
        Some([]) => "empty",
        Some(runs) => {
            let class = if row.name == "Answer" { "compare__verdict" } else { "mono" };
            let runs = each(runs, |_, run| {
                let text = visible(&run.text);
                if run.differs {
                    html! { <mark>{ text }</mark> }
                } else {
                    html! { { text } }
                }
            });
            return html! { <bdi dir="ltr" class={class}>{ runs }</bdi> };
        }
    };
    html! { <span class="quiet">{ word }</span> }
}

#[cfg(test)]
mod tests {
    use spnscope_page::workbench::{PasteAction, SelectAction, Workbench};
    use yew::ServerRenderer;

    use super::*;
    use crate::components::fixture::Part;

    const T1: &str = include_str!("../../../../tests/fixtures/vectors/t1.b64");
    const T2: &str = include_str!("../../../../tests/fixtures/vectors/t2-authenticate.b64");

    /// The choices of the second box, which are drawn once it is open, and the comparison.
    #[component]
    fn Whole(props: &CompareProps) -> Html {
        html! { <>{ choices(&props.view) }<Compare view={props.view.clone()} /></> }
    }

    async fn rendered(workbench: &Workbench) -> Part {
        let view = Compared(workbench.comparison().expect("a comparison").clone());
        let renderer = ServerRenderer::<Whole>::with_props(move || CompareProps { view });
        Part::parse(&renderer.hydratable(false).render().await)
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_other_messages_of_the_paste_can_be_chosen() {
        let pasted = Workbench::default().apply(PasteAction::Put(T1.as_bytes().into()));
        let page = rendered(&pasted).await;
        let options: Vec<_> = page.elements("option").into_iter().map(Part::name).collect();
        let [none, negotiate, challenge] = &options[..] else { panic!("not three: {options:?}") };
        assert_eq!(none, "no message");
        assert!(negotiate.contains("NEGOTIATE") && challenge.contains("CHALLENGE"), "{options:?}");
        assert_eq!(page.elements("table"), [], "{page:?}");
        let page = rendered(&pasted.apply(SelectAction::Compare(Some(1)))).await;
        page.by_role("table", "What differs").by_role("columnheader", "2 CHALLENGE, 164 bytes");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_second_paste_is_compared_at_once_or_refused_with_a_sentence() {
        let pasted = Workbench::default().apply(PasteAction::Put(T1.as_bytes().into()));
        let page = rendered(&pasted.apply(SelectAction::PasteOther(T2.as_bytes().into()))).await;
        let table = page.by_role("table", "What differs");
        assert!(!table.saying("rowheader", "MsvAvTargetName").is_empty(), "{table:?}");
        let [_, answer, ..] = table.elements("row")[..] else { panic!("no rows: {table:?}") };
        assert!(answer.has_class("compare__answer"), "{answer:?}");
        answer.by_role("rowheader", "Answer");
        assert!(!table.elements("mark").is_empty(), "{table:?}");
        let page =
            rendered(&pasted.apply(SelectAction::PasteOther(b"hello".as_slice().into()))).await;
        assert_eq!(page.saying("status", "NTLMSSP").len(), 1, "{page:?}");
        assert_eq!(page.elements("table"), [], "{page:?}");
    }
}
