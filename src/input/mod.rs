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
        let Some(encoding) = begins_token(text, run) else { continue };
        // A token wrapped over lines goes on in the runs that follow it with only white space between.
        let mut whole = run;
        let mut digits = String::from(slice(text, run));
        while let Some(&more) = runs.get(next) {
            let between = slice(text, Span::new(whole.end, more.start));
            if !between.chars().all(char::is_whitespace)
                || begins_token(text, more).is_some()
                || digits.ends_with('=')
            {
                break;
            }
            digits.push_str(slice(text, more));
            whole.end = more.end;
            next += 1;
        }
        let decoded = encoding.decode(&digits).or_else(|| {
            // What followed was not part of it.
            whole = run;
            encoding.decode(slice(text, run))
        });
        if let Some(bytes) = decoded.filter(|bytes| carrier::has_token(bytes)) {
            let mut layers = Vec::new();
            let inner = match http::header_around(text, whole) {
                Some((name, header)) => {
                    layers.push(Layer { kind: LayerKind::HttpHeader(name), span: header });
                    // The buffer is still the text; spans in it count from the same byte.
                    whole
                }
                None => whole,
            };
            layers.push(Layer { kind: encoding.layer(), span: inner });
            found.push(Candidate { layers, bytes: bytes.into() });
        }
    }
    if found.is_empty()
        && let Some(bytes) = hex::decode_loose(text).filter(|bytes| carrier::has_token(bytes))
    {
        let layers = vec![Layer { kind: LayerKind::Hex, span: Span::new(0, text.len()) }];
        found.push(Candidate { layers, bytes: bytes.into() });
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
    fn decode(self, digits: &str) -> Option<Vec<u8>> {
        match self {
            Self::Base64 => base64::decode(digits),
            Self::Hex => hex::decode(digits),
        }
    }

    const fn layer(self) -> LayerKind {
        match self {
            Self::Base64 => LayerKind::Base64,
            Self::Hex => LayerKind::Hex,
        }
    }
}

/// The encoding in which the run begins like a token, if there is one.
fn begins_token(text: &str, run: Span) -> Option<Encoding> {
    if run.len() < SHORTEST_RUN {
        return None;
    }
    let head = slice(text, Span::at(run.start, run.len().min(64)));
    // A cut at a multiple of four characters and of two keeps both encodings whole.
    let head = head.get(..head.len() / 4 * 4).unwrap_or(head);
    [Encoding::Hex, Encoding::Base64].into_iter().find(|encoding| {
        encoding.decode(head).is_some_and(|bytes| carrier::begins_like_token(&bytes))
    })
}

/// The longest stretches of characters that base64 or hex is written with.
fn runs(text: &str) -> Vec<Span> {
    let mut runs = Vec::new();
    let mut start = None;
    for (at, byte) in text.bytes().enumerate() {
        let part = byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=');
        match (part, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                runs.push(Span::new(from, at));
                start = None;
            }
            _ => {}
        }
    }
    runs.extend(start.map(|from| Span::new(from, text.len())));
    runs
}

fn slice(text: &str, span: Span) -> &str {
    text.get(span.start..span.end).unwrap_or_default()
}
