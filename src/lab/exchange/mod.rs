//! Sign-ins made up: a client and a server of their own, inside one process, with invented
//! accounts.
//!
//! For the relay lab, for samples and for tests. A [`Client`] sends a NEGOTIATE, a [`Server`]
//! answers with a CHALLENGE, and the client's AUTHENTICATE answers that, with the real
//! cryptography; Windows and Samba would accept it. Nothing is sent anywhere, and nothing is drawn:
//! the time and every random number are arguments, so the same arguments give the same bytes.
//!
//! Spec: [MS-NLMP] 3.1.5.1 for the client, 3.2.5.1.1 for the server's CHALLENGE.

mod answer;
mod client;
mod server;

use std::sync::Arc;

pub(crate) use answer::AnswerDraft;
pub use client::{Client, ClientKind, ClientRandom};
pub use server::Server;

use crate::message::ntlm::{
    Message, NotNtlm,
    write::{self, BuildError},
};

/// The keys that an answer stands for. Client and server have them; whoever passes the messages on
/// has not.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SessionKeys {
    /// SessionBaseKey, 16 bytes: what a domain controller hands to the server it checked the
    /// response for.
    pub session_base_key: [u8; 16],
    /// ExportedSessionKey, 16 bytes: what the MIC and the session's signatures are made with.
    pub exported_session_key: [u8; 16],
}

/// A client's answer to a CHALLENGE.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Answer {
    /// The AUTHENTICATE.
    pub authenticate: Vec<u8>,
    /// The keys that the client keeps to itself.
    pub keys: SessionKeys,
}

/// The three messages of a sign-in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Exchange {
    /// The first message.
    pub negotiate: Vec<u8>,
    /// The second.
    pub challenge: Vec<u8>,
    /// The third.
    pub authenticate: Vec<u8>,
    /// The keys that the client keeps to itself, and the server finds out with the user's secret.
    pub keys: SessionKeys,
}

impl Exchange {
    /// The sign-in of `client` to `server`, with nobody between them.
    ///
    /// # Errors
    ///
    /// [`ExchangeError::Build`] where a name is too long for its field, or has no bytes in the
    /// message's character set.
    pub fn between(client: &Client<'_>, server: &Server) -> Result<Self, ExchangeError> {
        let negotiate = client.negotiate()?;
        let challenge = server.challenge(&negotiate)?;
        let Answer { authenticate, keys } = client.answer(&negotiate, &challenge)?;
        Ok(Self { negotiate, challenge, authenticate, keys })
    }
}

/// The reason why a message cannot be made.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ExchangeError {
    /// A field cannot be written.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The message to answer is no NTLM message.
    #[error(transparent)]
    NotNtlm(#[from] NotNtlm),
    /// The message to answer is another one.
    #[error("this answers a {expected} message, and got another one or a cut one")]
    OtherMessage {
        /// The message that is answered: `NEGOTIATE` or `CHALLENGE`.
        expected: &'static str,
    },
}

/// The message that the bytes are.
pub(crate) fn parse(bytes: &[u8]) -> Result<Message, NotNtlm> {
    Message::parse(Arc::from(bytes))
}

/// The parts of the NEGOTIATE that the bytes are.
fn parse_negotiate(bytes: &[u8]) -> Result<write::Negotiate, ExchangeError> {
    match write::Message::of(&parse(bytes)?) {
        Some(write::Message::Negotiate(negotiate)) => Ok(negotiate),
        _ => Err(ExchangeError::OtherMessage { expected: "NEGOTIATE" }),
    }
}

/// The parts of the CHALLENGE that the bytes are.
fn parse_challenge(bytes: &[u8]) -> Result<write::Challenge, ExchangeError> {
    let message = parse(bytes)?;
    let whole = message.as_challenge().is_some_and(|body| body.server_challenge.is_some());
    match write::Message::of(&message) {
        Some(write::Message::Challenge(challenge)) if whole => Ok(challenge),
        _ => Err(ExchangeError::OtherMessage { expected: "CHALLENGE" }),
    }
}
