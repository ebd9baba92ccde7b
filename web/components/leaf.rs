//! Small elements without behaviour. Through one function each of them costs a call instead of some
//! hundred bytes of WebAssembly.

use yew::{
    prelude::*,
    virtual_dom::{VTag, VText},
};

/// `<span class="…">content</span>`
pub(super) fn span(class: &'static str, content: Html) -> Html {
    element("span", class, content)
}

/// `<p class="…">content</p>`
pub(super) fn paragraph(class: &'static str, content: Html) -> Html {
    element("p", class, content)
}

/// An element with nothing but a class, which may be empty, and its content.
pub(super) fn element(name: &'static str, class: &'static str, content: Html) -> Html {
    let mut tag = VTag::new(name);
    if !class.is_empty() {
        tag.add_attribute("class", class);
    }
    tag.add_child(content);
    tag.into()
}

/// Words of ours; for those of others see `data_text`.
pub(super) fn text(words: impl Into<AttrValue>) -> Html {
    VText::new(words.into()).into()
}
