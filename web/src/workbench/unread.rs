//! An input that takes long to read: the owner of the workbench reads it in steps.

use std::sync::Arc;

use super::Workbench;
use spnscope::analysis::{FoundSignIns, find};
use spnscope::base::pace::{BoxedTask, Pace, block_on};
use spnscope::read::text::Reading;

/// The length of the longest input that is read at once, in bytes. It takes an imperceptible time.
const MAX_AT_ONCE_LEN: usize = 128 << 10;

/// The approximate number of passes over each byte of an input, for the progress.
const PASSES: usize = 10;

/// An input that is yet to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Unread {
    input: Arc<[u8]>,
    reading: Option<Reading>,
    /// True if it is the second input, which the first is compared with.
    is_other: bool,
    /// True if it need not be read any more.
    is_stopped: bool,
}

impl Unread {
    pub(super) fn new(input: &Arc<[u8]>, reading: Option<Reading>) -> Self {
        Self { input: Arc::clone(input), reading, is_other: false, is_stopped: false }
    }

    pub(super) fn other(input: &Arc<[u8]>) -> Self {
        Self { is_other: true, ..Self::new(input, None) }
    }

    /// Reads it at the speed of `pace`. The result belongs into
    /// [`PasteAction::Found`](super::PasteAction::Found).
    pub fn read<'a>(&'a self, pace: &'a Pace) -> BoxedTask<'a, FoundSignIns> {
        find(&self.input, self.reading, pace)
    }

    /// The part that was read, in hundredths; approximate, since the passes are counted while
    /// reading.
    #[must_use]
    pub fn progress(&self, pace: &Pace) -> u8 {
        let all = self.input.len().saturating_mul(PASSES).max(1);
        u8::try_from(pace.done().saturating_mul(100) / all).map_or(99, |part| part.min(99))
    }
}

impl Workbench {
    /// The input that is yet to be read, in steps by the caller; the results go into
    /// [`PasteAction::Found`](super::PasteAction::Found).
    #[must_use]
    pub fn unread(&self) -> Option<&Unread> {
        self.unread.as_ref().filter(|unread| !unread.is_stopped)
    }

    /// The part of the unread input that was read, in hundredths, as last reported.
    #[must_use]
    pub const fn progress(&self) -> u8 {
        self.progress
    }

    /// A sentence that says that reading was stopped.
    pub(super) fn stopped(&self) -> Option<&'static str> {
        self.unread.as_ref().filter(|unread| unread.is_stopped).map(|unread| {
            if unread.is_other {
                "Reading of the second input was stopped, so there is nothing to compare with."
            } else {
                "Reading was stopped, so nothing of the input is shown."
            }
        })
    }

    /// Reads an input: at once if it is short, else it waits to be read in steps.
    pub(super) fn begin(&mut self, unread: Unread) {
        self.progress = 0;
        let found = (unread.input.len() <= MAX_AT_ONCE_LEN)
            .then(|| block_on(unread.read(&Pace::at_once())));
        self.unread = Some(unread);
        if let Some(found) = found {
            self.take_results(Arc::new(found));
        }
    }

    /// Takes the results in the unread input.
    pub(super) fn take_results(&mut self, found: Arc<FoundSignIns>) {
        match self.unread.take() {
            Some(unread) if unread.is_other => self.open_other(found),
            Some(_) => self.open_found(found),
            None => {}
        }
    }

    pub(super) fn stop(&mut self) {
        if let Some(unread) = &mut self.unread {
            unread.is_stopped = true;
            // It is not needed any more.
            unread.input = Arc::default();
        }
    }
}
