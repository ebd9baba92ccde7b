//! The servers that sign-ins went to.

use std::{collections::HashMap, net::IpAddr, sync::Arc};

use super::{Fixed, Judgement, Row};
use crate::judge::smb::{Outcome, ServerNames, ServerSettings};
use crate::read::stream::SignIn;

/// The most servers that are told apart.
const MAX_SERVERS: usize = 10_000;

/// The most addresses that are kept of one.
const MAX_ADDRESSES: usize = 64;

/// A server that was met.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SeenServer {
    /// The names it gives itself.
    pub names: Arc<ServerNames>,
    /// Its `ServerGuid`.
    pub guid: Option<[u8; 16]>,
    /// The addresses that it was reached at.
    pub addresses: Vec<IpAddr>,
    /// The number of the server that it turned out to be.
    pub same_as: Option<usize>,
}

impl SeenServer {
    /// Returns true if the settings do not say which server they are for, or name this one.
    pub(super) fn is_meant_by(&self, settings: &ServerSettings) -> bool {
        let names_none = settings.names.is_empty() && settings.addresses.is_empty();
        let has_name = |name: &String| {
            self.names.computer.iter().any(|known| known.eq_ignore_ascii_case(name))
        };
        names_none
            || settings.names.iter().any(has_name)
            || settings.addresses.iter().any(|address| self.addresses.contains(address))
    }

    /// The settings for it: those that were given, or without the lists where they are another
    /// server's.
    pub(super) fn settings(&self, given: &ServerSettings, reached_at: IpAddr) -> ServerSettings {
        if self.is_meant_by(given) || given.addresses.contains(&reached_at) {
            return given.clone();
        }
        ServerSettings {
            names: Vec::new(),
            domains: Vec::new(),
            addresses: Vec::new(),
            allowed: Vec::new(),
            ..given.clone()
        }
    }
}

/// The servers, each told from others by its GUID; one that says none, by its names.
#[derive(Debug, Default)]
pub(super) struct Servers {
    all: Vec<SeenServer>,
    by_identity: HashMap<Identity, usize, Fixed>,
}

/// The facts that tell a server from others.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
enum Identity {
    Guid([u8; 16]),
    Names(Vec<String>),
}

impl Servers {
    pub(super) fn all(&self) -> &[SeenServer] {
        &self.all
    }

    pub(super) fn of(&self, number: Option<usize>) -> Option<&SeenServer> {
        self.all.get(self.representative(number?))
    }

    /// The row of a sign-in, with its server.
    pub(super) fn row(&mut self, input: usize, sign_in: &SignIn) -> Row {
        let mut row = Row::new(input, sign_in);
        let guid = sign_in.attempt.server_guid.filter(|guid| *guid != [0; 16]);
        row.server = self.find(&row.names, guid);
        if let Some(server) = row.server.and_then(|at| self.all.get_mut(at)) {
            // One copy of the names for all rows of a server.
            if row.names == server.names {
                row.names = Arc::clone(&server.names);
            }
            let address = row.destination.ip();
            if server.addresses.len() < MAX_ADDRESSES && !server.addresses.contains(&address) {
                server.addresses.push(address);
            }
            server.guid = server.guid.or(guid);
        }
        row
    }

    /// The number of the server with that GUID, else with these names; a new one where there is
    /// none.
    fn find(&mut self, names: &Arc<ServerNames>, guid: Option<[u8; 16]>) -> Option<usize> {
        let folded = names.computer.iter().map(|name| name.to_ascii_uppercase()).collect();
        let by_names = (!names.computer.is_empty()).then_some(Identity::Names(folded));
        let by_guid = guid.map(Identity::Guid);
        let of = |identity: &Option<Identity>| {
            self.by_identity.get(identity.as_ref()?).map(|at| self.representative(*at))
        };
        let has_guid = |at: usize| self.all.get(at).is_some_and(|server| server.guid.is_some());
        let has_names =
            |at: usize| self.all.get(at).is_some_and(|server| !server.names.computer.is_empty());
        let found = match (of(&by_guid), of(&by_names)) {
            // One was known by its GUID alone, and one by its names alone: now they are seen to be
            // one.
            (Some(one), Some(other)) if one != other && !has_names(one) && !has_guid(other) => {
                Some(self.join(one, other))
            }
            (Some(one), _) => Some(one),
            (None, Some(other)) if guid.is_none() || !has_guid(other) => Some(other),
            // A relay has a GUID of its own and the names of the server behind it.
            (None, _) => None,
        };
        let is_any = by_guid.is_some() || by_names.is_some();
        let at = found.or_else(|| {
            (is_any && self.all.len() < MAX_SERVERS).then(|| {
                let names = Arc::clone(names);
                self.all.push(SeenServer { names, guid, addresses: Vec::new(), same_as: None });
                self.all.len() - 1
            })
        })?;
        if let Some(server) = self.all.get_mut(at).filter(|server| server.names.computer.is_empty())
        {
            server.names = Arc::clone(names);
        }
        for identity in [by_guid, by_names].into_iter().flatten() {
            self.by_identity.entry(identity).or_insert(at);
        }
        Some(at)
    }

    /// The server that stands for this one.
    pub(super) fn representative(&self, number: usize) -> usize {
        self.all.get(number).and_then(|server| server.same_as).unwrap_or(number)
    }

    /// Makes two servers one, and returns its number: the lower one.
    fn join(&mut self, one: usize, other: usize) -> usize {
        let (kept, joined) = (one.min(other), one.max(other));
        let Some(of_joined) = self.all.get_mut(joined) else { return kept };
        of_joined.same_as = Some(kept);
        let SeenServer { names, guid, addresses, .. } = of_joined.clone();
        if let Some(server) = self.all.get_mut(kept) {
            if server.names.computer.is_empty() {
                server.names = names;
            }
            server.guid = server.guid.or(guid);
            for address in addresses {
                if !server.addresses.contains(&address) {
                    server.addresses.push(address);
                }
            }
        }
        for at in self.by_identity.values_mut().filter(|at| **at == joined) {
            *at = kept;
        }
        kept
    }
}

/// The highest level that a server can have, since it let someone in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PresentLevel {
    /// The level.
    pub at_most: u8,
    /// The name that it let in. It may be in a list that is not stated here.
    pub unless_listed: Option<String>,
    /// The number of the row that shows it.
    pub row: usize,
}

impl PresentLevel {
    /// The level that the row shows, if it was let in and would be denied for sure.
    pub(super) fn shown_by(number: usize, row: &Row, judged: &Judgement) -> Option<Self> {
        let answer = row.answer.filter(|answer| answer.status.is_accepted() && !answer.is_guest)?;
        let decisions = judged.decisions.as_ref().filter(|_| row.is_judged() && !answer.is_null)?;
        let denied = decisions.values().find(|decision| {
            decision.outcome == Outcome::Deny
                && decision.depends_on().is_none()
                && decision.contested().is_none()
        })?;
        let name = row.stated.as_ref().and_then(|stated| stated.evidence.target.text());
        Some(Self {
            at_most: denied.level.number().saturating_sub(1),
            unless_listed: name.filter(|name| !name.is_empty()).map(str::to_owned),
            row: number,
        })
    }
}
