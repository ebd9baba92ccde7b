//! LDAP: binds with SASL, and those of Active Directory without it ("Sicily").
//!
//! Spec: RFC 4511 4.2, [MS-ADTS] 5.1.1.1.3 for Sicily.

use super::{
    Answer, Out, Place, Protocol, Status,
    direction::Piece,
    framer::{Frame, Framer},
    out::Both,
    said::Said,
    turns::Turns,
};
use crate::base::span::{Source, Span};
use crate::message::der::{self, Element, tag};

/// A token has at most 64 KiB.
const LONGEST: usize = 66 * 1024;

/// Operations.
mod operation {
    pub(super) const BIND_REQUEST: u8 = 0x60;
    pub(super) const BIND_RESPONSE: u8 = 0x61;
    pub(super) const EXTENDED_REQUEST: u8 = 0x77;
    pub(super) const EXTENDED_RESPONSE: u8 = 0x78;
}

/// The name of the operation that turns to TLS.
const START_TLS: &[u8] = b"1.3.6.1.4.1.1466.20037";

/// "Go on": `saslBindInProgress`.
const BIND_IN_PROGRESS: u32 = 14;

/// A connection that speaks LDAP.
#[derive(Debug, Default)]
pub(super) struct Ldap {
    framers: Both<Framer>,
    turns: Turns,
    /// The client asked to turn to TLS.
    wants_tls: bool,
}

impl Ldap {
    /// About how many bytes it holds.
    pub(super) fn held(&self) -> usize {
        self.turns.held() + self.framers.each().map(Framer::held).sum::<usize>()
    }

    /// Takes what comes next.
    pub(super) fn piece(&mut self, piece: Piece<'_>, out: &mut Out<'_>) -> Said {
        match piece {
            Piece::Gap(len, _) => {
                self.framers.of(out.side).gap(len);
                Said::Nothing
            }
            Piece::Bytes(mut bytes, place) => {
                let framer = self.framers.of(out.side);
                if framer.is_lost() && decide(bytes) != Frame::Lost {
                    framer.found();
                }
                let mut said = Said::Nothing;
                while let Some(message) = self.framers.of(out.side).next(&mut bytes, decide) {
                    if self.message(&message.bytes, place, out) == Said::Changes {
                        return Said::Changes;
                    }
                    said = Said::Wanted;
                }
                if self.framers.of(out.side).is_keeping() { Said::Wanted } else { said }
            }
        }
    }

    fn message(&mut self, message: &[u8], place: Place, out: &mut Out<'_>) -> Said {
        let source = Source(message);
        let Some(operation) = operation_in(message) else { return Said::Nothing };
        let parts = parts(source, operation.contents);
        match operation.tag {
            operation::BIND_REQUEST => {
                out.client_speaks();
                // Behind version and name stands how the client proves itself.
                if let Some(how) = parts.get(2) {
                    self.turns.bytes(source.slice(how.contents), Protocol::Ldap, place, out);
                }
            }
            operation::BIND_RESPONSE => {
                out.server_speaks();
                let code = parts.first().map_or(0, |code| number(source.slice(code.contents)));
                // Sicily has its CHALLENGE in the place of a name.
                let is_challenge = parts.iter().skip(1).any(|part| {
                    self.turns.bytes(source.slice(part.contents), Protocol::Ldap, place, out)
                });
                if code != BIND_IN_PROGRESS && !is_challenge {
                    self.turns.answer(Answer::new(Status::Ldap(code), place), out);
                }
            }
            operation::EXTENDED_REQUEST => {
                let name = parts.first().map(|name| source.slice(name.contents));
                self.wants_tls = name == Some(START_TLS);
            }
            operation::EXTENDED_RESPONSE if self.wants_tls => return Said::Changes,
            _ => {}
        }
        Said::Nothing
    }

    /// Ends the connection.
    pub(super) fn finish(&mut self, out: &mut Out<'_>) {
        self.turns.finish(out);
    }
}

/// The operation of the message that `head` begins with.
fn operation_in(head: &[u8]) -> Option<Element> {
    let source = Source(head);
    let whole = der::element(source, Span::new(0, head.len()))?;
    let number = der::element(source, whole.contents)?;
    if whole.tag != tag::SEQUENCE || number.tag != tag::INTEGER {
        return None;
    }
    der::element(source, Span::new(number.end, whole.contents.end))
}

/// The elements side by side, the first few of them.
fn parts(source: Source<'_>, within: Span) -> Vec<Element> {
    let mut rest = within;
    let mut found = Vec::new();
    while let Some(element) = der::element(source, rest).filter(|_| found.len() < 8) {
        rest.start = element.end;
        found.push(element);
    }
    found
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number: u32, byte| number << 8 | u32::from(*byte))
}

/// What to do with the message that `head` begins with. What follows a sealed bind is none.
fn decide(head: &[u8]) -> Frame {
    const SHORTEST: usize = 16;
    if head.first().is_some_and(|first| *first != tag::SEQUENCE) {
        return Frame::Lost;
    }
    let len = match head.get(1) {
        Some(short @ 0x00..=0x7F) => Some(2 + u64::from(*short)),
        Some(long @ 0x81..=0x84) => {
            let count = usize::from(long & 0x0F);
            let bytes = head.get(2..2 + count);
            bytes.map(|bytes| 2 + count as u64 + u64::from(number(bytes)))
        }
        Some(_) => return Frame::Lost,
        None => None,
    };
    let Some(len) = len else { return Frame::More };
    let operation = operation_in(head).map(|operation| operation.tag);
    match operation {
        None if head.len() < SHORTEST && (head.len() as u64) < len => Frame::More,
        None => Frame::Lost,
        Some(
            operation::BIND_REQUEST
            | operation::BIND_RESPONSE
            | operation::EXTENDED_REQUEST
            | operation::EXTENDED_RESPONSE,
        ) => match usize::try_from(len) {
            Ok(len) if len <= LONGEST => Frame::Keep(len),
            _ => Frame::Skip(len),
        },
        Some(_) => Frame::Skip(len),
    }
}
