//! The definitions of events, as they are published: version, level, task, keywords, and the names
//! of the fields in their order.
//!
//! Spec: Microsoft's descriptions of 4624, 4625 and 5168 in "Advanced security auditing"; for the
//! events of the other providers, and for version 3 of 4624, the definitions that each Windows
//! registers, as jdu2600/Windows10EtwEvents and nasbench/EVTX-ETW-Resources publish them. Of 4020
//! to 4033 the values of most fields and the texts are not public.

/// A provider of events.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Provider {
    /// The log Security.
    Security,
    /// The SMB server.
    SmbServer,
    /// NTLM itself, in the log NTLM/Operational.
    Ntlm,
    /// The service Netlogon of a domain controller.
    Netlogon,
}

impl Provider {
    /// Its name in an event.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Security => "Microsoft-Windows-Security-Auditing",
            Self::SmbServer => "Microsoft-Windows-SMBServer",
            Self::Ntlm => "Microsoft-Windows-NTLM",
            Self::Netlogon => "Microsoft-Windows-Security-Netlogon",
        }
    }

    /// The one with that name, or that writes to the log of that name; `None` for all others.
    /// Programs write both in several ways, of which the words are the same.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let provider = name.split('/').next()?.rsplit(':').next()?;
        let letters = provider.chars().filter(|letter| letter.is_alphanumeric());
        let plain: String = letters.take(64).map(|letter| letter.to_ascii_lowercase()).collect();
        Some(match plain.as_str() {
            "microsoftwindowssmbserver" => Self::SmbServer,
            "microsoftwindowssecurityauditing" | "security" => Self::Security,
            "microsoftwindowssecuritynetlogon" => Self::Netlogon,
            "microsoftwindowsntlm" => Self::Ntlm,
            _ => return None,
        })
    }
}

/// One version of an event.
#[derive(Debug, Eq, PartialEq)]
pub struct Definition {
    /// The provider.
    pub provider: Provider,
    /// The number of the event.
    pub id: u16,
    /// Its version.
    pub version: u8,
    /// The first build of Windows that writes it, where one is stated.
    pub since: Option<u16>,
    /// Its level: 0 is the one of audits, 2 an error, 3 a warning, 4 an information.
    pub level: u8,
    /// Its task, where one is stated.
    pub task: Option<u16>,
    /// Its keywords, where it has any.
    pub keywords: Option<&'static str>,
    /// The names of its fields, in their order.
    pub fields: &'static [&'static str],
}

const SUCCESS: Option<&str> = Some("0x8020000000000000");
const FAILURE: Option<&str> = Some("0x8010000000000000");
/// The bit Operational of the provider Microsoft-Windows-SMBServer.
const OPERATIONAL: Option<&str> = Some("0x8");

const fn audit(id: u16, version: u8, fields: &'static [&'static str]) -> Definition {
    let provider = Provider::SmbServer;
    Definition { provider, id, version, since: None, level: 4, task: None, keywords: None, fields }
}

/// An event that tells of a message as NTLM or Netlogon had it. Those with an odd number are
/// warnings.
const fn witness(provider: Provider, id: u16, fields: &'static [&'static str]) -> Definition {
    let level = if id % 2 == 1 { 3 } else { 4 };
    Definition { provider, id, version: 0, since: None, level, task: None, keywords: None, fields }
}

/// The fields on the client's side, of 4020 and 4021.
const AT_CLIENT: &[&str] = &[
    "ProcessName",
    "ProcessPID",
    "Username",
    "DomainName",
    "Hostname",
    "SingleSignOn",
    "TargetMachine",
    "TargetDomain",
    "TargetService",
    "TargetIP",
    "TargetNetworkName",
    "NtlmUsageId",
    "NtlmUsageReason",
    "NegotiatedFlags",
    "NtlmVersion",
    "SessionKeyStatus",
    "ChannelBindingStatus",
    "ServiceBinding",
    "MicStatus",
    "AvlFlags",
    "AvlFlagsStr",
];

