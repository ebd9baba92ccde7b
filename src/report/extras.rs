//! What a report has only when it is asked for.

use crate::{
    analysis::{Analysis, Exchange, Verdict},
    events::{Events, SignIn, events},
    policy::{Decision, Level, Outcome},
    remedies::{AllowedNames, Remedy, Situation, remedies},
};

/// How the text report shows events. The JSON report has both forms.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EventForm {
    /// As Event Viewer shows them.
    Text,
    /// As XML.
    Xml,
}

/// What a report is to have besides; nothing by default.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Extras {
    /// The events of each decision.
    pub events: Option<EventForm>,
    /// What cures each denial, with how much of the allowed names is known.
    pub remedies: Option<AllowedNames>,
}

/// What events quote of a sign-in. In a Kerberos one the user is encrypted.
pub(crate) fn sign_in(analysis: &Analysis, exchange: &Exchange) -> SignIn {
    let message = exchange.authenticate.and_then(|token| analysis.tokens.get(token)?.message());
    let names = message
        .and_then(|message| Some(message.as_authenticate()?.names(message.source())))
        .unwrap_or_default();
    let [domain, user, workstation] = names;
    SignIn { user, domain, workstation }
}

/// The events of one decision.
pub(super) fn events_of(
    analysis: &Analysis,
    exchange: &Exchange,
    verdict: &Verdict,
    decision: &Decision,
) -> Events {
    events(&sign_in(analysis, exchange), &verdict.evidence, &verdict.server, decision)
}

/// What cures one decision.
pub(super) fn remedies_of(
    verdict: &Verdict,
    decision: &Decision,
    allowed: AllowedNames,
) -> Vec<Remedy> {
    let situation = Situation {
        evidence: verdict.evidence.clone(),
        server: verdict.server.clone(),
        level: decision.level,
    };
    remedies(&situation, allowed)
}

/// The levels at which the check of the target name denies.
pub(super) fn denied_levels(verdict: Option<&Verdict>) -> Vec<Level> {
    let decisions = verdict.map_or(&[][..], |verdict| &verdict.decisions);
    let denied = decisions.iter().filter(|decision| decision.outcome == Outcome::Deny);
    denied.map(|decision| decision.level).collect()
}
