//! The way out: what cures each denial, and what goes with it.

use crate::{
    analysis::Verdict,
    policy::{Level, Outcome},
    remedies::{AllowedNames, Change, advice, by_levels},
    view::{Way, WaysView, headline::join},
};

/// What cures the denials of `verdict`, best first; `None` where nothing is denied. `tried` is what was
/// changed at the simulated server since.
#[must_use]
pub fn ways(verdict: &Verdict, allowed: AllowedNames, tried: Option<&Change>) -> Option<WaysView> {
    let Verdict { evidence, server, decisions } = verdict;
    let groups = by_levels(evidence, server, decisions, allowed);
    let denied: Vec<Level> = decisions
        .iter()
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
