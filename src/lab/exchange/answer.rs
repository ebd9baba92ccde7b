//! The client's answer to a CHALLENGE: a draft that can still be edited, and the AUTHENTICATE
//! proven from it.

use super::{
    Answer, Client, ClientKind, ExchangeError, SessionKeys, parse, parse_challenge, parse_negotiate,
};
use crate::judge::proof::{
    self,
    respond::{self, ComputedResponses},
};
use crate::message::{
    ntlm::write::{
        Authenticate, AvPair, AvPairList, Challenge, ClientChallenge, NtResponse, Ntlmv2Response,
    },
    wire::{AvFlags, AvId, FileTime, NegotiateFlags},
};

/// The flags that a client settles together with the server's CHALLENGE.
///
/// Spec: [MS-NLMP] 3.1.5.1.2.
const AGREED: NegotiateFlags = NegotiateFlags::NTLMSSP_NEGOTIATE_UNICODE
    .union(NegotiateFlags::NTLM_NEGOTIATE_OEM)
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_SIGN)
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_SEAL)
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_NTLM)
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_ALWAYS_SIGN)
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY)
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_128)
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_KEY_EXCH)
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_56);

/// The flags that stay the client's own choice.
const OWN: NegotiateFlags =
    NegotiateFlags::NTLMSSP_REQUEST_TARGET.union(NegotiateFlags::NTLMSSP_NEGOTIATE_VERSION);

/// `CustomData` of current Windows: data is present, and the process runs at medium integrity.
const CUSTOM_DATA: [u8; 8] = [1, 0, 0, 0, 0, 0x20, 0, 0];

/// An AUTHENTICATE before anything in it is proven: the one who knows the secret can still put
/// anything into it.
pub(crate) struct AnswerDraft {
    /// Its parts. NTProofStr, the other responses and the MIC are zero or empty.
    pub(crate) parts: Authenticate,
    form: AnswerForm,
    server_challenge: [u8; 8],
}

/// The form of the client's answer.
#[derive(Clone, Copy)]
enum AnswerForm {
    Ntlmv2 { client_challenge: [u8; 8] },
    Ntlm2Session { client_challenge: [u8; 8] },
    Ntlmv1,
    Anonymous,
}

impl AnswerDraft {
    /// Drafts the answer of `client` to `challenge`.
    pub(crate) fn new(
        client: &Client<'_>,
        negotiate: &[u8],
        challenge: &[u8],
    ) -> Result<Self, ExchangeError> {
        let offered = parse_negotiate(negotiate)?.flags;
        let challenge = parse_challenge(challenge)?;
        let mut flags = (offered & challenge.flags & AGREED)
            | (offered & OWN)
            | (challenge.flags & NegotiateFlags::NTLMSSP_NEGOTIATE_TARGET_INFO);
        if flags.contains(NegotiateFlags::NTLMSSP_NEGOTIATE_UNICODE) {
            flags.remove(NegotiateFlags::NTLM_NEGOTIATE_OEM);
        }
        let form = form(client, flags);
        let parts = if let AnswerForm::Anonymous = form {
            flags |= NegotiateFlags::NTLMSSP_ANONYMOUS;
            Authenticate {
                lm_challenge_response: Some(vec![0]),
                nt_challenge_response: Some(NtResponse::Bytes(Vec::new())),
                ..Authenticate::new(flags)
            }
            .with_names("", "", &client.workstation)?
        } else {
            let named = Authenticate::new(flags);
            named.with_names(&client.domain, &client.user, &client.workstation)?
        };
        let mut draft = Self {
            parts: Authenticate { version: client.version, ..parts },
            form,
            server_challenge: challenge.server_challenge,
        };
        if matches!(form, AnswerForm::Ntlmv2 { .. }) {
            draft.describe_ntlmv2(client, challenge);
        }
        Ok(draft)
    }

