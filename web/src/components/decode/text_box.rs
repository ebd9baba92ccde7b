//! The text area of the paste box, and what is said beside it of an input that is not shown in it.

use std::rc::Rc;

use yew::prelude::*;

use crate::dom::focus;

/// The longest text of a file, of an address, or of a paste over all, that is put into the box, in
/// bytes; browsers are slow at breaking a longer one into lines, and do it again whenever the box
/// changes its form.
pub(super) const LONGEST_TEXT: usize = 64 << 10;

/// An input that the page shows in the box, though nobody typed it there.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Given {
    /// These bytes.
    Bytes(Rc<[u8]>),
    /// A file of which nothing is shown but this.
    File(AttrValue),
}

/// The text area, and what is said beside it.
#[derive(Clone)]
pub(super) struct TextBox {
    /// The text area.
    pub(super) area: NodeRef,
    /// Whether the strip is opened, to see or change the text.
    pub(super) open: UseStateSetter<bool>,
    /// What is said of an input that is not shown.
    pub(super) file: UseStateSetter<Option<AttrValue>>,
    /// What went wrong with a file.
    pub(super) fault: UseStateSetter<Option<AttrValue>>,
}

impl TextBox {
    /// Shows what was not typed there, or what is said instead.
    pub(super) fn put(&self, text: &str, instead: Option<AttrValue>) {
        focus::set_text(&self.area, text);
        self.open.set(false);
        self.say(instead);
    }

    /// Shows a text, or says how long it is where it does not stay in the box.
    pub(super) fn put_short(&self, text: &str) {
        if text.len() > LONGEST_TEXT {
            self.put("", Some(format!("{} bytes of pasted text", text.len()).into()));
        } else {
            self.put(text, None);
        }
    }

    /// Shows what the page has for it.
    pub(super) fn put_given(&self, given: &Given) {
        match given {
            Given::File(words) => self.put("", Some(words.clone())),
            Given::Bytes(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) if is_shown_as_text(text) => self.put_short(text.trim_end()),
                _ => self.put("", Some(format!("{} bytes", bytes.len()).into())),
            },
        }
    }

    /// Says this in place of a text.
    pub(super) fn say(&self, instead: Option<AttrValue>) {
        self.file.set(instead);
        self.fault.set(None);
    }
}

/// The text of a file, where it is text and short enough to be shown.
pub(super) fn shown_text(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= LONGEST_TEXT)?;
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
        assert_eq!(shown_text("A".repeat(LONGEST_TEXT + 1).as_bytes()), None);
    }
}
