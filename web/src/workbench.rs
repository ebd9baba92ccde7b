//! The state of the page: the input and choices of the reader, and the views derived from them.

mod access;
mod derived;
mod edit;
mod file;
mod inputs;
mod lab;
mod own_server;
mod paste;
mod place;
mod replaced;
mod select;
mod server;
mod unread;

use std::sync::Arc;

pub use edit::{EditAction, Editing};
pub use file::{CaptureFile, FileAction, FileEnd, Progress, megabytes};
pub use inputs::SharedSecret;
pub use lab::{Lab, LabAction};
pub use own_server::{Day, KeptServer};
pub use paste::{LinkContent, PasteAction};
pub use place::{Place, access_address};
pub use select::SelectAction;
pub use server::{ServerAction, ServerEdit};
pub use unread::Unread;

use derived::{Derived, OfferKind};
use inputs::Inputs;
use place::AddressedInput;
use replaced::Replaced;

use crate::view::{
    AccessField, AccessForm, CompareView, DecodeView, ImportView, Order, ServerBasis, ServerNote,
    ServerOnlyView, SignInTable,
};
use spnscope::analysis::Analysis;
use spnscope::base::span::Span;
use spnscope::judge::{proof::wipe_stack, smb::ServerSettings};
use spnscope::lab::relay::{Middle, Scenario};
use spnscope::read::text::Reading;

/// The state of the page, an immutable value: every action makes a new one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Workbench {
    place: Place,
    /// The place that the reader came from without an address, to go back to.
    came_from: Option<Place>,
    lab: Option<Lab>,
    /// The form for a question without a capture, as filled in.
    access: AccessForm,
    /// True if Decode shows that form.
    is_access_open: bool,
    /// The input that another one replaced.
    replaced: Option<Arc<Replaced>>,
    /// True if the page put the input into the box, rather than the reader.
    prefilled: bool,
    /// True if the reader pasted or typed the input.
    is_own: bool,
    /// True if the reader has looked closer at the results: then the choice stays while more is
    /// found.
    has_looked: bool,
    /// True if the input came with the address.
    is_addressed: bool,
    /// True if the facts about the server came with the address too.
    has_addressed_server: bool,
    /// An input that came with the address while the reader had one: it waits until the reader asks
    /// for it.
    waiting: Option<AddressedInput>,
    /// True if the address asked for something that is not shown.
    address_not_found: bool,
    /// The address that hands on the input, once the reader asked for it.
    link: Option<Arc<str>>,
    /// The input that is yet to be read.
    unread: Option<Unread>,
    /// The part of it that was read, in hundredths.
    progress: u8,
    /// The capture file that is or was read piece by piece.
    file: Option<CaptureFile>,
    editing: Option<Arc<Editing>>,
    selected: Option<Span>,
    inputs: Inputs,
    /// The views derived from the inputs.
    derived: Derived,
}

/// An action of the reader, by its subject.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Go to an address of the page, given as it follows `#/`.
    Open(String),
    /// Act on the input.
    Paste(PasteAction),
    /// Open a capture file, and read on in it.
    File(FileAction),
    /// Choose the part of the input to look at.
    Select(SelectAction),
    /// State something about the server.
    Server(ServerAction),
    /// Give a secret, or take it away.
    Prove(Option<SharedSecret>),
    /// Edit a value by hand.
    Edit(EditAction),
    /// Act in the relay lab.
    Lab(LabAction),
    /// Type this into a field of the form for a question without a capture.
    Ask(AccessField, String),
}

impl Action {
    /// Returns true if the action is about one of the sign-ins found.
    const fn is_about_one_sign_in(&self) -> bool {
        match self {
            Self::Select(_) | Self::Server(_) | Self::Prove(_) | Self::Edit(_) => true,
            Self::Open(_) | Self::Paste(_) | Self::File(_) | Self::Lab(_) | Self::Ask(..) => false,
        }
    }
}

