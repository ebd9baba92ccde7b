//! A short input many times over: what takes the square of its length shows here, as a timeout.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use spnscope::analysis::analyze;
use spnscope::judge::smb::ServerSettings;

/// Read in a tenth of a second where the time grows with the length, and in many where it does not.
const LENGTH: usize = 512 << 10;

fuzz_target!(|part: &[u8]| -> Corpus {
    if part.is_empty() {
        return Corpus::Reject;
    }
    let input = part.repeat(LENGTH / part.len());
    std::hint::black_box(analyze(&input, &ServerSettings::default(), None));
    Corpus::Keep
});
