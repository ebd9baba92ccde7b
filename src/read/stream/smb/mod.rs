//! SMB over TCP and over NetBIOS: its messages, and the sign-ins in them.
//!
//! Session set-up is in clear even if the session is encrypted. Messages that carry no sign-in are
//! skipped by their length.

mod session;
mod smb1;
mod smb2;

use super::{
    FlowOutput, PacketPlace, Protocol,
    direction::Piece,
    framer::{Extent, Frame, Framed, Framer},
    guess::{DetectedProtocol, Guess},
    out::PerSide,
    reaction::Reaction,
    rpc::Rpc,
};
use crate::base::span::{Source, Span};
use session::Sessions;

/// Size of the transport header, which has the length of a message.
const TRANSPORT: usize = 4;

/// The longest chain of messages that is kept for the sake of one in it.
const MAX_CHAIN_LEN: u64 = 128 * 1024;

/// The longest session set-up: a token has at most 64 KiB, by its 16-bit length.
const MAX_SET_UP_LEN: u64 = 66 * 1024;

/// The longest message through a pipe that can sign in.
const MAX_PIPE_MESSAGE_LEN: u64 = 16 * 1024;

/// The longest header, with the transport header. All of it is there once it was looked at.
const MAX_HEADER_LEN: usize = TRANSPORT + 64;

/// The first bytes of messages of SMB, behind their length.
mod magic {
    pub(super) const SMB1: &[u8] = b"\xFFSMB";
    pub(super) const SMB2: &[u8] = b"\xFESMB";
    pub(super) const ENCRYPTED: &[u8] = b"\xFDSMB";
    pub(super) const COMPRESSED: &[u8] = b"\xFCSMB";
}

/// A connection that speaks SMB.
#[derive(Debug, Default)]
pub(super) struct Smb {
    framers: PerSide<Framer>,
    sessions: Sessions,
    /// The reader of its pipes, once one signs in.
    pipes: Option<Box<Rpc>>,
}

/// The interest in a message, by its header.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Interest {
    /// More bytes are needed to tell.
    More,
    /// It may carry a sign-in, or a fact about one.
    Wanted,
    /// It should carry a sign-in, and is too long for one.
    TooLong,
    Unwanted,
}

/// Guesses by the first bytes of a direction; `None` if it is no SMB.
pub(super) fn begins(head: &[u8]) -> Option<Guess> {
    let magics = [magic::SMB1, magic::SMB2, magic::ENCRYPTED, magic::COMPRESSED];
    match head {
        // A session request of NetBIOS names both ends; its answers are short.
        [0x81, 0, 0, len, ..] if *len >= 64 => Some(Guess::Is(DetectedProtocol::Smb)),
        [0x82, 0, 0, 0, ..] | [0x83, 0, 0, 1, ..] => Some(Guess::Is(DetectedProtocol::Smb)),
        [0x81..=0x83] | [0x81..=0x83, 0] | [0x81..=0x83, 0, 0] => Some(Guess::More),
        [0, ..] => {
            let magic = head.get(TRANSPORT..head.len().min(TRANSPORT + 4)).unwrap_or_default();
            if magics.contains(&magic) {
                Some(Guess::Is(DetectedProtocol::Smb))
            } else {
                magics.iter().any(|known| known.starts_with(magic)).then_some(Guess::More)
            }
        }
        _ => None,
    }
}

/// The offset of a message of SMB among other bytes: its magic, behind a plausible length.
pub(super) fn find(bytes: &[u8]) -> Option<usize> {
    let mut from = TRANSPORT;
    loop {
        let name = Source(bytes).find(Span::new(from, bytes.len()), b"SMB")?;
        let start = name.checked_sub(TRANSPORT + 1);
        if let Some(start) =
            start.filter(|start| is_message(bytes.get(*start..).unwrap_or_default()))
        {
            return Some(start);
        }
        from = name + 3;
    }
}

/// Returns true if the first bytes can be those of a message.
fn is_message(bytes: &[u8]) -> bool {
    let Some(([0, high, middle, low], rest)) = bytes.split_first_chunk::<TRANSPORT>() else {
        return false;
    };
    let len = u32::from_be_bytes([0, *high, *middle, *low]);
    let header =
        u16::from_le_bytes([rest.get(4).copied().unwrap_or(64), rest.get(5).copied().unwrap_or(0)]);
    len >= 32
        && (rest.starts_with(magic::SMB1)
            || rest.starts_with(magic::ENCRYPTED)
            || rest.starts_with(magic::COMPRESSED)
            || rest.starts_with(magic::SMB2) && header == 64)
}

impl Smb {
    /// A connection whose next messages have to be found.
    pub(super) fn lost() -> Self {
        let mut smb = Self::default();
        for side in [super::FlowSide::Lower, super::FlowSide::Upper] {
            *smb.framers.of(side) = Framer::lost();
        }
        smb
    }

    /// The approximate number of bytes it holds.
    pub(super) fn held(&self) -> usize {
        let framers: usize = self.framers.each().map(Framer::held).sum();
        framers + self.sessions.held() + self.pipes.as_ref().map_or(0, |pipes| pipes.held())
    }

