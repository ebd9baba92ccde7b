//! The state of the page: what was pasted, what is chosen, and what the server is like.

mod lab;
mod own_server;
mod place;
mod server_side;
mod unread;

use std::{fmt, sync::Arc};

pub use lab::Lab;
use own_server::Stated;
pub use own_server::{Day, KeptServer};
pub use place::Place;
use server_side::{Imported, Tried};
pub use unread::Unread;

use crate::view::{self, CompareView, DecodeView, ServerBasis, ToldView};
use spnscope::analysis::{Analysis, Edits, Found};
use spnscope::base::span::Span;
use spnscope::judge::{
    imports::Import,
    proof::{Secret, wipe_stack},
    remedies::Change,
    smb::ServerSettings,
};
use spnscope::lab::{
    edit::Editable,
    relay::{Middle, Scenario},
};
use spnscope::message::wire::same_name;
use spnscope::read::{config::ListMeans, text::Reading};

/// Inputs and choices, and what follows from the input. A value: every change makes a new one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Workbench {
    place: Place,
    lab: Option<Lab>,
    input: Arc<[u8]>,
    /// Whether the input is in the box only because the page put it there.
    given: bool,
    /// Whether the reader pasted or typed the input.
    is_own: bool,
    /// Whether the input came with the address.
    is_addressed: bool,
    /// An input that came with the address while one of the reader's own was there: it waits to be asked for.
    waiting: Option<Arc<[u8]>>,
    /// Whether the address asked for something that is not shown.
    is_lost: bool,
    /// The address that hands on the input, once it was asked for.
    link: Option<Arc<str>>,
    /// The server that is kept from visit to visit.
    kept: Option<KeptServer>,
    /// What was stated of a server in this tab.
    stated: Option<Stated>,
    /// The server that the chosen sign-in is judged for, where it is no story.
    server: ServerSettings,
    /// Where that is from.
    basis: ServerBasis,
    /// Where what is open is a sample or comes from the relay lab.
    story: Option<Story>,
    /// What has yet to be read.
    unread: Option<Unread>,
    /// How much of that was read, in hundredths.
    progress: u8,
    /// What was found in the input.
    found: Option<Arc<Found>>,
    /// What was captured.
    analysis: Option<Arc<Analysis>>,
    /// The same with the edits in it.
    shown: Option<Arc<Analysis>>,
    edits: Edits,
    editing: Option<Arc<Editing>>,
    secret: Option<Held>,
    view: Option<Arc<DecodeView>>,
    /// What was read of the server side last.
    imported: Option<Arc<Imported>>,
    /// Whether it is what is in the paste box.
    is_input_imported: bool,
    /// Whether the input is of the server side and can be taken over.
    offers_import: bool,
    /// What to do about an input that is of the server side, as it seems, and cannot be taken over.
    question: Option<&'static str>,
    told: Option<Arc<ToldView>>,
    tried: Option<Tried>,
    /// The reading that was asked for; `None` where the best is taken.
    reading: Option<Reading>,
    chosen: usize,
    other: Other,
    selected: Option<Span>,
}

/// What is open is part of the story: it has a server of its own. What is changed in that is not kept.
#[derive(Clone, Debug, PartialEq)]
struct Story {
    /// The index of the sample.
    sample: Option<usize>,
    server: ServerSettings,
}

/// What the chosen message is compared with.
#[derive(Clone, Debug, Default, PartialEq)]
struct Other {
    /// A second paste, where there is one.
    analysis: Option<Arc<Analysis>>,
    /// The index of a message, in the second paste where there is one, else in the first.
    chosen: Option<usize>,
    view: Option<Arc<CompareView>>,
}

/// A value that is being edited.
#[derive(Clone, Debug, PartialEq)]
pub struct Editing {
    /// Its path.
    pub path: String,
    /// What it is now, and how it is written.
    pub editable: Editable,
    /// Why it could not be changed to what was typed last: one sentence.
    pub fault: Option<String>,
}

/// A secret handed around. It is not printed, and two of them are never looked into to be compared.
#[derive(Clone)]
pub struct Held(Arc<Secret>);

