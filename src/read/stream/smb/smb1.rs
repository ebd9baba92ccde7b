//! Messages of SMB1.
//!
//! Spec: [MS-CIFS] 2.2.3.1 for the header, 2.2.4.52 and 2.2.4.53 for `SMB_COM_NEGOTIATE` and
//! `SMB_COM_SESSION_SETUP_ANDX`, [MS-SMB] 2.2.4.5 and 2.2.4.6 for extended security.

use super::{
    super::{
        Answer, BareLogon, FlowOutput, PacketPlace, Protocol, Status, framer::Extent,
        sign_in::Received,
    },
    Interest, MAX_PIPE_MESSAGE_LEN, MAX_SET_UP_LEN, Smb, is_sign_in_of_rpc,
    session::SetUpId,
};
use crate::base::span::Source;
use crate::message::wire::{NtStatus, Oem, Utf16Le};

/// Size of the header, in bytes.
const HEADER: usize = 32;

/// The offsets of fields in the header, in bytes.
mod at {
    pub(super) const COMMAND: usize = 4;
    pub(super) const STATUS: usize = 5;
    pub(super) const FLAGS: usize = 9;
    pub(super) const FLAGS2: usize = 10;
    pub(super) const PROCESS: usize = 26;
    pub(super) const USER: usize = 28;
    pub(super) const MULTIPLEX: usize = 30;
}

/// Commands.
mod command {
    pub(super) const TRANSACTION: u8 = 0x25;
    pub(super) const READ_ANDX: u8 = 0x2E;
    pub(super) const WRITE_ANDX: u8 = 0x2F;
    pub(super) const NEGOTIATE: u8 = 0x72;
    pub(super) const SESSION_SETUP_ANDX: u8 = 0x73;
    pub(super) const TREE_CONNECT_ANDX: u8 = 0x75;
}

/// The bit of `Flags` that responses have.
const REPLY: u8 = 0x80;
/// The bit of `Flags2` for strings in UTF-16.
const UNICODE: u16 = 0x8000;
/// The bit of `Capabilities` for extended security.
const EXTENDED_SECURITY: u32 = 0x8000_0000;

/// The header of a message.
#[derive(Clone, Copy, Debug)]
struct Smb1Header {
    command: u8,
    status: NtStatus,
    is_response: bool,
    is_unicode: bool,
    id: SetUpId,
}

impl Smb1Header {
    fn read(message: &[u8]) -> Option<Self> {
        let source = Source(message);
        let process = u64::from(source.le_u16(at::PROCESS)?.value);
        let multiplex = u64::from(source.le_u16(at::MULTIPLEX)?.value);
        Some(Self {
            command: *message.get(at::COMMAND)?,
            status: NtStatus(source.le_u32(at::STATUS)?.value),
            is_response: message.get(at::FLAGS)? & REPLY != 0,
            is_unicode: source.le_u16(at::FLAGS2)?.value & UNICODE != 0,
            id: SetUpId {
                session: u64::from(source.le_u16(at::USER)?.value),
                message: process << 16 | multiplex,
            },
        })
    }
}

/// The words and the bytes of a message, or of one that follows in its chain.
#[derive(Clone, Copy, Debug)]
struct ParameterBlock<'m> {
    message: &'m [u8],
    /// The offset of the words, and their number.
    start: usize,
    count: usize,
}

impl<'m> ParameterBlock<'m> {
    fn at(message: &'m [u8], start: usize) -> Option<Self> {
        let count = usize::from(*message.get(start)?);
        Some(Self { message, start: start + 1, count })
    }

    fn word(&self, index: usize) -> Option<u16> {
        let place = self.start + index * 2;
        (index < self.count).then(|| Source(self.message).le_u16(place))?.map(|word| word.value)
    }

    /// The offset of the bytes.
    const fn bytes_at(&self) -> usize {
        self.start + self.count * 2 + 2
    }

    fn bytes(&self) -> &'m [u8] {
        self.message.get(self.bytes_at()..).unwrap_or_default()
    }

    /// The next message in the chain: its command and its block.
    fn next(&self) -> Option<(u8, Self)> {
        let command = self.word(0)?.to_le_bytes()[0];
        let next = usize::from(self.word(1)?);
        // A chain only goes forward.
        let next = Some(next).filter(|next| *next >= self.start + self.count * 2)?;
        Some((command, Self::at(self.message, next)?))
    }
}

/// The interest in the message of `len` bytes that begins with `head`.
pub(super) fn interest(head: &[u8], len: u64) -> Interest {
    let Some(header) = Smb1Header::read(head) else {
        return if (head.len() as u64) < len { Interest::More } else { Interest::Unwanted };
    };
    match header.command {
        command::NEGOTIATE | command::SESSION_SETUP_ANDX | command::TREE_CONNECT_ANDX => {
            match len {
                ..=MAX_SET_UP_LEN => Interest::Wanted,
                _ if header.command == command::SESSION_SETUP_ANDX => Interest::TooLong,
                _ => Interest::Unwanted,
            }
        }
        command::TRANSACTION | command::READ_ANDX | command::WRITE_ANDX
            if len <= MAX_PIPE_MESSAGE_LEN =>
        {
            let block = ParameterBlock::at(head, HEADER);
            let start = block.and_then(|block| data_offset(&header, &block));
            match start.map(|start| head.get(start..start + 3)) {
                Some(Some(begins)) if is_sign_in_of_rpc(begins) => Interest::Wanted,
                Some(None) if (head.len() as u64) < len && start < Some(256) => Interest::More,
                None if head.len() < 96 && (head.len() as u64) < len => Interest::More,
                _ => Interest::Unwanted,
            }
        }
        _ => Interest::Unwanted,
    }
}

