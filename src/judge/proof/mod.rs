//! Proofs from a secret: whether the responses fit it, which keys follow, and whether the MIC
//! holds.
//!
//! Spec: [MS-NLMP] sections 3.3 and 3.4.

mod keys;
mod line;
mod mic;
mod names;
mod primitives;
mod reason;
pub(crate) mod respond;
mod response;
mod secret;
mod signature;

use serde::Serialize;

pub(crate) use keys::wraps_key;
pub use keys::{Keys, Side};
pub use line::verify_line;
pub use mic::mic;
pub use reason::ProofReason;
pub use secret::{BadHash, Secret, SecretKind, wipe_stack};
pub use signature::mech_list_mic;

use crate::message::{
    ntlm::{Authenticate, Message, ResponseKind},
    wire::NegotiateFlags,
};
use response::{ProofInputs, ResponseChecks};

/// The verdict of a check.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ProofVerdict {
    /// It fits.
    Valid,
    /// It does not.
    Invalid,
    /// There is nothing to check.
    Absent,
    /// Cannot be told.
    Unknown,
}

impl ProofVerdict {
    /// The words for it in a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "does not match",
            Self::Absent => "none",
            Self::Unknown => "not checked",
        }
    }
}

/// A value as it was sent and as it would have to be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Compare {
    /// The value in the message.
    pub received: Vec<u8>,
    /// The value that follows from the secret and the messages. It has as many bytes as `received`,
    /// if that is whole.
    pub computed: Vec<u8>,
}

/// One check: what came out, and on what grounds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Check {
    /// The verdict.
    pub verdict: ProofVerdict,
    /// The reason; always there if nothing was compared or it cannot be told.
    pub because: Option<ProofReason>,
    /// The values compared. Of a secret that does not fit, only the response itself is given: no
    /// value that is computed with a key.
    pub values: Option<Compare>,
}

impl Check {
    /// Valid where both values are the same.
    fn compared(values: Compare) -> Self {
        Self::compared_but(values, None)
    }

    /// Compares likewise, but where the two differ and there is a doubt, it cannot be told for that
    /// reason.
    fn compared_but(values: Compare, doubt: Option<ProofReason>) -> Self {
        let verdict = match doubt {
            _ if values.received == values.computed => ProofVerdict::Valid,
            None => ProofVerdict::Invalid,
            Some(doubt) => return Self::unknown(doubt),
        };
        Self { verdict, because: None, values: Some(values) }
    }

    /// It cannot fit, since other bytes went into it.
    const fn stale() -> Self {
        let because = Some(ProofReason::ComputedOverOthers);
        Self { verdict: ProofVerdict::Invalid, because, values: None }
    }

    /// Returns true if it cannot fit because a message was edited by hand.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.because == Some(ProofReason::ComputedOverOthers)
    }

    const fn absent(because: ProofReason) -> Self {
        Self { verdict: ProofVerdict::Absent, because: Some(because), values: None }
    }

    pub(crate) const fn unknown(because: ProofReason) -> Self {
        Self { verdict: ProofVerdict::Unknown, because: Some(because), values: None }
    }
}

/// The proof of an exchange by a secret.
///
/// Keys are given only where the response fits: a key from a wrong secret is no key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Proof {
    /// The kind of secret given.
    pub secret: SecretKind,
    /// The kind of the response: an LM response that comes alone may prove to be LMv2. `None` where
    /// there is no AUTHENTICATE.
    pub kind: Option<ResponseKind>,
    /// NTProofStr (16 bytes); of NTLMv1 and NTLM2 session the NT response (24 bytes); of an LM
    /// response that comes alone, that one.
    pub response: Check,
    /// The LM response (24 bytes; of LMv2 its first 16, which are computed). The same as `response`
    /// where it comes alone.
    pub lm_response: Check,
    /// The MIC, announced or not.
    pub mic: Check,
    /// One sentence, where the response fits other names than those the message has.
    pub fitted: Option<String>,
    /// The keys of the session. `None` where the response does not fit or gives none.
    pub keys: Option<Keys>,
}

impl Proof {
    /// A proof of which nothing can be told, for that reason.
    #[must_use]
    pub fn unknown(secret: SecretKind, because: ProofReason) -> Self {
        let check = Check::unknown(because);
        Self {
            secret,
            kind: None,
            response: check.clone(),
            lm_response: check.clone(),
            mic: check,
            fitted: None,
            keys: None,
        }
    }

