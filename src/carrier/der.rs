use nom::{IResult, bytes::complete::take, number::complete::u8};

/// One element: its tag byte and its contents.
///
/// Spec: X.690 8.1. Tags above 30 do not occur in SPNEGO.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Element<'b> {
    pub(super) tag: u8,
    pub(super) contents: &'b [u8],
}

/// Reads one element of definite length. Contents cut by the end of `input` are given as far as they
/// are there.
pub(super) fn element(input: &[u8]) -> IResult<&[u8], Element<'_>> {
    let (input, (tag, len)) = header(input)?;
    let (input, contents) = take(len.min(input.len()))(input)?;
    Ok((input, Element { tag, contents }))
}

/// Reads the tag byte and the definite length, in bytes.
pub(super) fn header(input: &[u8]) -> IResult<&[u8], (u8, usize)> {
    let (input, tag) = u8(input)?;
    let (input, len) = length(input)?;
    Ok((input, (tag, len)))
}

/// Reads a definite length, in bytes.
fn length(input: &[u8]) -> IResult<&[u8], usize> {
    let (input, first) = u8(input)?;
    if first < 0x80 {
        return Ok((input, usize::from(first)));
    }
    let (input, digits) = take(first & 0x7F)(input)?;
    let len = digits
        .iter()
        .fold(0_usize, |len, digit| len.saturating_mul(256).saturating_add(usize::from(*digit)));
    Ok((input, len))
}
