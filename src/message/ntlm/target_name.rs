//! The target name as a message states it. The check of it is in [`judge::smb`](crate::judge::smb).

use crate::base::{
    finding::{Code, Finding},
    span::{Located, Source, Span},
    spn::Spn,
};
use crate::message::{
    ntlm::{AvPair, AvPairs, Ntlmv2Response},
    wire::{AvFlags, AvId, Utf16Le},
};

/// `MsvAvTargetName` as far as a server can take it for what the client meant.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TargetName {
    /// It is there.
    Present(Located<String>),
    /// It is there and has length 0.
    Empty(Span),
    /// An NTLMv2 response without it.
    Absent,
    /// It is there, and `MsvAvFlags` bit 0x4 says that it comes from an untrusted source.
    Untrusted(Located<String>),
    /// The kind of response has no place for it.
    NotCarried,
    /// It cannot be told: the paste ends before it, or before what says whether it counts.
    CutOff,
}

impl TargetName {
    /// The target name in AV pairs that are there as far as they were sent.
    pub(super) fn of(pairs: &AvPairs, message: Source<'_>) -> Self {
        let pair = pairs.first(AvId::MsvAvTargetName).filter(|pair| !pair.is_cut());
        let Some(pair) = pair else { return Self::Absent };
        let name =
            Located { value: Utf16Le(message.slice(pair.value)).to_string(), span: pair.value };
        let flags = pairs.flags(message).unwrap_or(AvFlags::empty());
        if flags.contains(AvFlags::UNTRUSTED_TARGET) {
            Self::Untrusted(name)
        } else if pair.value.is_empty() {
            Self::Empty(pair.value)
        } else {
            Self::Present(name)
        }
    }

    /// The stable name in the report.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Present(_) => "present",
            Self::Empty(_) => "empty",
            Self::Absent => "absent",
            Self::Untrusted(_) => "untrusted",
            Self::NotCarried => "not-carried",
            Self::CutOff => "cut-off",
        }
    }

    /// The text, `""` where it is empty, and the bytes of the value.
    #[must_use]
    pub fn text(&self) -> Option<(&str, Span)> {
        match self {
            Self::Present(name) | Self::Untrusted(name) => Some((&name.value, name.span)),
            Self::Empty(span) => Some(("", *span)),
            Self::Absent | Self::NotCarried | Self::CutOff => None,
        }
    }
}

/// Two times of one message lie far from one another from so many seconds on.
const FAR: u64 = 300;

impl Ntlmv2Response {
    /// Findings about the target name, which is `target`, and about what the client adds besides.
    pub(super) fn check(
        &self,
        message: Source<'_>,
        target: &TargetName,
        findings: &mut Vec<Finding>,
    ) {
        let pair = self.av_pairs.first(AvId::MsvAvTargetName);
        let span = pair.map_or(self.av_pairs.span, |pair| pair.value);
        match target {
            TargetName::Absent if !self.av_pairs.is_whole() => {}
            TargetName::Absent => findings.push(Finding::new(
                Code::TargetNameAbsent,
                span,
                "The client does not say which server it meant: MsvAvTargetName is not there.",
            )),
            TargetName::Empty(_) => findings.push(Finding::new(
                Code::TargetNameEmpty,
                pair.map_or(span, AvPair::span),
                "MsvAvTargetName is there but empty.",
            )),
            TargetName::Untrusted(_) => findings.push(Finding::new(
                Code::TargetNameUntrusted,
                self.av_pairs.first(AvId::MsvAvFlags).map_or(span, AvPair::span),
                "MsvAvFlags says that the target name comes from an untrusted source, so a server ignores it.",
            )),
            TargetName::Present(name) => check_form(name, findings),
            TargetName::NotCarried | TargetName::CutOff => {}
        }
        if let (Some(stamp), Some(server)) = (self.time_stamp, self.av_pairs.timestamp(message))
            && stamp.value.seconds_between(server) > FAR
        {
            findings.push(Finding::new(
                Code::TimestampFar,
                stamp.span,
                format!(
                    "TimeStamp and MsvAvTimestamp ({server}) are more than five minutes apart."
                ),
            ));
        }
        let zero_bindings = self.av_pairs.first(AvId::MsvAvChannelBindings).filter(|pair| {
            pair.value.len() == 16 && message.slice(pair.value).iter().all(|byte| *byte == 0)
        });
        if let Some(pair) = zero_bindings {
            findings.push(Finding::new(
                Code::ChannelBindingsZero,
                pair.span(),
                "Channel bindings are zero: the sign-in is not tied to a TLS channel. SMB has none.",
            ));
        }
    }
}

/// Findings about how a target name is written.
pub(crate) fn check_form(name: &Located<String>, findings: &mut Vec<Finding>) {
    let spn = Spn::parse(&name.value);
    let mut push = |code, message: String| {
        findings.push(Finding::new(code, name.span, message));
    };
    if spn.class.is_none() {
        push(
            Code::TargetNameNoClass,
            format!("{} has no service class before its host.", name.value),
        );
    }
    if let Some(realm) = spn.realm {
        push(
            Code::TargetNameRealm,
            format!("The target name ends in a realm, {realm}. NTLM names have none."),
        );
    }
    if let Some(port) = spn.port {
        push(Code::TargetNamePort, format!("The target name has a port, {port}."));
    }
    if let Some(third) = spn.third {
        push(Code::TargetNameThirdPart, format!("The target name has a third part, {third}."));
    }
    if spn.is_marshalled() {
        push(
            Code::TargetNameMarshalled,
            "The host name carries a marshalled target: the client may have talked to another machine than the one it names.".into(),
        );
    }
}
