//! `AUTHENTICATE_MESSAGE`, read and checked. No secret is asked for, so nothing is said of whether
//! its proof holds.

mod cut;

use crate::base::{
    finding::{Code, Finding, bytes},
    span::{Located, Source, Span},
};
use crate::message::{
    field::{Field, Value},
    missing::Missing,
    ntlm::{
        AvPair, AvPairs, Charset, Ntlmv2Response, PayloadField, PayloadNames, ResponseKind,
        TargetName, Version, flags_field,
        payload::{check_layout, payload_start},
        response,
        text_payload::{check_text, payload_leaf, text},
    },
    wire::{AvFlags, AvId, FileTime, NegotiateFlags},
};

/// `AUTHENTICATE_MESSAGE`: who signs in, the answer to the challenge, and whom the client meant.
///
/// Spec: [MS-NLMP] 2.2.1.3. A part that the message is too short for is `None`. `Version` and `MIC`
/// are there where the payload begins late enough to leave room for them: older clients send
/// neither, and no flag tells reliably.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Authenticate {
    /// `LmChallengeResponseFields`.
    pub lm_challenge_response: Option<PayloadField>,
    /// `NtChallengeResponseFields`.
    pub nt_challenge_response: Option<PayloadField>,
    /// `DomainNameFields`.
    pub domain_name: Option<PayloadField>,
    /// `UserNameFields`.
    pub user_name: Option<PayloadField>,
    /// `WorkstationFields`.
    pub workstation: Option<PayloadField>,
    /// `EncryptedRandomSessionKeyFields`.
    pub encrypted_random_session_key: Option<PayloadField>,
    /// `NegotiateFlags`.
    pub flags: Option<Located<NegotiateFlags>>,
    /// `Version`.
    pub version: Option<Version>,
    /// `MIC`: 16 bytes.
    pub mic: Option<Span>,
    /// The kind of answer.
    pub response_kind: ResponseKind,
    /// The answer, where it is NTLMv2.
    pub ntlmv2: Option<Ntlmv2Response>,
    /// The bytes that are there and those that are missing, if the paste ends inside it.
    pub(super) missing: Option<Missing>,
}

/// The offsets of the fixed fields, in bytes.
pub(super) mod at {
    pub(crate) const LM_CHALLENGE_RESPONSE: usize = 12;
    pub(crate) const NT_CHALLENGE_RESPONSE: usize = 20;
    pub(crate) const DOMAIN_NAME: usize = 28;
    pub(crate) const USER_NAME: usize = 36;
    pub(crate) const WORKSTATION: usize = 44;
    pub(crate) const ENCRYPTED_RANDOM_SESSION_KEY: usize = 52;
    pub(crate) const FLAGS: usize = 60;
    pub(crate) const VERSION: usize = 64;
    pub(crate) const MIC: usize = 72;
    pub(crate) const MIC_END: usize = MIC + 16;
    /// Without Version and MIC, as old clients send it.
    pub(crate) const MIN_LEN: usize = 64;
}

/// The state of the MIC, as far as the message's bytes say.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum MicState {
    /// Announced by `MsvAvFlags` bit 0x2, there, and not all zero.
    Present(Span),
    /// Announced, and the header has no room for it.
    AnnouncedMissing,
    /// Announced, and sixteen zero bytes.
    Zero(Span),
    /// Not announced; there, and not all zero.
    Unannounced(Span),
    /// Neither announced nor there, or not announced and zero.
    Absent,
    /// It cannot be told: the paste ends before what announces it, or before the MIC itself.
    CutOff,
}

impl MicState {
    /// The stable name in the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Present(_) => "present",
            Self::AnnouncedMissing => "announced-missing",
            Self::Zero(_) => "zero",
            Self::Unannounced(_) => "unannounced",
            Self::Absent => "absent",
            Self::CutOff => "cut-off",
        }
    }

    /// The place of the sixteen bytes.
    #[must_use]
    pub const fn span(self) -> Option<Span> {
        match self {
            Self::Present(span) | Self::Zero(span) | Self::Unannounced(span) => Some(span),
            Self::AnnouncedMissing | Self::Absent | Self::CutOff => None,
        }
    }
}

