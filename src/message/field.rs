//! The uniform tree of a message: what the page, the report and the encoder walk.
//!
//! The tree is made on demand: a message holds typed values and spans, and the tree borrows it. So
//! decoding is cheap, and page, report and encoder share one walk.

use std::fmt::{self, Write as _};

use crate::base::span::{Span, gaps};
use crate::message::wire::{
    AvFlags, AvId, FileTime, KerberosValue, MessageType, NegotiateFlags, Oem, Utf16Le,
};

/// A step of a field's path.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Name {
    /// The name that the specification gives it; `tag and length`, `value` and `end of contents`
    /// are ours, for the parts of an element that have none.
    Field(&'static str),
    /// An item of a list, counted from 0.
    Index(usize),
}

/// What the bytes of a field mean. A value that is written back gives the bytes it was read from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'m> {
    /// Only what its children say.
    Structure,
    /// Bytes without further meaning: keys, responses, reserved and unknown ones.
    Bytes(&'m [u8]),
    /// Eight-bit number.
    U8(u8),
    /// Little-endian 16-bit number.
    U16(u16),
    /// Little-endian 32-bit number.
    U32(u32),
    /// `MessageType`.
    MessageType(MessageType),
    /// `NegotiateFlags`.
    Flags(NegotiateFlags),
    /// `AvId`.
    AvId(AvId),
    /// The value of `MsvAvFlags`.
    AvFlags(AvFlags),
    /// A `FILETIME`.
    Time(FileTime),
    /// Text in UTF-16LE.
    Utf16(Utf16Le<'m>),
    /// Text in the client's OEM code page.
    Oem(Oem<'m>),
    /// A number, name or text of a Kerberos message.
    Kerberos(KerberosValue<'m>),
}

impl Value<'_> {
    /// Writes the bytes of the value to the front of `out`; as many as fit.
    fn write(self, out: &mut [u8]) {
        let mut put = |bytes: &[u8]| {
            for (to, from) in out.iter_mut().zip(bytes) {
                *to = *from;
            }
        };
        match self {
            Self::Structure => {}
            Self::Bytes(bytes) => put(bytes),
            Self::U8(number) => put(&[number]),
            Self::U16(number) => put(&number.to_le_bytes()),
            Self::U32(number) => put(&number.to_le_bytes()),
            Self::MessageType(MessageType(number)) => put(&number.to_le_bytes()),
            Self::Flags(flags) => put(&flags.bits().to_le_bytes()),
            Self::AvId(AvId(number)) => put(&number.to_le_bytes()),
            Self::AvFlags(flags) => put(&flags.bits().to_le_bytes()),
            Self::Time(FileTime(ticks)) => put(&ticks.to_le_bytes()),
            Self::Utf16(text) => put(text.0),
            Self::Oem(text) => put(text.0),
            Self::Kerberos(value) => put(value.bytes),
        }
    }
}

impl fmt::Display for Value<'_> {
    /// As one reads it: text as text, bytes as lower-case hex, numbers in decimal, flags in hex.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Structure => Ok(()),
            Self::Bytes(bytes) => write_hex(f, bytes),
            Self::U8(number) => number.fmt(f),
            Self::U16(number) => number.fmt(f),
            Self::U32(number) => number.fmt(f),
            Self::MessageType(kind) => kind.fmt(f),
            Self::Flags(flags) => write!(f, "{:#010x}", flags.bits()),
            Self::AvId(id) => id.fmt(f),
            Self::AvFlags(flags) => write!(f, "{:#x}", flags.bits()),
            Self::Time(time) => time.fmt(f),
            Self::Utf16(text) => text.fmt(f),
            Self::Oem(text) => text.fmt(f),
            Self::Kerberos(value) => value.fmt(f),
        }
    }
}

/// One node: a name, the bytes it covers, what they mean, and its parts.
///
/// Children lie inside their parent and stand in the order of their first byte. They do not
/// overlap, except payload fields of a message that makes them (`payload/overlap`). The leaves of a
/// message and its [`Field::gaps`] tile it.
#[derive(Clone, Debug, PartialEq)]
pub struct Field<'m> {
    /// The last step of its path.
    pub name: Name,
    /// Its bytes, counted from the start of the message.
    pub span: Span,
    /// What they mean.
    pub value: Value<'m>,
    /// Its parts.
    pub children: Vec<Self>,
}

