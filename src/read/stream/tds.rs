//! TDS: sign-ins to SQL Server.
//!
//! Spec: [MS-TDS] 2.2.3 for the header, 2.2.6.4 for LOGIN7, 2.2.7 for the tokens of an answer.

use super::{
    Answer, Out, Place, Protocol, Status,
    direction::Piece,
    framer::{Frame, Framer},
    out::Both,
    said::Said,
    turns::Turns,
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
    /// Of the other ones, the first and the last.
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
    framers: Both<Framer>,
    turns: Turns,
    /// The server let the client in, or not: what follows are queries.
    is_over: bool,
    /// What came of a message that goes on in the next packet.
    parts: Both<Vec<u8>>,
}

/// The longest message that is put together from packets.
const LONGEST: usize = 96 * 1024;

impl Tds {
    /// About how many bytes it holds.
    pub(super) fn held(&self) -> usize {
        let parts: usize = self.parts.each().map(Vec::capacity).sum();
        self.turns.held() + parts + self.framers.each().map(Framer::held).sum::<usize>()
    }

    /// Takes what comes next.
    pub(super) fn piece(&mut self, piece: Piece<'_>, out: &mut Out<'_>) -> Said {
        match piece {
            Piece::Gap(len, _) => {
                self.parts.of(out.side).clear();
                self.framers.of(out.side).gap(len);
                Said::Nothing
            }
            Piece::Bytes(mut bytes, place) => {
                let framer = self.framers.of(out.side);
                if framer.is_lost() && decide(bytes) != Frame::Lost {
                    framer.found();
                }
                while let Some(packet) = self.framers.of(out.side).next(&mut bytes, decide) {
                    let said = self.packet(&packet.bytes, place, out);
                    if matches!(said, Said::Changes | Said::Ends) {
                        return said;
                    }
                }
                // Until it is over all of it is of interest.
                Said::Wanted
            }
        }
    }

    /// Reads one packet; those of a message belong together.
    fn packet(&mut self, packet: &[u8], place: Place, out: &mut Out<'_>) -> Said {
        let (Some(kind), Some(status)) = (packet.first(), packet.get(1)) else {
            return Said::Nothing;
        };
        let part = packet.get(HEADER..).unwrap_or_default();
        if *kind == kind::PRELOGIN && part.starts_with(&[0x16, 3]) {
            // TLS goes on inside these packets.
            return Said::Changes;
        }
        let parts = self.parts.of(out.side);
        parts.extend_from_slice(part);
        if status & 1 == 0 && parts.len() <= LONGEST {
            return Said::Wanted;
        }
        let message = std::mem::take(parts);
        match *kind {
            kind::LOGIN | kind::SSPI => {
                self.turns.bytes(&message, Protocol::Tds, place, out);
            }
            kind::ANSWER => self.answer(&message, place, out),
            _ => {}
        }
        if self.is_over { Said::Ends } else { Said::Wanted }
    }

    /// Reads the tokens of an answer.
    fn answer(&mut self, message: &[u8], place: Place, out: &mut Out<'_>) {
        let mut at = 0;
        while let Some(token) = message.get(at) {
            let Some(len) = Source(message).le_u16(at + 1) else { break };
            let value = message.get(at + 3..).unwrap_or_default();
            let value = value.get(..usize::from(len.value)).unwrap_or(value);
            let status = match *token {
                token::SSPI => {
                    self.turns.bytes(value, Protocol::Tds, place, out);
                    None
                }
                token::LOGIN_ACKNOWLEDGED => Some(true),
                token::ERROR => Some(false),
                token::INFO | token::ENVIRONMENT => None,
                _ => break,
            };
            if let Some(is_accepted) = status {
                self.turns.answer(Answer::new(Status::Word(is_accepted), place), out);
                self.is_over = true;
            }
            at += 3 + value.len();
        }
    }

    /// Ends the connection.
    pub(super) fn finish(&mut self, out: &mut Out<'_>) {
        self.turns.finish(out);
    }
}

/// What to do with the packet that `head` begins with.
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
