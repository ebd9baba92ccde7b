//! The settings of the lab: who is in the middle, what is edited, who signs in, and what the server
//! requires.

use crate::judge::smb::{Level, Role, ServerSettings};
use crate::lab::{exchange::ClientKind, relay::story};

/// The one between the client and the server.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Middle {
    /// Nobody: the client talks to the server.
    #[default]
    Nobody,
    /// Address translation: the client's address for the server is not the server's own.
    Nat,
    /// A load balancer's address, with a name of its own.
    LoadBalancer,
    /// An attacker who made the client connect to the attacker's address.
    LuredClient,
    /// An attacker whom DNS gives out as the server.
    SpoofedDns,
    /// An attacker whom a browser signs in to, and who passes that on to the SMB server.
    HttpRelay,
    /// No relay: an attacker with a client of its own, who knows the user's password.
    OwnClient,
    /// An attacker behind a name with a marshalled target: the client connects to the attacker and
    /// names the server.
    MarshalledName,
}

impl Middle {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Nobody,
        Self::Nat,
        Self::LoadBalancer,
        Self::LuredClient,
        Self::SpoofedDns,
        Self::HttpRelay,
        Self::OwnClient,
        Self::MarshalledName,
    ];

    /// The stable name, for the command line and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Nat => "nat",
            Self::LoadBalancer => "load-balancer",
            Self::LuredClient => "lured-client",
            Self::SpoofedDns => "spoofed-dns",
            Self::HttpRelay => "http-relay",
            Self::OwnClient => "own-client",
            Self::MarshalledName => "marshalled-name",
        }
    }

    /// The label in a list.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Nobody => "Nobody",
            Self::Nat => "A NAT mapping",
            Self::LoadBalancer => "A load balancer's VIP",
            Self::LuredClient => "An attacker who lured the client",
            Self::SpoofedDns => "An attacker who spoofed DNS",
            Self::HttpRelay => "An HTTP to SMB relay",
            Self::OwnClient => "The attacker's own client, with a known password",
            Self::MarshalledName => "An attacker behind a marshalled target name",
        }
    }

    /// Returns true if somebody is there who should not get in.
    #[must_use]
    pub const fn is_attack(self) -> bool {
        !matches!(self, Self::Nobody | Self::Nat | Self::LoadBalancer)
    }

    /// Returns true if the attacker passes on the sign-in of somebody else.
    #[must_use]
    pub const fn is_relay(self) -> bool {
        self.is_attack() && !matches!(self, Self::OwnClient)
    }

    /// The thing that the user, or the attacker with the user's password, opens.
    #[must_use]
    pub const fn opened(self) -> &'static str {
        match self {
            Self::Nobody | Self::SpoofedDns | Self::OwnClient => r"\\dcfr.lab.lan\share",
            Self::Nat | Self::LuredClient => r"\\10.0.0.100\share",
            Self::LoadBalancer => r"\\files.lab.lan\share",
            Self::HttpRelay => "http://10.0.0.100/share",
            Self::MarshalledName => r"\\dcfr1UWhRCAAAA…YBAAAA\share",
        }
    }

    /// Class and host of what the client believes to connect to.
    pub(super) const fn target(self) -> (&'static str, &'static str) {
        match self {
            Self::Nobody | Self::SpoofedDns | Self::OwnClient => ("cifs", story::DNS_NAME),
            Self::Nat | Self::LuredClient => ("cifs", story::MIDDLE_ADDRESS),
            Self::LoadBalancer => ("cifs", story::BALANCED_NAME),
            Self::HttpRelay => ("HTTP", story::MIDDLE_ADDRESS),
            // The client cuts the marshalled target off before it names the server.
            Self::MarshalledName => ("cifs", story::MARSHALLED_FOR),
        }
    }
}

/// The attacker's edit. Where nobody attacks, nothing is edited.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub enum Edit {
    /// Nothing.
    #[default]
    Nothing,
    /// `MsvAvTargetName` is given another value: `class/host`.
    RewriteTargetName(String),
    /// `MsvAvTargetName` is taken out.
    RemoveTargetName,
    /// `MsvAvFlags` bit 0x4 is set: the target name comes from an untrusted source.
    SetUntrustedFlag,
    /// The MIC is taken out; `MsvAvFlags` goes on announcing it.
    StripMic,
    /// The MIC is taken out, and `MsvAvFlags` bit 0x2 cleared.
    StripMicAndFlag,
    /// The flags for signing and sealing are cleared in the NEGOTIATE, so that the sign-in goes on
    /// without.
    ClearSigningFlags,
    /// The MIC is taken out and the flags are cleared: the use that CVE-2019-1040 was put to.
    DropTheMic,
    /// `NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY` is cleared in the CHALLENGE, for a client that
    /// then answers with NTLMv1.
    ForceNtlmv1,
    /// `MsvAvNbComputerName` of the CHALLENGE is given another value, for a client that then names
    /// another server.
    RenameServer,
}

