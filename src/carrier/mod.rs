//! Bytes to NTLM messages: finds where in a carrier they stand.

mod der;
mod spnego;

use std::sync::Arc;

use crate::{
    layer::{Layer, LayerKind},
    ntlm::{self, SIGNATURE},
    span::Span,
};

/// A message and the layers it was found in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Found {
    /// The layers inside the encoding, outermost first; the last is the message itself.
    pub layers: Vec<Layer>,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

/// Whether bytes that begin like this can be a token.
#[must_use]
pub(crate) fn begins_like_token(head: &[u8]) -> bool {
    let head = head.get(..head.len().min(SIGNATURE.len())).unwrap_or_default();
    SIGNATURE.starts_with(head) && head.len() >= 4
        || spnego::begins(head)
        || find(head, 0).is_some()
}

/// Whether the bytes hold the signature of a message.
#[must_use]
pub(crate) fn has_token(bytes: &[u8]) -> bool {
    find(bytes, 0).is_some()
}

/// Finds the messages in `bytes`, in their order.
///
/// A token that begins with the signature is one message to its end. In SPNEGO the message is the
/// octet string it stands in. Anywhere else it goes as far as its own fields say.
#[must_use]
pub fn find_messages(bytes: &Arc<[u8]>) -> Vec<Found> {
    if bytes.starts_with(SIGNATURE) {
        let span = Span::new(0, bytes.len());
        return vec![Found {
            layers: vec![Layer { kind: LayerKind::Ntlmssp, span }],
            bytes: Arc::clone(bytes),
        }];
    }
    if let Some(token) = spnego::read(bytes) {
        return token
            .messages
            .iter()
            .map(|message| Found {
                layers: vec![
                    Layer { kind: LayerKind::Spnego(token.choice), span: token.span },
                    Layer { kind: LayerKind::Ntlmssp, span: *message },
                ],
                bytes: part(bytes, *message),
            })
            .collect();
    }
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = find(bytes, from) {
        let len = ntlm::extent(bytes.get(start..).unwrap_or_default()).max(SIGNATURE.len());
        let span = Span::at(start, len);
        found.push(Found {
            layers: vec![
                Layer { kind: LayerKind::Binary, span: Span::new(0, bytes.len()) },
                Layer { kind: LayerKind::Ntlmssp, span },
            ],
            bytes: part(bytes, span),
        });
        from = span.end;
    }
    found
}

fn part(bytes: &[u8], span: Span) -> Arc<[u8]> {
    bytes.get(span.start..span.end).unwrap_or_default().into()
}

/// Where the signature first stands at or after `from`.
fn find(bytes: &[u8], from: usize) -> Option<usize> {
    let tail = bytes.get(from..)?;
    tail.windows(SIGNATURE.len()).position(|window| window == SIGNATURE).map(|at| from + at)
}
