//! Input files: by name or standard input, unpacked if compressed with gzip.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, Read},
    path::Path,
};

use flate2::bufread::MultiGzDecoder;
use spnscope::analysis::is_capture;

/// The number of bytes read at a time.
pub(crate) const PIECE_LEN: usize = 1 << 20;

/// A file that is being read.
pub(crate) struct Input {
    from: BufReader<Box<dyn Read>>,
    name: String,
    is_gzip: bool,
    len: u64,
}

impl Input {
    /// Opens a file; `-` is standard input.
    pub(crate) fn open(file: &Path) -> Result<Self, String> {
        let opened: Box<dyn Read> = if file == Path::new("-") {
            Box::new(io::stdin())
        } else {
            Box::new(File::open(file).map_err(|error| cannot_read(file, &error))?)
        };
        let mut packed = BufReader::with_capacity(PIECE_LEN, opened);
        let head = packed.fill_buf().map_err(|error| cannot_read(file, &error))?;
        let is_gzip = head.starts_with(&[0x1F, 0x8B]);
        let from: Box<dyn Read> =
            if is_gzip { Box::new(MultiGzDecoder::new(packed)) } else { Box::new(packed) };
        let from = BufReader::with_capacity(PIECE_LEN, from);
        Ok(Self { from, name: name(file), is_gzip, len: 0 })
    }

    /// Returns true if it begins like a capture.
    pub(crate) fn is_capture(&mut self) -> Result<bool, String> {
        match self.from.fill_buf() {
            Ok(head) => Ok(is_capture(head)),
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// The number of bytes read so far.
    pub(crate) const fn len(&self) -> u64 {
        self.len
    }

    /// Hands the next piece to `take`; returns true if there was one.
    pub(crate) fn next(&mut self, take: impl FnOnce(&[u8])) -> Result<bool, String> {
        loop {
            let len = match self.from.fill_buf() {
                Ok(piece) => {
                    if piece.is_empty() {
                        return Ok(false);
                    }
                    take(piece);
                    piece.len()
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.failed(&error)),
            };
            self.from.consume(len);
            self.len += len as u64;
            return Ok(true);
        }
    }

    /// Reads the rest of it.
    pub(crate) fn rest(mut self) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        while self.next(|piece| bytes.extend_from_slice(piece))? {}
        Ok(bytes)
    }

    fn failed(&self, error: &io::Error) -> String {
        let what = if self.is_gzip { "cannot unpack" } else { "cannot read" };
        format!("{what} {} after byte {}: {error}.", self.name, self.len)
    }
}

/// The name of a file in messages, as it was given.
pub(crate) fn name(file: &Path) -> String {
    if file == Path::new("-") { "standard input".to_owned() } else { file.display().to_string() }
}

/// Reads all of a file.
pub(crate) fn read(file: &Path) -> Result<Vec<u8>, String> {
    Input::open(file)?.rest()
}

pub(crate) fn cannot_read(file: &Path, error: &io::Error) -> String {
    format!("cannot read {}: {error}.", file.display())
}
