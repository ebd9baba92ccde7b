//! Bytes to NTLM messages: finds where in a carrier they stand.

mod content;
mod der;
mod spnego;

pub use content::Content;

use crate::{
    finding::Finding,
    layer::{Layer, LayerKind},
    ntlm::{self, Message, SIGNATURE},
    span::Span,
};

/// A message and the layers it was found in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Found {
    /// The layers inside the encoding, outermost first; the last is the message itself.
    pub layers: Vec<Layer>,
    /// The message.
    pub content: Content,
    /// What is odd about the layers: the index of the layer in `layers`, and the finding. Its span
    /// counts in the same buffer as that layer's own span.
    pub findings: Vec<(usize, Finding)>,
}

/// Whether bytes that begin like this can be a token.
#[must_use]
pub(crate) fn begins_like_token(head: &[u8]) -> bool {
    let signature = head.get(..head.len().min(SIGNATURE.len())).unwrap_or_default();
    SIGNATURE.starts_with(signature) && signature.len() >= 4
        || spnego::begins(head)
        || has_token(head)
}

/// Whether the bytes hold the signature of a message.
#[must_use]
pub(crate) fn has_token(bytes: &[u8]) -> bool {
    find(bytes, 0).is_some()
}

/// How many bytes a token takes that begins with `head`, going by its own lengths; `None` where it
/// does not say so within `head`.
#[must_use]
pub(crate) fn announced_len(head: &[u8]) -> Option<usize> {
    if head.starts_with(SIGNATURE) {
        ntlm::announced_len(head)
    } else {
        spnego::announced_len(head)
    }
}

/// Finds at most `most` messages in `bytes`, in their order.
///
/// A message at the start, or right behind another, goes to the next one or to the end. In SPNEGO it
/// is the octet string it stands in. Anywhere else it goes as far as its own fields say.
#[must_use]
pub fn find_messages(bytes: &[u8], most: usize) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    // Whether nothing that is not known lies before this place.
    let mut bare = true;
    while found.len() < most {
        let rest = bytes.get(at..).unwrap_or_default();
        if let Some(token) = spnego::read(rest, most - found.len()) {
            let outer = Layer::new(LayerKind::Spnego(token.choice), token.span.shifted(at));
            for message in token.messages {
                let span = message.shifted(at);
                found.extend(found_at(bytes, vec![outer.clone()], span));
            }
            at = outer.span.end;
            bare = true;
            continue;
        }
        let Some(start) = find(bytes, at) else { break };
        bare &= start == at;
        let len = ntlm::extent(bytes.get(start..).unwrap_or_default()).max(SIGNATURE.len());
        let end = if bare {
            next_message(bytes, start + len).unwrap_or(bytes.len())
        } else {
            start + len
        };
        let mut layers = Vec::with_capacity(2);
        if !bare {
            let span = Span::new(0, bytes.len());
            layers.push(Layer::new(LayerKind::Binary, span));
        }
        found.extend(found_at(bytes, layers, Span::new(start, end)));
        at = end;
    }
    found
}

fn found_at(bytes: &[u8], mut layers: Vec<Layer>, span: Span) -> Option<Found> {
    layers.push(Layer::new(LayerKind::Ntlmssp, span));
    let message = Message::parse(bytes.get(span.start..span.end)?.into()).ok()?;
    Some(Found { layers, content: Content::Ntlm(message), findings: Vec::new() })
}

/// Where the signature first stands at or after `from`.
fn find(bytes: &[u8], from: usize) -> Option<usize> {
    let tail = bytes.get(from..)?;
    tail.windows(SIGNATURE.len()).position(|window| window == SIGNATURE).map(|at| from + at)
}

/// Where the next message stands: a signature with one of the three types behind it.
fn next_message(bytes: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let start = find(bytes, from)?;
        let kind = bytes.get(start + SIGNATURE.len()..start + SIGNATURE.len() + 4);
        if matches!(kind, Some([1..=3, 0, 0, 0])) {
            return Some(start);
        }
        from = start + SIGNATURE.len();
    }
}
