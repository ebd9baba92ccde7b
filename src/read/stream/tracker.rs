//! The sign-ins of a protocol that has one at a time on a connection.

use super::{
    Answer, Attempt, CapturedToken, FlowOutput, PacketPlace, Protocol,
    sign_in::{MessageKind, Negotiated},
};
use crate::read::{
    carrier::{self, CarriedMessage},
    layer::Layer,
};

/// The present sign-in of a connection.
#[derive(Debug, Default)]
pub(super) struct SignInTracker {
    attempt: Option<Attempt>,
    /// The kind of the latest message.
    latest: Option<MessageKind>,
    /// The mechanisms offered on the connection, also before the present sign-in.
    offered: Negotiated,
}

/// The most messages that are taken from one token.
const MAX_MESSAGES: usize = 4;

impl SignInTracker {
    /// Reads the tokens in a message of the protocol; returns true if there was one.
    pub(super) fn bytes(
        &mut self,
        bytes: &[u8],
        protocol: Protocol,
        place: PacketPlace,
        out: &mut FlowOutput<'_>,
    ) -> bool {
        let contents = carrier::read(bytes, MAX_MESSAGES);
        let is_any = !contents.messages.is_empty();
        for found in contents.messages {
            self.message(found, protocol, place, out);
        }
        for (_, layer) in &contents.negotiations {
            self.negotiation(layer, out);
        }
        is_any
    }

    /// Keeps the offer or the signature in an SPNEGO token without a message.
    fn negotiation(&mut self, layer: &Layer, out: &FlowOutput<'_>) {
        self.offered.offer(layer);
        let is_client = *out.client == Some(out.side);
        let waiting = self.attempt.as_mut().filter(|attempt| attempt.is_sign_in() && !is_client);
        if let Some(attempt) = waiting {
            attempt.negotiated.answer(layer);
        }
    }

    /// Adds a message.
    fn message(
        &mut self,
        found: CarriedMessage,
        protocol: Protocol,
        place: PacketPlace,
        out: &mut FlowOutput<'_>,
    ) {
        let kind = MessageKind::of(&found);
        if kind == MessageKind::Other {
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
                MessageKind::Negotiate | MessageKind::ApReq => true,
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
        attempt.take(CapturedToken { found, place });
        self.latest = Some(kind);
    }

    /// Notes that the carrier of the latest message goes on to the packet of `place`.
    pub(super) fn goes_on_to(&mut self, place: PacketPlace) {
        let Some(attempt) = &mut self.attempt else { return };
        let latest = match self.latest {
            Some(MessageKind::Negotiate) => &mut attempt.negotiate,
            Some(MessageKind::Challenge) => &mut attempt.challenge,
            Some(MessageKind::Authenticate) => &mut attempt.authenticate,
            Some(MessageKind::ApReq) => &mut attempt.ap_req,
            Some(MessageKind::Other) | None => return,
        };
        if let Some(token) = latest {
            token.place = place;
        }
    }

    /// Returns true if a sign-in waits for its answer.
    pub(super) fn is_waiting(&self) -> bool {
        self.attempt.as_ref().is_some_and(Attempt::is_sign_in)
    }

    /// Ends the sign-in with the server's answer, where one waits for it.
    pub(super) fn answer(&mut self, answer: Answer, out: &mut FlowOutput<'_>) {
        if let Some(attempt) = self.attempt.as_mut().filter(|attempt| attempt.is_sign_in()) {
            attempt.answer = Some(answer);
            self.finish(out);
        }
    }

    /// Ends the sign-in without an answer.
    pub(super) fn finish(&mut self, out: &mut FlowOutput<'_>) {
        if let Some(attempt) = self.attempt.take().filter(Attempt::is_sign_in) {
            out.attempts.push(attempt);
        }
    }

    /// The approximate number of bytes it holds.
    pub(super) fn held(&self) -> usize {
        self.attempt.as_ref().map_or(0, Attempt::held) + self.offered.held()
    }
}
