//! What one field is, in a sentence.

use spnscope::view::FieldRow;
use yew::prelude::*;

use super::{
    data_text::{cut, data_text},
    jump::range_words,
    leaf::{element, paragraph, span, text},
};

/// The most characters of a value that are shown.
const VALUE: usize = 400;

/// Name, value, explanation, bytes, and the section of the specification.
pub(super) fn inspector(row: Option<&FieldRow>) -> Html {
    let Some(row) = row else {
        return html! {
            <div key="inspector" class="inspector">
                { paragraph("quiet", text("Point at a field or at bytes to see what they are.")) }
            </div>
        };
    };
    let size = match row.span.len() {
        1 => String::new(),
        len => format!(" ({len})"),
    };
    let bytes =
        if row.span.is_empty() { "no bytes".to_owned() } else { range_words(row.span) + &size };
    let value = cut(&row.value, VALUE);
    html! {
        <div key="inspector" class="inspector" aria-live="polite">
            <p class="inspector__head">
                { span("inspector__name", text(row.name.clone())) }
                <span class={if row.is_data { "mono" } else { "quiet" }}>{ data_text(&value) }</span>
            </p>
            { element("p", "", text(row.explanation)) }
            <p class="inspector__facts">
                { span("num", text(bytes)) }
                <span>{ row.section.join(" ") }</span>
            </p>
        </div>
    }
}
