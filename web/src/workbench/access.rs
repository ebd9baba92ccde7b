//! The form for a question without a capture, the subject of the report, and the way back from
//! Decode.

use super::{CaptureFile, Lab, Place, Workbench};
use crate::view::{self, AccessForm, AccessView, Reported};

impl Workbench {
    /// The place that the reader came from to see this in Decode, with its address as it follows
    /// `#/`.
    #[must_use]
    pub fn came_from(&self) -> Option<(Place, String)> {
        let place = self.came_from.filter(|_| self.place == Place::Decode)?;
        let lab = self.lab.as_ref().filter(|_| place == Place::Relay);
        Some((place, lab.map_or_else(|| place.as_str().to_owned(), Lab::address)))
    }

    /// The view of the form for a question without a capture; `None` if it is not shown.
    #[must_use]
    pub fn access(&self) -> Option<AccessView> {
        self.is_access_open.then(|| view::access(&self.access))
    }

    /// Returns true if Decode shows that form.
    #[must_use]
    pub const fn is_access_open(&self) -> bool {
        self.is_access_open
    }

    /// The form, as filled in.
    #[must_use]
    pub const fn access_form(&self) -> &AccessForm {
        &self.access
    }

    /// The subject of a report on Decode; `None` if nothing is shown.
    #[must_use]
    pub fn reported(&self) -> Option<Reported> {
        if self.is_access_open {
            return self.access.reported();
        }
        if self.derived.is_decoded() {
            return self.derived.edited.clone().map(Reported::Decoded);
        }
        self.inputs.reported(&self.derived.server).filter(|_| self.derived.server_only.is_some())
    }

    /// The capture file that is open.
    #[must_use]
    pub const fn file(&self) -> Option<&CaptureFile> {
        self.file.as_ref()
    }
}
