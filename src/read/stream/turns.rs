//! Sign-ins of a protocol that has one at a time on a connection.

use super::{
    Answer, Attempt, Out, Place, Protocol, Token,
    sign_in::{Kind, Negotiated},
};
use crate::read::{
    carrier::{self, Found},
    layer::Layer,
};

/// The sign-in that goes on at present.
#[derive(Debug, Default)]
pub(super) struct Turns {
    attempt: Option<Attempt>,
    /// The message that was taken up last.
    latest: Option<Kind>,
    /// What was offered on the connection, also ahead of the sign-in that goes on.
    offered: Negotiated,
}

/// The most messages that are taken from one token.
const MOST_MESSAGES: usize = 4;

impl Turns {
    /// Reads what a message of the protocol carries, and takes it up; whether there was something.
    pub(super) fn bytes(
        &mut self,
        bytes: &[u8],
        protocol: Protocol,
        place: Place,
        out: &mut Out<'_>,
    ) -> bool {
        let contents = carrier::read(bytes, MOST_MESSAGES);
        let is_any = !contents.messages.is_empty();
        for found in contents.messages {
            self.message(found, protocol, place, out);
        }
        for (_, layer) in &contents.negotiations {
            self.negotiation(layer, out);
        }
        is_any
    }

    /// Keeps what a token of SPNEGO without a message offers or signs.
    fn negotiation(&mut self, layer: &Layer, out: &Out<'_>) {
        self.offered.offer(layer);
        let is_client = *out.client == Some(out.side);
        let waiting = self.attempt.as_mut().filter(|attempt| attempt.is_sign_in() && !is_client);
        if let Some(attempt) = waiting {
            attempt.negotiated.answer(layer);
        }
    }

    /// Takes a message up.
    fn message(&mut self, found: Found, protocol: Protocol, place: Place, out: &mut Out<'_>) {
        let kind = Kind::of(&found);
        if kind == Kind::Other {
            return;
        }
        if kind.is_from_client() {
            out.client_speaks();
        } else {
            out.server_speaks();
        }
        let is_new = match &self.attempt {
            None => true,
            Some(attempt) => match kind {
                Kind::Negotiate | Kind::ApReq => true,
                _ => attempt.is_sign_in(),
            },
        };
        if is_new {
            self.finish(out);
        }
        for layer in &found.layers {
            self.offered.offer(layer);
        }
        let attempt = self.attempt.get_or_insert_default();
        attempt.protocol = protocol;
        attempt.negotiated.mech_types.clone_from(&self.offered.mech_types);
        attempt.take(Token { found, place });
        self.latest = Some(kind);
    }

    /// Says that what carries the message that was taken up last goes on to that packet.
    pub(super) fn goes_on_to(&mut self, place: Place) {
        let Some(attempt) = &mut self.attempt else { return };
        let latest = match self.latest {
            Some(Kind::Negotiate) => &mut attempt.negotiate,
            Some(Kind::Challenge) => &mut attempt.challenge,
            Some(Kind::Authenticate) => &mut attempt.authenticate,
            Some(Kind::ApReq) => &mut attempt.ap_req,
            Some(Kind::Other) | None => return,
        };
        if let Some(token) = latest {
            token.place = place;
        }
    }

    /// Whether a sign-in waits for its answer.
    pub(super) fn is_waiting(&self) -> bool {
        self.attempt.as_ref().is_some_and(Attempt::is_sign_in)
    }

    /// Ends the sign-in with the server's answer, where one waits for it.
    pub(super) fn answer(&mut self, answer: Answer, out: &mut Out<'_>) {
        if let Some(attempt) = self.attempt.as_mut().filter(|attempt| attempt.is_sign_in()) {
            attempt.answer = Some(answer);
            self.finish(out);
        }
    }

    /// Ends the sign-in without an answer.
    pub(super) fn finish(&mut self, out: &mut Out<'_>) {
        if let Some(attempt) = self.attempt.take().filter(Attempt::is_sign_in) {
            out.attempts.push(attempt);
        }
    }

    /// About how many bytes it holds.
    pub(super) fn held(&self) -> usize {
        self.attempt.as_ref().map_or(0, Attempt::held) + self.offered.held()
    }
}
