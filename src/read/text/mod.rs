//! From pasted text to bytes: finds the encoded stretches in a text and undoes the encoding.
//!
//! A text is searched for stretches in every [`Reading`]; the bytes of each stretch are searched
//! anew, three deep, so that a dump may hold an HTTP header and that a base64 token. Of stretches
//! that overlap the one with the best [`Score`] stays. Headers and mail dialogues around them are
//! found at the end.
//!
//! There is one search for every spelling. Each reading finds stretches by its own grammar and
//! offers the bytes with the place of every digit; no reading has to know of the others. A
//! NetNTLMv2 line is none of them: it is looked for at the end, in the outermost text alone. Only a
//! hex dump comes first: its offsets say what of a row is data, and nothing else of it is read.
//!
//! Input is bounded by number, with a sentence each: 4 MiB of input, 1,000 messages. Memory is
//! bounded by the paste: 8 bytes for each byte of it, 20 KiB for each message found, half a MiB
//! besides (`tests/memory`). So the places of digits are written as steps of one byte, a dump is
//! read row by row, and strings are gone through twice. Text in UTF-16 is read as one byte for each
//! code unit, since tokens are ASCII; its places are halved and doubled, not looked up.

mod base64;
mod cells;
mod characters;
mod context;
mod digits;
mod dump;
mod dump_row;
mod gap;
mod hash_line;
mod http;
mod invisible;
mod joined;
mod left_out;
mod line_start;
mod mail;
mod marks;
mod numbers;
mod numeral;
mod percent;
mod printed;
mod reading;
mod scanning;
mod score;
mod search;
mod strings;
mod unescape;
mod unread;
mod utf16;

use std::sync::Arc;

pub use characters::Characters;
pub use reading::Reading;
pub use score::Score;

use search::Search;

use crate::base::{
    pace::{BoxedTask, Pace, block_on},
    span::Span,
};
use crate::message::ntlm::ResponseLine;
use crate::read::layer::Layer;

/// A stretch of the input that stands for bytes with a token in them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Candidate {
    /// The encodings, outermost first. Empty if the input was bytes already.
    pub layers: Vec<Layer>,
    /// The bytes it stands for.
    pub bytes: Arc<[u8]>,
    /// The reading that gave them, or that of the outermost encoding.
    pub reading: Reading,
    /// The score of the bytes: how much sense they make.
    pub score: Score,
    /// The other ways in which its characters stand for bytes too, though for bytes that make less
    /// sense.
    pub others: Vec<Reading>,
    /// The characters it was read from, without the header around them.
    place: Span,
}

/// A NetNTLMv2 line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FoundLine {
    /// The line and the response in it, outermost first.
    pub layers: Vec<Layer>,
    /// The response.
    pub line: ResponseLine,
    /// The number of candidates before it.
    pub behind: usize,
    /// The characters it was read from.
    place: Span,
}

/// The bytes found in an input, and the parts of it that were not understood.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Decoded {
    /// The stretches that hold a token, in the order of the input. They do not overlap.
    pub candidates: Vec<Candidate>,
    /// The NetNTLMv2 lines, in their order.
    pub lines: Vec<FoundLine>,
    /// The first thing that looked like a token or an encoding and was not understood, in one
    /// sentence with the place where reading stopped. Without a candidate, it says what the input
    /// looked like.
    pub unread: Option<String>,
    /// The units that people count in it.
    pub characters: Arc<Characters>,
}

/// The largest input that is looked at, in bytes. More is refused with a sentence, so that the page
/// stays responsive.
pub const MAX_INPUT_LEN: usize = 4 << 20;

/// The most candidates that are looked for in one text. Each holds a message, and nobody pastes
/// more.
const MAX_CANDIDATES: usize = 1_001;

/// At most so many encodings may be inside one another.
const MAX_DEPTH: usize = 3;

/// Finds what can be decoded in `input`, text or bytes. With a `reading`, the outermost encoding is
/// that one, whatever it looks like.
///
/// The time it takes grows with the size of the input and not faster.
#[must_use]
pub fn decode(input: &[u8], reading: Option<Reading>) -> Decoded {
    block_on(Box::pin(decode_in_steps(input, reading, &Pace::at_once())))
}

/// Does what [`decode`] does in steps as long as `pace` says. Looking for the end of a stretch is
/// one step, however far it is, and so is decoding a stretch of base64 or of hex digits side by
/// side.
pub async fn decode_in_steps(input: &[u8], reading: Option<Reading>, pace: &Pace) -> Decoded {
    // A zero byte is in every message and in no text.
    let is_text = !input.contains(&0) && str::from_utf8(input).is_ok();
    let characters = || if is_text { Characters::of(input, 0, 1) } else { Characters::default() };
    if reading == Some(Reading::Raw) || reading.is_none() && !is_text {
        let candidates = raw(input);
        if !candidates.is_empty() || reading.is_some() {
            let unread = candidates.is_empty().then(|| unread::raw(input.len()));
            return Decoded {
                candidates,
                unread,
                characters: characters().into(),
                ..Decoded::default()
            };
        }
    }
    let utf16 = if is_text { None } else { utf16::decode(input) };
    let text = utf16.as_ref().map_or(input, |(text, ..)| text.as_slice());
    let mut search = Search::new(text, MAX_DEPTH, reading, pace);
    search.run().await;
    if reading.is_none() {
        hash_line::search(&mut search).await;
    }
    let is_binary = !is_text && utf16.is_none() && !search.has_found();
    let unread = if is_binary { Some(unread::raw(input.len())) } else { unread::sentence(&search) };
    let (mut candidates, mut lines) = (search.found, search.lines);
    let mut characters = characters();
    if let Some((text, start, layer)) = utf16 {
        for candidate in &mut candidates {
            candidate.layers.insert(0, layer.clone());
        }
        for line in &mut lines {
            line.layers.insert(0, layer.clone());
        }
        characters = Characters::of(&text, start, 2);
    }
    Decoded { candidates, lines, unread, characters: characters.into() }
}

/// The bytes as they are, where they hold a token.
fn raw(bytes: &[u8]) -> Vec<Candidate> {
    let score = Score::of(bytes);
    if score == Score::Nothing {
        return Vec::new();
    }
    let place = Span::new(0, bytes.len());
    let (layers, others) = (Vec::new(), Vec::new());
    vec![Candidate { layers, bytes: bytes.into(), reading: Reading::Raw, score, others, place }]
}

/// Finds what can be decoded in the text that a stretch was for, in which at most `depth` encodings
/// are inside one another. With `only`, the outermost of them is that one.
fn nested<'p>(
    bytes: &'p [u8],
    depth: usize,
    only: Option<Reading>,
    pace: &'p Pace,
) -> BoxedTask<'p, Vec<Candidate>> {
    Box::pin(async move {
        let mut search = Search::new(bytes, depth, only, pace);
        search.run().await;
        search.found
    })
}
