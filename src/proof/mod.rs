//! What a secret proves: whether the response fits it, which keys follow, and whether the MIC holds.
//!
//! Spec: [MS-NLMP] sections 3.3 and 3.4.

mod mic;
mod primitives;
mod response;
mod secret;
mod session_key;

use serde::Serialize;

pub use mic::mic;
pub use secret::{BadHash, Secret, SecretKind};

use crate::ntlm::{Authenticate, Message, ResponseKind};

/// Whether a response fits a secret.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ProofVerdict {
    /// It does.
    Valid,
    /// It does not.
    Invalid,
    /// Cannot be told.
    Unknown,
}

/// Whether a MIC fits the three messages and the session key.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MicVerdict {
    /// It does.
    Valid,
    /// It does not.
    Invalid,
    /// There is none.
    Absent,
    /// Cannot be told.
    Unknown,
}

/// What a secret proves about an exchange.
///
/// Keys are given only where the response fits: a key from a wrong secret is no key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Proof {
    /// What was given.
    pub secret: SecretKind,
    /// Whether the response fits.
    pub response: ProofVerdict,
    /// Whether the MIC does, announced or not.
    pub mic: MicVerdict,
    /// SessionBaseKey.
    pub session_base_key: Option<[u8; 16]>,
    /// ExportedSessionKey.
    pub exported_session_key: Option<[u8; 16]>,
    /// Why something is unknown, in one sentence.
    pub because: Option<String>,
}

impl Proof {
    /// Nothing can be told, for that reason.
    #[must_use]
    pub fn unknown(secret: SecretKind, mic: MicVerdict, because: impl Into<String>) -> Self {
        Self {
            secret,
            response: ProofVerdict::Unknown,
            mic,
            session_base_key: None,
            exported_session_key: None,
            because: Some(because.into()),
        }
    }
}

/// The messages of one exchange, as far as they are there.
#[derive(Clone, Copy, Debug)]
pub struct ExchangeMessages<'e> {
    /// The first message.
    pub negotiate: Option<&'e Message>,
    /// The second.
    pub challenge: Option<&'e Message>,
    /// The third.
    pub authenticate: Option<&'e Message>,
}

/// Checks the exchange's response and MIC against `secret`.
#[must_use]
pub fn verify(exchange: ExchangeMessages<'_>, secret: Option<&Secret>) -> Proof {
    let kind = secret.map_or(SecretKind::None, Secret::kind);
    let Some((message, authenticate)) =
        exchange.authenticate.and_then(|message| Some((message, message.as_authenticate()?)))
    else {
        return Proof::unknown(
            kind,
            MicVerdict::Unknown,
            "There is no AUTHENTICATE message, so nothing is proven.",
        );
    };
    let mic_there = authenticate.mic_state(message.source()).span().is_some();
    let mic = if mic_there { MicVerdict::Unknown } else { MicVerdict::Absent };
    let challenge = exchange.challenge.and_then(|challenge| {
        let span = challenge.as_challenge()?.server_challenge?;
        <[u8; 8]>::try_from(challenge.source().slice(span)).ok()
    });
    let missing = match (secret, authenticate.response_kind, challenge) {
        (_, ResponseKind::Anonymous, _) => {
            "Nobody signs in: there is no response to prove, and the session key is all zero."
        }
        (_, ResponseKind::None, _) => "The message has no response that could be proven.",
        (None, ..) => "No password or NT hash was given.",
        (_, ResponseKind::Lm | ResponseKind::Lmv2, _) => {
            "The message has only an LM response, which is not checked."
        }
        (_, _, None) => "The CHALLENGE is missing, and with it the number the response answers.",
        (Some(secret), _, Some(challenge)) => {
            return check(exchange, message, authenticate, secret, challenge, mic);
        }
    };
    Proof::unknown(kind, mic, missing)
}

fn check(
    exchange: ExchangeMessages<'_>,
    message: &Message,
    authenticate: &Authenticate,
    secret: &Secret,
    challenge: [u8; 8],
    mic_unchecked: MicVerdict,
) -> Proof {
    let Some(session_base_key) = response::check(message, authenticate, secret, challenge) else {
        return Proof {
            response: ProofVerdict::Invalid,
            because: (mic_unchecked == MicVerdict::Unknown).then(|| {
                "The secret does not fit the response, so the key of the MIC is not known.".into()
            }),
            ..Proof::unknown(secret.kind(), mic_unchecked, "")
        };
    };
    let exported = session_key::exported(message, authenticate, session_base_key, challenge);
    let (mic, because) = match (mic_unchecked, exported, exchange.negotiate, exchange.challenge) {
        (MicVerdict::Absent, ..) => (MicVerdict::Absent, None),
        (_, Some(key), Some(negotiate), Some(challenge)) => {
            let computed = mic(&key, negotiate, challenge, message);
            let sent = authenticate.mic.map(|span| message.source().slice(span));
            let valid = sent == computed.as_ref().map(|computed| &computed[..]);
            (if valid { MicVerdict::Valid } else { MicVerdict::Invalid }, None)
        }
        (_, _, None, _) => {
            (MicVerdict::Unknown, Some("The NEGOTIATE message is missing, and the MIC covers it."))
        }
        _ => (
            MicVerdict::Unknown,
            Some(
                "The session key is not known: it depends on the LM hash, or its encrypted form is not there.",
            ),
        ),
    };
    Proof {
        secret: secret.kind(),
        response: ProofVerdict::Valid,
        mic,
        session_base_key: Some(session_base_key),
        exported_session_key: exported,
        because: because.map(Into::into),
    }
}