    /// Each check with the name of the field it is about, in the order in which a server makes
    /// them.
    #[must_use]
    pub fn checks(&self) -> [(&'static str, &Check); 3] {
        let response = match self.kind {
            Some(ResponseKind::Lm | ResponseKind::Lmv2) => "Response",
            Some(ResponseKind::Ntlmv1 | ResponseKind::Ntlm2Session) => "NtChallengeResponse",
            _ => "NTProofStr",
        };
        [(response, &self.response), ("LmChallengeResponse", &self.lm_response), ("MIC", &self.mic)]
    }

    /// Marks the checks of an exchange edited by hand that fail without a secret: a value that was
    /// computed over the `captured` messages does not fit others. Checks that were made with a
    /// secret stay.
    ///
    /// It takes for granted that nobody edits a message back to what the client once sent.
    pub(crate) fn mark_stale(
        &mut self,
        captured: ExchangeMessages<'_>,
        edited: ExchangeMessages<'_>,
    ) {
        let differ =
            |check: &Check, is_other: bool| is_other && check.verdict == ProofVerdict::Unknown;
        let is_other = response::inputs(captured) != response::inputs(edited);
        if differ(&self.response, is_other) {
            self.response = Check::stale();
        }
        let bytes = |exchange: ExchangeMessages<'_>| {
            let messages = [exchange.negotiate, exchange.challenge, exchange.authenticate];
            messages.map(|message| message.map(Message::shared_bytes))
        };
        if differ(&self.mic, bytes(captured) != bytes(edited)) {
            self.mic = Check::stale();
        }
    }

    /// The first reason why something cannot be told; `None` if all can.
    #[must_use]
    pub fn because(&self) -> Option<ProofReason> {
        let unknown = |check: &&Check| check.verdict == ProofVerdict::Unknown;
        let checks = [&self.response, &self.mic, &self.lm_response];
        let of_keys = || self.keys.as_ref()?.because;
        let first = checks.into_iter().find(unknown).and_then(|check| check.because);
        first.or_else(of_keys)
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

impl<'e> ExchangeMessages<'e> {
    /// The CHALLENGE and its `ServerChallenge`, or why that is not known.
    pub(crate) fn server_challenge(self) -> Result<(&'e Message, [u8; 8]), ProofReason> {
        let challenge = self.challenge.ok_or(ProofReason::NoChallenge)?;
        let span = challenge.as_challenge().and_then(|challenge| challenge.server_challenge);
        let number = span.and_then(|span| challenge.source().slice(span).try_into().ok());
        let cut = ProofReason::ChallengeCut;
        Ok((challenge, number.ok_or(cut)?))
    }
}

/// Checks the exchange's responses and MIC against `secret`, and derives the keys.
#[must_use]
pub fn verify(exchange: ExchangeMessages<'_>, secret: Option<&Secret>) -> Proof {
    let kind = secret.map_or(SecretKind::None, Secret::kind);
    let Some((message, authenticate)) =
        exchange.authenticate.and_then(|message| Some((message, message.as_authenticate()?)))
    else {
        return Proof::unknown(kind, ProofReason::NoAuthenticate);
    };
    let asked = match authenticate.response_kind {
        ResponseKind::Anonymous => Err(ProofReason::NobodySignsIn),
        ResponseKind::None => Err(ProofReason::NoResponse),
        _ if authenticate.is_proof_cut_off() => Err(ProofReason::ProofCutOff),
        _ => exchange.server_challenge().and_then(|(challenge, server_challenge)| {
            let secret = secret.ok_or(ProofReason::NoSecret)?;
            Ok(ProofInputs { challenge, server_challenge, secret })
        }),
    };
    let responses = match asked {
        Ok(asked) => response::check(message, authenticate, asked),
        Err(because) => ResponseChecks::unknown(message, authenticate, because),
    };
    let keys = asked.ok().zip(responses.session_base_key).map(|(asked, base)| {
        Keys::derive(message, authenticate, asked.secret, asked.server_challenge, base)
    });
    let key = mic_key(message, authenticate, &responses, keys.as_ref());
    Proof {
        secret: kind,
        kind: Some(responses.kind),
        mic: mic::check(exchange, message, authenticate, key),
        response: responses.response,
        lm_response: responses.lm_response,
        fitted: responses.fitted,
        keys,
    }
}

/// ExportedSessionKey, or why it is not known.
fn mic_key(
    message: &Message,
    authenticate: &Authenticate,
    responses: &ResponseChecks,
    keys: Option<&Keys>,
) -> Result<[u8; 16], ProofReason> {
    let unknown = || ProofReason::SessionKeyUnknown;
    match (keys, responses.response.verdict) {
        (Some(keys), _) => {
            keys.exported_session_key.ok_or_else(|| keys.because.unwrap_or_else(unknown))
        }
        // The key of an anonymous sign-in takes no secret.
        _ if responses.kind == ResponseKind::Anonymous => {
            let flags = authenticate.flags.map_or(NegotiateFlags::empty(), |flags| flags.value);
            keys::exported(message, authenticate, flags, [0; 16])
        }
        (None, ProofVerdict::Valid) => Err(ProofReason::NoKeyForLmAlone),
        (None, ProofVerdict::Invalid) => Err(ProofReason::MicKeyUnknown),
        _ => Err(responses.response.because.unwrap_or_else(unknown)),
    }
}
