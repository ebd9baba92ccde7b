//! The output: the report, and what is said beside it.

use std::{
    fmt,
    io::{self, Write as _},
};

use spnscope::base::visible::Visible;

/// The exit code if something was printed as asked.
pub(crate) const DONE: u8 = 0;
/// Wrong usage.
pub(crate) const USAGE: u8 = 2;

/// Says a sentence beside the report, in which names of files may stand.
pub(crate) fn say(sentence: &str) {
    // Where standard error is closed there is nobody left to tell.
    let _ = writeln!(io::stderr(), "spnscope: {}", Visible(sentence));
}

pub(crate) fn print(text: &str) -> Result<(), String> {
    print_with(|to| to.write_str(text))
}

/// Prints what `write` writes.
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

/// Standard output as something that text is written to, and why it took no more.
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
