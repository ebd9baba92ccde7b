//! The names that a server states about itself in an exchange. Whether the target name is one of
//! them is decided in [`judge::smb`](crate::judge::smb).

use crate::base::span::Source;
use crate::judge::{
    proof::ExchangeMessages,
    smb::{Origin, ServerNames},
};
use crate::message::{
    ntlm::{AvPairs, Message, ResponseLine},
    wire::{AvId, NegotiateFlags, same_name},
};

/// The names in the CHALLENGE, else those that the AUTHENTICATE echoes.
pub(crate) fn stated_names(messages: ExchangeMessages<'_>) -> ServerNames {
    let from_challenge = messages.challenge.map(|message| {
        let mut names = names_in(message.source(), message.av_pairs(), Origin::Challenge);
        add_target_name(message, &mut names);
        names
    });
    let build = messages.challenge.and_then(build);
    if let Some(names) = from_challenge.filter(|names| !names.computer.is_empty()) {
        return ServerNames { build, ..names };
    }
    let names = messages
        .authenticate
        .map(|message| names_in(message.source(), message.av_pairs(), Origin::Echo))
        .filter(|names| !names.computer.is_empty())
        .unwrap_or_default();
    ServerNames { build, ..names }
}

/// The names that the response of a NetNTLMv2 line echoes.
pub(crate) fn echoed_names(line: &ResponseLine) -> ServerNames {
    names_in(line.source(), Some(&line.response.av_pairs), Origin::Echo)
}

/// The build that a CHALLENGE states. Servers other than Windows state none, or 0.
fn build(challenge: &Message) -> Option<u16> {
    let version = challenge.as_challenge()?.version?;
    Some(version.build).filter(|build| *build > 0)
}

fn names_in(message: Source<'_>, pairs: Option<&AvPairs>, origin: Origin) -> ServerNames {
    let text = |id| pairs.and_then(|pairs| pairs.text(message, id));
    let both = |netbios, dns| {
        let mut names: Vec<String> = Vec::new();
        for name in [text(netbios), text(dns)].into_iter().flatten() {
            // A machine in no domain gives the same name twice.
            if !name.is_empty() && !names.iter().any(|known| same_name(known, &name)) {
                names.push(name);
            }
        }
        names
    };
    let computer = both(AvId::MsvAvNbComputerName, AvId::MsvAvDnsComputerName);
    let origin = (!computer.is_empty()).then_some(origin);
    let domain = both(AvId::MsvAvNbDomainName, AvId::MsvAvDnsDomainName);
    ServerNames { computer, domain, origin, build: None }
}

/// Old servers send no AV pairs; their TargetName says whether it is the computer's.
fn add_target_name(message: &Message, names: &mut ServerNames) {
    let Some(challenge) = message.as_challenge() else { return };
    let flags = challenge.flags.map_or(NegotiateFlags::empty(), |flags| flags.value);
    let name = challenge.target_name_text(message.source()).unwrap_or_default();
    if names.computer.is_empty()
        && !name.is_empty()
        && flags.contains(NegotiateFlags::NTLMSSP_TARGET_TYPE_SERVER)
    {
        names.computer.push(name);
        names.origin = Some(Origin::Challenge);
    }
}
