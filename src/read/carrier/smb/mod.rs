//! SMB: the packets that a file server's clients sign in with.
//!
//! Spec: [MS-SMB2], [MS-CIFS], [MS-SMB].

mod fixed;
mod smb1;
mod smb2;

use crate::base::{
    finding::{Code, Finding, bytes as count},
    span::{Source, Span},
};
use crate::read::layer::Layer;

/// The header of direct TCP and of a NetBIOS session: a zero byte and the size of what follows in
/// three, big-endian. Spec: [MS-SMB2] 2.1.
const TRANSPORT: usize = 4;

/// No packet is longer, so that a size in bytes that are not known can be told from anything else.
const MAX_PACKET_LEN: usize = 1 << 20;

/// The smallest header, that of SMB1.
const MIN_HEADER_LEN: usize = 32;

/// One SMB message and what it carries.
#[derive(Clone, Debug)]
pub(super) struct SmbMessage {
    /// Its layer.
    pub(super) layer: Layer,
    /// The findings about it.
    pub(super) findings: Vec<Finding>,
    /// The start of the bytes behind its header.
    pub(super) start: usize,
    /// The place to look for what it carries.
    pub(super) inside: Inside,
    /// One past its last byte.
    pub(super) end: usize,
    /// True if the paste ends before it does.
    pub(super) is_cut: bool,
}

/// The contents of a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Inside {
    /// Its security buffer: one token.
    Token(Span),
    /// No security buffer; other bytes, in which one could be.
    Other(Span),
}

/// Bytes that hold one SMB message, or several that are chained.
#[derive(Clone, Copy)]
struct SmbPacket {
    /// The start of the transport header, or of the first SMB header if there is none.
    start: usize,
    /// From the SMB header on.
    span: Span,
    /// The number of bytes that the transport header announces and that are missing.
    missing: usize,
    framing: Framing,
}

/// The source that says where a packet ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Framing {
    /// The transport header before it.
    Transport,
    /// Nothing but its own fields.
    None,
}

/// Returns true if an SMB header begins with these four bytes.
const fn is_id(bytes: &[u8]) -> bool {
    matches!(bytes, [0xFC..=0xFF, b'S', b'M', b'B', ..])
}

/// Returns true if bytes that begin like this are an SMB packet, with or without the transport
/// header.
pub(super) fn begins(head: &[u8]) -> bool {
    is_id(head)
        || head.get(TRANSPORT..).is_some_and(is_id)
            && size(head).is_some_and(|size| size >= MIN_HEADER_LEN)
}

/// The size of a NetBIOS session request, response or keep-alive that `head` begins with, if an SMB
/// packet follows it. Spec: RFC 1002 4.3.
pub(super) fn session_service(head: &[u8]) -> Option<usize> {
    let [0x81..=0x85, 0, high, low, ..] = head else { return None };
    let len = TRANSPORT + (usize::from(*high) << 8 | usize::from(*low));
    head.get(len..).is_some_and(begins).then_some(len)
}

/// The start of the packet whose SMB header begins at `at`, not before `from`.
pub(super) fn start(bytes: &[u8], from: usize, at: usize) -> Option<usize> {
    if !bytes.get(at..).is_some_and(is_id) {
        return None;
    }
    let framed = at.checked_sub(TRANSPORT).filter(|start| {
        let size = size(bytes.get(*start..at).unwrap_or_default());
        *start >= from && size.is_some_and(|size| (MIN_HEADER_LEN..=MAX_PACKET_LEN).contains(&size))
    });
    Some(framed.unwrap_or(at))
}

/// The size in a transport header.
fn size(header: &[u8]) -> Option<usize> {
    match header {
        [0, high, middle, low, ..] => {
            Some(usize::from(*high) << 16 | usize::from(*middle) << 8 | usize::from(*low))
        }
        _ => None,
    }
}

/// Reads the messages of the packet at the start of `within`, one after another; none where it is
/// no SMB packet.
pub(super) fn read(source: Source<'_>, within: Span) -> impl Iterator<Item = SmbMessage> {
    let packet = packet(source, within);
    let mut rest = packet.map(|packet| packet.span);
    std::iter::from_fn(move || {
        let (packet, span) = (packet?, rest?);
        let (mut message, next) = match source.slice(span) {
            [0xFF, ..] => (smb1::read(source, span, packet.framing), None),
            _ => smb2::read(source, span, packet.framing),
        };
        rest = next.map(|next| Span::new(next, span.end));
        message.layer.span = Span::new(span.start, message.end);
        let is_framed = packet.framing == Framing::Transport;
        if is_framed && span.start == packet.span.start {
            message.layer.span.start = packet.start;
            message.layer.facts.insert(0, fixed::transport(source, packet.start));
        }
        let leads_on = message.findings.iter().any(|found| found.code == Code::SmbSecurityBuffer);
        message.is_cut = next.is_none() && (packet.missing > 0 || !is_framed && leads_on);
        let is_said = message.findings.iter().any(|found| found.code == Code::SmbTruncated);
        if packet.missing > 0 && next.is_none() && !is_said {
            let text = format!("The packet is cut: {} missing.", count(packet.missing));
            message.findings.push(Finding::new(Code::SmbTruncated, message.layer.span, text));
        }
        Some(message)
    })
}

fn packet(source: Source<'_>, within: Span) -> Option<SmbPacket> {
    let bytes = source.slice(within);
    if is_id(bytes) {
        // Without a transport header, the size that every SMB2 header states has to be there.
        if bytes.starts_with(b"\xFESMB") && bytes.get(4..6).is_some_and(|size| size != [64, 0]) {
            return None;
        }
        return Some(SmbPacket {
            start: within.start,
            span: within,
            missing: 0,
            framing: Framing::None,
        });
    }
    if !begins(bytes) {
        return None;
    }
    let announced = Span::at(within.start + TRANSPORT, size(bytes)?);
    let span = announced.clipped(within.end);
    let missing = announced.len() - span.len();
    Some(SmbPacket { start: within.start, span, missing, framing: Framing::Transport })
}

/// The end of a message that has no transport header and whose own fields do not tell: before the
/// next SMB header, or with `within`.
fn open_end(source: Source<'_>, within: Span) -> usize {
    let bytes = source.slice(within);
    let next = (MIN_HEADER_LEN..bytes.len()).find(|at| bytes.get(*at..).is_some_and(is_id));
    next.map_or(within.end, |at| {
        let at = within.start + at;
        start(source.0, within.start + MIN_HEADER_LEN, at).unwrap_or(at)
    })
}

/// The security buffer that a message says it has: `announced`, in the message `within`, not before
/// `from`. What is wrong with it becomes a finding about `pointer`.
fn security_buffer(
    announced: Span,
    within: Span,
    from: usize,
    pointer: Span,
    findings: &mut Vec<Finding>,
) -> Option<Span> {
    if announced.is_empty() {
        return None;
    }
    if announced.start < from || announced.end > within.end {
        let where_it_is = if announced.start < from { "in the header" } else { "past the end" };
        findings.push(Finding::new(
            Code::SmbSecurityBuffer,
            pointer,
            format!("The security buffer is {where_it_is} of its message."),
        ));
    }
    let there = announced.clipped(within.end);
    (announced.start >= from && !there.is_empty()).then_some(there)
}
