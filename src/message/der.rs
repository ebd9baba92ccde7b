//! ASN.1 elements as BER and DER write them: where each begins, what it holds, where it ends.
//!
//! Spec: X.690 8.1. SPNEGO, GSS-API and Kerberos are written so, all of them in DER; what other
//! writers make of it is read too and can be told from it.
//!
//! One finding code tells how ASN.1 is written, whatever is in it; the layer says which token it is
//! about.

use crate::base::{
    finding::{Code, Finding, bytes as count},
    span::{Source, Span},
};

/// The first byte of identifiers.
pub mod tag {
    /// End-of-contents, which closes an element of indefinite length.
    pub const END_OF_CONTENTS: u8 = 0x00;
    /// `INTEGER`.
    pub const INTEGER: u8 = 0x02;
    /// `BIT STRING`.
    pub const BIT_STRING: u8 = 0x03;
    /// `OCTET STRING`.
    pub const OCTET_STRING: u8 = 0x04;
    /// `OBJECT IDENTIFIER`.
    pub const OBJECT_IDENTIFIER: u8 = 0x06;
    /// `ENUMERATED`.
    pub const ENUMERATED: u8 = 0x0A;
    /// `GeneralString`.
    pub const GENERAL_STRING: u8 = 0x1B;
    /// The bit that says an element holds others.
    pub const CONSTRUCTED: u8 = 0x20;
    /// `SEQUENCE` and `SEQUENCE OF`.
    pub const SEQUENCE: u8 = 0x30;

    /// `[number]` around an element, for numbers below 31.
    #[must_use]
    pub const fn context(number: u8) -> u8 {
        0xA0 | number
    }

    /// `[APPLICATION number]` around an element, for numbers below 31.
    #[must_use]
    pub const fn application(number: u8) -> u8 {
        0x60 | number
    }
}

/// The most elements that are passed over to find what closes an element of indefinite length, and
/// the most segments of a string that are put together. A token has some dozens.
const MAX_ELEMENTS: usize = 4_096;

/// One element. Its places count from the start of the buffer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Element {
    /// The first byte of its identifier: class, whether it holds others, and its number. Numbers
    /// above 30 are in the bytes after it, which are part of `header`.
    pub tag: u8,
    /// Identifier and length.
    pub header: Span,
    /// Its contents, or those of them that are there.
    pub contents: Span,
    /// One past its last byte, end-of-contents included.
    pub end: usize,
    /// The size of its contents as announced, in bytes; `None` where the length is indefinite.
    pub len: Option<usize>,
    /// True if part of it is missing: the buffer, or the element around it, ends before it does.
    pub is_cut: bool,
    /// True if the length is written as DER wants it: definite, in as few bytes as can be.
    pub is_der: bool,
}

impl Element {
    /// All its bytes.
    #[must_use]
    pub const fn span(&self) -> Span {
        Span::new(self.header.start, self.end)
    }
}

/// The remarks about how elements are written. Each kind is made once for a token.
#[derive(Clone, Copy, Debug, Default)]
pub struct Writing {
    /// True if an element ends past the bytes that are there.
    pub is_cut: bool,
    /// True if an element is not written as DER wants it.
    pub is_odd: bool,
}

impl Writing {
    /// Remarks how `element` is written.
    pub fn look(&mut self, element: Element, findings: &mut Vec<Finding>) {
        if element.is_cut && !self.is_cut {
            self.is_cut = true;
            let there = element.contents.len();
            let text = match element.len {
                Some(len) if len > there => {
                    format!("Cut: an element announces {}, and {there} are there.", count(len))
                }
                _ => "Cut: an element has no end.".to_owned(),
            };
            findings.push(Finding::new(Code::DerTruncated, element.span(), text));
        }
        let in_segments = element.tag == tag::OCTET_STRING | tag::CONSTRUCTED;
        if (!element.is_der || in_segments) && !self.is_odd {
            self.is_odd = true;
            let text = match element.len {
                None => "A length is indefinite. The specification wants DER, which has none.",
                Some(_) if element.is_der => {
                    "A string is in segments. The specification wants DER, which has none."
                }
                Some(_) => "A length takes more bytes than it needs. The specification wants DER.",
            };
            findings.push(Finding::new(Code::DerNotDer, element.header, text));
        }
    }
}

/// Reads the element at the start of `within`; `None` where `within` is empty.
///
/// An element that ends outside `within` is given as far as it goes.
#[must_use]
pub fn element(source: Source<'_>, within: Span) -> Option<Element> {
    let within = within.clipped(source.0.len());
    let head = header(source, within)?;
    let start = head.span.end;
    let end = match head.len {
        Length::Definite(len) => start.checked_add(len).filter(|end| *end <= within.end),
        Length::Indefinite => closing(source, Span::new(start, within.end)),
        Length::Unreadable => None,
    };
    let contents = Span::new(start, end.unwrap_or(within.end));
    let (len, closed_by) = match head.len {
        Length::Definite(len) => (Some(len), 0),
        Length::Indefinite => (None, 2),
        Length::Unreadable => (Some(contents.len()), 0),
    };
    Some(Element {
        tag: head.tag,
        header: head.span,
        contents,
        end: end.map_or(within.end, |end| end.saturating_add(closed_by)),
        len,
        is_cut: end.is_none(),
        is_der: head.is_der,
    })
}

