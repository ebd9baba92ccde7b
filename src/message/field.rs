//! The uniform tree of a message: what the page, the report and the encoder walk.
//!
//! The tree is made on demand: a message holds typed values and spans, and the tree borrows it. So
//! decoding is cheap, and page, report and encoder share one walk.

use std::fmt::{self, Write};

use serde::{Serialize, Serializer};

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
    /// A flag of the field before, by the number of its bit.
    Flag(usize),
    /// Bytes that no field refers to, by the place of the first of them.
    Unreferenced(usize),
}

/// The steps that lead to a field from the message it is in, which is the first of them.
///
/// It is written `AUTHENTICATE_MESSAGE.NtChallengeResponse.NTProofStr`, with items of lists as
/// `AvPairs[2]`, flags as `NegotiateFlags#5` and other bytes as `unreferenced@88`.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub struct FieldPath {
    steps: Vec<Name>,
    /// The steps as written. A report writes thousands of paths that differ in their last step, so
    /// a walk writes each step once.
    text: String,
}

impl FieldPath {
    /// The path of these steps.
    #[must_use]
    pub fn new(steps: &[Name]) -> Self {
        let mut path = Self::default();
        for step in steps {
            path.push(*step);
        }
        path
    }

    fn push(&mut self, step: Name) {
        if let Name::Field(name) = step {
            if !self.steps.is_empty() {
                self.text.push('.');
            }
            self.text.push_str(name);
        } else {
            // Writing to a String does not fail.
            let _ = write!(self.text, "{step}");
        }
        self.steps.push(step);
    }

    /// Takes the last step off, which was written from `start` on.
    fn pop(&mut self, start: usize) {
        self.steps.pop();
        self.text.truncate(start);
    }

    /// Its steps.
    #[must_use]
    pub fn steps(&self) -> &[Name] {
        &self.steps
    }

    /// The path as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The name of its last step; of an item, a flag or bytes without a name that of the field they
    /// are in.
    #[must_use]
    pub fn field(&self) -> &'static str {
        let mut names = self.steps.iter().rev().filter_map(|step| step.field());
        names.next().unwrap_or_default()
    }

    /// The last field of it, with the item or the flag of that: `AvPairs[2]`.
    #[must_use]
    pub fn tail(&self) -> Self {
        let start = self.steps.iter().rposition(|step| step.field().is_some());
        Self::new(self.steps.get(start.unwrap_or_default()..).unwrap_or_default())
    }

    /// The path of a part of this field.
    #[must_use]
    pub fn part(&self, step: Name) -> Self {
        let mut part = self.clone();
        part.push(step);
        part
    }

    /// Returns true if the field is a part of the one at `above`, or a part of such a part.
    #[must_use]
    pub fn is_below(&self, above: &Self) -> bool {
        self.steps.len() > above.steps.len() && self.steps.starts_with(&above.steps)
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for FieldPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl Name {
    /// The name of a field.
    const fn field(self) -> Option<&'static str> {
        if let Self::Field(name) = self { Some(name) } else { None }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => f.write_str(name),
            Self::Index(index) => write!(f, "[{index}]"),
            Self::Flag(bit) => write!(f, "#{bit}"),
            Self::Unreferenced(place) => write!(f, "unreferenced@{place}"),
        }
    }
}

/// The value of a field. Written back, it gives the bytes it was read from.
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
    /// The value for people: text as text, bytes as lower-case hex, numbers in decimal, flags in
    /// hex.
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
/// Children are inside their parent, in the order of their first byte. They do not overlap, except
/// payload fields of a message that makes them (`payload/overlap`). The leaves of a message and its
/// [`Field::gaps`] tile it.
#[derive(Clone, Debug, PartialEq)]
pub struct Field<'m> {
    /// The last step of its path.
    pub name: Name,
    /// Its bytes, counted from the start of the message.
    pub span: Span,
    /// The meaning of its bytes.
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
    pub fn walk(&self, visit: &mut impl FnMut(&FieldPath, &Self, usize)) {
        self.walk_from(&mut FieldPath::default(), 0, visit);
    }

    fn walk_from(
        &self,
        path: &mut FieldPath,
        depth: usize,
        visit: &mut impl FnMut(&FieldPath, &Self, usize),
    ) {
        let start = path.text.len();
        path.push(self.name);
        visit(path, self, depth);
        for child in &self.children {
            child.walk_from(path, depth.saturating_add(1), visit);
        }
        path.pop(start);
    }

    /// The path that is written as `text`; `None` where the tree has no such field.
    #[must_use]
    pub fn path(&self, text: &str) -> Option<FieldPath> {
        let mut found = None;
        self.walk(&mut |path, _, _| {
            if found.is_none() && path.as_str() == text {
                found = Some(path.clone());
            }
        });
        found
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
pub(crate) fn write_hex(f: &mut impl Write, bytes: &[u8]) -> fmt::Result {
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
