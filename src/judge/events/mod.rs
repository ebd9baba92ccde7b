//! The events of a decision as an administrator sees them: in their order, as Event Viewer's text
//! and as XML, with what is not known written as placeholders and said to be so.
//!
//! Names and order of the fields are those of [`published_events`](crate::read::published_events).
//! The texts of 3024 to 3026 are not public.
//!
//! The version of an event is decided by the build in the CHALLENGE, else it is the newest, and a
//! note says so.

mod command;
mod kinds;
mod text;
mod xml;

pub use command::{Command, Machine, Shell};

use crate::judge::smb::{Carrier, Decision, EventId, Evidence, Outcome, Server};
use crate::message::ntlm::SignInNames;

/// A log of Event Viewer.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Log {
    /// Windows Logs, Security.
    Security,
    /// Applications and Services Logs, Microsoft, Windows, `SMBServer`, Security.
    SmbServerSecurity,
    /// Beside it: Audit.
    SmbServerAudit,
}

impl Log {
    /// The log that the event is written into.
    #[must_use]
    pub const fn of(event: EventId) -> Self {
        match event {
            EventId::SessionFailed => Self::SmbServerSecurity,
            EventId::NoSpn | EventId::UnknownSpn | EventId::EmptySpn => Self::SmbServerAudit,
            EventId::LoggedOn | EventId::LogonFailed | EventId::SpnCheckFailed => Self::Security,
        }
    }

    /// Its name, as tools take it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Security => "Security",
            Self::SmbServerSecurity => "Microsoft-Windows-SMBServer/Security",
            Self::SmbServerAudit => "Microsoft-Windows-SMBServer/Audit",
        }
    }

    /// The provider that writes into it: its name and its GUID.
    const fn provider(self) -> (&'static str, &'static str) {
        match self {
            Self::Security => {
                ("Microsoft-Windows-Security-Auditing", "{54849625-5478-4994-A5BA-3E3B0328C30D}")
            }
            Self::SmbServerSecurity | Self::SmbServerAudit => {
                ("Microsoft-Windows-SMBServer", "{d48ce617-33a2-4bc3-a5c7-11aa4f29619e}")
            }
        }
    }
}

/// One field of an event.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Datum {
    /// Its name in XML.
    pub name: &'static str,
    /// Its value in XML, as sent or computed; hidden characters are still in it.
    pub value: String,
    /// The text that Event Viewer shows instead, if it shows another.
    pub shown: Option<String>,
    /// True if the value, or a part of it, is a placeholder in square brackets.
    pub is_placeholder: bool,
}

impl Datum {
    fn known(name: &'static str, value: impl Into<String>) -> Self {
        Self::of(name, value.into())
    }

    const fn of(name: &'static str, value: String) -> Self {
        Self { name, value, shown: None, is_placeholder: false }
    }

    /// A value that is shown as something else.
    fn shown(name: &'static str, value: impl Into<String>, shown: impl Into<String>) -> Self {
        Self { shown: Some(shown.into()), ..Self::known(name, value) }
    }

    /// A value that has a placeholder in it.
    fn placeholder(name: &'static str, value: impl Into<String>) -> Self {
        Self { is_placeholder: true, ..Self::known(name, value) }
    }

    /// The value if it is known, else a placeholder.
    fn or_placeholder(name: &'static str, known: Option<&String>, otherwise: &str) -> Self {
        match known {
            Some(value) if value.is_empty() => Self::known(name, "-"),
            Some(value) => Self::known(name, value),
            None => Self::placeholder(name, otherwise),
        }
    }
}

/// One event that is written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Event {
    /// The number of the event.
    pub id: EventId,
    /// Its version.
    pub version: u8,
    /// The log it is in.
    pub log: Log,
    /// The server's name, where one is known.
    pub computer: Option<String>,
    /// Its fields, in the order of the XML.
    pub data: Vec<Datum>,
    /// The parts of this event that are not known, or only observed or inferred: one sentence each.
    pub notes: Vec<&'static str>,
    /// The condition on which the event is written, in one sentence.
    pub needs: &'static str,
}

