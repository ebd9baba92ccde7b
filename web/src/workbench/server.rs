//! The server: what is changed, imported and tried, and what can be taken back.

use std::{net::IpAddr, sync::Arc};

use super::{Day, inputs::Inputs, own_server::Stated};
use crate::view::{self, Answer, Chosen, ImportView, Reported};
use spnscope::judge::{
    imports::Import,
    remedies::Change,
    smb::{Evidence, Role, ServerSettings, ServerSwitch},
};
use spnscope::message::wire::same_name;
use spnscope::read::config::BareListKind;

/// What the reader says of the server.
#[derive(Clone, Debug, PartialEq)]
pub enum ServerAction {
    /// Changes one setting by hand.
    Edit(ServerEdit),
    /// Gives something of the server side to be taken over.
    Import(Arc<[u8]>),
    /// Takes over what is in the paste box, which is of the server side.
    TakeOver,
    /// Chooses the event with this index among those taken over.
    ChooseEvent(usize),
    /// Tries a remedy at the simulated server.
    Try(Change),
    /// Takes back what was tried or taken over last, else all that was stated of the server in this
    /// tab.
    TakeBack,
    /// Keeps the server in force for later visits; today is this day.
    Keep(Option<Day>),
    /// Forgets the server that is kept.
    Forget,
    /// Wants the sign-in judged for the kept server all the same.
    UseKept,
}

/// A change of one setting.
#[derive(Clone, Debug, PartialEq)]
pub enum ServerEdit {
    /// It has this role.
    Role(Role),
    /// It has these names; none, where the messages say them.
    Names(Vec<String>),
    /// Its domain has these names.
    Domains(Vec<String>),
    /// It has these addresses.
    Addresses(Vec<IpAddr>),
    /// This address is none of its own.
    ForeignAddress(IpAddr),
    /// It answers to this name or address too: one more in `SrvAllowedServerNames`.
    Allow(String),
    /// It does so no longer.
    Disallow(String),
    /// This switch is on, or off.
    Switch(ServerSwitch, bool),
}

impl From<Answer> for ServerEdit {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::OwnAddresses(addresses) => Self::Addresses(addresses),
            Answer::ForeignAddress(address) => Self::ForeignAddress(address),
            Answer::OwnName(name) => Self::Names(vec![name]),
        }
    }
}

impl ServerEdit {
    fn apply(self, settings: &mut ServerSettings) {
        match self {
            Self::Role(role) => settings.role = role,
            Self::Names(names) => settings.names = names,
            Self::Domains(domains) => settings.domains = domains,
            Self::Addresses(addresses) => {
                settings.foreign_addresses.retain(|other| !addresses.contains(other));
                settings.addresses = addresses;
            }
            Self::ForeignAddress(address) => {
                settings.addresses.retain(|other| *other != address);
                if !settings.foreign_addresses.contains(&address) {
                    settings.foreign_addresses.push(address);
                }
            }
            Self::Allow(name) => {
                let name = name.trim();
                let is_listed = settings.allowed.iter().any(|one| same_name(one, name));
                if !name.is_empty() && !is_listed {
                    settings.allowed.push(name.to_owned());
                }
            }
            Self::Disallow(name) => settings.allowed.retain(|allowed| *allowed != name),
            Self::Switch(switch, is_on) => *switch.of(settings) = is_on,
        }
    }
}

/// What was read of the server side.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Imported {
    pub(super) import: Import,
    pub(super) view: Arc<ImportView>,
    /// Every name of the server that it is about. Empty where none is known.
    pub(super) names: Vec<String>,
    /// The index of the event that the answers are about, where there is one.
    event: usize,
}

impl Imported {
    /// The event that the answers are about.
    pub(super) const fn chosen(&self) -> Chosen<'_> {
        Chosen { import: &self.import, event: self.event }
    }
}

/// What was changed at the simulated server and can be taken back in one step.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tried {
    /// The remedy; `None` for an import.
    pub(super) change: Option<Change>,
    /// The server before it.
    pub(super) before: ServerSettings,
    /// What was stated in this tab before it; `None` also where a story has the server.
    stated: Option<Stated>,
}

impl Inputs {
    pub(super) fn change_server(&mut self, action: ServerAction) {
        match action {
            ServerAction::Edit(edit) => self.enter(edit),
            ServerAction::Import(bytes) => self.take_over(&bytes),
            ServerAction::TakeOver => self.take_over_input(),
            ServerAction::ChooseEvent(event) => self.choose_event(event),
            ServerAction::Try(change) => self.try_out(change),
            ServerAction::TakeBack => self.take_back(),
            ServerAction::Keep(day) => self.keep(day),
            ServerAction::Forget => self.forget(),
            ServerAction::UseKept => self.use_kept(),
        }
    }

