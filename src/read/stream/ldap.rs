//! LDAP: binds with SASL, and those of Active Directory without it ("Sicily").
//!
//! Spec: RFC 4511 4.2, [MS-ADTS] 5.1.1.1.3 for Sicily.

use super::{
    Answer, FlowOutput, PacketPlace, Protocol, Status,
    direction::Piece,
    framer::{Frame, Framer},
    out::PerSide,
    reaction::Reaction,
    tracker::SignInTracker,
};
use crate::base::span::{Source, Span};
use crate::message::der::{self, Element, tag};

/// The longest message that is kept: a token has at most 64 KiB.
const MAX_MESSAGE_LEN: usize = 66 * 1024;

/// Operations.
mod operation {
    pub(super) const BIND_REQUEST: u8 = 0x60;
    pub(super) const BIND_RESPONSE: u8 = 0x61;
    pub(super) const EXTENDED_REQUEST: u8 = 0x77;
    pub(super) const EXTENDED_RESPONSE: u8 = 0x78;
}

/// The name of the operation `StartTLS`.
const START_TLS: &[u8] = b"1.3.6.1.4.1.1466.20037";

/// `saslBindInProgress`: the sign-in goes on.
const BIND_IN_PROGRESS: u32 = 14;

/// A connection that speaks LDAP.
#[derive(Debug, Default)]
pub(super) struct Ldap {
    framers: PerSide<Framer>,
    tracker: SignInTracker,
    /// True if the client asked for TLS.
    wants_tls: bool,
}

impl Ldap {
    /// The approximate number of bytes it holds.
    pub(super) fn held(&self) -> usize {
        self.tracker.held() + self.framers.each().map(Framer::held).sum::<usize>()
    }

    /// Takes the next piece.
    pub(super) fn piece(&mut self, piece: Piece<'_>, out: &mut FlowOutput<'_>) -> Reaction {
        match piece {
            Piece::Gap(len, _) => {
                self.framers.of(out.side).gap(len);
                Reaction::Ignored
            }
            Piece::Bytes(mut bytes, place) => {
                let framer = self.framers.of(out.side);
                if framer.is_lost() && decide(bytes) != Frame::Lost {
                    framer.found();
                }
                let mut reaction = Reaction::Ignored;
                while let Some(message) = self.framers.of(out.side).next(&mut bytes, decide) {
                    if self.message(&message.bytes, place, out) == Reaction::Changes {
                        return Reaction::Changes;
                    }
                    reaction = Reaction::Wanted;
                }
                if self.framers.of(out.side).is_keeping() { Reaction::Wanted } else { reaction }
            }
        }
    }

    fn message(
        &mut self,
        message: &[u8],
        place: PacketPlace,
        out: &mut FlowOutput<'_>,
    ) -> Reaction {
        let source = Source(message);
        let Some(operation) = operation_in(message) else { return Reaction::Ignored };
        let parts = parts(source, operation.contents);
        match operation.tag {
            operation::BIND_REQUEST => {
                out.client_speaks();
                // The credentials are behind version and name.
                if let Some(how) = parts.get(2) {
                    self.tracker.bytes(source.slice(how.contents), Protocol::Ldap, place, out);
                }
            }
            operation::BIND_RESPONSE => {
                out.server_speaks();
                let code = parts.first().map_or(0, |code| number(source.slice(code.contents)));
                // Sicily has its CHALLENGE in the place of a name.
                let is_challenge = parts.iter().skip(1).any(|part| {
                    self.tracker.bytes(source.slice(part.contents), Protocol::Ldap, place, out)
                });
                if code != BIND_IN_PROGRESS && !is_challenge {
                    self.tracker.answer(Answer::new(Status::Ldap(code), place), out);
                }
            }
            operation::EXTENDED_REQUEST => {
                let name = parts.first().map(|name| source.slice(name.contents));
                self.wants_tls = name == Some(START_TLS);
            }
            operation::EXTENDED_RESPONSE if self.wants_tls => return Reaction::Changes,
            _ => {}
        }
        Reaction::Ignored
    }

    /// Ends the connection.
    pub(super) fn finish(&mut self, out: &mut FlowOutput<'_>) {
        self.tracker.finish(out);
    }
}

/// The operation of the message at the start of `head`.
fn operation_in(head: &[u8]) -> Option<Element> {
    let source = Source(head);
    let whole = der::element(source, Span::new(0, head.len()))?;
    let number = der::element(source, whole.contents)?;
    if whole.tag != tag::SEQUENCE || number.tag != tag::INTEGER {
        return None;
    }
    der::element(source, Span::new(number.end, whole.contents.end))
}

/// The first few elements in `within`, one after another.
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

/// Decides on the message at the start of `head`. Sealed bytes behind a bind are none.
fn decide(head: &[u8]) -> Frame {
    const MIN_HEAD_LEN: usize = 16;
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
        None if head.len() < MIN_HEAD_LEN && (head.len() as u64) < len => Frame::More,
        None => Frame::Lost,
        Some(
            operation::BIND_REQUEST
            | operation::BIND_RESPONSE
            | operation::EXTENDED_REQUEST
            | operation::EXTENDED_RESPONSE,
        ) => match usize::try_from(len) {
            Ok(len) if len <= MAX_MESSAGE_LEN => Frame::Keep(len),
            _ => Frame::Skip(len),
        },
        Some(_) => Frame::Skip(len),
    }
}
