//! The input: how it comes, and how it is read.

use std::sync::Arc;

use super::{
    Unread, Workbench,
    inputs::{Inputs, Other, Story},
    place::{self, Addressed},
};
use crate::view::{SAMPLES, messages_to_share};
use spnscope::analysis::FoundSignIns;
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
    Link(LinkContent),
    /// Asks for another reading of what was pasted, or for the best again.
    ReadAs(Option<Reading>),
    /// Has read so many hundredths of what is unread.
    Progress(u8),
    /// Has read all of this, and found that in it.
    Found(Unread, Arc<FoundSignIns>),
    /// Reads no further.
    Stop,
    /// Brings back the input that was replaced last.
    BringBack,
}

/// What an address hands on.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct LinkContent {
    /// Whether the messages go into it without what a password can be guessed with, rather than all
    /// of the input.
    pub leaves_secrets_out: bool,
    /// Whether what is said of the server goes into it too.
    pub has_server: bool,
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
                if let Some(addressed) = self.waiting.take() {
                    self.give_addressed(addressed);
                }
            }
            PasteAction::Stay => self.waiting = None,
            PasteAction::Link(content) => self.link = self.link_with(content).map(Arc::from),
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
            PasteAction::BringBack => self.bring_back(),
        }
    }

    fn put(&mut self, input: Arc<[u8]>) {
        self.is_own = true;
        self.is_access_open = false;
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
    pub(super) fn give_addressed(&mut self, addressed: Addressed) {
        self.give(addressed.input);
        self.is_addressed = true;
        self.is_own = false;
        if let Some(server) = addressed.server {
            self.inputs.state(server);
            self.has_addressed_server = true;
        }
    }

    /// The address that hands on so much of the input and of the server, to stand behind `#/`.
    fn link_with(&self, content: LinkContent) -> Option<String> {
        let server = content.has_server.then_some(&self.derived.server);
        if !content.leaves_secrets_out {
            return Some(place::of_input(&self.inputs.input, server));
        }
        let messages = messages_to_share(self.derived.captured.as_ref()?);
        Some(place::of_input(messages.as_bytes(), server))
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
    pub(super) fn forget_choices(&mut self, input: Arc<[u8]>) {
        self.inputs.end_trial();
        // Whoever made the address says nothing of the servers of other sign-ins.
        if self.is_addressed {
            self.inputs.end_import();
        }
        if self.has_addressed_server {
            self.inputs.stated = None;
        }
        let Self { place, lab, access, replaced, is_own, inputs, derived, .. } =
            std::mem::take(self);
        let Inputs { kept, stated, story, secret, imported, .. } = inputs;
        let inputs = Inputs { input, secret, story, kept, stated, imported, ..Inputs::default() };
        *self = Self { place, lab, access, replaced, is_own, inputs, derived, ..Self::default() };
    }

    /// Reads the input, in which nothing is chosen yet.
    pub(super) fn read(&mut self) {
        if !self.is_empty() {
            self.begin(Unread::new(&self.inputs.input, self.inputs.reading));
        }
    }

    /// Takes what was found in the input, and chooses the message that says most.
    pub(super) fn open_found(&mut self, found: Arc<FoundSignIns>) {
        self.inputs.chosen = found.default_token();
        self.inputs.found = Some(found.into());
    }

    /// Takes what was found in the second input.
    pub(super) fn open_other(&mut self, found: Arc<FoundSignIns>) {
        let chosen = Some(found.default_token());
        self.inputs.other = Other { found: Some(found.into()), chosen };
    }
}
