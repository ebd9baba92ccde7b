//! Kerberos: the AP-REQ that a client sends instead of NTLM messages.
//!
//! Spec: RFC 4120. Nothing is decrypted.

use std::sync::Arc;

use crate::{
    field::{Field, Value},
    finding::Finding,
    span::Span,
};

/// An AP-REQ: its bytes, what they mean, and what is odd about them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ApReq {
    bytes: Arc<[u8]>,
    /// What is odd or wrong, in the order of the bytes.
    pub findings: Vec<Finding>,
}

impl ApReq {
    /// All bytes of the message.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The same bytes, shared.
    #[must_use]
    pub fn shared_bytes(&self) -> Arc<[u8]> {
        Arc::clone(&self.bytes)
    }

    /// The message as a tree of fields.
    #[must_use]
    pub fn field(&self) -> Field<'_> {
        Field::leaf("AP-REQ", Span::new(0, self.bytes.len()), Value::Bytes(&self.bytes))
    }
}
