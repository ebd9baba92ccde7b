//! The responses to a challenge: their kinds, and the parts of an NTLMv2 one. Whether one is right
//! takes a secret; that is asked in [`judge::proof`](crate::judge::proof).

use serde::Serialize;

use crate::base::{
    finding::{Code, Finding, bytes},
    span::{Located, Source, Span},
};
use crate::message::{
    field::{Field, Value},
    ntlm::{AvPairs, PayloadField},
    wire::{FileTime, NegotiateFlags},
};

/// A kind of answer to the challenge.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResponseKind {
    /// NTLMv2: NTProofStr and the client's blob with AV pairs.
    Ntlmv2,
    /// NTLMv1: 24 bytes.
    Ntlmv1,
    /// NTLMv1 with extended session security: the client's challenge is in the LM response.
    #[serde(rename = "ntlm2-session")]
    Ntlm2Session,
    /// Only an LM response. Its bytes do not say whether it is LM or LMv2; a secret does.
    Lm,
    /// Only an LM response, proven to be LMv2.
    Lmv2,
    /// Nobody: empty NT response and empty user name.
    Anonymous,
    /// No response at all, though a user is named, or none that could be read.
    None,
    /// It cannot be told: the paste ends before what says it.
    CutOff,
}

impl ResponseKind {
    /// The words for it in a sentence.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Ntlmv2 => "NTLMv2",
            Self::Ntlmv1 => "NTLMv1",
            Self::Ntlm2Session => "NTLM2 session",
            Self::Lm => "LM",
            Self::Lmv2 => "LMv2",
            Self::Anonymous => "anonymous",
            Self::None => "no response",
            Self::CutOff => "a response that is cut off",
        }
    }
}

/// `NTLMv2_RESPONSE`: the proof and what it is computed over.
///
/// Spec: [MS-NLMP] 2.2.2.8 and 2.2.2.7. Spans count from the start of the message. A part that the
/// response is too short for is `None`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ntlmv2Response {
    /// The whole response.
    pub span: Span,
    /// `Response`, which section 3.3.2 calls NTProofStr: 16 bytes.
    pub nt_proof_str: Option<Span>,
    /// `RespType`, 1.
    pub resp_type: Option<Located<u8>>,
    /// `HiRespType`, 1.
    pub hi_resp_type: Option<Located<u8>>,
    /// `TimeStamp`.
    pub time_stamp: Option<Located<FileTime>>,
    /// `ChallengeFromClient`: 8 bytes.
    pub challenge_from_client: Option<Span>,
    /// `AvPairs`.
    pub av_pairs: AvPairs,
}

/// The offsets of the fixed fields in an NTLMv2 response, in bytes: NTProofStr, and behind it those
/// of `NTLMv2_CLIENT_CHALLENGE`.
pub(super) mod at {
    pub(crate) const NT_PROOF_STR: usize = 0;
    pub(crate) const RESP_TYPE: usize = 16;
    pub(crate) const HI_RESP_TYPE: usize = 17;
    pub(crate) const RESERVED1: usize = 18;
    pub(crate) const RESERVED2: usize = 20;
    pub(crate) const TIME_STAMP: usize = 24;
    pub(crate) const CHALLENGE_FROM_CLIENT: usize = 32;
    pub(crate) const RESERVED3: usize = 40;
    pub(crate) const AV_PAIRS: usize = 44;
}

