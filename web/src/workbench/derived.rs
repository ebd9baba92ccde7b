//! The values derived from the inputs.

use std::sync::Arc;

use super::{inputs::Inputs, own_server::is_one_server};
use crate::view::{
    self, CompareView, DecodeInputs, DecodeView, ServerBasis, ServerOnlyView, SignInTable, WaysView,
};
use spnscope::analysis::{Analysis, Verdict, is_capture};
use spnscope::judge::{
    imports::Import,
    remedies::AllowList,
    smb::{Level, ServerSettings},
};
use spnscope::read::config::BareListKind;

/// The values derived from [`Inputs`].
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Derived {
    /// The server that the chosen sign-in is judged for.
    pub(super) server: ServerSettings,
    /// The source of the facts about that server.
    pub(super) basis: ServerBasis,
    /// The analysis of the capture.
    pub(super) captured: Option<Arc<Analysis>>,
    /// The analysis with the edits.
    pub(super) edited: Option<Arc<Analysis>>,
    pub(super) view: Option<Arc<DecodeView>>,
    /// The analysis of the second input, judged for the same server.
    pub(super) other: Option<Arc<Analysis>>,
    /// All sign-ins, if there are several.
    pub(super) sign_ins: Option<Arc<SignInTable>>,
    pub(super) comparison: Option<Arc<CompareView>>,
    /// The view of the server alone.
    pub(super) server_only: Option<Arc<ServerOnlyView>>,
    /// The use of an input without any message.
    pub(super) offer: Option<ImportOffer>,
}

impl Derived {
    /// Returns true if a message of the input is shown, or a sign-in without one.
    pub(super) fn is_decoded(&self) -> bool {
        let has_sign_in = |analysis: &Arc<Analysis>| !analysis.exchanges().is_empty();
        self.view.is_some()
            || self.server_only.is_some() && self.edited.as_ref().is_some_and(has_sign_in)
    }
}

/// The use of an input without any message for the settings of the server.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ImportOffer {
    /// The facts about a server in it.
    pub(super) of: OfferKind,
    /// The advice for an input that seems to be about a server and cannot be taken over.
    pub(super) question: Option<&'static str>,
}

/// The facts about a server in an input.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum OfferKind {
    /// Nothing.
    Nothing,
    /// Events, which describe sign-ins.
    Events,
    /// These settings, in short.
    Settings(String),
}

impl Inputs {
    /// Derives everything from the inputs. Values that are unchanged since the inputs `before` are
    /// reused.
    pub(super) fn derive(&self, before: &Self, known: &Derived) -> Derived {
        let (basis, server) = self.server();
        let is_found = self.found == before.found;
        let is_judged = is_found && server == known.server && self.secret == before.secret;
        let captured = match (&known.captured, &self.found) {
            (Some(captured), _) if is_judged => Some(Arc::clone(captured)),
            (_, found) => {
                let found = found.as_ref();
                found.map(|found| Arc::new(found.judged(&server, self.secret())))
            }
        };
        let edited = captured.as_ref().map(|captured| {
            if self.edits.is_empty() {
                Arc::clone(captured)
            } else {
                Arc::new(captured.with(&self.edits, &server, self.secret()))
            }
        });
        let view = captured.as_ref().zip(edited.as_ref());
        let view = view.and_then(|(captured, edited)| self.view(captured, edited, &server));
        let other = self.other.found.as_ref().map(|found| {
            let is_same = self.other.found == before.other.found && server == known.server;
            match &known.other {
                Some(other) if is_same => Arc::clone(other),
                _ => Arc::new(found.judged(&server, None)),
            }
        });
        let comparison = edited.as_ref().and_then(|edited| {
            view::compare(edited, self.chosen, other.as_deref(), self.other.chosen)
        });
        // The choice of a sign-in changes nothing in the table.
        let is_same = edited.as_ref().zip(known.edited.as_ref());
        let is_same = is_same.is_some_and(|(new, known)| Arc::ptr_eq(new, known));
        let sign_ins = if is_same {
            known.sign_ins.clone()
        } else {
            let table = edited.as_ref().and_then(|edited| view::sign_ins(edited));
            unless_equal(known.sign_ins.as_ref(), table)
        };
        Derived {
            other,
            sign_ins,
            server_only: if view.is_none() {
                self.server_only(&server, edited.as_deref()).map(Arc::new)
            } else {
                None
            },
            offer: if is_found { known.offer.clone() } else { self.offer(captured.as_deref()) },
            view: unless_equal(known.view.as_ref(), view),
            comparison: unless_equal(known.comparison.as_ref(), comparison),
            server,
            basis,
            captured,
            edited,
        }
    }

