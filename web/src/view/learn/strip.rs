//! A few bytes of a message, with the target name marked.

use std::ops::Range;

use spnscope::message::field::hex;

/// The number of bytes in a row: few enough for a telephone.
const STRIP_ROW_LEN: usize = 8;

/// One row of bytes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StripRow {
    /// The offset of its first byte in the message.
    pub offset: usize,
    /// Its bytes.
    pub runs: Vec<StripRun>,
    /// The bytes as characters, with a dot for any that is not printable.
    pub characters: String,
}

/// Bytes of a row that are all of the target name's pair, or none of them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StripRun {
    /// The bytes in hex, with spaces between.
    pub hex: String,
    /// True if they are of the pair.
    pub is_target_name: bool,
}

/// The rows around `pair`, from the one before it to the one after it.
pub(super) fn strip(bytes: &[u8], pair: &Range<usize>) -> Vec<StripRow> {
    let first = (pair.start / STRIP_ROW_LEN).saturating_sub(1);
    let rows = bytes.chunks(STRIP_ROW_LEN).enumerate().skip(first);
    rows.take_while(|(row, _)| {
        row.saturating_mul(STRIP_ROW_LEN) < pair.end.saturating_add(STRIP_ROW_LEN)
    })
    .map(|(row, bytes)| {
        let offset = row.saturating_mul(STRIP_ROW_LEN);
        let mut runs: Vec<StripRun> = Vec::new();
        for (place, byte) in (offset..).zip(bytes) {
            let is_target_name = pair.contains(&place);
            let digits = hex(&[*byte]);
            match runs.last_mut().filter(|run| run.is_target_name == is_target_name) {
                Some(run) => {
                    run.hex.push(' ');
                    run.hex += &digits;
                }
                None => runs.push(StripRun { hex: digits, is_target_name }),
            }
        }
        let character = |byte: &u8| match byte {
            b' '..=b'~' => char::from(*byte),
            _ => '.',
        };
        StripRow { offset, runs, characters: bytes.iter().map(character).collect() }
    })
    .collect()
}