/// The names of the one who signs in, as sent. `None` for one that is not in the messages or cannot
/// be read there.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SignInNames {
    /// The user's domain.
    pub domain: Option<String>,
    /// The user.
    pub user: Option<String>,
    /// The client's own name.
    pub workstation: Option<String>,
}

impl Authenticate {
    pub(crate) fn read(
        message: Source<'_>,
        missing: Option<Missing>,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let mut field = |offset, names| PayloadField::read(message, offset, names, findings);
        let lm_challenge_response =
            field(at::LM_CHALLENGE_RESPONSE, &PayloadNames::LM_CHALLENGE_RESPONSE);
        let nt_challenge_response =
            field(at::NT_CHALLENGE_RESPONSE, &PayloadNames::NT_CHALLENGE_RESPONSE);
        let domain_name = field(at::DOMAIN_NAME, &PayloadNames::DOMAIN_NAME);
        let user_name = field(at::USER_NAME, &PayloadNames::USER_NAME);
        let workstation = field(at::WORKSTATION, &PayloadNames::WORKSTATION);
        let encrypted_random_session_key =
            field(at::ENCRYPTED_RANDOM_SESSION_KEY, &PayloadNames::ENCRYPTED_RANDOM_SESSION_KEY);
        let flags = message.le_u32(at::FLAGS).map(|n| n.map(NegotiateFlags::from_bits_retain));
        if flags.is_none() {
            findings.push(super::cut_header(message, at::MIN_LEN, "AUTHENTICATE_MESSAGE"));
        }
        let fields = [
            lm_challenge_response,
            nt_challenge_response,
            domain_name,
            user_name,
            workstation,
            encrypted_random_session_key,
        ];
        let start = payload_start(message, fields);
        let version = Some(at::VERSION + Version::SIZE)
            .filter(|end| *end <= start)
            .and_then(|_| Version::read(message, at::VERSION));
        let mic = Some(Span::at(at::MIC, 16))
            .filter(|mic| mic.end <= start && message.exact(*mic).is_some());
        let charset = Charset::of(flags.map(|flags| flags.value));
        let flags_value = flags.map(|flags| flags.value);
        let (lm, nt) = (lm_challenge_response, nt_challenge_response);
        let is_told = missing.is_none() || response::is_told(lm, nt, user_name, flags_value);
        let (response_kind, ntlmv2) = if is_told {
            response::classify(message, lm, nt, user_name, flags_value, findings)
        } else {
            (ResponseKind::CutOff, None)
        };
        let mut authenticate = Self {
            lm_challenge_response,
            nt_challenge_response,
            domain_name,
            user_name,
            workstation,
            encrypted_random_session_key,
            flags,
            version,
            mic,
            response_kind,
            ntlmv2,
            missing,
        };
        authenticate.look_behind_stray_names(message);
        let version = authenticate.version;
        check_layout(authenticate.header_len(), &fields, findings);
        super::check_flags(flags, version.as_ref(), findings);
        super::check_charset_choice(flags, findings);
        check_text(message, &[domain_name, user_name, workstation], charset, findings);
        authenticate.check_key_exchange(findings);
        authenticate.check_mic(message, findings);
        authenticate.check_mic_room(message, start, findings);
        authenticate.check_target_name(message, findings);
        authenticate
    }

    /// Finds `Version` and `MIC` where a MIC is announced and only the pointer of a name says that
    /// there is no room for them: the MIC's place is fixed, and the pointer is the odd one. Where
    /// the names fill the bytes from the end of a shorter header to the responses, no pointer is
    /// odd: the MIC was left out.
    fn look_behind_stray_names(&mut self, message: Source<'_>) {
        let mic = Span::at(at::MIC, 16);
        let names = [self.domain_name, self.user_name, self.workstation];
        let responses = payload_start(
            message,
            [
                self.lm_challenge_response,
                self.nt_challenge_response,
                self.encrypted_random_session_key,
            ],
        );
        let start = payload_start(message, names);
        let sizes = names.iter().flatten().map(|name| usize::from(name.len.value));
        let left_out = [at::VERSION, at::MIC].contains(&start)
            && sizes.fold(start, usize::saturating_add) == responses;
        if self.mic.is_none()
            && self.av_flags(message).contains(AvFlags::MIC)
            && responses >= mic.end
            && !left_out
        {
            self.mic = Some(mic);
            self.version = Version::read(message, at::VERSION);
        }
    }

