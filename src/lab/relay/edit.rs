//! The attacker's edits of the messages, byte by byte.

use super::{Edit, story};
use crate::message::{
    ntlm::write::{self, Authenticate, AvPair, AvPairList, NtResponse},
    wire::{AvFlags, AvId, NegotiateFlags},
};

/// The flags that an attacker clears who wants nothing signed.
const SIGNING: NegotiateFlags = NegotiateFlags::NTLMSSP_NEGOTIATE_SIGN
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_SEAL)
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_ALWAYS_SIGN);

/// Changes a message, where `edit` is about one of its type.
pub(super) fn apply(edit: &Edit, message: &mut write::Message) {
    match message {
        write::Message::Negotiate(negotiate) => {
            if matches!(edit, Edit::ClearSigningFlags | Edit::DropTheMic) {
                negotiate.flags.remove(SIGNING);
            }
        }
        write::Message::Challenge(challenge) => match edit {
            Edit::ForceNtlmv1 => {
                challenge.flags.remove(NegotiateFlags::NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY);
            }
            Edit::RenameServer => {
                if let Some(list) = &mut challenge.target_info {
                    list.set(AvPair::text(AvId::MsvAvNbComputerName, story::OTHER_NAME));
                }
            }
            _ => {}
        },
        write::Message::Authenticate(authenticate) => change_authenticate(edit, authenticate),
    }
}

/// Changes the AUTHENTICATE, on its way or, where the attacker knows the secret, before it is
/// proven.
pub(super) fn change_authenticate(edit: &Edit, parts: &mut Authenticate) {
    match edit {
        Edit::RewriteTargetName(name) => {
            if let Some(list) = list(parts) {
                list.set(AvPair::target_name(name));
            }
        }
        Edit::RemoveTargetName => {
            if let Some(list) = list(parts) {
                list.remove(AvId::MsvAvTargetName);
            }
        }
        Edit::SetUntrustedFlag => {
            set_flags(parts, |flags| flags | AvFlags::UNTRUSTED_TARGET);
        }
        Edit::StripMic | Edit::DropTheMic => parts.mic = None,
        Edit::StripMicAndFlag => {
            parts.mic = None;
            set_flags(parts, |flags| flags - AvFlags::MIC);
        }
        Edit::Nothing | Edit::ClearSigningFlags | Edit::ForceNtlmv1 | Edit::RenameServer => {}
    }
}

/// The AV pairs, where the response has any.
fn list(parts: &mut Authenticate) -> Option<&mut AvPairList> {
    parts.ntlmv2_mut().map(|response| &mut response.client_challenge.av_pairs)
}

fn set_flags(parts: &mut Authenticate, change: impl FnOnce(AvFlags) -> AvFlags) {
    let Some(list) = list(parts) else { return };
    let stated = list.get(AvId::MsvAvFlags).and_then(|value| value.try_into().ok());
    let flags = AvFlags::from_bits_retain(stated.map_or(0, u32::from_le_bytes));
    list.set(AvPair::flags(change(flags)));
}

/// The reason why `edit` changed nothing, in one sentence. `parts` is the AUTHENTICATE it was to be
/// made in.
pub(super) fn explain_unchanged(edit: &Edit, parts: &Authenticate) -> &'static str {
    let unbound = !matches!(parts.nt_challenge_response, Some(NtResponse::Ntlmv2(_)));
    match edit {
        Edit::RewriteTargetName(_) | Edit::RemoveTargetName | Edit::SetUntrustedFlag if unbound => {
            "The response has no AV pairs, so there is no target name to change."
        }
        Edit::RewriteTargetName(_) => "The target name is already that.",
        Edit::RemoveTargetName => "The client sends no target name that could be removed.",
        Edit::SetUntrustedFlag => "The client sets that flag itself.",
        Edit::StripMic | Edit::StripMicAndFlag => "The message has no MIC that could be stripped.",
        Edit::ForceNtlmv1 => "The client answers with NTLMv1 anyway.",
        Edit::Nothing | Edit::ClearSigningFlags | Edit::DropTheMic | Edit::RenameServer => {
            "There is nothing to change."
        }
    }
}
