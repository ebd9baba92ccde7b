//! Advice that goes with every remedy: what to do before enforcing, how to check afterwards, what
//! else says "Access is denied", where the setting is, and what not to do.

use crate::judge::{
    events::{Command, Machine, Shell, client_spn_audit, file_share_audit},
    remedies::allow::KEY,
    smb::Level,
};

/// A place where the level can be set.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Setting {
    /// The kind of place.
    pub place: &'static str,
    /// The path, value or name there.
    pub path: &'static str,
    /// The part of it that is not documented; empty if there is nothing to say.
    pub remark: &'static str,
}

/// One way to see what came of a change.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Check {
    /// The result that it shows.
    pub sentence: &'static str,
    /// The command, where there is one.
    pub command: Option<Command>,
}

/// Another cause of the same "Access is denied".
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OtherCause {
    /// The cause.
    pub cause: &'static str,
    /// The sign that tells it from a denial by this check.
    pub told_by: &'static str,
}

/// The advice that goes with the remedies of a denial.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Advice {
    /// The things not to do.
    pub not_to_do: Vec<&'static str>,
    /// The checks before the level is raised, in their order.
    pub before_enforcing: Vec<Check>,
    /// The checks that a remedy works.
    pub afterwards: Vec<Check>,
    /// The other causes it could have.
    pub other_causes: Vec<OtherCause>,
    /// The places where the level is set.
    pub settings: Vec<Setting>,
    /// The commands that set the levels asked about, for one that has to be restored.
    pub levels: Vec<Command>,
}

fn command(description: &'static str, shell: Shell, text: impl Into<String>) -> Command {
    Command { description, shell, machine: Machine::Server, text: text.into() }
}

/// The commands that set the server to `level`. There is none that switches the check off.
pub(super) fn level_commands(level: Level) -> Vec<Command> {
    let number = level.number();
    let (shell, template) = match level {
        Level::Off => return Vec::new(),
        Level::AcceptIfProvided => (
            "Sets level 1. If a Group Policy sets it too, the policy wins at its next refresh.",
            "Level 1 in a security template, below [Registry Values].",
        ),
        Level::RequiredFromClient => (
            "Sets level 2. If a Group Policy sets it too, the policy wins at its next refresh.",
            "Level 2 in a security template, below [Registry Values].",
        ),
    };
    vec![
        command(
            shell,
            Shell::PowerShell,
            format!("Set-SmbServerConfiguration -SmbServerNameHardeningLevel {number}"),
        ),
        command(
            template,
            Shell::SecurityTemplate,
            format!(
                "MACHINE\\System\\CurrentControlSet\\Services\\LanManServer\\Parameters\\SmbServerNameHardeningLevel=4,{number}"
            ),
        ),
    ]
}

/// The advice that goes with the remedies at `levels`.
#[must_use]
pub fn advice(levels: &[Level]) -> Advice {
    Advice {
        not_to_do: vec![
            "Do not switch the check off by setting the level to 0. That ends every denial, and lets every relay in.",
            "DisableStrictNameChecking and BackConnectionHostNames are separate settings. They do not help here (inferred).",
        ],
        before_enforcing: before_enforcing(),
        afterwards: afterwards(),
        other_causes: other_causes(),
        settings: settings(),
        levels: levels.iter().flat_map(|level| level_commands(*level)).collect(),
    }
}

fn before_enforcing() -> Vec<Check> {
    vec![
        Check {
            sentence: "Audit first. With AuditClientSpnSupport on, the server records which clients send no name, an unknown one or an empty one. It does so at every level (inferred). It needs the updates of September 2025 or later (KB5066913).",
            command: Some(client_spn_audit()),
        },
        Check {
            sentence: "In Group Policy it is in Computer Configuration\\Administrative Templates\\Network\\Lanman Server. There it was seen as \"Audit SMB client SPN support\".",
            command: None,
        },
        Check {
            sentence: "After some weeks, look at the log. 3024: no name was sent, which level 2 denies. 3025: a name that is not recognised, which levels 1 and 2 deny. 3026: an empty one, which level 2 denies, and level 1 too (inferred).",
            command: Some(command(
                "Lists the events.",
                Shell::PowerShell,
                "Get-WinEvent -FilterHashtable @{ LogName = 'Microsoft-Windows-SMBServer/Audit'; Id = 3024, 3025, 3026 }",
            )),
        },
        Check {
            sentence: "Fix the clients or list the names that are yours. Then set level 1, and level 2 once these events stop. They do not show whether level 2 denies guests, anonymous sign-ins and some Kerberos sign-ins.",
            command: None,
        },
    ]
}