/// The fields on the server that was signed in to, of 4022 and 4023.
const AT_SERVER: &[&str] = &[
    "ProcessName",
    "ProcessPID",
    "Username",
    "DomainName",
    "RemoteClientMachine",
    "ClientIP",
    "ClientNetworkName",
    "NegotiatedFlags",
    "NtlmVersion",
    "SessionKeyStatus",
    "ChannelBindingStatus",
    "ServiceBinding",
    "TargetMachine",
    "TargetDomain",
    "MicStatus",
    "AvFlags",
    "AvFlagsStr",
    "Status",
    "StatusMsg",
];

/// The fields on a domain controller for a request that came through another machine, of 4030 and
/// 4031.
const FORWARDED: &[&str] = &[
    "DCName",
    "AccountName",
    "AccountDomain",
    "AccountMachine",
    "ServerName",
    "ServerDomain",
    "ForwarderType",
    "ForwarderName",
    "ForwarderDomain",
    "ForwarderIP",
    "NtlmVersion",
    "ServiceBinding",
    "TargetMachine",
    "TargetDomain",
    "MicStatus",
    "AvFlags",
    "AvFlagsStr",
    "Status",
    "StatusMsg",
];

/// The fields there for a request of the server itself, of 4032 and 4033.
const DIRECT: &[&str] = &[
    "DCName",
    "AccountName",
    "AccountDomain",
    "AccountMachine",
    "ServerName",
    "ServerDomain",
    "ServerIP",
    "ServerOS",
    "NtlmVersion",
    "ServiceBinding",
    "TargetMachine",
    "TargetDomain",
    "MicStatus",
    "AvFlags",
    "AvFlagsStr",
    "Status",
    "StatusMsg",
];

const fn session_failure(version: u8, since: u16, fields: &'static [&'static str]) -> Definition {
    let (since, task) = (Some(since), Some(551));
    let provider = Provider::SmbServer;
    Definition { provider, id: 551, version, since, level: 2, task, keywords: OPERATIONAL, fields }
}

