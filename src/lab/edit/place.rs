//! The places of a message that can be edited, by the path that the field tree has for them.

use crate::message::{
    field::{FieldPath, Name as FieldName},
    ntlm::{
        PayloadNames,
        write::{AvPairList, Message},
    },
    wire::NegotiateFlags,
};

/// The place of a value in a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Place {
    /// `NegotiateFlags`.
    Flags,
    /// `MIC`.
    Mic,
    /// The name with this field name.
    Name(&'static str),
    /// The AV pair with this index in its list.
    Pair(usize),
    /// The list of AV pairs that gets a target name.
    NewTargetName,
}

/// The names that can be changed.
const NAMES: [&str; 4] = [
    PayloadNames::DOMAIN_NAME.payload,
    PayloadNames::USER_NAME.payload,
    PayloadNames::WORKSTATION.payload,
    PayloadNames::TARGET_NAME.payload,
];

impl Place {
    /// The place that the field tree calls by this path.
    pub(super) fn of(path: &FieldPath) -> Option<Self> {
        let (_, steps) = path.steps().split_first()?;
        match steps {
            [.., FieldName::Index(index)]
            | [.., FieldName::Index(index), FieldName::Field("Value")] => Some(Self::Pair(*index)),
            [FieldName::Field("TargetInfo")] | [_, .., FieldName::Field("AvPairs")] => {
                Some(Self::NewTargetName)
            }
            [FieldName::Field("NegotiateFlags")] => Some(Self::Flags),
            [FieldName::Field("MIC")] => Some(Self::Mic),
            [FieldName::Field(field)] => {
                NAMES.into_iter().find(|name| name == field).map(Self::Name)
            }
            _ => None,
        }
    }
}

pub(super) const fn flags(parts: &mut Message) -> &mut NegotiateFlags {
    match parts {
        Message::Negotiate(parts) => &mut parts.flags,
        Message::Challenge(parts) => &mut parts.flags,
        Message::Authenticate(parts) => &mut parts.flags,
    }
}

pub(super) fn mic(parts: &mut Message) -> Option<&mut Option<[u8; 16]>> {
    match parts {
        Message::Authenticate(parts) => Some(&mut parts.mic),
        Message::Negotiate(_) | Message::Challenge(_) => None,
    }
}

pub(super) fn name<'p>(parts: &'p mut Message, name: &str) -> Option<&'p mut Option<Vec<u8>>> {
    let [domain, user, workstation, target] = NAMES.map(|known| known == name);
    match parts {
        Message::Negotiate(parts) => match (domain, workstation) {
            (true, _) => Some(&mut parts.domain_name),
            (_, true) => Some(&mut parts.workstation),
            _ => None,
        },
        Message::Challenge(parts) => target.then_some(&mut parts.target_name),
        Message::Authenticate(parts) => match (domain, user, workstation) {
            (true, ..) => Some(&mut parts.domain_name),
            (_, true, _) => Some(&mut parts.user_name),
            (.., true) => Some(&mut parts.workstation),
            _ => None,
        },
    }
}

pub(super) fn pairs(parts: &mut Message) -> Option<&mut AvPairList> {
    match parts {
        Message::Challenge(parts) => parts.target_info.as_mut(),
        Message::Authenticate(parts) => Some(&mut parts.ntlmv2_mut()?.client_challenge.av_pairs),
        Message::Negotiate(_) => None,
    }
}