    fn view(
        &self,
        captured: &Analysis,
        edited: &Analysis,
        server: &ServerSettings,
    ) -> Option<DecodeView> {
        let verdict_for = |settings: &ServerSettings| {
            let judged = captured.with(&self.edits, settings, self.secret());
            judged.exchange_of(self.chosen)?.verdict.clone()
        };
        let verdict =
            edited.exchange_of(self.chosen).and_then(|exchange| exchange.verdict.as_ref());
        let only_the_client = || {
            let mut edits = self.edits.clone();
            edits.as_client(captured, edited, self.chosen, self.secret()).err()
        };
        let inputs = DecodeInputs {
            captured,
            edited,
            chosen: self.chosen,
            settings: server,
            set: self.level_set(),
            ways: self.ways(verdict, server, verdict_for),
            only_the_client: if self.edits.is_empty() { None } else { only_the_client() },
        };
        inputs.view()
    }

    /// The level that the server in force is known to be set to, from an import.
    fn level_set(&self) -> Option<Level> {
        let imported = self.imported.as_ref()?;
        let is_another = is_one_server(&imported.names, &self.names()) == Some(false);
        imported.import.level().filter(|_| !is_another)
    }

    /// The view of the server alone, if the input was taken over.
    fn server_only(
        &self,
        server: &ServerSettings,
        analysis: Option<&Analysis>,
    ) -> Option<ServerOnlyView> {
        let Some(imported) = self.imported.as_ref().filter(|_| self.is_input_imported) else {
            return self.without_message(server, analysis?);
        };
        let chosen = imported.chosen();
        let verdict = chosen.verdict(server);
        let ways = self.ways(verdict.as_ref(), server, |settings| chosen.verdict(settings));
        Some(view::server_only(chosen, server, verdict.as_ref(), ways))
    }

    /// The view of the first sign-in, if none of them has a message.
    fn without_message(
        &self,
        server: &ServerSettings,
        analysis: &Analysis,
    ) -> Option<ServerOnlyView> {
        let exchange = analysis.exchanges().first().filter(|_| analysis.tokens().is_empty())?;
        let verdict_for = |settings: &ServerSettings| {
            let judged = analysis.with(&self.edits, settings, self.secret());
            judged.exchanges().first()?.verdict.clone()
        };
        let ways = self.ways(exchange.verdict.as_ref(), server, verdict_for);
        view::server_only_of_sign_in(analysis, exchange, server, self.level_set(), ways)
    }

    /// The cures of the denials of a verdict. During a trial, they are those before it, so that the
    /// remedy stays in its place.
    fn ways(
        &self,
        verdict: Option<&Verdict>,
        server: &ServerSettings,
        verdict_for: impl Fn(&ServerSettings) -> Option<Verdict>,
    ) -> Option<WaysView> {
        let remedy = self.tried.as_ref().and_then(|tried| Some((tried.change.as_ref()?, tried)));
        match remedy {
            Some((change, tried)) => {
                let allowed = self.known_allowed(&tried.before);
                view::ways(&verdict_for(&tried.before)?, allowed, Some(change))
            }
            None => view::ways(verdict?, self.known_allowed(server), None),
        }
    }

    /// The completeness of the allowed names of `settings`: complete if an import showed them.
    fn known_allowed(&self, settings: &ServerSettings) -> AllowList {
        let shown =
            self.imported.as_ref().and_then(|imported| imported.import.stated.allowed.as_ref());
        let is_in_force = |name: &String| settings.allowed.contains(name);
        match shown {
            Some(list) if list.value.iter().all(is_in_force) => AllowList::Complete,
            _ => AllowList::Partial,
        }
    }

    fn offer(&self, captured: Option<&Analysis>) -> Option<ImportOffer> {
        captured.filter(|captured| captured.tokens().is_empty() && !is_capture(&self.input))?;
        let import = Import::read(&self.input, BareListKind::Allowed);
        let of = match (import.stated.is_of_a_server(), import.refusals.is_empty()) {
            (false, _) => OfferKind::Nothing,
            (true, false) => OfferKind::Events,
            (true, true) => OfferKind::Settings(view::summarize_settings(&import)),
        };
        Some(ImportOffer { of, question: import.stated.question() })
    }
}

/// Returns the known value if the new one is equal to it, so that identity is kept.
fn unless_equal<T: PartialEq>(known: Option<&Arc<T>>, new: Option<T>) -> Option<Arc<T>> {
    let new = new?;
    Some(match known {
        Some(known) if **known == new => Arc::clone(known),
        _ => Arc::new(new),
    })
}
