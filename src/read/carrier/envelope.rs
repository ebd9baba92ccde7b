//! The protocols other than SMB that put something directly around a token: LDAP, TDS and DCE/RPC.
//!
//! Each reader looks at one packet and says where its token is. Only a packet in which one begins
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
    /// The findings about it.
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

/// The number of bytes of a token that are enough to recognise it.
const TELLING: usize = 32;

/// Returns true if a token begins where `span` does.
fn has_token(source: Source<'_>, span: Span) -> bool {
    let head = source.slice(Span::at(span.start, span.len().min(TELLING)));
    head.starts_with(SIGNATURE) || is_der_token(head)
}
