//! What is played: one form.

use spnscope::judge::smb::{Level, Role};
use spnscope::lab::{
    exchange::ClientKind,
    relay::{Edit, Middle, Scenario},
};
use spnscope_page::workbench::Action;
use yew::prelude::*;

use super::super::{
    draw::{draw, each, on, times},
    list_editor::split,
};
use crate::{dom::events, store::act};

/// Every choice there is. Each shows at once.
pub(super) fn controls(scenario: &Scenario) -> Html {
    draw!(
        "<form class=panel onsubmit={}>{}{}{}{}{}</form>",
        on(|event: Event| event.prevent_default()),
        options("who", "Who is in the middle", Middle::ALL.len(), &|index| {
            let middle = Middle::ALL[index];
            let chosen = middle == scenario.middle;
            (middle.label(), chosen, Scenario { middle, ..scenario.clone() })
        },),
        edits(scenario),
        level(scenario),
        server(scenario),
        client(scenario),
    )
}

fn edits(scenario: &Scenario) -> Html {
    if !scenario.middle.is_attack() {
        return draw!(
            "<div key=edit class=panel__part>\
               <p class=panel__label>What the attacker edits</p>\
               <p class='small quiet'>Nobody there edits anything.</p>\
             </div>"
        );
    }
    let all = Edit::all();
    let choices = options("edit", "What the attacker edits", all.len(), &|index| {
        let edit = all[index].clone();
        let chosen = edit.code() == scenario.edit.code();
        (edit.label(), chosen, Scenario { edit, ..scenario.clone() })
    });
    let Edit::RewriteTargetName(name) = &scenario.edit else { return choices };
    let base = scenario.clone();
    draw!(
        "{}<div key=newname class=panel__part>\
           <label class=panel__label for=newname>New target name</label>\
           <input class='input mono' id=newname value={} maxlength=255 spellcheck=false autocomplete=off autocapitalize=off oninput={}/>\
         </div>",
        choices,
        name.clone(),
        on(move |event: Event| {
            if let Some(name) = events::input_text(&event) {
                let edit = Edit::RewriteTargetName(name);
                act(Action::Play(Scenario { edit, ..base.clone() }));
            }
        }),
    )
}

fn level(scenario: &Scenario) -> Html {
    let names = ["0 Off", "1 If provided", "2 Required"];
    let choices = each(&Level::ALL, |index, level| {
        draw!(
            "<label key={}><input type=radio name=level checked={} onchange={}/>{}</label>",
            index,
            *level == scenario.level,
            Action::Play(Scenario { level: *level, ..scenario.clone() }),
            names[index],
        )
    });
    draw!(
        "<fieldset key=level class=panel__part>\
           <legend class=panel__label>Level on the server</legend><div class=choice>{}</div>\
         </fieldset>",
        choices,
    )
}

fn server(scenario: &Scenario) -> Html {
    let base = scenario.clone();
    let allow = on(move |event: Event| {
        if let Some(text) = events::input_text(&event) {
            let mut scenario = base.clone();
            scenario.server.allowed = split(&text);
            act(Action::Play(scenario));
        }
    });
    let controller = scenario.server.role == Role::DomainController;
    draw!(
        "<div key=server class=panel__part>\
           <label class=panel__label for=lab-allowed>Allowed names</label>\
           <input class='input mono' id=lab-allowed value={} placeholder=none spellcheck=false autocomplete=off autocapitalize=off \
             aria-describedby=lab-allowed-hint onchange={}/>\
           <p class='small quiet' id=lab-allowed-hint>SrvAllowedServerNames. Behind 10.0.0.100 stand both the NAT and the attacker.</p>{}{}{}{}\
         </div>",
        scenario.server.allowed.join(", "),
        allow,
        check("Requires SMB signing", scenario.requires_signing, scenario, |scenario, is_on| {
            scenario.requires_signing = is_on;
        }),
        check(
            "Requires SMB encryption",
            scenario.requires_encryption,
            scenario,
            |scenario, is_on| {
                scenario.requires_encryption = is_on;
            }
        ),
        check("Is a domain controller", controller, scenario, |scenario, is_on| {
            scenario.server.role = if is_on { Role::DomainController } else { Role::Member };
            scenario.requires_signing = Scenario::signs_by_default(scenario.server.role);
        }),
        check(
            "Patched for CVE-2019-1040",
            scenario.server.patched_cve_2019_1040,
            scenario,
            |scenario, is_on| scenario.server.patched_cve_2019_1040 = is_on,
        ),
    )
}

fn check(
    label: &'static str,
    is_on: bool,
    scenario: &Scenario,
    set: fn(&mut Scenario, bool),
) -> Html {
    let mut other = scenario.clone();
    set(&mut other, !is_on);
    draw!(
        "<label key={} class=check><input type=checkbox checked={} onchange={}/> {}</label>",
        label,
        is_on,
        Action::Play(other),
        label,
    )
}

fn client(scenario: &Scenario) -> Html {
    options("client", "Who signs in", ClientKind::ALL.len(), &|index| {
        let client = ClientKind::ALL[index];
        let chosen = client == scenario.client;
        (client.label(), chosen, Scenario { client, ..scenario.clone() })
    })
}

/// Radio buttons. `tell` says what each is called, whether it is the one, and the setting with it.
fn options(
    name: &'static str,
    legend: &'static str,
    count: usize,
    tell: &dyn Fn(usize) -> (&'static str, bool, Scenario),
) -> Html {
    let options = times(count, &|index| {
        let (label, chosen, scenario) = tell(index);
        draw!(
            "<label key={} class=option>\
               <input type=radio name={} checked={} onchange={}/><span>{}</span>\
             </label>",
            label,
            name,
            chosen,
            Action::Play(scenario),
            label,
        )
    });
    draw!(
        "<fieldset key={} class=panel__part><legend class=panel__label>{}</legend>{}</fieldset>",
        name,
        legend,
        options,
    )
}