impl From<PasteAction> for Action {
    fn from(action: PasteAction) -> Self {
        Self::Paste(action)
    }
}

impl From<FileAction> for Action {
    fn from(action: FileAction) -> Self {
        Self::File(action)
    }
}

impl From<SelectAction> for Action {
    fn from(action: SelectAction) -> Self {
        Self::Select(action)
    }
}

impl From<ServerAction> for Action {
    fn from(action: ServerAction) -> Self {
        Self::Server(action)
    }
}

impl From<ServerEdit> for Action {
    fn from(edit: ServerEdit) -> Self {
        Self::Server(ServerAction::Edit(edit))
    }
}

impl From<EditAction> for Action {
    fn from(action: EditAction) -> Self {
        Self::Edit(action)
    }
}

impl From<LabAction> for Action {
    fn from(action: LabAction) -> Self {
        Self::Lab(action)
    }
}

impl Workbench {
    /// Makes a workbench with a server that was kept from an earlier visit.
    #[must_use]
    pub fn with_kept(kept: Option<KeptServer>) -> Self {
        Self { inputs: Inputs { kept, ..Inputs::default() }, ..Self::default() }
    }

    /// The state after `action`.
    #[must_use]
    pub fn apply(&self, action: impl Into<Action>) -> Self {
        let next = self.applied(action.into());
        if self.inputs.secret.is_some() || next.inputs.secret.is_some() {
            wipe_stack();
        }
        next
    }

    // In a frame of its own, which is below the one that overwrites what a secret left.
    #[inline(never)]
    fn applied(&self, action: Action) -> Self {
        let mut next = self.clone();
        next.has_looked |= action.is_about_one_sign_in();
        let follows_address = matches!(action, Action::Open(_));
        match action {
            Action::Open(address) => next.go_to(&address),
            Action::Paste(action) => next.paste(action),
            Action::File(action) => next.read_file(action),
            Action::Select(action) => next.select(action),
            Action::Server(action) => next.inputs.change_server(action),
            Action::Prove(secret) => next.inputs.secret = secret,
            Action::Edit(action) => next.edit(action),
            Action::Lab(action) => next.play(action),
            Action::Ask(field, text) => next.access.set(field, text),
        }
        if !follows_address && next.place != self.place {
            next.came_from = Some(self.place);
        }
        next.hold_replaced(self);
        if next.inputs != self.inputs {
            next.derived = next.inputs.derive(&self.inputs, &self.derived);
        }
        if next.inputs.found != self.inputs.found && next.offer_kind() == Some(&OfferKind::Events) {
            // An event is judged at once, like a sign-in.
            let (inputs, derived) = (next.inputs.clone(), next.derived.clone());
            next.inputs.take_over_input();
            next.derived = next.inputs.derive(&inputs, &derived);
        }
        if next.inputs.found != self.inputs.found
            && !next.has_looked
            && let Some(token) = next.first_sign_in()
        {
            let (inputs, derived) = (next.inputs.clone(), next.derived.clone());
            next.inputs.chosen = token;
            next.derived = next.inputs.derive(&inputs, &derived);
        }
        next
    }

    /// The message of the sign-in that is first in the table.
    fn first_sign_in(&self) -> Option<usize> {
        let table = self.derived.sign_ins.as_ref()?;
        let first = *table.shown("", Order::default()).first()?;
        table.rows.get(first)?.token
    }

