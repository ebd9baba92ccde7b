//! The proof of a response that stands alone.

use crate::judge::proof::{
    Check, Compare, Keys, Proof, ProofReason, ProofVerdict, Secret, SecretKind,
    names::NameCandidates, primitives::hmac_md5,
};
use crate::message::ntlm::{ResponseKind, ResponseLine};

/// Checks the response of a NetNTLMv2 line against `secret`. The challenge is in the line.
///
/// Spec: [MS-NLMP] 3.3.2.
#[must_use]
pub fn verify_line(line: &ResponseLine, secret: Option<&Secret>) -> Proof {
    let mic = if line.announces_mic() {
        Check::unknown(ProofReason::MicNotInLine)
    } else if line.response.av_pairs.is_whole() {
        Check::absent(ProofReason::MicNotAnnounced)
    } else {
        Check::unknown(ProofReason::AvPairsCut)
    };
    let mut proof = Proof {
        secret: secret.map_or(SecretKind::None, Secret::kind),
        kind: Some(ResponseKind::Ntlmv2),
        response: Check::unknown(ProofReason::NoSecret),
        lm_response: Check::absent(ProofReason::LmNotInLine),
        mic,
        fitted: None,
        keys: None,
    };
    let Some(secret) = secret else { return proof };
    let Some((received, temp)) = line.bytes().split_at_checked(16) else {
        proof.response = Check::unknown(ProofReason::ResponseTooShort);
        return proof;
    };
    if line.missing.is_some() {
        proof.response = Check::unknown(ProofReason::ResponseCut);
        return proof;
    }
    let challenge = &line.beside.server_challenge;
    let is_usual = challenge.len() == ResponseLine::CHALLENGE_LEN;
    let doubt = (!is_usual).then_some(ProofReason::ChallengeOfOtherLength);
    let candidates = NameCandidates::of_line(line);
    // Of a longer one, the eight bytes are somewhere in it.
    let mut numbers = challenge.chunks(ResponseLine::CHALLENGE_LEN).chain([challenge.as_slice()]);
    let first = challenge.get(..ResponseLine::CHALLENGE_LEN).unwrap_or(challenge);
    let of = |key: &[u8; 16], number: &[u8]| hmac_md5(key, &[number, temp]);
    let fitting = numbers.find_map(|number| {
        let (names, fits) = candidates.find(secret, |key| of(key, number) == received);
        fits.then_some((names, number))
    });
    let (names, number) = fitting.unwrap_or_else(|| (candidates.find(secret, |_| false).0, first));
    let key = names.ntowfv2(secret);
    let computed = of(&key, number);
    let compare = Compare { received: received.to_vec(), computed: computed.to_vec() };
    proof.response = Check::compared_but(compare, doubt);
    proof.fitted = candidates.explain_match(names);
    if proof.response.verdict == ProofVerdict::Valid {
        proof.keys = Some(Keys::of_line(hmac_md5(&key, &[&computed])));
    }
    proof
}
