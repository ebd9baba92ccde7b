//! The view of the place Relay lab: one setting played, and beside it the results of other
//! settings.

mod drawing;
mod explained;
mod steps;
mod tables;

pub use self::explained::{about_client, about_edit, about_middle};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::view::HexRun;
use spnscope::judge::smb::Basis;
use spnscope::lab::{
    exchange::ExchangeError,
    relay::{
        self, Check, CheckState, Edit, Middle, Party, Run, RunEnding, Scenario, Statement, rules,
    },
};
use spnscope::show::words;

/// The view of one setting.
#[derive(Clone, Debug, PartialEq)]
pub struct LabView {
    /// The ending for the client or the attack.
    pub ending: RunEnding,
    /// The reason of the ending.
    pub why: Sentence,
    /// The path that the user or the attacker opens.
    pub opened: &'static str,
    /// The parties, from the client to the domain controller.
    pub actors: Vec<DrawnActor>,
    /// The drawing, from top to bottom.
    pub rows: Vec<DrawnRow>,
    /// The three messages, the checks, the answer, and the first request if there is one.
    pub steps: Vec<LabStep>,
    /// The index of the step that decides.
    pub deciding: usize,
    /// Further remarks.
    pub notes: Vec<Sentence>,
    /// The level chosen: 0, 1 or 2.
    pub level: u8,
    /// Every edit, for the current party in the middle.
    pub edits: Vec<EditRow>,
    /// A NAT mapping beside an attacker, under several settings of the server.
    pub pairs: Vec<PairRow>,
    /// The messages as the server has them, in base64, one a line.
    pub messages: String,
}

/// A party in the drawing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DrawnActor {
    /// The party: one of four.
    pub party: Party,
    /// The role of the party: `Client`, `Attacker`.
    pub title: &'static str,
    /// The name of the party.
    pub name: &'static str,
    /// Its address.
    pub address: &'static str,
}

/// A sentence of the page with its basis.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sentence {
    /// The sentence.
    pub text: String,
    /// The basis of the sentence.
    pub basis: Basis,
    /// The code of the rule it applies.
    pub rule: &'static str,
    /// The source of the rule.
    pub source: &'static str,
}

/// One step of the run.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LabStep {
    /// `NEGOTIATE`, `Proof`, `Answer`.
    pub name: &'static str,
    /// The end of the step.
    pub state: StepMark,
    /// The end in a word or two: `passed on`, `wrong`, `logon failure`.
    pub word: &'static str,
    /// The description of the step, in plain sentences.
    pub text: Vec<String>,
    /// The finding of the step, with its basis.
    pub found: Option<Sentence>,
    /// A remark about this step.
    pub note: Option<Sentence>,
    /// A value as it arrived and as it was computed.
    pub values: Option<ComparedValues>,
    /// The fields that were changed on the way.
    pub changes: Vec<ChangedField>,
}

/// The end of a step.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum StepMark {
    /// The message came through as it was sent, or the check passed.
    Done,
    /// The message was changed on the way.
    Edited,
    /// The step ends the attempt.
    Failed,
    /// Not applicable, or not reached.
    Skipped,
}

/// A value as it arrived, beside the one it should have been.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ComparedValues {
    /// The name of the value in the specification.
    pub name: &'static str,
    /// The value as it arrived; empty if it is absent.
    pub received: Vec<HexRun>,
    /// The value as computed.
    pub computed: Vec<HexRun>,
    /// The number of bytes that differ, and of all.
    pub differing: (usize, usize),
}

/// A field that was changed on the way.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ChangedField {
    /// The specification's name.
    pub name: String,
    /// The value as sent; `None` if the field was added.
    pub sent: Option<String>,
    /// The value as received; `None` if the field was removed.
    pub received: Option<String>,
    /// The bytes of the field in the message received, or else in the one sent: `312–345`.
    pub place: String,
}

/// One row of the drawing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DrawnRow {
    /// The index of the step that it belongs to.
    pub step: usize,
    /// True if it is a refusal.
    pub refused: bool,
    /// The arrows.
    pub wires: Vec<Wire>,
}