    /// Takes the next piece.
    pub(super) fn piece(&mut self, piece: Piece<'_>, out: &mut FlowOutput<'_>) -> Reaction {
        let framer = self.framers.of(out.side);
        match piece {
            Piece::Gap(len, place) => {
                if let Some(message) = framer.gap(len) {
                    self.message(&message, place, out);
                }
                Reaction::Ignored
            }
            Piece::Bytes(bytes, place) => self.bytes(bytes, place, out),
        }
    }

    fn bytes(
        &mut self,
        mut bytes: &[u8],
        place: PacketPlace,
        out: &mut FlowOutput<'_>,
    ) -> Reaction {
        let mut reaction = Reaction::Ignored;
        loop {
            let framer = self.framers.of(out.side);
            if framer.is_lost() {
                let Some(start) = find(bytes) else { break };
                bytes = bytes.get(start..).unwrap_or_default();
                framer.found();
            }
            if let Some(message) = framer.next(&mut bytes, decide) {
                reaction = Reaction::Wanted;
                self.message(&message, place, out);
            } else if framer.is_lost() && !bytes.is_empty() {
                // It was no message after all: the next one is looked for behind its length.
                bytes = bytes.get(TRANSPORT..).unwrap_or_default();
            } else {
                break;
            }
        }
        if self.framers.of(out.side).is_keeping() { Reaction::Wanted } else { reaction }
    }

    /// Reads a message that was wanted.
    fn message(&mut self, message: &Framed<'_>, place: PacketPlace, out: &mut FlowOutput<'_>) {
        let (transport, bytes) = message.bytes.split_at(TRANSPORT.min(message.bytes.len()));
        if message.bytes.len() == MAX_HEADER_LEN && len_of(transport) > MAX_SET_UP_LEN {
            out.too_long(place);
        }
        if bytes.starts_with(magic::SMB1) {
            smb1::read(bytes, message.extent, place, self, out);
            return;
        }
        let mut rest = bytes;
        loop {
            let next = smb2::next_command(rest).filter(|next| *next < rest.len());
            let (one, behind) = rest.split_at(next.unwrap_or(rest.len()));
            let extent = if next.is_some() { Extent::Whole } else { message.extent };
            smb2::read(one, extent, place, self, out);
            if next.is_none() || !behind.starts_with(magic::SMB2) {
                break;
            }
            rest = behind;
        }
    }

    /// Reads bytes that go through a pipe.
    fn in_pipe(&mut self, bytes: &[u8], place: PacketPlace, out: &mut FlowOutput<'_>) {
        let pipes = self.pipes.get_or_insert_with(|| Box::new(Rpc::in_pipe()));
        pipes.message(bytes, place, out);
    }

    /// Ends the connection.
    pub(super) fn finish(&mut self, out: &mut FlowOutput<'_>) {
        self.sessions.finish(out);
        if let Some(pipes) = &mut self.pipes {
            pipes.finish(out);
        }
    }
}

/// The length in a transport header.
fn len_of(transport: &[u8]) -> u64 {
    let bytes = transport.get(1..).unwrap_or_default();
    bytes.iter().fold(0, |len, byte| len << 8 | u64::from(*byte))
}

/// Decides on the message at the start of `head`.
fn decide(head: &[u8]) -> Frame {
    let Some((transport, rest)) = head.split_first_chunk::<TRANSPORT>() else {
        return Frame::More;
    };
    let [kind, high, ..] = *transport;
    let len = len_of(transport);
    let whole = TRANSPORT as u64 + len;
    match kind {
        0 if len == 0 => return Frame::Skip(whole),
        0 => {}
        // The other messages of a NetBIOS session have a 17-bit length.
        0x81..=0x85 if high <= 1 => return Frame::Skip(whole),
        _ => return Frame::Lost,
    }
    if rest.len() < TRANSPORT {
        return Frame::More;
    }
    let interest = if rest.starts_with(magic::SMB2) {
        smb2::interest(rest, len)
    } else if rest.starts_with(magic::SMB1) {
        smb1::interest(rest, len)
    } else if rest.starts_with(magic::ENCRYPTED) || rest.starts_with(magic::COMPRESSED) {
        Interest::Unwanted
    } else {
        return Frame::Lost;
    };
    match (interest, usize::try_from(whole)) {
        (Interest::More, _) => Frame::More,
        (Interest::Wanted, Ok(whole)) => Frame::Keep(whole),
        (Interest::TooLong, _) => Frame::KeepHead { head: MAX_HEADER_LEN, len: whole },
        _ => Frame::Skip(whole),
    }
}

/// Returns true if bytes in a pipe begin a message of DCE/RPC that can sign in, or answer one that
/// does. A response is no answer: it may be that of another pipe of the connection.
fn is_sign_in_of_rpc(bytes: &[u8]) -> bool {
    matches!(bytes, [5, 0, 3 | 11 | 12 | 13 | 14 | 15 | 16, ..])
}

/// The protocol of a dialect of SMB2 or SMB3.
const fn protocol_of(dialect: u16) -> Protocol {
    match dialect {
        0x0300..=0x0311 => Protocol::Smb3,
        _ => Protocol::Smb2,
    }
}
