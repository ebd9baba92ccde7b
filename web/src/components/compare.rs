//! The chosen message beside another.

use std::{ops::Deref, sync::Arc};

use spnscope::message::compare::{CompareRow, Difference, Side};
use spnscope_page::view::CompareView;
use spnscope_page::workbench::Action;
use yew::prelude::*;

use super::{
    data_text::{cut, data_text},
    draw::{draw, each, on},
    visible,
};
use crate::{dom::events, store::act};

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
    let view = &*props.view;
    let onchange = on(move |event: Event| act(Action::Compare(events::choice(&event))));
    let oninput = on(move |event: Event| {
        if let Some(text) = events::area_text(&event) {
            act(Action::PasteOther(Arc::from(text.into_bytes())));
        }
    });
    let choices = each(&view.choices, |_, (index, name)| {
        let chosen = view.chosen == Some(*index);
        draw!(
            "<option key={} value={} selected={}>{}</option>",
            *index,
            *index,
            chosen,
            name.clone(),
        )
    });
    draw!(
        "<details class='fold compare' id=compare>\
           <summary>Compare with another message</summary>\
           <div key=with class=compare__with>\
             <p key=choose>\
               <label for=compare-choice>Compare with</label> \
               <select id=compare-choice class=input onchange={} disabled={}>\
                 <option key=none value='' selected={}>no message</option>{}\
               </select>\
             </p>\
             <p key=paste class=compare__paste>\
               <label for=compare-paste>or paste one</label> \
               <textarea id=compare-paste class=input rows=1 spellcheck=false autocomplete=off autocapitalize=off oninput={}/>\
             </p>\
           </div>\
           <p key=summary class=compare__summary role=status>{}</p>\
           <div key=rows>{}</div>\
         </details>",
        onchange,
        view.choices.is_empty(),
        view.chosen.is_none(),
        choices,
        oninput,
        visible(&view.summary),
        table(view),
    )
}

/// What differs, row by row.
fn table(view: &CompareView) -> Html {
    if view.chosen.is_none() {
        return draw!("<div></div>");
    }
    let rows = each(&view.rows, |index, row| {
        draw!(
            "<tr key={}><th scope=row>{}</th><td>{}</td><td>{}</td><td>{}</td></tr>",
            index,
            row.name.clone(),
            side(row.left.as_ref()),
            side(row.right.as_ref()),
            words(row),
        )
    });
    let [left, right] = view.names.clone();
    draw!(
        "<table class=compare__table aria-label='What differs'>\
           <thead><tr>\
             <th scope=col>Field</th><th scope=col>{}</th><th scope=col>{}</th><th scope=col>Difference</th>\
           </tr></thead>\
           <tbody>{}</tbody>\
         </table>\
         <p class='quiet small'>{} fields are the same.</p>",
        left,
        right,
        rows,
        view.same,
    )
}

/// A value of one message.
fn side(side: Option<&Side>) -> Html {
    let word = match side {
        None => "not there",
        Some(side) if side.value.is_empty() => "empty",
        Some(side) => {
            return draw!("<span class=mono>{}</span>", data_text(&cut(&side.value, VALUE)));
        }
    };
    draw!("<span class=quiet>{}</span>", word)
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
        Difference::Layout => "place only".to_owned(),
    }
}

#[cfg(all(test, feature = "ssr-tests"))]
mod tests {
    use spnscope_page::workbench::Workbench;
    use yew::ServerRenderer;

    use super::*;

    const T1: &str = include_str!("../../../tests/fixtures/vectors/t1.b64");
    const T2: &str = include_str!("../../../tests/fixtures/vectors/t2-authenticate.b64");

    async fn rendered(workbench: &Workbench) -> String {
        let view = Compared(workbench.comparison().expect("a comparison").clone());
        ServerRenderer::<Compare>::with_props(move || CompareProps { view })
            .hydratable(false)
            .render()
            .await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_other_messages_of_the_paste_can_be_chosen() {
        let pasted = Workbench::default().apply(Action::Paste(T1.as_bytes().into()));
        let html = rendered(&pasted).await;
        assert_eq!(html.matches("<option").count(), 3, "none, NEGOTIATE and CHALLENGE: {html}");
        assert!(!html.contains("<table"), "{html}");
        let html = rendered(&pasted.apply(Action::Compare(Some(1)))).await;
        assert!(html.contains("<table") && html.contains("2 CHALLENGE, 164 bytes"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_second_paste_is_compared_at_once_or_refused_with_a_sentence() {
        let pasted = Workbench::default().apply(Action::Paste(T1.as_bytes().into()));
        let html = rendered(&pasted.apply(Action::PasteOther(T2.as_bytes().into()))).await;
        assert!(html.contains("MsvAvTargetName"), "{html}");
        let html = rendered(&pasted.apply(Action::PasteOther(b"hello".as_slice().into()))).await;
        assert!(html.contains("NTLMSSP") && !html.contains("<table"), "{html}");
    }
}
