//! The fields of each event, filled from the decision.

use std::fmt::{Display, Write as _};

use crate::base::spn::{LOOPBACK, Spn};
use crate::judge::{
    events::{Datum, Event, Log, computer, is_kerberos},
    smb::{Carrier, Decision, EventId, Evidence, Level, Outcome, Server, Smb, Target, check},
};
use crate::message::{
    ntlm::{ResponseKind, SignInNames},
    wire::NtStatus,
};
use crate::read::published_events;

const ACCOUNT_SID: &str = "[SID of the account]";
const LOGON_ID: &str = "[logon ID]";
const USER: &str = "[user]";
const DOMAIN: &str = "[domain]";
const CLIENT_ADDRESS: &str = "[client address]";
const NULL_SID: &str = "S-1-0-0";

const LOGON_AUDIT: &str = "It needs the audit subcategory Logon, which is assumed to be on.";
const NO_SWITCH: &str = "It needs no audit setting that is known.";
const AUDIT_LOG: &str = "It needs AuditClientSpnSupport. The level does not matter (inferred).";
/// The build of Windows 7 with its service pack, and of Server 2008 R2.
const WINDOWS_7: u16 = 7601;
/// The build of Server 2022, of which no definition is published.
const SERVER_2022: u16 = 20_348;

/// Everything an event is filled from.
pub(super) struct Kinds<'d> {
    pub(super) sign_in: &'d SignInNames,
    pub(super) evidence: &'d Evidence,
    pub(super) server: &'d Server,
    pub(super) decision: &'d Decision,
}

