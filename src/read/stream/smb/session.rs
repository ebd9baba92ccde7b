//! The sessions of a connection that are being set up.

use super::super::{
    Answer, Attempt, BareLogon, FlowOutput, PacketPlace, Protocol, Status,
    sign_in::{MessageKind, Received},
};
use crate::message::wire::NtStatus;

/// The most sessions of a connection that are being set up.
const MAX_SESSIONS: usize = 64;

/// The most answers of a session that come before what they answer.
const MAX_EARLY: usize = 8;

/// The sessions of a connection that are being set up.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    open: Vec<Session>,
    /// The protocol that was negotiated.
    pub(super) protocol: Option<Protocol>,
    pub(super) net_name: Option<String>,
    pub(super) server_guid: Option<[u8; 16]>,
}

/// The identifiers of a session set-up: those of its session and its message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct SetUpId {
    /// The session; 0 before the server gives one.
    pub(super) session: u64,
    pub(super) message: u64,
}

#[derive(Debug)]
struct Session {
    id: u64,
    /// The request that waits for its answer.
    asked: Option<u64>,
    /// The requests whose answers came before them, since bytes of their direction were missing.
    answered_early: Vec<u64>,
    attempt: Attempt,
}

impl Session {
    /// Returns true if the server has not decided yet, or has decided about a message that is yet
    /// to come.
    fn is_open(&self) -> bool {
        self.attempt.answer.is_none() || !self.counts_as_sign_in()
    }

    /// Returns true if it is a sign-in: the client stated who it is, or its message was not
    /// captured in full.
    fn counts_as_sign_in(&self) -> bool {
        self.attempt.is_sign_in() || self.attempt.cut.is_some()
    }
}

impl Sessions {
    /// The approximate number of bytes they hold.
    pub(super) fn held(&self) -> usize {
        self.open.iter().map(|session| session.attempt.held()).sum()
    }

    /// Takes a request to set up a session, with the token in it.
    pub(super) fn request(&mut self, id: SetUpId, received: Received, out: &mut FlowOutput<'_>) {
        let Received { token, negotiation } = received;
        let Some(kind) = token.as_ref().map(|token| MessageKind::of(&token.found)) else {
            // Kerberos goes on at times with a token that says nothing about the client.
            if let Some(session) = self.of_session(id.session) {
                session.asked = Some(id.message);
                if let Some(layer) = &negotiation {
                    session.attempt.negotiated.offer(layer);
                }
            }
            return;
        };
        let is_early = |session: &Session| session.answered_early.contains(&id.message);
        if let Some(session) = self.open.iter_mut().find(|session| is_early(session)) {
            session.answered_early.retain(|message| *message != id.message);
            if let Some(token) = token {
                session.attempt.take(token);
            }
            return self.end_decided(out);
        }
        let goes_on = self.of_session(id.session).filter(|session| match kind {
            MessageKind::Authenticate => session.attempt.authenticate.is_none(),
            MessageKind::Negotiate => {
                !session.attempt.is_sign_in() || session.attempt.ap_req.is_some()
            }
            _ => false,
        });
        let session = match goes_on {
            Some(session) => session,
            None => self.begin(id.session, out),
        };
        session.asked = Some(id.message);
        if kind == MessageKind::Negotiate {
            // The server did not take the first offer.
            session.attempt.ap_req = None;
            session.attempt.challenge = None;
        }
        if let Some(token) = token {
            session.attempt.take(token);
        }
    }

    /// Takes a request to set up a session that was not captured in full.
    pub(super) fn cut_request(
        &mut self,
        id: SetUpId,
        place: PacketPlace,
        out: &mut FlowOutput<'_>,
    ) {
        let session = match self.of_session(id.session) {
            Some(session) => session,
            None => self.begin(id.session, out),
        };
        session.asked = Some(id.message);
        session.attempt.cut = Some(place);
    }

    /// Takes a request of SMB1 without a token.
    pub(super) fn bare_request(&mut self, id: SetUpId, bare: BareLogon, out: &mut FlowOutput<'_>) {
        let session = self.begin(id.session, out);
        session.asked = Some(id.message);
        session.attempt.bare = Some(bare);
    }