/// The tag of the element at the start of `within`, and where its contents begin.
#[must_use]
pub fn opening(source: Source<'_>, within: Span) -> Option<(u8, usize)> {
    let head = header(source, within.clipped(source.0.len()))?;
    Some((head.tag, head.span.end))
}

/// The elements that stand side by side in `within`.
pub fn elements(source: Source<'_>, within: Span) -> impl Iterator<Item = Element> {
    let mut at = within.start;
    std::iter::from_fn(move || {
        let next = element(source, Span::new(at, within.end))?;
        at = next.end;
        Some(next)
    })
}

/// The bytes of the string in `outer`, which may be written in segments (X.690 8.7.3): one span
/// where it is not. At most 4,096 segments are looked at.
#[must_use]
pub fn segments(source: Source<'_>, string: Element) -> Vec<Span> {
    if string.tag & tag::CONSTRUCTED == 0 {
        return vec![string.contents];
    }
    let mut found = Vec::new();
    let mut within = string.contents;
    for _ in 0..MAX_ELEMENTS {
        let Some(head) = header(source, within) else { break };
        let contents = Span::new(head.span.end, within.end);
        within.start = match head.len {
            // What a segment of segments holds is looked at next.
            _ if head.tag == string.tag => head.span.end,
            Length::Definite(len) => {
                let part = Span::at(contents.start, len).clipped(within.end);
                if head.tag == string.tag & !tag::CONSTRUCTED {
                    found.push(part);
                }
                part.end
            }
            Length::Indefinite | Length::Unreadable => break,
        };
    }
    found
}

/// The number of bytes, by its own length, of the element that begins with `head`.
#[must_use]
pub fn announced_len(head: &[u8]) -> Option<usize> {
    let source = Source(head);
    let head = header(source, Span::new(0, head.len()))?;
    match head.len {
        Length::Definite(len) => Some(head.span.end.saturating_add(len)),
        Length::Indefinite | Length::Unreadable => None,
    }
}

/// The number that the contents of an `INTEGER` or `ENUMERATED` are, where 64 bits hold it.
#[must_use]
pub fn integer(contents: &[u8]) -> Option<i64> {
    let first = *contents.first().filter(|_| contents.len() <= 8)?;
    let sign = if first & 0x80 == 0 { 0 } else { -1 };
    Some(contents.iter().fold(sign, |number, byte| number << 8 | i64::from(*byte)))
}

/// Identifier and length of an element.
struct Header {
    tag: u8,
    span: Span,
    len: Length,
    is_der: bool,
}

/// The size of an element's contents.
enum Length {
    /// A number of bytes.
    Definite(usize),
    /// Up to the end-of-contents that closes it.
    Indefinite,
    /// It is cut, reserved, or indefinite where nothing can close it.
    Unreadable,
}

/// Reads identifier and length at the start of `within`; `None` where it is empty.
fn header(source: Source<'_>, within: Span) -> Option<Header> {
    let bytes = source.slice(within);
    let (tag, mut rest) = bytes.split_first()?;
    if tag & 0x1F == 0x1F {
        // The number follows, seven bits a byte, the last of them without the eighth.
        let more = rest.iter().take_while(|byte| **byte & 0x80 != 0).count();
        rest = rest.get(more..).and_then(|rest| rest.get(1..)).unwrap_or_default();
    }
    let (len, is_der, rest) = length(*tag, rest);
    let span = Span::new(within.start, within.end - rest.len());
    Some(Header { tag: *tag, span, len, is_der })
}

/// Reads a length, and says whether it is one of DER; the rest is what follows it.
///
/// Spec: X.690 8.1.3 and 10.1.
fn length(tag: u8, input: &[u8]) -> (Length, bool, &[u8]) {
    match input.split_first() {
        None => (Length::Unreadable, true, &[]),
        Some((short @ ..0x80, rest)) => (Length::Definite(usize::from(*short)), true, rest),
        Some((0x80, rest)) if tag & tag::CONSTRUCTED != 0 => (Length::Indefinite, false, rest),
        Some((0x80 | 0xFF, rest)) => (Length::Unreadable, false, rest),
        Some((count, rest)) => {
            let Some((digits, rest)) = rest.split_at_checked(usize::from(count & 0x7F)) else {
                return (Length::Unreadable, true, &[]);
            };
            let len = digits.iter().fold(0_usize, |len, digit| {
                len.saturating_mul(256).saturating_add(usize::from(*digit))
            });
            let is_short = len >= 0x80 && digits.first() != Some(&0);
            (Length::Definite(len), is_short, rest)
        }
    }
}

