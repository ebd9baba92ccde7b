//! The input that another one replaced, so that it can be brought back.
//!
//! It is in memory alone, and goes with the tab. Its secret is not held.

use std::sync::Arc;

use super::{
    CaptureFile, Workbench,
    inputs::{ByAddress, Demo},
};
use spnscope::analysis::{Edits, FoundSignIns};
use spnscope::read::text::Reading;

/// An input that was replaced, with its results and choices.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Replaced {
    input: Arc<[u8]>,
    reading: Option<Reading>,
    found: Option<ByAddress<FoundSignIns>>,
    chosen: usize,
    edits: Edits,
    demo: Option<Demo>,
    file: Option<CaptureFile>,
    is_own: bool,
}

/// The largest number of bytes that one press of a key changes: a character and its composition.
const MAX_KEYSTROKE_LEN: usize = 8;

impl Workbench {
    /// The input as it is now, to be brought back; `None` if there is none, or it is still being
    /// read.
    fn snapshot(&self) -> Option<Replaced> {
        if self.is_empty() || self.reading().is_some() {
            return None;
        }
        let inputs = &self.inputs;
        Some(Replaced {
            input: Arc::clone(&inputs.input),
            reading: inputs.reading,
            found: inputs.found.clone(),
            chosen: inputs.chosen,
            edits: inputs.edits.clone(),
            demo: inputs.demo.clone(),
            file: self.file.clone(),
            is_own: self.is_own,
        })
    }

    /// Holds the input of the state `before`, if another one has replaced it.
    pub(super) fn hold_replaced(&mut self, before: &Self) {
        let is_same_file = self.file.as_ref().map(CaptureFile::name)
            == before.file.as_ref().map(CaptureFile::name);
        let is_same = is_same_file && self.inputs.input == before.inputs.input;
        if is_same || is_keystroke(&before.inputs.input, &self.inputs.input) {
            return;
        }
        if let Some(replaced) = before.snapshot() {
            self.replaced = Some(Arc::new(replaced));
        }
    }

    /// Brings back the input that was replaced, and holds the present one instead.
    pub(super) fn bring_back(&mut self) {
        let Some(replaced) = self.replaced.take() else { return };
        let replaced = Arc::unwrap_or_clone(replaced);
        self.inputs.demo = replaced.demo;
        self.inputs.imported = None;
        self.inputs.secret = None;
        self.forget_choices(replaced.input);
        self.file = replaced.file;
        self.is_own = replaced.is_own;
        self.prefilled = true;
        // The choice is the reader's own.
        self.has_looked = true;
        self.inputs.reading = replaced.reading;
        self.inputs.edits = replaced.edits;
        self.inputs.found = replaced.found;
        self.inputs.chosen = replaced.chosen;
        if self.inputs.found.is_none() {
            self.read();
        }
    }

    /// Returns true if an input that was replaced can be brought back.
    #[must_use]
    pub const fn can_bring_back(&self) -> bool {
        self.replaced.is_some()
    }
}

/// Returns true if `after` comes from `before` by one press of a key: a few bytes more or fewer in
/// one place.
fn is_keystroke(before: &[u8], after: &[u8]) -> bool {
    let shorter = before.len().min(after.len());
    if before.len().abs_diff(after.len()) > MAX_KEYSTROKE_LEN || shorter == 0 {
        return false;
    }
    let same = before.iter().zip(after).take_while(|(one, other)| one == other).count();
    let behind = before.iter().rev().zip(after.iter().rev());
    let behind = behind.take_while(|(one, other)| one == other).count();
    same + behind + MAX_KEYSTROKE_LEN > shorter && same + behind > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_changes_a_few_bytes_in_one_place() {
        for (before, after) in [("TlRM", "TlRMT"), ("TlRM", "TlR"), ("abcd", "abXcd"), ("ab", "a")]
        {
            assert!(is_keystroke(before.as_bytes(), after.as_bytes()), "{before} {after}");
        }
        let (one, other) = ("TlRMTVNTUAADAAAAGAAYAHYA", "4e544c4d5353500003000000");
        for (before, after) in [(one, ""), ("", one), (one, other), (one, "x")] {
            assert!(!is_keystroke(before.as_bytes(), after.as_bytes()), "{before} {after}");
        }
    }
}
