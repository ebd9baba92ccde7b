//! A capture file that is read piece by piece. Only the results are kept.

use std::sync::Arc;

use super::{Unread, Workbench};
use spnscope::analysis::FoundSignIns;

/// A message from the code that reads a capture file.
#[derive(Clone, Debug, PartialEq)]
pub enum FileAction {
    /// Reading of this file begins, in place of the input so far.
    Begin(CaptureFile),
    /// Reading has come so far.
    ReadOn {
        /// The number of bytes read.
        bytes: u64,
        /// The number of sign-ins found in them.
        sign_ins: u64,
    },
    /// The results so far; reading goes on.
    SoFar {
        /// The number of bytes read.
        bytes: u64,
        /// The results.
        found: Arc<FoundSignIns>,
    },
    /// The results; reading has ended.
    End {
        /// The number of bytes read.
        bytes: u64,
        /// The results.
        found: Arc<FoundSignIns>,
        /// The reason why reading ended.
        end: FileEnd,
    },
}

/// The reason why the reading of a file ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FileEnd {
    /// All of it was read.
    Whole,
    /// The reader stopped it.
    Stopped,
    /// The browser could not read on.
    Unreadable,
    /// The browser could not unpack more of it.
    NotUnpacked,
}

/// A capture file that is read piece by piece, and the progress of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CaptureFile {
    name: Arc<str>,
    /// The size of the file in bytes; `None` if it is known only once all is unpacked.
    size: Option<u64>,
    bytes: u64,
    sign_ins: u64,
    /// The reason why reading ended; `None` while it goes on.
    end: Option<FileEnd>,
}

impl CaptureFile {
    /// Makes a file of which nothing was read yet.
    #[must_use]
    pub fn new(name: &str, size: Option<u64>) -> Self {
        Self { name: name.into(), size, bytes: 0, sign_ins: 0, end: None }
    }

    /// The name of the file.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A description, if nothing of it can be shown: `64.0 MB from big.pcapng`.
    #[must_use]
    pub fn words(&self) -> String {
        let size = self.size.map_or_else(
            || "What is packed in".to_owned(),
            |size| format!("{} from", megabytes(size)),
        );
        format!("{size} {}", self.name)
    }

    /// The part that was read: `12.0 of 64.0 MB`.
    fn read(&self) -> String {
        match self.size {
            Some(size) => format!("{} of {} MB", tenths(self.bytes), tenths(size)),
            None => format!("{} MB unpacked", tenths(self.bytes)),
        }
    }

    /// A sentence about the place where reading ended early; `None` if it did not.
    pub(super) fn end_words(&self) -> Option<String> {
        let at = match self.size {
            Some(size) => format!("byte {} of {}", grouped(self.bytes), grouped(size)),
            None => format!("byte {} of what is packed in it", grouped(self.bytes)),
        };
        let what = match self.end? {
            FileEnd::Whole => return None,
            FileEnd::Stopped => format!("Reading was stopped at {at}."),
            FileEnd::Unreadable => {
                format!("The browser could not read the file after {at}. Was it moved or changed?")
            }
            FileEnd::NotUnpacked => format!(
                "The file could not be unpacked after {at}: it is damaged, or several gzip files are joined in it. Unpack it with gunzip first."
            ),
        };
        let rest = if self.sign_ins == 0 {
            "No sign-in was found before that."
        } else {
            "What is shown was found before that."
        };
        Some(format!("{what} {rest}"))
    }
}

/// The progress of reading.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Progress {
    /// The progress in an input, in hundredths.
    Input(u8),
    /// The progress in a file.
    File(CaptureFile),
}

impl Progress {
    /// The part that was read, in hundredths; `None` if the size is not known.
    #[must_use]
    pub fn hundredths(&self) -> Option<u8> {
        match self {
            Self::Input(progress) => Some(*progress),
            Self::File(file) => {
                let part = file.bytes.saturating_mul(100) / file.size?.max(1);
                Some(u8::try_from(part).map_or(100, |part| part.min(100)))
            }
        }
    }