/// The place of the end-of-contents that closes what begins `within`.
fn closing(source: Source<'_>, mut within: Span) -> Option<usize> {
    let mut open = 1_usize;
    for _ in 0..MAX_ELEMENTS {
        let head = header(source, within)?;
        within.start = match head.len {
            Length::Definite(0) if head.tag == tag::END_OF_CONTENTS => {
                open -= 1;
                if open == 0 {
                    return Some(head.span.start);
                }
                head.span.end
            }
            Length::Definite(len) => {
                head.span.end.checked_add(len).filter(|end| *end <= within.end)?
            }
            Length::Indefinite => {
                open += 1;
                head.span.end
            }
            Length::Unreadable => return None,
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Element {
        element(Source(bytes), Span::new(0, bytes.len())).expect("an element")
    }

    #[test]
    #[rustfmt::skip]
    fn lengths_of_every_form_are_read() {
        // Bytes; the ends of header, contents and all; whether it is cut, and DER.
        let cases: &[(&[u8], [usize; 3], bool, bool)] = &[
            (&[4, 2, 7, 7, 9],                        [2, 4, 4], false, true),
            (&[4, 0x81, 2, 7, 7, 9],                  [3, 5, 5], false, false),
            (&[4, 0x82, 0, 2, 7, 7],                  [4, 6, 6], false, false),
            (&[4, 9, 7, 7],                           [2, 4, 4], true,  true),
            (&[4],                                    [1, 1, 1], true,  true),
            (&[4, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 7],   [6, 7, 7], true,  true),
            (&[4, 0x89, 1, 0, 0, 0, 0, 0, 0, 0, 0, 7], [11, 12, 12], true, true),
            (&[4, 0x82, 0xFF],                        [3, 3, 3], true,  true),
            (&[4, 0x80, 7],                           [2, 3, 3], true,  false),
            (&[4, 0xFF, 7],                           [2, 3, 3], true,  false),
            (&[0x24, 0x80, 4, 1, 7, 0, 0, 9],         [2, 5, 7], false, false),
            (&[0x24, 0x80, 0x24, 0x80, 0, 0, 0, 0],   [2, 6, 8], false, false),
            (&[0x24, 0x80, 0x24, 0x80, 0, 0],         [2, 6, 6], true,  false),
            (&[0x1F, 0x81, 0x01, 1, 7, 9],            [4, 5, 5], false, true),
            (&[0x1F, 0x81],                           [2, 2, 2], true,  true),
        ];
        for (bytes, [header, contents, end], is_cut, is_der) in cases {
            let element = read(bytes);
            assert_eq!(element.header, Span::new(0, *header), "{bytes:02x?}");
            assert_eq!(element.contents, Span::new(*header, *contents), "{bytes:02x?}");
            assert_eq!((element.end, element.is_cut, element.is_der), (*end, *is_cut, *is_der), "{bytes:02x?}");
        }
        assert_eq!(element(Source(&[1, 0]), Span::new(2, 2)), None);
    }

    #[test]
    fn elements_side_by_side_reach_the_end() {
        let bytes = [2, 1, 5, 0x30, 0x80, 2, 1, 6, 0, 0, 4, 9, 1];
        let spans: Vec<_> =
            elements(Source(&bytes), Span::new(0, bytes.len())).map(|e| e.span()).collect();
        assert_eq!(spans, [Span::new(0, 3), Span::new(3, 10), Span::new(10, 13)]);
    }

    #[test]
    fn strings_in_segments_are_listed() {
        let bytes = [0x24, 0x80, 4, 2, 7, 8, 0x24, 3, 4, 1, 9, 5, 0, 4, 1, 6, 0, 0];
        let spans = segments(Source(&bytes), read(&bytes));
        assert_eq!(spans, [Span::new(4, 6), Span::new(10, 11), Span::new(15, 16)]);
        assert_eq!(segments(Source(&[4, 1, 7]), read(&[4, 1, 7])), [Span::new(2, 3)]);
    }

    #[test]
    fn numbers_have_a_sign() {
        assert_eq!(integer(&[5]), Some(5));
        assert_eq!(integer(&[0, 0x80]), Some(128));
        assert_eq!(integer(&[0xFF, 0x79]), Some(-135));
        assert_eq!(integer(&[0x7F; 8]), Some(0x7F7F_7F7F_7F7F_7F7F));
        assert_eq!(integer(&[1; 9]), None);
        assert_eq!(integer(&[]), None);
    }

    #[test]
    fn a_million_open_elements_end_soon() {
        let bytes = [0x30, 0x80].repeat(1_000_000);
        let element = read(&bytes);
        assert!(element.is_cut);
        assert!(elements(Source(&bytes), element.contents).count() < 2);
        assert!(segments(Source(&[0x24, 0x80].repeat(1_000_000)), element).len() < 2);
    }
}