/// An arrow from one party to another.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Wire {
    /// The sender.
    pub from: Party,
    /// The receiver.
    pub to: Party,
    /// The label above the arrow.
    pub label: String,
    /// The target name that the message carries.
    pub name: Option<String>,
    /// The target name as the client sent it, if that is another.
    pub sent: Option<String>,
    /// True if the message was changed.
    pub edited: bool,
}

/// The results of one edit.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EditRow {
    /// The edit.
    pub edit: Edit,
    /// The results at levels 0, 1 and 2.
    pub cells: [EditCell; 3],
    /// The addresses of these three settings, as they follow `#/`.
    pub addresses: [String; 3],
    /// The obstacle at the chosen level.
    pub by: &'static str,
    /// True if it is the edit that is played.
    pub current: bool,
}

/// The result of one edit at one level.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct EditCell {
    /// The end of the sign-in.
    pub sign_in: SignInEnd,
    /// The ending for the client or the attack.
    pub ending: RunEnding,
}

/// The end of a sign-in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SignInEnd {
    /// The sign-in is accepted and the session can be used.
    Accepted,
    /// The sign-in is accepted and the session is useless: its first request is refused, or it is
    /// anonymous.
    Useless,
    /// The sign-in is denied by the check of the target name.
    Denied,
    /// The sign-in is refused before that check.
    Refused,
}

impl SignInEnd {
    /// The end of the sign-in, in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Useless => "accepted, but of no use",
            Self::Denied => "denied by the name check",
            Self::Refused => "refused earlier",
        }
    }
}

/// One setting of the server, and its effect on two clients that look alike to it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PairRow {
    /// The setting.
    pub label: &'static str,
    /// The result for the client behind a NAT.
    pub nat: PairCell,
    /// The result for the attacker who lured a client.
    pub attack: PairCell,
    /// True if one of the two is played.
    pub current: bool,
}

/// The effect of one setting on one of the two.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PairCell {
    /// The ending of the run.
    pub ending: RunEnding,
    /// The address of the setting, as it follows `#/`.
    pub address: String,
}

/// Plays `scenario` and makes its view.
///
/// # Errors
///
/// Those of [`relay::run`].
pub fn lab(scenario: &Scenario) -> Result<LabView, ExchangeError> {
    let run = relay::run(scenario)?;
    let mut steps = steps::steps(&run);
    let deciding = steps
        .iter()
        .position(|step| step.state == StepMark::Failed)
        .unwrap_or_else(|| steps.len().saturating_sub(1));
    // A failed check is shown with its reason.
    if let Some(at) = steps.iter().position(|step| step.state == StepMark::Failed) {
        steps[at].changes = steps.iter().flat_map(|step| step.changes.clone()).collect();
    }
    // The remarks about the proof are shown at its step.
    let notes = run.notes.iter().filter(|note| note.rule != rules::PASS_THROUGH);
    let mut messages = String::new();
    for passage in &run.passages {
        messages += &STANDARD.encode(passage.at_server().bytes());
        messages.push('\n');
    }
    Ok(LabView {
        ending: run.ending,
        why: sentence(&run.why),
        opened: scenario.middle.opened(),
        rows: drawing::rows(&run),
        steps,
        deciding,
        notes: notes.map(sentence).collect(),
        level: scenario.level.number(),
        edits: tables::edits(scenario)?,
        pairs: tables::pairs(scenario)?,
        messages,
        actors: actors(scenario, &run),
    })
}

fn actors(scenario: &Scenario, run: &Run) -> Vec<DrawnActor> {
    let mut actors = Vec::with_capacity(run.actors.len());
    for actor in &run.actors {
        let (title, name) = match (actor.party, scenario.middle) {
            (Party::Client, _) => ("Client", actor.name),
            (Party::Middle, Middle::Nat) => ("NAT mapping", "changes nothing"),
            (Party::Middle, Middle::LoadBalancer) => ("Load balancer", actor.name),
            (Party::Middle, _) => ("Attacker", "in the middle"),
            (Party::Server, _) => ("Server", actor.name),
            (Party::Controller, _) => ("Domain controller", actor.name),
        };
        actors.push(DrawnActor { party: actor.party, title, name, address: actor.address });
    }
    actors
}