impl Ntlmv2Response {
    pub(super) fn read(message: Source<'_>, span: Span, findings: &mut Vec<Finding>) -> Self {
        let within = Source(message.slice(Span::new(0, span.end)));
        let part = |start: usize, len: usize| {
            let part = Span::at(start, len).shifted(span.start);
            within.exact(part).map(|_| part)
        };
        let byte = |start: usize| {
            within.array(span.start.saturating_add(start)).map(|b| b.map(|[byte]: [u8; 1]| byte))
        };
        let av_pairs = if span.len() < at::AV_PAIRS {
            findings.push(Finding::new(
                Code::ResponseTooShort,
                span,
                format!(
                    "The NT response has {} bytes. NTLMv2 takes at least {} before its AV pairs, so no password can prove it.",
                    span.len(),
                    at::AV_PAIRS
                ),
            ));
            AvPairs::default()
        } else {
            let list = Span::new(span.start.saturating_add(at::AV_PAIRS), span.end);
            AvPairs::read(message, list, findings)
        };
        let response = Self {
            span,
            nt_proof_str: part(at::NT_PROOF_STR, 16),
            resp_type: byte(at::RESP_TYPE),
            hi_resp_type: byte(at::HI_RESP_TYPE),
            time_stamp: within
                .le_u64(span.start.saturating_add(at::TIME_STAMP))
                .map(|time| time.map(FileTime)),
            challenge_from_client: part(at::CHALLENGE_FROM_CLIENT, 8),
            av_pairs,
        };
        for (name, number) in
            [("RespType", response.resp_type), ("HiRespType", response.hi_resp_type)]
        {
            if let Some(number) = number.filter(|number| number.value != 1) {
                findings.push(Finding::new(
                    Code::ResponseType,
                    number.span,
                    format!("{name} is {}. NTLMv2 has 1.", number.value),
                ));
            }
        }
        if let Some(after) = response.after_reserved4(message) {
            findings.push(Finding::new(
                Code::AvPairAfterEol,
                after,
                format!(
                    "{} after MsvAvEOL. Windows may append some; they have no meaning.",
                    bytes(after.len())
                ),
            ));
        }
        response
    }

    /// The four zero bytes that end what NTProofStr is computed over, where they are there.
    ///
    /// Spec: [MS-NLMP] 3.3.2, the last `Z(4)` of `temp`.
    #[must_use]
    pub fn reserved4(&self, message: Source<'_>) -> Option<Span> {
        let rest = self.av_pairs.rest;
        let span = Span::at(rest.start, 4);
        (rest.contains(span) && message.exact(span)? == [0; 4]).then_some(span)
    }

    /// The bytes behind `MsvAvEOL` and the four zero bytes.
    fn after_reserved4(&self, message: Source<'_>) -> Option<Span> {
        if !self.av_pairs.is_whole() {
            return None;
        }
        let rest = self.av_pairs.rest;
        let start = self.reserved4(message).map_or(rest.start, |reserved| reserved.end);
        Some(Span::new(start, rest.end)).filter(|after| !after.is_empty())
    }

    /// Its parts, for the node `NtChallengeResponse`.
    pub(crate) fn fields<'m>(&self, message: Source<'m>) -> Vec<Field<'m>> {
        let mut fields = Vec::with_capacity(2);
        let part = |span| Value::Bytes(message.slice(span));
        if let Some(proof) = self.nt_proof_str {
            fields.push(Field::leaf("NTProofStr", proof, part(proof)));
        }
        let mut parts = Vec::with_capacity(10);
        let number = |name, byte: Option<Located<u8>>| {
            byte.map(|byte| Field::leaf(name, byte.span, Value::U8(byte.value)))
        };
        parts.extend(number("RespType", self.resp_type));
        parts.extend(number("HiRespType", self.hi_resp_type));
        let start = self.span.start;
        let reserved1 = message.le_u16(start.saturating_add(at::RESERVED1));
        let reserved2 = message.le_u32(start.saturating_add(at::RESERVED2));
        let reserved3 = message.le_u32(start.saturating_add(at::RESERVED3));
        let inside = |span: Span| self.span.contains(span);
        if let Some(reserved) = reserved1.filter(|reserved| inside(reserved.span)) {
            parts.push(Field::leaf("Reserved1", reserved.span, Value::U16(reserved.value)));
        }
        if let Some(reserved) = reserved2.filter(|reserved| inside(reserved.span)) {
            parts.push(Field::leaf("Reserved2", reserved.span, Value::U32(reserved.value)));
        }
        if let Some(time) = self.time_stamp {
            parts.push(Field::leaf("TimeStamp", time.span, Value::Time(time.value)));
        }
        if let Some(challenge) = self.challenge_from_client {
            parts.push(Field::leaf("ChallengeFromClient", challenge, part(challenge)));
        }
        if let Some(reserved) = reserved3.filter(|reserved| inside(reserved.span)) {
            parts.push(Field::leaf("Reserved3", reserved.span, Value::U32(reserved.value)));
        }
        if !self.av_pairs.pairs.is_empty() {
            parts.push(Field::structure(
                "AvPairs",
                self.av_pairs.span,
                self.av_pairs.fields(message),
            ));
        }
        if let Some(reserved) = self.reserved4(message) {
            parts.push(Field::leaf("Reserved4", reserved, Value::U32(0)));
        }
        if !parts.is_empty() {
            let blob = Span::new(start.saturating_add(16), self.span.end);
            fields.push(Field::structure("NTLMv2_CLIENT_CHALLENGE", blob, parts));
        }
        fields
    }
}

