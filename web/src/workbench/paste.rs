//! The input: its sources, and its reading.

use std::sync::Arc;

use super::{
    Unread, Workbench,
    inputs::{Counterpart, Demo, Inputs},
    place::{self, AddressedInput},
};
use crate::view::{SAMPLES, messages_to_share};
use spnscope::analysis::FoundSignIns;
use spnscope::read::text::Reading;

/// An action on the input.
#[derive(Clone, Debug, PartialEq)]
pub enum PasteAction {
    /// Put this into the paste box, or drop this file.
    Put(Arc<[u8]>),
    /// Take this text, which was typed into the box before the page had started.
    Prefill(Arc<[u8]>),
    /// Open the sample with this index.
    Sample(usize),
    /// Take the input of the address in place of the reader's own.
    Replace,
    /// Stay with the reader's own input.
    Stay,
    /// Make an address that hands on the input.
    Link(LinkContent),
    /// Choose another reading of the input, or the best again.
    ReadAs(Option<Reading>),
    /// So many hundredths of the unread input have been read.
    Progress(u8),
    /// All of the unread input has been read, with these results.
    Found(Unread, Arc<FoundSignIns>),
    /// Stop reading.
    Stop,
    /// Bring back the input that was replaced last.
    BringBack,
}

/// The content of an address that hands on the input.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct LinkContent {
    /// True if the messages go into it without the parts that a password can be guessed from,
    /// rather than the whole input.
    pub leaves_secrets_out: bool,
    /// True if the facts about the server go into it too.
    pub has_server: bool,
}

impl Workbench {
    pub(super) fn paste(&mut self, action: PasteAction) {
        match action {
            PasteAction::Put(input) => self.put(input),
            PasteAction::Prefill(input) => {
                self.prefill(input);
                self.is_own = true;
            }
            PasteAction::Sample(index) => {
                if let Some(sample) = SAMPLES.get(index) {
                    let demo = Demo { sample: Some(index), server: sample.server() };
                    self.open_demo(sample.text.as_bytes(), demo);
                }
            }
            PasteAction::Replace => {
                if let Some(addressed) = self.waiting.take() {
                    self.open_addressed(addressed);
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
                self.take_results(found);
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
        if self.inputs.demo.take().is_some() {
            self.inputs.imported = None;
        }
        self.open(input);
    }

    /// Takes an input that came with the address.
    pub(super) fn open_addressed(&mut self, addressed: AddressedInput) {
        self.prefill(addressed.input);
        self.is_addressed = true;
        self.is_own = false;
        if let Some(server) = addressed.server {
            self.inputs.state(server);
            self.has_addressed_server = true;
        }
    }

    /// The address that hands on this content, as it follows `#/`.
    fn link_with(&self, content: LinkContent) -> Option<String> {
        let server = content.has_server.then_some(&self.derived.server);
        if !content.leaves_secrets_out {
            return Some(place::of_input(&self.inputs.input, server));
        }
        let messages = messages_to_share(self.derived.captured.as_ref()?);
        Some(place::of_input(messages.as_bytes(), server))
    }

    /// Takes an input that is yet to be put into the box.
    fn prefill(&mut self, input: Arc<[u8]>) {
        self.inputs.demo = None;
        self.open(input);
        self.prefilled = true;
    }

    /// Opens a demo.
    pub(super) fn open_demo(&mut self, text: &[u8], demo: Demo) {
        self.inputs.demo = Some(demo);
        self.inputs.imported = None;
        self.open(text.into());
        self.prefilled = true;
        self.is_own = false;
    }

    /// Takes another input. The secret belonged to the one before, and is dropped.
    pub(super) fn open(&mut self, input: Arc<[u8]>) {
        self.inputs.secret = None;
        self.forget_choices(input);
        self.read();
    }

    /// Takes another input, or the present one anew, with nothing chosen in it. A trial ends with
    /// its input.
    pub(super) fn forget_choices(&mut self, input: Arc<[u8]>) {
        self.inputs.end_trial();
        // The sender of an address states nothing about the servers of other sign-ins.
        if self.is_addressed {
            self.inputs.end_import();
        }
        if self.has_addressed_server {
            self.inputs.stated = None;
        }
        let Self { place, lab, access, replaced, is_own, inputs, derived, .. } =
            std::mem::take(self);
        let Inputs { kept, stated, demo, secret, imported, .. } = inputs;
        let inputs = Inputs { input, secret, demo, kept, stated, imported, ..Inputs::default() };
        *self = Self { place, lab, access, replaced, is_own, inputs, derived, ..Self::default() };
    }

    /// Reads the input, in which nothing is chosen yet.
    pub(super) fn read(&mut self) {
        if !self.is_empty() {
            self.begin(Unread::new(&self.inputs.input, self.inputs.reading));
        }
    }

    /// Takes the results in the input, and chooses the default message.
    pub(super) fn open_found(&mut self, found: Arc<FoundSignIns>) {
        self.inputs.chosen = found.default_token();
        self.inputs.found = Some(found.into());
    }

    /// Takes the results in the second input.
    pub(super) fn open_other(&mut self, found: Arc<FoundSignIns>) {
        let chosen = Some(found.default_token());
        self.inputs.other = Counterpart { found: Some(found.into()), chosen };
    }
}
