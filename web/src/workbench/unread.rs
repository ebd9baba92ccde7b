//! What takes long to read: it is read in steps by whoever holds the workbench.

use std::sync::Arc;

use super::Workbench;
use spnscope::analysis::{FoundSignIns, find};
use spnscope::base::pace::{BoxedTask, Pace, block_on};
use spnscope::read::text::Reading;

/// The longest input that is read at once, in bytes. It takes less time than people notice.
const LONGEST_AT_ONCE: usize = 128 << 10;

/// About how often each byte of an input is looked at, for the progress that is told.
const PASSES: usize = 10;

/// An input that has yet to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Unread {
    input: Arc<[u8]>,
    reading: Option<Reading>,
    /// Whether it is the second one, which the first is compared with.
    is_other: bool,
    /// Whether nobody wants it read any more.
    is_stopped: bool,
}

impl Unread {
    pub(super) fn new(input: &Arc<[u8]>, reading: Option<Reading>) -> Self {
        Self { input: Arc::clone(input), reading, is_other: false, is_stopped: false }
    }

    pub(super) fn other(input: &Arc<[u8]>) -> Self {
        Self { is_other: true, ..Self::new(input, None) }
    }

    /// Reads it, as fast as `pace` says. The result belongs into
    /// [`PasteAction::Found`](super::PasteAction::Found).
    pub fn read<'a>(&'a self, pace: &'a Pace) -> BoxedTask<'a, FoundSignIns> {
        find(&self.input, self.reading, pace)
    }

    /// How much of it was read, in hundredths; about, since what takes how long is seen while
    /// reading.
    #[must_use]
    pub fn progress(&self, pace: &Pace) -> u8 {
        let all = self.input.len().saturating_mul(PASSES).max(1);
        u8::try_from(pace.done().saturating_mul(100) / all).map_or(99, |part| part.min(99))
    }
}

impl Workbench {
    /// What has yet to be read, in steps of whoever asks: what follows from it goes into
    /// [`PasteAction::Found`](super::PasteAction::Found).
    #[must_use]
    pub fn unread(&self) -> Option<&Unread> {
        self.unread.as_ref().filter(|unread| !unread.is_stopped)
    }

    /// How much of what is unread was read, in hundredths, as it was told last.
    #[must_use]
    pub const fn progress(&self) -> u8 {
        self.progress
    }

    /// What is said where reading was stopped.
    pub(super) fn stopped(&self) -> Option<&'static str> {
        self.unread.as_ref().filter(|unread| unread.is_stopped).map(|unread| {
            if unread.is_other {
                "Reading of the second input was stopped, so there is nothing to compare with."
            } else {
                "Reading was stopped, so nothing of the input is shown."
            }
        })
    }

    /// Reads an input: now where it is short, else it waits to be read in steps.
    pub(super) fn begin(&mut self, unread: Unread) {
        self.progress = 0;
        let found = (unread.input.len() <= LONGEST_AT_ONCE)
            .then(|| block_on(unread.read(&Pace::at_once())));
        self.unread = Some(unread);
        if let Some(found) = found {
            self.has_read(Arc::new(found));
        }
    }

    /// Takes what was found in what was unread.
    pub(super) fn has_read(&mut self, found: Arc<FoundSignIns>) {
        match self.unread.take() {
            Some(unread) if unread.is_other => self.open_other(found),
            Some(_) => self.open_found(found),
            None => {}
        }
    }

    pub(super) fn stop(&mut self) {
        if let Some(unread) = &mut self.unread {
            unread.is_stopped = true;
            // Nobody needs it any more.
            unread.input = Arc::default();
        }
    }
}
