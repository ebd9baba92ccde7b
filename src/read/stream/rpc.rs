//! DCE/RPC, over TCP and in pipes.
//!
//! Spec: C706 12.6 and [MS-RPCE] 2.2.2.11 for the token at the end of a message.

use super::{
    Answer, FlowOutput, PacketPlace, Protocol, Status,
    direction::Piece,
    framer::{Frame, Framer},
    out::PerSide,
    reaction::Reaction,
    tracker::SignInTracker,
};

/// Size of the header, in bytes.
const HEADER: usize = 16;

/// Size of the trailer before a token, in bytes.
const TRAILER: usize = 8;

/// The longest message that is kept; its length has 16 bits.
const MAX_MESSAGE_LEN: usize = 66 * 1024;

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
const MAX_CONTEXTS: usize = 16;

/// A connection, or the pipes of one, that speaks DCE/RPC.
#[derive(Debug)]
pub(super) struct Rpc {
    protocol: Protocol,
    framers: PerSide<Framer>,
    /// The sign-ins, each with the number of its security context.
    contexts: Vec<(u32, SignInTracker)>,
}

impl Default for Rpc {
    fn default() -> Self {
        Self { protocol: Protocol::Rpc, framers: PerSide::default(), contexts: Vec::new() }
    }
}

/// The header of a message, as far as it is of interest.
struct RpcHeader {
    kind: u8,
    is_big_endian: bool,
    len: usize,
    token_len: usize,
}

impl RpcHeader {
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
    /// A reader of the pipes of an SMB connection.
    pub(super) fn in_pipe() -> Self {
        Self { protocol: Protocol::RpcInPipe, ..Self::default() }
    }

    /// The approximate number of bytes it holds.
    pub(super) fn held(&self) -> usize {
        let framers: usize = self.framers.each().map(Framer::held).sum();
        framers + self.contexts.iter().map(|(_, tracker)| tracker.held()).sum::<usize>()
    }

    /// Takes the next piece.
    pub(super) fn piece(&mut self, piece: Piece<'_>, out: &mut FlowOutput<'_>) -> Reaction {
        let waits = self.contexts.iter().any(|(_, tracker)| tracker.is_waiting());
        let awaited = if waits { Awaited::Answer } else { Awaited::SetUp };
        match piece {
            Piece::Gap(len, _) => {
                self.framers.of(out.side).gap(len);
                Reaction::Ignored
            }
            Piece::Bytes(mut bytes, place) => {
                let framer = self.framers.of(out.side);
                if framer.is_lost() && decide(bytes, awaited) != Frame::Lost {
                    framer.found();
                }
                let mut reaction = Reaction::Ignored;
                while let Some(message) =
                    self.framers.of(out.side).next(&mut bytes, |head| decide(head, awaited))
                {
                    reaction = Reaction::Wanted;
                    self.message(&message.bytes, place, out);
                }
                if self.framers.of(out.side).is_keeping() { Reaction::Wanted } else { reaction }
            }
        }
    }

    /// Reads one message.
    pub(super) fn message(&mut self, message: &[u8], place: PacketPlace, out: &mut FlowOutput<'_>) {
        let Some(header) = RpcHeader::read(message) else { return };
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
                // A fault without a status is one all the same.
                self.answer(Status::Rpc(number.unwrap_or(u32::MAX)), place, out);
            }
            kind::BIND_NAK => self.answer(Status::Rpc(u32::MAX), place, out),
            kind::BIND | kind::BIND_ACK | kind::ALTER_CONTEXT | kind::AUTH3 => {
                self.token(&header, message, place, out);
            }
            kind::ALTER_CONTEXT_RESPONSE => {
                let waits = self.contexts.iter().any(|(_, tracker)| tracker.is_waiting());
                self.token(&header, message, place, out);
                if waits {
                    self.answer(Status::Rpc(0), place, out);
                }
            }
            _ => {}
        }
    }

    /// Reads the token at the end of a message.
    fn token(
        &mut self,
        header: &RpcHeader,
        message: &[u8],
        place: PacketPlace,
        out: &mut FlowOutput<'_>,
    ) {
        let end = header.len.min(message.len());
        let Some(start) = end.checked_sub(header.token_len).filter(|_| header.token_len > 0) else {
            return;
        };
        let trailer = start.checked_sub(TRAILER).and_then(|at| message.get(at..start));
        let context = trailer.and_then(|trailer| trailer.get(4..8)?.try_into().ok());
        let context = u32::from_le_bytes(context.unwrap_or_default());
        let protocol = self.protocol;
        let tracker = self.tracker(context, out);
        tracker.bytes(message.get(start..end).unwrap_or_default(), protocol, place, out);
    }

    /// The sign-ins of a security context.
    fn tracker(&mut self, context: u32, out: &mut FlowOutput<'_>) -> &mut SignInTracker {
        let at = self.contexts.iter().position(|(known, _)| *known == context);
        if at.is_none() && self.contexts.len() >= MAX_CONTEXTS {
            self.contexts.remove(0).1.finish(out);
        }
        let (_, tracker) = match at.and_then(|at| self.contexts.get(at).map(|_| at)) {
            Some(at) => {
                let known = self.contexts.remove(at);
                self.contexts.push_mut(known)
            }
            None => self.contexts.push_mut((context, SignInTracker::default())),
        };
        tracker
    }

    /// Ends the sign-ins that wait for an answer.
    fn answer(&mut self, status: Status, place: PacketPlace, out: &mut FlowOutput<'_>) {
        for (_, tracker) in &mut self.contexts {
            tracker.answer(Answer::new(status, place), out);
        }
    }

    /// Ends the connection.
    pub(super) fn finish(&mut self, out: &mut FlowOutput<'_>) {
        for (_, tracker) in &mut self.contexts {
            tracker.finish(out);
        }
    }
}

/// The message that a connection waits for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Awaited {
    /// The answer to a sign-in.
    Answer,
    /// The next message of a sign-in.
    SetUp,
}

/// Decides on the message at the start of `head`. Answers are wanted only if a sign-in waits for
/// one.
fn decide(head: &[u8], awaited: Awaited) -> Frame {
    let Some(header) = RpcHeader::read(head) else {
        let can_be = matches!(head, [] | [5] | [5, 0 | 1] | [5, 0 | 1, ..] if head.len() < HEADER);
        return if can_be { Frame::More } else { Frame::Lost };
    };
    if header.len < HEADER {
        return Frame::Lost;
    }
    let is_set_up = matches!(header.kind, kind::BIND..=kind::AUTH3);
    let is_answer =
        matches!(header.kind, kind::RESPONSE | kind::FAULT) && awaited == Awaited::Answer;
    if (is_set_up || is_answer) && header.len <= MAX_MESSAGE_LEN {
        Frame::Keep(header.len)
    } else {
        Frame::Skip(header.len as u64)
    }
}