    /// The NTLMv2 response, its AV pairs in the order of current Windows; MIC and LM response as
    /// `MsvAvTimestamp` asks for them.
    fn describe_ntlmv2(&mut self, client: &Client<'_>, challenge: Challenge) {
        // What follows MsvAvEOL is not taken over.
        let stated = challenge.target_info.unwrap_or_default().pairs.into_iter();
        let mut list = AvPairList::new(stated.take_while(|pair| pair.id != AvId::MsvAvEOL));
        let time = list.get(AvId::MsvAvTimestamp).and_then(|value| value.try_into().ok());
        let mut av_flags = AvFlags::empty();
        if time.is_some() {
            av_flags |= AvFlags::MIC;
            self.parts.mic = Some([0; 16]);
            // Z(24), which stands for no LM response.
            self.parts.lm_challenge_response = Some(vec![0; 24]);
        }
        if client.kind == ClientKind::UntrustedTargetName {
            av_flags |= AvFlags::UNTRUSTED_TARGET;
        }
        // The server's own bits, of which CONSTRAINED is one, go back to it.
        let stated = list.get(AvId::MsvAvFlags).and_then(|value| value.try_into().ok());
        let stated = stated.map_or(0, u32::from_le_bytes);
        av_flags |= AvFlags::from_bits_retain(stated);
        let machine = client.random.machine_id.map(|id| AvPair::single_host(CUSTOM_DATA, id));
        let added = [
            (!av_flags.is_empty()).then(|| AvPair::flags(av_flags)),
            machine,
            client.channel_bindings.map(AvPair::channel_bindings),
            client.target_name().map(|name| AvPair::target_name(&name)),
        ];
        for pair in added.into_iter().flatten() {
            list.set(pair);
        }
        let time = time.map_or(client.time, |time| FileTime(u64::from_le_bytes(time)));
        let client_challenge = ClientChallenge::new(time, client.random.client_challenge, list);
        let response = Ntlmv2Response { nt_proof_str: [0; 16], client_challenge };
        self.parts.nt_challenge_response = Some(NtResponse::Ntlmv2(response));
    }

    /// Computes what only the client can: the responses, the session key, and the MIC where there
    /// is room for one.
    pub(crate) fn prove(
        mut self,
        client: &Client<'_>,
        negotiate: &[u8],
        challenge: &[u8],
    ) -> Result<Answer, ExchangeError> {
        let (base, kxkey) = self.respond(client)?;
        let (exported, encrypted) = if proof::wraps_key(self.parts.flags) {
            let key = client.random.session_key;
            (key, respond::exchange_key(&kxkey, key).to_vec())
        } else {
            (kxkey, Vec::new())
        };
        self.parts.encrypted_random_session_key = Some(encrypted);
        let mut authenticate = self.parts.build()?;
        if self.parts.mic.is_some() {
            let (negotiate, challenge) = (parse(negotiate)?, parse(challenge)?);
            let unsealed = parse(&authenticate)?;
            self.parts.mic = proof::mic(&exported, Some(&negotiate), &challenge, &unsealed);
            authenticate = self.parts.build()?;
        }
        let keys = SessionKeys { session_base_key: base, exported_session_key: exported };
        Ok(Answer { authenticate, keys })
    }

    /// Fills in the responses; SessionBaseKey and KeyExchangeKey.
    fn respond(&mut self, client: &Client<'_>) -> Result<([u8; 16], [u8; 16]), ExchangeError> {
        let ComputedResponses { nt, lm, session_base_key, key_exchange_key } = match self.form {
            // Spec: [MS-NLMP] 3.3.2, SessionBaseKey is Z(16).
            AnswerForm::Anonymous => return Ok(([0; 16], [0; 16])),
            AnswerForm::Ntlmv1 => respond::ntlmv1(client.secret, self.server_challenge),
            AnswerForm::Ntlm2Session { client_challenge } => {
                respond::ntlm2_session(client.secret, self.server_challenge, client_challenge)
            }
            AnswerForm::Ntlmv2 { client_challenge } => {
                let key = respond::ntowfv2(client.secret, &client.user, &client.domain);
                let temp = match self.parts.ntlmv2_mut() {
                    Some(response) => response.client_challenge.bytes()?,
                    None => Vec::new(),
                };
                respond::ntlmv2(&key, self.server_challenge, client_challenge, &temp)
            }
        };
        match self.parts.ntlmv2_mut() {
            Some(response) => {
                for (to, from) in response.nt_proof_str.iter_mut().zip(nt) {
                    *to = from;
                }
            }
            None => self.parts.nt_challenge_response = Some(NtResponse::Bytes(nt)),
        }
        self.parts.lm_challenge_response.get_or_insert_with(|| lm.to_vec());
        Ok((session_base_key, key_exchange_key))
    }
}

/// The form in which `client` answers, with `flags` agreed on.
fn form(client: &Client<'_>, flags: NegotiateFlags) -> AnswerForm {
    let extended = flags.contains(NegotiateFlags::NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY);
    let client_challenge = client.random.client_challenge;
    match client.kind {
        ClientKind::Anonymous => AnswerForm::Anonymous,
        ClientKind::Ntlm2Session if extended => AnswerForm::Ntlm2Session { client_challenge },
        ClientKind::Ntlm2Session | ClientKind::Ntlmv1 => AnswerForm::Ntlmv1,
        _ => AnswerForm::Ntlmv2 { client_challenge },
    }
}
