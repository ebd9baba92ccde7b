//! The extras: the parts that a report has only when they are asked for.

use crate::analysis::{Analysis, Exchange, Verdict};
use crate::judge::{
    events::{Events, events},
    remedies::{AllowList, Remedy, Situation, by_levels, remedies},
    smb::{Decision, Evidence, Level, Outcome, Server},
};
use crate::message::ntlm::SignInNames;
use crate::read::service::Service;

/// The form in which the text report shows events. The JSON report has both forms.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum EventForm {
    /// As Event Viewer shows them.
    Text,
    /// As XML.
    Xml,
}

/// The extras of a report; none by default.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Extras {
    /// The events of each decision.
    pub events: Option<EventForm>,
    /// The remedies of each denial, with how much of the allowed names is known.
    pub remedies: Option<AllowList>,
}

/// A sign-in and the decisions about it.
#[derive(Clone, Debug)]
pub(super) struct Judged<'a> {
    /// The sign-in, as far as it is known. Only events ask for it.
    sign_in: Option<(&'a Analysis, &'a Exchange)>,
    evidence: &'a Evidence,
    /// The service it went to.
    pub(super) service: Service,
    server: &'a Server,
    pub(super) decisions: &'a [Decision],
}

impl<'a> Judged<'a> {
    /// A sign-in of an analysis.
    pub(super) const fn of(
        analysis: &'a Analysis,
        exchange: &'a Exchange,
        verdict: &'a Verdict,
    ) -> Self {
        let Verdict { evidence, service, server, decisions } = verdict;
        Self {
            sign_in: Some((analysis, exchange)),
            evidence,
            service: *service,
            server,
            decisions: decisions.as_array(),
        }
    }

    /// A name without a sign-in: nobody is known who states it.
    pub(super) const fn unnamed(
        evidence: &'a Evidence,
        server: &'a Server,
        decisions: &'a [Decision],
    ) -> Self {
        Self { sign_in: None, evidence, service: Service::ASSUMED, server, decisions }
    }

    /// The events of one decision.
    pub(super) fn events(&self, decision: &Decision) -> Events {
        let sign_in = self
            .sign_in
            .map_or_else(SignInNames::default, |(analysis, exchange)| sign_in(analysis, exchange));
        events(&sign_in, self.evidence, self.server, decision)
    }

    /// The remedies of the denials; levels with the same remedies stand together. There are none if
    /// the sign-in did not go to a file server.
    pub(super) fn by_levels(&self, allowed: AllowList) -> Vec<(Vec<Level>, Vec<Remedy>)> {
        if !self.service.is_file_server() {
            return Vec::new();
        }
        by_levels(self.evidence, self.server, self.decisions, allowed)
    }

    /// The remedies of one decision. There are none if the sign-in did not go to a file server.
    pub(super) fn remedies(&self, decision: &Decision, allowed: AllowList) -> Vec<Remedy> {
        if !self.service.is_file_server() {
            return Vec::new();
        }
        let situation = Situation {
            evidence: self.evidence.clone(),
            server: self.server.clone(),
            level: decision.level,
        };
        remedies(&situation, allowed)
    }

    /// The levels at which the check of the target name denies.
    pub(super) fn denied_levels(&self) -> Vec<Level> {
        let denied = self.decisions.iter().filter(|decision| decision.outcome == Outcome::Deny);
        denied.map(|decision| decision.level).collect()
    }
}

/// The names that events quote of a sign-in. In a Kerberos one the user is encrypted.
#[must_use]
pub fn sign_in(analysis: &Analysis, exchange: &Exchange) -> SignInNames {
    let line = exchange.response.filter(|_| exchange.is_line());
    let line = line.and_then(|token| analysis.tokens().get(token)?.content.response());
    if let Some(line) = line {
        return line.names();
    }
    let message = exchange.authenticate.and_then(|token| analysis.tokens().get(token)?.message());
    message
        .and_then(|message| Some(message.as_authenticate()?.names(message.source())))
        .unwrap_or_default()
}
