//! Messages of SMB2 and SMB3.
//!
//! Spec: [MS-SMB2] 2.2.1.2 for the header, 2.2.3 to 2.2.6 for NEGOTIATE and `SESSION_SETUP`, 2.2.9
//! for `TREE_CONNECT`.

use super::{
    super::{Answer, FlowOutput, PacketPlace, Status, framer::Extent, sign_in::Received},
    Interest, MAX_CHAIN_LEN, MAX_PIPE_MESSAGE_LEN, MAX_SET_UP_LEN, Smb, is_sign_in_of_rpc,
    protocol_of,
    session::SetUpId,
};
use crate::base::span::Source;
use crate::message::wire::{NtStatus, Utf16Le};

/// Size of the header, in bytes.
const HEADER: usize = 64;

/// The offsets of fields in the header, in bytes.
mod at {
    pub(super) const STATUS: usize = 8;
    pub(super) const COMMAND: usize = 12;
    pub(super) const FLAGS: usize = 16;
    pub(super) const NEXT_COMMAND: usize = 20;
    pub(super) const MESSAGE_ID: usize = 24;
    pub(super) const SESSION_ID: usize = 40;
}

/// Commands.
mod command {
    pub(super) const NEGOTIATE: u16 = 0;
    pub(super) const SESSION_SETUP: u16 = 1;
    pub(super) const TREE_CONNECT: u16 = 3;
    pub(super) const READ: u16 = 8;
    pub(super) const WRITE: u16 = 9;
    pub(super) const IOCTL: u16 = 11;
}

/// `SMB2_FLAGS_SERVER_TO_REDIR`: a response.
const RESPONSE: u32 = 1;

/// `FSCTL_PIPE_TRANSCEIVE`.
const PIPE_TRANSCEIVE: u32 = 0x0011_C017;

/// `SMB2_NETNAME_NEGOTIATE_CONTEXT_ID`.
const NET_NAME: u16 = 5;

/// The most contexts of a NEGOTIATE that are read.
const MAX_CONTEXTS: u16 = 16;

/// The header of a message.
#[derive(Clone, Copy, Debug)]
struct Smb2Header {
    status: NtStatus,
    command: u16,
    is_response: bool,
    next_command: u32,
    message_id: u64,
    session_id: u64,
}

impl Smb2Header {
    fn read(message: &[u8]) -> Option<Self> {
        let source = Source(message);
        Some(Self {
            status: NtStatus(source.le_u32(at::STATUS)?.value),
            command: source.le_u16(at::COMMAND)?.value,
            is_response: source.le_u32(at::FLAGS)?.value & RESPONSE != 0,
            next_command: source.le_u32(at::NEXT_COMMAND)?.value,
            message_id: source.le_u64(at::MESSAGE_ID)?.value,
            session_id: source.le_u64(at::SESSION_ID)?.value,
        })
    }
}

/// The offset of the next message in the chain.
pub(super) fn next_command(message: &[u8]) -> Option<usize> {
    let next = Smb2Header::read(message)?.next_command as usize;
    (next >= HEADER).then_some(next)
}

/// The interest in the message of `len` bytes that begins with `head`.
pub(super) fn interest(head: &[u8], len: u64) -> Interest {
    let Some(header) = Smb2Header::read(head) else {
        return if (head.len() as u64) < len { Interest::More } else { Interest::Unwanted };
    };
    match header.command {
        command::NEGOTIATE | command::SESSION_SETUP | command::TREE_CONNECT => match len {
            ..=MAX_SET_UP_LEN => Interest::Wanted,
            _ if header.command == command::SESSION_SETUP => Interest::TooLong,
            _ => Interest::Unwanted,
        },
        _ if header.next_command != 0 && len <= MAX_CHAIN_LEN => Interest::Wanted,
        command::READ | command::WRITE | command::IOCTL if len <= MAX_PIPE_MESSAGE_LEN => {
            let start = data_offset(head, &header).unwrap_or(HEADER);
            match head.get(start..start + 3) {
                Some(begins) if is_sign_in_of_rpc(begins) => Interest::Wanted,
                None if (head.len() as u64) < len && start < 256 => Interest::More,
                _ => Interest::Unwanted,
            }
        }
        _ => Interest::Unwanted,
    }
}