    /// The AV pairs of an NTLMv2 response.
    #[must_use]
    pub fn av_pairs(&self) -> Option<&AvPairs> {
        self.ntlmv2.as_ref().map(|response| &response.av_pairs)
    }

    /// `TimeStamp` of an NTLMv2 response.
    #[must_use]
    pub fn time_stamp(&self) -> Option<FileTime> {
        Some(self.ntlmv2.as_ref()?.time_stamp?.value)
    }

    /// The value of `MsvAvFlags`; empty if it is missing.
    #[must_use]
    pub fn av_flags(&self, message: Source<'_>) -> AvFlags {
        self.av_pairs().and_then(|pairs| pairs.flags(message)).unwrap_or(AvFlags::empty())
    }

    /// The service the client meant to reach.
    #[must_use]
    pub fn target_name(&self, message: Source<'_>) -> TargetName {
        if self.is_target_name_cut_off() {
            return TargetName::CutOff;
        }
        let Some(pairs) = self.av_pairs() else {
            // An NTLMv2 response that is cut off could have carried one.
            let could = self.response_kind == ResponseKind::Ntlmv2;
            return if could { TargetName::Absent } else { TargetName::NotCarried };
        };
        TargetName::of(pairs, message)
    }

    /// The state of the MIC: announced or not, there or not.
    #[must_use]
    pub fn mic_state(&self, message: Source<'_>) -> MicState {
        if self.is_mic_cut_off(message) {
            return MicState::CutOff;
        }
        let announced = self.av_flags(message).contains(AvFlags::MIC);
        let zero = self.mic.is_some_and(|mic| message.slice(mic).iter().all(|byte| *byte == 0));
        match (announced, self.mic) {
            (true, Some(mic)) if zero => MicState::Zero(mic),
            (true, Some(mic)) => MicState::Present(mic),
            (true, None) => MicState::AnnouncedMissing,
            (false, Some(mic)) if !zero => MicState::Unannounced(mic),
            (false, _) => MicState::Absent,
        }
    }

    /// The pointers of the header, in its order.
    pub(super) const fn pointers(&self) -> [Option<PayloadField>; 6] {
        [
            self.lm_challenge_response,
            self.nt_challenge_response,
            self.domain_name,
            self.user_name,
            self.workstation,
            self.encrypted_random_session_key,
        ]
    }

    /// The names of the one who signs in, as sent.
    #[must_use]
    pub fn names(&self, message: Source<'_>) -> SignInNames {
        let charset = Charset::of(self.flags.map(|flags| flags.value));
        let of = |field| text(message, field, charset);
        SignInNames {
            domain: of(self.domain_name),
            user: of(self.user_name),
            workstation: of(self.workstation),
        }
    }

    /// The length of its fixed fields, of those that are there.
    pub(super) fn header_len(&self) -> usize {
        let version = self.version.map_or(at::MIN_LEN, |version| version.span().end);
        self.mic.map_or(version, |mic| mic.end)
    }

    fn check_key_exchange(&self, findings: &mut Vec<Finding>) {
        let (Some(flags), Some(key)) = (self.flags, self.encrypted_random_session_key) else {
            return;
        };
        let exchange = flags.value.contains(NegotiateFlags::NTLMSSP_NEGOTIATE_KEY_EXCH);
        let keyed = NegotiateFlags::NTLMSSP_NEGOTIATE_SIGN | NegotiateFlags::NTLMSSP_NEGOTIATE_SEAL;
        let message = match key.len.value {
            0 if exchange && flags.value.intersects(keyed) && self.has_session_key() => {
                "NTLMSSP_NEGOTIATE_KEY_EXCH is set and there is no EncryptedRandomSessionKey."
            }
            1.. if !exchange => {
                "EncryptedRandomSessionKey is there and NTLMSSP_NEGOTIATE_KEY_EXCH is not set."
            }
            _ => return,
        };
        findings.push(Finding::new(Code::FlagsKeyExchange, key.span(), message));
    }

