//! The audit's summary of the sign-ins that one paste or capture was analysed for. They are judged
//! already, so nothing is judged here.

use super::{
    Summary,
    row::{SignInKey, key},
    same,
    tally::{SignInFacts, Tally},
};
use crate::analysis::{Analysis, Exchange, Verdict};
use crate::judge::{
    proof::ExchangeMessages,
    smb::{Level, Outcome},
};

/// The numbers over the sign-ins of an analysis, and which of them are the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overview {
    /// The numbers, in which each sign-in counts once.
    pub summary: Summary,
    /// For each exchange the first one with the same proof, where there are several.
    pub same_sign_in: Vec<Option<usize>>,
}

/// The overview of what was analysed.
#[must_use]
pub fn overview(analysis: &Analysis) -> Overview {
    let mut tally = Tally::default();
    let mut keys = Vec::with_capacity(analysis.exchanges().len());
    for exchange in analysis.exchanges() {
        let key = key_of(analysis, exchange);
        tally.count(key, facts(exchange));
        keys.push(key);
    }
    Overview { summary: tally.summary(), same_sign_in: same(&keys) }
}

fn facts(exchange: &Exchange) -> SignInFacts {
    let captured = exchange.captured.as_ref();
    let is_smb = captured
        .map_or_else(|| exchange.service.is_file_server(), |captured| captured.protocol.is_smb());
    let is_cut = captured.is_some_and(|captured| captured.is_cut);
    // What the rest of a cut message would say decides at every level.
    let is_known =
        |verdict: &&Verdict| verdict.decisions[Level::Off].outcome != Outcome::Unknown && !is_cut;
    match exchange.verdict.as_ref().filter(is_known) {
        Some(verdict) if is_smb => SignInFacts::judged(&verdict.decisions, exchange.agreement()),
        Some(_) => SignInFacts::default(),
        None => SignInFacts::incomplete(),
    }
}

fn key_of(analysis: &Analysis, exchange: &Exchange) -> Option<SignInKey> {
    let content = |index: Option<usize>| Some(&analysis.tokens().get(index?)?.content);
    let message = |index| content(index)?.ntlm();
    let [negotiate, challenge, authenticate] = exchange.messages().map(message);
    let messages = ExchangeMessages { negotiate, challenge, authenticate };
    let ap_req = content(exchange.ap_req).and_then(|content| content.kerberos());
    let bare = exchange.captured.as_ref().and_then(|captured| captured.bare.as_ref());
    key(messages, ap_req, bare)
}
