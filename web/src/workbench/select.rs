//! What is looked at: a message, some of its bytes, another message beside it.

use std::sync::Arc;

use super::{Unread, Workbench, inputs::Other};
use spnscope::base::span::Span;

/// What the reader looks at.
#[derive(Clone, Debug, PartialEq)]
pub enum SelectAction {
    /// Chooses the message with this index.
    Message(usize),
    /// Selects these bytes, or none. Selection stays.
    Bytes(Option<Span>),
    /// Compares the chosen message with the one of this index, or no longer.
    Compare(Option<usize>),
    /// Puts this into the second box, to compare with what is in it.
    PasteOther(Arc<[u8]>),
}

impl Workbench {
    pub(super) fn select(&mut self, action: SelectAction) {
        match action {
            SelectAction::Message(token) => {
                self.selected = None;
                self.editing = None;
                // What is tried is tried at the server of one sign-in.
                let before = self.inputs.names();
                self.inputs.chosen = token;
                if self.inputs.names() != before {
                    self.inputs.end_trial();
                }
            }
            SelectAction::Bytes(span) => self.selected = span,
            SelectAction::Compare(chosen) => self.inputs.other.chosen = chosen,
            SelectAction::PasteOther(input) => {
                self.inputs.other = Other::default();
                self.unread = None;
                if !input.iter().all(u8::is_ascii_whitespace) {
                    self.begin(Unread::other(&input));
                }
            }
        }
    }
}
