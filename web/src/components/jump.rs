//! From a statement to the bytes it rests on.

use spnscope::base::span::Span;
use spnscope_page::workbench::Action;
use yew::prelude::*;

use super::{
    draw::{draw, on},
    icon::Icon,
};
use crate::{dom::focus, store::act};

/// Names a range of bytes in a message of `len`; pressed, it selects them and goes there. Points at
/// them meanwhile. `what` is there, for screen readers.
pub(super) fn jump(span: Span, len: usize, what: &str, arrow: bool) -> Html {
    let select = on(move |_: Event| {
        act(Action::Select(Some(span)));
        focus::go_to_byte(span.start, len);
        // The focus points at where the keyboard was last.
        act(Action::Point(Some(span)));
    });
    draw!(
        "<button class='button button--bare {}' type=button aria-label='{}, {}: go to these bytes' \
           onmouseenter={} onmouseleave={} onclick={}>{}{}</button>",
        arrow.then_some("jump"),
        range(span),
        what.to_owned(),
        Action::Point(Some(span)),
        Action::Point(None),
        select,
        arrow.then(|| Icon::Jump.draw("")),
        range(span),
    )
}

/// A range as it is shown: both ends are in it.
pub(super) fn range(span: Span) -> String {
    match span.len() {
        0 | 1 => span.start.to_string(),
        _ => format!("{}–{}", span.start, span.end - 1),
    }
}

/// A range in words.
pub(super) fn range_words(span: Span) -> String {
    match span.len() {
        0 | 1 => format!("byte {}", span.start),
        _ => format!("bytes {} to {}", span.start, span.end - 1),
    }
}
