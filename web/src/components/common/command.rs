//! Texts to be copied: commands and events.

use spnscope::judge::events::{Command, Shell};
use yew::prelude::*;

use super::copied::{Copied, LineLayout};

/// Draws a text and a button that copies it.
pub(crate) fn copy_box(what: &'static str, text: String) -> Html {
    html! { <Copied {what} {text} /> }
}

/// Draws commands, each with its machine and its effect; all but the first folded.
pub(crate) fn commands(commands: &[Command]) -> Html {
    html! {
        for (index, command) in commands.iter().enumerate() {
            if index == 0 {
                <div key={index} class="run">
                    <p class="run__where">{ where_to_run(command) }</p>
                    { verbatim(command) }
                </div>
            } else {
                <details key={index} class="fold run">
                    <summary>{ where_to_run(command) }</summary>
                    { verbatim(command) }
                </details>
            }
        }
    }
}

/// Draws the command that undoes another, folded.
pub(crate) fn undo(command: &Command) -> Html {
    html! {
        <details class="fold run">
            <summary>{ "To undo it: " }{ where_to_run(command) }</summary>
            { verbatim(command) }
        </details>
    }
}

/// Draws a command in its own lines: broken anywhere else, it would look like another command.
fn verbatim(command: &Command) -> Html {
    html! { <Copied what={command.description} text={command.text.clone()} lines={LineLayout::AsTheyAre} /> }
}

/// Draws `Run on the server as administrator`, the shell, and the effect.
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
    async fn each_command_names_its_machine_and_only_the_first_is_unfolded() {
        let page = fixture::page(|| {
            let command = |shell| Command {
                description: "Shows it.",
                shell,
                machine: Machine::Server,
                text: "x".into(),
            };
            commands(&[command(Shell::PowerShell), command(Shell::RegistryFile)])
        })
        .await;
        let [folded] = page.elements("group")[..] else { panic!("not one is folded: {page:?}") };
        let first = page.by_role("strong", "Run on the server as administrator");
        assert!(first.start() < folded.start(), "{page:?}");
        let whole = "Run on the server as administrator, in PowerShell. Shows it.";
        assert!(page.text().starts_with(whole), "{page:?}");
        folded.by_role("strong", "Import on the server as administrator");
        assert_eq!(page.with_class("command--as-it-is").len(), 2, "{page:?}");
    }
}
