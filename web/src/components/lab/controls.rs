//! The form with the setting that is played.

use spnscope::judge::smb::{Level, Role};
use spnscope::lab::{
    exchange::ClientKind,
    relay::{Edit, Middle, Scenario},
};
use spnscope_page::view::{about_client, about_edit, about_middle};
use spnscope_page::workbench::LabAction;
use yew::prelude::*;

use crate::{
    components::{common::each::each, server::list_editor::split},
    dom::events,
    store::Act,
};

/// Draws all choices. Each is played at once.
pub(super) fn controls(scenario: &Scenario, act: &Act) -> Html {
    html! {
        <form class="panel" onsubmit={Callback::from(|event: SubmitEvent| event.prevent_default())}>
            { options("who", "Who is in the middle", about_middle(scenario.middle), Middle::ALL.len(), act, &|index| {
            let middle = Middle::ALL[index];
            let chosen = middle == scenario.middle;
            (middle.label(), chosen, Scenario { middle, ..scenario.clone() })
        },) }
            { level(scenario, act) }
            { server(scenario, act) }
            { edits(scenario, act) }
            { client(scenario, act) }
        </form>
    }
}

fn edits(scenario: &Scenario, act: &Act) -> Html {
    if !scenario.middle.is_attack() {
        return html! {
            <div key="edit" class="panel__part">
                <p class="panel__label">{ "What the attacker edits" }</p>
                <p class="small quiet">{ "There is no attacker to edit anything." }</p>
            </div>
        };
    }
    let all = Edit::all();
    let choices = options(
        "edit",
        "What the attacker edits",
        about_edit(&scenario.edit),
        all.len(),
        act,
        &|index| {
            let edit = all[index].clone();
            let chosen = edit.as_str() == scenario.edit.as_str();
            (edit.label(), chosen, Scenario { edit, ..scenario.clone() })
        },
    );
    let Edit::RewriteTargetName(name) = &scenario.edit else { return choices };
    let (act, base) = (act.clone(), scenario.clone());
    html! {
        <>
            { choices }
            <div key="newname" class="panel__part">
                <label class="panel__label" for="newname">{ "New target name" }</label>
                <input
                    class="input mono"
                    id="newname"
                    value={name.clone()}
                    maxlength="255"
                    spellcheck="false"
                    autocomplete="off"
                    autocapitalize="off"
                    oninput={Callback::from(move |event: InputEvent| {
            if let Some(name) = events::input_text(&event) {
                let edit = Edit::RewriteTargetName(name);
                act.emit(LabAction::Play(Scenario { edit, ..base.clone() }));
            }
        })}
               />
            </div>
        </>
    }
}

fn level(scenario: &Scenario, act: &Act) -> Html {
    let names = ["0 Off", "1 If provided", "2 Required"];
    let choices = each(&Level::ALL, |index, level| {
        html! {
            <label key={index}>
                <input
                    type="radio"
                    name="level"
                    checked={*level == scenario.level}
                    onchange={act.on(LabAction::Play(Scenario { level: *level, ..scenario.clone() }))}
               />
                { names[index] }
            </label>
        }
    });
    html! {
        <fieldset key="level" class="panel__part">
            <legend class="panel__label">{ "Level on the server" }</legend>
            <div class="choice">{ choices }</div>
        </fieldset>
    }
}

fn server(scenario: &Scenario, act: &Act) -> Html {
    let allow = {
        let (act, base) = (act.clone(), scenario.clone());
        Callback::from(move |event: Event| {
            if let Some(text) = events::input_text(&event) {
                let mut scenario = base.clone();
                scenario.server.allowed = split(&text);
                act.emit(LabAction::Play(scenario));
            }
        })
    };
    let controller = scenario.server.role == Role::DomainController;
    html! {
        <div key="server" class="panel__part">
            <label class="panel__label" for="lab-allowed">{ "Allowed names" }</label>
            <input
                class="input mono"
                id="lab-allowed"
                value={scenario.server.allowed.join(", ")}
                placeholder="none"
                spellcheck="false"
                autocomplete="off"
                autocapitalize="off"
                aria-describedby="lab-allowed-hint"
                onchange={allow}
           />
            <p class="small quiet" id="lab-allowed-hint">
                { "SrvAllowedServerNames. Both the NAT and the attacker have the address 10.0.0.100." }
            </p>
            { check("Requires SMB signing", scenario.requires_signing, scenario, act, |scenario, is_on| {
            scenario.requires_signing = is_on;
        }) }
            { check(
            "Requires SMB encryption",
            scenario.requires_encryption,
            scenario,
            act,
            |scenario, is_on| {
                scenario.requires_encryption = is_on;
            }
        ) }
            { check("Is a domain controller", controller, scenario, act, |scenario, is_on| {
            scenario.server.role = if is_on { Role::DomainController } else { Role::Member };
            scenario.requires_signing = Scenario::signs_by_default(scenario.server.role);
        }) }
            { check(
            "Patched for CVE-2019-1040",
            scenario.server.patched_cve_2019_1040,
            scenario,
            act,
            |scenario, is_on| scenario.server.patched_cve_2019_1040 = is_on,
        ) }
            <p class="small quiet option__about">
                { "Signing and encryption need the session key, which a relay does not have. A domain controller checks the proof itself and requires signing by default. Without the update of June 2019 (CVE-2019-1040), a removed MIC goes unnoticed." }
            </p>
        </div>
    }
}

fn check(
    label: &'static str,
    is_on: bool,
    scenario: &Scenario,
    act: &Act,
    set: fn(&mut Scenario, bool),
) -> Html {
    let mut other = scenario.clone();
    set(&mut other, !is_on);
    html! {
        <label key={label} class="check">
            <input type="checkbox" checked={is_on} onchange={act.on(LabAction::Play(other))} />
            { " " }
            { label }
        </label>
    }
}

fn client(scenario: &Scenario, act: &Act) -> Html {
    options(
        "client",
        "Who signs in",
        about_client(scenario.client),
        ClientKind::ALL.len(),
        act,
        &|index| {
            let client = ClientKind::ALL[index];
            let chosen = client == scenario.client;
            (client.label(), chosen, Scenario { client, ..scenario.clone() })
        },
    )
}

/// Draws radio buttons, and below them a sentence `about` the chosen one. `tell` gives the label of
/// each, a flag for the chosen one, and the setting with it.
fn options(
    name: &'static str,
    legend: &'static str,
    about: &'static str,
    count: usize,
    act: &Act,
    tell: &dyn Fn(usize) -> (&'static str, bool, Scenario),
) -> Html {
    let options = (0..count).map(|index| {
        let (label, chosen, scenario) = tell(index);
        html! {
            <label key={label} class="option">
                <input
                    type="radio"
                    name={name}
                    checked={chosen}
                    onchange={act.on(LabAction::Play(scenario))}
               />
                <span>{ label }</span>
            </label>
        }
    });
    html! {
        <fieldset key={name} class="panel__part">
            <legend class="panel__label">{ legend }</legend>
            { for options }
            <p key="about" class="small quiet option__about">{ about }</p>
        </fieldset>
    }
}
