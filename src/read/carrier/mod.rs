//! Bytes to messages: finds where in a carrier they are.

mod envelope;
mod gss;
mod marker;
mod mech_list_mic;
mod oid;
mod silent;
mod smb;
mod spnego;
mod walk;

use crate::base::{
    finding::Finding,
    span::{Source, Span},
};
use crate::message::{
    content::Content,
    der, kerberos,
    ntlm::{self, SIGNATURE},
};
use crate::read::layer::Layer;
use walk::Walk;

/// A message and the layers it was found in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CarriedMessage {
    /// The layers inside the encoding, outermost first; the last is the message itself.
    pub layers: Vec<Layer>,
    /// The message.
    pub content: Content,
    /// The findings about the layers: the index of the layer in `layers`, and the finding. Its span
    /// counts in the same buffer as that layer's own span.
    pub findings: Vec<(usize, Finding)>,
}

/// A token of SPNEGO or GSS-API, and what it carries.
#[derive(Clone, Debug)]
struct Token {
    /// Its layer.
    layer: Layer,
    /// The findings about it.
    findings: Vec<Finding>,
    /// The mechanism's own token: where its bytes are, in one part or in several; none where there
    /// is no such token.
    carried: Vec<Span>,
    /// The place to read on: behind the token or, if it is cut, behind as much of it as could be
    /// read.
    next: usize,
    /// True if part of it is missing.
    is_cut: bool,
}

/// The contents of a buffer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Contents {
    /// The messages, in their order.
    pub messages: Vec<CarriedMessage>,
    /// The carriers without a message, in a phrase: `a SPNEGO NegTokenInit (mechTypes Kerberos 5)`.
    pub others: Option<String>,
    /// The offers and signatures of SPNEGO tokens without a message, in their order: the number of
    /// messages before each, and its layer.
    pub negotiations: Vec<(usize, Layer)>,
}

/// Reads `bytes`; at most `most` messages.
///
/// A message at the start, or right behind another, goes to the next one or to the end. In a
/// carrier that is known it is what the carrier says. Anywhere else it goes as far as its own
/// fields say.
#[must_use]
pub fn read(bytes: &[u8], most: usize) -> Contents {
    let walk = Walk::through(bytes, most);
    let others = silent::describe(&walk.silent);
    let of_silent = walk.silent.into_iter().filter_map(|silent| {
        let mut layers = silent.layers.into_iter();
        Some((silent.behind, layers.find(|layer| layer.negotiation.is_some())?))
    });
    Contents { others, negotiations: of_silent.collect(), messages: walk.found }
}

/// The walk passes by at most so many messages to find what else there is.
const MAX_DESCRIBED: usize = 1_000;

/// The messages in `bytes`, at most `most`, in their order.
///
/// A finding about bytes behind a token is made at its end. If reading stops at `most`, such
/// findings may be missing.
#[must_use]
pub fn find_messages(bytes: &[u8], most: usize) -> Vec<CarriedMessage> {
    Walk::through(bytes, most).found
}

/// Describes in a phrase what `bytes` carry besides messages; `None` if there is nothing known.
#[must_use]
pub fn describe(bytes: &[u8]) -> Option<String> {
    read(bytes, MAX_DESCRIBED).others
}

/// Returns true if bytes that begin like this can be a token.
#[must_use]
pub(crate) fn begins_like_token(head: &[u8]) -> bool {
    let signature = head.get(..head.len().min(SIGNATURE.len())).unwrap_or_default();
    SIGNATURE.starts_with(signature) && signature.len() >= 4
        || is_der_token(head)
        || smb::begins(head)
        || has_token(head)
}

/// Returns true if the bytes hold a message, or something known that could carry one.
#[must_use]
pub(crate) fn has_token(bytes: &[u8]) -> bool {
    if bytes.starts_with(SIGNATURE) {
        // What the walk would find, which decodes it.
        return true;
    }
    let walk = Walk::through(bytes, 1);
    !walk.found.is_empty() || !walk.silent.is_empty()
}

/// The number of bytes, by its own lengths, of the token that begins with `head`; `None` if it does
/// not say so within `head`.
#[must_use]
pub(crate) fn announced_len(head: &[u8]) -> Option<usize> {
    if head.starts_with(SIGNATURE) {
        ntlm::announced_len(head)
    } else if is_der_token(head) {
        der::announced_len(head)
    } else {
        None
    }
}

/// Returns true if bytes that begin like this are a token of SPNEGO, of a mechanism in GSS-API, or
/// an AP-REQ.
fn is_der_token(head: &[u8]) -> bool {
    spnego::begins(head)
        || gss::mechanism(Source(head), Span::new(0, head.len())).is_some()
        || kerberos::begins(head)
}
