//! SMB2 and SMB3 messages.
//!
//! Spec: [MS-SMB2] 2.2.1.2 for the header, 2.2.4 to 2.2.6 for NEGOTIATE and `SESSION_SETUP`, 2.2.41
//! and 2.2.42 for what hides a message.

use crate::base::{
    finding::{Code, Finding, bytes as count},
    span::{Source, Span},
};
use crate::read::{
    carrier::smb::{
        Framing, Inside, SmbMessage,
        fixed::{self, FixedField, Show, place},
        open_end, security_buffer,
    },
    layer::{Layer, LayerKind, Smb2Message},
};

/// Size of `ProtocolId`, in bytes.
const ID: usize = 4;

/// Size of the header, in bytes.
const HEADER: usize = 64;

/// The offsets of fields, in bytes from the header.
mod at {
    pub(super) const COMMAND: usize = 12;
    pub(super) const FLAGS: usize = 16;
    pub(super) const NEXT_COMMAND: usize = 20;
}

const NEGOTIATE: u64 = 0;
const SESSION_SETUP: u64 = 1;

/// The bit of `Flags` that responses have.
const SERVER_TO_REDIR: u64 = 1;

const COMMANDS: Show = Show::Name(&[
    (NEGOTIATE, "NEGOTIATE"),
    (SESSION_SETUP, "SESSION_SETUP"),
    (2, "LOGOFF"),
    (3, "TREE_CONNECT"),
    (4, "TREE_DISCONNECT"),
    (5, "CREATE"),
    (6, "CLOSE"),
    (7, "FLUSH"),
    (8, "READ"),
    (9, "WRITE"),
    (10, "LOCK"),
    (11, "IOCTL"),
    (12, "CANCEL"),
    (13, "ECHO"),
    (14, "QUERY_DIRECTORY"),
    (15, "CHANGE_NOTIFY"),
    (16, "QUERY_INFO"),
    (17, "SET_INFO"),
    (18, "OPLOCK_BREAK"),
]);

const FLAGS: Show = Show::Bits(&[
    (SERVER_TO_REDIR, "SMB2_FLAGS_SERVER_TO_REDIR"),
    (0x2, "SMB2_FLAGS_ASYNC_COMMAND"),
    (0x4, "SMB2_FLAGS_RELATED_OPERATIONS"),
    (0x8, "SMB2_FLAGS_SIGNED"),
    (0x1000_0000, "SMB2_FLAGS_DFS_OPERATIONS"),
    (0x2000_0000, "SMB2_FLAGS_REPLAY_OPERATION"),
]);

const SECURITY_MODE: Show = Show::Bits(&[
    (0x1, "SMB2_NEGOTIATE_SIGNING_ENABLED"),
    (0x2, "SMB2_NEGOTIATE_SIGNING_REQUIRED"),
]);

const SESSION_FLAGS: Show = Show::Bits(&[
    (0x1, "SMB2_SESSION_FLAG_IS_GUEST"),
    (0x2, "SMB2_SESSION_FLAG_IS_NULL"),
    (0x4, "SMB2_SESSION_FLAG_ENCRYPT_DATA"),
]);

const REQUEST: &[FixedField] = &[
    place(at::COMMAND, 2, "Command", COMMANDS),
    place(at::FLAGS, 4, "Flags", FLAGS),
    place(24, 8, "MessageId", Show::Number),
    place(40, 8, "SessionId", Show::Hex),
];

const RESPONSE: &[FixedField] = &[
    place(8, 4, "Status", Show::Status),
    place(at::COMMAND, 2, "Command", COMMANDS),
    place(at::FLAGS, 4, "Flags", FLAGS),
    place(24, 8, "MessageId", Show::Number),
    place(40, 8, "SessionId", Show::Hex),
];

/// The body of one kind of message, behind its header.
struct MessageBody {
    /// The kind of message.
    message: Smb2Message,
    /// `StructureSize`.
    structure_size: u64,
    /// Its fields, in bytes from the header.
    places: &'static [FixedField],
    /// The offset of `SecurityBufferOffset`; `SecurityBufferLength` follows it.
    pointer: usize,
    /// The least offset of the buffer.
    buffer: usize,
}

const NEGOTIATE_RESPONSE: MessageBody = MessageBody {
    message: Smb2Message::NegotiateResponse,
    structure_size: 65,
    places: &[
        place(66, 2, "SecurityMode", SECURITY_MODE),
        place(68, 2, "DialectRevision", Show::Hex),
        place(120, 2, "SecurityBufferOffset", Show::Number),
        place(122, 2, "SecurityBufferLength", Show::Number),
    ],
    pointer: 120,
    buffer: 128,
};

const SESSION_SETUP_REQUEST: MessageBody = MessageBody {
    message: Smb2Message::SessionSetupRequest,
    structure_size: 25,
    places: &[
        place(66, 1, "Flags", Show::Bits(&[(1, "SMB2_SESSION_FLAG_BINDING")])),
        place(67, 1, "SecurityMode", SECURITY_MODE),
        place(76, 2, "SecurityBufferOffset", Show::Number),
        place(78, 2, "SecurityBufferLength", Show::Number),
        place(80, 8, "PreviousSessionId", Show::Hex),
    ],
    pointer: 76,
    buffer: 88,
};

