//! What other protocols than SMB put directly around a token: LDAP, TDS and DCE/RPC.
//!
//! Each reader looks at one packet and says where its token lies. Only a packet in which one begins
//! where the packet says is read at all, so that few other bytes look like one.

mod dce_rpc;
mod ldap;
mod tds;

use crate::base::{
    finding::Finding,
    span::{Source, Span},
};
use crate::message::ntlm::SIGNATURE;
use crate::read::{carrier::is_der_token, layer::Layer};

/// A packet that carries a token.
#[derive(Clone, Debug)]
pub(super) struct Envelope {
    /// Its layer.
    pub(super) layer: Layer,
    /// What is odd about it.
    pub(super) findings: Vec<Finding>,
    /// The token, or what of it is there.
    pub(super) token: Span,
}

/// Reads the packet at the start of `within`; `None` where none begins, or none that carries a
/// token.
pub(super) fn read(source: Source<'_>, within: Span) -> Option<Envelope> {
    match source.slice(within) {
        [0x30, ..] => ldap::read(source, within),
        [0x04 | 0x10 | 0x11, ..] => tds::read(source, within),
        [0x05, ..] => dce_rpc::read(source, within),
        _ => None,
    }
}

/// How many bytes of a token tell that it is one.
const TELLING: usize = 32;

/// Whether a token begins where `span` does.
fn has_token(source: Source<'_>, span: Span) -> bool {
    let head = source.slice(Span::at(span.start, span.len().min(TELLING)));
    head.starts_with(SIGNATURE) || is_der_token(head)
}
