//! The reasons of checks, as an enum. Their sentences are in [`show::words`](crate::show::words).

use crate::message::ntlm::ResponseKind;

/// The reason for the outcome of a check, or for its not being made.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ProofReason {
    /// It was computed over the bytes as they were captured, and a message was edited by hand.
    ComputedOverOthers,
    /// No password or NT hash was given.
    NoSecret,
    /// There is no AUTHENTICATE message.
    NoAuthenticate,
    /// The CHALLENGE is missing.
    NoChallenge,
    /// The CHALLENGE is cut before `ServerChallenge`.
    ChallengeCut,
    /// The response answers another CHALLENGE.
    OtherChallenge,
    /// The names are in an OEM code page that the message does not name.
    NamesInOtherCodePage,
    /// The sign-in is anonymous, so there is no response.
    NobodySignsIn,
    /// The message has no response.
    NoResponse,
    /// The paste ends before all that the response is checked with.
    ProofCutOff,
    /// The response is cut.
    ResponseCut,
    /// The response is too short for NTProofStr.
    ResponseTooShort,
    /// The client's challenge of an NTLM2 session response is not there.
    ClientChallengeMissing,
    /// The sign-in is anonymous, so there is no LM response.
    NobodyHasLmResponse,
    /// The client's challenge is in the place of the LM response.
    ChallengeInPlaceOfLm,
    /// The LM response is cut.
    LmCut,
    /// The field of the LM response is empty.
    LmEmpty,
    /// Zero bytes are in the place of the LM response.
    LmOfZeros,
    /// The LM response repeats the NT response.
    LmRepeatsNt,
    /// The LM response fits, though the NT response does not.
    LmFitsAlone,
    /// A password of more than 14 characters has no LM hash.
    LmHashTooLong,
    /// The password has characters beyond ASCII, so its LM hash is not known.
    LmHashBeyondAscii,
    /// Only the NT hash was given, so the LM hash is not known.
    LmHashNotGiven,
    /// The session key is not known.
    SessionKeyUnknown,
    /// No session key is defined for an LM response that comes alone.
    NoKeyForLmAlone,
    /// The secret does not fit the response, so the key of the MIC is not known.
    MicKeyUnknown,
    /// `EncryptedRandomSessionKey` is not there, or not 16 bytes long.
    WrappedKeyMissing,
    /// The session key depends on the LM response, which is not there.
    KeyNeedsLmResponse,
    /// The proof in an AP-REQ is encrypted for the server.
    EncryptedForTheServer,
    /// A NetNTLMv2 line does not hold the MIC that is announced.
    MicNotInLine,
    /// A NetNTLMv2 line holds no LM response.
    LmNotInLine,
    /// A NetNTLMv2 line holds neither the flags nor the key that the session key follows from.
    SessionKeyNotInLine,
    /// The challenge in a NetNTLMv2 line does not have the 8 bytes of `ServerChallenge`.
    ChallengeOfOtherLength,
    /// The paste ends before it says whether there is a MIC.
    MicCutOff,
    /// The AV pairs that could announce a MIC are cut.
    AvPairsCut,
    /// The CHALLENGE, which the MIC covers, is missing.
    MicWithoutChallenge,
    /// The NEGOTIATE, which the MIC covers, is missing.
    MicWithoutNegotiate,
    /// The MIC is cut.
    MicCut,
    /// A MIC is announced, but the header has no room for one.
    MicAnnouncedWithoutRoom,
    /// No MIC is announced.
    MicNotAnnounced,
    /// An anonymous sign-in has no place to announce a MIC.
    NobodyAnnouncesMic,
    /// Neither signing nor sealing was negotiated.
    NothingProtected,
    /// Signatures of the connectionless form are not checked.
    ConnectionlessSignature,
    /// The keys of the signature are not known.
    SignatureKeysUnknown,
    /// Both sides share one stream, so the server's signature cannot be computed alone.
    SharedStream,
    /// The secret does not fit the response, so the keys of the signature are not known.
    KeysUnknown,
    /// The list of mechanisms that the signature covers is not there.
    MechanismsMissing,
    /// The signature does not fit these keys, and may belong to another sign-in.
    SignInUnknown,
    /// The LM response has that many bytes, where each kind has 24.
    LmLength(usize),
    /// A response of that kind has no place to announce a MIC.
    NoPlaceForMic(ResponseKind),
    /// The paste ends inside that message, which the MIC covers.
    MicOverCut(&'static str),
}
