//! Bytes to messages: finds where in a carrier they stand.

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
pub struct Found {
    /// The layers inside the encoding, outermost first; the last is the message itself.
    pub layers: Vec<Layer>,
    /// The message.
    pub content: Content,
    /// What is odd about the layers: the index of the layer in `layers`, and the finding. Its span
    /// counts in the same buffer as that layer's own span.
    pub findings: Vec<(usize, Finding)>,
}

/// A token of SPNEGO or GSS-API, and what it carries.
#[derive(Clone, Debug)]
struct Token {
    /// Its layer.
    layer: Layer,
    /// What is odd about it.
    findings: Vec<Finding>,
    /// The mechanism's own token: where its bytes are, in one part or in several; none where there
    /// is no such token.
    carried: Vec<Span>,
    /// Where to read on: behind the token, or behind what of it could be made out where it is cut.
    next: usize,
    /// Whether some of it is not there.
    is_cut: bool,
}

/// What was found in a buffer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Contents {
    /// The messages, in their order.
    pub messages: Vec<Found>,
    /// What carries no message, in a phrase: `a SPNEGO NegTokenInit (mechTypes Kerberos 5)`.
    pub others: Option<String>,
    /// What SPNEGO tokens without a message offer and sign, in their order: how many messages stand
    /// before each, and its layer.
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

/// How many messages are passed by to find what else there is.
const MOST_DESCRIBED: usize = 1_000;

/// The messages in `bytes`, at most `most`, in their order.
///
/// Whether something stands behind a token is known at its end. Where reading stops at `most`,
/// findings of that kind may be missing.
#[must_use]
pub fn find_messages(bytes: &[u8], most: usize) -> Vec<Found> {
    Walk::through(bytes, most).found
}

/// What `bytes` carry besides messages, in a phrase; `None` where there is nothing that is known.
#[must_use]
pub fn describe(bytes: &[u8]) -> Option<String> {
    read(bytes, MOST_DESCRIBED).others
}

/// Whether bytes that begin like this can be a token.
#[must_use]
pub(crate) fn begins_like_token(head: &[u8]) -> bool {
    let signature = head.get(..head.len().min(SIGNATURE.len())).unwrap_or_default();
    SIGNATURE.starts_with(signature) && signature.len() >= 4
        || is_der_token(head)
        || smb::begins(head)
        || has_token(head)
}

/// Whether the bytes hold a message, or something known that could carry one.
#[must_use]
pub(crate) fn has_token(bytes: &[u8]) -> bool {
    if bytes.starts_with(SIGNATURE) {
        // What the walk would find, which decodes it.
        return true;
    }
    let walk = Walk::through(bytes, 1);
    !walk.found.is_empty() || !walk.silent.is_empty()
}

/// How many bytes a token takes that begins with `head`, going by its own lengths; `None` where it
/// does not say so within `head`.
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

/// Whether bytes that begin like this are a token of SPNEGO, of a mechanism in GSS-API, or an
/// AP-REQ.
fn is_der_token(head: &[u8]) -> bool {
    spnego::begins(head)
        || gss::mechanism(Source(head), Span::new(0, head.len())).is_some()
        || kerberos::begins(head)
}
