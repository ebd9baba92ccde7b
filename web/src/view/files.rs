//! Why a file is not read.

use crate::workbench::megabytes;
use spnscope::read::capture::{Capture, CaptureRefusal};

/// Why a file is not read that is longer than texts may be and no capture, in a sentence that
/// helps. It begins with `head`.
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
    fn each_form_says_what_to_do() {
        let why = |head: &[u8]| why_not_read("x", head, 5_000_000);
        assert_eq!(
            why(b"PK\x03\x04"),
            "x (5.0 MB) was not read. This is a zip archive. Unpack it first."
        );
        assert!(why(b"10:04:11 GET /").contains("Texts are read up to 4 MiB"));
        assert!(why(b"ElfFile\0").contains("event log"));
    }
}
