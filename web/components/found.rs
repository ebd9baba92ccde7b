//! What was found in the box: messages to choose from, and what they were wrapped in.

use spnscope::{
    view::{Chip, DecodeView},
    workbench::Action,
};
use yew::prelude::*;

use super::leaf::{span, text};

/// One chip a message, grouped by exchange, and the trail of the chosen one.
pub(super) fn found(view: &DecodeView, dispatch: &Callback<Action>) -> Html {
    let groups = view.exchanges.iter().enumerate().map(|(index, group)| {
        html! {
            <div key={index} class="chips__group" role="group" aria-label={format!("Messages of exchange {}", index + 1)}>
                { for group.chips.iter().map(|it| chip(it, dispatch)) }
            </div>
        }
    });
    let last = view.trail.len().saturating_sub(1);
    let steps = view.trail.iter().enumerate().map(|(index, step)| {
        html! {
            <li key={index} aria-current={(index == last).then_some("step")}>
                { span("trail__name", text(step.label.clone())) }
                { " " }
                { span("trail__size", text(step.size.clone())) }
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
