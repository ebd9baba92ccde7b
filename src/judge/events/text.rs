//! Events as Event Viewer shows them, in English.

use std::fmt::Write as _;

use crate::base::visible::Visible;
use crate::judge::{
    events::{Datum, Event},
    smb::EventId,
};

/// One line of an event's text.
enum EventLine {
    /// A heading with lines below it.
    Heading(&'static str),
    /// A value below a heading: its label, and the name of the field.
    Below(&'static str, &'static str),
    /// A value of its own.
    Alone(&'static str, &'static str),
}
use EventLine::{Alone, Below, Heading};

const LOGON: &[EventLine] = &[
    Heading("Subject"),
    Below("Security ID", "SubjectUserSid"),
    Below("Account Name", "SubjectUserName"),
    Below("Account Domain", "SubjectDomainName"),
    Below("Logon ID", "SubjectLogonId"),
    Heading("Logon Information"),
    Below("Logon Type", "LogonType"),
    Below("Restricted Admin Mode", "RestrictedAdminMode"),
    Below("Remote Credential Guard", "RemoteCredentialGuard"),
    Below("Virtual Account", "VirtualAccount"),
    Below("Elevated Token", "ElevatedToken"),
    Heading(""),
    Alone("Impersonation Level", "ImpersonationLevel"),
    Heading("New Logon"),
    Below("Security ID", "TargetUserSid"),
    Below("Account Name", "TargetUserName"),
    Below("Account Domain", "TargetDomainName"),
    Below("Logon ID", "TargetLogonId"),
    Below("Linked Logon ID", "TargetLinkedLogonId"),
    Below("Network Account Name", "TargetOutboundUserName"),
    Below("Network Account Domain", "TargetOutboundDomainName"),
    Below("Logon GUID", "LogonGuid"),
    Heading("Process Information"),
    Below("Process ID", "ProcessId"),
    Below("Process Name", "ProcessName"),
    Heading("Network Information"),
    Below("Workstation Name", "WorkstationName"),
    Below("Source Network Address", "IpAddress"),
    Below("Source Port", "IpPort"),
    Heading("Detailed Authentication Information"),
    Below("Logon Process", "LogonProcessName"),
    Below("Authentication Package", "AuthenticationPackageName"),
    Below("Transited Services", "TransmittedServices"),
    Below("Package Name (NTLM only)", "LmPackageName"),
    Below("Key Length", "KeyLength"),
];

const LOGON_FAILURE: &[EventLine] = &[
    Heading("Subject"),
    Below("Security ID", "SubjectUserSid"),
    Below("Account Name", "SubjectUserName"),
    Below("Account Domain", "SubjectDomainName"),
    Below("Logon ID", "SubjectLogonId"),
    Heading(""),
    Alone("Logon Type", "LogonType"),
    Heading("Account For Which Logon Failed"),
    Below("Security ID", "TargetUserSid"),
    Below("Account Name", "TargetUserName"),
    Below("Account Domain", "TargetDomainName"),
    Heading("Failure Information"),
    Below("Failure Reason", "FailureReason"),
    Below("Status", "Status"),
    Below("Sub Status", "SubStatus"),
    Heading("Process Information"),
    Below("Caller Process ID", "ProcessId"),
    Below("Caller Process Name", "ProcessName"),
    Heading("Network Information"),
    Below("Workstation Name", "WorkstationName"),
    Below("Source Network Address", "IpAddress"),
    Below("Source Port", "IpPort"),
    Heading("Detailed Authentication Information"),
    Below("Logon Process", "LogonProcessName"),
    Below("Authentication Package", "AuthenticationPackageName"),
    Below("Transited Services", "TransmittedServices"),
    Below("Package Name (NTLM only)", "LmPackageName"),
    Below("Key Length", "KeyLength"),
];

const SPN_CHECK: &[EventLine] = &[
    Heading("Subject"),
    Below("Security ID", "SubjectUserSid"),
    Below("Account Name", "SubjectUserName"),
    Below("Account Domain", "SubjectDomainName"),
    Below("Logon ID", "SubjectLogonId"),
    Heading("SPN"),
    Below("SPN Name", "SpnName"),
    Below("Error Code", "ErrorCode"),
    Heading("Server Information"),
    Below("Server Names", "ServerNames"),
    Below("Configured Names", "ConfiguredNames"),
    Below("IP Addresses", "IpAddresses"),
];

const SESSION_FAILURE: &[EventLine] = &[
    Heading(""),
    Alone("Client Name", "ClientName"),
    Alone("Client Address", "ClientAddress"),
    Alone("User Name", "UserName"),
    Alone("Session ID", "SessionId"),
    Alone("Status", "TranslatedStatus"),
    Alone("SPN", "SPN"),
    Alone("SPN Validation Policy", "SPNValidationPolicy"),
];

const AUDIT: &[EventLine] = &[
    Heading(""),
    Alone("Client Name", "ClientName"),
    Alone("Status", "Status"),
    Alone("SPN", "SPN"),
    Alone("Service Class Is Valid", "ServiceClassIsValid"),
    Alone("Principal Name Is Valid", "PrincipalNameIsValid"),
    Alone("SPN Validation Policy", "SPNValidationPolicy"),
];

pub(super) fn render(event: &Event) -> String {
    let (title, lines) = match event.id {
        EventId::LoggedOn => ("An account was successfully logged on.", LOGON),
        EventId::LogonFailed => ("An account failed to log on.", LOGON_FAILURE),
        EventId::SpnCheckFailed => ("Spn check for SMB/SMB2 fails.", SPN_CHECK),
        EventId::SessionFailed => ("SMB Session Authentication Failure", SESSION_FAILURE),
        EventId::NoSpn => {
            ("[The text of this event is not public: the client sent no SPN.]", AUDIT)
        }
        EventId::UnknownSpn => {
            ("[The text of this event is not public: the SPN is not recognised.]", AUDIT)
        }
        EventId::EmptySpn => {
            ("[The text of this event is not public: the client sent an empty SPN.]", AUDIT)
        }
    };
    let mut out = format!("{title}\n");
    for line in lines {
        let (indent, label, name) = match line {
            Heading("") => {
                out.push('\n');
                continue;
            }
            Heading(heading) => {
                // Writing to a String does not fail.
                let _ = writeln!(out, "\n{heading}:");
                continue;
            }
            Below(label, name) => ("\t", label, name),
            Alone(label, name) => ("", label, name),
        };
        let Some(datum) = event.datum(name) else { continue };
        let value = shown(datum);
        let _ = if value.is_empty() {
            writeln!(out, "{indent}{label}:")
        } else {
            writeln!(out, "{indent}{label}: {}", Visible(value))
        };
    }
    out
}

fn shown(datum: &Datum) -> &str {
    datum.shown.as_deref().unwrap_or(&datum.value)
}