impl Kinds<'_> {
    /// The event, where its definition is published.
    pub(super) fn event(&self, id: EventId) -> Option<Event> {
        let (log, data, notes, needs) = match id {
            EventId::LoggedOn => (Log::Security, self.logon(), self.logon_notes(id), LOGON_AUDIT),
            EventId::LogonFailed => {
                (Log::Security, self.logon_failure(), self.logon_notes(id), LOGON_AUDIT)
            }
            EventId::SpnCheckFailed => (
                Log::Security,
                self.spn_check_failed(),
                self.spn_check_notes(),
                "It needs failure auditing of the subcategory File Share.",
            ),
            EventId::SessionFailed => {
                (Log::SmbServerSecurity, self.session_failure(), self.session_notes(), NO_SWITCH)
            }
            EventId::NoSpn | EventId::UnknownSpn | EventId::EmptySpn => {
                (Log::SmbServerAudit, self.audit(id), self.audit_notes(id), AUDIT_LOG)
            }
        };
        let definition = published_events::written_by(id.number(), self.build())?;
        // What an older version of an event does not have is left out.
        let mut data = data;
        data.retain(|datum| definition.fields.contains(&datum.name));
        let version = definition.version;
        Some(Event { id, version, log, computer: computer(self.server), data, notes, needs })
    }

    /// The build of Windows that the server is, where anything says so.
    fn build(&self) -> Option<u16> {
        let is_old = !self.server.settings.honours_untrusted_flag;
        self.server.build.or_else(|| is_old.then_some(WINDOWS_7))
    }

    /// The doubt about the version of an event that has several.
    fn version_note(&self, id: EventId) -> Option<&'static str> {
        let mut of_it = published_events::DEFINITIONS.iter().filter(|one| one.id == id.number());
        let oldest = of_it.next()?.since?;
        match self.build() {
            None => Some(
                "Nothing says which build of Windows the server is. The fields are those of Windows 11 22H2 and later, and of Server 2025.",
            ),
            Some(build) if build < oldest => {
                Some("A server this old writes an older version of this event, with fewer fields.")
            }
            Some(SERVER_2022) if id == EventId::SessionFailed => {
                Some("Which version Server 2022 writes is not known. Version 2 is shown.")
            }
            Some(_) => None,
        }
    }

    const fn is_anonymous(&self) -> bool {
        matches!(self.evidence.carrier, Carrier::Ntlm(ResponseKind::Anonymous))
    }

    /// The SID, name and domain of the account that signed in, under the names that an event has
    /// for them.
    fn account(&self, [sid, user, domain]: [&'static str; 3]) -> [Datum; 3] {
        if self.is_anonymous() {
            return [
                Datum::shown(sid, "S-1-5-7", "ANONYMOUS LOGON"),
                Datum::known(user, "ANONYMOUS LOGON"),
                Datum::known(domain, "NT AUTHORITY"),
            ];
        }
        [
            Datum::placeholder(sid, ACCOUNT_SID),
            Datum::or_placeholder(user, self.sign_in.user.as_ref(), USER),
            Datum::or_placeholder(domain, self.sign_in.domain.as_ref(), DOMAIN),
        ]
    }

    /// The first fields of 4624 and 4625: over the network nobody asks for the log-on but the
    /// client.
    fn nobody() -> [Datum; 4] {
        [
            Datum::shown("SubjectUserSid", NULL_SID, "NULL SID"),
            Datum::known("SubjectUserName", "-"),
            Datum::known("SubjectDomainName", "-"),
            Datum::known("SubjectLogonId", "0x0"),
        ]
    }

    fn package(&self) -> [Datum; 3] {
        let (process, package) =
            if is_kerberos(self.evidence) { ("Kerberos", "Kerberos") } else { ("NtLmSsp", "NTLM") };
        [
            Datum::known("LogonProcessName", process),
            Datum::known("AuthenticationPackageName", package),
            Datum::or_placeholder(
                "WorkstationName",
                self.sign_in.workstation.as_ref(),
                "[workstation]",
            ),
        ]
    }

    /// The version of NTLM, and the length of the session key.
    fn details(&self) -> [Datum; 3] {
        let lm = "LmPackageName";
        let package = match self.evidence.carrier {
            Carrier::Kerberos => Datum::known(lm, "-"),
            Carrier::Ntlm(ResponseKind::Ntlmv2) => Datum::known(lm, "NTLM V2"),
            Carrier::Ntlm(ResponseKind::Ntlmv1 | ResponseKind::Ntlm2Session) => {
                Datum::known(lm, "NTLM V1")
            }
            Carrier::Ntlm(_) | Carrier::Smb1Bare => Datum::placeholder(lm, "[NTLM package]"),
        };
        [
            Datum::known("TransmittedServices", "-"),
            package,
            Datum::placeholder("KeyLength", "[key length]"),
        ]
    }

    fn origin() -> [Datum; 4] {
        [
            Datum::known("ProcessId", "0x0"),
            Datum::known("ProcessName", "-"),
            Datum::placeholder("IpAddress", CLIENT_ADDRESS),
            Datum::placeholder("IpPort", "[client port]"),
        ]
    }

    /// 4624.
    fn logon(&self) -> Vec<Datum> {
        let mut data = Vec::from(Self::nobody());
        data.extend(self.account(["TargetUserSid", "TargetUserName", "TargetDomainName"]));
        data.push(Datum::placeholder("TargetLogonId", LOGON_ID));
        data.push(Datum::known("LogonType", "3"));
        data.extend(self.package());
        data.push(if is_kerberos(self.evidence) {
            Datum::placeholder("LogonGuid", "[logon GUID]")
        } else {
            Datum::known("LogonGuid", "{00000000-0000-0000-0000-000000000000}")
        });
        data.extend(self.details());
        data.extend(Self::origin());
        data.extend([
            Datum::shown("ImpersonationLevel", "%%1833", "Impersonation"),
            Datum::known("RestrictedAdminMode", "-"),
            Datum::known("RemoteCredentialGuard", "-"),
            Datum::known("TargetOutboundUserName", "-"),
            Datum::known("TargetOutboundDomainName", "-"),
            Datum::shown("VirtualAccount", "%%1843", "No"),
            Datum::placeholder("TargetLinkedLogonId", "[linked logon ID]"),
            Datum::placeholder("ElevatedToken", "[elevated: yes or no]"),
        ]);
        data
    }

    /// 4625, version 0.
    fn logon_failure(&self) -> Vec<Datum> {
        let mut data = Vec::from(Self::nobody());
        data.push(Datum::shown("TargetUserSid", NULL_SID, "NULL SID"));
        data.extend(self.account(["", "TargetUserName", "TargetDomainName"]).into_iter().skip(1));
        data.push(self.status("Status"));
        data.push(Datum::placeholder("FailureReason", "[failure reason]"));
        data.push(Datum::placeholder("SubStatus", "[sub status]"));
        data.push(Datum::known("LogonType", "3"));
        data.extend(self.package());
        data.extend(self.details());
        data.extend(Self::origin());
        data
    }

    fn logon_notes(&self, id: EventId) -> Vec<&'static str> {
        let mut notes = vec![
            "The user, the domain and the workstation are those the client sent. Windows may write the account's own instead.",
        ];
        if self.decision.outcome == Outcome::Deny {
            notes.push(
                "The log-on succeeds, and comes before the denial (observed by nurfed1, skelsec/aiosmb issue 32).",
            );
        }
        if self.decision.status.is_none() {
            notes.push("Which status the server answers with is not documented.");
        }
        notes.extend(self.version_note(id));
        notes
    }

    /// The status: lower case in XML as in Microsoft's samples, upper case in Event Viewer.
    fn status(&self, name: &'static str) -> Datum {
        match self.decision.status {
            Some(status) => {
                Datum::shown(name, format!("{status:#010x}"), format!("{status:#010X}"))
            }
            None => Datum::placeholder(name, "[status]"),
        }
    }

    /// 5168, version 0.
    fn spn_check_failed(&self) -> Vec<Datum> {
        let mut data =
            Vec::from(self.account(["SubjectUserSid", "SubjectUserName", "SubjectDomainName"]));
        data.push(Datum::placeholder("SubjectLogonId", LOGON_ID));
        data.push(match self.received() {
            Received::Name(name) => Datum::known("SpnName", name),
            Received::Empty => Datum::placeholder("SpnName", "[empty, or N/A]"),
            Received::Nothing => Datum::known("SpnName", "N/A"),
        });
        data.push(self.status("ErrorCode"));
        let names = ended(self.server.server_names());
        data.push(if self.server.names.is_empty() {
            Datum::placeholder("ServerNames", format!("[names of the server];{names}"))
        } else {
            Datum::known("ServerNames", names)
        });
        let allowed = self.server.settings.allowed.iter().map(String::as_str);
        let allowed = ended(allowed.filter(|name| !name.is_empty()));
        data.push(Datum::known(
            "ConfiguredNames",
            if allowed.is_empty() { "N/A".to_owned() } else { allowed },
        ));
        let addresses = LOOPBACK.iter().chain(&self.server.settings.addresses);
        let mut addresses = ended(addresses);
        data.push(if self.server.addresses_known() {
            Datum::known("IpAddresses", addresses)
        } else {
            addresses.push_str("[addresses of the server];");
            Datum::placeholder("IpAddresses", addresses)
        });
        data
    }

    fn spn_check_notes(&self) -> Vec<&'static str> {
        let mut notes = Vec::new();
        match (&self.evidence.target, self.received()) {
            (_, Received::Empty) => {
                notes.push("What SPN Name shows for an empty name is not known.");
            }
            (Target::Untrusted(_), Received::Nothing) => notes.push(
                "For a name marked untrusted, SPN Name is N/A (inferred): the server treats the name as not sent.",
            ),
            _ => {}
        }
        if self.server.settings.allowed.iter().any(|name| !name.is_empty()) {
            notes.push(
                "What separates the configured names is not documented. A semicolon is assumed, as in the other lists.",
            );
        }
        notes.push(
            "A real list of addresses has empty items between its entries, and the link-local addresses.",
        );
        notes
    }

    /// 551.
    fn session_failure(&self) -> Vec<Datum> {
        let failed_early = self.decision.outcome == Outcome::LogonFailure;
        let status = self.session_status();
        let user = match (failed_early, self.is_anonymous()) {
            (true, _) => Datum::known("UserName", ""),
            (false, true) => Datum::known("UserName", "NT AUTHORITY\\ANONYMOUS LOGON"),
            (false, false) => match (&self.sign_in.domain, &self.sign_in.user) {
                (Some(domain), Some(user)) if !domain.is_empty() => {
                    Datum::known("UserName", format!("{domain}\\{user}"))
                }
                (_, Some(user)) => Datum::known("UserName", user),
                _ => Datum::placeholder("UserName", USER),
            },
        };
        let spn = if failed_early {
            "session setup failed before the SPN could be queried".to_owned()
        } else {
            match self.received() {
                Received::Name(name) => name.to_owned(),
                Received::Empty | Received::Nothing => String::new(),
            }
        };
        vec![
            Datum::placeholder("SessionGUID", "[session GUID]"),
            Datum::placeholder("ConnectionGUID", "[connection GUID]"),
            Datum { shown: None, name: "Status", ..status.clone() },
            Datum { name: "TranslatedStatus", ..status },
            Datum::placeholder("ClientAddressLength", "[length]"),
            // In XML it is a socket address in hexadecimal; the text has address and port.
            Datum {
                shown: Some(format!("{CLIENT_ADDRESS}:[client port]")),
                ..Datum::placeholder(
                    "ClientAddress",
                    "[socket address of the client, in hexadecimal]",
                )
            },
            Datum::placeholder("SessionId", "[session ID]"),
            Datum::placeholder("UserNameLength", "[length]"),
            user,
            Datum::placeholder("ClientNameLength", "[length]"),
            Datum::placeholder("ClientName", format!("\\\\{CLIENT_ADDRESS}")),
            Datum::known("SPN", spn),
            self.policy("SPNValidationPolicy"),
            Datum::placeholder("ReasonCode", "[reason code]"),
        ]
    }

    /// The status with the sentence that Windows has for it.
    fn session_status(&self) -> Datum {
        let words = match self.decision.status {
            Some(NtStatus::ACCESS_DENIED) => {
                "A process has requested access to an object, but has not been granted those access rights."
            }
            Some(NtStatus::LOGON_FAILURE) => {
                "The attempted logon is invalid. This is either due to a bad username or authentication information."
            }
            _ => "[text of the status]",
        };
        match self.decision.status {
            Some(status) => {
                let number = format!("{status:#010X}");
                let shown = format!("{words} ({number})");
                Datum::shown("", number, shown)
            }
            None => Datum {
                shown: Some(format!("{words} ([status])")),
                ..Datum::placeholder("", "[status]")
            },
        }
    }

    /// The policy as the events number it and as event 551 words it, which is not the registry's
    /// value.
    fn policy(&self, name: &'static str) -> Datum {
        match self.decision.level {
            Level::Off => Datum::shown(name, "0", "SPN optional / no validation"),
            Level::AcceptIfProvided => Datum::shown(name, "2", "SPN optional / validate full"),
            Level::RequiredFromClient => Datum::shown(name, "4", "SPN required / validate full"),
        }
    }

    fn session_notes(&self) -> Vec<&'static str> {
        let mut notes = vec![
            "The guidance at the end of the real text is left out.",
            "How its fields are wrapped in XML is not documented.",
        ];
        if self.decision.outcome != Outcome::LogonFailure {
            notes.push("How the user is written is assumed. In some samples the line is blank.");
        }
        match self.decision.level {
            Level::Off => {}
            Level::AcceptIfProvided => {
                notes.push(
                    "The five policies of this event and their numbers were observed. Level 1 is number 2 (inferred).",
                );
            }
            Level::RequiredFromClient => {
                notes.push(
                    "The wording of the policy at level 2 was observed (AgNO3/jcifs-ng issue 203), and its number follows from that.",
                );
            }
        }
        notes.extend(self.version_note(EventId::SessionFailed));
        notes
    }

    /// 3024 to 3026.
    fn audit(&self, id: EventId) -> Vec<Datum> {
        let mut data = vec![
            Datum::placeholder("ClientNameLength", "[length]"),
            Datum::placeholder("ClientName", format!("\\\\{CLIENT_ADDRESS}")),
        ];
        if id == EventId::NoSpn {
            data.push(Datum::placeholder("Status", "[status]"));
        }
        if let (EventId::UnknownSpn, Received::Name(name)) = (id, self.received()) {
            let spn = Spn::parse(name);
            let class = spn.class.is_some_and(|class| class.eq_ignore_ascii_case("cifs"));
            let alone = Target::Present(format!("cifs/{}", spn.rest));
            let carrier = Carrier::Ntlm(ResponseKind::Ntlmv2);
            let host = check(&alone, carrier, self.server, Level::RequiredFromClient).accept;
            data.extend([
                Datum::known("SPN", name),
                Datum::known("ServiceClassIsValid", class.to_string()),
                Datum::known("PrincipalNameIsValid", host.to_string()),
            ]);
        }
        data.push(self.policy("SPNValidationPolicy"));
        data
    }

    fn audit_notes(&self, id: EventId) -> Vec<&'static str> {
        let mut notes = vec![
            "The text of this event is not public, so the labels in it are ours. The fields in XML are the published ones.",
            "The policy has the numbers of event 551 (inferred).",
            "Its place among the other events is not known.",
        ];
        if self.evidence.smb == Some(Smb::Smb1) {
            notes.push("It is written for SMB1 too (inferred).");
        }
        if id == EventId::NoSpn {
            notes.push("Which values Status has is not known.");
        }
        notes
    }

    /// The client's statement as the server has it, without what the server passes over.
    fn received(&self) -> Received<'_> {
        match self.evidence.target.received(&self.server.settings) {
            Some("") => Received::Empty,
            Some(name) => Received::Name(name),
            None => Received::Nothing,
        }
    }
}

/// A list as event 5168 writes it: each entry ends in a semicolon.
fn ended(entries: impl IntoIterator<Item: Display>) -> String {
    entries.into_iter().fold(String::new(), |mut list, entry| {
        // Writing to a String does not fail.
        let _ = write!(list, "{entry};");
        list
    })
}

/// The target name as the server has it.
enum Received<'n> {
    Name(&'n str),
    Empty,
    Nothing,
}