/// The offset of data that goes through a pipe.
fn data_offset(header: &Smb1Header, block: &ParameterBlock<'_>) -> Option<usize> {
    let word = match (header.command, header.is_response) {
        (command::TRANSACTION, false) => 12,
        (command::TRANSACTION, true) => 7,
        (command::WRITE_ANDX, false) => 11,
        (command::READ_ANDX, true) => 6,
        _ => return None,
    };
    block.word(word).map(usize::from)
}

/// Reads a message of which the header is there.
pub(super) fn read(
    message: &[u8],
    extent: Extent,
    place: PacketPlace,
    smb: &mut Smb,
    out: &mut FlowOutput<'_>,
) {
    let Some(header) = Smb1Header::read(message) else { return };
    if header.is_response {
        out.server_speaks();
    } else {
        out.client_speaks();
    }
    let Some(block) = ParameterBlock::at(message, HEADER) else { return };
    match (header.command, header.is_response) {
        (command::NEGOTIATE, true) => negotiated(&block, smb),
        (command::SESSION_SETUP_ANDX, false) => {
            request(&header, &block, extent, place, smb, out);
            if let Some((command::TREE_CONNECT_ANDX, tree)) = block.next() {
                connect(&header, &tree, smb, out);
            }
        }
        (command::SESSION_SETUP_ANDX, true) => {
            let answer = Answer {
                status: Status::Nt(header.status),
                is_guest: header.status == NtStatus::SUCCESS
                    && block.word(2).is_some_and(|action| action & 1 != 0),
                is_null: false,
                place,
            };
            // The names in a cut CHALLENGE could be cut too.
            let received = match extent {
                Extent::Whole => Received::read(message, place),
                Extent::Cut => Received::default(),
            };
            smb.sessions.response(header.id, answer, received, out);
        }
        (command::TREE_CONNECT_ANDX, false) => connect(&header, &block, smb, out),
        (command::TRANSACTION | command::READ_ANDX | command::WRITE_ANDX, _) => {
            let start = data_offset(&header, &block);
            if let Some(bytes) = start.and_then(|start| message.get(start..))
                && is_sign_in_of_rpc(bytes)
            {
                smb.in_pipe(bytes, place, out);
            }
        }
        _ => {}
    }
}

/// Reads a request to set up a session: with a token, or with bare responses.
fn request(
    header: &Smb1Header,
    block: &ParameterBlock<'_>,
    extent: Extent,
    place: PacketPlace,
    smb: &mut Smb,
    out: &mut FlowOutput<'_>,
) {
    smb.sessions.protocol.get_or_insert(Protocol::Smb1);
    if extent == Extent::Cut {
        smb.sessions.cut_request(header.id, place, out);
    } else if block.count == 13 {
        let bare = bare(header, block, place);
        smb.sessions.bare_request(header.id, bare, out);
    } else {
        smb.sessions.request(header.id, Received::read(block.message, place), out);
    }
}

/// The names behind the two responses of a request without extended security.
fn bare(header: &Smb1Header, block: &ParameterBlock<'_>, place: PacketPlace) -> BareLogon {
    let responses = [7, 8].into_iter().filter_map(|word| block.word(word)).map(usize::from);
    let mut start = block.bytes_at() + responses.sum::<usize>();
    let mut text = || {
        let (text, end) = string(header, block.message, start);
        start = end;
        text
    };
    let first = block.bytes().first_chunk().copied();
    BareLogon { user: text(), domain: text(), responses: first.unwrap_or_default(), place }
}

/// The string at `start`, up to its zero character, and the offset behind it. Strings in UTF-16
/// begin at an even offset.
fn string(header: &Smb1Header, message: &[u8], start: usize) -> (String, usize) {
    let unit = if header.is_unicode { 2 } else { 1 };
    let start = start.next_multiple_of(unit);
    let rest = message.get(start..).unwrap_or_default();
    let units = rest.chunks_exact(unit).take_while(|unit| unit.iter().any(|byte| *byte != 0));
    let len = units.count() * unit;
    let bytes = rest.get(..len).unwrap_or_default();
    let text = if header.is_unicode { Utf16Le(bytes).to_string() } else { Oem(bytes).to_string() };
    (text, start + len + unit)
}

/// Reads the path of a tree.
fn connect(
    header: &Smb1Header,
    block: &ParameterBlock<'_>,
    smb: &mut Smb,
    out: &mut FlowOutput<'_>,
) {
    let password = usize::from(block.word(3).unwrap_or_default());
    let (path, _) = string(header, block.message, block.bytes_at() + password);
    if !path.is_empty() {
        smb.sessions.tree(header.id.session, path, out);
    }
}

/// Keeps the server's protocol and GUID.
fn negotiated(block: &ParameterBlock<'_>, smb: &mut Smb) {
    smb.sessions.protocol = Some(Protocol::Smb1);
    // `Capabilities` is behind a byte, so it is no word.
    let capabilities = Source(block.message).le_u32(block.start + 19);
    if block.count == 17
        && capabilities.is_some_and(|found| found.value & EXTENDED_SECURITY != 0)
        && let Some((guid, _)) = block.bytes().split_first_chunk::<16>()
    {
        smb.sessions.server_guid = Some(*guid);
    }
}
