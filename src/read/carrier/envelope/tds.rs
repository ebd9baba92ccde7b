//! TDS, which SQL Server speaks: LOGIN7, the server's SSPI token, and the client's answer to it.
//!
//! The sign-in is in clear only where the connection is not encrypted from its start.
//!
//! Spec: [MS-TDS] 2.2.3.1, 2.2.6.4, 2.2.6.8, 2.2.7.22.

use super::{Envelope, has_token};
use crate::base::span::{Source, Span};
use crate::read::layer::{Layer, LayerKind};

/// `Type` of the packets that may carry a token.
const RESPONSE: u8 = 0x04;
const LOGIN7: u8 = 0x10;
const SSPI: u8 = 0x11;

/// The packet's header.
const HEADER: usize = 8;
/// The bits of `Status` that have a meaning.
const STATUS: u8 = 0x1F;
/// `TokenType` of the server's SSPI token.
const SSPI_TOKEN: u8 = 0xED;
/// The offset of `ibSSPI` and `cbSSPI` in LOGIN7.
const LOGIN7_SSPI: usize = 78;

/// Reads the packet at the start of `within`.
pub(super) fn read(source: Source<'_>, within: Span) -> Option<Envelope> {
    let head = source.array::<HEADER>(within.start)?;
    let [kind, status, high, low, .., window] = head.value;
    let len = usize::from(high) << 8 | usize::from(low);
    if status & !STATUS != 0 || window != 0 || len <= HEADER || head.span.end > within.end {
        return None;
    }
    let packet = Span::at(within.start, len);
    let body = Span::new(head.span.end, packet.end);
    let (name, token) = match kind {
        SSPI => ("SSPI message", body),
        LOGIN7 => {
            let at = body.start + LOGIN7_SSPI;
            let (start, size) = (source.le_u16(at)?, source.le_u16(at + 2)?);
            ("LOGIN7", Span::at(body.start + usize::from(start.value), size.value.into()))
        }
        RESPONSE if source.slice(body).first() == Some(&SSPI_TOKEN) => {
            let size = source.le_u16(body.start + 1)?;
            ("response", Span::at(size.span.end, size.value.into()))
        }
        _ => return None,
    };
    let there = Span::new(token.start, token.end.min(within.end));
    if !body.contains(token) || !has_token(source, there) {
        return None;
    }
    let span = Span::new(packet.start, packet.end.min(within.end));
    let layer = Layer::new(LayerKind::Tds(name), span);
    Some(Envelope { layer, findings: Vec::new(), token: there })
}
