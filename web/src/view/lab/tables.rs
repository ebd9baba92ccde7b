//! The results of other settings, each played.

use crate::view::lab::{EditCell, EditRow, PairCell, PairRow, SignInEnd, failed};
use spnscope::judge::smb::{Level, Outcome};
use spnscope::lab::{
    exchange::ExchangeError,
    relay::{self, Edit, Middle, Run, RunEnding, Scenario},
};

/// Plays every edit at every level, for the current party in the middle.
pub(super) fn edits(scenario: &Scenario) -> Result<Vec<EditRow>, ExchangeError> {
    let all = if scenario.middle.is_attack() { Edit::all().to_vec() } else { vec![Edit::Nothing] };
    let asked = if scenario.middle.is_attack() { &scenario.edit } else { &Edit::Nothing };
    let chosen = scenario.level;
    let mut rows = Vec::with_capacity(all.len());
    for edit in all {
        let current = edit.as_str() == asked.as_str();
        let edit = if current { asked.clone() } else { edit };
        let mut cells =
            [EditCell { sign_in: SignInEnd::Refused, ending: RunEnding::AttackFails }; 3];
        let mut addresses = [const { String::new() }; 3];
        let mut by = "";
        for ((level, cell), address) in Level::ALL.into_iter().zip(&mut cells).zip(&mut addresses) {
            let scenario = Scenario { edit: edit.clone(), level, ..scenario.clone() };
            let run = relay::run(&scenario)?;
            *address = address_of(&scenario);
            *cell = EditCell { sign_in: sign_in(&run), ending: run.ending };
            if level == chosen {
                by = match (failed(&run), run.ending) {
                    (Some(check), _) => check.kind.short(),
                    (None, RunEnding::AttackFails) => "the session is anonymous",
                    (None, _) => "nothing",
                };
            }
        }
        rows.push(EditRow { edit, cells, addresses, by, current });
    }
    Ok(rows)
}

/// The address of a setting, as it follows `#/`.
fn address_of(scenario: &Scenario) -> String {
    format!("relay/{}", scenario.link())
}

fn sign_in(run: &Run) -> SignInEnd {
    match run.outcome {
        Outcome::Accept
            if matches!(run.ending, RunEnding::ClientWorks | RunEnding::AttackSucceeds) =>
        {
            SignInEnd::Accepted
        }
        Outcome::Accept => SignInEnd::Useless,
        Outcome::Deny => SignInEnd::Denied,
        // The messages of the lab are whole, so `Unknown` does not occur.
        Outcome::LogonFailure | Outcome::Unknown => SignInEnd::Refused,
    }
}

/// A requirement of the server for a session, besides the level.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Requires {
    Nothing,
    Signing,
    Encryption,
}

/// Plays each setting for the client behind a NAT and the attacker who lured one, who send the
/// server the same bytes.
pub(super) fn pairs(played: &Scenario) -> Result<Vec<PairRow>, ExchangeError> {
    const ALLOWED: &str = "10.0.0.100";
    let settings = [
        ("Level 0", Level::Off, false, Requires::Nothing),
        ("Level 1", Level::AcceptIfProvided, false, Requires::Nothing),
        ("Level 1, 10.0.0.100 allowed", Level::AcceptIfProvided, true, Requires::Nothing),
        ("Level 0, signing required", Level::Off, false, Requires::Signing),
        ("Level 0, encryption required", Level::Off, false, Requires::Encryption),
        (
            "Level 1, 10.0.0.100 allowed, signing required",
            Level::AcceptIfProvided,
            true,
            Requires::Signing,
        ),
    ];
    let mut rows = Vec::with_capacity(settings.len());
    for (label, level, allowed, requires) in settings {
        let cell = |middle| -> Result<(PairCell, bool), ExchangeError> {
            let mut scenario = Scenario {
                level,
                requires_signing: requires == Requires::Signing,
                requires_encryption: requires == Requires::Encryption,
                ..Scenario::new(middle)
            };
            if allowed {
                scenario.server.allowed.push(ALLOWED.to_owned());
            }
            let ending = relay::run(&scenario)?.ending;
            let address = address_of(&scenario);
            Ok((PairCell { ending, address }, scenario == *played))
        };
        let ((nat, is_nat), (attack, is_attack)) = (cell(Middle::Nat)?, cell(Middle::LuredClient)?);
        rows.push(PairRow { label, nat, attack, current: is_nat || is_attack });
    }
    Ok(rows)
}
