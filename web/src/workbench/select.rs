//! The selection: a message, some of its bytes, another message beside it.

use std::sync::Arc;

use super::{Unread, Workbench, inputs::Counterpart};
use spnscope::base::span::Span;

/// A choice of the reader.
#[derive(Clone, Debug, PartialEq)]
pub enum SelectAction {
    /// Choose the message with this index.
    Message(usize),
    /// Select these bytes, or none.
    Bytes(Option<Span>),
    /// Compare the chosen message with the one of this index, or no longer.
    Compare(Option<usize>),
    /// Put this into the second box, to compare with the messages in it.
    PasteOther(Arc<[u8]>),
}

impl Workbench {
    pub(super) fn select(&mut self, action: SelectAction) {
        match action {
            SelectAction::Message(token) => {
                self.selected = None;
                self.editing = None;
                // A trial is made at the server of one sign-in.
                let before = self.inputs.names();
                self.inputs.chosen = token;
                if self.inputs.names() != before {
                    self.inputs.end_trial();
                }
            }
            SelectAction::Bytes(span) => self.selected = span,
            SelectAction::Compare(chosen) => self.inputs.other.chosen = chosen,
            SelectAction::PasteOther(input) => {
                self.inputs.other = Counterpart::default();
                self.unread = None;
                if !input.iter().all(u8::is_ascii_whitespace) {
                    self.begin(Unread::other(&input));
                }
            }
        }
    }
}
