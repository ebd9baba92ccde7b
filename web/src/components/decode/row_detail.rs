//! What a selected field is, under its row: where the window has no room for the inspector beside
//! the tree.

use spnscope_page::view::FieldRow;
use yew::prelude::*;

use super::jump::range_words;
use crate::components::common::data_text::{cut, data_text};

/// The most characters of a value that are shown.
const VALUE: usize = 400;

/// Name and value in full, what the field is, its bytes and where the specification has it.
pub(super) fn row_detail(row: &FieldRow) -> Html {
    let bytes = if row.span.is_empty() { "no bytes".to_owned() } else { range_words(row.span) };
    html! {
        <div key="detail" class="field-tree__detail" role="row">
            <div role="gridcell">
                <p class="field-tree__whole">
                    <b>{ row.name.clone() }</b>
                    { " " }
                    <span class={if row.is_data { "mono" } else { "quiet" }}>
                        { data_text(&cut(&row.value, VALUE)) }
                    </span>
                </p>
                <p>{ row.explanation }</p>
                <p class="quiet">{ bytes }{ ", " }{ row.section.join(" ") }</p>
            </div>
        </div>
    }
}
