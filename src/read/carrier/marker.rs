//! Markers: the places at which something known begins in bytes that are not known.

use crate::base::span::{Source, Span};
use crate::message::ntlm::SIGNATURE;
use crate::read::carrier::{envelope, gss, smb, spnego};

/// The first place of the signature in `within`.
pub(super) fn signature(bytes: &[u8], within: Span) -> Option<usize> {
    Source(bytes).find(within, SIGNATURE)
}

/// The place of the next message: a signature with one of the three types behind it.
pub(super) fn message(bytes: &[u8], mut within: Span) -> Option<usize> {
    loop {
        let start = signature(bytes, within)?;
        let kind = Span::at(start + SIGNATURE.len(), 4);
        if matches!(Source(bytes).exact(kind), Some([1..=3, 0, 0, 0])) {
            return Some(start);
        }
        within.start = kind.start;
    }
}

/// `next`, or the place in `within` where a signature begins that reaches over it: then what ended
/// at `next` has a length that is wrong.
pub(super) fn before_signature(bytes: &[u8], within: Span, next: usize) -> usize {
    let over = SIGNATURE.len() - 1;
    let around = Span::new(
        next.saturating_sub(over).max(within.start + 1),
        next.saturating_add(over).min(within.end),
    );
    signature(bytes, around).unwrap_or(next)
}

/// A place in bytes that are not known where something known seems to begin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Marker {
    /// The start of what it marks.
    pub(super) start: usize,
    /// The place of the bytes that tell: the signature, the identifier.
    pub(super) at: usize,
}

/// The markers to look for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Wanted {
    /// Those of messages, packets and tokens.
    Everything,
    /// Those of messages and packets.
    ButTokens,
}

/// The first marker in `within`.
pub(super) fn next(bytes: &[u8], within: Span, wanted: Wanted) -> Option<Marker> {
    let has_tokens = wanted == Wanted::Everything;
    let begins = |at: usize| {
        let rest = bytes.get(at..within.end)?;
        let start = match rest {
            [b'N', ..] if rest.starts_with(SIGNATURE) => {
                let around = has_tokens.then(|| spnego::start(Source(bytes), within, at)).flatten();
                Some(around.unwrap_or(at))
            }
            [0xFC..=0xFF, b'S', ..] => smb::start(bytes, within.start, at),
            [0x06, ..] if has_tokens => gss::start(bytes, within.start, at),
            _ => envelope::read(Source(bytes), Span::new(at, within.end)).map(|_| at),
        };
        Some(Marker { start: start?, at })
    };
    (within.start..within.end).find_map(begins)
}
