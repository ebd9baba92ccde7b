//! The form in which one asks without a capture, what the page reports on, and the way back from
//! Decode.

use super::{CaptureFile, Lab, Place, Workbench};
use crate::view::{self, AccessForm, AccessView, Reported};

impl Workbench {
    /// The place that the reader came from to see this in Decode, with its address to stand behind
    /// `#/`.
    #[must_use]
    pub fn came_from(&self) -> Option<(Place, String)> {
        let place = self.came_from.filter(|_| self.place == Place::Decode)?;
        let lab = self.lab.as_ref().filter(|_| place == Place::Relay);
        Some((place, lab.map_or_else(|| place.code().to_owned(), Lab::address)))
    }

    /// What the form leads to in which one asks without a capture; `None` where it is not shown.
    #[must_use]
    pub fn access(&self) -> Option<AccessView> {
        self.is_access_open.then(|| view::access(&self.access))
    }

    /// Whether Decode shows that form.
    #[must_use]
    pub const fn is_access_open(&self) -> bool {
        self.is_access_open
    }

    /// What was typed into that form.
    #[must_use]
    pub const fn access_form(&self) -> &AccessForm {
        &self.access
    }

    /// The report on what is shown in Decode; `None` where nothing is.
    #[must_use]
    pub fn reported(&self) -> Option<Reported> {
        if self.is_access_open {
            return self.access.reported();
        }
        if self.derived.view.is_some() {
            return self.derived.edited.clone().map(Reported::Decoded);
        }
        self.inputs.reported(&self.derived.server).filter(|_| self.derived.told.is_some())
    }

    /// The capture file that is open.
    #[must_use]
    pub const fn file(&self) -> Option<&CaptureFile> {
        self.file.as_ref()
    }
}
