//! `CHALLENGE_MESSAGE`, read and checked.

use crate::base::{
    finding::{Code, Finding, bytes},
    span::{Located, Source, Span},
};
use crate::message::{
    field::{Field, Value},
    ntlm::{
        AvPairs, Charset, PayloadField, PayloadNames, Version, flags_field,
        payload::{check_layout, payload_start},
        text_payload::{check_text, payload_leaf, text},
    },
    wire::NegotiateFlags,
};

/// `CHALLENGE_MESSAGE`: the server's random number and what it calls itself.
///
/// Spec: [MS-NLMP] 2.2.1.2. A part that the message is too short for, or that the payload leaves no
/// room for (older servers), is `None`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Challenge {
    /// `TargetNameFields`.
    pub target_name: Option<PayloadField>,
    /// `NegotiateFlags`.
    pub flags: Option<Located<NegotiateFlags>>,
    /// `ServerChallenge`: 8 bytes.
    pub server_challenge: Option<Span>,
    /// `Reserved`: 8 bytes.
    pub reserved: Option<Span>,
    /// `TargetInfoFields`.
    pub target_info_field: Option<PayloadField>,
    /// `Version`.
    pub version: Option<Version>,
    /// The AV pairs of `TargetInfo`; none where it is not there.
    pub target_info: AvPairs,
}

/// The offsets of the fixed fields, in bytes.
pub(super) mod at {
    pub(crate) const TARGET_NAME: usize = 12;
    pub(crate) const FLAGS: usize = 20;
    pub(crate) const SERVER_CHALLENGE: usize = 24;
    pub(crate) const RESERVED: usize = 32;
    pub(crate) const TARGET_INFO: usize = 40;
    pub(crate) const VERSION: usize = 48;
    /// The length up to and with the challenge.
    pub(crate) const MIN_LEN: usize = 32;
}

impl Challenge {
    pub(crate) fn read(message: Source<'_>, findings: &mut Vec<Finding>) -> Self {
        let target_name =
            PayloadField::read(message, at::TARGET_NAME, &PayloadNames::TARGET_NAME, findings);
        let flags = message.le_u32(at::FLAGS).map(|n| n.map(NegotiateFlags::from_bits_retain));
        let place = |start: usize| {
            let span = Span::at(start, 8);
            message.exact(span).map(|_| span)
        };
        let server_challenge = place(at::SERVER_CHALLENGE);
        if server_challenge.is_none() {
            findings.push(super::cut_header(message, at::MIN_LEN, "CHALLENGE_MESSAGE"));
        }
        let start = payload_start(message, [target_name]);
        let reserved = place(at::RESERVED).filter(|span| span.end <= start);
        let target_info_field =
            Some(at::TARGET_INFO + PayloadField::SIZE).filter(|end| *end <= start).and_then(|_| {
                let names = &PayloadNames::TARGET_INFO;
                PayloadField::read(message, at::TARGET_INFO, names, findings)
            });
        let start = payload_start(message, [target_name, target_info_field]);
        let version = Some(at::VERSION + Version::SIZE)
            .filter(|end| *end <= start)
            .and_then(|_| Version::read(message, at::VERSION));
        let target_info = target_info_field
            .and_then(|field| field.data)
            .map_or_else(AvPairs::default, |list| AvPairs::read(message, list, findings));
        if target_info.is_whole() && !target_info.rest.is_empty() {
            findings.push(Finding::new(
                Code::AvPairAfterEol,
                target_info.rest,
                format!("{} after MsvAvEOL, without meaning.", bytes(target_info.rest.len())),
            ));
        }
        let challenge = Self {
            target_name,
            flags,
            server_challenge,
            reserved,
            target_info_field,
            version,
            target_info,
        };
        check_layout(challenge.header_len(), &[target_name, target_info_field], findings);
        super::check_flags(flags, version.as_ref(), findings);
        super::check_charset_choice(flags, findings);
        check_text(message, &[target_name], Charset::of(flags.map(|f| f.value)), findings);
        challenge.check_target_info(findings);
        challenge
    }

    fn check_target_info(&self, findings: &mut Vec<Finding>) {
        let Some(flags) = self.flags else { return };
        let flagged = flags.value.contains(NegotiateFlags::NTLMSSP_NEGOTIATE_TARGET_INFO);
        let there = self.target_info_field.is_some_and(|field| field.len.value != 0);
        if flagged != there {
            let message = if there {
                "TargetInfo is there and NTLMSSP_NEGOTIATE_TARGET_INFO is not set."
            } else {
                "NTLMSSP_NEGOTIATE_TARGET_INFO is set and there is no TargetInfo."
            };
            findings.push(Finding::new(Code::FlagsTargetInfo, flags.span, message));
        }
    }

    /// The length of its fixed fields, of those that are there.
    pub(super) fn header_len(&self) -> usize {
        let ends = [
            self.reserved.map(|span| span.end),
            self.target_info_field.map(|field| field.span().end),
            self.version.map(|version| version.span().end),
        ];
        ends.into_iter().flatten().fold(at::MIN_LEN, usize::max)
    }

    /// `TargetName`, as sent; `None` where it is not there.
    #[must_use]
    pub fn target_name_text(&self, message: Source<'_>) -> Option<String> {
        text(message, self.target_name, Charset::of(self.flags.map(|flags| flags.value)))
    }

    pub(crate) fn fields<'m>(&self, message: Source<'m>, fields: &mut Vec<Field<'m>>) {
        let charset = Charset::of(self.flags.map(|flags| flags.value));
        let part = |span| Value::Bytes(message.slice(span));
        fields.extend(self.target_name.map(|field| field.header_field()));
        fields.extend(self.flags.map(flags_field));
        fields.extend(
            self.server_challenge.map(|span| Field::leaf("ServerChallenge", span, part(span))),
        );
        fields.extend(self.reserved.map(|span| Field::leaf("Reserved", span, part(span))));
        fields.extend(self.target_info_field.map(|field| field.header_field()));
        fields.extend(self.version.map(|version| version.field(message)));
        fields.extend(payload_leaf(self.target_name, |data| charset.value(message.slice(data))));
        if let Some(data) = self.target_info_field.and_then(|field| field.data) {
            let pairs = self.target_info.fields(message);
            fields.push(if pairs.is_empty() {
                Field::leaf("TargetInfo", data, part(data))
            } else {
                Field::structure("TargetInfo", data, pairs)
            });
        }
    }
}
