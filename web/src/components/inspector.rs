//! What one field is, in a sentence.

use spnscope_page::view::{FieldRow, Pasted};
use spnscope_page::workbench::Action;
use yew::prelude::*;

use super::{
    data_text::{cut, data_text},
    draw::draw,
    jump::range_words,
};

/// The most characters of a value that are shown.
const VALUE: usize = 400;

/// Name, value, explanation, bytes, and the section of the specification.
pub(super) fn inspector(row: Option<&FieldRow>, pasted: &Pasted) -> Html {
    let Some(row) = row else {
        return draw!(
            "<div key=inspector class=inspector>\
               <p class=quiet>Point at a field or at bytes to see what they are.</p>\
             </div>"
        );
    };
    let size = match row.span.len() {
        1 => String::new(),
        len => format!(" ({len})"),
    };
    let bytes =
        if row.span.is_empty() { "no bytes".to_owned() } else { range_words(row.span) + &size };
    let value = cut(&row.value, VALUE);
    let place = pasted.place(row.span);
    draw!(
        "<div key=inspector id=inspector class=inspector aria-live=polite tabindex=-1>\
           <p class=inspector__head>\
             <span class=inspector__name>{}</span><span class={}>{}</span>{}\
           </p>\
           <p>{}</p>\
           <p class=inspector__facts>\
             <span class=num>{}</span>{}<span>{}</span>\
           </p>\
         </div>",
        row.name.clone(),
        if row.is_data { "mono" } else { "quiet" },
        data_text(&value),
        row.editable.then(|| draw!(
            "<button class='button button--bare' type=button aria-label='Edit {}' onclick={}>Edit</button>",
            row.name.clone(),
            Action::Edit(Some(row.path.clone())),
        )),
        row.explanation,
        bytes,
        place.map(|place| draw!("<span class=num>pasted as {}</span>", place)),
        row.section.join(" "),
    )
}
