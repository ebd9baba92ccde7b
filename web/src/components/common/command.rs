//! What is there to be copied: commands and events.

use spnscope::judge::events::Command;
use yew::prelude::*;

use super::copied::Copied;

/// A text and a button that copies it.
pub(crate) fn copied(what: &'static str, text: String) -> Html {
    html! { <Copied {what} {text} /> }
}

/// Commands, each with where it is to be run and what it does; all but the first folded.
pub(crate) fn commands(commands: &[Command]) -> Html {
    html! {
        for (index, command) in commands.iter().enumerate() {
            <details key={index} class="fold" open={index == 0}>
                <summary>
                    { "On the " }
                    { command.on.label() }
                    { ", " }
                    { command.shell.label() }
                    { ": " }
                    { command.does }
                </summary>
                { copied(command.does, command.text.clone()) }
            </details>
        }
    }
}
