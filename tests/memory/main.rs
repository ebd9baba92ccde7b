//! The memory that a paste takes while it is searched, read and judged: at most [`EACH_BYTE`] for
//! each byte of it, [`EACH_MESSAGE`] for each message that is found, and [`ANYWAY`].
//!
//! All that is allocated at one time is counted, also what a list that grows is moved from. One
//! test, since another would be counted with it.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and reads its files"
)]

#[path = "../suite/hostile.rs"]
mod hostile;

use peak_alloc::PeakAlloc;
use spnscope::analysis::{MAX_TOKENS, analyze_as};
use spnscope::judge::smb::ServerSettings;
use spnscope::read::text::{MAX_INPUT_LEN, Reading};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Bytes of memory for each byte that is pasted.
const EACH_BYTE: usize = 8;

/// Bytes of memory for each message, of which there are [`MAX_TOKENS`] at most: it may be as short
/// as twelve bytes, and what is odd about it is said in sentences.
const EACH_MESSAGE: usize = 20 << 10;

/// Bytes of memory that do not depend on what is pasted: places of headers and dialogues, for one.
const ANYWAY: usize = 512 << 10;

/// Sizes at which a list that doubles has just grown, whatever it holds.
const SIZES: [usize; 5] = [128 << 10, 160 << 10, 192 << 10, 224 << 10, 256 << 10];

/// Those that are repeated up to the largest size as well.
const AT_THE_LARGEST: [&str; 5] = ["1 ", "'\\n\"", "a%41", "\"", "0000 00 00 00 00\n"];

/// Analyses what was pasted; what takes too much is added to the failures.
fn check(failed: &mut Vec<String>, name: &str, pasted: &[u8], reading: Option<Reading>) {
    let settings = ServerSettings::default();
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let analysis = analyze_as(pasted, reading, &settings, None);
    let peak = MEMORY.peak_usage() - before;
    // One that stands in several places was found in each of them.
    let messages: usize = analysis.tokens().iter().map(|token| token.places.len()).sum();
    let bound = EACH_BYTE * pasted.len() + EACH_MESSAGE * messages + ANYWAY;
    if peak > bound {
        let len = pasted.len();
        failed.push(format!("{name}: {peak} bytes for {len} bytes with {messages} messages"));
    }
}

/// `piece` over and over, at most `len` bytes.
fn repeated(piece: &[u8], len: usize) -> Vec<u8> {
    piece.repeat((len / piece.len()).max(1))
}

#[test]
fn memory_is_a_small_multiple_of_what_is_pasted() {
    let mut failed = Vec::new();
    for piece in hostile::REPEATED {
        let name = format!("{piece:?}");
        for size in SIZES {
            check(&mut failed, &name, &repeated(piece.as_bytes(), size), None);
        }
        for reading in Reading::ALL {
            let pasted = repeated(piece.as_bytes(), 40 << 10);
            check(&mut failed, &format!("{name} as {}", reading.label()), &pasted, Some(reading));
        }
        // In UTF-16, as a file may be written.
        let text = repeated(piece.as_bytes(), 48 << 10);
        let utf16: Vec<u8> = text.iter().flat_map(|byte| [*byte, 0]).collect();
        check(&mut failed, &format!("{name} in UTF-16"), &utf16, None);
    }
    for piece in AT_THE_LARGEST {
        check(&mut failed, piece, &repeated(piece.as_bytes(), MAX_INPUT_LEN), None);
    }
    for (name, piece) in hostile::carriers().into_iter().chain(hostile::messages()) {
        let whole = (MAX_TOKENS * piece.len()).min(MAX_INPUT_LEN);
        for size in SIZES.into_iter().chain([whole]) {
            check(&mut failed, name, &repeated(&piece, size), None);
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
