//! The payload of a message being written, and the pointers to it.

use super::{BuildError, BuildErrorKind, error::len_of};
use crate::base::span::Source;
use crate::message::{
    ntlm::{PayloadField, PayloadNames, SIGNATURE},
    wire::MessageType,
};

/// The payload of a message in the making: its fields one behind the other.
pub(super) struct Payload {
    /// Size of the header before it, in bytes.
    header_len: usize,
    bytes: Vec<u8>,
}

impl Payload {
    /// An empty payload behind a header of `header_len` bytes.
    pub(super) const fn behind(header_len: usize) -> Self {
        Self { header_len, bytes: Vec::new() }
    }

    /// Appends a field, and gives the pointer to it.
    pub(super) fn push(
        &mut self,
        names: &'static PayloadNames,
        field: Option<&[u8]>,
    ) -> Result<[u8; PayloadField::SIZE], BuildError> {
        let Some(field) = field else { return Ok([0; PayloadField::SIZE]) };
        let [low, high] = len_of(names.payload, field)?.to_le_bytes();
        let offset = self.header_len.saturating_add(self.bytes.len());
        let kind = BuildErrorKind::TooLong { len: field.len() };
        let offset =
            u32::try_from(offset).map_err(|_| BuildError { field: names.payload, kind })?;
        let [o0, o1, o2, o3] = offset.to_le_bytes();
        self.bytes.extend(field);
        Ok([low, high, low, high, o0, o1, o2, o3])
    }

    /// The whole message: signature and type, the other parts of its header, the payload.
    pub(super) fn message(self, message_type: MessageType, header: &[&[u8]]) -> Vec<u8> {
        let mut message = Vec::with_capacity(self.header_len.saturating_add(self.bytes.len()));
        message.extend(SIGNATURE);
        message.extend(message_type.0.to_le_bytes());
        for part in header {
            message.extend(*part);
        }
        message.extend(self.bytes);
        message
    }
}

/// The bytes of a parsed payload field, those of them that are there. `None` where there is no
/// pointer, or one of eight zero bytes.
pub(super) fn bytes_of(field: Option<PayloadField>, message: Source<'_>) -> Option<Vec<u8>> {
    let field = field.filter(|field| !is_zero(field))?;
    Some(field.data.map_or_else(Vec::new, |data| message.slice(data).to_vec()))
}

/// Returns true if a pointer is eight zero bytes.
pub(super) const fn is_zero(field: &PayloadField) -> bool {
    field.len.value == 0 && field.max_len.value == 0 && field.buffer_offset.value == 0
}
