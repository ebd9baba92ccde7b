//! The results of other settings.

use spnscope::judge::smb::Outcome;
use spnscope::lab::relay::RunEnding;
use spnscope_page::view::{EditCell, EditRow, LabView, PairCell, PairRow, SignInEnd};
use yew::prelude::*;

use super::ending_class;
use crate::components::common::{each::each, icon::gate};

/// Draws every edit at every level.
pub(super) fn edits(view: &LabView) -> Html {
    let level = usize::from(view.level);
    let rows = each(&view.edits, |_, row| edit(row, level));
    let attacked = view.ending.attack_succeeds().is_some();
    html! {
        <section key="edits" class="panel" aria-labelledby="edits-h">
            <div class="panel__part">
                <h2 id="edits-h">{ "Every edit, every level" }</h2>
                <p>
                    { if attacked { "Does the attack succeed?" } else { "Does the client work?" } }
                </p>
                <table class="matrix">
                    <thead>
                        <tr class="plate">
                            <th scope="col">{ "Edit" }</th>
                            <th scope="col">{ "0" }</th>
                            <th scope="col">{ "1" }</th>
                            <th scope="col">{ "2" }</th>
                            <th scope="col">{ "Stopped at level " }{ view.level }{ " by" }</th>
                        </tr>
                    </thead>
                    <tbody>{ rows }</tbody>
                </table>
                <ul class="legend small" aria-label="Signs">
                    { each(&[SignInEnd::Accepted, SignInEnd::Useless, SignInEnd::Denied, SignInEnd::Refused], |_, it| {
            let ending = match (attacked, it) {
                (true, SignInEnd::Accepted) => RunEnding::AttackSucceeds,
                (true, _) => RunEnding::AttackFails,
                (false, SignInEnd::Accepted) => RunEnding::ClientWorks,
                (false, _) => RunEnding::ClientRefused,
            };
            let cell = EditCell { sign_in: *it, ending };
            html! {
                <li key={it.words()} class={classes!("legend__item", ending_class(ending))}>
                    { sign(*it) }
                    { words(cell) }
                </li>
            }
        }) }
                </ul>
            </div>
        </section>
    }
}

fn edit(row: &EditRow, level: usize) -> Html {
    html! {
        <tr
            key={row.edit.as_str()}
            class={classes!(row.current.then_some("is-current"))}
            aria-current={row.current.then_some("true")}
        >
            <th scope="row">
                <a href={format!("#/{}", row.addresses[level])}>{ row.edit.label() }</a>
            </th>
            { each(&row.cells, |level, it| {
            html! {
                <td key={level} class={classes!(ending_class(it.ending))}>
                    <a href={format!("#/{}", row.addresses[level])}>
                        { sign(it.sign_in) }
                        <span class="visually-hidden">{ words(*it) }</span>
                    </a>
                </td>
            }
        }) }
            <td class="matrix__by">{ row.by }</td>
        </tr>
    }
}

/// The words for the ending, which the headline has too, and for the end of the sign-in.
fn words(cell: EditCell) -> String {
    match cell.sign_in {
        SignInEnd::Accepted => ending_word(cell.ending).to_owned(),
        sign_in => format!("{}: {}", ending_word(cell.ending), sign_in.words()),
    }
}

const fn ending_word(ending: RunEnding) -> &'static str {
    match ending {
        RunEnding::ClientWorks => "works",
        RunEnding::ClientRefused => "is refused",
        RunEnding::AttackSucceeds => "succeeds",
        RunEnding::AttackFails => "fails",
    }
}

fn sign(sign_in: SignInEnd) -> Html {
    match sign_in {
        SignInEnd::Accepted => gate(Outcome::Accept, false),
        SignInEnd::Useless => gate(Outcome::Deny, true),
        SignInEnd::Denied => gate(Outcome::Deny, false),
        SignInEnd::Refused => gate(Outcome::LogonFailure, false),
    }
}

/// Draws the NAT and the attacker side by side.
pub(super) fn pairs(view: &LabView) -> Html {
    html! {
        <section key="pairs" class="panel" aria-labelledby="pairs-h">
            <div class="panel__part">
                <h2 id="pairs-h">{ "A NAT and an attacker, side by side" }</h2>
                <p>
                    { "Both make the client ask for 10.0.0.100, so the server gets the same bytes from both, and the name check cannot tell them apart. Required signing or encryption can: only the client behind the NAT has the session key." }
                </p>
                <table class="matrix matrix--pairs">
                    <thead>
                        <tr class="plate">
                            <th scope="col">{ "On the server" }</th>
                            <th scope="col">{ "Client behind a NAT" }</th>
                            <th scope="col">{ "Attacker who lured it" }</th>
                        </tr>
                    </thead>
                    <tbody>{ each(&view.pairs, |_, row| pair(row)) }</tbody>
                </table>
            </div>
        </section>
    }
}

fn pair(row: &PairRow) -> Html {
    let cell = |cell: &PairCell| {
        let open = matches!(cell.ending, RunEnding::ClientWorks | RunEnding::AttackSucceeds);
        html! {
            <td class={classes!(ending_class(cell.ending))}>
                <a href={format!("#/{}", cell.address)}>
                    { gate(if open { Outcome::Accept } else { Outcome::Deny }, false) }
                    { " " }
                    { ending_word(cell.ending) }
                </a>
            </td>
        }
    };
    html! {
        <tr
            key={row.label}
            class={classes!(row.current.then_some("is-current"))}
            aria-current={row.current.then_some("true")}
        >
            <th scope="row"><a href={format!("#/{}", row.attack.address)}>{ row.label }</a></th>
            { cell(&row.nat) }
            { cell(&row.attack) }
        </tr>
    }
}
