//! `AV_PAIR` lists, as far as they can be read.

use nom::{IResult, Parser, bytes::complete::take, number::complete::le_u16};

use crate::base::{
    finding::{Code, Finding, bytes},
    span::{Located, Source, Span},
};
use crate::message::{
    field::{Field, Name, Value},
    wire::{AvFlags, AvId, FileTime, Utf16Le},
};

/// One `AV_PAIR`.
///
/// Spec: [MS-NLMP] 2.2.2.1.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct AvPair {
    /// `AvId`.
    pub id: Located<AvId>,
    /// `AvLen`, in bytes.
    pub len: Located<u16>,
    /// The bytes of `Value`, counted from the start of the message; those of them that are there.
    pub value: Span,
}

impl AvPair {
    /// Returns true if the list ends before the value does.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.value.len() < usize::from(self.len.value)
    }

    /// Id, length and value.
    #[must_use]
    pub const fn span(&self) -> Span {
        Span::new(self.id.span.start, self.value.end)
    }

    /// The meaning of `Value`. A value of a size its id cannot have is just bytes.
    #[must_use]
    pub fn meaning<'m>(&self, message: Source<'m>) -> Value<'m> {
        let bytes = message.slice(self.value);
        match self.id.value {
            id if id.is_text() => Value::Utf16(Utf16Le(bytes)),
            AvId::MsvAvFlags => bytes.try_into().map_or(Value::Bytes(bytes), |flags| {
                Value::AvFlags(AvFlags::from_bits_retain(u32::from_le_bytes(flags)))
            }),
            AvId::MsvAvTimestamp => bytes.try_into().map_or(Value::Bytes(bytes), |ticks| {
                Value::Time(FileTime(u64::from_le_bytes(ticks)))
            }),
            _ => Value::Bytes(bytes),
        }
    }

    fn field<'m>(&self, message: Source<'m>, index: usize) -> Field<'m> {
        let mut children = Vec::with_capacity(3);
        children.push(Field::leaf("AvId", self.id.span, Value::AvId(self.id.value)));
        children.push(Field::leaf("AvLen", self.len.span, Value::U16(self.len.value)));
        let parts = self.single_host(message);
        if !parts.is_empty() {
            children.push(Field::structure("Value", self.value, parts));
        } else if !self.value.is_empty() {
            children.push(Field::leaf("Value", self.value, self.meaning(message)));
        }
        Field { name: Name::Index(index), span: self.span(), value: Value::Structure, children }
    }

    /// The parts of a `Single_Host_Data`, where the value is one: 48 bytes, or more of which
    /// receivers ignore what follows `MachineID` (Windows 11 sends 80 bytes since build 26200).
    ///
    /// Spec: [MS-NLMP] 2.2.2.2.
    fn single_host<'m>(&self, message: Source<'m>) -> Vec<Field<'m>> {
        let at = |start: usize, len: usize| Span::at(start, len).shifted(self.value.start);
        let number = |start| {
            message.le_u32(at(start, 4).start).map_or(0, |located: Located<u32>| located.value)
        };
        let part = |span| Value::Bytes(message.slice(span));
        let Some(after) = self.value.len().checked_sub(48) else { return Vec::new() };
        if self.id.value != AvId::MsvAvSingleHost {
            return Vec::new();
        }
        let mut parts = vec![
            Field::leaf("Size", at(0, 4), Value::U32(number(0))),
            Field::leaf("Z4", at(4, 4), Value::U32(number(4))),
            Field::leaf("CustomData", at(8, 8), part(at(8, 8))),
            Field::leaf("MachineID", at(16, 32), part(at(16, 32))),
        ];
        if after != 0 {
            parts.push(Field::leaf("AfterMachineID", at(48, after), part(at(48, after))));
        }
        parts
    }
}

/// An `AV_PAIR` list.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct AvPairs {
    /// The bytes from the first pair to the end of `MsvAvEOL`, or to where reading stopped.
    pub span: Span,
    /// The pairs in their order, `MsvAvEOL` included.
    pub pairs: Vec<AvPair>,
    /// The bytes behind `MsvAvEOL`, up to the end of those the list was read from.
    pub rest: Span,
}

impl AvPairs {
    /// The most pairs that are read. There are far fewer kinds.
    pub const MAX_PAIRS: usize = 32;

