//! Edits of values by hand.

use std::sync::Arc;

use super::Workbench;
use spnscope::analysis::Edits;
use spnscope::lab::edit::Editable;
use spnscope::message::field::FieldPath;

/// An edit by the reader.
#[derive(Clone, Debug, PartialEq)]
pub enum EditAction {
    /// Open the editor of the value at this path, or close it.
    Open(Option<FieldPath>),
    /// Change the value that is being edited, or remove it.
    Change(Option<String>),
    /// Recompute as the client the values that depend on its secret.
    ComputeAsClient,
    /// Undo all edits.
    TakeBack,
}

/// A value that is being edited.
#[derive(Clone, Debug, PartialEq)]
pub struct Editing {
    /// The path of the value.
    pub path: FieldPath,
    /// The value now, and its notation.
    pub editable: Editable,
    /// The reason why the last edit failed: one sentence.
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
        let message = edited.tokens().get(self.inputs.chosen)?.message()?;
        let editable = Editable::at(message, &path)?;
        Some(Arc::new(Editing { path, editable, fault: None }))
    }

    /// Changes the value that is being edited. If that fails, the editor stays open with the
    /// reason.
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
            // If it fails, nothing changes; the page shows the reason beforehand.
            let _ = self.inputs.edits.as_client(captured, edited, chosen, secret.as_deref());
        }
    }
}
