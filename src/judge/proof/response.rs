//! The check of the responses of an AUTHENTICATE. Those of a line that stands alone are checked in
//! [`line`](super::line).

use crate::judge::proof::{
    Check, Compare, ExchangeMessages, ProofReason, ProofVerdict, Secret,
    names::NameCandidates,
    primitives::{desl, first, hmac_md5, md4, md5},
};
use crate::message::{
    ntlm::{Authenticate, Echo, Message, PayloadField, ResponseKind, SignInNames, echo},
    wire::upper_case,
};

/// The checks of a message's responses.
pub(super) struct ResponseChecks {
    /// The kind of response, by its bytes or as it proved to be.
    pub(super) kind: ResponseKind,
    /// The response that the kind is named after.
    pub(super) response: Check,
    /// The LM response beside it; the same where it comes alone.
    pub(super) lm_response: Check,
    /// One sentence, where the response fits other names than those sent.
    pub(super) fitted: Option<String>,
    /// SessionBaseKey: only where the response fits, and the specification defines one.
    pub(super) session_base_key: Option<[u8; 16]>,
}

impl ResponseChecks {
    /// Neither response can be checked, for that reason.
    pub(super) fn unknown(
        message: &Message,
        authenticate: &Authenticate,
        because: ProofReason,
    ) -> Self {
        let lm_response = match authenticate.response_kind {
            ResponseKind::Anonymous => Check::absent(ProofReason::NobodyHasLmResponse),
            ResponseKind::Ntlm2Session => Check::absent(ProofReason::ChallengeInPlaceOfLm),
            _ => whole_lm_response(message, authenticate)
                .map_or_else(|check| check, |_| Check::unknown(because)),
        };
        Self::new(authenticate.response_kind, Check::unknown(because), lm_response)
    }

    const fn new(kind: ResponseKind, response: Check, lm_response: Check) -> Self {
        Self { kind, response, lm_response, fitted: None, session_base_key: None }
    }
}

/// The values that a response is computed over besides the secret, and the responses themselves.
///
/// Spec: [MS-NLMP] 3.3.1 and 3.3.2.
pub(super) fn inputs(exchange: ExchangeMessages<'_>) -> Option<Vec<Vec<u8>>> {
    let (_, server_challenge) = exchange.server_challenge().ok()?;
    let message = exchange.authenticate?;
    let authenticate = message.as_authenticate()?;
    let nt = nt_response(message, authenticate).unwrap_or_default();
    let mut inputs = vec![server_challenge.to_vec(), nt.to_vec()];
    inputs.push(lm_response(message, authenticate).to_vec());
    if authenticate.response_kind == ResponseKind::Ntlmv2 {
        let SignInNames { domain, user, .. } = authenticate.names(message.source());
        let (domain, user) = (domain.unwrap_or_default(), user.unwrap_or_default());
        let user: String = user.chars().map(upper_case).collect();
        inputs.extend([user.into_bytes(), domain.into_bytes()]);
    }
    Some(inputs)
}

/// The three things that a response is computed from.
#[derive(Clone, Copy)]
pub(super) struct ProofInputs<'e> {
    /// The CHALLENGE.
    pub(super) challenge: &'e Message,
    /// `ServerChallenge` of it.
    pub(super) server_challenge: [u8; 8],
    /// The secret that the user is said to know.
    pub(super) secret: &'e Secret,
}

/// Checks both responses with a secret.
///
/// Spec: [MS-NLMP] 3.3.1 and 3.3.2.
pub(super) fn check(
    message: &Message,
    authenticate: &Authenticate,
    asked: ProofInputs<'_>,
) -> ResponseChecks {
    let mut responses = match authenticate.response_kind {
        ResponseKind::Ntlmv2 => ntlmv2(message, authenticate, asked),
        ResponseKind::Ntlmv1 => ntlmv1(message, authenticate, asked),
        ResponseKind::Ntlm2Session => ntlm2_session(message, authenticate, asked),
        ResponseKind::Lm | ResponseKind::Lmv2 => lm_alone(message, authenticate, asked),
        // There is nothing to compare; the caller has said so.
        ResponseKind::Anonymous | ResponseKind::None | ResponseKind::CutOff => {
            ResponseChecks::unknown(message, authenticate, ProofReason::NoResponse)
        }
    };
    let verdicts = (responses.response.verdict, responses.lm_response.verdict);
    if verdicts == (ProofVerdict::Invalid, ProofVerdict::Valid) {
        responses.lm_response.because = Some(ProofReason::LmFitsAlone);
    }
    responses
}

