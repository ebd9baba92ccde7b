//! The subcommand `diff`: two messages compared.

use std::path::{Path, PathBuf};

use clap::Args;
use spnscope::analysis::Analysis;
use spnscope::judge::smb::ServerSettings;
use spnscope::message::compare::compare;
use spnscope::show::report::{self, ComparedMessage, ComparisonRows};

use crate::{
    arguments::Format,
    decode::{DecodedFile, decode},
    input::name,
    output::{print, say},
};

/// The exit code if two messages are the same.
const SAME: u8 = 0;
/// The exit code if two messages differ.
const DIFFERENT: u8 = 1;

#[derive(Args)]
pub(crate) struct Diff {
    /// What to read, as for decode: text or bytes. `-`: standard input.
    #[arg(value_name = "A")]
    left_file: PathBuf,
    /// What to compare it with. `-`: standard input.
    #[arg(value_name = "B")]
    right_file: PathBuf,
    /// Which message of A, by the number that decode gives it, from 0. Default: the first
    /// AUTHENTICATE, else the last message.
    #[arg(long, value_name = "N")]
    left: Option<usize>,
    /// Which message of B.
    #[arg(long, value_name = "N")]
    right: Option<usize>,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Lists the fields that are the same as well.
    #[arg(long)]
    all: bool,
}

impl Diff {
    pub(crate) fn run(self) -> Result<u8, String> {
        if self.left_file == Path::new("-") && self.right_file == Path::new("-") {
            return Err("only one of A and B can be standard input.".to_owned());
        }
        let (left, right) = (analyze_file(&self.left_file)?, analyze_file(&self.right_file)?);
        let left = chosen(&self.left_file, &left, self.left)?;
        let right = chosen(&self.right_file, &right, self.right)?;
        let comparison = compare(left.content, right.content);
        let shown = if self.all { ComparisonRows::All } else { ComparisonRows::Differing };
        print(&match self.format {
            Format::Json => report::render_comparison_json(&left, &right, &comparison, shown),
            Format::Text => report::render_comparison_text(&left, &right, &comparison, shown),
        })?;
        Ok(if comparison.is_same() { SAME } else { DIFFERENT })
    }
}

/// The analysis of a file; an error if that holds no message.
fn analyze_file(file: &Path) -> Result<Analysis, String> {
    let DecodedFile { analysis, .. } = decode(Some(file), None, &ServerSettings::default(), None)?;
    if let Some(remark) = analysis.remark() {
        say(&format!("{}: {remark}", name(file)));
    }
    match analysis.refusal() {
        Some(refusal) => Err(format!("{}: {refusal}", name(file))),
        None => Ok(analysis),
    }
}

/// The message with the given number, or the default one.
fn chosen<'a>(
    file: &Path,
    analysis: &'a Analysis,
    number: Option<usize>,
) -> Result<ComparedMessage<'a>, String> {
    let number = number.unwrap_or_else(|| analysis.default_token());
    let file = name(file);
    match analysis.tokens().get(number) {
        Some(token) => Ok(ComparedMessage {
            label: format!("{file}, message {number}"),
            content: &token.content,
        }),
        None => Err(format!(
            "{file} has no message {number}; it has {}, counted from 0.",
            analysis.tokens().len()
        )),
    }
}
