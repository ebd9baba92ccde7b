//! A selected field, explained under its row in windows without room for the inspector.

use spnscope_page::view::FieldRow;
use yew::prelude::*;

use super::jump::range_words;
use crate::components::common::data_text::{cut, data_text};

/// The length of the longest value shown whole, in characters.
const MAX_VALUE_LEN: usize = 400;

/// Draws the name and value in full, the explanation, the bytes and the section of the
/// specification.
pub(super) fn row_detail(row: &FieldRow) -> Html {
    let bytes = if row.span.is_empty() { "no bytes".to_owned() } else { range_words(row.span) };
    html! {
        <div key="detail" class="field-tree__detail" role="row">
            <div role="gridcell">
                <p class="field-tree__whole">
                    <b>{ row.name.clone() }</b>
                    { " " }
                    <span class={if row.is_data { "mono" } else { "quiet" }}>
                        { data_text(&cut(&row.value, MAX_VALUE_LEN)) }
                    </span>
                </p>
                <p>{ row.explanation }</p>
                <p class="quiet">{ bytes }{ ", " }{ row.section.join(" ") }</p>
            </div>
        </div>
    }
}
