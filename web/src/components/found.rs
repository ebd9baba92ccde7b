//! What was found in the box: messages to choose from, and what they were wrapped in.

use spnscope_page::view::{Chip, DecodeView, TrailStep};
use spnscope_page::workbench::Action;
use yew::prelude::*;

use super::{
    data_text::{cut, data_text},
    draw::{draw, each, on},
};

/// The most characters of a value that are shown.
const VALUE: usize = 200;

/// One chip a message, grouped by exchange, and the trail of the chosen one.
pub(super) fn found(
    view: &DecodeView,
    open: Option<usize>,
    on_open: &Callback<Option<usize>>,
) -> Html {
    let groups = each(&view.exchanges, |index, group| {
        draw!(
            "<div key={} class=chips__group role=group aria-label='Messages of exchange {}'>{}</div>",
            index,
            index + 1,
            each(&group.chips, |_, it| chip(it)),
        )
    });
    let last = view.trail.len().saturating_sub(1);
    let steps = each(&view.trail, |index, step| {
        let is_open = open == Some(index);
        let on_open = on_open.clone();
        draw!(
            "<li key={} aria-current={}>\
               <button class='button button--bare trail__step' type=button aria-expanded={} aria-controls=layer onclick={}>\
                 <span class=trail__name>{}</span> <span class=trail__size>{}</span>\
               </button>\
             </li>",
            index,
            (index == last).then_some("step"),
            is_open,
            on(move |_: Event| on_open.emit((!is_open).then_some(index))),
            step.label.clone(),
            step.size.clone(),
        )
    });
    draw!(
        "<div class=paste__found>\
           <div key=chips class=chips><span key=count class=plate>{}</span>{}</div>\
           <ol key=trail class=trail aria-label='How it was unwrapped'>{}</ol>{}\
         </div>",
        count(view),
        groups,
        steps,
        layer(open.and_then(|index| view.trail.get(index))),
    )
}

/// What the chosen layer is: where it stands in the paste, and what it says.
fn layer(step: Option<&TrailStep>) -> Html {
    let facts = step.map_or(&[][..], |step| &step.facts);
    draw!(
        "<div key=layer id=layer class=layer hidden={}>{}<dl class=layer__facts>{}</dl></div>",
        step.is_none(),
        step.map(|step| draw!(
            "<p class='quiet small'>{}: {} of the paste.</p>",
            step.label.clone(),
            step.place.clone(),
        )),
        each(facts, |index, (name, value)| draw!(
            "<div key={}><dt>{}</dt><dd class=mono>{}</dd></div>",
            index,
            *name,
            data_text(&cut(value, VALUE)),
        )),
    )
}

fn chip(chip: &Chip) -> Html {
    let token = chip.token;
    let known = (chip.number > 0).then_some(chip.number);
    draw!(
        "<button key='{}-{}' class=chip type=button aria-pressed={} disabled={} onclick={}>\
           {}{} <span class=chip__size>{}</span>\
         </button>",
        chip.number,
        token.unwrap_or_default(),
        chip.chosen,
        token.is_none(),
        token.map(Action::Choose),
        known.map(|number| draw!("<span class=chip__number>{}</span>", number)),
        chip.name,
        if token.is_some() { draw!("{} bytes", chip.size) } else { draw!("not in the paste") },
    )
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
