//! Values that are changed by hand.

use std::sync::Arc;

use super::Workbench;
use spnscope::analysis::Edits;
use spnscope::lab::edit::Editable;
use spnscope::message::field::FieldPath;

/// What the reader edits.
#[derive(Clone, Debug, PartialEq)]
pub enum EditAction {
    /// Wants to change the value at this path, or no longer.
    Open(Option<FieldPath>),
    /// Changes the value that is being edited, or takes it out.
    Change(Option<String>),
    /// Lets the client compute anew what takes its secret.
    ComputeAsClient,
    /// Takes all edits back.
    TakeBack,
}

/// A value that is being edited.
#[derive(Clone, Debug, PartialEq)]
pub struct Editing {
    /// Its path.
    pub path: FieldPath,
    /// What it is now, and how it is written.
    pub editable: Editable,
    /// Why it could not be changed to what was typed last: one sentence.
    pub fault: Option<String>,
}

impl Workbench {
    pub(super) fn edit(&mut self, action: EditAction) {
        match action {
            EditAction::Open(path) => self.editing = path.and_then(|path| self.editor(path)),
            EditAction::Change(value) => self.change(value.as_deref()),
            EditAction::ComputeAsClient => self.compute_as_client(),
            EditAction::TakeBack => {
                self.inputs.edits = Edits::default();
                self.editing = None;
            }
        }
    }

    fn editor(&self, path: FieldPath) -> Option<Arc<Editing>> {
        let edited = self.derived.edited.as_ref()?;
        let message = edited.tokens.get(self.inputs.chosen)?.message()?;
        let editable = Editable::at(message, &path)?;
        Some(Arc::new(Editing { path, editable, fault: None }))
    }

    /// Changes the value that is being edited. Where that fails, the editor stays open and says
    /// why.
    fn change(&mut self, value: Option<&str>) {
        let (Some(editing), Some(edited)) = (self.editing.take(), &self.derived.edited) else {
            return;
        };
        let chosen = self.inputs.chosen;
        if let Err(error) = self.inputs.edits.change(edited, chosen, &editing.path, value) {
            let fault = Some(error.to_string());
            self.editing = Some(Arc::new(Editing { fault, ..(*editing).clone() }));
        }
    }

    fn compute_as_client(&mut self) {
        let (captured, edited) = (&self.derived.captured, &self.derived.edited);
        if let (Some(captured), Some(edited)) = (captured, edited) {
            let secret = self.inputs.secret.clone();
            let chosen = self.inputs.chosen;
            // Refused, nothing changes; the page shows the sentence beforehand.
            let _ = self.inputs.edits.as_client(captured, edited, chosen, secret.as_deref());
        }
    }
}
