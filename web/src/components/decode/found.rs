//! The messages found in the input, to choose from, and the layers around them.

use spnscope_page::view::{Chip, ChipGroup, DecodeView, TrailStep};
use spnscope_page::workbench::SelectAction;
use yew::prelude::*;

use crate::{
    components::common::{
        data_text::{cut, data_text},
        each::each,
    },
    store::Act,
};

/// The length of the longest value shown whole, in characters.
const MAX_VALUE_LEN: usize = 200;

/// Draws one chip a message, grouped by exchange, and the trail of the chosen one.
pub(super) fn found(
    view: &DecodeView,
    open: Option<usize>,
    on_open: &Callback<Option<usize>>,
    act: &Act,
) -> Html {
    // Several sign-ins have a table; only messages outside of them need chips.
    let is_drawn = |group: &ChipGroup| {
        let is_chosen = group.chips.iter().any(|chip| chip.chosen);
        let is_alone = group.chips.iter().all(|chip| chip.name == "UNKNOWN");
        view.exchanges.len() == 1 || is_chosen || is_alone
    };
    let groups = each(&view.exchanges, |index, group| {
        if !is_drawn(group) {
            return Html::default();
        }
        html! {
            <div
                key={index}
                class="chips__group"
                role="group"
                aria-label={format!("Messages of sign-in {}", index + 1)}
            >
                { each(&group.chips, |_, it| chip(it, act)) }
            </div>
        }
    });
    let last = view.trail.len().saturating_sub(1);
    let steps = each(&view.trail, |index, step| {
        let is_open = open == Some(index);
        let on_open = on_open.clone();
        html! {
            <li key={index} aria-current={(index == last).then_some("step")}>
                <button
                    class="button button--bare trail__step"
                    type="button"
                    aria-expanded={(is_open).to_string()}
                    aria-controls="layer"
                    onclick={Callback::from(move |_: MouseEvent| on_open.emit((!is_open).then_some(index)))}
                >
                    <span class="trail__name">{ step.label.clone() }</span>
                    { " " }
                    <span class="trail__size">{ step.size.clone() }</span>
                </button>
            </li>
        }
    });
    html! {
        <div class="paste__found">
            <div key="chips" class="chips">
                <span key="count" class="plate">{ count(view) }</span>
                { groups }
            </div>
            <ol key="trail" class="trail" aria-label="How it was unwrapped">{ steps }</ol>
            { view.found_again.as_ref().map(|found| html! {
                <p key="again" class="quiet small">{ found.clone() }</p>
            }) }
            { layer(open.and_then(|index| view.trail.get(index))) }
        </div>
    }
}

/// Draws the chosen layer: its place in the input, and its facts.
fn layer(step: Option<&TrailStep>) -> Html {
    let facts = step.map_or(&[][..], |step| &step.facts);
    html! {
            <div key="layer" id="layer" class="layer" hidden={step.is_none()}>
                { step.map(|step| html! {
        <p class="quiet small">
            { step.label.clone() }
            { ": " }
            { step.place.clone() }
            { " of the paste." }
        </p>
    }) }
                <dl class="layer__facts">
                    { each(facts, |index, (name, value)| html! {
        <div key={index}>
            <dt>{ *name }</dt>
            <dd class="mono">{ data_text(&cut(value, MAX_VALUE_LEN)) }</dd>
        </div>
    }) }
                </dl>
            </div>
        }
}

fn chip(chip: &Chip, act: &Act) -> Html {
    let token = chip.token;
    let known = (chip.number > 0).then_some(chip.number);
    html! {
            <button
                key={format!("{}-{}", chip.number, token.unwrap_or_default())}
                class="chip"
                type="button"
                aria-pressed={chip.chosen.to_string()}
                disabled={token.is_none()}
                onclick={token.map(|token| act.on(SelectAction::Message(token)))}
            >
                { known.map(|number| html! { <span class="chip__number">{ number }</span> }) }
                { chip.name }
                { " " }
                <span class="chip__size">
                    { if token.is_some() { html! {
        <>
            { chip.size }
            { " bytes" }
        </>
    } } else { html! { { "not in the paste" } } } }
                </span>
            </button>
        }
}

/// Counts messages and exchanges: `3 messages, 1 exchange`.
fn count(view: &DecodeView) -> String {
    let there = |chip: &&Chip| chip.token.is_some();
    let messages = view.exchanges.iter().flat_map(|group| &group.chips).filter(there).count();
    match (messages, view.exchanges.len()) {
        (1, _) => "1 message".to_owned(),
        (messages, 1) => format!("{messages} messages, 1 exchange"),
        (messages, exchanges) => format!("{messages} messages, {exchanges} exchanges"),
    }
}