/// The offset of the data in a READ response, a WRITE request or a message through a pipe.
fn data_offset(message: &[u8], header: &Smb2Header) -> Option<usize> {
    let source = Source(message);
    match (header.command, header.is_response) {
        (command::READ, true) => Some(usize::from(*message.get(HEADER + 2)?)),
        (command::WRITE, false) => Some(usize::from(source.le_u16(HEADER + 2)?.value)),
        (command::IOCTL, is_response) => {
            let code = source.le_u32(HEADER + 4)?.value;
            let offset = source.le_u32(HEADER + if is_response { 32 } else { 24 })?.value;
            (code == PIPE_TRANSCEIVE).then_some(offset as usize)
        }
        _ => None,
    }
}

/// Reads a message of which the header is there.
pub(super) fn read(
    message: &[u8],
    extent: Extent,
    place: PacketPlace,
    smb: &mut Smb,
    out: &mut FlowOutput<'_>,
) {
    let Some(header) = Smb2Header::read(message) else { return };
    if header.is_response {
        out.server_speaks();
    } else {
        out.client_speaks();
    }
    match (header.command, header.is_response) {
        (command::NEGOTIATE, false) => smb.sessions.net_name = net_name(message),
        (command::NEGOTIATE, true) => negotiated(message, smb),
        (command::SESSION_SETUP, false) => {
            let id = SetUpId { session: header.session_id, message: header.message_id };
            match extent {
                Extent::Whole => {
                    smb.sessions.request(id, Received::read(message, place), out);
                }
                Extent::Cut => smb.sessions.cut_request(id, place, out),
            }
        }
        (command::SESSION_SETUP, true) => {
            if header.status == NtStatus::PENDING {
                return;
            }
            let flags = Source(message).le_u16(HEADER + 2).map_or(0, |flags| flags.value);
            let is_accepted = header.status == NtStatus::SUCCESS;
            let answer = Answer {
                status: Status::Nt(header.status),
                is_guest: is_accepted && flags & 1 != 0,
                is_null: is_accepted && flags & 2 != 0,
                place,
            };
            let id = SetUpId { session: header.session_id, message: header.message_id };
            // The names in a cut CHALLENGE could be cut too.
            let received = match extent {
                Extent::Whole => Received::read(message, place),
                Extent::Cut => Received::default(),
            };
            smb.sessions.response(id, answer, received, out);
        }
        (command::TREE_CONNECT, false) => {
            if let Some(path) = tree(message).filter(|_| extent == Extent::Whole) {
                smb.sessions.tree(header.session_id, path, out);
            }
        }
        (command::READ | command::WRITE | command::IOCTL, _) => {
            let start = data_offset(message, &header);
            if let Some(bytes) = start.and_then(|start| message.get(start..))
                && is_sign_in_of_rpc(bytes)
            {
                smb.in_pipe(bytes, place, out);
            }
        }
        _ => {}
    }
}

/// Keeps the server's protocol and GUID.
fn negotiated(message: &[u8], smb: &mut Smb) {
    let source = Source(message);
    if let Some(dialect) = source.le_u16(HEADER + 4) {
        smb.sessions.protocol = Some(protocol_of(dialect.value));
    }
    smb.sessions.server_guid = source.array::<16>(HEADER + 8).map(|guid| guid.value);
}

/// `NetName` of a NEGOTIATE.
fn net_name(message: &[u8]) -> Option<String> {
    let source = Source(message);
    let mut at = source.le_u32(HEADER + 28)?.value as usize;
    let count = source.le_u16(HEADER + 32)?.value.min(MAX_CONTEXTS);
    for _ in 0..count {
        let (kind, len) = (source.le_u16(at)?.value, source.le_u16(at + 2)?.value);
        let start = at.checked_add(8)?;
        let end = start.checked_add(usize::from(len))?;
        if kind == NET_NAME {
            let name = Utf16Le(message.get(start..end)?).to_string();
            return Some(name.trim_end_matches('\0').to_owned()).filter(|name| !name.is_empty());
        }
        at = end.next_multiple_of(8);
    }
    None
}

/// The path of a `TREE_CONNECT`.
fn tree(message: &[u8]) -> Option<String> {
    let source = Source(message);
    let start = usize::from(source.le_u16(HEADER + 4)?.value);
    let len = usize::from(source.le_u16(HEADER + 6)?.value);
    Some(Utf16Le(message.get(start..start + len)?).to_string())
}
