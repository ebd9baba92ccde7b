use crate::{
    ntlm::{Authenticate, Charset, Message, ResponseKind},
    proof::{
        Secret,
        primitives::{desl, hmac_md5, md4, md5},
    },
    wire::upper_case,
};

/// SessionBaseKey, where the response fits the secret.
///
/// Spec: [MS-NLMP] 3.3.1 and 3.3.2.
pub(super) fn check(
    message: &Message,
    authenticate: &Authenticate,
    secret: &Secret,
    server_challenge: [u8; 8],
) -> Option<[u8; 16]> {
    match authenticate.response_kind {
        ResponseKind::Ntlmv2 => ntlmv2(message, authenticate, secret, server_challenge),
        ResponseKind::Ntlmv1 => {
            let fits =
                desl(secret.nt_hash(), server_challenge) == nt_response(message, authenticate)?;
            fits.then(|| md4(secret.nt_hash()))
        }
        ResponseKind::Ntlm2Session => {
            let client_challenge = lm_response(message, authenticate).get(..8)?;
            let hashed = md5(&[&server_challenge, client_challenge].concat());
            let fits = desl(secret.nt_hash(), *hashed.first_chunk()?)
                == nt_response(message, authenticate)?;
            fits.then(|| md4(secret.nt_hash()))
        }
        ResponseKind::Lm | ResponseKind::Lmv2 | ResponseKind::Anonymous | ResponseKind::None => {
            None
        }
    }
}

fn ntlmv2(
    message: &Message,
    authenticate: &Authenticate,
    secret: &Secret,
    server_challenge: [u8; 8],
) -> Option<[u8; 16]> {
    let response = authenticate.ntlmv2.as_ref()?;
    // The bytes as they are, whatever follows MsvAvEOL: that is what the client computed over.
    let (sent, temp) = message.source().slice(response.span).split_at_checked(16)?;
    let key = ntowfv2(message, authenticate, secret);
    let nt_proof_str = hmac_md5(&key, &[&server_challenge, temp]);
    (nt_proof_str == sent).then(|| hmac_md5(&key, &[&nt_proof_str]))
}

/// HMAC-MD5 of the upper-case user name and the domain as sent, under the NT hash.
///
/// Spec: [MS-NLMP] 3.3.2, NTOWFv2.
fn ntowfv2(message: &Message, authenticate: &Authenticate, secret: &Secret) -> [u8; 16] {
    let charset = Charset::of(authenticate.flags.map(|flags| flags.value));
    let [domain, user, _] = authenticate.names(message.source());
    let user = user.unwrap_or_default();
    let user: Vec<u8> = user.chars().map(upper_case).flat_map(utf16).collect();
    let domain: Vec<u8> = match (charset, authenticate.domain_name.and_then(|field| field.data)) {
        (Charset::Unicode, Some(data)) => message.source().slice(data).to_vec(),
        _ => domain.unwrap_or_default().chars().flat_map(utf16).collect(),
    };
    hmac_md5(secret.nt_hash(), &[&user, &domain])
}

fn utf16(character: char) -> Vec<u8> {
    character.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_le_bytes()).collect()
}

fn nt_response(message: &Message, authenticate: &Authenticate) -> Option<[u8; 24]> {
    let data = authenticate.nt_challenge_response?.data?;
    message.source().slice(data).try_into().ok()
}

pub(super) fn lm_response<'m>(message: &'m Message, authenticate: &Authenticate) -> &'m [u8] {
    authenticate
        .lm_challenge_response
        .and_then(|field| field.data)
        .map_or(&[], |data| message.source().slice(data))
}
