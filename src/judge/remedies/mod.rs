//! The remedies of a denial: what to change, in order of preference, each remedy tried on the
//! simulated server before it is offered.
//!
//! None of them switches the check off. Names go into commands only where they consist of letters,
//! digits, `.`, `-`, `_` and `:`; a sentence says so of all others, since nobody should quote those
//! by guess.

mod advice;
mod allow;
mod change;
mod client;
mod names;

pub use advice::{Advice, Check, OtherCause, Setting, advice};
pub use change::{Change, Situation};

use crate::base::spn::Spn;
use crate::judge::{
    events::Command,
    smb::{
        Carrier, Decision, Evidence, Ground, Level, Outcome, Reason, Server, Target, decide, rules,
    },
};
use crate::message::ntlm::ResponseKind;

/// The part of `SrvAllowedServerNames` that is known: replacing a list takes all of it.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum AllowList {
    /// There may be more than those given.
    #[default]
    Partial,
    /// The names given are all, as after an import.
    Complete,
}

/// A remedy for a denial.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    /// Its stable name.
    pub code: &'static str,
    /// The change it makes.
    pub change: Change,
    /// The steps, and what to know before; the first sentence is the remedy. Names are in them as
    /// sent.
    pub instructions: Vec<String>,
    /// The caution before doing it, lest it do harm: a sentence or two.
    pub caution: Option<String>,
    /// The commands to copy.
    pub commands: Vec<Command>,
    /// The command that undoes the first of them, if it changes something that can be undone.
    pub undo: Option<Command>,
    /// The reason why the server accepts then, with its basis.
    pub then: Reason,
}

impl Remedy {
    /// All sentences in their order: the remedy, the caution, and what else is to be known.
    pub fn sentences(&self) -> impl Iterator<Item = &str> {
        let (first, rest) = self.instructions.split_at(self.instructions.len().min(1));
        first.iter().chain(&self.caution).chain(rest).map(String::as_str)
    }
}

/// A remedy that was not tried yet.
struct RemedyDraft {
    code: &'static str,
    change: Change,
    instructions: Vec<String>,
    caution: Option<String>,
    commands: Vec<Command>,
    undo: Option<Command>,
}

impl RemedyDraft {
    fn new(code: &'static str, change: Change, first: &str) -> Self {
        let instructions = vec![first.to_owned()];
        Self { code, change, instructions, caution: None, commands: Vec::new(), undo: None }
    }

    fn but_first(mut self, caution: &str) -> Self {
        self.caution = Some(caution.to_owned());
        self
    }

    fn undone_by(mut self, undo: Command) -> Self {
        self.undo = Some(undo);
        self
    }

    fn and(mut self, sentence: &str) -> Self {
        self.instructions.push(sentence.to_owned());
        self
    }

    fn with(mut self, commands: Vec<Command>) -> Self {
        self.commands.extend(commands);
        self
    }
}

/// The remedies that turn the denial of `situation` into an acceptance, best first. There is none
/// unless the check of the target name denies.
#[must_use]
pub fn remedies(situation: &Situation, allowed: AllowList) -> Vec<Remedy> {
    let decision = situation.decision();
    if decision.outcome != Outcome::Deny {
        return Vec::new();
    }
    let mut remedies: Vec<Remedy> = Vec::new();
    for draft in drafts(situation, &decision, allowed) {
        let RemedyDraft { code, change, instructions, caution, commands, undo } = draft;
        let after = change.applied(situation).decision();
        let is_new = remedies.iter().all(|known| known.change != change);
        if let (Outcome::Accept, Some(then), true) =
            (after.outcome, after.reasons.into_iter().next(), is_new)
        {
            // The placeholder for names that are not known must not be reported.
            let then = match change {
                Change::SendAnyOwnName | Change::AnswerWithNtlmv2(None) => {
                    Reason::new(rules::OWN_NAME, Ground::AnOwnName)
                }
                _ => then,
            };
            remedies.push(Remedy { code, change, instructions, caution, commands, undo, then });
        }
    }
    remedies
}

