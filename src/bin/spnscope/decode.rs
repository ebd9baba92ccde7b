//! The subcommand `decode`: everything that can be pasted, decoded.

use std::path::{Path, PathBuf};

use clap::Args;
use spnscope::analysis::{Analysis, CaptureReader, analyze_as};
use spnscope::judge::{imports::Import, proof::Secret, smb::ServerSettings};
use spnscope::read::{config::BareListKind, text::Reading};
use spnscope::show::report::{self, Extras};

use crate::{
    arguments::{ExtraArguments, Format, SecretArguments, ServerArguments},
    input::{Input, name},
    output::{print, print_with, say},
};

/// The exit code if something was decoded.
const DECODED: u8 = 0;
/// The exit code if nothing was recognised.
pub(crate) const NOTHING: u8 = 1;

#[derive(Args)]
pub(crate) struct Decode {
    /// What to read: text or bytes. `-` or nothing: standard input.
    pub(crate) file: Option<PathBuf>,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// How to read the outermost encoding if there is more than one way: hex-dump, base64, hex,
    /// decimal, percent, escapes or raw. Default: the likeliest one.
    #[arg(long, value_name = "READING", value_parser = reading)]
    pub(crate) read_as: Option<Reading>,
    #[command(flatten)]
    pub(crate) server: ServerArguments,
    #[command(flatten)]
    pub(crate) secret: SecretArguments,
    #[command(flatten)]
    pub(crate) extras: ExtraArguments,
}

impl Decode {
    pub(crate) fn run(self) -> Result<u8, String> {
        let secret = self.secret.secret()?;
        let is_input = |file: Option<&Path>| file.is_none_or(|file| file == Path::new("-"));
        if self.server.import.is_some()
            && is_input(self.server.import.as_deref())
            && is_input(self.file.as_deref())
        {
            return Err("only one of FILE and --import can be standard input.".to_owned());
        }
        let adds = !self.server.allowed.is_empty();
        let (settings, imported) = self.server.settings()?;
        let extras = self.extras.extras(imported.as_ref().filter(|_| !adds));
        let DecodedFile { analysis, pasted } =
            decode(self.file.as_deref(), self.read_as, &settings, secret.as_ref())?;
        let code = print_analysis(&analysis, self.format, self.read_as, imported.as_ref(), extras)?;
        if code == NOTHING {
            let file = name(self.file.as_deref().unwrap_or_else(|| Path::new("-")));
            if let Some(told) = about_server(&pasted, &file) {
                say(&told);
            }
        }
        Ok(code)
    }
}

/// The subcommand for input that is no sign-in and about a server: an event, or settings.
fn about_server(pasted: &[u8], file: &str) -> Option<String> {
    let stated = Import::read(pasted, BareListKind::Allowed).stated;
    let what =
        if stated.events.is_empty() { "settings of a server" } else { "an event of a server" };
    let is_of_a_server = stated.is_of_a_server() || stated.question().is_some();
    is_of_a_server
        .then(|| format!("this looks like {what}. To read it: spnscope decide --import {file}"))
}

/// Prints the report of an analysis, and remarks beside it on the parts of the input that were not
/// read.
pub(crate) fn print_analysis(
    analysis: &Analysis,
    format: Format,
    read_as: Option<Reading>,
    imported: Option<&Import>,
    extras: Extras,
) -> Result<u8, String> {
    match format {
        Format::Json => print_with(|to| report::write_json_with(analysis, extras, to))?,
        Format::Text => print(&report::render_text_with(analysis, extras))?,
    }
    let imported = imported.map_or_else(String::new, report::render_imported_text);
    for line in imported.lines() {
        say(&format!("imported: {line}"));
    }
    if let Some(remark) = analysis.remark() {
        say(remark);
    }
    if read_as.is_none() && !analysis.others().is_empty() {
        let others: Vec<_> = analysis.others().iter().map(|reading| reading.as_str()).collect();
        say(&format!("some of this can be read another way: --read-as {}.", others.join(" or ")));
    }
    Ok(match analysis.refusal() {
        None => DECODED,
        Some(refusal) => {
            say(refusal);
            NOTHING
        }
    })
}

/// The reading with this name.
fn reading(name: &str) -> Result<Reading, String> {
    Reading::from_name(name).ok_or_else(|| {
        let names = Reading::ALL.map(Reading::as_str);
        format!("one of these is needed: {}", names.join(", "))
    })
}

/// A file, decoded.
pub(crate) struct DecodedFile {
    pub(crate) analysis: Analysis,
    /// Its contents, if it is no capture.
    pub(crate) pasted: Vec<u8>,
}

/// Reads a file: captures of any size, and everything else as a paste.
pub(crate) fn decode(
    file: Option<&Path>,
    read_as: Option<Reading>,
    settings: &ServerSettings,
    secret: Option<&Secret>,
) -> Result<DecodedFile, String> {
    let mut input = Input::open(file.unwrap_or_else(|| Path::new("-")))?;
    if read_as.is_some() || !input.is_capture()? {
        let pasted = input.rest()?;
        return Ok(DecodedFile {
            analysis: analyze_as(&pasted, read_as, settings, secret),
            pasted,
        });
    }
    let mut reader = CaptureReader::default();
    while input.next(|piece| reader.push(piece))? {}
    let analysis = reader.finish().judged(settings, secret);
    Ok(DecodedFile { analysis, pasted: Vec::new() })
}
