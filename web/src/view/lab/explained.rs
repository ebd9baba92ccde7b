//! The meaning of each choice of the lab, in a sentence.

use spnscope::lab::{
    exchange::ClientKind,
    relay::{Edit, Middle},
};

/// The party in the middle and its actions.
#[must_use]
pub const fn about_middle(middle: Middle) -> &'static str {
    match middle {
        Middle::Nobody => "The client connects straight to the server.",
        Middle::Nat => {
            "Address translation: clients connect to 10.0.0.100, and it passes their packets on to 10.0.0.11."
        }
        Middle::LoadBalancer => {
            "Clients connect to files.lab.lan, an address that the load balancer answers for the server (a VIP)."
        }
        Middle::LuredClient => {
            "The attacker makes the client connect to 10.0.0.100, with a link for example, and passes the sign-in on to the server."
        }
        Middle::SpoofedDns => {
            "DNS gives the attacker's address for dcfr.lab.lan, so the client names the right server and talks to the attacker."
        }
        Middle::HttpRelay => {
            "A browser signs in to the attacker's web server, and the attacker passes that on to the file server."
        }
        Middle::OwnClient => {
            "No relay: the attacker knows the password and signs in with a program of its own, which sends any name it likes."
        }
        Middle::MarshalledName => {
            "A crafted host name that hides a second target (CVE-2025-33073): the client connects to the attacker, but names the server."
        }
    }
}

/// The effect of the edit on the messages.
#[must_use]
pub const fn about_edit(edit: &Edit) -> &'static str {
    match edit {
        Edit::Nothing => "The attacker passes every byte on as it came.",
        Edit::RewriteTargetName(_) => {
            "The attacker puts a name that the server knows in the place of the one the client sent."
        }
        Edit::RemoveTargetName => {
            "The attacker removes MsvAvTargetName, as if the client had sent no name."
        }
        Edit::SetUntrustedFlag => {
            "The attacker sets bit 0x4 of MsvAvFlags, which tells the server to ignore the name."
        }
        Edit::StripMic => "The attacker removes the MIC, but MsvAvFlags still announces it.",
        Edit::StripMicAndFlag => {
            "The attacker removes the MIC and clears the bit of MsvAvFlags that announces it."
        }
        Edit::ClearSigningFlags => {
            "The attacker clears the flags for signing and sealing, so that the sign-in goes on without them."
        }
        Edit::DropTheMic => {
            "The attacker removes the MIC and clears the flags for signing. Servers without the update of June 2019 accepted that."
        }
        Edit::ForceNtlmv1 => {
            "The attacker changes the CHALLENGE so that an old client falls back to NTLMv1, which carries no name."
        }
        Edit::RenameServer => {
            "The attacker changes the server's name in the CHALLENGE, which the client copies into its answer."
        }
    }
}

/// The messages that the client sends.
#[must_use]
pub const fn about_client(client: ClientKind) -> &'static str {
    match client {
        ClientKind::Windows => "NTLMv2 with a target name and a MIC.",
        ClientKind::NoTargetName => "NTLMv2 without MsvAvTargetName, as older libraries send it.",
        ClientKind::EmptyTargetName => {
            "NTLMv2 with an empty MsvAvTargetName, for a program that gives its library no name."
        }
        ClientKind::BareHost => {
            "NTLMv2 with dcfr.lab.lan in place of cifs/dcfr.lab.lan, for example."
        }
        ClientKind::UntrustedTargetName => {
            "NTLMv2 with a name that the client itself does not vouch for (bit 0x4 of MsvAvFlags)."
        }
        ClientKind::Ntlm2Session | ClientKind::Ntlmv1 => {
            "An old kind of response, with no place for a target name or a MIC."
        }
        ClientKind::Anonymous => "A null session: no account, no proof and no name.",
    }
}