impl Held {
    /// Holds a secret, which is overwritten when the last holder lets go.
    #[must_use]
    pub fn new(secret: Secret) -> Self {
        Self(Arc::new(secret))
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Held")
    }
}

impl PartialEq for Held {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Something the reader did.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Went to an address of the page; what stands behind `#/`.
    Open(String),
    /// Plays this setting in the relay lab.
    Play(Scenario),
    /// Looks at the step with this index.
    Step(usize),
    /// Takes what was played to Decode.
    Decode,
    /// Takes what came with the address in place of what was pasted.
    Replace,
    /// Stays with what was pasted.
    Stay,
    /// Put this into the paste box, or dropped this file.
    Paste(Arc<[u8]>),
    /// Has read so many hundredths of what is unread.
    Progress(u8),
    /// Has read all of this, and found that in it.
    Found(Unread, Arc<Found>),
    /// Reads no further.
    Stop,
    /// Asked for another reading of what was pasted, or for the best again.
    ReadAs(Option<Reading>),
    /// Has this in the box from elsewhere: it was typed before the page had started.
    Give(Arc<[u8]>),
    /// Wants an address that hands on what was pasted.
    Link,
    /// Opened the sample with this index.
    Sample(usize),
    /// Chose the message with this index.
    Choose(usize),
    /// Compares the chosen message with the one of this index, or no longer.
    Compare(Option<usize>),
    /// Put this into the second box, to compare with what is in it.
    PasteOther(Arc<[u8]>),
    /// Selected these bytes, or none. Selection stays.
    Select(Option<Span>),
    /// Changed the server.
    SetServer(ServerSettings),
    /// Added a name or address to `SrvAllowedServerNames`.
    Allow(String),
    /// Took one out again.
    Disallow(String),
    /// Gave something of the server side to be taken over.
    Import(Arc<[u8]>),
    /// Takes over what is in the paste box, which is of the server side.
    TakeOver,
    /// Chose the event with this index among those taken over.
    ChooseEvent(usize),
    /// Tries a remedy at the simulated server.
    Try(Change),
    /// Takes back what was tried or taken over last, else all that was stated of the server in this tab.
    TakeBack,
    /// Keeps the server in force for later visits; today is this day.
    Keep(Option<Day>),
    /// Forgets the server that is kept.
    Forget,
    /// Wants the sign-in judged for the kept server all the same.
    UseKept,
    /// Gave a secret, or took it away.
    Prove(Option<Held>),
    /// Wants to change the value at this path, or no longer.
    Edit(Option<String>),
    /// Changed the value that is being edited, or took it out.
    Change(Option<String>),
    /// Let the client compute anew what takes its secret.
    AsClient,
    /// Took all edits back.
    Unedit,
}

impl Workbench {
    /// What was pasted.
    #[must_use]
    pub fn input(&self) -> &[u8] {
        &self.input
    }