/// The levels at which an entry for the host of the target name in `SrvAllowedServerNames` turns a
/// denial into an acceptance, found by trying it. None where the server has no name.
#[must_use]
pub fn would_cure(evidence: &Evidence, server: &Server) -> Vec<Level> {
    let Some(name) = evidence.target.received(&server.settings) else { return Vec::new() };
    let mut with_entry = server.clone();
    Change::Allow(Spn::parse(name).rest.to_owned()).apply(&mut with_entry.settings);
    let after = decide(evidence, &with_entry);
    decide(evidence, server)
        .iter()
        .filter(|(_, before)| before.outcome == Outcome::Deny)
        .filter(|(level, _)| after[*level].outcome == Outcome::Accept)
        .map(|(level, _)| level)
        .collect()
}

/// The remedies of the denials among `decisions`; levels with the same remedies stand together.
#[must_use]
pub fn by_levels(
    evidence: &Evidence,
    server: &Server,
    decisions: &[Decision],
    allowed: AllowList,
) -> Vec<(Vec<Level>, Vec<Remedy>)> {
    let mut groups: Vec<(Vec<Level>, Vec<Remedy>)> = Vec::new();
    for decision in decisions.iter().filter(|decision| decision.outcome == Outcome::Deny) {
        let (evidence, server) = (evidence.clone(), server.clone());
        let remedies = remedies(&Situation { evidence, server, level: decision.level }, allowed);
        match groups.last_mut() {
            Some((levels, known)) if *known == remedies => levels.push(decision.level),
            _ => groups.push((vec![decision.level], remedies)),
        }
    }
    groups
}

fn drafts(situation: &Situation, decision: &Decision, allowed: AllowList) -> Vec<RemedyDraft> {
    let mut drafts = Vec::new();
    let own = situation.own_name();
    let own = own.as_ref();
    match &situation.evidence.target {
        Target::Untrusted(_) if situation.server.settings.honours_untrusted_flag => {
            drafts.extend(client::untrusted(situation));
        }
        Target::Present(name) | Target::Untrusted(name) if !name.is_empty() => {
            drafts.extend(about_name(name, situation, decision, allowed));
        }
        Target::Present(_) | Target::Untrusted(_) | Target::Empty => {
            drafts.push(client::empty(own));
        }
        Target::Absent => drafts.push(client::absent(own)),
        // A denial needs something that can be told.
        Target::CutOff => {}
        Target::NotCarried => match situation.evidence.carrier {
            Carrier::Smb1Bare => drafts.push(client::smb1(own)),
            Carrier::Ntlm(ResponseKind::Anonymous) => drafts.push(client::anonymous(own)),
            _ => drafts.push(client::old_response(own)),
        },
    }
    if situation.level == Level::RequiredFromClient {
        drafts.push(level_one());
    }
    drafts
}

/// The drafts of remedies for a name that is denied.
fn about_name(
    name: &str,
    situation: &Situation,
    decision: &Decision,
    allowed: AllowList,
) -> Vec<RemedyDraft> {
    let spn = Spn::parse(name);
    let mut drafts = Vec::new();
    let reason = decision.reasons.first();
    if let Some(reason) = reason {
        drafts.extend(names::own_after_all(&spn, &reason.ground));
    }
    let class_is_cifs = spn.class.is_some_and(|class| class.eq_ignore_ascii_case("cifs"));
    if !class_is_cifs {
        drafts.extend(client::class(&spn, situation));
        return drafts;
    }
    let malformed = client::malformed(&spn, situation);
    let is_malformed = !malformed.is_empty();
    drafts.extend(malformed);
    drafts.push(names::connect(&spn, situation));
    let is_foreign = reason.is_some_and(|reason| reason.ground.is_not_listed());
    // A marshalled target is an attack, and a name with a realm or a port is to be mended where it
    // is made.
    if is_foreign && !is_malformed && !spn.rest.is_empty() && !spn.is_marshalled() {
        drafts.push(allow::allow(spn.rest, situation, allowed));
    }
    drafts
}

/// For clients that state no name: level 1 lets them in, and still checks every name that is
/// stated.
fn level_one() -> RemedyDraft {
    RemedyDraft::new(
        "level-1-meanwhile",
        Change::Level(Level::AcceptIfProvided),
        "Until the clients are fixed, level 1 lets in those that send no name.",
    )
    .and("It still denies every wrong name.")
    .and("An attacker can get past it with a client that sends none, such as one that answers with NTLMv1. So it is a step on the way, not the goal.")
    .with(advice::level_commands(Level::AcceptIfProvided))
}
