//! The server side of the state: what was imported, what is tried, and what can be taken back.
//!
//! What was tried stays where it was: after "Try it here" the ways out are those of the server
//! before it, so the remedy keeps its place, and one press takes it back. What is changed by hand
//! is no trial any more.

use std::sync::Arc;

use super::{Workbench, own_server::Stated};
use crate::view::{self, ImportView, ToldView, WaysView};
use spnscope::analysis::Verdict;
use spnscope::judge::{
    imports::Import,
    remedies::{AllowedNames, Change},
    smb::ServerSettings,
};
use spnscope::read::config::ListMeans;

/// What was read of the server side.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Imported {
    import: Import,
    view: Arc<ImportView>,
    /// The index of the event that the answers are about, where there is one.
    event: usize,
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

impl Workbench {
    /// What was read of the server side last.
    #[must_use]
    pub fn imported(&self) -> Option<&Arc<ImportView>> {
        self.imported.as_ref().map(|imported| &imported.view)
    }

    /// Whether an import can be taken back.
    #[must_use]
    pub fn can_take_import_back(&self) -> bool {
        self.tried.as_ref().is_some_and(|tried| tried.change.is_none())
    }

    /// Whether what is in the paste box is no sign-in but of the server side, and can be taken over.
    #[must_use]
    pub const fn offers_import(&self) -> bool {
        self.offers_import && self.told.is_none()
    }

    /// What is shown of the server alone: what is in the paste box was taken over.
    #[must_use]
    pub const fn told(&self) -> Option<&Arc<ToldView>> {
        self.told.as_ref()
    }

    /// Changes the server in force; `tried` says what for, where that can be taken back.
    fn set_server(&mut self, server: ServerSettings, tried: Option<Tried>) {
        self.tried = tried;
        match &mut self.story {
            Some(story) => story.server = server,
            None => self.state(server),
        }
        self.judge_again();
    }

    /// Takes what was entered by hand. What is tried and still there goes on being tried.
    pub(super) fn enter(&mut self, server: ServerSettings) {
        let tried = self.tried.take().and_then(|tried| {
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
        self.set_server(server, tried);
    }

    /// Takes back a remedy that is tried. Who calls judges anew.
    pub(super) fn end_trial(&mut self) {
        if let Some(Tried { before, stated, .. }) =
            self.tried.take_if(|tried| tried.change.is_some())
        {
            match &mut self.story {
                Some(story) => story.server = before,
                None => self.stated = stated,
            }
            self.settle();
        }
    }

    /// Takes over what `bytes` say of the server. What they do not show stays as it is.
    pub(super) fn take_over(&mut self, bytes: &[u8]) {
        let import = Import::read(bytes, ListMeans::Allowed);
        self.end_trial();
        let before = self.server().clone();
        let mut server = before.clone();
        import.apply(&mut server);
        let tried = (!import.stated.is_empty()).then(|| Tried {
            change: None,
            before,
            stated: self.stated.clone(),
        });
        let view = Arc::new(view::imported(&import));
        let event = import.stated.newest().unwrap_or_default();
        self.imported = Some(Arc::new(Imported { import, view, event }));
        self.set_server(server, tried);
    }

    /// Lets the answers be about another event. What was tried was tried for the one before.
    pub(super) fn choose_event(&mut self, event: usize) {
        let Some(imported) = &mut self.imported else { return };
        if event < imported.import.refusals.len() {
            Arc::make_mut(imported).event = event;
            self.look();
        }
    }

    /// Tries a remedy in the place of the one that was tried before.
    pub(super) fn try_out(&mut self, change: Change) {
        self.end_trial();
        let (before, stated) = (self.server().clone(), self.stated.clone());
        let mut server = before.clone();
        change.apply(&mut server);
        self.set_server(server, Some(Tried { change: Some(change), before, stated }));
    }

    pub(super) fn take_back(&mut self) {
        match self.tried.take() {
            Some(Tried { change, before, stated }) => {
                if change.is_none() {
                    self.imported = None;
                }
                match &mut self.story {
                    Some(story) => story.server = before,
                    None => self.stated = stated,
                }
            }
            // A story goes on as it is: what was changed in it by hand is changed back by hand.
            None if self.story.is_none() => {
                self.stated = None;
                self.imported = None;
            }
            None => return,
        }
        self.judge_again();
    }

    /// How much is known of the allowed names of `settings`: all, where an import showed them.
    fn known_allowed(&self, settings: &ServerSettings) -> AllowedNames {
        let shown =
            self.imported.as_ref().and_then(|imported| imported.import.stated.allowed.as_ref());
        let is_in_force = |name: &String| settings.allowed.contains(name);
        match shown {
            Some(list) if list.value.iter().all(is_in_force) => AllowedNames::AreAll,
            _ => AllowedNames::MayBeMore,
        }
    }

    /// What is shown where the input is of the server side, was taken over, and nothing in it is `decoded`.
    pub(super) fn told_of_input(&self, decoded: bool) -> Option<Arc<ToldView>> {
        let imported = self.imported.as_ref().filter(|_| self.is_input_imported && !decoded)?;
        let chosen = view::Chosen { import: &imported.import, event: imported.event };
        let mut told = view::told(chosen, self.server());
        self.fill_ways(&mut told.ways, |settings| chosen.verdict(settings));
        Some(Arc::new(told))
    }

    /// Puts into `ways` what the view alone does not know: what was tried, and whether all allowed names
    /// are known. Where something was tried, they are those before it, so that it stays in its place.
    pub(super) fn fill_ways(
        &self,
        ways: &mut Option<WaysView>,
        judge: impl Fn(&ServerSettings) -> Option<Verdict>,
    ) {
        let tried = self.tried.as_ref().filter(|tried| tried.change.is_some());
        let settings = tried.map_or_else(|| self.server(), |tried| &tried.before);
        let allowed = self.known_allowed(settings);
        if tried.is_some() || allowed == AllowedNames::AreAll {
            let change = tried.and_then(|tried| tried.change.as_ref());
            *ways = judge(settings).and_then(|verdict| view::ways(&verdict, allowed, change));
        }
    }
}