fn ntlmv2(
    message: &Message,
    authenticate: &Authenticate,
    asked: ProofInputs<'_>,
) -> ResponseChecks {
    let candidates = NameCandidates::new(asked.challenge, message, authenticate);
    let doubt = candidates
        .uncertainty()
        .or_else(|| other_challenge(asked.challenge, message, authenticate));
    let mut responses = ntlmv2_alone(message, authenticate, asked, &candidates, doubt);
    // Where the one fits, the other answers the same CHALLENGE with the same names.
    let doubt = doubt.filter(|_| responses.response.verdict != ProofVerdict::Valid);
    (responses.lm_response, _) = lmv2(message, authenticate, asked, &candidates, doubt);
    responses
}

fn ntlmv2_alone(
    message: &Message,
    authenticate: &Authenticate,
    asked: ProofInputs<'_>,
    candidates: &NameCandidates,
    doubt: Option<ProofReason>,
) -> ResponseChecks {
    let whole = nt_response(message, authenticate)
        .and_then(|response| response.split_at_checked(16).ok_or(ProofReason::ResponseTooShort));
    // The bytes as they are, whatever follows MsvAvEOL: that is what the client computed over.
    let (received, temp) = match whole {
        Ok(parts) => parts,
        Err(because) => return ResponseChecks::unknown(message, authenticate, because),
    };
    let proof = |key: &[u8; 16]| hmac_md5(key, &[&asked.server_challenge, temp]);
    let (names, fits) = candidates.find(asked.secret, |key| proof(key) == received);
    let key = names.ntowfv2(asked.secret);
    let computed = proof(&key);
    let compare = Compare { received: received.to_vec(), computed: computed.to_vec() };
    let response = Check::compared_but(compare, doubt);
    let lm_response = response.clone();
    ResponseChecks {
        fitted: candidates.explain_match(names),
        session_base_key: fits.then(|| hmac_md5(&key, &[&computed])),
        ..ResponseChecks::new(ResponseKind::Ntlmv2, response, lm_response)
    }
}

/// The LMv2 response: 16 bytes of HMAC-MD5 over both challenges, then the client's challenge. With
/// it, one sentence, where it fits other names than those sent.
///
/// Spec: [MS-NLMP] 2.2.2.4 and 3.3.2.
fn lmv2(
    message: &Message,
    authenticate: &Authenticate,
    asked: ProofInputs<'_>,
    candidates: &NameCandidates,
    doubt: Option<ProofReason>,
) -> (Check, Option<String>) {
    let response = match whole_lm_response(message, authenticate) {
        Ok(response) => response,
        Err(check) => return (check, None),
    };
    let (received, client_challenge) = response.split_at(16);
    let proof = |key: &[u8; 16]| hmac_md5(key, &[&asked.server_challenge, client_challenge]);
    let (names, _) = candidates.find(asked.secret, |key| proof(key) == received);
    let computed = proof(&names.ntowfv2(asked.secret)).to_vec();
    let compare = Compare { received: received.to_vec(), computed };
    (Check::compared_but(compare, doubt), candidates.explain_match(names))
}

fn ntlmv1(
    message: &Message,
    authenticate: &Authenticate,
    asked: ProofInputs<'_>,
) -> ResponseChecks {
    let computed = desl(asked.secret.nt_hash(), asked.server_challenge);
    let (response, received) = match nt_response(message, authenticate) {
        Ok(received) => {
            let compare = Compare { received: received.to_vec(), computed: computed.to_vec() };
            (Check::compared(compare), received)
        }
        Err(because) => (Check::unknown(because), &[][..]),
    };
    let lm_response = match whole_lm_response(message, authenticate) {
        // NoLMResponseNTLMv1: what follows of the one follows of the other.
        Ok(lm) if lm == received => {
            Check { because: Some(ProofReason::LmRepeatsNt), ..response.clone() }
        }
        Ok(lm) => lmv1(lm, asked),
        Err(check) => check,
    };
    let fits = response.verdict == ProofVerdict::Valid;
    ResponseChecks {
        session_base_key: fits.then(|| md4(asked.secret.nt_hash())),
        ..ResponseChecks::new(ResponseKind::Ntlmv1, response, lm_response)
    }
}

/// The LM response: DESL of the server's challenge under `LMOWFv1`.
fn lmv1(received: &[u8], asked: ProofInputs<'_>) -> Check {
    match asked.secret.lm_hash() {
        Ok(hash) => Check::compared(Compare {
            received: received.to_vec(),
            computed: desl(hash, asked.server_challenge).to_vec(),
        }),
        Err(because) => Check::unknown(because),
    }
}