impl Edit {
    /// The target name to rewrite to where no other is asked for: one that the server takes.
    pub const TARGET_NAME: &str = "cifs/10.0.0.11";

    /// All of them; a target name is rewritten to [`Edit::TARGET_NAME`].
    #[must_use]
    pub fn all() -> [Self; 10] {
        [
            Self::Nothing,
            Self::RewriteTargetName(Self::TARGET_NAME.to_owned()),
            Self::RemoveTargetName,
            Self::SetUntrustedFlag,
            Self::StripMic,
            Self::StripMicAndFlag,
            Self::ClearSigningFlags,
            Self::DropTheMic,
            Self::ForceNtlmv1,
            Self::RenameServer,
        ]
    }

    /// The stable name, for the command line and JSON.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::RewriteTargetName(_) => "rewrite-target-name",
            Self::RemoveTargetName => "remove-target-name",
            Self::SetUntrustedFlag => "set-untrusted-flag",
            Self::StripMic => "strip-mic",
            Self::StripMicAndFlag => "strip-mic-and-flag",
            Self::ClearSigningFlags => "clear-signing-flags",
            Self::DropTheMic => "drop-the-mic",
            Self::ForceNtlmv1 => "force-ntlmv1",
            Self::RenameServer => "rename-server",
        }
    }

    /// The label in a list.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Nothing => "Nothing",
            Self::RewriteTargetName(_) => "Target name rewritten",
            Self::RemoveTargetName => "Target name removed",
            Self::SetUntrustedFlag => "Untrusted flag set",
            Self::StripMic => "MIC stripped",
            Self::StripMicAndFlag => "MIC stripped and its flag cleared",
            Self::ClearSigningFlags => "Flags for signing and sealing cleared",
            Self::DropTheMic => "MIC stripped and the flags for signing cleared (CVE-2019-1040)",
            Self::ForceNtlmv1 => "NTLMv1 forced",
            Self::RenameServer => "Server's name changed in the CHALLENGE",
        }
    }
}

/// One setting of the lab.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Scenario {
    /// The one in the middle.
    pub middle: Middle,
    /// The attacker's edit.
    pub edit: Edit,
    /// The policy's level.
    pub level: Level,
    /// The server: role, names, addresses, allowed names, and whether CVE-2019-1040 is fixed.
    pub server: ServerSettings,
    /// True if it requires SMB signing.
    pub requires_signing: bool,
    /// True if it requires SMB encryption: of everything, and refusing access without.
    pub requires_encryption: bool,
    /// The kind of client that signs in.
    pub client: ClientKind,
}

impl Scenario {
    /// The story's server at level 0, not requiring signing, with a current client and nothing
    /// edited.
    #[must_use]
    pub fn new(middle: Middle) -> Self {
        Self {
            middle,
            edit: Edit::Nothing,
            level: Level::Off,
            server: story::settings(),
            requires_signing: Self::signs_by_default(Role::Member),
            requires_encryption: false,
            client: ClientKind::Windows,
        }
    }

    /// Returns true if the sign-in is made with NTLMv1 or NTLM2 session, which Windows 11 24H2 and
    /// Server 2025 no longer have.
    #[must_use]
    pub const fn speaks_ntlmv1(&self) -> bool {
        match self.client {
            ClientKind::Ntlmv1 | ClientKind::Ntlm2Session => true,
            ClientKind::Anonymous => false,
            _ => matches!((self.middle, &self.edit), (Middle::OwnClient, Edit::ForceNtlmv1)),
        }
    }

    /// Returns true if a server of that role requires signing where nobody set it otherwise: a
    /// domain controller does, and a member server does not.
    ///
    /// Spec: [MS-SMB2] 3.3.3, note 90.
    #[must_use]
    pub const fn signs_by_default(role: Role) -> bool {
        matches!(role, Role::DomainController)
    }
}

impl Default for Scenario {
    /// Nobody in the middle; see [`Scenario::new`].
    fn default() -> Self {
        Self::new(Middle::default())
    }
}
