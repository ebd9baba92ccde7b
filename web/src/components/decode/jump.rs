//! The jump from a statement to its bytes.

use spnscope::base::span::Span;
use spnscope_page::workbench::SelectAction;
use yew::prelude::*;

use super::pointing::use_point;
use crate::{components::common::icon::Icon, dom::focus, store::use_act};

/// Props of [`Jump`].
#[derive(PartialEq, Properties)]
pub(crate) struct JumpProps {
    /// The bytes.
    pub(crate) span: Span,
    /// The length of the message, in bytes.
    pub(crate) len: usize,
    /// The name of the bytes, for screen readers.
    pub(crate) what: AttrValue,
    /// The icon before the range.
    #[prop_or_default]
    pub(crate) icon: Option<Icon>,
}

/// A button with a range of bytes, which selects them and goes there. While it is hovered or
/// focused, it points at them.
#[component]
pub(crate) fn Jump(props: &JumpProps) -> Html {
    let JumpProps { span, len, what, icon } = props;
    let (span, len) = (*span, *len);
    let (act, point) = (use_act(), use_point());
    let onclick = {
        let point = point.clone();
        move |_: MouseEvent| {
            act.emit(SelectAction::Bytes(Some(span)));
            focus::go_to_byte(span.start, len);
            // The focus points at the keyboard's last position.
            point.emit(Some(span));
        }
    };
    html! {
        <button
            class={classes!("button", "button--bare", icon.map(|_| "jump"))}
            type="button"
            aria-label={format!("{}, {what}: go to these bytes", range(span))}
            onmouseenter={point.on(Some(span))}
            onmouseleave={point.on(None)}
            {onclick}
        >
            { icon.map(|icon| icon.draw("")) }
            { range(span) }
        </button>
    }
}

/// A range for people, with both ends inclusive.
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
