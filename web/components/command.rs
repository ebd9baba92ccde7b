//! What is there to be copied: commands and events.

use spnscope::events::Command;
use yew::prelude::*;

use super::draw::{draw, each};

/// A text and a button that copies it. `boot.js` does the copying.
pub(super) fn copied(what: &'static str, text: String) -> Html {
    draw!(
        "<div class=command>\
           <button class='button copy' type=button aria-label='Copy: {}'></button><pre>{}</pre>\
         </div>",
        what,
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
