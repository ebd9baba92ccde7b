//! The MIC over the three messages.

use crate::judge::proof::{Check, Compare, ExchangeMessages, ProofReason, primitives::hmac_md5};
use crate::message::{
    ntlm::{Authenticate, Message, MicState, ResponseKind},
    wire::NegotiateFlags,
};

/// The MIC of an exchange, 16 bytes: HMAC-MD5, under ExportedSessionKey, of the messages one after
/// the other, with zeros where the MIC itself is. `None` where the AUTHENTICATE has no room for
/// one.
///
/// The connectionless form has no NEGOTIATE; `negotiate` is `None` there.
///
/// Spec: [MS-NLMP] 3.1.5.1.2 and 3.1.5.2.1.
#[must_use]
pub fn mic(
    exported_session_key: &[u8; 16],
    negotiate: Option<&Message>,
    challenge: &Message,
    authenticate: &Message,
) -> Option<[u8; 16]> {
    let mic = authenticate.as_authenticate()?.mic?;
    let before = authenticate.bytes().get(..mic.start)?;
    let after = authenticate.bytes().get(mic.end..)?;
    let negotiate = negotiate.map_or(&[][..], Message::bytes);
    let parts = [negotiate, challenge.bytes(), before, &[0; 16], after];
    Some(hmac_md5(exported_session_key, &parts))
}

/// Checks the MIC of the three messages. `key` is ExportedSessionKey, or why it is not known.
pub(super) fn check(
    exchange: ExchangeMessages<'_>,
    message: &Message,
    authenticate: &Authenticate,
    key: Result<[u8; 16], ProofReason>,
) -> Check {
    let state = authenticate.mic_state(message.source());
    if state == MicState::CutOff {
        return Check::unknown(ProofReason::MicCutOff);
    }
    let Some(received) = state.span() else {
        if authenticate.av_pairs().is_some_and(|pairs| !pairs.is_whole()) {
            return Check::unknown(ProofReason::AvPairsCut);
        }
        return Check::absent(absent(state, authenticate.response_kind));
    };
    let Some(challenge) = exchange.challenge else {
        return Check::unknown(ProofReason::MicWithoutChallenge);
    };
    let connectionless = authenticate
        .flags
        .is_some_and(|flags| flags.value.contains(NegotiateFlags::NTLMSSP_NEGOTIATE_DATAGRAM));
    if exchange.negotiate.is_none() && !connectionless {
        return Check::unknown(ProofReason::MicWithoutNegotiate);
    }
    let all = [exchange.negotiate, exchange.challenge, exchange.authenticate];
    if let Some(cut) = all.into_iter().flatten().find(|message| message.missing.is_some()) {
        return Check::unknown(ProofReason::MicOverCut(cut.kind()));
    }
    let computed = match key {
        Ok(key) => mic(&key, exchange.negotiate, challenge, message),
        Err(because) => return Check::unknown(because),
    };
    match computed {
        Some(computed) => Check::compared(Compare {
            received: message.source().slice(received).to_vec(),
            computed: computed.to_vec(),
        }),
        None => Check::unknown(ProofReason::MicCut),
    }
}

/// The reason why there is no MIC to check.
fn absent(state: MicState, kind: ResponseKind) -> ProofReason {
    match (state, kind) {
        (MicState::AnnouncedMissing, _) => ProofReason::MicAnnouncedWithoutRoom,
        (_, ResponseKind::Ntlmv2 | ResponseKind::None) => ProofReason::MicNotAnnounced,
        (_, ResponseKind::Anonymous) => ProofReason::NobodyAnnouncesMic,
        (_, kind) => ProofReason::NoPlaceForMic(kind),
    }
}
