//! The relay lab: client, middle, server and domain controller in one process, with the real
//! cryptography. One setting goes in; what each party saw, what the server checked, and whether the
//! attack succeeds come out. There is no table of outcomes.
//!
//! The messages are made by [`exchange`](crate::lab::exchange), edited byte by byte, and judged by
//! [`proof`](crate::judge::proof) and [`policy`](crate::judge::smb). Whether a relay can use a
//! session that was accepted is computed too: the first request is signed with the key that its
//! sender has, and compared with the server's.
//!
//! Nothing is sent, and everyone in it is invented.
//!
//! # What it does not cover
//!
//! * What the client checks: whether it insists on signing, on UNC hardening or on the server's own
//!   proof.
//! * SMB's own negotiation and `SESSION_SETUP` around the messages; SMB 1. Of encryption: the
//!   cipher. Which party has the key to encrypt is computed.
//! * Kerberos, and relays to LDAP, HTTP or SQL Server.
//! * Attacks that break a response offline, NTLMv1 before all; stolen machine accounts; local
//!   authentication and reflection to the client itself.
//! * Further settings that refuse a sign-in: `LmCompatibilityLevel` of the server and its
//!   controller, limits on anonymous sign-ins, share and file permissions.

pub mod rules;

mod check;
mod edit;
mod ending;
mod link;
mod passage;
mod request;
mod scenario;
mod server;
mod statement;
mod story;

pub use check::{Check, CheckKind, CheckState, Values};
pub use ending::RunEnding;
pub use passage::{EditOutcome, Passage};
pub use request::Request;
pub use scenario::{Edit, Middle, Scenario};
pub use statement::{Says, Statement};
pub use story::{Actor, DOMAIN, PASSWORD, Party, USER};

use crate::judge::{
    proof::Secret,
    smb::{EventId, Outcome, SpnCheck},
};
use crate::lab::exchange::ExchangeError;
use crate::message::wire::NtStatus;
use passage::Wire;

/// A run of the lab.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The actors, from the client to the domain controller.
    pub actors: Vec<Actor>,
    /// NEGOTIATE, CHALLENGE and AUTHENTICATE.
    pub passages: [Passage; 3],
    /// The outcome of the edit.
    pub edited: EditOutcome,
    /// The server's checks, in their order.
    pub checks: Vec<Check>,
    /// The end of the sign-in: accepted, denied by the target name, or refused earlier.
    pub outcome: Outcome,
    /// NT status of the sign-in. `None` where the exact status is not publicly known.
    pub status: Option<NtStatus>,
    /// The events written at the sign-in, in their order.
    pub events: Vec<EventId>,
    /// The check of the target name, as if everything before it had passed.
    pub spn_check: SpnCheck,
    /// The keys, and who has them.
    pub keys: Keys,
    /// The first request of the session, where it was accepted.
    pub request: Option<Request>,
    /// NT status of that request.
    pub request_status: Option<NtStatus>,
    /// The ending for the client, or for the attack.
    pub ending: RunEnding,
    /// The reason for the ending, in one sentence.
    pub why: Statement,
    /// The other facts worth knowing.
    pub notes: Vec<Statement>,
}

/// ExportedSessionKey, 16 bytes, as each party has it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Keys {
    /// The one that computed the answer: the client, or the attacker's own.
    pub client: [u8; 16],
    /// The one in the middle, who never learns it.
    pub middle: Option<[u8; 16]>,
    /// The server, where the response is proven and meant for it.
    pub server: Option<[u8; 16]>,
}

/// Plays one setting through.
///
/// # Errors
///
/// [`ExchangeError::Build`] where the target name of [`Edit::RewriteTargetName`] has more than
/// 65,535 bytes in UTF-16.
pub fn run(scenario: &Scenario) -> Result<Run, ExchangeError> {
    let secret = Secret::from_password(PASSWORD);
    let wire = Wire::new(scenario, &secret)?;
    let judgement = server::judge(scenario, &wire, &secret)
        .ok_or(ExchangeError::OtherMessage { expected: "AUTHENTICATE" })?;
    let (ending, why) = ending::ending(scenario, &judgement);
    let mut notes = ending::notes(scenario, wire.edited, &judgement);
    notes.extend(judgement.notes);
    let refused = judgement
        .checks
        .iter()
        .any(|check| check.kind.is_of_request() && check.state == CheckState::Failed);
    let request_status = judgement
        .request
        .as_ref()
        .map(|_| if refused { NtStatus::ACCESS_DENIED } else { NtStatus::SUCCESS });
    Ok(Run {
        actors: story::actors(scenario),
        passages: wire.passages,
        edited: wire.edited,
        checks: judgement.checks,
        outcome: judgement.outcome,
        status: judgement.status,
        events: judgement.events,
        spn_check: judgement.spn_check,
        keys: Keys {
            client: wire.client_keys.exported_session_key,
            middle: None,
            server: judgement.server_key,
        },
        request: judgement.request,
        request_status,
        ending,
        why,
        notes,
    })
}
