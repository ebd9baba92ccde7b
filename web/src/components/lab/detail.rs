//! The details of one step.

use spnscope_page::view::{ChangedField, ComparedValues, Sentence};
use spnscope_page::workbench::{Lab, LabAction};
use yew::prelude::*;

use crate::{
    components::common::{
        basis::basis_mark,
        data_text::{cut, data_text, visible},
        each::each,
        hex_value::HexValue,
    },
    store::Act,
};

/// The length of the longest changed value shown whole, in characters.
const MAX_VALUE_LEN: usize = 120;

/// Draws the selected step: its description, its finding, the bytes, and the way to Decode.
pub(super) fn detail(lab: &Lab, act: &Act) -> Html {
    let (view, index) = (lab.view(), lab.step());
    let step = &view.steps[index];
    html! {
        <section key="step" class="panel" aria-labelledby="step-h">
            <div class="panel__part">
                <div class="section__head">
                    <h2 id="step-h">{ index + 1 }{ " " }{ step.name }{ ": " }{ step.word }</h2>
                </div>
                { each(&step.text, |at, text| html! { <p key={at}>{ visible(text) }</p> }) }
                { step.found.as_ref().map(|found| html! { <div key="found">{ sentence(found) }</div> }) }
                { step.note.as_ref().map(|note| html! { <div key="note" class="small quiet">{ sentence(note) }</div> }) }
                { step.values.as_ref().map(values) }
                { changes(&step.changes) }
            </div>
            <div class="panel__part">
                if !view.notes.is_empty() {
                    <p class="panel__label">{ "About this setting" }</p>
                }
                { each(&view.notes, |at, note| html! { <div key={at} class="small quiet">{ sentence(note) }</div> }) }
                <p class="button-row">
                    <button class="button" type="button" onclick={act.on(LabAction::Decode)}>
                        { "Open in Decode" }
                    </button>
                    { " " }
                    <a href={format!("#/{}", lab.address())}>{ "Link to this setting" }</a>
                </p>
                <p class="small quiet">
                    { "Everyone here is invented. The messages and keys are real: the password of LAB\\User is “Password”." }
                </p>
            </div>
        </section>
    }
}

/// Draws a sentence with its basis and its source.
fn sentence(sentence: &Sentence) -> Html {
    html! {
        <p>
            { visible(&sentence.text) }
            { " " }
            { basis_mark(sentence.basis, sentence.rule) }
            { " " }
            <span class="steps__source">{ sentence.source }</span>
        </p>
    }
}

fn values(values: &ComparedValues) -> Html {
    let (differing, all) = values.differing;
    let same = differing == 0;
    html! {
        <div key="values" class="lab__values">
            <p class="panel__label">
                { values.name }
                { " " }
                <span class="quiet">
                    { if same {
            format!("all {all} bytes are the same")
        } else {
            format!("{differing} of {all} bytes differ")
        } }
                </span>
            </p>
            <dl class="proof__values">
                <HexValue name="received" runs={values.received.clone()} />
                <HexValue name="computed" runs={values.computed.clone()} />
            </dl>
        </div>
    }
}

fn changes(changes: &[ChangedField]) -> Option<Html> {
    let side = |value: &Option<String>, none: &'static str| {
        value.as_ref().map_or_else(
            || html! { <i class="quiet">{ none }</i> },
            |value| html! { <span class="mono">{ data_text(&cut(value, MAX_VALUE_LEN)) }</span> },
        )
    };
    let rows = each(changes, |index, change| {
        html! {
            <tr key={index}>
                <th scope="row">
                    { change.name.clone() }
                    { " " }
                    <span class="quiet small">{ change.place.clone() }</span>
                </th>
                <td>{ side(&change.sent, "not there") }</td>
                <td>{ side(&change.received, "removed") }</td>
            </tr>
        }
    });
    (!changes.is_empty()).then(|| {
        html! {
            <div
                key="changes"
                class="lab__changes"
                tabindex="0"
                role="group"
                aria-label="What was changed"
            >
                <table>
                    <thead>
                        <tr class="plate">
                            <th scope="col">{ "Changed on the way, bytes" }</th>
                            <th scope="col">{ "sent" }</th>
                            <th scope="col">{ "received" }</th>
                        </tr>
                    </thead>
                    <tbody>{ rows }</tbody>
                </table>
            </div>
        }
    })
}