    /// Takes the server's answer: its token if the sign-in goes on, else its decision.
    pub(super) fn response(
        &mut self,
        id: SetUpId,
        answer: Answer,
        received: Received,
        out: &mut FlowOutput<'_>,
    ) {
        let Received { token, negotiation } = received;
        let by_message = |session: &Session| session.asked == Some(id.message);
        let by_session = |session: &Session| id.session != 0 && session.id == id.session;
        let find = |wanted: &dyn Fn(&Session) -> bool| {
            self.open.iter().position(|session| session.is_open() && wanted(session))
        };
        let goes_on = answer.status == Status::Nt(NtStatus::MORE_PROCESSING_REQUIRED);
        let at = find(&by_message).or_else(|| find(&by_session));
        let session = match at.and_then(|at| self.open.get_mut(at)) {
            Some(session) => session,
            None if goes_on && token.is_some() => self.begin(id.session, out),
            None => return,
        };
        if id.session != 0 {
            session.id = id.session;
        }
        if session.asked != Some(id.message) && session.answered_early.len() < MAX_EARLY {
            session.answered_early.push(id.message);
        }
        session.asked = None;
        if goes_on {
            if let Some(token) = token {
                session.attempt.take(token);
            }
            self.join(id.session);
        } else {
            session.attempt.answer = Some(answer);
            if let Some(layer) = &negotiation {
                session.attempt.negotiated.answer(layer);
            }
        }
        self.end_decided(out);
    }

    /// Joins the parts of one session that came before its number was known: that is in the
    /// server's first answer, which may come late.
    fn join(&mut self, id: u64) {
        let is_first = |session: &Session| {
            let attempt = &session.attempt;
            session.id == id && (attempt.challenge.is_some() || attempt.negotiate.is_some())
        };
        let is_later = |session: &Session| {
            let attempt = &session.attempt;
            let is_rest = attempt.challenge.is_none() && attempt.negotiate.is_none();
            session.id == id && is_rest && attempt.authenticate.is_some()
        };
        let Some(later) = self.open.iter().position(is_later).filter(|_| id != 0) else { return };
        let later = self.open.remove(later);
        let Some(first) = self.open.iter_mut().find(|session| is_first(session)) else {
            self.open.push(later);
            return;
        };
        first.attempt.authenticate = later.attempt.authenticate;
        first.attempt.answer = later.attempt.answer;
        first.attempt.negotiated.server_mic = later.attempt.negotiated.server_mic;
        first.attempt.tree = first.attempt.tree.take().or(later.attempt.tree);
        first.asked = later.asked;
    }

    /// Hands on the sign-ins that were decided; after a success, once the path of the client's tree
    /// is known.
    fn end_decided(&mut self, out: &mut FlowOutput<'_>) {
        let is_ended = |session: &Session| {
            let Some(answer) = session.attempt.answer else { return false };
            let waits_for_tree = answer.status.is_accepted() && session.attempt.tree.is_none();
            // After a CHALLENGE, the AUTHENTICATE may still wait in its direction.
            let waits_for_client = session.attempt.challenge.is_some();
            if session.counts_as_sign_in() { !waits_for_tree } else { !waits_for_client }
        };
        self.end(is_ended, out);
    }

    /// Takes the path of a tree that the client connects to.
    pub(super) fn tree(&mut self, session: u64, path: String, out: &mut FlowOutput<'_>) {
        let at = self.open.iter().position(|open| {
            open.id == session && open.attempt.tree.is_none() && open.counts_as_sign_in()
        });
        let Some(open) = at.and_then(|at| self.open.get_mut(at)) else { return };
        open.attempt.tree = Some(path);
        self.end_decided(out);
    }

    /// Ends all sessions.
    pub(super) fn finish(&mut self, out: &mut FlowOutput<'_>) {
        self.end(|_| true, out);
    }

    /// The open session with the given number.
    fn of_session(&mut self, id: u64) -> Option<&mut Session> {
        self.open.iter_mut().find(|session| id != 0 && session.id == id && session.is_open())
    }

    /// Begins a session; the oldest is ended if there are too many.
    fn begin(&mut self, id: u64, out: &mut FlowOutput<'_>) -> &mut Session {
        // A session that signs in anew has connected to its tree before, or never will.
        self.end(|session| id != 0 && session.id == id && !session.is_open(), out);
        if self.open.len() >= MAX_SESSIONS {
            let mut is_first = true;
            self.end(|_| std::mem::replace(&mut is_first, false), out);
        }
        let attempt = Attempt {
            protocol: self.protocol.unwrap_or(Protocol::Smb2),
            net_name: self.net_name.clone(),
            server_guid: self.server_guid,
            ..Attempt::default()
        };
        self.open.push_mut(Session { id, asked: None, answered_early: Vec::new(), attempt })
    }

    /// Hands on the sign-ins among the sessions that are at their end, and forgets the others.
    fn end(&mut self, is_ended: impl FnMut(&Session) -> bool, out: &mut FlowOutput<'_>) {
        let mut is_ended = is_ended;
        for session in self.open.extract_if(.., |session| is_ended(session)) {
            if session.counts_as_sign_in() {
                out.attempts.push(session.attempt);
            }
        }
    }
}
