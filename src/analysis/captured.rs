//! The facts of a sign-in that only a capture shows: its two ends, its protocol, its packets, and
//! the server's answer.

use std::net::SocketAddr;

use super::{Exchange, Verdict};
use crate::judge::agreement::Agreement;
use crate::read::{
    capture::Time,
    stream::{Answer, BareLogon, Protocol, SignIn},
};

/// The facts of one sign-in that only a capture shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Captured {
    /// The time at which the client stated who it is.
    pub time: Time,
    /// The client's address.
    pub client: SocketAddr,
    /// The address the client connected to, which need not be the server's own.
    pub server: SocketAddr,
    /// The protocol that carried it.
    pub protocol: Protocol,
    /// The packets of its messages and of the answer, counted from 1.
    pub packets: Vec<u64>,
    /// The server's answer; `None` where that was not captured.
    pub answer: Option<Answer>,
    /// The server that the client says it connects to.
    pub connected_as: Option<String>,
    /// The sign-in of SMB1 without extended security, which has no messages.
    pub bare: Option<BareLogon>,
    /// True if one of its messages was not captured in full.
    pub is_cut: bool,
}

impl Captured {
    pub(super) fn of(sign_in: &SignIn) -> Self {
        let SignIn { connection, attempt } = sign_in;
        Self {
            time: attempt.time(),
            client: connection.client,
            server: connection.server,
            protocol: attempt.protocol,
            packets: attempt.packets(),
            answer: attempt.answer,
            connected_as: attempt.connected_as().map(str::to_owned),
            bare: attempt.bare.clone(),
            is_cut: attempt.cut.is_some(),
        }
    }
}

impl Exchange {
    /// Compares the captured answer with the predicted one; `None` where the input is no capture,
    /// or where the sign-in did not go to a file server.
    #[must_use]
    pub fn agreement(&self) -> Option<Agreement> {
        let captured = self.captured.as_ref()?;
        let Verdict { evidence, decisions, .. } = self.verdict.as_ref()?;
        let agreement = Agreement::of(evidence, decisions, captured.answer.as_ref());
        captured.protocol.is_smb().then_some(agreement)
    }
}
