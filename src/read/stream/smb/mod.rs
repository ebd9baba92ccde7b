//! SMB over TCP and over NetBIOS: its messages, and the sign-ins in them.
//!
//! Session set-up is in clear also where what follows is encrypted. What carries no sign-in is
//! passed over by its length.

mod session;
mod smb1;
mod smb2;

use super::{
    Out, Place, Protocol,
    direction::Piece,
    framer::{Extent, Frame, Framed, Framer},
    guess::{Detected, Guess},
    out::Both,
    rpc::Rpc,
    said::Said,
};
use crate::base::span::{Source, Span};
use session::Sessions;

/// Size of the header that says how long a message is.
const TRANSPORT: usize = 4;

/// A message without a sign-in that is longer is passed over, whatever follows in its chain.
const LONGEST_CHAIN: u64 = 128 * 1024;

/// A token has at most 64 KiB: a 16-bit length says so.
const LONGEST_SET_UP: u64 = 66 * 1024;

/// What goes through a pipe in one message of RPC that signs in is not longer.
const LONGEST_IN_PIPE: u64 = 16 * 1024;

/// With its length, a header takes so many bytes at most. All of them are there where it was looked
/// at.
const LONGEST_HEADER: usize = TRANSPORT + 64;

/// How the messages of SMB begin, behind their length.
mod magic {
    pub(super) const SMB1: &[u8] = b"\xFFSMB";
    pub(super) const SMB2: &[u8] = b"\xFESMB";
    pub(super) const ENCRYPTED: &[u8] = b"\xFDSMB";
    pub(super) const COMPRESSED: &[u8] = b"\xFCSMB";
}

/// A connection that speaks SMB.
#[derive(Debug, Default)]
pub(super) struct Smb {
    framers: Both<Framer>,
    sessions: Sessions,
    /// What goes through its pipes, where that signs in.
    pipes: Option<Box<Rpc>>,
}

/// What becomes of a message, going by its header.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Wish {
    /// More of it has to be there to tell.
    More,
    /// It may carry a sign-in, or say what is worth knowing of one.
    Wanted,
    /// It should carry a sign-in, and is longer than any.
    TooLong,
    Unwanted,
}

/// What the first bytes of a direction tell; `None` where it is no SMB.
pub(super) fn begins(head: &[u8]) -> Option<Guess> {
    let magics = [magic::SMB1, magic::SMB2, magic::ENCRYPTED, magic::COMPRESSED];
    match head {
        // A session request of NetBIOS names both ends; its answers are short.
        [0x81, 0, 0, len, ..] if *len >= 64 => Some(Guess::Is(Detected::Smb)),
        [0x82, 0, 0, 0, ..] | [0x83, 0, 0, 1, ..] => Some(Guess::Is(Detected::Smb)),
        [0x81..=0x83] | [0x81..=0x83, 0] | [0x81..=0x83, 0, 0] => Some(Guess::More),
        [0, ..] => {
            let magic = head.get(TRANSPORT..head.len().min(TRANSPORT + 4)).unwrap_or_default();
            if magics.contains(&magic) {
                Some(Guess::Is(Detected::Smb))
            } else {
                magics.iter().any(|known| known.starts_with(magic)).then_some(Guess::More)
            }
        }
        _ => None,
    }
}

/// Where a message of SMB begins in the middle of others: its magic, and a length before it that
/// can be.
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

/// Whether a message begins here, as far as its first bytes say.
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
    /// One whose next messages have to be found.
    pub(super) fn lost() -> Self {
        let mut smb = Self::default();
        for side in [super::Side::Lower, super::Side::Upper] {
            *smb.framers.of(side) = Framer::lost();
        }
        smb
    }

    /// About how many bytes it holds.
    pub(super) fn held(&self) -> usize {
        let framers: usize = self.framers.each().map(Framer::held).sum();
        framers + self.sessions.held() + self.pipes.as_ref().map_or(0, |pipes| pipes.held())
    }

    /// Takes what comes next.
    pub(super) fn piece(&mut self, piece: Piece<'_>, out: &mut Out<'_>) -> Said {
        let framer = self.framers.of(out.side);
        match piece {
            Piece::Gap(len, place) => {
                if let Some(message) = framer.gap(len) {
                    self.message(&message, place, out);
                }
                Said::Nothing
            }
            Piece::Bytes(bytes, place) => self.bytes(bytes, place, out),
        }
    }

    fn bytes(&mut self, mut bytes: &[u8], place: Place, out: &mut Out<'_>) -> Said {
        let mut said = Said::Nothing;
        loop {
            let framer = self.framers.of(out.side);
            if framer.is_lost() {
                let Some(start) = find(bytes) else { break };
                bytes = bytes.get(start..).unwrap_or_default();
                framer.found();
            }
            if let Some(message) = framer.next(&mut bytes, decide) {
                said = Said::Wanted;
                self.message(&message, place, out);
            } else if framer.is_lost() && !bytes.is_empty() {
                // What looked like a message was none: the next one is looked for behind its
                // length.
                bytes = bytes.get(TRANSPORT..).unwrap_or_default();
            } else {
                break;
            }
        }
        if self.framers.of(out.side).is_keeping() { Said::Wanted } else { said }
    }

    /// Reads a message that was wanted.
    fn message(&mut self, message: &Framed<'_>, place: Place, out: &mut Out<'_>) {
        let (transport, bytes) = message.bytes.split_at(TRANSPORT.min(message.bytes.len()));
        if message.bytes.len() == LONGEST_HEADER && len_of(transport) > LONGEST_SET_UP {
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

    /// Reads what goes through a pipe.
    fn in_pipe(&mut self, bytes: &[u8], place: Place, out: &mut Out<'_>) {
        let pipes = self.pipes.get_or_insert_with(|| Box::new(Rpc::in_pipe()));
        pipes.message(bytes, place, out);
    }

    /// Ends the connection.
    pub(super) fn finish(&mut self, out: &mut Out<'_>) {
        self.sessions.finish(out);
        if let Some(pipes) = &mut self.pipes {
            pipes.finish(out);
        }
    }
}

/// The length that the header before a message says.
fn len_of(transport: &[u8]) -> u64 {
    let bytes = transport.get(1..).unwrap_or_default();
    bytes.iter().fold(0, |len, byte| len << 8 | u64::from(*byte))
}

/// What to do with the message that `head` begins with.
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
    let wish = if rest.starts_with(magic::SMB2) {
        smb2::wish(rest, len)
    } else if rest.starts_with(magic::SMB1) {
        smb1::wish(rest, len)
    } else if rest.starts_with(magic::ENCRYPTED) || rest.starts_with(magic::COMPRESSED) {
        Wish::Unwanted
    } else {
        return Frame::Lost;
    };
    match (wish, usize::try_from(whole)) {
        (Wish::More, _) => Frame::More,
        (Wish::Wanted, Ok(whole)) => Frame::Keep(whole),
        (Wish::TooLong, _) => Frame::KeepHead { head: LONGEST_HEADER, len: whole },
        _ => Frame::Skip(whole),
    }
}

/// Whether bytes in a pipe begin a message of DCE/RPC that can sign in, or answer one.
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