fn afterwards() -> Vec<Check> {
    let mut checks = vec![
        Check {
            sentence: "The added name is in the list. Get-SmbServerConfiguration does not show the list.",
            command: Some(command(
                "Shows the list.",
                Shell::CommandPrompt,
                format!("reg query \"HKLM\\{KEY}\" /v SrvAllowedServerNames"),
            )),
        },
        Check {
            sentence: "The level has not changed.",
            command: Some(command(
                "Shows the level.",
                Shell::PowerShell,
                "Get-SmbServerConfiguration | Select-Object SmbServerNameHardeningLevel",
            )),
        },
        Check {
            sentence: "A new connection works, and writes no 5168. Event 5168 prints the list as Configured Names, so it says which names the server accepts.",
            command: Some(command(
                "Shows the last 5168.",
                Shell::PowerShell,
                "Get-WinEvent -FilterHashtable @{ LogName = 'Security'; Id = 5168 } -MaxEvents 1 | Format-List",
            )),
        },
        Check {
            sentence: "Event 5168 needs failure auditing of the subcategory File Share, not Detailed File Share.",
            command: Some(command(
                "Shows whether it is on (English Windows).",
                Shell::CommandPrompt,
                "auditpol /get /subcategory:\"File Share\"",
            )),
        },
    ];
    let switches = [
        "If it is off, this switches it on (English Windows).",
        "On Windows in any language, this does.",
    ];
    checks.extend(
        std::iter::zip(switches, file_share_audit())
            .map(|(sentence, command)| Check { sentence, command: Some(command) }),
    );
    checks.push(Check {
        sentence: "Whether the Server service must be restarted after the list changes is not documented. Try without a restart first: it ends every open session.",
        command: None,
    });
    checks
}

fn other_causes() -> Vec<OtherCause> {
    vec![
        OtherCause {
            cause: "Permissions of the share or of its files.",
            told_by: "The session is set up, and only the share or the file is refused. There is a 4624, but neither 5168 nor 551. Another share of the server may work.",
        },
        OtherCause {
            cause: "A wrong password, or a locked account.",
            told_by: "There is a 4625 instead of a 4624, and 551 says that the session setup failed before the SPN could be queried.",
        },
        OtherCause {
            cause: "SMB signing, which the server requires and a relay cannot do.",
            told_by: "The session is accepted, but its first request fails. There is a 4624, but no 5168. Through NAT it works, because the client has the key.",
        },
        OtherCause {
            cause: "SMB encryption, which the server requires and the client or a relay cannot do.",
            told_by: "A client that cannot encrypt is refused before it signs in, so there is neither 4624 nor 4625. A relay is refused at its first request, after a 4624. There is no 5168.",
        },
        OtherCause {
            cause: "UNC hardening, on the client.",
            told_by: "The client itself refuses, mostly for SYSVOL and NETLOGON. The server writes no 5168.",
        },
        OtherCause {
            cause: "Guest access, which newer clients refuse.",
            told_by: "The client itself refuses, after the server has signed the user in as guest. The server writes no 5168.",
        },
        OtherCause {
            cause: "Windows 10 versions 1703 and 1709 as the server.",
            told_by: "Access to IPC$ and ADMIN$ could fail with the policy on, one author reports (vjonathan.com). KB4020102 was said to help 1703 in some cases.",
        },
    ]
}

fn settings() -> Vec<Setting> {
    vec![
        Setting {
            place: "Group Policy",
            path: "Computer Configuration\\Windows Settings\\Security Settings\\Local Policies\\Security Options, Microsoft network server: Server SPN target name validation level",
            remark: "",
        },
        Setting {
            place: "Registry",
            path: "HKLM\\SYSTEM\\CurrentControlSet\\Services\\LanManServer\\Parameters, SmbServerNameHardeningLevel (REG_DWORD) and SrvAllowedServerNames (REG_MULTI_SZ)",
            remark: "The policy sets only the first. For the list of names no policy is known.",
        },
        Setting {
            place: "Policy CSP",
            path: "./Vendor/MSFT/Policy/Config/LocalPoliciesSecurityOptions/MicrosoftNetworkServer_ServerSPNTargetNameValidationLevel",
            remark: "Documented in Microsoft's baseline for Windows Server 2025. As an OMA-URI it begins with ./Device (inferred from its neighbours).",
        },
        Setting {
            place: "Security template (secedit)",
            path: "MACHINE\\System\\CurrentControlSet\\Services\\LanManServer\\Parameters\\SmbServerNameHardeningLevel",
            remark: "The number before the value is 4, for DWORD.",
        },
    ]
}
