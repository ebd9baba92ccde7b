//! SMB1 messages.
//!
//! Spec: [MS-CIFS] 2.2.3.1 for the header, [MS-SMB] 2.2.4.6 for `SESSION_SETUP_ANDX` with extended
//! security, [MS-CIFS] 2.2.4.53 for the one without.

use crate::base::{
    finding::{Code, Finding, bytes as count},
    span::{Source, Span},
};
use crate::message::wire::{Oem, Utf16Le};
use crate::read::{
    carrier::smb::{
        Framing, Inside, SmbMessage,
        fixed::{self, FixedField, Show, place},
        open_end, security_buffer,
    },
    layer::{Fact, Layer, LayerKind, Smb1Message},
};

/// Size of the header, in bytes. `WordCount` follows.
const HEADER: usize = 32;

/// The offsets of fields, in bytes from the header.
mod at {
    pub(super) const COMMAND: usize = 4;
    pub(super) const FLAGS: usize = 9;
    pub(super) const FLAGS2: usize = 10;
    pub(super) const WORD_COUNT: usize = 32;
    /// `SecurityBlobLength`; `OEMPasswordLen` in requests without extended security.
    pub(super) const BLOB_LENGTH: usize = 47;
    pub(super) const UNICODE_PASSWORD_LENGTH: usize = 49;
    pub(super) const BLOB_LENGTH_IN_RESPONSE: usize = 39;
}

const SESSION_SETUP_ANDX: u64 = 0x73;
/// The bit of `Flags` that responses have.
const REPLY: u64 = 0x80;
/// The bit of `Flags2` for strings in UTF-16.
const UNICODE: u64 = 0x8000;

const COMMANDS: Show = Show::Name(&[
    (0x72, "SMB_COM_NEGOTIATE"),
    (SESSION_SETUP_ANDX, "SMB_COM_SESSION_SETUP_ANDX"),
    (0x75, "SMB_COM_TREE_CONNECT_ANDX"),
    (0xFF, "none"),
]);

const REQUEST: &[FixedField] = &[
    place(at::COMMAND, 1, "Command", COMMANDS),
    place(at::FLAGS, 1, "Flags", FLAGS),
    place(at::FLAGS2, 2, "Flags2", FLAGS2),
    place(28, 2, "UID", Show::Number),
];

const RESPONSE: &[FixedField] = &[
    place(at::COMMAND, 1, "Command", COMMANDS),
    place(5, 4, "Status", Show::Status),
    place(at::FLAGS, 1, "Flags", FLAGS),
    place(at::FLAGS2, 2, "Flags2", FLAGS2),
    place(28, 2, "UID", Show::Number),
];

const FLAGS: Show = Show::Bits(&[
    (0x08, "SMB_FLAGS_CASE_INSENSITIVE"),
    (0x10, "SMB_FLAGS_CANONICALIZED_PATHS"),
    (REPLY, "SMB_FLAGS_REPLY"),
]);

const FLAGS2: Show = Show::Bits(&[
    (0x0001, "SMB_FLAGS2_LONG_NAMES"),
    (0x0002, "SMB_FLAGS2_EAS"),
    (0x0004, "SMB_FLAGS2_SMB_SECURITY_SIGNATURE"),
    (0x0010, "SMB_FLAGS2_SMB_SECURITY_SIGNATURE_REQUIRED"),
    (0x0040, "SMB_FLAGS2_IS_LONG_NAME"),
    (0x0800, "SMB_FLAGS2_EXTENDED_SECURITY"),
    (0x1000, "SMB_FLAGS2_DFS"),
    (0x2000, "SMB_FLAGS2_PAGING_IO"),
    (0x4000, "SMB_FLAGS2_NT_STATUS"),
    (UNICODE, "SMB_FLAGS2_UNICODE"),
]);

const WITH_BLOB: &[FixedField] = &[
    place(33, 1, "AndXCommand", COMMANDS),
    place(at::BLOB_LENGTH, 2, "SecurityBlobLength", Show::Number),
];

const WITH_BLOB_IN_RESPONSE: &[FixedField] = &[
    place(33, 1, "AndXCommand", COMMANDS),
    place(37, 2, "Action", Show::Bits(&[(1, "SMB_SETUP_GUEST"), (2, "SMB_SETUP_USE_LANMAN_KEY")])),
    place(at::BLOB_LENGTH_IN_RESPONSE, 2, "SecurityBlobLength", Show::Number),
];

const WITHOUT_BLOB: &[FixedField] = &[
    place(33, 1, "AndXCommand", COMMANDS),
    place(at::BLOB_LENGTH, 2, "OEMPasswordLen", Show::Number),
    place(at::UNICODE_PASSWORD_LENGTH, 2, "UnicodePasswordLen", Show::Number),
];

