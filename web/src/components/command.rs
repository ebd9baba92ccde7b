//! What is there to be copied: commands and events.

use spnscope::judge::events::Command;
use yew::prelude::*;

use super::draw::{draw, each};

/// From how many bytes on a text may have to be scrolled.
const LONG: usize = 400;

/// A text and a button that copies it. `start.js` does the copying.
pub(super) fn copied(what: &'static str, text: String) -> Html {
    draw!(
        "<div class=command>\
           <button class='button copy' type=button aria-label='Copy: {}'></button><pre tabindex={}>{}</pre>\
         </div>",
        what,
        // A long one scrolls.
        (text.len() > LONG).then_some("0"),
        text,
    )
}

/// Commands, each with where it is to be run and what it does; all but the first folded.
pub(super) fn commands(commands: &[Command]) -> Vec<Html> {
    each(commands, |index, command| {
        draw!(
            "<details class=fold open={}><summary>On the {}, {}: {}</summary>{}</details>",
            index == 0,
            command.on.label(),
            command.shell.label(),
            command.does,
            copied(command.does, command.text.clone()),
        )
    })
}