    /// A sentence about the subject, the progress and the results.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Input(_) => "Reading".to_owned(),
            Self::File(file) => {
                let plural = if file.sign_ins == 1 { "" } else { "s" };
                let CaptureFile { name, sign_ins, .. } = file;
                format!("Reading {name}: {}, {sign_ins} sign-in{plural} found", file.read())
            }
        }
    }
}

impl Workbench {
    pub(super) fn read_file(&mut self, action: FileAction) {
        match action {
            FileAction::Begin(file) => {
                self.is_own = true;
                if self.inputs.demo.take().is_some() {
                    self.inputs.imported = None;
                }
                self.open(Arc::default());
                self.file = Some(file);
            }
            FileAction::ReadOn { bytes, sign_ins } => {
                if let Some(file) = self.file.as_mut().filter(|file| file.end.is_none()) {
                    (file.bytes, file.sign_ins) = (bytes, sign_ins);
                }
            }
            FileAction::SoFar { bytes, found } => {
                if let Some(file) = self.file.as_mut().filter(|file| file.end.is_none()) {
                    (file.bytes, file.sign_ins) = (bytes, found.sign_ins() as u64);
                    self.open_more(found);
                }
            }
            FileAction::End { bytes, found, end } => {
                if let Some(file) = self.file.as_mut().filter(|file| file.end.is_none()) {
                    file.bytes = bytes;
                    file.sign_ins = found.sign_ins() as u64;
                    file.end = Some(end);
                    self.open_more(found);
                }
            }
        }
    }

    /// Takes the results in more of the file. The chosen message stays chosen.
    fn open_more(&mut self, found: Arc<FoundSignIns>) {
        let before = self.inputs.found.take();
        let Some(before) = before.filter(|_| self.has_looked) else {
            return self.open_found(found);
        };
        let position = |token| found.position_of(&before, token);
        let inputs = &mut self.inputs;
        let Some(chosen) = position(inputs.chosen) else { return self.open_found(found) };
        inputs.chosen = chosen;
        inputs.edits = inputs.edits.moved(position);
        if inputs.other.found.is_none() {
            inputs.other.chosen = inputs.other.chosen.and_then(position);
        }
        inputs.found = Some(found.into());
    }

    /// The progress of reading; `None` if nothing is read.
    #[must_use]
    pub fn reading(&self) -> Option<Progress> {
        let file = self.file.as_ref().filter(|file| file.end.is_none());
        let file = file.map(|file| Progress::File(file.clone()));
        file.or_else(|| self.unread().map(|_: &Unread| Progress::Input(self.progress())))
    }
}

/// A size in words: `64.0 MB`.
#[must_use]
pub fn megabytes(bytes: u64) -> String {
    format!("{} MB", tenths(bytes))
}

/// Bytes in megabytes, with one decimal.
fn tenths(bytes: u64) -> String {
    format!("{}.{}", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}

/// A number with its thousands set apart: `67,108,864`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_in_megabytes_and_numbers_grouped() {
        assert_eq!(megabytes(67_108_864), "67.1 MB");
        for (number, words) in [(0, "0"), (999, "999"), (1000, "1,000"), (67_108_864, "67,108,864")]
        {
            assert_eq!(grouped(number), words);
        }
    }

    #[test]
    fn progress_gives_the_part_read_and_the_results() {
        let mut file = CaptureFile::new("big.pcapng", Some(64_000_000));
        (file.bytes, file.sign_ins) = (16_000_000, 1);
        let progress = Progress::File(file);
        assert_eq!(progress.hundredths(), Some(25));
        assert_eq!(progress.words(), "Reading big.pcapng: 16.0 of 64.0 MB, 1 sign-in found");
        let packed = Progress::File(CaptureFile::new("big.pcapng.gz", None));
        assert_eq!(packed.hundredths(), None);
        assert_eq!(packed.words(), "Reading big.pcapng.gz: 0.0 MB unpacked, 0 sign-ins found");
    }
}
