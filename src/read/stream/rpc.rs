//! DCE/RPC, over TCP and in pipes.
//!
//! Spec: C706 12.6 and [MS-RPCE] 2.2.2.11 for the token at the end of a message.

use super::{
    Answer, Out, Place, Protocol, Status,
    direction::Piece,
    framer::{Frame, Framer},
    out::Both,
    said::Said,
    turns::Turns,
};

/// Size of the header, in bytes.
const HEADER: usize = 16;

/// Size of what stands before a token.
const TRAILER: usize = 8;

/// A message has a 16-bit length. Longer ones do not sign in, and are looked at only for their
/// type.
const LONGEST: usize = 66 * 1024;

/// Types of messages.
mod kind {
    pub(super) const RESPONSE: u8 = 2;
    pub(super) const FAULT: u8 = 3;
    pub(super) const BIND: u8 = 11;
    pub(super) const BIND_ACK: u8 = 12;
    pub(super) const BIND_NAK: u8 = 13;
    pub(super) const ALTER_CONTEXT: u8 = 14;
    pub(super) const ALTER_CONTEXT_RESPONSE: u8 = 15;
    pub(super) const AUTH3: u8 = 16;
}

/// The most security contexts of a connection that are being set up.
const MOST_CONTEXTS: usize = 16;

/// A connection, or the pipes of one, that speaks DCE/RPC.
#[derive(Debug)]
pub(super) struct Rpc {
    protocol: Protocol,
    framers: Both<Framer>,
    /// The sign-ins, each with the number of its security context.
    contexts: Vec<(u32, Turns)>,
}

impl Default for Rpc {
    fn default() -> Self {
        Self { protocol: Protocol::Rpc, framers: Both::default(), contexts: Vec::new() }
    }
}

/// The header of a message, as far as it is of interest.
struct Header {
    kind: u8,
    is_big_endian: bool,
    len: usize,
    token_len: usize,
}

impl Header {
    fn read(message: &[u8]) -> Option<Self> {
        let [5, 0 | 1, kind, _, order, ..] = *message else { return None };
        let is_big_endian = order & 0xF0 == 0;
        let number = |at: usize| {
            let bytes = message.get(at..at + 2)?.try_into().ok()?;
            Some(usize::from(if is_big_endian {
                u16::from_be_bytes(bytes)
            } else {
                u16::from_le_bytes(bytes)
            }))
        };
        Some(Self { kind, is_big_endian, len: number(8)?, token_len: number(10)? })
    }
}

impl Rpc {
    /// What goes through the pipes of an SMB connection.
    pub(super) fn in_pipe() -> Self {
        Self { protocol: Protocol::RpcInPipe, ..Self::default() }
    }

    /// About how many bytes it holds.
    pub(super) fn held(&self) -> usize {
        let framers: usize = self.framers.each().map(Framer::held).sum();
        framers + self.contexts.iter().map(|(_, turns)| turns.held()).sum::<usize>()
    }

    /// Takes what comes next.
    pub(super) fn piece(&mut self, piece: Piece<'_>, out: &mut Out<'_>) -> Said {
        let waits = self.contexts.iter().any(|(_, turns)| turns.is_waiting());
        let awaited = if waits { Awaited::Answer } else { Awaited::SetUp };
        match piece {
            Piece::Gap(len, _) => {
                self.framers.of(out.side).gap(len);
                Said::Nothing
            }
            Piece::Bytes(mut bytes, place) => {
                let framer = self.framers.of(out.side);
                if framer.is_lost() && decide(bytes, awaited) != Frame::Lost {
                    framer.found();
                }
                let mut said = Said::Nothing;
                while let Some(message) =
                    self.framers.of(out.side).next(&mut bytes, |head| decide(head, awaited))
                {
                    said = Said::Wanted;
                    self.message(&message.bytes, place, out);
                }
                if self.framers.of(out.side).is_keeping() { Said::Wanted } else { said }
            }
        }
    }

