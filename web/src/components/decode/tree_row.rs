//! One field of the message, as a row.

use spnscope::base::finding::Severity;
use spnscope_page::view::FieldRow;
use yew::prelude::*;

use super::{jump::range, readouts::mark_class};
use crate::{
    components::common::data_text::{cut, data_text},
    dom::events::span_attribute,
    store::Shared,
};

/// The lengths of the longest values in a row and in its tool tip, in characters.
const MAX_VALUE_LENS: (usize, usize) = (160, 400);

/// Props of [`TreeRow`].
#[derive(PartialEq, Properties)]
pub(crate) struct TreeRowProps {
    /// The view of the chosen message.
    pub(crate) view: Shared,
    /// The index of the field.
    pub(crate) index: usize,
    /// True if the fields in it are shown.
    pub(crate) open: bool,
    /// True if it is selected.
    pub(crate) selected: bool,
    /// True if it is pointed at.
    pub(crate) pointed: bool,
    /// True if it is the stop of the Tab key.
    pub(crate) focusable: bool,
}

/// A row for one field.
#[component]
pub(crate) fn TreeRow(props: &TreeRowProps) -> Html {
    let Some(row) = props.view.fields.get(props.index) else {
        return html! { <div role="row"></div> };
    };
    let is_broken = matches!(row.finding, Some(Severity::Error | Severity::Warning));
    let classes = classes!(
        "field-tree__row",
        (row.has_children && row.open).then_some("field-tree__row--part"),
        row.mark.map(mark_class),
        row.is_gap.then_some("is-loose"),
        is_broken.then_some("is-broken"),
        row.changed.then_some("is-changed"),
        props.pointed.then_some("is-linked"),
        props.selected.then_some("is-selected"),
        row.value.is_empty().then_some("field-tree__row--bare"),
    );
    html! {
        <div
            class={classes}
            role="row"
            id={row_id(props.index)}
            aria-level={(row.depth + 1).to_string()}
            aria-expanded={row.has_children.then(|| props.open.to_string())}
            aria-selected={props.selected.to_string()}
            tabindex={if props.focusable { "0" } else { "-1" }}
            data-row={props.index.to_string()}
            data-span={span_attribute(row.span)}
        >
            <span class="field-tree__name" role="gridcell">
                for _ in 0..row.depth {
                    <span class="field-tree__indent" />
                }
                <span class="field-tree__caret">
                    if row.has_children {
                        <svg viewBox="0 0 8 8" aria-hidden="true" focusable="false">
                            <path d="M2 0l5 4-5 4z" />
                        </svg>
                    }
                </span>
                <span class="field-tree__label" title={row.name.clone()}>
                    { row.short_name().to_owned() }
                </span>
            </span>
            { value(row) }
            <span class="field-tree__at" role="gridcell">{ range(row.span) }</span>
        </div>
    }
}

fn value(row: &FieldRow) -> Html {
    let text = cut(&row.value, MAX_VALUE_LENS.0);
    let text = match row.mark {
        _ if !row.is_data => html! { text },
        Some(mark) if !row.value.is_empty() => {
            html! {
                <span class={classes!("mark", mark_class(mark))}>{ data_text(&text) }</span>
            }
        }
        _ => data_text(&text),
    };
    html! {
        <span
            class={classes!("field-tree__value", (!row.is_data).then_some("field-tree__value--said"))}
            role="gridcell"
            title={cut(&row.value, MAX_VALUE_LENS.1)}
        >
            { text }
        </span>
    }
}

/// The id of a row.
pub(super) fn row_id(index: usize) -> String {
    format!("field-{index}")
}
