//! The reasons why a file is not read, in sentences.

use crate::workbench::megabytes;
use spnscope::read::capture::{Capture, CaptureRefusal};

/// Says why a file is not read that is too long for text and is no capture. `head` is its first
/// bytes.
#[must_use]
pub fn why_not_read(name: &str, head: &[u8], size: u64) -> String {
    let mut capture = Capture::default();
    capture.push(head, &mut |_| {});
    capture.finish(&mut |_| {});
    let why = match capture.refusal() {
        None | Some(CaptureRefusal::Empty | CaptureRefusal::Unknown) => {
            "Texts are read up to 4 MiB, and captures of any size: this begins neither as pcap nor as pcapng.".to_owned()
        }
        Some(refusal) => refusal.to_string(),
    };
    format!("{name} ({}) was not read. {why}", megabytes(size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_unread_form_gets_advice() {
        let why = |head: &[u8]| why_not_read("x", head, 5_000_000);
        assert_eq!(
            why(b"PK\x03\x04"),
            "x (5.0 MB) was not read. This is a zip archive. Unpack it first."
        );
        assert!(why(b"10:04:11 GET /").contains("Texts are read up to 4 MiB"));
        assert!(why(b"ElfFile\0").contains("event log"));
    }
}
