//! TDS: sign-ins to SQL Server.
//!
//! Spec: [MS-TDS] 2.2.3 for the header, 2.2.6.4 for LOGIN7, 2.2.7 for the tokens of an answer.

use super::{
    Answer, FlowOutput, PacketPlace, Protocol, Status,
    direction::Piece,
    framer::{Frame, Framer},
    out::PerSide,
    reaction::Reaction,
    tracker::SignInTracker,
};
use crate::base::span::Source;

/// Size of the header, in bytes.
const HEADER: usize = 8;

/// Types of messages.
mod kind {
    pub(super) const ANSWER: u8 = 0x04;
    pub(super) const LOGIN: u8 = 0x10;
    pub(super) const SSPI: u8 = 0x11;
    pub(super) const PRELOGIN: u8 = 0x12;
    /// All types, from the first to the last.
    pub(super) const OTHERS: std::ops::RangeInclusive<u8> = 0x01..=0x12;
}

/// Tokens of an answer.
mod token {
    pub(super) const ERROR: u8 = 0xAA;
    pub(super) const INFO: u8 = 0xAB;
    pub(super) const LOGIN_ACKNOWLEDGED: u8 = 0xAD;
    pub(super) const ENVIRONMENT: u8 = 0xE3;
    pub(super) const SSPI: u8 = 0xED;
}

/// A connection to SQL Server.
#[derive(Debug, Default)]
pub(super) struct Tds {
    framers: PerSide<Framer>,
    tracker: SignInTracker,
    /// True if the server has answered the sign-in: queries follow.
    is_over: bool,
    /// The parts of a message that goes on in the next packet.
    parts: PerSide<Vec<u8>>,
}

/// The longest message that is joined from packets.
const MAX_MESSAGE_LEN: usize = 96 * 1024;

impl Tds {
    /// The approximate number of bytes it holds.
    pub(super) fn held(&self) -> usize {
        let parts: usize = self.parts.each().map(Vec::capacity).sum();
        self.tracker.held() + parts + self.framers.each().map(Framer::held).sum::<usize>()
    }

    /// Takes the next piece.
    pub(super) fn piece(&mut self, piece: Piece<'_>, out: &mut FlowOutput<'_>) -> Reaction {
        match piece {
            Piece::Gap(len, _) => {
                self.parts.of(out.side).clear();
                self.framers.of(out.side).gap(len);
                Reaction::Ignored
            }
            Piece::Bytes(mut bytes, place) => {
                let framer = self.framers.of(out.side);
                if framer.is_lost() && decide(bytes) != Frame::Lost {
                    framer.found();
                }
                while let Some(packet) = self.framers.of(out.side).next(&mut bytes, decide) {
                    let reaction = self.packet(&packet.bytes, place, out);
                    if matches!(reaction, Reaction::Changes | Reaction::Ends) {
                        return reaction;
                    }
                }
                // All bytes up to the end of the sign-in are wanted.
                Reaction::Wanted
            }
        }
    }

    /// Reads one packet; those of a message belong together.
    fn packet(&mut self, packet: &[u8], place: PacketPlace, out: &mut FlowOutput<'_>) -> Reaction {
        let (Some(kind), Some(status)) = (packet.first(), packet.get(1)) else {
            return Reaction::Ignored;
        };
        let part = packet.get(HEADER..).unwrap_or_default();
        if *kind == kind::PRELOGIN && part.starts_with(&[0x16, 3]) {
            // TLS goes on inside these packets.
            return Reaction::Changes;
        }
        let parts = self.parts.of(out.side);
        parts.extend_from_slice(part);
        if status & 1 == 0 && parts.len() <= MAX_MESSAGE_LEN {
            return Reaction::Wanted;
        }
        let message = std::mem::take(parts);
        match *kind {
            kind::LOGIN | kind::SSPI => {
                self.tracker.bytes(&message, Protocol::Tds, place, out);
            }
            kind::ANSWER => self.answer(&message, place, out),
            _ => {}
        }
        if self.is_over { Reaction::Ends } else { Reaction::Wanted }
    }

    /// Reads the tokens of an answer.
    fn answer(&mut self, message: &[u8], place: PacketPlace, out: &mut FlowOutput<'_>) {
        let mut at = 0;
        while let Some(token) = message.get(at) {
            let Some(len) = Source(message).le_u16(at + 1) else { break };
            let value = message.get(at + 3..).unwrap_or_default();
            let value = value.get(..usize::from(len.value)).unwrap_or(value);
            let status = match *token {
                token::SSPI => {
                    self.tracker.bytes(value, Protocol::Tds, place, out);
                    None
                }
                token::LOGIN_ACKNOWLEDGED => Some(true),
                token::ERROR => Some(false),
                token::INFO | token::ENVIRONMENT => None,
                _ => break,
            };
            if let Some(is_accepted) = status {
                self.tracker.answer(Answer::new(Status::Word(is_accepted), place), out);
                self.is_over = true;
            }
            at += 3 + value.len();
        }
    }

    /// Ends the connection.
    pub(super) fn finish(&mut self, out: &mut FlowOutput<'_>) {
        self.tracker.finish(out);
    }
}

/// Decides on the packet at the start of `head`.
fn decide(head: &[u8]) -> Frame {
    match head {
        [kind, ..] if !kind::OTHERS.contains(kind) => Frame::Lost,
        [_, _, high, low, ..] => match usize::from(u16::from_be_bytes([*high, *low])) {
            len if len >= HEADER => Frame::Keep(len),
            _ => Frame::Lost,
        },
        _ => Frame::More,
    }
}
