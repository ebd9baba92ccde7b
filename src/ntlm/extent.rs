//! How long a message is, from its pointers alone: without reading what they point to.

use crate::{
    ntlm::Version,
    span::{Source, Span},
    wire::{MessageType, NegotiateFlags},
};

/// Where a type of message has its fixed fields, in bytes.
struct Shape {
    /// Where its pointers are.
    pointers: &'static [usize],
    /// Where its flags are.
    flags: usize,
    /// Where `Version` is, if it is there.
    version: usize,
}

const NEGOTIATE: Shape = Shape { pointers: &[16, 24], flags: 12, version: 32 };
const CHALLENGE: Shape = Shape { pointers: &[12, 40], flags: 20, version: 48 };
const AUTHENTICATE: Shape = Shape { pointers: &[12, 20, 28, 36, 44, 52], flags: 60, version: 64 };

impl Shape {
    fn of(message: Source<'_>) -> Option<&'static Self> {
        Some(match MessageType(message.le_u32(8)?.value) {
            MessageType::NEGOTIATE => &NEGOTIATE,
            MessageType::CHALLENGE => &CHALLENGE,
            MessageType::AUTHENTICATE => &AUTHENTICATE,
            _ => return None,
        })
    }

    /// The end of the fixed fields, as far as the flags tell.
    fn header_end(&self, message: Source<'_>) -> usize {
        let flags = message.le_u32(self.flags).map_or(0, |flags| flags.value);
        let version = NegotiateFlags::from_bits_retain(flags)
            .contains(NegotiateFlags::NTLMSSP_NEGOTIATE_VERSION);
        if version { self.version + Version::SIZE } else { self.version }
    }
}

/// Where a pointer says its field lies; nothing where `Len` is 0.
fn announced(message: Source<'_>, pointer: usize) -> Option<Span> {
    let len = usize::from(message.le_u16(pointer)?.value);
    let start = usize::try_from(message.le_u32(pointer + 4)?.value).ok()?;
    Some(Span::at(start, len)).filter(|field| !field.is_empty())
}

pub(super) fn extent(message: Source<'_>) -> usize {
    let len = message.0.len();
    let Some(shape) = Shape::of(message) else { return len.min(12) };
    let fields = shape.pointers.iter().filter_map(|pointer| announced(message, *pointer));
    let inside = fields.map(|field| field.end).filter(|end| *end <= len);
    inside.fold(shape.header_end(message).min(len), usize::max)
}

pub(super) fn announced_len(head: Source<'_>) -> Option<usize> {
    let shape = Shape::of(head)?;
    let last = shape.pointers.last()? + 8;
    if head.0.len() < last.max(shape.flags + 4) {
        return None;
    }
    let fields = shape.pointers.iter().filter_map(|pointer| announced(head, *pointer));
    Some(fields.map(|field| field.end).fold(shape.header_end(head), usize::max))
}
