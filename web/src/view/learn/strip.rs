//! A few bytes of a message, with the target name marked.

use std::ops::Range;

use spnscope::message::field::hex;

/// Bytes in a row: few, so that a telephone shows them.
const ROW: usize = 8;

/// One row of bytes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StripRow {
    /// Place of its first byte in the message.
    pub offset: usize,
    /// Its bytes.
    pub runs: Vec<StripRun>,
    /// The same as characters, a dot for what is none.
    pub characters: String,
}

/// Bytes of a row that are all of the target name's pair, or none of them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StripRun {
    /// In hex, a space between any two.
    pub hex: String,
    /// Whether they are of the pair.
    pub is_target_name: bool,
}

/// The rows around `pair`: from the one before it to the one behind it.
pub(super) fn strip(bytes: &[u8], pair: &Range<usize>) -> Vec<StripRow> {
    let first = (pair.start / ROW).saturating_sub(1);
    let rows = bytes.chunks(ROW).enumerate().skip(first);
    rows.take_while(|(row, _)| row.saturating_mul(ROW) < pair.end.saturating_add(ROW))
        .map(|(row, bytes)| {
            let offset = row.saturating_mul(ROW);
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