/// Makes a sentence of a statement about a run.
pub(super) fn sentence(statement: &Statement) -> Sentence {
    Sentence {
        text: words::statement(statement).into_owned(),
        basis: statement.basis,
        rule: statement.rule.code,
        source: statement.rule.source,
    }
}

/// The check that ends the attempt.
fn failed(run: &Run) -> Option<&Check> {
    run.checks.iter().find(|check| check.state == CheckState::Failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use spnscope::judge::smb::Level;
    use spnscope::lab::exchange::ClientKind;

    fn seen(middle: Middle, edit: Edit, level: Level) -> LabView {
        lab(&Scenario { edit, level, ..Scenario::new(middle) }).unwrap()
    }

    #[test]
    fn a_rewritten_name_ends_at_the_proof() {
        let edit = Edit::RewriteTargetName(Edit::TARGET_NAME.to_owned());
        let view = seen(Middle::LuredClient, edit, Level::AcceptIfProvided);
        assert_eq!(view.ending, RunEnding::AttackFails);
        let step = &view.steps[view.deciding];
        assert_eq!((step.name, step.state), ("Proof", StepMark::Failed));
        let values = step.values.as_ref().unwrap();
        assert_eq!((values.name, values.differing), ("NTProofStr", (16, 16)));
        let sent = &view.steps[2];
        assert_eq!((sent.name, sent.state), ("AUTHENTICATE", StepMark::Edited));
        let name = sent.changes.iter().find(|change| change.name == "MsvAvTargetName").unwrap();
        assert_eq!(name.sent.as_deref(), Some("cifs/10.0.0.100"));
        assert_eq!(name.received.as_deref(), Some("cifs/10.0.0.11"));
        assert_eq!(view.steps.last().unwrap().name, "Answer");
    }

    #[test]
    fn the_party_in_the_middle_is_in_the_drawing() {
        for middle in Middle::ALL {
            let view = seen(middle, Edit::Nothing, Level::Off);
            let parties: Vec<_> = view.actors.iter().map(|actor| actor.party).collect();
            for wire in view.rows.iter().flat_map(|row| &row.wires) {
                let at = |party| parties.iter().position(|one| *one == party).unwrap();
                assert_eq!(at(wire.from).abs_diff(at(wire.to)), 1, "{middle:?}: {wire:?}");
            }
            assert!(view.rows.iter().all(|row| row.step < view.steps.len()), "{middle:?}");
        }
    }

    #[test]
    fn the_tables_are_played_not_written() {
        for middle in [Middle::LuredClient, Middle::HttpRelay, Middle::OwnClient] {
            let view = seen(middle, Edit::Nothing, Level::AcceptIfProvided);
            assert_eq!(view.edits.len(), Edit::all().len());
            for row in &view.edits {
                for (level, cell) in Level::ALL.into_iter().zip(row.cells) {
                    let alone = seen(middle, row.edit.clone(), level);
                    let usable = alone.ending == RunEnding::AttackSucceeds;
                    assert_eq!(cell.ending, alone.ending, "{middle:?} {:?}", row.edit);
                    assert_eq!(
                        cell.sign_in == SignInEnd::Accepted,
                        usable,
                        "{middle:?} {:?}",
                        row.edit
                    );
                }
            }
        }
    }

    #[test]
    fn the_table_asks_what_the_headline_asks() {
        let scenario = Scenario {
            client: ClientKind::Anonymous,
            level: Level::AcceptIfProvided,
            ..Scenario::new(Middle::LuredClient)
        };
        let view = lab(&scenario).unwrap();
        let row = view.edits.iter().find(|row| row.current).unwrap();
        assert_eq!(view.ending, RunEnding::AttackFails);
        assert_eq!(row.cells[1], EditCell { sign_in: SignInEnd::Useless, ending: view.ending });
        assert_eq!((row.by, view.level), ("the session is anonymous", 1));
    }

    #[test]
    fn a_check_that_the_server_skips_is_not_needed() {
        let view = seen(Middle::LuredClient, Edit::Nothing, Level::Off);
        assert_eq!(view.ending, RunEnding::AttackSucceeds);
        let words: Vec<_> = view.steps.iter().map(|step| (step.name, step.word)).collect();
        assert!(words.contains(&("First request", "not needed")), "{words:?}");
        assert!(words.iter().all(|(_, word)| *word != "not done"), "{words:?}");
    }

    #[test]
    fn a_name_that_was_changed_is_drawn_with_the_one_that_was_sent() {
        let names = |edit| {
            let view = seen(Middle::LuredClient, edit, Level::Off);
            let wires = view.rows.into_iter().flat_map(|row| row.wires);
            let named = wires.filter_map(|wire| Some((wire.name?, wire.sent)));
            named.collect::<Vec<_>>()
        };
        let sent = || "cifs/10.0.0.100".to_owned();
        let edit = Edit::RewriteTargetName(Edit::TARGET_NAME.to_owned());
        assert_eq!(names(edit), [(sent(), None), ("cifs/10.0.0.11".to_owned(), Some(sent()))]);
        assert_eq!(names(Edit::SetUntrustedFlag), [(sent(), None), (sent(), None)]);
    }

    #[test]
    fn only_signing_and_encryption_tell_a_nat_from_a_relay() {
        let view = seen(Middle::Nobody, Edit::Nothing, Level::Off);
        let telling: Vec<_> = view
            .pairs
            .iter()
            .filter(|row| {
                row.nat.ending == RunEnding::ClientWorks
                    && row.attack.ending == RunEnding::AttackFails
            })
            .map(|row| row.label)
            .collect();
        assert_eq!(telling.len(), 3, "{telling:?}");
        let is_known = |label: &&str| {
            label.ends_with("signing required") || label.ends_with("encryption required")
        };
        assert!(telling.iter().all(is_known), "{telling:?}");
    }

    #[test]
    fn each_row_of_the_tables_is_the_setting_at_its_address() {
        let view = seen(Middle::LuredClient, Edit::Nothing, Level::AcceptIfProvided);
        let at = |address: &str| {
            let link = address.strip_prefix("relay/").unwrap();
            lab(&Scenario::from_link(link).unwrap()).unwrap()
        };
        for row in &view.edits {
            for (address, cell) in row.addresses.iter().zip(row.cells) {
                assert_eq!(at(address).ending, cell.ending, "{address}");
            }
        }
        for row in &view.pairs {
            for cell in [&row.nat, &row.attack] {
                let seen = at(&cell.address);
                assert_eq!(seen.ending, cell.ending, "{}", cell.address);
                assert!(seen.pairs.iter().any(|other| other.current && other.label == row.label));
            }
        }
        let current: Vec<_> = view.pairs.iter().filter(|row| row.current).collect();
        assert!(matches!(current[..], [row] if row.label == "Level 1"), "{current:?}");
    }

    #[test]
    fn a_remark_about_a_step_is_shown_there_alone() {
        let view = seen(Middle::LuredClient, Edit::Nothing, Level::AcceptIfProvided);
        let said: Vec<_> = view
            .steps
            .iter()
            .filter(|step| step.note.as_ref().is_some_and(|note| note.rule == "pass-through"))
            .map(|step| step.name)
            .collect();
        assert_eq!(said, ["Proof"]);
        assert!(view.notes.iter().all(|note| note.rule != "pass-through"), "{:?}", view.notes);
    }

    #[test]
    fn nobody_edits_where_nobody_attacks() {
        let view = seen(Middle::Nat, Edit::StripMic, Level::RequiredFromClient);
        assert_eq!(view.edits.len(), 1);
        assert_eq!(view.steps[2].state, StepMark::Done);
        assert!(view.steps[2].text.iter().any(|text| text.contains("Nobody in the middle")));
    }

    #[test]
    fn the_messages_are_the_ones_that_the_server_has() {
        let view = seen(Middle::LuredClient, Edit::RemoveTargetName, Level::Off);
        let analysis = spnscope::analysis::analyze(
            view.messages.as_bytes(),
            &Scenario::default().server,
            None,
        );
        assert_eq!(analysis.exchanges().len(), 1);
        let verdict = analysis.exchanges()[0].verdict.as_ref().unwrap();
        assert_eq!(verdict.evidence.target.text(), None);
    }
}