fn ntlm2_session(
    message: &Message,
    authenticate: &Authenticate,
    asked: ProofInputs<'_>,
) -> ResponseChecks {
    let lm = lm_response(message, authenticate);
    let response = match (nt_response(message, authenticate), lm.get(..8)) {
        (Err(because), _) => Check::unknown(because),
        (_, None) => Check::unknown(ProofReason::ClientChallengeMissing),
        (Ok(received), Some(client_challenge)) => {
            let hash = md5(&[&asked.server_challenge, client_challenge]);
            let computed = desl(asked.secret.nt_hash(), first(&hash));
            Check::compared(Compare { received: received.to_vec(), computed: computed.to_vec() })
        }
    };
    let fits = response.verdict == ProofVerdict::Valid;
    ResponseChecks {
        session_base_key: fits.then(|| md4(asked.secret.nt_hash())),
        ..ResponseChecks::new(
            ResponseKind::Ntlm2Session,
            response,
            Check::absent(ProofReason::ChallengeInPlaceOfLm),
        )
    }
}

/// An LM response without an NT response is LMv2 or LM. Its bytes do not say which.
fn lm_alone(
    message: &Message,
    authenticate: &Authenticate,
    asked: ProofInputs<'_>,
) -> ResponseChecks {
    let candidates = NameCandidates::new(asked.challenge, message, authenticate);
    let (as_lmv2, fitted) =
        lmv2(message, authenticate, asked, &candidates, candidates.uncertainty());
    if as_lmv2.verdict == ProofVerdict::Valid {
        let lm_response = as_lmv2.clone();
        return ResponseChecks {
            fitted,
            ..ResponseChecks::new(ResponseKind::Lmv2, as_lmv2, lm_response)
        };
    }
    let as_lm = whole_lm_response(message, authenticate)
        .map_or_else(|check| check, |response| lmv1(response, asked));
    // It is not LM, and of LMv2 it cannot be told.
    let untold = as_lm.verdict == ProofVerdict::Invalid && as_lmv2.verdict == ProofVerdict::Unknown;
    let check = if untold { as_lmv2 } else { as_lm };
    ResponseChecks::new(ResponseKind::Lm, check.clone(), check)
}

/// The reason why a response that does not fit may be right all the same: it answers another
/// CHALLENGE.
///
/// The time tells one CHALLENGE from the next, and a client writes it twice, in `TimeStamp` and in
/// the pair it echoes ([MS-NLMP] 3.1.5.1.2). Where one of the two is that of the CHALLENGE, it is
/// that one, and whatever else differs was changed on the way.
fn other_challenge(
    challenge: &Message,
    message: &Message,
    authenticate: &Authenticate,
) -> Option<ProofReason> {
    let time = |message: &Message| message.av_pairs()?.timestamp(message.source());
    let stamp = authenticate.ntlmv2.as_ref().and_then(|response| response.time_stamp);
    let answered = [time(message), stamp.map(|stamp| stamp.value)];
    let is_same = time(challenge).is_some_and(|sent| answered.contains(&Some(sent)));
    let differs = matches!(echo(challenge, message), Echo::Differs(_));
    (differs && !is_same).then_some(ProofReason::OtherChallenge)
}

/// All bytes of `NtChallengeResponse`, or why they are not all there.
fn nt_response<'m>(
    message: &'m Message,
    authenticate: &Authenticate,
) -> Result<&'m [u8], ProofReason> {
    let field = authenticate.nt_challenge_response.filter(|field| !field.is_cut());
    let data = field.and_then(|field| field.data);
    data.map(|data| message.source().slice(data)).ok_or(ProofReason::ResponseCut)
}

/// The bytes of `LmChallengeResponse` that are there.
pub(super) fn lm_response<'m>(message: &'m Message, authenticate: &Authenticate) -> &'m [u8] {
    let data = authenticate.lm_challenge_response.and_then(|field| field.data);
    message.source().slice(data.unwrap_or_default())
}

/// The 24 bytes of an LM or LMv2 response; else what can be said without them.
fn whole_lm_response<'m>(
    message: &'m Message,
    authenticate: &Authenticate,
) -> Result<&'m [u8], Check> {
    let response = lm_response(message, authenticate);
    if authenticate.lm_challenge_response.as_ref().is_none_or(PayloadField::is_cut) {
        return Err(Check::unknown(ProofReason::LmCut));
    }
    match response.len() {
        0 => Err(Check::absent(ProofReason::LmEmpty)),
        24 if response.iter().all(|byte| *byte == 0) => Err(Check::absent(ProofReason::LmOfZeros)),
        24 => Ok(response),
        len => Err(Check {
            verdict: ProofVerdict::Invalid,
            because: Some(ProofReason::LmLength(len)),
            values: None,
        }),
    }
}
