//! What the reader gave and chose, and from which all the rest follows.

use std::{fmt, ops::Deref, sync::Arc};

use super::{
    KeptServer,
    own_server::Stated,
    server::{Imported, Tried},
};
use spnscope::analysis::{Edits, FoundSignIns};
use spnscope::judge::{proof::Secret, smb::ServerSettings};
use spnscope::read::text::Reading;

/// What the answers follow from.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Inputs {
    pub(super) input: Arc<[u8]>,
    /// The reading that was asked for; `None` where the best is taken.
    pub(super) reading: Option<Reading>,
    /// What was found in the input, once it has been read.
    pub(super) found: Option<ByAddress<FoundSignIns>>,
    /// The index of the message that is looked at.
    pub(super) chosen: usize,
    pub(super) other: Other,
    pub(super) edits: Edits,
    pub(super) secret: Option<Held>,
    /// Where what is open is a sample or comes from the relay lab.
    pub(super) story: Option<Story>,
    /// The server that is kept from visit to visit.
    pub(super) kept: Option<KeptServer>,
    /// What was stated of a server in this tab.
    pub(super) stated: Option<Stated>,
    pub(super) tried: Option<Tried>,
    /// What was read of the server side last.
    pub(super) imported: Option<Arc<Imported>>,
    /// Whether it is what is in the paste box.
    pub(super) is_input_imported: bool,
}

/// A part of the story: it has a server of its own. What is changed in that is not kept.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Story {
    /// The index of the sample.
    pub(super) sample: Option<usize>,
    pub(super) server: ServerSettings,
}

/// What the chosen message is compared with.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Other {
    /// What was found in a second paste, where there is one.
    pub(super) found: Option<ByAddress<FoundSignIns>>,
    /// The index of a message, in the second paste where there is one, else in the first.
    pub(super) chosen: Option<usize>,
}

impl Inputs {
    /// The secret that was given.
    pub(super) fn secret(&self) -> Option<&Secret> {
        self.secret.as_deref()
    }

    /// What the server of the chosen sign-in calls itself.
    pub(super) fn names(&self) -> Vec<String> {
        let found = self.found.as_ref();
        found.map_or_else(Vec::new, |found| found.server_names_of(self.chosen).computer)
    }
}

/// A value handed around that is never looked into to be compared.
pub(super) struct ByAddress<T>(Arc<T>);

impl<T> ByAddress<T> {
    pub(super) fn new(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T> From<Arc<T>> for ByAddress<T> {
    fn from(value: Arc<T>) -> Self {
        Self(value)
    }
}

impl<T> Clone for ByAddress<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> PartialEq for ByAddress<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for ByAddress<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for ByAddress<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByAddress")
    }
}

/// A secret handed around. It is not printed, and it is overwritten when the last holder lets go.
#[derive(Clone, Debug, PartialEq)]
pub struct Held(ByAddress<Secret>);

impl Held {
    /// Holds a secret.
    #[must_use]
    pub fn new(secret: Secret) -> Self {
        Self(ByAddress::new(secret))
    }
}

impl Deref for Held {
    type Target = Secret;

    fn deref(&self) -> &Secret {
        &self.0
    }
}