    /// Reads one message.
    pub(super) fn message(&mut self, message: &[u8], place: Place, out: &mut Out<'_>) {
        let Some(header) = Header::read(message) else { return };
        match header.kind {
            kind::RESPONSE => self.answer(Status::Rpc(0), place, out),
            kind::FAULT => {
                let number = message.get(24..28).and_then(|bytes| bytes.try_into().ok());
                let number = number.map(|bytes| {
                    if header.is_big_endian {
                        u32::from_be_bytes(bytes)
                    } else {
                        u32::from_le_bytes(bytes)
                    }
                });
                // A fault without a number is one all the same.
                self.answer(Status::Rpc(number.unwrap_or(u32::MAX)), place, out);
            }
            kind::BIND_NAK => self.answer(Status::Rpc(u32::MAX), place, out),
            kind::BIND | kind::BIND_ACK | kind::ALTER_CONTEXT | kind::AUTH3 => {
                self.token(&header, message, place, out);
            }
            kind::ALTER_CONTEXT_RESPONSE => {
                let waits = self.contexts.iter().any(|(_, turns)| turns.is_waiting());
                self.token(&header, message, place, out);
                if waits {
                    self.answer(Status::Rpc(0), place, out);
                }
            }
            _ => {}
        }
    }

    /// Takes up the token at the end of a message.
    fn token(&mut self, header: &Header, message: &[u8], place: Place, out: &mut Out<'_>) {
        let end = header.len.min(message.len());
        let Some(start) = end.checked_sub(header.token_len).filter(|_| header.token_len > 0) else {
            return;
        };
        let trailer = start.checked_sub(TRAILER).and_then(|at| message.get(at..start));
        let context = trailer.and_then(|trailer| trailer.get(4..8)?.try_into().ok());
        let context = u32::from_le_bytes(context.unwrap_or_default());
        let protocol = self.protocol;
        let turns = self.turns(context, out);
        turns.bytes(message.get(start..end).unwrap_or_default(), protocol, place, out);
    }

    /// The sign-in of that security context.
    fn turns(&mut self, context: u32, out: &mut Out<'_>) -> &mut Turns {
        let at = self.contexts.iter().position(|(known, _)| *known == context);
        if at.is_none() && self.contexts.len() >= MOST_CONTEXTS {
            self.contexts.remove(0).1.finish(out);
        }
        let (_, turns) = match at.and_then(|at| self.contexts.get(at).map(|_| at)) {
            Some(at) => {
                let known = self.contexts.remove(at);
                self.contexts.push_mut(known)
            }
            None => self.contexts.push_mut((context, Turns::default())),
        };
        turns
    }

    /// Ends the sign-ins that wait for an answer.
    fn answer(&mut self, status: Status, place: Place, out: &mut Out<'_>) {
        for (_, turns) in &mut self.contexts {
            turns.answer(Answer::new(status, place), out);
        }
    }

    /// Ends the connection.
    pub(super) fn finish(&mut self, out: &mut Out<'_>) {
        for (_, turns) in &mut self.contexts {
            turns.finish(out);
        }
    }
}

/// What a connection waits for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Awaited {
    /// The answer to a sign-in.
    Answer,
    /// The next message of a sign-in.
    SetUp,
}

/// What to do with the message that `head` begins with. Answers are of interest where a sign-in
/// waits for one.
fn decide(head: &[u8], awaited: Awaited) -> Frame {
    let Some(header) = Header::read(head) else {
        let can_be = matches!(head, [] | [5] | [5, 0 | 1] | [5, 0 | 1, ..] if head.len() < HEADER);
        return if can_be { Frame::More } else { Frame::Lost };
    };
    if header.len < HEADER {
        return Frame::Lost;
    }
    let is_set_up = matches!(header.kind, kind::BIND..=kind::AUTH3);
    let is_answer =
        matches!(header.kind, kind::RESPONSE | kind::FAULT) && awaited == Awaited::Answer;
    if (is_set_up || is_answer) && header.len <= LONGEST {
        Frame::Keep(header.len)
    } else {
        Frame::Skip(header.len as u64)
    }
}