    fn go_to(&mut self, address: &str) {
        let address = place::ParsedAddress::read(address);
        self.address_not_found = address.as_ref().is_none_or(|address| address.asks_more);
        let Some(address) = address else { return };
        self.place = address.place;
        if self.place == Place::Decode {
            self.is_access_open = address.is_access;
        }
        // Anyone can put an input into the address of the open page, so it does not replace the
        // reader's own unasked.
        self.waiting = None;
        let has_own = self.is_own && !self.is_empty();
        match address.input {
            Some(addressed) if has_own && addressed.input != self.inputs.input => {
                self.waiting = Some(addressed);
            }
            Some(addressed) => self.open_addressed(addressed),
            None => {}
        }
        if let Some(scenario) = address.scenario {
            // A setting that is played already stays at its step.
            let is_played = self.lab.as_ref().is_some_and(|lab| *lab.scenario() == scenario);
            if !is_played {
                self.lab = Lab::new(scenario).or_else(|| self.lab.take());
            }
        }
        if self.place == Place::Relay && self.lab.is_none() {
            self.lab = Lab::new(Scenario::new(Middle::LuredClient));
        }
    }

    /// The place where the reader is.
    #[must_use]
    pub const fn place(&self) -> Place {
        self.place
    }

    /// The relay lab; `None` before the first visit to it.
    #[must_use]
    pub const fn lab(&self) -> Option<&Lab> {
        self.lab.as_ref()
    }

    /// The input, as bytes.
    #[must_use]
    pub fn input(&self) -> &[u8] {
        &self.inputs.input
    }

