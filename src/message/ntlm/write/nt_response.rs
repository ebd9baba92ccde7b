//! The NT response from its parts; the proof in it is given.

use super::{AvPairList, BuildError};
use crate::base::span::{Source, Span};
use crate::message::{
    ntlm::{self, response::at},
    wire::FileTime,
};

/// The contents of `NtChallengeResponse`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum NtResponse {
    /// Bytes as they are: 24 for NTLMv1 and the NTLM2 session response. More than 24 are read as
    /// NTLMv2.
    Bytes(Vec<u8>),
    /// NTLMv2.
    Ntlmv2(Ntlmv2Response),
}

impl NtResponse {
    /// Its bytes.
    ///
    /// # Errors
    ///
    /// [`TooLong`](super::BuildErrorKind::TooLong), naming the AvId, for a value beyond 65,535
    /// bytes.
    pub fn bytes(&self) -> Result<Vec<u8>, BuildError> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.clone()),
            Self::Ntlmv2(response) => response.bytes(),
        }
    }
}

/// The parts of an `NTLMv2_RESPONSE`.
///
/// Spec: [MS-NLMP] 2.2.2.8.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ntlmv2Response {
    /// `Response`, which section 3.3.2 calls NTProofStr.
    pub nt_proof_str: [u8; 16],
    /// `NTLMv2_CLIENT_CHALLENGE`, over which the proof is computed.
    pub client_challenge: ClientChallenge,
}

impl Ntlmv2Response {
    /// The parts of a parsed response; `None` where it is too short for its fixed ones.
    #[must_use]
    pub fn of(response: &ntlm::Ntlmv2Response, message: Source<'_>) -> Option<Self> {
        let within = Source(message.slice(Span::new(0, response.span.end)));
        let start = response.span.start;
        let place = |offset| start.checked_add(offset);
        let [resp_type, hi_resp_type] = within.array(place(at::RESP_TYPE)?)?.value;
        Some(Self {
            nt_proof_str: within.array(start)?.value,
            client_challenge: ClientChallenge {
                resp_type,
                hi_resp_type,
                reserved1: within.le_u16(place(at::RESERVED1)?)?.value,
                reserved2: within.le_u32(place(at::RESERVED2)?)?.value,
                time_stamp: FileTime(within.le_u64(place(at::TIME_STAMP)?)?.value),
                challenge_from_client: within.array(place(at::CHALLENGE_FROM_CLIENT)?)?.value,
                reserved3: within.le_u32(place(at::RESERVED3)?)?.value,
                av_pairs: AvPairList::of(&response.av_pairs, message),
            },
        })
    }

    /// Its bytes.
    ///
    /// # Errors
    ///
    /// [`TooLong`](super::BuildErrorKind::TooLong), naming the AvId, for a value beyond 65,535
    /// bytes.
    pub fn bytes(&self) -> Result<Vec<u8>, BuildError> {
        Ok([&self.nt_proof_str[..], &self.client_challenge.bytes()?].concat())
    }
}

/// The parts of an `NTLMv2_CLIENT_CHALLENGE`, which section 3.3.2 calls `temp`.
///
/// Spec: [MS-NLMP] 2.2.2.7.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ClientChallenge {
    /// `RespType`, 1.
    pub resp_type: u8,
    /// `HiRespType`, 1.
    pub hi_resp_type: u8,
    /// `Reserved1`, 0.
    pub reserved1: u16,
    /// `Reserved2`, 0.
    pub reserved2: u32,
    /// `TimeStamp`.
    pub time_stamp: FileTime,
    /// `ChallengeFromClient`.
    pub challenge_from_client: [u8; 8],
    /// `Reserved3`, 0.
    pub reserved3: u32,
    /// `AvPairs`, and what follows them: four zero bytes as a rule.
    pub av_pairs: AvPairList,
}

impl ClientChallenge {
    /// As clients send it: types 1, reserved parts 0. If nothing follows the AV pairs yet, the four
    /// zero bytes that end `temp` are added.
    #[must_use]
    pub fn new(
        time_stamp: FileTime,
        challenge_from_client: [u8; 8],
        mut av_pairs: AvPairList,
    ) -> Self {
        if av_pairs.rest.is_empty() {
            av_pairs.rest = vec![0; 4];
        }
        Self {
            resp_type: 1,
            hi_resp_type: 1,
            reserved1: 0,
            reserved2: 0,
            time_stamp,
            challenge_from_client,
            reserved3: 0,
            av_pairs,
        }
    }

    /// Its bytes, over which NTProofStr is computed.
    ///
    /// # Errors
    ///
    /// [`TooLong`](super::BuildErrorKind::TooLong), naming the AvId, for a value beyond 65,535
    /// bytes.
    pub fn bytes(&self) -> Result<Vec<u8>, BuildError> {
        Ok([
            &[self.resp_type, self.hi_resp_type][..],
            &self.reserved1.to_le_bytes(),
            &self.reserved2.to_le_bytes(),
            &self.time_stamp.0.to_le_bytes(),
            &self.challenge_from_client,
            &self.reserved3.to_le_bytes(),
            &self.av_pairs.bytes()?,
        ]
        .concat())
    }
}
