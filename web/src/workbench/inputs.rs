//! The input and choices of the reader, from which everything else is derived.

use std::{fmt, ops::Deref, sync::Arc};

use super::{
    KeptServer,
    own_server::TabServer,
    server::{Imported, Trial},
};
use spnscope::analysis::{Edits, FoundSignIns};
use spnscope::judge::{proof::Secret, smb::ServerSettings};
use spnscope::read::text::Reading;

/// The inputs of the answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Inputs {
    pub(super) input: Arc<[u8]>,
    /// The reading that the reader asked for; `None` for the best.
    pub(super) reading: Option<Reading>,
    /// The results in the input, once it has been read.
    pub(super) found: Option<ByAddress<FoundSignIns>>,
    /// The index of the chosen message.
    pub(super) chosen: usize,
    pub(super) other: Counterpart,
    pub(super) edits: Edits,
    pub(super) secret: Option<SharedSecret>,
    /// The demo that is open: a sample, or a run of the relay lab.
    pub(super) demo: Option<Demo>,
    /// The kept server.
    pub(super) kept: Option<KeptServer>,
    /// The facts about a server stated in this tab.
    pub(super) stated: Option<TabServer>,
    pub(super) tried: Option<Trial>,
    /// The last import.
    pub(super) imported: Option<Arc<Imported>>,
    /// True if the import is the input in the paste box.
    pub(super) is_input_imported: bool,
}

/// A demo, with a server of its own. Changes to that server are not kept.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Demo {
    /// The index of the sample.
    pub(super) sample: Option<usize>,
    pub(super) server: ServerSettings,
}

/// The message to compare the chosen one with.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Counterpart {
    /// The results in a second input, if there is one.
    pub(super) found: Option<ByAddress<FoundSignIns>>,
    /// The index of a message, in the second input if there is one, else in the first.
    pub(super) chosen: Option<usize>,
}

impl Inputs {
    /// The given secret.
    pub(super) fn secret(&self) -> Option<&Secret> {
        self.secret.as_deref()
    }

    /// The names of the server of the chosen sign-in.
    pub(super) fn names(&self) -> Vec<String> {
        let found = self.found.as_ref();
        found.map_or_else(Vec::new, |found| found.server_names_of(self.chosen).computer)
    }
}

/// A shared value that is compared by identity.
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

/// A shared secret. Its `Debug` shows nothing of it; zeroised when the last owner is dropped.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedSecret(ByAddress<Secret>);

impl SharedSecret {
    /// Shares a secret.
    #[must_use]
    pub fn new(secret: Secret) -> Self {
        Self(ByAddress::new(secret))
    }
}

impl Deref for SharedSecret {
    type Target = Secret;

    fn deref(&self) -> &Secret {
        &self.0
    }
}