    /// Returns true if nothing was pasted or opened yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.file.is_none() && self.inputs.input.iter().all(u8::is_ascii_whitespace)
    }

    /// The input that the page put into the box; `None` if the reader typed it.
    #[must_use]
    pub fn prefilled(&self) -> Option<&[u8]> {
        self.prefilled.then_some(&*self.inputs.input)
    }

    /// The sample that is open.
    #[must_use]
    pub fn sample(&self) -> Option<usize> {
        self.inputs.demo.as_ref()?.sample
    }

    /// Returns true if the input came with the address.
    #[must_use]
    pub const fn is_addressed(&self) -> bool {
        self.is_addressed
    }

    /// Returns true if the address has an input that would replace the reader's own, and waits for
    /// consent.
    #[must_use]
    pub const fn asks_to_replace(&self) -> bool {
        self.waiting.is_some()
    }

    /// Returns true if the address asked for something that was not understood, and nothing else
    /// has been asked for since.
    #[must_use]
    pub const fn address_not_found(&self) -> bool {
        self.address_not_found
    }

    /// The address that hands on the input, as it follows `#/`; `None` until the reader asks for
    /// it.
    #[must_use]
    pub fn link(&self) -> Option<&str> {
        self.link.as_deref()
    }

    /// The analysis of the input, with the edits.
    #[must_use]
    pub const fn analysis(&self) -> Option<&Arc<Analysis>> {
        self.derived.edited.as_ref()
    }

    /// The value that is being edited.
    #[must_use]
    pub const fn editing(&self) -> Option<&Arc<Editing>> {
        self.editing.as_ref()
    }

    /// The bytes that are selected.
    #[must_use]
    pub const fn selected(&self) -> Option<Span> {
        self.selected
    }

    /// The view of Decode; `None` if there is no input or nothing in it was understood.
    #[must_use]
    pub const fn view(&self) -> Option<&Arc<DecodeView>> {
        self.derived.view.as_ref()
    }

    /// All sign-ins, if there are several, and the index of the one whose message is chosen.
    #[must_use]
    pub fn sign_ins(&self) -> Option<(&Arc<SignInTable>, Option<usize>)> {
        let table = self.derived.sign_ins.as_ref()?;
        let chosen = self.inputs.chosen;
        let exchanges = self.derived.edited.as_ref().map_or(&[][..], |it| it.exchanges());
        let chosen = exchanges.iter().position(|exchange| exchange.has(chosen));
        Some((table, chosen))
    }

    /// The comparison of the chosen message with another, and the messages to choose for that;
    /// `None` if nothing is decoded.
    #[must_use]
    pub const fn comparison(&self) -> Option<&Arc<CompareView>> {
        self.derived.comparison.as_ref()
    }

    /// The reason why an input is not shown, in whole or in part: one helpful sentence.
    #[must_use]
    pub fn refusal(&self) -> Option<&str> {
        if let Some(stopped) = self.stopped() {
            return Some(stopped);
        }
        let server_only = self.derived.server_only.as_ref();
        let analysis = self.derived.captured.as_ref().filter(|_| server_only.is_none())?;
        let question = self.derived.offer.as_ref().and_then(|offer| offer.question);
        let refusal = || analysis.refusal().filter(|_| !self.offers_import());
        question.or_else(refusal).or_else(|| self.remark_alone())
    }

    /// The remark, if there is nothing else to be shown.
    fn remark_alone(&self) -> Option<&str> {
        let analysis = self.derived.captured.as_ref().filter(|_| !self.derived.is_decoded())?;
        analysis.remark()
    }

    /// The part of the input that is not shown though the rest is: one sentence.
    #[must_use]
    pub fn remark(&self) -> Option<&str> {
        let analysis = self.derived.captured.as_ref().filter(|_| self.derived.is_decoded())?;
        analysis.remark()
    }

    /// The place where the reading of a file ended early, and the consequence for the view.
    #[must_use]
    pub fn file_end(&self) -> Option<String> {
        self.file.as_ref()?.end_words()
    }

    /// The other readings of the input, and the one that the reader asked for.
    #[must_use]
    pub fn readings(&self) -> (&[Reading], Option<Reading>) {
        // A file that was read piece by piece cannot be read in another way: its bytes are gone.
        let captured = self.derived.captured.as_ref().filter(|_| self.file.is_none());
        (captured.map_or(&[], |analysis| analysis.others()), self.inputs.reading)
    }

    /// The server in force: the reader's own, or that of the sample while one is open.
    #[must_use]
    pub const fn server(&self) -> &ServerSettings {
        &self.derived.server
    }

    /// The source of the facts about the server in force.
    #[must_use]
    pub const fn server_basis(&self) -> ServerBasis {
        self.derived.basis
    }

    /// The notes about the server beside the answer: trials, facts that are not kept, facts that
    /// are.
    #[must_use]
    pub fn server_notes(&self) -> Vec<ServerNote> {
        self.inputs.server_notes(&self.derived)
    }

    /// The kept server.
    #[must_use]
    pub const fn kept(&self) -> Option<&KeptServer> {
        self.inputs.kept.as_ref()
    }

    /// The last import.
    #[must_use]
    pub fn imported(&self) -> Option<&Arc<ImportView>> {
        self.inputs.imported.as_ref().map(|imported| &imported.view)
    }

    /// Returns true if an import can be undone.
    #[must_use]
    pub fn can_take_import_back(&self) -> bool {
        self.inputs.tried.as_ref().is_some_and(|tried| tried.change.is_none())
    }

    /// Returns true if the input is no sign-in but about the server, and can be taken over.
    #[must_use]
    pub fn offers_import(&self) -> bool {
        self.offer_kind().is_some_and(|offer_kind| *offer_kind != OfferKind::Nothing)
    }

    fn offer_kind(&self) -> Option<&OfferKind> {
        let offer = self.derived.offer.as_ref().filter(|_| self.derived.server_only.is_none())?;
        Some(&offer.of)
    }

    /// The offer to take over the input: one sentence.
    #[must_use]
    pub fn import_offer(&self) -> Option<String> {
        match self.offer_kind()? {
            OfferKind::Nothing => None,
            OfferKind::Events => Some("These events are about a server.".to_owned()),
            OfferKind::Settings(settings) if settings.is_empty() => {
                Some("These are settings of a server.".to_owned())
            }
            OfferKind::Settings(settings) => {
                Some(format!("These are settings of a server: {settings}."))
            }
        }
    }

    /// The view of the server alone, if the input was taken over.
    #[must_use]
    pub const fn server_only(&self) -> Option<&Arc<ServerOnlyView>> {
        self.derived.server_only.as_ref()
    }
}
