//! The output: the report, and the remarks beside it.

use std::{
    fmt,
    io::{self, Write as _},
};

use spnscope::base::visible::Visible;

/// The exit code if something was printed as asked.
pub(crate) const DONE: u8 = 0;
/// The exit code for wrong usage.
pub(crate) const USAGE: u8 = 2;

/// Prints a remark beside the report, in which names of files may be.
pub(crate) fn say(sentence: &str) {
    // If standard error is closed, nobody is left to tell.
    let _ = writeln!(io::stderr(), "spnscope: {}", Visible(sentence));
}

pub(crate) fn print(text: &str) -> Result<(), String> {
    print_with(|to| to.write_str(text))
}

/// Prints the output of `write`.
pub(crate) fn print_with(
    write: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result,
) -> Result<(), String> {
    let mut output = Output { to: io::stdout().lock(), error: None };
    // The error that counts is the output's own.
    let _ = write(&mut output);
    match output.error {
        // A reader that has seen enough, such as `head`, is no error.
        Some(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("cannot write the report: {error}."))
        }
        _ => Ok(()),
    }
}

/// A text writer to standard output, and the error at which it stopped.
struct Output<'o> {
    to: io::StdoutLock<'o>,
    error: Option<io::Error>,
}

impl fmt::Write for Output<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.to.write_all(text.as_bytes()).map_err(|error| {
            self.error = Some(error);
            fmt::Error
        })
    }
}
