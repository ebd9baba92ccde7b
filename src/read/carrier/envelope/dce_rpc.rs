//! DCE/RPC: the PDUs in which a connection signs in, over TCP or in a pipe of SMB.
//!
//! Spec: C706 12.6, [MS-RPCE] 2.2.2.10 and 2.2.2.11.

use super::{Envelope, has_token};
use crate::base::span::{Source, Span};
use crate::read::layer::{Fact, Layer, LayerKind};

/// The PDUs that sign in, by their `PTYPE`.
const PDUS: [(u8, &str); 5] = [
    (11, "bind"),
    (12, "bind_ack"),
    (14, "alter_context"),
    (15, "alter_context_resp"),
    (16, "rpc_auth_3"),
];

/// The names of `auth_type`.
const TYPES: [(u8, &str); 3] =
    [(9, "RPC_C_AUTHN_GSS_NEGOTIATE"), (10, "RPC_C_AUTHN_WINNT"), (16, "RPC_C_AUTHN_GSS_KERBEROS")];

/// The names of `auth_level`.
const LEVELS: [(u8, &str); 6] = [
    (1, "RPC_C_AUTHN_LEVEL_NONE"),
    (2, "RPC_C_AUTHN_LEVEL_CONNECT"),
    (3, "RPC_C_AUTHN_LEVEL_CALL"),
    (4, "RPC_C_AUTHN_LEVEL_PKT"),
    (5, "RPC_C_AUTHN_LEVEL_PKT_INTEGRITY"),
    (6, "RPC_C_AUTHN_LEVEL_PKT_PRIVACY"),
];

/// The header that all PDUs have.
const HEADER: usize = 16;
/// `sec_trailer`, which is before the token.
const TRAILER: usize = 8;
/// The bit of the data representation that says that integers are little-endian.
const LITTLE_ENDIAN: u8 = 0x10;

/// Reads the PDU at the start of `within`.
pub(super) fn read(source: Source<'_>, within: Span) -> Option<Envelope> {
    let head = source.array::<HEADER>(within.start).filter(|head| head.span.end <= within.end)?;
    let [5, 0 | 1, kind, _, order, 0..=3, 0, 0, len @ .., a, b, c, d] = head.value else {
        return None;
    };
    if order & !LITTLE_ENDIAN != 0 {
        return None;
    }
    let is_little = order == LITTLE_ENDIAN;
    let number = |bytes| {
        usize::from(if is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let [len_0, len_1, auth_0, auth_1] = len;
    let (len, auth_len) = (number([len_0, len_1]), number([auth_0, auth_1]));
    let before = len.checked_sub(auth_len)?.checked_sub(TRAILER).filter(|at| *at >= HEADER)?;
    let trailer = source.array::<TRAILER>(within.start + before)?;
    let [auth_type, auth_level, ..] = trailer.value;
    let end = within.start.saturating_add(len).min(within.end);
    let token = Span::new(trailer.span.end, end);
    let name = name_of(&PDUS, kind)?;
    if trailer.span.end > within.end || !has_token(source, token) {
        return None;
    }
    let call_id = [a, b, c, d];
    let call_id = if is_little { u32::from_le_bytes(call_id) } else { u32::from_be_bytes(call_id) };
    let at = trailer.span.start;
    let named = |names, number: u8| {
        name_of(names, number).map_or_else(|| number.to_string(), str::to_owned)
    };
    let facts = vec![
        fact("call_id", call_id.to_string(), Span::at(within.start + 12, 4)),
        fact("auth_type", named(&TYPES, auth_type), Span::at(at, 1)),
        fact("auth_level", named(&LEVELS, auth_level), Span::at(at + 1, 1)),
    ];
    let layer =
        Layer { facts, ..Layer::new(LayerKind::DceRpc(name), Span::new(within.start, end)) };
    Some(Envelope { layer, findings: Vec::new(), token })
}

fn name_of(names: &[(u8, &'static str)], number: u8) -> Option<&'static str> {
    names.iter().find(|(known, _)| *known == number).map(|(_, name)| *name)
}

fn fact(name: &'static str, value: String, span: Span) -> Fact {
    Fact { name, value, span }
}
