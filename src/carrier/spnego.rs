use crate::{
    carrier::der::{self, element},
    ntlm::SIGNATURE,
    span::Span,
};

/// A SPNEGO token with NTLM messages in it.
///
/// Spec: RFC 4178 4.2, [MS-SPNG] 2.2.1.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct SpnegoToken {
    /// The name of its choice.
    pub(super) choice: &'static str,
    /// Its bytes.
    pub(super) span: Span,
    /// The octet strings that begin with the signature.
    pub(super) messages: Vec<Span>,
}

/// Tags of the outermost element.
mod tag {
    /// GSS-API framing, RFC 2743 3.1, around the first token.
    pub(super) const GSS_API: u8 = 0x60;
    pub(super) const NEG_TOKEN_INIT: u8 = 0xA0;
    pub(super) const NEG_TOKEN_RESP: u8 = 0xA1;
    pub(super) const OCTET_STRING: u8 = 0x04;
    /// The bit that says an element holds others.
    pub(super) const CONSTRUCTED: u8 = 0x20;
}

/// How deep elements are followed. A token that carries NTLM is six deep.
const DEEPEST: usize = 16;

/// Whether bytes that begin like this can be a token.
pub(super) fn begins(head: &[u8]) -> bool {
    matches!(head.first(), Some(&(tag::GSS_API | tag::NEG_TOKEN_INIT | tag::NEG_TOKEN_RESP)))
        && head.get(1).is_some_and(|length| matches!(length, 0x10..=0x7F | 0x81..=0x84))
}

/// How many bytes the token takes that begins with `head`.
pub(super) fn announced_len(head: &[u8]) -> Option<usize> {
    let (rest, (_, len)) = der::header(head).ok()?;
    begins(head).then(|| (head.len() - rest.len()).saturating_add(len))
}

/// Reads the token at the start of `bytes`, if it carries a message; at most `most` of them.
pub(super) fn read(bytes: &[u8], most: usize) -> Option<SpnegoToken> {
    if !begins(bytes) {
        return None;
    }
    let (rest, outer) = element(bytes).ok()?;
    let choice = match outer.tag {
        tag::GSS_API | tag::NEG_TOKEN_INIT => "NegTokenInit",
        tag::NEG_TOKEN_RESP => "NegTokenResp",
        _ => return None,
    };
    let mut messages = Vec::new();
    collect(bytes, outer.contents, DEEPEST, most, &mut messages);
    let span = Span::new(0, bytes.len() - rest.len());
    (!messages.is_empty()).then_some(SpnegoToken { choice, span, messages })
}

/// Collects the octet strings in `contents`, a part of `whole`, that begin with the signature.
fn collect(whole: &[u8], contents: &[u8], depth: usize, most: usize, messages: &mut Vec<Span>) {
    let mut input = contents;
    while let Ok((rest, inner)) = element(input) {
        input = rest;
        if messages.len() >= most {
            return;
        }
        if inner.tag == tag::OCTET_STRING && inner.contents.starts_with(SIGNATURE) {
            // Both are slices of one buffer: the distance of their ends is the place.
            let end = inner.contents.as_ptr_range().end.addr() - whole.as_ptr().addr();
            messages.push(Span::new(end - inner.contents.len(), end));
        } else if inner.tag & tag::CONSTRUCTED != 0 && depth > 0 {
            collect(whole, inner.contents, depth - 1, most, messages);
        }
    }
}
