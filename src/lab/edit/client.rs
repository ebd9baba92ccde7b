//! The AUTHENTICATE that the client itself would have sent, which takes its secret.

use super::parsed;
use crate::judge::proof::{
    self, ExchangeMessages, ProofReason, ProofVerdict, Secret,
    respond::{self, ComputedResponses},
    wraps_key,
};
use crate::message::ntlm::{Message, ResponseKind, SignInNames, write};

/// The reason why a message cannot be computed anew.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ComputeError {
    /// The message belongs to no sign-in.
    #[error("The message belongs to no sign-in.")]
    NoSignIn,
    /// No secret was given.
    #[error("That needs the user's password or NT hash.")]
    NoSecret,
    /// The secret is not the client's.
    #[error("The secret given does not fit the response as it was captured.")]
    SecretDoesNotFit,
    /// There is no AUTHENTICATE.
    #[error("There is no AUTHENTICATE message.")]
    NoAuthenticate,
    /// There is no CHALLENGE.
    #[error("The CHALLENGE is missing, and with it the number the response answers.")]
    NoChallenge,
    /// The CHALLENGE ends before its number.
    #[error("The CHALLENGE is cut before ServerChallenge, the number the response answers.")]
    ChallengeCut,
    /// A response of that kind is not made here.
    #[error("SPNscope cannot recompute a response of this kind.")]
    OtherKind,
    /// The message cannot hold it.
    #[error("The message would be too long for its own length fields.")]
    TooLong,
}

/// The AUTHENTICATE of `edited` with everything computed anew that takes the secret: the responses,
/// the session key in its wrapping, and the MIC where there is room for one. It is what the client
/// would have sent had it meant what the edited messages say. `captured` is the exchange before it
/// was edited.
///
/// Spec: [MS-NLMP] 3.1.5.1.2.
///
/// # Errors
///
/// The reason why the client's answer cannot be computed.
pub fn as_client(
    captured: ExchangeMessages<'_>,
    edited: ExchangeMessages<'_>,
    secret: Option<&Secret>,
) -> Result<Message, ComputeError> {
    let secret = secret.ok_or(ComputeError::NoSecret)?;
    let proof = proof::verify(captured, Some(secret));
    if proof.response.verdict != ProofVerdict::Valid {
        return Err(ComputeError::SecretDoesNotFit);
    }
    // Of an LM response that comes alone there is none, and then nothing is wrapped either.
    let session_key = proof.keys.and_then(|keys| keys.exported_session_key);
    let (message, authenticate) = edited
        .authenticate
        .and_then(|message| Some((message, message.as_authenticate()?)))
        .ok_or(ComputeError::NoAuthenticate)?;
    let (_, server_challenge) = edited.server_challenge().map_err(|reason| match reason {
        ProofReason::ChallengeCut => ComputeError::ChallengeCut,
        _ => ComputeError::NoChallenge,
    })?;
    let source = message.source();
    let mut parts = write::Authenticate::of(authenticate, source);
    match (authenticate.response_kind, parts.ntlmv2_mut()) {
        (ResponseKind::Ntlmv2, Some(response)) => {
            let SignInNames { domain, user, .. } = authenticate.names(source);
            let (domain, user) = (domain.unwrap_or_default(), user.unwrap_or_default());
            let key = respond::ntowfv2(secret, &user, &domain);
            let temp = response.client_challenge.bytes().map_err(|_| ComputeError::TooLong)?;
            let lm = parts.lm_challenge_response.as_deref().unwrap_or_default();
            let client_challenge = lm.get(16..).and_then(|bytes| bytes.try_into().ok());
            let ComputedResponses { nt, lm: lmv2, .. } = respond::ntlmv2(
                &key,
                server_challenge,
                client_challenge.unwrap_or_default(),
                &temp,
            );
            // Without an LM response the field is empty or zero, and stays so.
            if lm.len() == lmv2.len() && lm.iter().any(|byte| *byte != 0) {
                parts.lm_challenge_response = Some(lmv2.to_vec());
            }
            if let Some(response) = parts.ntlmv2_mut() {
                response.nt_proof_str = nt.try_into().unwrap_or_default();
            }
        }
        // Nothing that can be edited goes into these.
        (ResponseKind::Ntlmv1 | ResponseKind::Ntlm2Session, _) => {}
        _ => return Err(ComputeError::OtherKind),
    }

    let build = |parts: &write::Authenticate| {
        let parts = write::Message::Authenticate(Box::new(parts.clone()));
        parsed(&parts).map_err(|_| ComputeError::TooLong)
    };
    let proven = build(&parts)?;
    let exchange = ExchangeMessages { authenticate: Some(&proven), ..edited };
    let keys = proof::verify(exchange, Some(secret)).keys;
    let (Some(keys), Some(mut session_key)) = (keys, session_key) else { return Ok(proven) };
    let Some(key_exchange_key) = keys.key_exchange_key else { return Ok(proven) };
    if wraps_key(parts.flags) {
        // The client drew this key, so it stays.
        let wrapped = respond::exchange_key(&key_exchange_key, session_key);
        parts.encrypted_random_session_key = Some(wrapped.to_vec());
    } else {
        session_key = key_exchange_key;
        parts.encrypted_random_session_key.as_mut().map(Vec::clear);
    }
    let unsealed = build(&parts)?;
    if let (Some(_), Some(challenge)) = (parts.mic, edited.challenge) {
        parts.mic = proof::mic(&session_key, edited.negotiate, challenge, &unsealed);
    }
    build(&parts)
}
