//! Carriers that carry no message, in words.

use crate::read::{
    carrier::walk::MessagelessCarrier,
    layer::{Layer, LayerKind, Smb1Message, Smb2Message},
};

/// The facts of a layer that are worth saying if it carries nothing.
const TELLING: [&str; 8] = [
    "Status",
    "mechTypes",
    "negState",
    "supportedMech",
    "thisMech",
    "TOK_ID",
    "AccountName",
    "PrimaryDomain",
];

/// The most carriers that are named.
const MAX_NAMED: usize = 4;

/// One phrase for carriers without a message: `a SPNEGO NegTokenInit (mechTypes Kerberos 5,
/// NTLMSSP)`. `None` where there are none.
pub(super) fn describe(silent: &[MessagelessCarrier]) -> Option<String> {
    let mut phrases: Vec<String> = Vec::new();
    let mut more = 0_usize;
    for silent in silent.iter().filter(|silent| !is_dull(&silent.layers)).chain(dull(silent)) {
        let mut phrase = phrase(&silent.layers);
        if silent.is_cut {
            phrase.push_str(", which is cut");
        }
        if phrases.contains(&phrase) {
            continue;
        }
        if phrases.len() < MAX_NAMED {
            phrases.push(phrase);
        } else {
            more += 1;
        }
    }
    if more > 0 {
        phrases.push(format!("{more} more"));
    }
    let (last, before) = phrases.split_last()?;
    Some(match before {
        [] => last.clone(),
        before => format!("{} and {last}", before.join("; ")),
    })
}

/// The first of them, where all are dull.
fn dull(silent: &[MessagelessCarrier]) -> Option<&MessagelessCarrier> {
    silent.first().filter(|_| silent.iter().all(|silent| is_dull(&silent.layers)))
}

/// Returns true if it is a message that has nothing to do with a sign-in.
fn is_dull(layers: &[Layer]) -> bool {
    layers.last().is_some_and(|layer| {
        matches!(
            layer.kind,
            LayerKind::Smb1(Smb1Message::Other) | LayerKind::Smb2(Smb2Message::Other)
        )
    })
}

fn phrase(layers: &[Layer]) -> String {
    let known = layers.iter().filter(|layer| layer.kind != LayerKind::Binary);
    let besides = match layers.last().map(|layer| layer.kind) {
        Some(LayerKind::Smb2(Smb2Message::Encrypted)) => {
            return "an encrypted SMB3 message, in which nothing can be read".to_owned();
        }
        Some(LayerKind::Smb2(Smb2Message::Compressed)) => {
            return "a compressed SMB3 message, in which nothing can be read".to_owned();
        }
        Some(LayerKind::Smb1(Smb1Message::BareSessionSetupRequest)) => {
            ", which has bare LM and NT responses, no NTLMSSP and no target name"
        }
        _ => "",
    };
    let labels: Vec<_> = known.clone().map(|layer| layer.kind.label()).collect();
    let label = labels.join(" with a ");
    let article = match known.clone().next().map(|layer| layer.kind) {
        Some(LayerKind::Smb1(_) | LayerKind::Smb2(_) | LayerKind::Ldap(_)) => "an",
        _ => "a",
    };
    let facts = known.flat_map(|layer| &layer.facts);
    let is_telling = |name| TELLING.contains(&name) || name == "Command" && is_dull(layers);
    let told: Vec<_> = facts
        .filter(|fact| is_telling(fact.name))
        .map(|fact| format!("{} {}", fact.name, fact.value))
        .collect();
    let told = if told.is_empty() { String::new() } else { format!(" ({})", told.join(", ")) };
    format!("{article} {label}{told}{besides}")
}
