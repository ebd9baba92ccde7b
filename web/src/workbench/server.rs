//! The server: edits, imports and trials, and their undoing.

use std::{net::IpAddr, sync::Arc};

use super::{Day, inputs::Inputs, own_server::TabServer};
use crate::view::{self, ChosenEvent, ImportView, Reported, ServerFact};
use spnscope::judge::{
    imports::Import,
    remedies::Change,
    smb::{Evidence, Role, ServerSettings, ServerSwitch},
};
use spnscope::message::wire::same_name;
use spnscope::read::config::BareListKind;

/// An action on the server.
#[derive(Clone, Debug, PartialEq)]
pub enum ServerAction {
    /// Change one setting by hand.
    Edit(ServerEdit),
    /// Take over the facts about the server in this text or file.
    Import(Arc<[u8]>),
    /// Take over the input in the paste box, which is about the server.
    TakeOver,
    /// Choose the event with this index among those taken over.
    ChooseEvent(usize),
    /// Try a remedy at the simulated server.
    Try(Change),
    /// Undo the last trial or import, else all facts stated in this tab.
    TakeBack,
    /// Keep the server in force for later visits; today is this day.
    Keep(Option<Day>),
    /// Forget the kept server.
    Forget,
    /// Judge the sign-in for the kept server all the same.
    UseKept,
}

/// A change of one setting.
#[derive(Clone, Debug, PartialEq)]
pub enum ServerEdit {
    /// The server has this role.
    Role(Role),
    /// The server has these names; if empty, those in the messages.
    Names(Vec<String>),
    /// The domain of the server has these names.
    Domains(Vec<String>),
    /// The server has these addresses.
    Addresses(Vec<IpAddr>),
    /// This address is not the server's own.
    ForeignAddress(IpAddr),
    /// This name or address is added to `SrvAllowedServerNames`.
    Allow(String),
    /// This name or address is removed from it.
    Disallow(String),
    /// This switch is on, or off.
    Switch(ServerSwitch, bool),
}

impl From<ServerFact> for ServerEdit {
    fn from(fact: ServerFact) -> Self {
        match fact {
            ServerFact::OwnAddresses(addresses) => Self::Addresses(addresses),
            ServerFact::ForeignAddress(address) => Self::ForeignAddress(address),
            ServerFact::OwnName(name) => Self::Names(vec![name]),
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

/// The facts read about the server.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Imported {
    pub(super) import: Import,
    pub(super) view: Arc<ImportView>,
    /// All names of that server. Empty if none is known.
    pub(super) names: Vec<String>,
    /// The index of the event that the answers are about, if there is one.
    event: usize,
}

impl Imported {
    /// The event that the answers are about.
    pub(super) const fn chosen(&self) -> ChosenEvent<'_> {
        ChosenEvent { import: &self.import, event: self.event }
    }
}

/// A change at the simulated server that can be undone in one step.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Trial {
    /// The remedy; `None` for an import.
    pub(super) change: Option<Change>,
    /// The server before it.
    pub(super) before: ServerSettings,
    /// The facts stated in this tab before it; `None` also if the server is that of a demo.
    stated: Option<TabServer>,
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
        match &mut self.demo {
            Some(demo) => demo.server = server,
            None => self.state(server),
        }
    }

    /// Takes an edit by hand. A trial goes on if its change is still there.
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
            if self.demo.is_none() {
                self.state(before.clone());
            }
            let stated = self.stated.clone();
            Some(Trial { change: Some(change), before, stated })
        });
        self.set_server(server);
    }

    /// Undoes a trial.
    pub(super) fn end_trial(&mut self) {
        if let Some(tried) = self.tried.take_if(|tried| tried.change.is_some()) {
            self.restore(tried);
        }
    }

    fn restore(&mut self, tried: Trial) {
        match &mut self.demo {
            Some(demo) => demo.server = tried.before,
            None => self.stated = tried.stated,
        }
    }

    /// Takes over the input in the paste box.
    pub(super) fn take_over_input(&mut self) {
        self.is_input_imported = true;
        self.take_over(&Arc::clone(&self.input));
    }

    /// Returns true if the server in force is the one that an event in the paste box describes.
    pub(super) fn is_of_event(&self) -> bool {
        let has_events = |imported: &Arc<Imported>| !imported.import.refusals.is_empty();
        self.is_input_imported
            && self.tried.as_ref().is_some_and(|tried| tried.change.is_none())
            && self.imported.as_ref().is_some_and(has_events)
    }

    /// Undoes the last import, if it can be.
    pub(super) fn end_import(&mut self) {
        if let Some(tried) = self.tried.take_if(|tried| tried.change.is_none()) {
            self.imported = None;
            self.restore(tried);
        }
    }

    /// Takes over the facts about the server in `bytes`. Other settings stay.
    fn take_over(&mut self, bytes: &[u8]) {
        let import = Import::read(bytes, BareListKind::Allowed);
        self.end_trial();
        let (_, before) = self.server();
        let mut server = before.clone();
        import.apply(&mut server);
        let stated = self.stated.clone();
        self.tried = (!import.stated.is_empty()).then_some(Trial { change: None, before, stated });
        let view = Arc::new(view::imported(&import));
        let event = import.stated.newest().unwrap_or_default();
        let mut names = self.names();
        names.extend(server.names.iter().cloned());
        self.imported = Some(Arc::new(Imported { import, view, names, event }));
        self.set_server(server);
    }

    /// Chooses another event for the answers. A trial ends with the event it was made for.
    fn choose_event(&mut self, event: usize) {
        let Some(imported) = &mut self.imported else { return };
        if event < imported.import.refusals.len() {
            Arc::make_mut(imported).event = event;
        }
    }

    /// Tries a remedy in place of the one tried before.
    fn try_out(&mut self, change: Change) {
        self.end_trial();
        let ((_, before), stated) = (self.server(), self.stated.clone());
        let mut server = before.clone();
        change.apply(&mut server);
        self.tried = Some(Trial { change: Some(change), before, stated });
        self.set_server(server);
    }

    /// The report on the chosen event, at this server.
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
            // A demo goes on: the edits of its server are undone by hand.
            None if self.demo.is_none() => {
                self.stated = None;
                self.imported = None;
            }
            None => {}
        }
    }
}
