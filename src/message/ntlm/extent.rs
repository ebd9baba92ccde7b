//! The length of a message, from its pointers alone, without reading what they point to; and the
//! part of it that is missing.

use crate::base::span::{Source, Span, in_order};
use crate::message::{
    missing::{KnownEnd, Missing},
    ntlm::{SIGNATURE, Version, authenticate, challenge, negotiate},
    wire::{MessageType, NegotiateFlags},
};

/// The offsets of the fixed fields of a type of message, in bytes.
struct Shape {
    /// The offsets of its pointers.
    pointers: &'static [usize],
    /// The offset of its flags.
    flags: usize,
    /// The offset of `Version`, if it is there.
    version: usize,
    /// The end of what every message of the type has.
    shortest: usize,
    /// The offsets at which the payload can begin without a gap behind the header.
    payload: &'static [usize],
}

const NEGOTIATE: Shape = {
    use negotiate::at;
    Shape {
        pointers: &[at::DOMAIN_NAME, at::WORKSTATION],
        flags: at::FLAGS,
        version: at::VERSION,
        shortest: at::MIN_LEN,
        payload: &[at::VERSION, at::VERSION + Version::SIZE],
    }
};
const CHALLENGE: Shape = {
    use challenge::at;
    Shape {
        pointers: &[at::TARGET_NAME, at::TARGET_INFO],
        flags: at::FLAGS,
        version: at::VERSION,
        shortest: at::MIN_LEN,
        payload: &[at::RESERVED, at::TARGET_INFO, at::VERSION, at::VERSION + Version::SIZE],
    }
};
const AUTHENTICATE: Shape = {
    use authenticate::at;
    Shape {
        pointers: &[
            at::LM_CHALLENGE_RESPONSE,
            at::NT_CHALLENGE_RESPONSE,
            at::DOMAIN_NAME,
            at::USER_NAME,
            at::WORKSTATION,
            at::ENCRYPTED_RANDOM_SESSION_KEY,
        ],
        flags: at::FLAGS,
        version: at::VERSION,
        shortest: at::MIN_LEN,
        payload: &[at::VERSION, at::MIC, at::MIC_END],
    }
};

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

/// The place of the field that a pointer announces; `None` if `Len` is 0.
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

/// The missing bytes of the message of which `message` is all there is. `None` if nothing is
/// missing, or if the message is broken rather than the paste cut.
pub(super) fn missing(message: Source<'_>, ending: KnownEnd) -> Option<Missing> {
    let have = message.0.len();
    if ending == KnownEnd::Whole {
        return None;
    }
    let in_header = Some(Missing { have, of: None });
    let Some(shape) = Shape::of(message) else {
        return in_header.filter(|_| have < SIGNATURE.len() + 4);
    };
    if have < shape.shortest {
        return in_header;
    }
    let fields = shape.pointers.iter().filter_map(|pointer| announced(message, *pointer));
    let fields = in_order(fields.collect(), |field: &Span| *field);
    let header = shape.header_end(message);
    let payload = fields.first().map_or(header, |first| first.start);
    if shape.pointers.last().is_some_and(|last| have < last + 8) {
        // Old messages end before their last pointer. Whether this one does is known from where its
        // payload begins, or from Version, which is behind the pointers.
        let goes_on = if fields.is_empty() { header > shape.version } else { payload > have };
        return in_header.filter(|_| goes_on);
    }
    let of = fields.iter().map(|field| field.end).fold(header.min(payload), usize::max);
    if of <= have {
        return None;
    }
    let is_near = of - have <= Missing::MAX_BEYOND;
    if ending == KnownEnd::Cut {
        return Some(Missing { have, of: Some(of).filter(|_| is_near) });
    }
    let begins = fields.is_empty() || shape.payload.contains(&payload);
    let follows = fields.windows(2).all(|pair| pair[0].end == pair[1].start);
    (begins && follows && is_near).then_some(Missing { have, of: Some(of) })
}