    /// Returns true if the response can give a session key at all.
    const fn has_session_key(&self) -> bool {
        !matches!(
            self.response_kind,
            ResponseKind::Anonymous | ResponseKind::None | ResponseKind::CutOff
        )
    }

    /// Returns true if the AV pairs are there to their end. If they are not, nothing is said about
    /// what is missing from them.
    fn pairs_are_whole(&self) -> bool {
        self.av_pairs().is_some_and(AvPairs::is_whole)
    }

    fn check_mic(&self, message: Source<'_>, findings: &mut Vec<Finding>) {
        let announced_at = self
            .av_pairs()
            .and_then(|pairs| pairs.first(AvId::MsvAvFlags))
            .map_or_else(Span::default, AvPair::span);
        let finding = match self.mic_state(message) {
            MicState::Present(_) | MicState::CutOff => return,
            MicState::Unannounced(_) | MicState::Absent
                if self.response_kind == ResponseKind::Ntlmv2 && !self.pairs_are_whole() =>
            {
                return;
            }
            MicState::AnnouncedMissing => Finding::new(
                Code::MicAnnouncedMissing,
                announced_at,
                "MsvAvFlags announces a MIC, but the header has no room for one. A server that checks it refuses the message.",
            ),
            MicState::Zero(mic) => Finding::new(
                Code::MicZero,
                mic,
                "MsvAvFlags announces a MIC, but its sixteen bytes are zero. A server that checks it refuses the message.",
            ),
            MicState::Unannounced(mic) => Finding::new(
                Code::MicUnannounced,
                mic,
                "There are bytes where a MIC would be, but MsvAvFlags does not announce one. A server does not check them.",
            ),
            MicState::Absent if self.response_kind == ResponseKind::Ntlmv2 => Finding::new(
                Code::MicAbsent,
                Span::at(at::MIC.min(message.0.len()), 0),
                "The message carries no MIC. NTProofStr covers the target name all the same.",
            ),
            MicState::Absent => return,
        };
        findings.push(finding);
    }

    /// A header that goes on behind `Version` and ends before a MIC would.
    fn check_mic_room(&self, message: Source<'_>, start: usize, findings: &mut Vec<Finding>) {
        let room = Span::new(at::MIC, start.min(message.0.len()));
        if self.mic.is_none() && matches!(room.len(), 1..16) {
            findings.push(Finding::new(
                Code::MicNoRoom,
                room,
                format!(
                    "The header goes on for {} after Version. A MIC has 16 bytes, so this is not one.",
                    bytes(room.len())
                ),
            ));
        }
    }

    fn check_target_name(&self, message: Source<'_>, findings: &mut Vec<Finding>) {
        if let Some(response) = &self.ntlmv2 {
            response.check(message, &self.target_name(message), findings);
        }
    }

    pub(crate) fn fields<'m>(&self, message: Source<'m>, fields: &mut Vec<Field<'m>>) {
        let charset = Charset::of(self.flags.map(|flags| flags.value));
        let bytes = |span| Value::Bytes(message.slice(span));
        let string = |span| charset.value(message.slice(span));
        for pointer in self.pointers() {
            fields.extend(pointer.map(|pointer| pointer.header_field()));
        }
        fields.extend(self.flags.map(flags_field));
        fields.extend(self.version.map(|version| version.field(message)));
        fields.extend(self.mic.map(|mic| Field::leaf("MIC", mic, bytes(mic))));
        fields.extend(payload_leaf(self.domain_name, string));
        fields.extend(payload_leaf(self.user_name, string));
        fields.extend(payload_leaf(self.workstation, string));
        fields.extend(payload_leaf(self.lm_challenge_response, bytes));
        match &self.ntlmv2 {
            Some(response) => fields.push(Field::structure(
                PayloadNames::NT_CHALLENGE_RESPONSE.payload,
                response.span,
                response.fields(message),
            )),
            None => fields.extend(payload_leaf(self.nt_challenge_response, bytes)),
        }
        fields.extend(payload_leaf(self.encrypted_random_session_key, bytes));
    }
}