/// Reads the message at the start of `within`.
pub(super) fn read(source: Source<'_>, within: Span, framing: Framing) -> SmbMessage {
    let base = within.start;
    let number = |at: usize, size: usize| {
        let span = Span::at(at, size).shifted(base);
        fixed::number(source, span).filter(|_| span.end <= within.end)
    };
    let size = |at: usize, len: usize| usize::try_from(number(at, len)?).ok();
    let is_response = number(at::FLAGS, 1).is_some_and(|flags| flags & REPLY != 0);
    let mut facts =
        fixed::facts(source, base, within, if is_response { RESPONSE } else { REQUEST });
    let mut findings = Vec::new();
    // `ByteCount` and the bytes follow the words.
    let words = size(at::WORD_COUNT, 1);
    let bytes_at = words.map(|words| HEADER + 1 + words * 2);
    let data = bytes_at.and_then(|at| Some(Span::at(base + at + 2, size(at, 2)?)));
    let mut end = within.end;
    if framing == Framing::None {
        end = data.map_or_else(|| open_end(source, within), |data| data.end.min(within.end));
    }
    let within = Span::new(base, end);
    let body = Span::new(base.saturating_add(HEADER).min(end), end);
    let mut inside = Inside::Other(body);
    let mut kind = Smb1Message::Other;
    if number(at::COMMAND, 1) == Some(SESSION_SETUP_ANDX) {
        let blob = match (is_response, words) {
            (false, Some(12)) => Some((WITH_BLOB, at::BLOB_LENGTH)),
            (true, Some(4)) => Some((WITH_BLOB_IN_RESPONSE, at::BLOB_LENGTH_IN_RESPONSE)),
            _ => None,
        };
        kind = if is_response {
            Smb1Message::SessionSetupResponse
        } else {
            Smb1Message::SessionSetupRequest
        };
        if let Some((places, pointer)) = blob {
            facts.extend(fixed::facts(source, base, within, places));
            let announced = size(pointer, 2).zip(data).map(|(len, data)| Span::at(data.start, len));
            let pointer = Span::at(pointer, 2).shifted(base);
            let blob = announced.and_then(|announced| {
                security_buffer(announced, within, announced.start, pointer, &mut findings)
            });
            inside = Inside::Token(blob.unwrap_or_else(|| Span::empty(end)));
        } else if !is_response && words == Some(13) {
            kind = Smb1Message::BareSessionSetupRequest;
            facts.extend(fixed::facts(source, base, within, WITHOUT_BLOB));
            facts.extend(bare_names(source, within, data, &size));
        }
        if data.is_none() {
            findings.push(Finding::new(
                Code::SmbTruncated,
                within,
                format!("The message is cut: {} are there.", count(within.len())),
            ));
        }
    }
    let layer = Layer { facts, ..Layer::new(LayerKind::Smb1(kind), within) };
    SmbMessage { layer, findings, start: body.start, inside, end, is_cut: false }
}

/// `AccountName` and `PrimaryDomain`, which follow the two responses.
fn bare_names(
    source: Source<'_>,
    within: Span,
    data: Option<Span>,
    size: &impl Fn(usize, usize) -> Option<usize>,
) -> Vec<Fact> {
    let mut facts = Vec::with_capacity(2);
    let lengths = size(at::BLOB_LENGTH, 2).zip(size(at::UNICODE_PASSWORD_LENGTH, 2));
    let (Some(data), Some((oem, unicode))) = (data, lengths) else { return facts };
    let flags = Span::at(at::FLAGS2, 2).shifted(within.start);
    let is_unicode = fixed::number(source, flags).is_some_and(|flags| flags & UNICODE != 0);
    let unit = if is_unicode { 2 } else { 1 };
    let mut start = data.start.saturating_add(oem).saturating_add(unicode);
    // Strings in UTF-16 begin at an even place, counted from the header.
    start = start.saturating_add((start - within.start) % unit);
    for name in ["AccountName", "PrimaryDomain"] {
        let rest = source.slice(Span::new(start, within.end));
        let Some(units) =
            rest.chunks_exact(unit).position(|unit| unit.iter().all(|byte| *byte == 0))
        else {
            return facts;
        };
        let span = Span::at(start, units * unit);
        let text = source.slice(span);
        let value = if is_unicode { Utf16Le(text).to_string() } else { Oem(text).to_string() };
        facts.push(Fact { name, value, span });
        start = span.end + unit;
    }
    facts
}
