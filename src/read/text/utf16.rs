//! Text files in UTF-16, as `>` writes them in PowerShell.

use std::sync::Arc;

use crate::base::span::Span;
use crate::read::{
    layer::{Layer, LayerKind},
    offset_map::OffsetMap,
};

/// So many code units tell whether text without a byte order mark is UTF-16.
const HEAD: usize = 32;

/// The text in `bytes` with one byte for each code unit, so that its places are theirs halved;
/// where it begins; and the layer that says so. Tokens are written in ASCII; what is beyond becomes
/// a question mark, with a byte behind it as in UTF-8 where it takes two units.
pub(super) fn decode(bytes: &[u8]) -> Option<(Vec<u8>, usize, Layer)> {
    let (start, is_big) = match bytes {
        [0xFF, 0xFE, ..] => (2, false),
        [0xFE, 0xFF, ..] => (2, true),
        _ => (0, guess_order(bytes)?),
    };
    let (units, _) = bytes.get(start..)?.as_chunks::<2>();
    let unit = |unit: &[u8; 2]| {
        if is_big { u16::from_be_bytes(*unit) } else { u16::from_le_bytes(*unit) }
    };
    let character = |unit: u16| match unit {
        0..0x80 => unit.to_le_bytes()[0],
        0xDC00..0xE000 => 0x80,
        _ => b'?',
    };
    let text = units.iter().map(|two| character(unit(two))).collect();
    let mut map = OffsetMap::new(8);
    map.push(0, start, 2);
    let layer = Layer::new(LayerKind::Utf16, Span::new(0, bytes.len()));
    Some((text, start, Layer { map: Some(Arc::new(map)), ..layer }))
}

/// Guesses the byte order of text that begins with ASCII: true if the high byte comes first.
fn guess_order(bytes: &[u8]) -> Option<bool> {
    let (units, _) = bytes.get(..bytes.len().min(2 * HEAD))?.as_chunks::<2>();
    let is_zero =
        |index: usize| units.iter().all(|unit| (unit[index] == 0) && unit[1 - index] != 0);
    match (is_zero(0), is_zero(1)) {
        _ if units.len() < 4 => None,
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}