/// The definitions that are known here; those of one event from the oldest to the newest.
#[rustfmt::skip]
pub const DEFINITIONS: &[Definition] = &[
    Definition { provider: Provider::Security, id: 4624, version: 2, since: Some(10_240), level: 0, task: Some(12_544), keywords: SUCCESS, fields: &[
        "SubjectUserSid", "SubjectUserName", "SubjectDomainName", "SubjectLogonId", "TargetUserSid",
        "TargetUserName", "TargetDomainName", "TargetLogonId", "LogonType", "LogonProcessName",
        "AuthenticationPackageName", "WorkstationName", "LogonGuid", "TransmittedServices", "LmPackageName",
        "KeyLength", "ProcessId", "ProcessName", "IpAddress", "IpPort", "ImpersonationLevel",
        "RestrictedAdminMode", "TargetOutboundUserName", "TargetOutboundDomainName", "VirtualAccount",
        "TargetLinkedLogonId", "ElevatedToken",
    ] },
    Definition { provider: Provider::Security, id: 4624, version: 3, since: Some(22_621), level: 0, task: Some(12_544), keywords: SUCCESS, fields: &[
        "SubjectUserSid", "SubjectUserName", "SubjectDomainName", "SubjectLogonId", "TargetUserSid",
        "TargetUserName", "TargetDomainName", "TargetLogonId", "LogonType", "LogonProcessName",
        "AuthenticationPackageName", "WorkstationName", "LogonGuid", "TransmittedServices", "LmPackageName",
        "KeyLength", "ProcessId", "ProcessName", "IpAddress", "IpPort", "ImpersonationLevel",
        "RestrictedAdminMode", "RemoteCredentialGuard", "TargetOutboundUserName", "TargetOutboundDomainName",
        "VirtualAccount", "TargetLinkedLogonId", "ElevatedToken",
    ] },
    // Microsoft's sample of a locked account has the task of its other subcategory, 12546.
    Definition { provider: Provider::Security, id: 4625, version: 0, since: None, level: 0, task: Some(12_544), keywords: FAILURE, fields: &[
        "SubjectUserSid", "SubjectUserName", "SubjectDomainName", "SubjectLogonId", "TargetUserSid",
        "TargetUserName", "TargetDomainName", "Status", "FailureReason", "SubStatus", "LogonType",
        "LogonProcessName", "AuthenticationPackageName", "WorkstationName", "TransmittedServices",
        "LmPackageName", "KeyLength", "ProcessId", "ProcessName", "IpAddress", "IpPort",
    ] },
    Definition { provider: Provider::Security, id: 5168, version: 0, since: None, level: 0, task: Some(12_808), keywords: FAILURE, fields: &[
        "SubjectUserSid", "SubjectUserName", "SubjectDomainName", "SubjectLogonId", "SpnName", "ErrorCode",
        "ServerNames", "ConfiguredNames", "IpAddresses",
    ] },
    session_failure(1, 10_586, &[
        "SessionGUID", "ConnectionGUID", "Status", "TranslatedStatus", "ClientAddressLength", "ClientAddress",
        "SessionId", "UserNameLength", "UserName", "ClientNameLength", "ClientName",
    ]),
    session_failure(2, 14_393, &[
        "SessionGUID", "ConnectionGUID", "Status", "TranslatedStatus", "ClientAddressLength", "ClientAddress",
        "SessionId", "UserNameLength", "UserName", "ClientNameLength", "ClientName", "SPN",
        "SPNValidationPolicy",
    ]),
    session_failure(3, 22_000, &[
        "SessionGUID", "ConnectionGUID", "Status", "TranslatedStatus", "ClientAddressLength", "ClientAddress",
        "SessionId", "UserNameLength", "UserName", "ClientNameLength", "ClientName", "SPN",
        "SPNValidationPolicy", "ReasonCode",
    ]),
    audit(3021, 0, &["ClientNameLength", "ClientName", "ServerRequiresSigning"]),
    audit(3021, 1, &[
        "ClientNameLength", "ClientName", "UserNameLength", "UserName", "ServerRequiresSigning",
    ]),
    audit(3022, 0, &[
        "ClientNameLength", "ClientName", "ServerRequiresEncryption", "SmbClientDoesNotSupportEncryptionType",
    ]),
    audit(3023, 0, &["ClientNameLength", "ClientName"]),
    audit(3024, 0, &["ClientNameLength", "ClientName", "Status", "SPNValidationPolicy"]),
    audit(3025, 0, &[
        "ClientNameLength", "ClientName", "SPN", "ServiceClassIsValid", "PrincipalNameIsValid",
        "SPNValidationPolicy",
    ]),
    audit(3026, 0, &["ClientNameLength", "ClientName", "SPNValidationPolicy"]),
    audit(3027, 0, &["ClientNameLength", "ClientName", "ServerRequiresSigning"]),
    witness(Provider::Ntlm, 4020, AT_CLIENT),
    witness(Provider::Ntlm, 4021, AT_CLIENT),
    witness(Provider::Ntlm, 4022, AT_SERVER),
    witness(Provider::Ntlm, 4023, AT_SERVER),
    witness(Provider::Netlogon, 4030, FORWARDED),
    witness(Provider::Netlogon, 4031, FORWARDED),
    witness(Provider::Netlogon, 4032, DIRECT),
    witness(Provider::Netlogon, 4033, DIRECT),
];

/// The definition of that version of an event.
#[must_use]
pub fn definition(id: u16, version: u8) -> Option<&'static Definition> {
    DEFINITIONS.iter().find(|definition| (definition.id, definition.version) == (id, version))
}

/// The definitions of that event, from the oldest to the newest.
#[must_use]
pub fn versions(id: u16) -> impl DoubleEndedIterator<Item = &'static Definition> + Clone {
    DEFINITIONS.iter().filter(move |definition| definition.id == id)
}

/// The definition that a Windows of that build writes: the newest where no build is stated, and the
/// oldest one known for a build that is older still.
pub(crate) fn written_by(id: u16, build: Option<u16>) -> Option<&'static Definition> {
    let mut all = versions(id);
    let is_there = |definition: &&Definition| {
        build.is_none_or(|build| definition.since.is_none_or(|since| since <= build))
    };
    all.clone().rfind(is_there).or_else(|| all.next())
}