impl Event {
    /// The names of the fields that are placeholders, or have one in them.
    pub fn placeholders(&self) -> impl Iterator<Item = &'static str> {
        self.data.iter().filter(|datum| datum.is_placeholder).map(|datum| datum.name)
    }

    /// The part of it that is not known, in one sentence.
    #[must_use]
    pub fn unknown(&self) -> Option<String> {
        let names: Vec<_> = self.placeholders().collect();
        let names = names.join(", ");
        (!names.is_empty()).then(|| format!("Values in square brackets are not known: {names}."))
    }

    /// As Event Viewer shows it. Hidden characters are made visible.
    #[must_use]
    pub fn to_text(&self) -> String {
        text::render(self)
    }

    /// As Event Viewer's details and exports have it. What XML has no place for is made visible.
    #[must_use]
    pub fn to_xml(&self) -> String {
        xml::render(self)
    }

    fn datum(&self, name: &str) -> Option<&Datum> {
        self.data.iter().find(|datum| datum.name == name)
    }
}

/// An event that would be written if its audit setting were on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NotWritten {
    /// The number of the event.
    pub id: EventId,
    /// The reason why it is not written, in one sentence.
    pub because: &'static str,
    /// The commands that switch it on.
    pub commands: Vec<Command>,
}

/// The events of one decision.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Events {
    /// The events that are written, in their order.
    pub written: Vec<Event>,
    /// The events whose audit setting is off.
    pub not_written: Vec<NotWritten>,
}

/// The events that `server` writes when it decides so about a sign-in. They quote the names of
/// `sign_in`.
#[must_use]
pub fn events(
    sign_in: &SignInNames,
    evidence: &Evidence,
    server: &Server,
    decision: &Decision,
) -> Events {
    let kinds = kinds::Kinds { sign_in, evidence, server, decision };
    let written = decision.events.iter().filter_map(|id| kinds.event(*id)).collect();
    let mut not_written = Vec::new();
    if decision.outcome == Outcome::Deny && !server.settings.audit_file_share {
        not_written.push(NotWritten {
            id: EventId::SpnCheckFailed,
            because: "Failures of the audit subcategory File Share are not audited on this server.",
            commands: file_share_audit(),
        });
    }
    let audited = decision
        .spn_check
        .audit_event
        .filter(|_| decision.outcome != Outcome::LogonFailure && !server.settings.audit_client_spn);
    if let Some(id) = audited {
        not_written.push(NotWritten {
            id,
            because: "AuditClientSpnSupport is off on this server. It needs the updates of September 2025 or later.",
            commands: vec![client_spn_audit()],
        });
    }
    Events { written, not_written }
}

/// Switches event 5168 on. The subcategory is File Share; Detailed File Share is another.
///
/// The name is translated on a Windows of another language, the GUID is not.
/// Spec: Microsoft, "Auditing Constants", `Audit_ObjectAccess_Share`.
#[must_use]
pub fn file_share_audit() -> Vec<Command> {
    let command = |description, subcategory| Command {
        description,
        shell: Shell::CommandPrompt,
        machine: Machine::Server,
        text: format!("auditpol /set /subcategory:\"{subcategory}\" /failure:enable"),
    };
    vec![
        command("Switches on event 5168 (English Windows).", "File Share"),
        command(
            "Switches on event 5168, whatever the language.",
            "{0CCE9224-69AE-11D9-BED3-505054503030}",
        ),
    ]
}

/// Switches the events 3024 to 3026 on.
#[must_use]
pub fn client_spn_audit() -> Command {
    Command {
        description: "Switches on events 3024 to 3026. They record what clients sent, and deny nothing.",
        shell: Shell::CommandPrompt,
        machine: Machine::Server,
        text: format!(
            "reg add \"HKLM\\{}\" /v AuditClientSpnSupport /t REG_DWORD /d 1 /f",
            command::LANMAN_SERVER
        ),
    }
}

/// Finds the newest events that this check has written: 5168 and 551.
#[must_use]
pub fn find_refusals() -> [Command; 2] {
    let command = |description, log, id| Command {
        description,
        shell: Shell::PowerShell,
        machine: Machine::Server,
        text: format!(
            "Get-WinEvent -FilterHashtable @{{ LogName = '{log}'; Id = {id} }} -MaxEvents 5 | Format-List"
        ),
    };
    [
        command(
            "Shows the newest events 5168, which say that this check failed.",
            "Security",
            5168,
        ),
        command(
            "Shows the newest events 551, which say that a session failed.",
            "Microsoft-Windows-SMBServer/Security",
            551,
        ),
    ]
}

/// The server's name as it stands in events: the full one where it is known.
fn computer(server: &Server) -> Option<String> {
    let full = server.names.iter().find(|name| name.contains('.'));
    full.or_else(|| server.names.first()).cloned()
}

/// Returns true if the sign-in is a Kerberos one, in which the user's name is encrypted.
const fn is_kerberos(evidence: &Evidence) -> bool {
    matches!(evidence.carrier, Carrier::Kerberos)
}