/// Returns true if the bytes that are there of a cut message tell the kind of its response.
pub(crate) fn is_told(
    lm: Option<PayloadField>,
    nt: Option<PayloadField>,
    user: Option<PayloadField>,
    flags: Option<NegotiateFlags>,
) -> bool {
    let Some((lm, nt)) = lm.zip(nt) else { return false };
    match (nt.len.value, lm.len.value) {
        // The flags tell the two kinds of 24 bytes apart.
        (24, _) => flags.is_some(),
        (1.., _) => true,
        (0, 24) => !lm.is_cut(),
        // Without a response, only the user's name tells an anonymous sign-in from another.
        (0, 0 | 1) => user.is_some() && !lm.is_cut(),
        (0, _) => true,
    }
}

/// Decides what kind of response a message carries, and reads the NTLMv2 one.
///
/// Spec: [MS-NLMP] 2.2.2.3 to 2.2.2.8; 3.3.1 for the NTLM2 session response.
pub(crate) fn classify(
    message: Source<'_>,
    lm: Option<PayloadField>,
    nt: Option<PayloadField>,
    user: Option<PayloadField>,
    flags: Option<NegotiateFlags>,
    findings: &mut Vec<Finding>,
) -> (ResponseKind, Option<Ntlmv2Response>) {
    let announced = nt.map_or(0, |field| field.len.value);
    let lm_bytes = lm.and_then(|field| field.data).map_or(&[][..], |data| message.slice(data));
    let nt_span = nt.and_then(|field| field.data);
    if nt.is_none() {
        return (ResponseKind::None, None);
    }
    let user_is_empty = user.is_none_or(|field| field.len.value == 0);
    let kind = match announced {
        0 if lm_bytes.len() == 24 => ResponseKind::Lm,
        // A null session sends no NT response and an LM response of nothing or one zero byte.
        0 if user_is_empty && matches!(lm_bytes, [] | [0]) => ResponseKind::Anonymous,
        0 => ResponseKind::None,
        24 => {
            // The flag decides, whatever the LM response holds.
            let session = flags.is_some_and(|flags| {
                flags.contains(NegotiateFlags::NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY)
            });
            if session { ResponseKind::Ntlm2Session } else { ResponseKind::Ntlmv1 }
        }
        1..24 => {
            findings.push(Finding::new(
                Code::ResponseOddLength,
                nt_span.unwrap_or_default(),
                format!("The NT response has {}. NTLMv1 has 24, NTLMv2 more, so no password can prove it.", bytes(announced.into())),
            ));
            ResponseKind::None
        }
        _ => ResponseKind::Ntlmv2,
    };
    let place = nt_span.or_else(|| lm.and_then(|field| field.data)).unwrap_or_default();
    match kind {
        ResponseKind::Ntlmv1 | ResponseKind::Ntlm2Session | ResponseKind::Lm
            if announced == 0 || announced == 24 =>
        {
            findings.push(Finding::new(
                Code::ResponseOld,
                place,
                format!(
                    "The client answered with {}, which has no room for a target name or a MIC.",
                    kind.label()
                ),
            ));
        }
        ResponseKind::Anonymous => findings.push(Finding::new(
            Code::ResponseAnonymous,
            place,
            "The sign-in is anonymous: the user name and the NT response are empty.",
        )),
        _ => {}
    }
    if kind == ResponseKind::Ntlmv2 && lm_bytes.len() == 24 && lm_bytes.iter().all(|b| *b == 0) {
        findings.push(Finding::new(
            Code::LmResponseZero,
            lm.and_then(|field| field.data).unwrap_or_default(),
            "The LM response is 24 zero bytes: the client leaves it empty, as current ones do.",
        ));
    }
    let ntlmv2 = (kind == ResponseKind::Ntlmv2)
        .then(|| nt_span.map(|span| Ntlmv2Response::read(message, span, findings)))
        .flatten();
    (kind, ntlmv2)
}
