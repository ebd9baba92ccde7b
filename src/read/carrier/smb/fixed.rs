//! The fixed fields of SMB headers, as facts.

use crate::base::span::{Source, Span};
use crate::message::wire::NtStatus;
use crate::read::{carrier::smb::TRANSPORT, layer::Fact};

/// A field at a fixed place, and how its number is shown.
pub(super) struct FixedField {
    /// Its first byte, from the first of the structure.
    pub(super) at: usize,
    /// Its size, in bytes.
    pub(super) size: usize,
    /// Its name in the specification.
    pub(super) name: &'static str,
    /// The form of its number.
    pub(super) show: Show,
}

/// The field of that size `at` bytes from the start of the structure.
pub(super) const fn place(at: usize, size: usize, name: &'static str, show: Show) -> FixedField {
    FixedField { at, size, name, show }
}

/// A form in which a number is shown.
pub(super) enum Show {
    /// In decimal.
    Number,
    /// In hex, all its digits.
    Hex,
    /// By the names of its bits that are set; bits without a name in hex.
    Bits(&'static [(u64, &'static str)]),
    /// By its name; in hex where it has none.
    Name(&'static [(u64, &'static str)]),
    /// As an NT status.
    Status,
}

/// The fields at `places` of the structure that begins at `base`, as far as they are in `within`.
pub(super) fn facts(
    source: Source<'_>,
    base: usize,
    within: Span,
    places: &'static [FixedField],
) -> Vec<Fact> {
    let fact = |place: &FixedField| {
        let span = Span::at(place.at, place.size).shifted(base);
        let number = number(source, span).filter(|_| within.contains(span))?;
        Some(Fact { name: place.name, value: said(number, place), span })
    };
    places.iter().filter_map(fact).collect()
}

/// The size in the transport header at `start`.
pub(super) fn transport(source: Source<'_>, start: usize) -> Fact {
    let span = Span::new(start + 1, start + TRANSPORT);
    let size = source.slice(span).iter().fold(0, |size, byte| size << 8 | u64::from(*byte));
    Fact { name: "StreamProtocolLength", value: size.to_string(), span }
}

/// The little-endian number at `span`, if all of it exists; at most eight bytes.
pub(super) fn number(source: Source<'_>, span: Span) -> Option<u64> {
    let bytes = source.exact(span).filter(|bytes| bytes.len() <= 8)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

fn said(number: u64, place: &FixedField) -> String {
    let hex = || format!("{number:#0width$X}", width = 2 + 2 * place.size);
    match &place.show {
        Show::Number => number.to_string(),
        Show::Hex => hex(),
        Show::Name(names) => names
            .iter()
            .find(|(known, _)| *known == number)
            .map_or_else(hex, |(_, name)| (*name).to_owned()),
        Show::Status => {
            u32::try_from(number).map_or_else(|_| hex(), |status| NtStatus(status).to_string())
        }
        Show::Bits(_) if number == 0 => "none".to_owned(),
        Show::Bits(names) => {
            let set = names.iter().filter(|(bit, _)| number & bit != 0);
            let mut words: Vec<_> = set.map(|(_, name)| (*name).to_owned()).collect();
            let rest = names.iter().fold(number, |rest, (bit, _)| rest & !bit);
            if rest != 0 {
                words.push(format!("{rest:#x}"));
            }
            words.join(", ")
        }
    }
}
