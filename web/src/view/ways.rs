//! How to fix it: what cures each denial, and what goes with it.

use crate::view::{RelayedView, Way, WaysView, headline::join};
use spnscope::analysis::Verdict;
use spnscope::judge::{
    remedies::{AllowedNames, Change, advice, by_levels},
    smb::{Level, Outcome},
};
use spnscope::lab::relay::{Middle, Scenario};
use spnscope::read::service::ServiceKind;

/// What cures the denials of `verdict`, best first; `None` where nothing is denied, and where the
/// sign-in did not go to a file server: nobody wants it let in there. `tried` is what was changed
/// at the simulated server since.
#[must_use]
pub fn ways(verdict: &Verdict, allowed: AllowedNames, tried: Option<&Change>) -> Option<WaysView> {
    let Verdict { evidence, service, server, decisions } = verdict;
    if !service.is_file_server() {
        return None;
    }
    let groups = by_levels(evidence, server, decisions.as_array(), allowed);
    let denied: Vec<Level> = decisions
        .values()
        .filter(|decision| decision.outcome == Outcome::Deny)
        .map(|decision| decision.level)
        .collect();
    let mut ways = Vec::new();
    for (levels, remedies) in &groups {
        for (index, remedy) in remedies.iter().enumerate() {
            let mut rank = if index == 0 { "Best" } else { "Or" }.to_owned();
            if groups.len() > 1 {
                let numbers: Vec<_> = levels.iter().map(|level| level.number()).collect();
                rank.push_str(if numbers.len() == 1 { ", at level " } else { ", at levels " });
                rank.push_str(&join(&numbers));
            }
            let is_tried = tried == Some(&remedy.change);
            ways.push(Way { rank, remedy: remedy.clone(), is_tried });
        }
    }
    (!denied.is_empty()).then(|| WaysView { ways, advice: advice(&denied) })
}

/// What is said in place of the ways out of a sign-in that did not go to a file server; `None` of
/// one that did.
pub(super) fn relayed(verdict: &Verdict) -> Option<RelayedView> {
    let kind = verdict.service.kind;
    if verdict.service.is_file_server() {
        return None;
    }
    let sentences = vec![
        format!("Nothing needs fixing: {} does not make this check.", kind.server()),
        "An attacker who relays this sign-in to a file server meets the answers above, if that server has the names and addresses given here.".to_owned(),
        "A file server that requires SMB signing or encryption stops the relay at every level: the attacker does not have the session key.".to_owned(),
    ];
    let lab = (kind == ServiceKind::Http).then(|| Scenario::new(Middle::HttpRelay));
    Some(RelayedView { sentences, lab })
}
