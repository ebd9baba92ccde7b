use crate::{
    ntlm::{Authenticate, Message, ResponseKind},
    proof::{
        primitives::{hmac_md5, rc4},
        response::lm_response,
    },
    wire::NegotiateFlags,
};

/// ExportedSessionKey; `None` where KeyExchangeKey depends on the LM hash, or the encrypted key is not
/// there.
///
/// Spec: [MS-NLMP] 3.1.5.1.2 and 3.4.5.1.
pub(super) fn exported(
    message: &Message,
    authenticate: &Authenticate,
    session_base_key: [u8; 16],
    server_challenge: [u8; 8],
) -> Option<[u8; 16]> {
    let flags = authenticate.flags?.value;
    let key_exchange_key =
        key_exchange_key(message, authenticate, flags, session_base_key, server_challenge)?;
    let keyed = NegotiateFlags::NTLMSSP_NEGOTIATE_SIGN | NegotiateFlags::NTLMSSP_NEGOTIATE_SEAL;
    if flags.contains(NegotiateFlags::NTLMSSP_NEGOTIATE_KEY_EXCH) && flags.intersects(keyed) {
        let data = authenticate.encrypted_random_session_key?.data?;
        let encrypted: [u8; 16] = message.source().slice(data).try_into().ok()?;
        Some(rc4(&key_exchange_key, &encrypted))
    } else {
        Some(key_exchange_key)
    }
}

fn key_exchange_key(
    message: &Message,
    authenticate: &Authenticate,
    flags: NegotiateFlags,
    session_base_key: [u8; 16],
    server_challenge: [u8; 8],
) -> Option<[u8; 16]> {
    let from_lm = NegotiateFlags::NTLMSSP_NEGOTIATE_LM_KEY
        | NegotiateFlags::NTLMSSP_REQUEST_NON_NT_SESSION_KEY;
    match authenticate.response_kind {
        ResponseKind::Ntlmv2 => Some(session_base_key),
        ResponseKind::Ntlm2Session => {
            let client_challenge = lm_response(message, authenticate).get(..8)?;
            Some(hmac_md5(&session_base_key, &[&server_challenge, client_challenge]))
        }
        ResponseKind::Ntlmv1 if !flags.intersects(from_lm) => Some(session_base_key),
        _ => None,
    }
}
