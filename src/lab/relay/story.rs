//! The cast of the lab, with its names and addresses. Everyone and everything here is invented.

use crate::judge::{
    proof::Secret,
    smb::{Origin, Role, ServerNames, ServerSettings},
};
use crate::lab::{
    exchange::{Client, ClientRandom, Server},
    relay::{Middle, Scenario},
};
use crate::message::{
    ntlm::write::Version,
    wire::{FileTime, NegotiateFlags},
};

/// The user who signs in.
pub const USER: &str = "User";
/// The user's domain.
pub const DOMAIN: &str = "LAB";
/// The user's password, given out so that the messages can be verified.
pub const PASSWORD: &str = "Password";

const WORKSTATION: &str = "COMPUTER";
const CLIENT_ADDRESS: &str = "10.10.10.20";
pub(super) const MIDDLE_ADDRESS: &str = "10.0.0.100";
pub(super) const BALANCED_NAME: &str = "files.lab.lan";
pub(super) const NETBIOS_NAME: &str = "DCFR";
pub(super) const MARSHALLED_FOR: &str = "dcfr";
pub(super) const DNS_NAME: &str = "dcfr.lab.lan";
const DNS_DOMAIN: &str = "lab.lan";
const SERVER_ADDRESS: &str = "10.0.0.11";
const CONTROLLER_NAME: &str = "dc1.lab.lan";
const CONTROLLER_ADDRESS: &str = "10.0.0.10";
/// The server's name in a CHALLENGE that was edited.
pub(super) const OTHER_NAME: &str = "FILES";
/// The share that the session is opened for.
pub(super) const SHARE: &str = r"\\dcfr.lab.lan\share";

/// 2026-03-02 09:00:00 UTC.
const TIME: FileTime = FileTime(134_169_156_000_000_000);
/// The build of Windows 11 24H2 and Server 2025.
const BUILD: u16 = 26_100;
/// The build of Windows 10 1809 and Server 2019, which still have NTLMv1.
const BUILD_WITH_NTLMV1: u16 = 17_763;
// The numbers of [MS-NLMP] 4.2.1, so that they are known when one sees them.
const SERVER_CHALLENGE: [u8; 8] = [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef];
const RANDOM: ClientRandom = ClientRandom {
    client_challenge: [0xaa; 8],
    session_key: [0x55; 16],
    machine_id: Some([0x77; 32]),
};

/// A party of the story.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Party {
    /// The client.
    Client,
    /// The one in between.
    Middle,
    /// The SMB server.
    Server,
    /// The domain controller that a member server asks.
    Controller,
}

impl Party {
    /// The stable name in the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Middle => "middle",
            Self::Server => "server",
            Self::Controller => "controller",
        }
    }
}

/// Someone in the picture.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Actor {
    /// The party.
    pub party: Party,
    /// The name.
    pub name: &'static str,
    /// Its address.
    pub address: &'static str,
}

/// The actors in the picture, from the client to the domain controller. The attacker's own client
/// is in the client's place.
pub(super) fn actors(scenario: &Scenario) -> Vec<Actor> {
    let actor = |party, name, address| Actor { party, name, address };
    let middle = match scenario.middle {
        Middle::Nobody | Middle::OwnClient => None,
        Middle::LoadBalancer => Some(BALANCED_NAME),
        other => Some(other.label()),
    };
    let client = match scenario.middle {
        Middle::OwnClient => actor(Party::Client, "the attacker's client", MIDDLE_ADDRESS),
        _ => actor(Party::Client, WORKSTATION, CLIENT_ADDRESS),
    };
    let controller = (scenario.server.role == Role::Member)
        .then(|| actor(Party::Controller, CONTROLLER_NAME, CONTROLLER_ADDRESS));
    [Some(client), middle.map(|name| actor(Party::Middle, name, MIDDLE_ADDRESS))]
        .into_iter()
        .chain([Some(actor(Party::Server, DNS_NAME, SERVER_ADDRESS)), controller])
        .flatten()
        .collect()
}

/// The facts about the server, unless its user states others.
pub(super) fn settings() -> ServerSettings {
    ServerSettings {
        names: vec![NETBIOS_NAME.into(), DNS_NAME.into()],
        domains: vec![DOMAIN.into(), DNS_DOMAIN.into()],
        addresses: SERVER_ADDRESS.parse().into_iter().collect(),
        ..ServerSettings::default()
    }
}

/// The build that the parties run: one that has NTLMv1, where that is what is spoken.
const fn build(scenario: &Scenario) -> u16 {
    if scenario.speaks_ntlmv1() { BUILD_WITH_NTLMV1 } else { BUILD }
}

/// The names in the server's CHALLENGE, for a server whose user states none.
pub(super) fn stated(scenario: &Scenario) -> ServerNames {
    ServerNames {
        computer: vec![NETBIOS_NAME.into(), DNS_NAME.into()],
        domain: vec![DOMAIN.into(), DNS_DOMAIN.into()],
        origin: Some(Origin::Challenge),
        build: Some(build(scenario)),
    }
}

/// The server's side of the sign-in.
pub(super) fn server(scenario: &Scenario) -> Server {
    Server {
        netbios_name: NETBIOS_NAME.into(),
        netbios_domain: DOMAIN.into(),
        dns_name: DNS_NAME.into(),
        dns_domain: DNS_DOMAIN.into(),
        time: Some(TIME),
        version: Some(Version::windows(10, 0, build(scenario))),
        server_challenge: SERVER_CHALLENGE,
    }
}

/// The client's side of it.
pub(super) fn client<'s>(scenario: &Scenario, secret: &'s Secret) -> Client<'s> {
    let (service, host) = scenario.middle.target();
    let flags: NegotiateFlags = match scenario.middle {
        Middle::HttpRelay => Client::HTTP,
        _ => Client::SMB,
    };
    Client {
        kind: scenario.client,
        user: USER.into(),
        domain: DOMAIN.into(),
        workstation: WORKSTATION.into(),
        secret,
        service: service.into(),
        host: host.into(),
        flags,
        version: Some(Version::windows(10, 0, build(scenario))),
        channel_bindings: Some([0; 16]),
        time: TIME,
        random: RANDOM,
    }
}