const SESSION_SETUP_RESPONSE: MessageBody = MessageBody {
    message: Smb2Message::SessionSetupResponse,
    structure_size: 9,
    places: &[
        place(66, 2, "SessionFlags", SESSION_FLAGS),
        place(68, 2, "SecurityBufferOffset", Show::Number),
        place(70, 2, "SecurityBufferLength", Show::Number),
    ],
    pointer: 68,
    buffer: 72,
};

/// Reads the message at the start of `within`, and where the next one of its chain begins.
pub(super) fn read(
    source: Source<'_>,
    within: Span,
    framing: Framing,
) -> (SmbMessage, Option<usize>) {
    match source.slice(within).first() {
        Some(0xFD) => (hidden(source, within, framing, Smb2Message::Encrypted), None),
        Some(0xFC) => (hidden(source, within, framing, Smb2Message::Compressed), None),
        _ => message(source, within, framing),
    }
}

/// A message that cannot be read: encrypted, or compressed.
fn hidden(source: Source<'_>, within: Span, framing: Framing, kind: Smb2Message) -> SmbMessage {
    let end = match framing {
        Framing::Transport => within.end,
        Framing::None => open_end(source, within),
    };
    SmbMessage {
        layer: Layer::new(LayerKind::Smb2(kind), within),
        findings: Vec::new(),
        start: end,
        // Compression leaves what does not repeat as it is.
        inside: Inside::Other(Span::new(within.start.saturating_add(ID).min(end), end)),
        end,
        is_cut: false,
    }
}

fn message(source: Source<'_>, mut within: Span, framing: Framing) -> (SmbMessage, Option<usize>) {
    let base = within.start;
    let number = |at: usize, size: usize| {
        let span = Span::at(at, size).shifted(base);
        fixed::number(source, span).filter(|_| span.end <= within.end)
    };
    let mut findings = Vec::new();
    let chained = number(at::NEXT_COMMAND, 4).filter(|next| *next != 0);
    let next = chained.and_then(|next| {
        let next = base.checked_add(usize::try_from(next).ok()?)?;
        let is_header = source.slice(Span::new(next, within.end)).starts_with(b"\xFESMB");
        (next >= base + HEADER && is_header).then_some(next)
    });
    if chained.is_some() && next.is_none() {
        findings.push(Finding::new(
            Code::SmbNextCommand,
            Span::at(at::NEXT_COMMAND, 4).shifted(base).clipped(within.end),
            "NextCommand points to where no SMB2 header is.",
        ));
    }
    let is_response = number(at::FLAGS, 4).is_some_and(|flags| flags & SERVER_TO_REDIR != 0);
    let body = match (number(at::COMMAND, 2), is_response) {
        (Some(NEGOTIATE), true) => Some(&NEGOTIATE_RESPONSE),
        (Some(SESSION_SETUP), true) => Some(&SESSION_SETUP_RESPONSE),
        (Some(SESSION_SETUP), false) => Some(&SESSION_SETUP_REQUEST),
        _ => None,
    };
    let size = number(HEADER, 2);
    within.end = next.unwrap_or(within.end);
    let header = if is_response { RESPONSE } else { REQUEST };
    let mut facts = fixed::facts(source, base, within, header);
    let mut end = within.end;
    let start = base.saturating_add(HEADER).min(end);
    let mut inside = Inside::Other(Span::new(start, end));
    if let Some(body) = body {
        facts.extend(fixed::facts(source, base, within, body.places));
        check_size(base, body, size, within, &mut findings);
        let buffer = buffer(source, within, body, &mut findings);
        if framing == Framing::None && next.is_none() {
            let fixed = base.saturating_add(body.buffer).min(within.end);
            end = buffer.map_or(fixed, |buffer| buffer.end);
        }
        inside = Inside::Token(buffer.unwrap_or_else(|| Span::empty(end)));
    } else if framing == Framing::None && next.is_none() {
        end = open_end(source, within);
        inside = Inside::Other(Span::new(start.min(end), end));
    }
    let kind = LayerKind::Smb2(body.map_or(Smb2Message::Other, |body| body.message));
    let layer = Layer { facts, ..Layer::new(kind, within) };
    (SmbMessage { layer, findings, start: start.min(end), inside, end, is_cut: false }, next)
}

fn check_size(
    base: usize,
    body: &MessageBody,
    size: Option<u64>,
    within: Span,
    found: &mut Vec<Finding>,
) {
    if within.len() < body.buffer {
        found.push(Finding::new(
            Code::SmbTruncated,
            within,
            format!("The message is cut: {} are there.", count(within.len())),
        ));
    } else if let Some(size) = size.filter(|size| *size != body.structure_size) {
        found.push(Finding::new(
            Code::SmbStructureSize,
            Span::at(HEADER, 2).shifted(base),
            format!(
                "StructureSize is {size}; a {} has {}.",
                body.message.as_str(),
                body.structure_size
            ),
        ));
    }
}

fn buffer(
    source: Source<'_>,
    within: Span,
    body: &MessageBody,
    findings: &mut Vec<Finding>,
) -> Option<Span> {
    let base = within.start;
    let pointer = Span::at(body.pointer, 4).shifted(base);
    let number = |at: usize| {
        let span = Span::at(at, 2).shifted(base);
        let number = fixed::number(source, span).filter(|_| within.contains(span))?;
        usize::try_from(number).ok()
    };
    let announced = Span::at(number(body.pointer)?, number(body.pointer + 2)?).shifted(base);
    security_buffer(announced, within, base + body.buffer, pointer, findings)
}
