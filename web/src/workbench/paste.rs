//! The input: how it comes, and how it is read.

use std::sync::Arc;

use super::{
    Unread, Workbench,
    inputs::{ByAddress, Inputs, Other, Story},
    place,
};
use crate::view::SAMPLES;
use spnscope::analysis::Found;
use spnscope::read::text::Reading;

/// What the reader does with the input.
#[derive(Clone, Debug, PartialEq)]
pub enum PasteAction {
    /// Puts this into the paste box, or drops this file.
    Put(Arc<[u8]>),
    /// Has this in the box from elsewhere: it was typed before the page had started.
    Give(Arc<[u8]>),
    /// Opens the sample with this index.
    Sample(usize),
    /// Takes what came with the address in place of what was pasted.
    Replace,
    /// Stays with what was pasted.
    Stay,
    /// Wants an address that hands on what was pasted.
    Link,
    /// Asks for another reading of what was pasted, or for the best again.
    ReadAs(Option<Reading>),
    /// Has read so many hundredths of what is unread.
    Progress(u8),
    /// Has read all of this, and found that in it.
    Found(Unread, Arc<Found>),
    /// Reads no further.
    Stop,
}

impl Workbench {
    pub(super) fn paste(&mut self, action: PasteAction) {
        match action {
            PasteAction::Put(input) => self.put(input),
            PasteAction::Give(input) => {
                self.give(input);
                self.is_own = true;
            }
            PasteAction::Sample(index) => {
                if let Some(sample) = SAMPLES.get(index) {
                    let story = Story { sample: Some(index), server: sample.server() };
                    self.open_story(sample.text.as_bytes(), story);
                }
            }
            PasteAction::Replace => {
                if let Some(input) = self.waiting.take() {
                    self.give_addressed(input);
                }
            }
            PasteAction::Stay => self.waiting = None,
            PasteAction::Link => self.link = Some(place::of_input(&self.inputs.input).into()),
            PasteAction::ReadAs(reading) => {
                self.forget_choices(Arc::clone(&self.inputs.input));
                self.inputs.reading = reading;
                self.read();
            }
            PasteAction::Progress(progress) => self.progress = progress,
            PasteAction::Found(unread, found) if self.unread() == Some(&unread) => {
                self.has_read(found);
            }
            PasteAction::Found(..) => {}
            PasteAction::Stop => self.stop(),
        }
    }

    fn put(&mut self, input: Arc<[u8]>) {
        self.is_own = true;
        let is_the_same = self.file.is_none() && input == self.inputs.input;
        if is_the_same && self.inputs.found.is_some() {
            return;
        }
        if self.inputs.story.take().is_some() {
            self.inputs.imported = None;
        }
        self.open(input);
    }

    /// Takes an input that came with the address.
    pub(super) fn give_addressed(&mut self, input: Arc<[u8]>) {
        self.give(input);
        self.is_addressed = true;
        self.is_own = false;
    }

    /// Takes an input that has to be put into the box yet.
    fn give(&mut self, input: Arc<[u8]>) {
        self.inputs.story = None;
        self.open(input);
        self.given = true;
    }

    /// Opens a part of the story.
    pub(super) fn open_story(&mut self, text: &[u8], story: Story) {
        self.inputs.story = Some(story);
        self.inputs.imported = None;
        self.open(text.into());
        self.given = true;
        self.is_own = false;
    }

    /// Takes another input. A secret was given for the one before it, and goes with that.
    pub(super) fn open(&mut self, input: Arc<[u8]>) {
        self.inputs.secret = None;
        self.forget_choices(input);
        self.read();
    }

    /// Takes another input, or the same again, with nothing chosen in it. What was tried goes with
    /// what it was tried for.
    fn forget_choices(&mut self, input: Arc<[u8]>) {
        self.inputs.end_trial();
        // Whoever made the address says nothing of the servers of other sign-ins.
        if self.is_addressed {
            self.inputs.end_import();
        }
        let Self { place, lab, is_own, inputs, derived, .. } = std::mem::take(self);
        let Inputs { kept, stated, story, secret, imported, .. } = inputs;
        let inputs = Inputs { input, secret, story, kept, stated, imported, ..Inputs::default() };
        *self = Self { place, lab, is_own, inputs, derived, ..Self::default() };
    }

    /// Reads the input, in which nothing is chosen yet.
    fn read(&mut self) {
        if !self.is_empty() {
            self.begin(Unread::new(&self.inputs.input, self.inputs.reading));
        }
    }

    /// Takes what was found in the input, and chooses the message that says most.
    pub(super) fn open_found(&mut self, found: Arc<Found>) {
        self.inputs.chosen = found.most_telling();
        self.inputs.found = Some(found.into());
    }

    /// Takes what was found in the second input.
    pub(super) fn open_other(&mut self, found: &Found) {
        let analysis = found.judged(&self.inputs.server().1, None);
        let chosen = (!analysis.tokens.is_empty()).then(|| analysis.most_telling());
        self.inputs.other = Other { analysis: Some(ByAddress::new(analysis)), chosen };
    }
}