impl<'m> Field<'m> {
    /// A field without parts.
    #[must_use]
    pub const fn leaf(name: &'static str, span: Span, value: Value<'m>) -> Self {
        Self { name: Name::Field(name), span, value, children: Vec::new() }
    }

    /// A field that consists of `children`.
    #[must_use]
    pub const fn structure(name: &'static str, span: Span, children: Vec<Self>) -> Self {
        Self { name: Name::Field(name), span, value: Value::Structure, children }
    }

    /// Calls `visit` with every node below and including this one, depth first, and its path.
    pub fn walk(&self, visit: &mut impl FnMut(&str, &Self, usize)) {
        let mut path = String::with_capacity(96);
        self.walk_from(&mut path, 0, visit);
    }

    fn walk_from(
        &self,
        path: &mut String,
        depth: usize,
        visit: &mut impl FnMut(&str, &Self, usize),
    ) {
        let before = path.len();
        match self.name {
            Name::Field(name) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
            }
            Name::Index(index) => {
                // Writing to a String does not fail.
                let _ = write!(path, "[{index}]");
            }
        }
        visit(path, self, depth);
        for child in &self.children {
            child.walk_from(path, depth.saturating_add(1), visit);
        }
        path.truncate(before);
    }

    /// The nodes without parts that cover at least one byte.
    #[must_use]
    pub fn leaves(&self) -> Vec<&Self> {
        let mut found = Vec::with_capacity(64);
        self.collect_leaves(&mut found);
        found
    }

    fn collect_leaves<'f>(&'f self, found: &mut Vec<&'f Self>) {
        if self.children.is_empty() {
            if !self.span.is_empty() && self.value != Value::Structure {
                found.push(self);
            }
        } else {
            for child in &self.children {
                child.collect_leaves(found);
            }
        }
    }

    /// The bytes of the message that no leaf covers.
    #[must_use]
    pub fn gaps(&self) -> Vec<Span> {
        gaps(self.span.end, self.leaves().iter().map(|leaf| leaf.span))
    }

    /// Writes the message again from its values: first the bytes of `source` that no field covers,
    /// then each leaf's value at its own place.
    ///
    /// For every message that parses this gives its bytes back, which shows that the values lose
    /// nothing: unknown ids, reserved bits, lone surrogates, any order of the payload.
    #[must_use]
    pub fn encode(&self, source: &[u8]) -> Vec<u8> {
        let mut out = vec![0; self.span.end];
        for gap in self.gaps() {
            if let (Some(to), Some(from)) =
                (out.get_mut(gap.start..gap.end), source.get(gap.start..gap.end))
            {
                to.copy_from_slice(from);
            }
        }
        for leaf in self.leaves() {
            if let Some(to) = out.get_mut(leaf.span.start..leaf.span.end) {
                leaf.value.write(to);
            }
        }
        out
    }
}

/// Writes bytes as lower-case hex without separators.
pub(crate) fn write_hex(f: &mut impl fmt::Write, bytes: &[u8]) -> fmt::Result {
    // In pieces: a call for each digit takes five times as long.
    for piece in bytes.chunks(64) {
        let mut digits = [0; 128];
        for (pair, byte) in digits.as_chunks_mut::<2>().0.iter_mut().zip(piece) {
            *pair = [digit(byte >> 4), digit(byte & 0xF)];
        }
        f.write_str(str::from_utf8(&digits[..piece.len() * 2]).unwrap_or_default())?;
    }
    Ok(())
}

/// The hex digit of a number below 16.
const fn digit(number: u8) -> u8 {
    if number < 10 { b'0' + number } else { b'a' + number - 10 }
}

/// The bytes as lower-case hex without separators.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    // Writing to a String does not fail.
    let _ = write_hex(&mut text, bytes);
    text
}