    /// Whether nothing was pasted yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.input.iter().all(u8::is_ascii_whitespace)
    }

    /// The server in force: the reader's own, or that of the story while a sample is open.
    #[must_use]
    pub const fn server(&self) -> &ServerSettings {
        match &self.story {
            Some(story) => &story.server,
            None => &self.server,
        }
    }

    /// The sample that is open.
    #[must_use]
    pub fn sample(&self) -> Option<usize> {
        self.story.as_ref()?.sample
    }

    /// Whether what is open has a server of its own, which is not kept.
    #[must_use]
    pub const fn is_story(&self) -> bool {
        self.story.is_some()
    }

    /// Where the reader is.
    #[must_use]
    pub const fn place(&self) -> Place {
        self.place
    }

    /// The relay lab; `None` before the first visit to it.
    #[must_use]
    pub const fn lab(&self) -> Option<&Lab> {
        self.lab.as_ref()
    }

    /// What the page put into the box, where nobody typed it.
    #[must_use]
    pub fn given(&self) -> Option<&[u8]> {
        self.given.then_some(&*self.input)
    }

    /// Whether what is decoded came with the address.
    #[must_use]
    pub const fn is_addressed(&self) -> bool {
        self.is_addressed
    }

    /// Whether the address has an input that would replace the reader's own, and waits to be asked for.
    #[must_use]
    pub const fn asks_to_replace(&self) -> bool {
        self.waiting.is_some()
    }

    /// Whether the address asked for something that was not understood, and nothing else has been asked for since.
    #[must_use]
    pub const fn is_lost(&self) -> bool {
        self.is_lost
    }

    /// The address that hands on what was pasted, all of it, to stand behind `#/`; once it was asked for.
    #[must_use]
    pub fn link(&self) -> Option<&str> {
        self.link.as_deref()
    }

    /// What the input turned out to be, with what was edited in it.
    #[must_use]
    pub fn analysis(&self) -> Option<&Arc<Analysis>> {
        self.shown.as_ref()
    }

    /// The value that is being edited.
    #[must_use]
    pub const fn editing(&self) -> Option<&Arc<Editing>> {
        self.editing.as_ref()
    }

    fn secret(&self) -> Option<&Secret> {
        self.secret.as_ref().map(|held| &*held.0)
    }

    /// What Decode shows; `None` where nothing was pasted or nothing in it was understood.
    #[must_use]
    pub fn view(&self) -> Option<&Arc<DecodeView>> {
        self.view.as_ref()
    }

    /// The chosen message beside another, and what can be chosen for that; `None` where nothing is
    /// decoded.
    #[must_use]
    pub const fn comparison(&self) -> Option<&Arc<CompareView>> {
        self.other.view.as_ref()
    }

    /// Why nothing is shown though something was pasted, or what of it is not: one sentence that helps.
    #[must_use]
    pub fn refusal(&self) -> Option<&str> {
        if let Some(stopped) = self.stopped() {
            return Some(stopped);
        }
        let analysis = self.analysis.as_ref().filter(|_| self.told.is_none())?;
        self.question.or_else(|| analysis.refusal()).or_else(|| analysis.remark())
    }

    /// How else what was pasted can be read, and the reading that was asked for.
    #[must_use]
    pub fn readings(&self) -> (&[Reading], Option<Reading>) {
        (self.analysis.as_ref().map_or(&[], |analysis| analysis.others()), self.reading)
    }

    /// The bytes that stay marked.
    #[must_use]
    pub const fn selected(&self) -> Option<Span> {
        self.selected
    }

    /// The state after `action`.
    #[must_use]
    pub fn apply(&self, action: Action) -> Self {
        let next = self.applied(action);
        if self.secret.is_some() || next.secret.is_some() {
            wipe_stack();
        }
        next
    }

    #[inline(never)]
    fn applied(&self, action: Action) -> Self {
        let mut next = self.clone();
        match action {
            Action::Open(address) => next.go_to(&address),
            Action::Play(scenario) => {
                next.lab = Lab::new(scenario).or(next.lab);
                next.is_lost = false;
            }
            Action::Step(step) => {
                if let Some(lab) = &mut next.lab {
                    lab.go_to(step);
                }
            }
            Action::Decode => next.decode_played(),
            Action::Replace => {
                if let Some(input) = next.waiting.take() {
                    next.give_addressed(input);
                }
            }
            Action::Stay => next.waiting = None,
            Action::Paste(input) => {
                if input == self.input && self.analysis.is_some() {
                    next.is_own = true;
                    return next;
                }
                if next.story.take().is_some() {
                    next.imported = None;
                }
                next.open(input);
                next.is_own = true;
            }
            Action::Give(input) => {
                next.give(input);
                next.is_own = true;
            }
            Action::Link => next.link = Some(place::of_input(&next.input).into()),
            Action::Progress(progress) => next.progress = progress,
            Action::Found(unread, found) if next.unread() == Some(&unread) => next.has_read(found),
            Action::Found(..) => {}
            Action::Stop => next.stop(),
            Action::ReadAs(reading) => {
                let input = Arc::clone(&next.input);
                next.forget_choices(input);
                next.reading = reading;
                next.read();
            }
            Action::Sample(index) => {
                if let Some(sample) = view::SAMPLES.get(index) {
                    let story = Story { sample: Some(index), server: sample.server() };
                    next.tell(sample.text.as_bytes(), story);
                }
            }
            Action::Choose(token) => {
                next.selected = None;
                next.editing = None;
                next.choose(token);
            }
            Action::Compare(chosen) => {
                next.other.chosen = chosen;
                next.compare();
            }
            Action::PasteOther(input) => next.paste_other(&input),
            Action::Select(span) => next.selected = span,
            Action::SetServer(server) => next.enter(server),
            Action::Allow(name) => next.allow(name.trim()),
            Action::Disallow(name) => {
                let mut server = self.server().clone();
                server.allowed.retain(|allowed| *allowed != name);
                next.enter(server);
            }
            Action::Import(bytes) => next.take_over(&bytes),
            Action::TakeOver => {
                next.is_input_imported = true;
                next.take_over(&self.input);
            }
            Action::ChooseEvent(event) => next.choose_event(event),
            Action::Try(change) => next.try_out(change),
            Action::TakeBack => next.take_back(),
            Action::Keep(day) => next.keep(day),
            Action::Forget => next.forget(),
            Action::UseKept => next.use_kept(),
            Action::Prove(secret) => {
                next.secret = secret;
                next.judge_again();
            }
            Action::Edit(path) => {
                next.editing = path.and_then(|path| next.editor(path));
            }
            Action::Change(value) => next.change(value.as_deref()),
            Action::AsClient => next.compute_as_client(),
            Action::Unedit => {
                next.edits = Edits::default();
                next.editing = None;
                next.show();
            }
        }
        next
    }

    fn allow(&mut self, name: &str) {
        let mut server = self.server().clone();
        if !name.is_empty() && !server.allowed.iter().any(|one| same_name(one, name)) {
            server.allowed.push(name.to_owned());
            self.enter(server);
        }
    }

    fn compute_as_client(&mut self) {
        if let (Some(captured), Some(shown)) = (&self.analysis, &self.shown) {
            let secret = self.secret.as_ref().map(|held| &*held.0);
            // Refused, nothing changes; the page shows the sentence beforehand.
            let _ = self.edits.as_client(captured, shown, self.chosen, secret);
            self.show();
        }
    }

    fn editor(&self, path: String) -> Option<Arc<Editing>> {
        let message = self.shown.as_ref()?.tokens.get(self.chosen)?.message()?;
        let editable = Editable::at(message, &path)?;
        Some(Arc::new(Editing { path, editable, fault: None }))
    }

    /// Changes the value that is being edited. Where that fails, the editor stays open and says why.
    fn change(&mut self, value: Option<&str>) {
        let (Some(editing), Some(shown)) = (self.editing.take(), self.shown.clone()) else {
            return;
        };
        match self.edits.change(&shown, self.chosen, &editing.path, value) {
            Ok(()) => self.show(),
            Err(error) => {
                let fault = Some(error.to_string());
                self.editing = Some(Arc::new(Editing { fault, ..(*editing).clone() }));
            }
        }
    }

    fn go_to(&mut self, address: &str) {
        let address = place::Address::read(address);
        self.is_lost = address.as_ref().is_none_or(|address| address.asks_more);
        let Some(address) = address else { return };
        self.place = address.place;
        // Whoever opened the page can change its address: what the reader put there is not replaced unseen.
        self.waiting = None;
        let has_own = self.is_own && !self.is_empty();
        match address.input {
            Some(input) if has_own && input != self.input => self.waiting = Some(input),
            Some(input) => self.give_addressed(input),
            None => {}
        }
        if let Some(scenario) = address.scenario {
            self.lab = Lab::new(scenario).or_else(|| self.lab.take());
        }
        if self.place == Place::Relay && self.lab.is_none() {
            self.lab = Lab::new(Scenario::new(Middle::LuredClient));
        }
    }

    /// Takes an input that came with the address.
    fn give_addressed(&mut self, input: Arc<[u8]>) {
        self.give(input);
        self.is_addressed = true;
        self.is_own = false;
    }

    /// Takes an input that has to be put into the box yet.
    fn give(&mut self, input: Arc<[u8]>) {
        self.story = None;
        self.open(input);
        self.given = true;
    }

    /// Takes what was played to Decode.
    fn decode_played(&mut self) {
        if let Some(lab) = self.lab.clone() {
            let server = lab.scenario().server.clone();
            self.tell(lab.view().messages.as_bytes(), Story { sample: None, server });
            self.place = Place::Decode;
        }
    }

    /// Opens a part of the story.
    fn tell(&mut self, text: &[u8], story: Story) {
        self.story = Some(story);
        self.imported = None;
        self.open(text.into());
        self.given = true;
        self.is_own = false;
    }

    /// Takes another input. A secret was given for the one before it, and goes with that.
    fn open(&mut self, input: Arc<[u8]>) {
        self.secret = None;
        self.forget_choices(input);
        self.read();
    }

    /// Takes another input, or the same again, with nothing chosen in it. What was tried goes with what
    /// it was tried for.
    fn forget_choices(&mut self, input: Arc<[u8]>) {
        self.end_trial();
        let Self { place, lab, kept, stated, story, secret, imported, is_own, .. } =
            std::mem::take(self);
        *self = Self {
            place,
            lab,
            input,
            is_own,
            kept,
            stated,
            story,
            secret,
            imported,
            ..Self::default()
        };
        self.settle();
    }

    /// Reads the input, in which nothing is chosen yet.
    fn read(&mut self) {
        if !self.is_empty() {
            self.begin(Unread::new(&self.input, self.reading));
        }
    }

    /// Judges what was found and chooses the message that says most.
    fn open_found(&mut self, found: Arc<Found>) {
        self.chosen = found.most_telling();
        self.found = Some(found);
        self.judge();
        let analysis = self.analysis.as_ref();
        if analysis.is_some_and(|analysis| analysis.tokens.is_empty()) {
            let import = Import::read(&self.input, ListMeans::Allowed);
            self.offers_import = import.stated.is_of_a_server();
            self.question = import.stated.question();
        } else {
            self.offers_import = false;
        }
        self.show();
    }

    /// Judges the same messages anew: the server or the secret is another.
    fn judge_again(&mut self) {
        self.judge();
        self.show();
    }

    /// Chooses a message. One of a sign-in to another server is judged for that.
    fn choose(&mut self, token: usize) {
        let before = self.named();
        self.chosen = token;
        if self.named() == before {
            self.look();
        } else {
            self.end_trial();
            self.judge_again();
        }
    }

    fn judge(&mut self) {
        self.settle();
        let found = self.found.as_ref();
        let analysis = found.map(|found| Arc::new(found.judged(self.server(), self.secret())));
        self.analysis = analysis;
    }

    /// Puts the edits into what was captured.
    fn show(&mut self) {
        self.shown = match &self.analysis {
            Some(captured) if !self.edits.is_empty() => {
                Some(Arc::new(captured.with(&self.edits, self.server(), self.secret())))
            }
            captured => captured.clone(),
        };
        self.look();
    }

    fn look(&mut self) {
        let analyses = self.analysis.as_ref().zip(self.shown.as_ref());
        let view = analyses.and_then(|(captured, shown)| {
            let mut view = view::decode_edited(captured, shown, self.chosen, self.server())?;
            if let Some(edited) = &mut view.edited {
                let mut edits = self.edits.clone();
                let proven = edits.as_client(captured, shown, self.chosen, self.secret());
                edited.only_the_client = proven.err();
            }
            self.fill_ways(&mut view.ways, |settings| {
                let judged = captured.with(&self.edits, settings, self.secret());
                judged.exchange_of(self.chosen)?.verdict.clone()
            });
            Some(view)
        });
        self.told = self.told_of_input(view.is_some());
        self.view = view.map(Arc::new);
        self.compare();
    }

    fn paste_other(&mut self, input: &Arc<[u8]>) {
        self.other = Other::default();
        self.unread = None;
        if input.iter().all(u8::is_ascii_whitespace) {
            self.compare();
        } else {
            self.begin(Unread::other(input));
        }
    }

    fn open_other(&mut self, found: &Found) {
        let analysis = found.judged(self.server(), None);
        self.other.chosen = (!analysis.tokens.is_empty()).then(|| analysis.most_telling());
        self.other.analysis = Some(Arc::new(analysis));
        self.compare();
    }

    fn compare(&mut self) {
        let view = self.shown.as_ref().and_then(|analysis| {
            view::compare(analysis, self.chosen, self.other.analysis.as_deref(), self.other.chosen)
        });
        self.other.view = view.map(Arc::new);
    }
}
