//! The subcommand that decodes what one could paste.

use std::path::{Path, PathBuf};

use clap::Args;
use spnscope::analysis::{Analysis, CaptureReader, analyze_as};
use spnscope::judge::{proof::Secret, smb::ServerSettings};
use spnscope::read::text::Reading;
use spnscope::show::report;

use crate::{
    arguments::{ExtraArguments, Format, SecretArguments, ServerArguments},
    input::Input,
    output::{print, print_with, say},
};

/// Something was decoded.
const DECODED: u8 = 0;
/// Nothing recognisable.
const NOTHING: u8 = 1;

#[derive(Args)]
pub(crate) struct Decode {
    /// What to read: text or bytes. `-` or nothing: standard input.
    file: Option<PathBuf>,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// How the outermost encoding is written, where it could be more than one: hex-dump, base64, hex,
    /// decimal, percent, escapes or raw. Without it, what makes the most sense is taken.
    #[arg(long, value_name = "READING", value_parser = reading)]
    read_as: Option<Reading>,
    #[command(flatten)]
    server: ServerArguments,
    #[command(flatten)]
    secret: SecretArguments,
    #[command(flatten)]
    extras: ExtraArguments,
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
        let analysis = decode(self.file.as_deref(), self.read_as, &settings, secret.as_ref())?;
        let extras = self.extras.extras(adds, imported.as_ref());
        match self.format {
            Format::Json => print_with(|to| report::write_json_with(&analysis, extras, to))?,
            Format::Text => print(&report::render_text_with(&analysis, extras))?,
        }
        let imported = imported.as_ref().map_or_else(String::new, report::render_imported_text);
        for line in imported.lines() {
            say(&format!("imported: {line}"));
        }
        if let Some(remark) = analysis.remark() {
            say(remark);
        }
        if self.read_as.is_none() && !analysis.others().is_empty() {
            let others: Vec<_> = analysis.others().iter().map(|reading| reading.code()).collect();
            say(&format!(
                "some of this can be read in another way, with --read-as {}.",
                others.join(" or ")
            ));
        }
        Ok(match analysis.refusal() {
            None => DECODED,
            Some(refusal) => {
                say(refusal);
                NOTHING
            }
        })
    }
}

/// The reading with this code.
fn reading(code: &str) -> Result<Reading, String> {
    Reading::from_code(code).ok_or_else(|| {
        let codes = Reading::ALL.map(Reading::code);
        format!("one of these is needed: {}", codes.join(", "))
    })
}

/// What is in a file: captures of any size, and everything else as a paste.
pub(crate) fn decode(
    file: Option<&Path>,
    read_as: Option<Reading>,
    settings: &ServerSettings,
    secret: Option<&Secret>,
) -> Result<Analysis, String> {
    let mut input = Input::open(file.unwrap_or_else(|| Path::new("-")))?;
    if read_as.is_some() || !input.is_capture()? {
        return Ok(analyze_as(&input.rest()?, read_as, settings, secret));
    }
    let mut reader = CaptureReader::default();
    while input.next(|piece| reader.push(piece))? {}
    Ok(reader.finish().judged(settings, secret))
}
