//! The text area of the paste box, and the remark beside it about an input that is not shown in it.

use std::rc::Rc;

use yew::prelude::*;

use crate::dom::focus;

/// The length of the longest text of a file, of an address, or of a paste over everything, that is
/// put into the box, in bytes; browsers are slow at breaking a longer one into lines, and do so
/// again whenever the box changes its form.
pub(super) const MAX_SHOWN_LEN: usize = 64 << 10;

/// An input that the page puts into the box.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Prefill {
    /// These bytes.
    Bytes(Rc<[u8]>),
    /// A file of which only this is shown.
    File(AttrValue),
}

/// The text area, and the remarks beside it.
#[derive(Clone)]
pub(super) struct TextBox {
    /// The text area.
    pub(super) area: NodeRef,
    /// True if the strip is open, to see or change the text.
    pub(super) open: UseStateSetter<bool>,
    /// The remark about an input that is not shown.
    pub(super) file: UseStateSetter<Option<AttrValue>>,
    /// The error of a file.
    pub(super) fault: UseStateSetter<Option<AttrValue>>,
}

impl TextBox {
    /// Shows a text that was not typed there, or the remark instead.
    pub(super) fn put(&self, text: &str, instead: Option<AttrValue>) {
        focus::set_text(&self.area, text);
        self.open.set(false);
        self.say(instead);
    }

    /// Shows a text, or its length if it does not stay in the box.
    pub(super) fn put_short(&self, text: &str) {
        if text.len() > MAX_SHOWN_LEN {
            self.put("", Some(format!("{} bytes of pasted text", text.len()).into()));
        } else {
            self.put(text, None);
        }
    }

    /// Shows an input that the page puts into the box.
    pub(super) fn put_prefill(&self, prefill: &Prefill) {
        match prefill {
            Prefill::File(words) => self.put("", Some(words.clone())),
            Prefill::Bytes(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) if is_shown_as_text(text) => self.put_short(text.trim_end()),
                _ => self.put("", Some(format!("{} bytes", bytes.len()).into())),
            },
        }
    }

    /// Shows a remark in place of a text.
    pub(super) fn say(&self, instead: Option<AttrValue>) {
        self.file.set(instead);
        self.fault.set(None);
    }
}

/// The text of a file, if it is text and short enough to be shown.
pub(super) fn shown_text(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= MAX_SHOWN_LEN)?;
    is_shown_as_text(text).then_some(text)
}

fn is_shown_as_text(text: &str) -> bool {
    let odd = |character: char| character.is_control() && !matches!(character, '\n' | '\r' | '\t');
    !text.contains(odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_is_shown_as_text() {
        assert_eq!(shown_text(b"TlRM\r\n"), Some("TlRM\r\n"));
        assert_eq!(shown_text(b"NTLMSSP\0"), None);
        assert_eq!(shown_text(b"\xff"), None);
        assert_eq!(shown_text("A".repeat(MAX_SHOWN_LEN + 1).as_bytes()), None);
    }
}
