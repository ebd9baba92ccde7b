//! A situation, and what a remedy changes in it, so that the server can be asked anew.

use std::net::IpAddr;

use crate::base::spn::LOCAL_HOST;
use crate::judge::smb::{
    Carrier, Checked, Decision, Evidence, Level, MicEvidence, Origin, ProofEvidence, Role, Server,
    ServerSettings, Target, check, decide,
};
use crate::message::ntlm::ResponseKind;

/// A sign-in before a server at one level.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Situation {
    /// The client's statement.
    pub evidence: Evidence,
    /// The server.
    pub server: Server,
    /// Its level.
    pub level: Level,
}

impl Situation {
    /// The server's decision.
    #[must_use]
    pub fn decision(&self) -> Decision {
        decide(&self.evidence, &self.server).at(self.level)
    }

    /// The name one should connect by: the server's full name, else its short one, else an address.
    pub(super) fn own_name(&self) -> Option<String> {
        let is_name = |name: &&String| name.parse::<IpAddr>().is_err() && self.is_accepted(name);
        let names = || self.server.names.iter().filter(is_name);
        let full = names().find(|name| name.contains('.'));
        let address = || self.server.settings.addresses.first().map(ToString::to_string);
        full.or_else(|| names().next()).cloned().or_else(address)
    }

    /// Returns true if the server takes `cifs/` with that name, so that it is one of its own and
    /// well made.
    fn is_accepted(&self, name: &str) -> bool {
        let target = Target::Present(format!("cifs/{name}"));
        let carrier = Carrier::Ntlm(ResponseKind::Ntlmv2);
        check(&target, carrier, &self.server, Level::RequiredFromClient).accept
    }
}

/// A change that a remedy makes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Change {
    /// Nothing at the server or the client: the address is one of the server's, and was not stated
    /// here.
    StateAddress(IpAddr),
    /// Nothing at the server or the client: the name is one of the server's, and was not stated
    /// here.
    StateName(String),
    /// Nothing at the server or the client: the server is a domain controller, and that was not
    /// stated here.
    StateDomainController,
    /// The client states this target name instead, as one that is trusted.
    Send(String),
    /// The client states one of the server's names; none of them is known here.
    SendAnyOwnName,
    /// The client signs in with NTLMv2, and so states this target name; where it is `None`, one of
    /// the server's names, of which none is known here.
    AnswerWithNtlmv2(Option<String>),
    /// The server lists this name in `SrvAllowedServerNames`.
    Allow(String),
    /// The server's level is this. It is never 0.
    Level(Level),
}

impl Change {
    /// Returns true if it changes a fact about the server, rather than about the client or the
    /// level.
    #[must_use]
    pub const fn is_of_server(&self) -> bool {
        matches!(
            self,
            Self::StateAddress(_)
                | Self::StateName(_)
                | Self::StateDomainController
                | Self::Allow(_)
        )
    }

    /// Changes what is said of the server, where [`Self::is_of_server`].
    pub fn apply(&self, settings: &mut ServerSettings) {
        match self {
            Self::StateAddress(address) => settings.addresses.push(*address),
            Self::StateName(name) => settings.names.push(name.clone()),
            Self::StateDomainController => settings.role = Role::DomainController,
            Self::Allow(name) => settings.allowed.push(name.clone()),
            Self::Send(_) | Self::SendAnyOwnName | Self::AnswerWithNtlmv2(_) | Self::Level(_) => {}
        }
    }

    /// Takes out again what [`Self::apply`] put in.
    pub fn withdraw(&self, settings: &mut ServerSettings) {
        match self {
            Self::StateAddress(address) => settings.addresses.retain(|other| other != address),
            Self::StateName(name) => settings.names.retain(|other| other != name),
            Self::StateDomainController => settings.role = Role::Member,
            Self::Allow(name) => settings.allowed.retain(|other| other != name),
            Self::Send(_) | Self::SendAnyOwnName | Self::AnswerWithNtlmv2(_) | Self::Level(_) => {}
        }
    }

    /// The situation after the change. A client that states another name signs in anew, so its
    /// response and MIC are taken as right, as they are where nothing is given to check them with.
    #[must_use]
    pub fn applied(&self, before: &Situation) -> Situation {
        let mut after = before.clone();
        self.apply(&mut after.server.settings);
        match self {
            Self::StateName(name) => {
                after.server.names.push(name.clone());
                after.server.names_origin = Some(Origin::Given);
            }
            Self::Send(name) => send(&mut after.evidence, name.clone()),
            Self::SendAnyOwnName => send(&mut after.evidence, any_own_name()),
            Self::AnswerWithNtlmv2(name) => {
                after.evidence.carrier = Carrier::Ntlm(ResponseKind::Ntlmv2);
                send(&mut after.evidence, name.clone().unwrap_or_else(any_own_name));
            }
            Self::Level(level) => after.level = *level,
            Self::StateAddress(_) | Self::StateDomainController | Self::Allow(_) => {}
        }
        after
    }
}

/// The name that is in every server's list stands for those that are not known.
fn any_own_name() -> String {
    format!("cifs/{LOCAL_HOST}")
}

fn send(evidence: &mut Evidence, name: String) {
    evidence.target = Target::Present(name);
    if evidence.carrier != Carrier::Kerberos {
        evidence.proof = ProofEvidence::Response(Checked::Not);
        if evidence.mic != MicEvidence::NotAnnounced {
            evidence.mic = MicEvidence::Announced(Checked::Not);
        }
    }
}
