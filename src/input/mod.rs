//! What was pasted, to bytes: finds the encoded stretches in a text and undoes the encoding.

mod base64;
mod hex;
mod http;

use std::sync::Arc;

use crate::{
    carrier,
    layer::{Layer, LayerKind},
    span::Span,
};

/// A stretch of the input that stands for bytes with a token in them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Candidate {
    /// How it was written, outermost first. Empty where the input was bytes already.
    pub layers: Vec<Layer>,
    /// The bytes it stands for.
    pub bytes: Arc<[u8]>,
}

/// The largest input that is looked at, in bytes. More is refused with a sentence, so that the page
/// stays responsive.
pub const LARGEST: usize = 4 << 20;

/// Shorter runs of characters cannot begin a token: the signature alone takes eleven in base64.
const SHORTEST_RUN: usize = 11;

/// A run at least this long is decoded whole to look for the signature in the middle of it.
const LONG_RUN: usize = 60;

/// How the signature begins in either encoding.
const SIGNATURES: [(Encoding, &str); 2] =
    [(Encoding::Base64, "TlRMTVNTU"), (Encoding::Hex, "4e544c4d535350")];

/// Finds what can be decoded in `input`, text or bytes, in the order it stands there.
#[must_use]
pub fn decode(input: &[u8]) -> Vec<Candidate> {
    match str::from_utf8(input) {
        // A zero byte is in every message and in no text.
        Ok(text) if !input.contains(&0) => decode_text(text),
        _ => vec![Candidate { layers: Vec::new(), bytes: input.into() }],
    }
}

/// Finds the stretches of base64 and hex in `text` that hold a token.
#[must_use]
pub fn decode_text(text: &str) -> Vec<Candidate> {
    let runs = runs(text);
    let mut found = Vec::new();
    let mut next = 0;
    while let Some(&run) = runs.get(next) {
        next += 1;
        let Some((encoding, run)) = begins_token(text, run) else { continue };
        let mut whole = run;
        let mut digits = digits(text, run);
        // A token wrapped over lines goes on in the lines that follow, until it is whole.
        while let Some(&more) = runs.get(next) {
            if !is_continuation(text, whole, more) || is_whole(encoding, &digits) {
                break;
            }
            digits.push_str(slice(text, more));
            whole.end = more.end;
            next += 1;
        }
        let bytes = encoding.decode(&digits).filter(|bytes| carrier::has_token(bytes));
        let bytes = bytes.or_else(|| {
            // What followed was not part of it.
            whole = run;
            encoding.decode(slice(text, run)).filter(|bytes| carrier::has_token(bytes))
        });
        let Some(bytes) = bytes else { continue };
        let mut layers = Vec::with_capacity(4);
        if let Some((name, header)) = http::header_around(text, whole) {
            // The buffer is still the text; spans in it count from the same byte.
            layers.push(Layer::new(LayerKind::HttpHeader(name), header));
        }
        layers.push(Layer::new(encoding.layer(), whole));
        found.push(Candidate { layers, bytes: bytes.into() });
    }
    if found.is_empty() {
        let spread = hex::decode_spread(text);
        found.extend(spread.into_iter().filter(|(_, bytes)| carrier::has_token(bytes)).map(
            |(span, bytes)| Candidate {
                layers: vec![Layer::new(LayerKind::Hex, span)],
                bytes: bytes.into(),
            },
        ));
    }
    found
}

/// How a run of characters stands for bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Encoding {
    Base64,
    Hex,
}

impl Encoding {
    const ALL: [Self; 2] = [Self::Hex, Self::Base64];

    fn decode(self, digits: &str) -> Option<Vec<u8>> {
        match self {
            Self::Base64 => base64::decode(digits),
            Self::Hex => hex::decode(digits),
        }
    }

    /// How many characters stand for so many bytes, at least.
    const fn characters(self, bytes: usize) -> usize {
        match self {
            Self::Base64 => bytes.div_ceil(3) * 4,
            Self::Hex => bytes * 2,
        }
    }

    const fn layer(self) -> LayerKind {
        match self {
            Self::Base64 => LayerKind::Base64,
            Self::Hex => LayerKind::Hex,
        }
    }
}

/// The encoding in which a token begins in the run, and from where in it.
fn begins_token(text: &str, run: Span) -> Option<(Encoding, Span)> {
    if run.len() < SHORTEST_RUN {
        return None;
    }
    let all = slice(text, run);
    // A cut at a multiple of four characters and of two keeps both encodings whole.
    let head = all.get(..all.len().min(64) / 4 * 4).unwrap_or(all);
    let begins = |bytes: Vec<u8>| carrier::begins_like_token(&bytes);
    if let Some(encoding) =
        Encoding::ALL.into_iter().find(|encoding| encoding.decode(head).is_some_and(begins))
    {
        return Some((encoding, run));
    }
    // Something is written in front of it, as in `path/TlRM…`.
    for (encoding, signature) in SIGNATURES {
        if let Some(at) = all.find(signature) {
            return Some((encoding, Span::new(run.start + at, run.end)));
        }
    }
    // Or in front of it in the bytes, as in a packet.
    (run.len() >= LONG_RUN)
        .then(|| {
            Encoding::ALL.into_iter().find(|encoding| {
                encoding.decode(&digits(text, run)).is_some_and(|bytes| carrier::has_token(&bytes))
            })
        })?
        .map(|encoding| (encoding, run))
}

/// Whether `more` is the next line of what ends at `before`, and nothing else stands on it.
fn is_continuation(text: &str, before: Span, more: Span) -> bool {
    let between = slice(text, Span::new(before.end, more.start));
    let line = slice(text, more);
    let begins = SIGNATURES.iter().any(|(_, signature)| line.starts_with(signature));
    let after = text.get(more.end..).unwrap_or_default().chars().next();
    !begins
        && between.chars().all(char::is_whitespace)
        && between.matches('\n').count() == 1
        && after.is_none_or(|after| after.is_whitespace() || "\"',".contains(after))
}

/// Whether the digits stand for all the bytes that the token announces.
fn is_whole(encoding: Encoding, digits: &str) -> bool {
    // The part that says how long it is lies in the first bytes.
    let head = digits.get(..encoding.characters(96).min(digits.len()) / 4 * 4);
    let wanted =
        head.and_then(|head| encoding.decode(head)).and_then(|head| carrier::announced_len(&head));
    wanted.is_some_and(|wanted| {
        // Padding may be missing, so the last characters are not counted on.
        digits.trim_end_matches('=').len() + 3 > encoding.characters(wanted)
    })
}

/// The longest stretches of characters that base64 or hex is written with.
fn runs(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut runs = Vec::new();
    let mut start = None;
    let mut padded = false;
    for (at, byte) in bytes.iter().enumerate() {
        let padding = *byte == b'=';
        // JSON may write a slash as `\/`.
        let escape = *byte == b'\\' && bytes.get(at + 1) == Some(&b'/');
        let digit = byte.is_ascii_alphanumeric() || b"+/-_".contains(byte) || escape;
        let goes_on = if padded { padding } else { digit || padding && start.is_some() };
        if !goes_on && let Some(from) = start.take() {
            runs.push(Span::new(from, at));
        }
        if start.is_none() && digit {
            start = Some(at);
        }
        padded = start.is_some() && padding;
    }
    runs.extend(start.map(|from| Span::new(from, text.len())));
    runs
}

/// The characters of a run that stand for bytes.
fn digits(text: &str, run: Span) -> String {
    slice(text, run).replace("\\/", "/")
}

fn slice(text: &str, span: Span) -> &str {
    text.get(span.start..span.end).unwrap_or_default()
}
