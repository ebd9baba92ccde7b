//! What is there to be copied: commands and events.

use spnscope::judge::events::{Command, Shell};
use yew::prelude::*;

use super::copied::{Copied, Lines};

/// A text and a button that copies it.
pub(crate) fn copied(what: &'static str, text: String) -> Html {
    html! { <Copied {what} {text} /> }
}

/// Commands, each with where it is to be run and what it does; all but the first folded.
pub(crate) fn commands(commands: &[Command]) -> Html {
    html! {
        for (index, command) in commands.iter().enumerate() {
            if index == 0 {
                <div key={index} class="run">
                    <p class="run__where">{ where_to_run(command) }</p>
                    { as_it_is(command) }
                </div>
            } else {
                <details key={index} class="fold run">
                    <summary>{ where_to_run(command) }</summary>
                    { as_it_is(command) }
                </details>
            }
        }
    }
}

/// What undoes what was run, folded.
pub(crate) fn undo(command: &Command) -> Html {
    html! {
        <details class="fold run">
            <summary>{ "To undo it: " }{ where_to_run(command) }</summary>
            { as_it_is(command) }
        </details>
    }
}

/// A command in its own lines: one that is broken anywhere else is another command to look at.
fn as_it_is(command: &Command) -> Html {
    html! {
        <Copied
            what={command.description}
            text={command.text.clone()}
            lines={Lines::AsTheyAre}
        />
    }
}

/// `Run on the server as administrator`, in what, and what that does.
fn where_to_run(command: &Command) -> Html {
    let on = command.machine.label();
    let (first, rest) = match command.shell {
        Shell::PowerShell => (format!("Run on the {on} as administrator"), ", in PowerShell. "),
        Shell::CommandPrompt => {
            (format!("Run on the {on} as administrator"), ", at the command prompt. ")
        }
        Shell::RegistryFile => {
            (format!("Import on the {on} as administrator"), ", as a .reg file. ")
        }
        Shell::SecurityTemplate => ("Put into a security template".to_owned(), ". "),
    };
    html! { <><b>{ first }</b>{ rest }{ command.description }</> }
}

#[cfg(test)]
mod tests {
    use spnscope::judge::events::Machine;

    use super::*;
    use crate::components::fixture;

    #[tokio::test(flavor = "current_thread")]
    async fn each_command_says_where_it_is_run_and_only_the_first_is_unfolded() {
        let html = fixture::drawn(|| {
            let command = |shell| Command {
                description: "Shows it.",
                shell,
                machine: Machine::Server,
                text: "x".into(),
            };
            commands(&[command(Shell::PowerShell), command(Shell::RegistryFile)])
        })
        .await;
        let first = "<b>Run on the server as administrator</b>, in PowerShell. Shows it.";
        let (before, after) = html.split_once("<details").expect("one is folded");
        assert!(before.contains(first), "{html}");
        assert!(after.contains("<b>Import on the server as administrator</b>"), "{html}");
        assert_eq!(html.matches("command--as-it-is").count(), 2, "{html}");
    }
}
