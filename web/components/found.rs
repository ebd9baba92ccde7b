//! What was found in the box: messages to choose from, and what they were wrapped in.

use spnscope::{
    view::{Chip, DecodeView, TrailStep},
    workbench::Action,
};
use yew::prelude::*;

use super::{
    data_text::{cut, data_text},
    jump::place_words,
    leaf::{element, paragraph, span, text},
};

/// The most characters of a value that are shown.
const VALUE: usize = 200;

/// One chip a message, grouped by exchange, and the trail of the chosen one.
pub(super) fn found(
    view: &DecodeView,
    open: Option<usize>,
    on_open: &Callback<Option<usize>>,
    dispatch: &Callback<Action>,
) -> Html {
    let groups = view.exchanges.iter().enumerate().map(|(index, group)| {
        html! {
            <div key={index} class="chips__group" role="group" aria-label={format!("Messages of exchange {}", index + 1)}>
                { for group.chips.iter().map(|it| chip(it, dispatch)) }
            </div>
        }
    });
    let last = view.trail.len().saturating_sub(1);
    let steps = view.trail.iter().enumerate().map(|(index, step)| {
        let is_open = open == Some(index);
        let on_open = on_open.clone();
        html! {
            <li key={index} aria-current={(index == last).then_some("step")}>
                <button
                    class="button button--bare trail__step"
                    type="button"
                    aria-expanded={is_open.to_string()}
                    aria-controls="layer"
                    onclick={move |_| on_open.emit((!is_open).then_some(index))}
                >
                    { span("trail__name", text(step.label.clone())) }
                    { " " }
                    { span("trail__size", text(step.size.clone())) }
                </button>
            </li>
        }
    });
    html! {
        <div class="paste__found">
            <div key="chips" class="chips">
                <span key="count" class="plate">{ count(view) }</span>
                { for groups }
            </div>
            <ol key="trail" class="trail" aria-label="How it was unwrapped">{ for steps }</ol>
            { layer(open.and_then(|index| view.trail.get(index))) }
        </div>
    }
}

/// What the chosen layer is: where it stands in the paste, and what it says.
fn layer(step: Option<&TrailStep>) -> Html {
    let facts = step.map_or(&[][..], |step| &step.facts);
    let rows = facts.iter().enumerate().map(|(index, (name, value))| {
        html! {
            <div key={index}>
                { element("dt", "", text(*name)) }
                <dd class="mono">{ data_text(&cut(value, VALUE)) }</dd>
            </div>
        }
    });
    html! {
        <div key="layer" id="layer" class="layer" hidden={step.is_none()}>
            { for step.map(|step| paragraph("quiet small", text(format!(
                "{}: {} of the paste.", step.label, place_words(step.pasted)
            )))) }
            <dl class="layer__facts">{ for rows }</dl>
        </div>
    }
}

fn chip(chip: &Chip, dispatch: &Callback<Action>) -> Html {
    let dispatch = dispatch.clone();
    let token = chip.token;
    let onclick = move |_| {
        if let Some(token) = token {
            dispatch.emit(Action::Choose(token));
        }
    };
    html! {
        <button
            key={format!("{}-{}", chip.number, chip.token.unwrap_or_default())}
            class="chip"
            type="button"
            aria-pressed={chip.chosen.to_string()}
            disabled={token.is_none()}
            {onclick}
        >
            if chip.number > 0 {
                { span("chip__number", text(chip.number.to_string())) }
            }
            { chip.name }
            { " " }
            <span class="chip__size">
                if token.is_some() {
                    { format!("{} bytes", chip.size) }
                } else {
                    { "not in the paste" }
                }
            </span>
        </button>
    }
}

/// `3 messages, 1 exchange`
fn count(view: &DecodeView) -> String {
    let there = |chip: &&Chip| chip.token.is_some();
    let messages = view.exchanges.iter().flat_map(|group| &group.chips).filter(there).count();
    match (messages, view.exchanges.len()) {
        (1, _) => "1 message".to_owned(),
        (messages, 1) => format!("{messages} messages, 1 exchange"),
        (messages, exchanges) => format!("{messages} messages, {exchanges} exchanges"),
    }
}