    /// Returns true if it ends as it should. If it does not, a pair that is missing from it may
    /// have been there.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.pairs.last().is_some_and(|pair| pair.id.value == AvId::MsvAvEOL && !pair.is_cut())
    }

    /// Reads the list at `list` in `message`.
    ///
    /// Stops at `MsvAvEOL` and never fails: a pair cut short and a list without `MsvAvEOL` become
    /// findings, and the pairs before them are returned. So do duplicates, unknown ids and values
    /// of impossible size.
    ///
    /// Spec: [MS-NLMP] 2.2.2.1. Spans count bytes from the start of `message`.
    #[must_use]
    pub fn read(message: Source<'_>, list: Span, findings: &mut Vec<Finding>) -> Self {
        let list = list.clipped(message.0.len());
        let within = Source(message.0.get(..list.end).unwrap_or_default());
        let mut pairs: Vec<AvPair> = Vec::with_capacity(12);
        let mut input = within.slice(list);
        loop {
            let at = within.offset_of(input);
            if pairs.len() == Self::MAX_PAIRS {
                findings.push(Finding::new(
                    Code::AvPairTooMany,
                    Span::new(at, list.end),
                    format!("Only the first {} AV pairs are read.", Self::MAX_PAIRS),
                ));
                break;
            }
            match av_pair(within, input) {
                Ok((rest, pair)) => {
                    input = rest;
                    pairs.push(pair);
                    if pair.id.value == AvId::MsvAvEOL {
                        break;
                    }
                }
                Err(_) if input.is_empty() => {
                    findings.push(Finding::new(
                        Code::AvPairMissingEol,
                        Span::new(list.start, at),
                        "The list of AV pairs does not end in MsvAvEOL.",
                    ));
                    break;
                }
                Err(_) => {
                    let span = Span::new(at, list.end);
                    let message = match cut_pair(within, input) {
                        Some(pair) => {
                            pairs.push(pair);
                            input = &[];
                            format!(
                                "{} is cut: {} of its {} are there.",
                                pair.id.value,
                                pair.value.len(),
                                bytes(pair.len.value.into())
                            )
                        }
                        None => format!(
                            "An AV pair is cut: it begins at byte {at}, and takes more than the {} left.",
                            bytes(span.len())
                        ),
                    };
                    findings.push(Finding::new(Code::AvPairTruncated, span, message));
                    break;
                }
            }
        }
        let end = within.offset_of(input);
        let list = Self { span: Span::new(list.start, end), pairs, rest: Span::new(end, list.end) };
        list.check(message, findings);
        list
    }

    /// The first pair with that id.
    #[must_use]
    pub fn first(&self, id: AvId) -> Option<&AvPair> {
        self.pairs.iter().find(|pair| pair.id.value == id)
    }

    /// The text of the first pair with that id, where it is there as a whole.
    #[must_use]
    pub fn text(&self, message: Source<'_>, id: AvId) -> Option<String> {
        let pair = self.first(id).filter(|pair| !pair.is_cut())?;
        Some(Utf16Le(message.slice(pair.value)).to_string())
    }

    /// `MsvAvFlags`, where it is there and has four bytes.
    #[must_use]
    pub fn flags(&self, message: Source<'_>) -> Option<AvFlags> {
        match self.first(AvId::MsvAvFlags)?.meaning(message) {
            Value::AvFlags(flags) => Some(flags),
            _ => None,
        }
    }

    /// `MsvAvTimestamp`, where it is there and has eight bytes.
    #[must_use]
    pub fn timestamp(&self, message: Source<'_>) -> Option<FileTime> {
        match self.first(AvId::MsvAvTimestamp)?.meaning(message) {
            Value::Time(time) => Some(time),
            _ => None,
        }
    }

    /// One node per pair.
    pub(crate) fn fields<'m>(&self, message: Source<'m>) -> Vec<Field<'m>> {
        self.pairs.iter().enumerate().map(|(index, pair)| pair.field(message, index)).collect()
    }

    fn check(&self, message: Source<'_>, findings: &mut Vec<Finding>) {
        for (index, pair) in self.pairs.iter().enumerate() {
            let (id, len) = (pair.id.value, pair.len.value);
            let wrong = match id {
                _ if pair.is_cut() => None,
                AvId::MsvAvEOL => (len != 0).then_some("0"),
                AvId::MsvAvFlags => (len != 4).then_some("4"),
                AvId::MsvAvTimestamp => (len != 8).then_some("8"),
                AvId::MsvAvSingleHost => (len < 48).then_some("at least 48"),
                AvId::MsvAvChannelBindings => (len != 16).then_some("16"),
                id if id.is_text() && len % 2 == 1 => Some("an even number of"),
                _ => None,
            };
            if let Some(right) = wrong {
                findings.push(Finding::new(
                    Code::AvPairSize,
                    pair.span(),
                    format!("{id} has {len} bytes; it takes {right} bytes."),
                ));
            } else if id.is_text()
                && !pair.is_cut()
                && Utf16Le(message.slice(pair.value)).has_lone_surrogate()
            {
                findings.push(Finding::new(
                    Code::TextLoneSurrogate,
                    pair.value,
                    format!("{id} contains half a surrogate pair, which is not a character."),
                ));
            }
            if id.name().is_none() {
                findings.push(Finding::new(
                    Code::AvPairUnknown,
                    pair.span(),
                    format!("{id} is not named in the specification. Receivers ignore it."),
                ));
            }
            if self.pairs.iter().take(index).any(|other| other.id.value == id) {
                findings.push(Finding::new(
                    Code::AvPairDuplicate,
                    pair.span(),
                    format!("{id} is there more than once. The first one counts here; what Windows does is not documented."),
                ));
            }
        }
    }
}

fn av_pair<'m>(message: Source<'m>, input: &'m [u8]) -> IResult<&'m [u8], AvPair> {
    let (input, id) = located(message, le_u16.map(AvId)).parse(input)?;
    let (input, len) = located(message, le_u16).parse(input)?;
    let (input, value) = located(message, take(len.value)).parse(input)?;
    Ok((input, AvPair { id, len, value: value.span }))
}

/// A pair whose value is cut by the end of `input`; `None` where not even its length is there.
fn cut_pair(message: Source<'_>, input: &[u8]) -> Option<AvPair> {
    let at = message.offset_of(input);
    let id = message.le_u16(at)?.map(AvId);
    let len = message.le_u16(id.span.end)?;
    Some(AvPair { id, len, value: Span::new(len.span.end, message.0.len()) })
}

/// Adds to what `parser` returns the bytes it consumed.
fn located<'m, T, P>(
    message: Source<'m>,
    mut parser: P,
) -> impl Parser<&'m [u8], Output = Located<T>, Error = nom::error::Error<&'m [u8]>>
where
    P: Parser<&'m [u8], Output = T, Error = nom::error::Error<&'m [u8]>>,
{
    move |input| {
        let (rest, value) = parser.parse(input)?;
        let span = Span::new(message.offset_of(input), message.offset_of(rest));
        Ok((rest, Located { value, span }))
    }
}