    /// Changes the server in force.
    fn set_server(&mut self, server: ServerSettings) {
        match &mut self.story {
            Some(story) => story.server = server,
            None => self.state(server),
        }
    }

    /// Takes what was entered by hand. What is tried and still there goes on being tried.
    fn enter(&mut self, edit: ServerEdit) {
        let (_, before) = self.server();
        let mut server = before.clone();
        edit.apply(&mut server);
        if server == before {
            return;
        }
        self.tried = self.tried.take().and_then(|tried| {
            let change = tried.change?;
            let mut before = server.clone();
            change.withdraw(&mut before);
            if before == server {
                return None;
            }
            if self.story.is_none() {
                self.state(before.clone());
            }
            let stated = self.stated.clone();
            Some(Tried { change: Some(change), before, stated })
        });
        self.set_server(server);
    }

    /// Takes back a remedy that is tried.
    pub(super) fn end_trial(&mut self) {
        if let Some(tried) = self.tried.take_if(|tried| tried.change.is_some()) {
            self.restore(tried);
        }
    }

    fn restore(&mut self, tried: Tried) {
        match &mut self.story {
            Some(story) => story.server = tried.before,
            None => self.stated = tried.stated,
        }
    }

    /// Takes over what is in the paste box.
    pub(super) fn take_over_input(&mut self) {
        self.is_input_imported = true;
        self.take_over(&Arc::clone(&self.input));
    }

    /// Whether the server in force is what an event in the paste box tells of.
    pub(super) fn is_of_event(&self) -> bool {
        let has_events = |imported: &Arc<Imported>| !imported.import.refusals.is_empty();
        self.is_input_imported
            && self.tried.as_ref().is_some_and(|tried| tried.change.is_none())
            && self.imported.as_ref().is_some_and(has_events)
    }

    /// Gives back what was taken over last, where it can be.
    pub(super) fn end_import(&mut self) {
        if let Some(tried) = self.tried.take_if(|tried| tried.change.is_none()) {
            self.imported = None;
            self.restore(tried);
        }
    }

    /// Takes over what `bytes` say of the server. What they do not show stays as it is.
    fn take_over(&mut self, bytes: &[u8]) {
        let import = Import::read(bytes, BareListKind::Allowed);
        self.end_trial();
        let (_, before) = self.server();
        let mut server = before.clone();
        import.apply(&mut server);
        let stated = self.stated.clone();
        self.tried = (!import.stated.is_empty()).then_some(Tried { change: None, before, stated });
        let view = Arc::new(view::imported(&import));
        let event = import.stated.newest().unwrap_or_default();
        let mut names = self.names();
        names.extend(server.names.iter().cloned());
        self.imported = Some(Arc::new(Imported { import, view, names, event }));
        self.set_server(server);
    }

    /// Lets the answers be about another event. What was tried was tried for the one before.
    fn choose_event(&mut self, event: usize) {
        let Some(imported) = &mut self.imported else { return };
        if event < imported.import.refusals.len() {
            Arc::make_mut(imported).event = event;
        }
    }

    /// Tries a remedy in the place of the one that was tried before.
    fn try_out(&mut self, change: Change) {
        self.end_trial();
        let ((_, before), stated) = (self.server(), self.stated.clone());
        let mut server = before.clone();
        change.apply(&mut server);
        self.tried = Some(Tried { change: Some(change), before, stated });
        self.set_server(server);
    }

    /// The report on the event that the answers are about, at this server.
    pub(super) fn reported(&self, server: &ServerSettings) -> Option<Reported> {
        let imported = self.imported.as_ref()?;
        let refusal = imported.import.refusals.get(imported.event);
        let evidence = refusal.and_then(|it| it.target.clone()).map(Evidence::stating);
        let import = imported.import.clone();
        Some(Reported::Imported(Box::new((evidence, server.clone(), import))))
    }

    fn take_back(&mut self) {
        match self.tried.take() {
            Some(tried) => {
                if tried.change.is_none() {
                    self.imported = None;
                }
                self.restore(tried);
            }
            // A story goes on as it is: what was changed in it by hand is changed back by hand.
            None if self.story.is_none() => {
                self.stated = None;
                self.imported = None;
            }
            None => {}
        }
    }
}
