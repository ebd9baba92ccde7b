//! The subcommand that reads capture files of any size.

use std::{
    io::{self, BufWriter, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use clap::{Args, ValueEnum};
use spnscope::audit::{AtLevel, Audit as SignIns, Keep};
use spnscope::show::report::audit::{
    RowsShown, csv_heading, csv_row, json_lines_end, json_lines_row, text, write_json,
};

use crate::{
    arguments::ServerArguments,
    input::{Input, name},
    output::{print, print_with},
};

/// The exit code if sign-ins were found.
const FOUND: u8 = 0;
/// The exit code if none were found.
const NONE: u8 = 1;
/// The exit code if a file could not be opened.
const UNREADABLE: u8 = 2;
/// The exit code if a sign-in would be denied at the level of --fail-on.
const DENIED: u8 = 3;

/// The time after which progress is shown, and the interval of its updates.
const PROGRESS_DELAY: Duration = Duration::from_secs(1);
const PROGRESS_INTERVAL: Duration = Duration::from_millis(200);

#[derive(Args)]
#[command(
    after_help = "Exit status: 0, sign-ins were found; 1, none were; 2, wrong usage, or a file could not be opened; 3, something would be denied at the level of --fail-on."
)]
pub(crate) struct Audit {
    /// Captures, pcap or pcapng, also compressed with gzip. `-` or nothing: standard input.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Which rows the text report lists.
    #[arg(long, value_enum, default_value_t = Rows::All)]
    rows: Rows,
    /// Ends with exit status 3 where something would be denied at that level.
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(1..=2))]
    fail_on: Option<u8>,
    #[command(flatten)]
    server: ServerArguments,
}

#[derive(Clone, Copy, Eq, PartialEq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs: one document.
    Json,
    /// For programs: one line for each row as soon as it is complete, then files, servers and
    /// numbers.
    Jsonl,
    /// For tables: the rows.
    Csv,
}

#[derive(Clone, Copy, ValueEnum)]
enum Rows {
    /// All.
    All,
    /// Those that would be denied.
    Denied,
    /// None.
    None,
}

impl Audit {
    pub(crate) fn run(mut self) -> Result<u8, String> {
        if self.files.is_empty() {
            self.files.push("-".into());
        }
        if self.server.import.as_deref() == Some(Path::new("-"))
            && self.files.iter().any(|file| file == Path::new("-"))
        {
            return Err("only one of FILE and --import can be standard input.".to_owned());
        }
        let (settings, _) = self.server.settings()?;
        let keep = match self.format {
            Format::Text | Format::Json => Keep::Rows,
            Format::Jsonl | Format::Csv => Keep::Nothing,
        };
        let mut sign_ins = SignIns::new(settings, keep);
        let mut output = Output::new(self.format);
        let mut all_opened = true;
        for file in &self.files {
            if let Err(message) = read(file, &mut sign_ins, &mut output) {
                all_opened = false;
                let _ = writeln!(io::stderr(), "spnscope: {message}");
            }
            if output.is_closed {
                break;
            }
        }
        match self.format {
            Format::Json => print_with(|to| write_json(&sign_ins, to))?,
            Format::Text => print(&text(&sign_ins, self.rows.into()))?,
            Format::Jsonl => output.write(&json_lines_end(&sign_ins))?,
            Format::Csv => {}
        }
        output.flush()?;
        if self.format != Format::Text {
            for input in sign_ins.inputs() {
                if let Some(refusal) = input.refusal {
                    let _ = writeln!(io::stderr(), "spnscope: {}: {refusal}", input.name);
                }
            }
        }
        let summary = sign_ins.summary();
        let is_denied = |at: AtLevel| at.deny > 0;
        Ok(match self.fail_on {
            _ if !all_opened => UNREADABLE,
            Some(1) if is_denied(summary.level_1) => DENIED,
            Some(2) if is_denied(summary.level_2) => DENIED,
            _ if summary.sign_ins == 0 => NONE,
            _ => FOUND,
        })
    }
}

impl From<Rows> for RowsShown {
    fn from(rows: Rows) -> Self {
        match rows {
            Rows::All => Self::All,
            Rows::Denied => Self::Denied,
            Rows::None => Self::None,
        }
    }
}

/// Reads one file to its end, and writes the rows that are complete.
fn read(file: &Path, sign_ins: &mut SignIns, output: &mut Output) -> Result<(), String> {
    let mut input = Input::open(file)?;
    sign_ins.begin(name(file));
    let mut progress = Progress::new(name(file));
    // The bytes before an error count.
    let result = loop {
        match input.next(|piece| sign_ins.push(piece)) {
            Ok(true) => {
                output.rows(sign_ins)?;
                progress.say(input.len());
            }
            Ok(false) => break Ok(()),
            Err(error) => break Err(error),
        }
        if output.is_closed {
            break Ok(());
        }
    };
    sign_ins.finish();
    output.rows(sign_ins)?;
    progress.clear();
    result
}

/// Standard output, for rows that are written as they are complete.
struct Output {
    format: Format,
    to: BufWriter<io::Stdout>,
    /// True if the reader has closed standard output.
    is_closed: bool,
    has_heading: bool,
}

impl Output {
    fn new(format: Format) -> Self {
        Self { format, to: BufWriter::new(io::stdout()), is_closed: false, has_heading: false }
    }

    /// Writes the rows that were completed since the last call.
    fn rows(&mut self, sign_ins: &mut SignIns) -> Result<(), String> {
        if self.format == Format::Csv && !std::mem::replace(&mut self.has_heading, true) {
            self.write(&csv_heading())?;
        }
        for row in sign_ins.take_fresh() {
            let line = match self.format {
                Format::Csv => csv_row(sign_ins, &row),
                _ => json_lines_row(sign_ins, &row),
            };
            self.write(&line)?;
        }
        Ok(())
    }

    fn write(&mut self, text: &str) -> Result<(), String> {
        let result = self.to.write_all(text.as_bytes());
        self.check(result)
    }

    fn flush(&mut self) -> Result<(), String> {
        let result = self.to.flush();
        self.check(result)
    }

    fn check(&mut self, result: io::Result<()>) -> Result<(), String> {
        match result {
            Ok(()) => Ok(()),
            // A reader that has seen enough, such as `head`, is no error.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(())
            }
            Err(error) => Err(format!("cannot write the report: {error}.")),
        }
    }
}

/// The progress through a file, on a terminal.
struct Progress {
    name: String,
    is_shown: bool,
    next: Instant,
    was_said: bool,
}

impl Progress {
    fn new(name: String) -> Self {
        let is_shown = io::stderr().is_terminal();
        Self { name, is_shown, next: Instant::now() + PROGRESS_DELAY, was_said: false }
    }

    fn say(&mut self, len: u64) {
        if self.is_shown && Instant::now() >= self.next {
            self.next = Instant::now() + PROGRESS_INTERVAL;
            self.was_said = true;
            let _ = write!(io::stderr(), "\rspnscope: {}: {} MB read", self.name, len / 1_000_000);
        }
    }

    /// Clears the line.
    fn clear(&self) {
        if self.was_said {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}
