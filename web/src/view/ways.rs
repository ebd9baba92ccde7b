//! The ways to fix a denial: the cures, best first, and the advice for all of them.

use crate::view::headline::join;
use spnscope::analysis::Verdict;
use spnscope::judge::{
    remedies::{Advice, AllowList, Change, Remedy, advice, by_levels},
    smb::{Decision, Level, Outcome},
};
use spnscope::lab::relay::{Middle, Scenario};
use spnscope::read::service::ServiceKind;

/// The purpose of the ways.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Aim {
    /// Something is denied, and is to be fixed.
    Fix,
    /// Nothing is denied for sure: that depends on a fact that can be found out.
    FindOut,
}

/// The ways to fix a denial, or to find out whether there is one.
#[derive(Clone, Debug, PartialEq)]
pub struct WaysView {
    /// Their purpose.
    pub aim: Aim,
    /// The cures, best first.
    pub ways: Vec<Way>,
    /// The advice for every cure.
    pub advice: Advice,
}

/// The answers that a relay of a sign-in to a file server would meet.
#[derive(Clone, Debug, PartialEq)]
pub struct RelayedView {
    /// The remarks on it.
    pub sentences: Vec<String>,
    /// The setting of the relay lab that plays it; `None` if none does.
    pub lab: Option<Scenario>,
}

/// One way to cure a denial.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    /// Its rank: `Best`, `Or, at level 2`, `If it is not`.
    pub rank: String,
    /// The remedy.
    pub remedy: Remedy,
    /// True if it is tried here: the answers shown are those with it.
    pub is_tried: bool,
}

/// The cures of the denials of `verdict`, best first; `None` if nothing is denied, or if the sign-in
/// did not go to a file server: nobody wants it let in there. `tried` is the change made to the
/// simulated server since.
#[must_use]
pub fn ways(verdict: &Verdict, allowed: AllowList, tried: Option<&Change>) -> Option<WaysView> {
    let Verdict { evidence, service, server, decisions } = verdict;
    if !service.is_file_server() {
        return None;
    }
    let is_certain =
        |decision: &Decision| decision.outcome == Outcome::Deny && decision.depends_on().is_none();
    let aim = if decisions.values().any(is_certain) { Aim::Fix } else { Aim::FindOut };
    let groups = by_levels(evidence, server, decisions.as_array(), allowed);
    let denied: Vec<Level> = decisions
        .values()
        .filter(|decision| decision.outcome == Outcome::Deny)
        .map(|decision| decision.level)
        .collect();
    let mut ways = Vec::new();
    for (levels, remedies) in &groups {
        for (index, remedy) in remedies.iter().enumerate() {
            let mut rank = match (aim, index) {
                (Aim::Fix, 0) => "Best",
                (Aim::Fix, _) => "Or",
                (Aim::FindOut, 0) => "First",
                (Aim::FindOut, _) => "If it is not",
            }
            .to_owned();
            if groups.len() > 1 {
                let numbers: Vec<_> = levels.iter().map(|level| level.number()).collect();
                rank.push_str(if numbers.len() == 1 { ", at level " } else { ", at levels " });
                rank.push_str(&join(&numbers));
            }
            let is_tried = tried == Some(&remedy.change);
            ways.push(Way { rank, remedy: remedy.clone(), is_tried });
        }
    }
    (!denied.is_empty()).then(|| WaysView { aim, ways, advice: advice(&denied) })
}

/// The text in place of the ways for a sign-in that did not go to a file server; `None` for one that
/// did.
pub(super) fn relayed(verdict: &Verdict) -> Option<RelayedView> {
    let kind = verdict.service.kind;
    if verdict.service.is_file_server() {
        return None;
    }
    let sentences = vec![
        format!("Nothing needs fixing: {} does not make this check.", kind.server()),
        "An attacker who relays this sign-in to a file server gets the answers above, if that server has the names and addresses given here.".to_owned(),
        "A file server that requires SMB signing or encryption stops the relay at every level: the attacker does not have the session key.".to_owned(),
    ];
    let lab = (kind == ServiceKind::Http).then(|| Scenario::new(Middle::HttpRelay));
    Some(RelayedView { sentences, lab })
}
