//! The client's side of the cryptography: what it answers to a challenge, and the keys that follow.
//!
//! Spec: [MS-NLMP] 3.1.5.1.2, 3.3 and 3.4.5.1.

use crate::judge::proof::{
    Secret,
    primitives::{desl, hmac_md5, md4, md5, rc4k},
};
use crate::message::wire::upper_case;

/// The responses to a challenge, and the keys they stand for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct ComputedResponses {
    /// The bytes of `NtChallengeResponse`: 24; of NTLMv2 the 16 of NTProofStr, before `temp`.
    pub(crate) nt: Vec<u8>,
    /// The 24 bytes of `LmChallengeResponse`.
    pub(crate) lm: [u8; 24],
    /// SessionBaseKey, which a domain controller hands to the server it checked the response for.
    pub(crate) session_base_key: [u8; 16],
    /// KeyExchangeKey.
    pub(crate) key_exchange_key: [u8; 16],
}

/// NTOWFv2: HMAC-MD5 of the user in upper case and the domain as it is, under the NT hash.
///
/// Spec: [MS-NLMP] 3.3.2.
pub(crate) fn ntowfv2(secret: &Secret, user: &str, domain: &str) -> [u8; 16] {
    let user: String = user.chars().map(upper_case).collect();
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    hmac_md5(secret.nt_hash(), &[&utf16(&user), &utf16(domain)])
}

/// The NTLMv2 and LMv2 responses. `key` is NTOWFv2, `temp` the `NTLMv2_CLIENT_CHALLENGE`.
///
/// Spec: [MS-NLMP] 3.3.2.
pub(crate) fn ntlmv2(
    key: &[u8; 16],
    server_challenge: [u8; 8],
    client_challenge: [u8; 8],
    temp: &[u8],
) -> ComputedResponses {
    let nt_proof_str = hmac_md5(key, &[&server_challenge, temp]);
    let mut lm = [0; 24];
    lm[..16].copy_from_slice(&hmac_md5(key, &[&server_challenge, &client_challenge]));
    lm[16..].copy_from_slice(&client_challenge);
    let session_base_key = hmac_md5(key, &[&nt_proof_str]);
    ComputedResponses {
        nt: nt_proof_str.to_vec(),
        lm,
        session_base_key,
        key_exchange_key: session_base_key,
    }
}

/// The NTLMv1 response. The LM response repeats it, as where `NoLMResponseNTLMv1` is set.
///
/// Spec: [MS-NLMP] 3.3.1, without `NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY`.
pub(crate) fn ntlmv1(secret: &Secret, server_challenge: [u8; 8]) -> ComputedResponses {
    let response = desl(secret.nt_hash(), server_challenge);
    let session_base_key = md4(secret.nt_hash());
    ComputedResponses {
        nt: response.to_vec(),
        lm: response,
        session_base_key,
        key_exchange_key: session_base_key,
    }
}

/// The NTLM2 session response, with the client's challenge where the LM response would be.
///
/// Spec: [MS-NLMP] 3.3.1, with `NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY`; 3.4.5.1 for
/// KeyExchangeKey.
pub(crate) fn ntlm2_session(
    secret: &Secret,
    server_challenge: [u8; 8],
    client_challenge: [u8; 8],
) -> ComputedResponses {
    let hash = md5(&[&server_challenge, &client_challenge]);
    let mut hashed = [0; 8];
    hashed.copy_from_slice(&hash[..8]);
    let mut lm = [0; 24];
    lm[..8].copy_from_slice(&client_challenge);
    let session_base_key = md4(secret.nt_hash());
    ComputedResponses {
        nt: desl(secret.nt_hash(), hashed).to_vec(),
        lm,
        session_base_key,
        key_exchange_key: hmac_md5(&session_base_key, &[&server_challenge, &client_challenge]),
    }
}

/// `EncryptedRandomSessionKey` of ExportedSessionKey; and the other way round, since RC4 is its own
/// reverse.
///
/// Spec: [MS-NLMP] 3.1.5.1.2.
pub(crate) fn exchange_key(key_exchange_key: &[u8; 16], session_key: [u8; 16]) -> [u8; 16] {
    rc4k(key_exchange_key, session_key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::field::hex;

    const SERVER: [u8; 8] = [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef];
    const CLIENT: [u8; 8] = [0xaa; 8];

    fn encrypted(responses: &ComputedResponses) -> String {
        hex(&exchange_key(&responses.key_exchange_key, [0x55; 16]))
    }

    #[test]
    fn section_4_2_2_ntlmv1_responses_are_computed() {
        let responses = ntlmv1(&Secret::from_password("Password"), SERVER);
        assert_eq!(hex(&responses.nt), "67c43011f30298a2ad35ece64f16331c44bdbed927841f94");
        assert_eq!(hex(&responses.session_base_key), "d87262b0cde4b1cb7499becccdf10784");
        assert_eq!(encrypted(&responses), "518822b1b3f350c8958682ecbb3e3cb7");
    }

    #[test]
    fn section_4_2_3_ntlm2_session_responses_are_computed() {
        let responses = ntlm2_session(&Secret::from_password("Password"), SERVER, CLIENT);
        assert_eq!(hex(&responses.nt), "7537f803ae367128ca458204bde7caf81e97ed2683267232");
        assert_eq!(hex(&responses.lm), "aaaaaaaaaaaaaaaa00000000000000000000000000000000");
        assert_eq!(hex(&responses.key_exchange_key), "eb93429a8bd952f8b89c55b87f475edc");
    }

    #[test]
    fn section_4_2_4_ntlmv2_responses_are_computed() {
        let key = ntowfv2(&Secret::from_password("Password"), "User", "Domain");
        assert_eq!(hex(&key), "0c868a403bfd7a93a3001ef22ef02e3f");
        let names = ["02000c0044006f006d00610069006e00", "01000c00530065007200760065007200"];
        let head =
            format!("{}{}{}", "01010000000000000000000000000000", "aaaaaaaaaaaaaaaa", "00000000");
        let temp = format!("{head}{}{}{}", names[0], names[1], "0000000000000000");
        let temp: Vec<_> = temp
            .as_bytes()
            .as_chunks::<2>()
            .0
            .iter()
            .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect();
        let responses = ntlmv2(&key, SERVER, CLIENT, &temp);
        assert_eq!(hex(&responses.nt), "68cd0ab851e51c96aabc927bebef6a1c");
        assert_eq!(hex(&responses.lm), "86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa");
        assert_eq!(hex(&responses.session_base_key), "8de40ccadbc14a82f15cb0ad0de95ca3");
        assert_eq!(encrypted(&responses), "c5dad2544fc9799094ce1ce90bc9d03e");
    }
}
