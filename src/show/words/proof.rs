//! The sentences for the reasons of a check of the proof.

use std::borrow::Cow;

use crate::judge::proof::ProofReason;

/// The reason for the result of a check of the proof, in one sentence.
#[must_use]
#[expect(clippy::too_many_lines, reason = "a table: one row for each reason")]
pub fn proof_reason(reason: ProofReason) -> Cow<'static, str> {
    let words = match reason {
        ProofReason::LmLength(len) => {
            return format!("LmChallengeResponse has {len} bytes, where each kind has 24.").into();
        }
        ProofReason::NoPlaceForMic(kind) => {
            let kind = kind.label();
            return format!("{kind} has no place to announce a MIC, and none is there.").into();
        }
        ProofReason::MicOverCut(kind) => {
            return format!("The paste ends inside the {kind}, and the MIC covers it.").into();
        }
        ProofReason::ComputedOverOthers => {
            "It was computed over the bytes as captured, and these differ."
        }
        ProofReason::NoSecret => "No password or NT hash was given.",
        ProofReason::NoAuthenticate => "There is no AUTHENTICATE message, so nothing is proven.",
        ProofReason::NoChallenge => {
            "The CHALLENGE is missing, and with it the number the response answers."
        }
        ProofReason::ChallengeCut => {
            "The CHALLENGE is cut before ServerChallenge, the number the response answers."
        }
        ProofReason::OtherChallenge => {
            "The AV pairs in the AUTHENTICATE are not those of this CHALLENGE: it answers another CHALLENGE, so whether the secret fits is not known."
        }
        ProofReason::NamesInOtherCodePage => {
            "The names are in an OEM code page that the message does not name, so what the response was made with is not known."
        }
        ProofReason::NobodySignsIn => {
            "The sign-in is anonymous: there is no response to prove, and the session key is all zero."
        }
        ProofReason::NoResponse => "The message has no response that could be proven.",
        ProofReason::ProofCutOff => {
            "The paste ends before everything that is needed to check the response."
        }
        ProofReason::ResponseCut => {
            "The response is cut, and the proof is computed over all of it."
        }
        ProofReason::ResponseTooShort => "The response is too short to hold NTProofStr.",
        ProofReason::ClientChallengeMissing => {
            "LmChallengeResponse, which holds the client's challenge of this kind of response, is not there."
        }
        ProofReason::NobodyHasLmResponse => "The sign-in is anonymous, so there is no LM response.",
        ProofReason::ChallengeInPlaceOfLm => {
            "LmChallengeResponse holds the client's challenge, so there is no LM response."
        }
        ProofReason::LmCut => "LmChallengeResponse is cut.",
        ProofReason::LmEmpty => "The field is empty.",
        ProofReason::LmOfZeros => "It is 24 zero bytes.",
        ProofReason::LmRepeatsNt => "LmChallengeResponse repeats NtChallengeResponse.",
        ProofReason::LmFitsAlone => {
            "It fits, though the NT response does not: [MS-NLMP] 3.2.5.1.2 lets a server accept the one without the other."
        }
        ProofReason::LmHashTooLong => {
            "The LM hash is not known: a password of more than 14 characters has none."
        }
        ProofReason::LmHashBeyondAscii => {
            "The LM hash is not known: the password has characters beyond ASCII, and no message names the client's OEM code page."
        }
        ProofReason::LmHashNotGiven => "The LM hash is not known: only the NT hash was given.",
        ProofReason::SessionKeyUnknown => "The session key is not known.",
        ProofReason::NoKeyForLmAlone => {
            "[MS-NLMP] defines no session key for an LM response that comes alone."
        }
        ProofReason::MicKeyUnknown => {
            "The secret does not fit the response, so the key of the MIC is not known."
        }
        ProofReason::WrappedKeyMissing => {
            "The session key is not known: EncryptedRandomSessionKey is not there, or not 16 bytes long."
        }
        ProofReason::KeyNeedsLmResponse => {
            "The session key is not known: it depends on LmChallengeResponse, which is not there."
        }
        ProofReason::EncryptedForTheServer => {
            "What an AP-REQ proves is encrypted for the server, and nothing is decrypted."
        }
        ProofReason::MicNotInLine => {
            "MsvAvFlags announces a MIC, but a NetNTLMv2 line does not hold it."
        }
        ProofReason::LmNotInLine => "A NetNTLMv2 line holds no LM response.",
        ProofReason::SessionKeyNotInLine => {
            "The session key is not known: a NetNTLMv2 line holds neither the flags nor EncryptedRandomSessionKey."
        }
        ProofReason::ChallengeOfOtherLength => {
            "The challenge in the line does not have the 8 bytes of ServerChallenge, so which number the response answers is not known."
        }
        ProofReason::MicCutOff => "The paste ends before it says whether there is a MIC.",
        ProofReason::AvPairsCut => {
            "The AV pairs are cut, so whether they announce a MIC is not known."
        }
        ProofReason::MicWithoutChallenge => "The CHALLENGE is missing, and the MIC covers it.",
        ProofReason::MicWithoutNegotiate => {
            "The NEGOTIATE message is missing, and the MIC covers it."
        }
        ProofReason::MicCut => "The MIC is cut.",
        ProofReason::MicAnnouncedWithoutRoom => {
            "A MIC is announced, but the header has no room for one."
        }
        ProofReason::MicNotAnnounced => "No MIC is announced, and none is there.",
        ProofReason::NobodyAnnouncesMic => {
            "An anonymous sign-in has no place to announce a MIC, and none is there."
        }
        ProofReason::NothingProtected => {
            "Neither signing nor sealing was negotiated, so a signature is the same for every message and proves nothing."
        }
        ProofReason::ConnectionlessSignature => {
            "Signatures of the connectionless form are not checked."
        }
        ProofReason::SignatureKeysUnknown => "The keys of the signature are not known.",
        ProofReason::SharedStream => {
            "Without extended session security both sides share one RC4 stream and one count of messages, so the server's signature cannot be computed alone."
        }
        ProofReason::KeysUnknown => {
            "The secret does not fit the response, so the keys are not known."
        }
        ProofReason::MechanismsMissing => {
            "The NegTokenInit with the client's list of mechanisms is not there, and the signature covers it."
        }
        ProofReason::SignInUnknown => {
            "It does not fit these keys, and which of the sign-ins it belongs to is not known."
        }
    };
    words.into()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_reason_has_a_sentence_of_its_own() {
        let reasons = [
            ProofReason::ComputedOverOthers,
            ProofReason::NoSecret,
            ProofReason::NoAuthenticate,
            ProofReason::NoChallenge,
            ProofReason::ChallengeCut,
            ProofReason::OtherChallenge,
            ProofReason::NamesInOtherCodePage,
            ProofReason::NobodySignsIn,
            ProofReason::NoResponse,
            ProofReason::ProofCutOff,
            ProofReason::ResponseCut,
            ProofReason::ResponseTooShort,
            ProofReason::ClientChallengeMissing,
            ProofReason::NobodyHasLmResponse,
            ProofReason::ChallengeInPlaceOfLm,
            ProofReason::LmCut,
            ProofReason::LmEmpty,
            ProofReason::LmOfZeros,
            ProofReason::LmRepeatsNt,
            ProofReason::LmFitsAlone,
            ProofReason::LmHashTooLong,
            ProofReason::LmHashBeyondAscii,
            ProofReason::LmHashNotGiven,
            ProofReason::SessionKeyUnknown,
            ProofReason::NoKeyForLmAlone,
            ProofReason::MicKeyUnknown,
            ProofReason::WrappedKeyMissing,
            ProofReason::KeyNeedsLmResponse,
            ProofReason::EncryptedForTheServer,
            ProofReason::MicNotInLine,
            ProofReason::LmNotInLine,
            ProofReason::SessionKeyNotInLine,
            ProofReason::ChallengeOfOtherLength,
            ProofReason::MicCutOff,
            ProofReason::AvPairsCut,
            ProofReason::MicWithoutChallenge,
            ProofReason::MicWithoutNegotiate,
            ProofReason::MicCut,
            ProofReason::MicAnnouncedWithoutRoom,
            ProofReason::MicNotAnnounced,
            ProofReason::NobodyAnnouncesMic,
            ProofReason::NothingProtected,
            ProofReason::ConnectionlessSignature,
            ProofReason::SignatureKeysUnknown,
            ProofReason::SharedStream,
            ProofReason::KeysUnknown,
            ProofReason::MechanismsMissing,
            ProofReason::SignInUnknown,
        ];
        let mut sentences = HashSet::new();
        for reason in reasons {
            let sentence = proof_reason(reason);
            assert!(sentence.ends_with('.'), "{sentence}");
            assert!(sentences.insert(sentence), "{reason:?} says what another says");
        }
    }
}
