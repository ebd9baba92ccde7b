//! The command without a subcommand: recognises the input, and answers it as the right subcommand
//! would.

use std::{
    io::{self, IsTerminal as _},
    path::Path,
};

use spnscope::judge::{imports::Import, smb::Evidence};
use spnscope::read::config::BareListKind;
use spnscope::show::report;

use crate::{
    arguments::Format,
    decide::print_decided,
    decode::{Decode, DecodedFile, NOTHING, decode, print_analysis},
    input::name,
    output::{DONE, print, say},
};

/// The message if there is nothing to answer.
pub(crate) const NO_INPUT: &str = "nothing to read: give a file (spnscope FILE), or paste into spnscope -. For everything else see --help.";

/// Returns true if nothing was given that could be answered: no file, and nothing on standard input
/// but a terminal.
pub(crate) fn has_no_input(asked: &Decode) -> bool {
    asked.file.is_none() && io::stdin().is_terminal()
}

/// Answers a sign-in, a capture or a NetNTLMv2 line as `decode` would, an event or settings as
/// `decide --import`.
pub(crate) fn answer(asked: Decode) -> Result<u8, String> {
    let Decode { file, format, read_as, server, secret, extras } = asked;
    let is_input = |file: Option<&Path>| file.is_none_or(|file| file == Path::new("-"));
    if server.import.as_deref().is_some_and(|import| is_input(Some(import)))
        && is_input(file.as_deref())
    {
        return Err("only one of FILE and --import can be standard input.".to_owned());
    }
    if let Some(file) = file.as_deref().filter(|file| !is_input(Some(file)) && !file.exists()) {
        return Err(format!(
            "{} is neither a file nor a subcommand. --help lists the subcommands.",
            file.display()
        ));
    }
    let secret = secret.secret()?;
    let adds = !server.allowed.is_empty();
    let has_import = server.import.is_some();
    let (settings, imported) = server.clone().settings()?;
    let DecodedFile { analysis, pasted } =
        decode(file.as_deref(), read_as, &settings, secret.as_ref())?;
    if analysis.refusal().is_some() && pasted.is_empty() && file.is_none() {
        return Err(NO_INPUT.to_owned());
    }
    if analysis.refusal().is_some() && !has_import && read_as.is_none() {
        let found = Import::read(&pasted, BareListKind::Allowed);
        if found.stated.is_of_a_server() {
            let settings = server.settings_with(Some(&found));
            let extras = extras.extras((!adds).then_some(&found));
            let Some(target) = found.refused().cloned() else {
                return only_settings(&found, file.as_deref(), format);
            };
            let evidence = Evidence::stating(target);
            print_decided(&evidence, &settings, &[], Some(&found), format, extras)?;
            return Ok(DONE);
        }
        if let Some(question) = found.stated.question() {
            say(question);
            return Ok(NOTHING);
        }
    }
    let extras = extras.extras(imported.as_ref().filter(|_| !adds));
    print_analysis(&analysis, format, read_as, imported.as_ref(), extras)
}

/// Prints the settings that were read of a server, if no client's name is known.
fn only_settings(found: &Import, file: Option<&Path>, format: Format) -> Result<u8, String> {
    let file = name(file.unwrap_or_else(|| Path::new("-")));
    let wanting = format!(
        "it does not say what a client asks for. Add that for an answer: spnscope decide --import {file} --spn SPN"
    );
    match format {
        Format::Json => return Err(wanting),
        Format::Text => print(&report::render_imported_text(found))?,
    }
    say(&wanting);
    Ok(DONE)
}
