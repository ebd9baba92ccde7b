//! The inspector: one field, explained in a sentence.

use spnscope_page::workbench::EditAction;
use yew::prelude::*;

use super::jump::range_words;
use crate::{
    components::common::data_text::{cut, data_text},
    store::{Shared, use_act},
};

/// The length of the longest value shown whole, in characters.
const MAX_VALUE_LEN: usize = 400;

/// Props of [`Inspector`].
#[derive(PartialEq, Properties)]
pub(crate) struct InspectorProps {
    /// The view of the chosen message.
    pub(crate) view: Shared,
    /// The index of the field.
    pub(crate) row: Option<usize>,
}

/// The name, value, explanation, bytes, and section of the specification.
#[component]
pub(crate) fn Inspector(props: &InspectorProps) -> Html {
    let act = use_act();
    let Some(row) = props.row.and_then(|row| props.view.fields.get(row)) else {
        return html! {
            <div key="none" class="inspector">
                <p class="quiet">{ "Point at a field or at bytes to see what they are." }</p>
            </div>
        };
    };
    let size = match row.span.len() {
        1 => String::new(),
        len => format!(" ({len})"),
    };
    let bytes =
        if row.span.is_empty() { "no bytes".to_owned() } else { range_words(row.span) + &size };
    let value = cut(&row.value, MAX_VALUE_LEN);
    let place = props.view.pasted.place(row.span);
    html! {
        <div key="field" id="inspector" class="inspector" aria-live="polite" tabindex="-1">
            <p class="inspector__head">
                <span class="inspector__name">{ &row.name }</span>
                <span class={if row.is_data { "mono" } else { "quiet" }}>
                    { data_text(&value) }
                </span>
                if row.editable {
                    <button
                        class="button button--bare"
                        type="button"
                        aria-label={format!("Edit {}", row.name)}
                        onclick={act.on(EditAction::Open(Some(row.path.clone())))}
                    >
                        { "Edit" }
                    </button>
                }
            </p>
            <p>{ row.explanation }</p>
            <p class="inspector__facts">
                <span class="num">{ bytes }</span>
                if let Some(place) = place {
                    <span class="num">{ "pasted as " }{ place }</span>
                }
                <span>{ row.section.join(" ") }</span>
            </p>
        </div>
    }
}
