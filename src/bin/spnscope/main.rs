//! The command line: reads files, prints reports. Everything it says comes from the library.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the command line reads files and prints"
)]

mod answer;
mod arguments;
mod audit;
mod decide;
mod decode;
mod diff;
mod findings;
mod input;
mod output;
mod relay;
mod rules;

use std::process::ExitCode;

use clap::{
    Parser, Subcommand,
    error::{ContextKind, ContextValue},
};
use spnscope::base::visible::Visible;

use crate::output::{USAGE, say};

/// Reads an NTLM sign-in byte by byte and says whether a Windows file server would let it in.
///
/// Without a subcommand, FILE or standard input is recognised: a sign-in, a capture or a NetNTLMv2
/// line is decoded, and an event or settings of a server are answered as `decide --import` answers
/// them.
#[derive(Parser)]
#[command(version, bin_name = "spnscope", args_conflicts_with_subcommands = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    asked: decode::Decode,
}

#[derive(Subcommand)]
enum Command {
    /// Decodes anything you could paste, and says what the server would do at each level.
    Decode(decode::Decode),
    /// Reads captures of any size, and says for each sign-in what the server would do and what it
    /// did.
    Audit(audit::Audit),
    /// Says what the server would do with a name, without any message.
    Decide(decide::Decide),
    /// Lists every kind of finding: its code, what it means for a receiver, and what to make of it.
    Findings(findings::Findings),
    /// Lists every rule behind the answers: its code, what it says, how sure it is, and where
    /// it is from.
    Rules(rules::Rules),
    /// Compares two messages field by field.
    #[command(
        after_help = "Exit status: 0, nothing differs; 1, something differs; 2, wrong usage, or a file has no such message."
    )]
    Diff(diff::Diff),
    /// Plays a sign-in through address translation, a relay or an attacker's own client, inside
    /// this process and with an invented account, and says what the server checks and who gets in.
    Relay(relay::Relay),
}

fn main() -> ExitCode {
    let command_line = CommandLine::try_parse().unwrap_or_else(|error| made_visible(error).exit());
    let code = match command_line.command {
        None if answer::has_no_input(&command_line.asked) => Err(answer::NO_INPUT.to_owned()),
        None => answer::answer(command_line.asked),
        Some(Command::Decode(decode)) => decode.run(),
        Some(Command::Audit(audit)) => audit.run(),
        Some(Command::Decide(decide)) => decide.run(),
        Some(Command::Findings(findings)) => findings.run(),
        Some(Command::Rules(rules)) => rules.run(),
        Some(Command::Diff(diff)) => diff.run(),
        Some(Command::Relay(relay)) => relay.run(),
    };
    ExitCode::from(code.unwrap_or_else(|message| {
        say(&message);
        USAGE
    }))
}

/// Returns the error about arguments with invisible characters in them written out.
fn made_visible(mut error: clap::Error) -> clap::Error {
    let written_out = |text: &String| Visible(text).to_string();
    let context: Vec<_> = error.context().map(|(kind, value)| (kind, value.clone())).collect();
    for (kind, value) in context {
        let shown = match &value {
            ContextValue::String(text) => ContextValue::String(written_out(text)),
            ContextValue::Strings(texts) => {
                ContextValue::Strings(texts.iter().map(written_out).collect())
            }
            _ => continue,
        };
        if shown != value {
            error.insert(kind, shown);
            // A suggestion may quote the argument between codes for colours, and is of no use here.
            error.remove(ContextKind::Suggested);
        }
    }
    error
}
