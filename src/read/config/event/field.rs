//! The fields of events and how exporters spell their names. Whatever is between the words of a
//! name, and whichever letters are capitals, is passed over: `SpnName`, `spnName`, `spn_name` and
//! `SPN Name` are one.

use std::{collections::BTreeMap, sync::LazyLock};

/// A field that is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::read::config) enum Field {
    /// The number of the event.
    Id,
    Version,
    /// The provider, or the log it writes to.
    Writer,
    Time,
    Computer,
    /// The name in 5168.
    SpnName,
    ErrorCode,
    ServerNames,
    ConfiguredNames,
    IpAddresses,
    SubjectUserName,
    /// The name in 551 and 3025.
    Spn,
    Policy,
    Status,
    TranslatedStatus,
    SubStatus,
    SessionId,
    UserName,
    ClientName,
    TargetUserName,
    AccountName,
    LogonType,
    AuthenticationPackage,
    ServerRequires,
    ServiceClassIsValid,
    PrincipalNameIsValid,
    ServiceBinding,
    AvFlags,
    AvFlagsText,
    ChannelBinding,
    MicStatus,
    NtlmVersion,
    /// The values alone, in the published order.
    Inserts,
    /// A published field that nothing is read from. It ends the value of the one before.
    Unread,
}

/// The part of a path of names in which a spelling counts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum PathPart {
    /// At the end of any.
    End,
    /// Alone: it is too common to count below another name.
    Alone,
}
use PathPart::{Alone, End};

/// Names in small letters without what may be between words. A full stop parts a name from the one
/// it is below. Beside a name is the program that writes it so; `Windows`: it is the published one,
/// or that of the message.
#[rustfmt::skip]
const SPELLINGS: &[(&str, PathPart, &str, Field)] = &[
    ("Windows, NXLog, Wazuh, Sentinel, Fluent Bit, osquery", End, "eventid", Field::Id),
    ("Splunk", End, "eventcode", Field::Id),
    ("Elastic Common Schema", End, "event.code", Field::Id),
    ("Get-WinEvent", Alone, "id", Field::Id),
    ("OpenTelemetry", End, "eventid.id", Field::Id),
    ("Win32_NTLogEvent", End, "eventidentifier", Field::Id),
    ("WinCollect", End, "eventidcode", Field::Id),
    ("CEF", End, "externalid", Field::Id),
    ("Get-WinEvent, Logstash", Alone, "version", Field::Version),
    ("Windows", End, "system.version", Field::Version),
    ("Winlogbeat", End, "winlog.version", Field::Version),
    ("Get-WinEvent, Winlogbeat, Fluent Bit, osquery", End, "providername", Field::Writer),
    ("Sentinel", End, "provider", Field::Writer),
    ("OpenTelemetry", End, "provider.name", Field::Writer),
    ("NXLog, Splunk, Fluent Bit", End, "sourcename", Field::Writer),
    ("Event Viewer, wevtutil, WinCollect", Alone, "source", Field::Writer),
    ("Windows", End, "channel", Field::Writer),
    ("Event Viewer, Get-WinEvent, Splunk", End, "logname", Field::Writer),
    ("Win32_NTLogEvent", End, "logfile", Field::Writer),
    ("Azure Monitor", End, "eventlog", Field::Writer),
    ("Sentinel", End, "eventsourcename", Field::Writer),
    ("WinCollect", End, "agentlogfile", Field::Writer),
    ("Get-WinEvent, Windows", End, "timecreated", Field::Time),
    ("Windows, Wazuh", End, "systemtime", Field::Time),
    ("NXLog", End, "eventtime", Field::Time),
    ("Elastic Common Schema", End, "timestamp", Field::Time),
    ("Sentinel", End, "timegenerated", Field::Time),
    ("osquery", Alone, "datetime", Field::Time),
    ("Event Viewer, wevtutil", Alone, "date", Field::Time),
    ("Windows", End, "computer", Field::Computer),
    ("Winlogbeat, Splunk", End, "computername", Field::Computer),
    ("NXLog", End, "hostname", Field::Computer),
    ("Get-WinEvent", End, "machinename", Field::Computer),
    ("Windows", End, "spnname", Field::SpnName),
    ("Windows", End, "errorcode", Field::ErrorCode),
    ("Windows", End, "servernames", Field::ServerNames),
    ("Windows", End, "configurednames", Field::ConfiguredNames),
    ("Windows", End, "ipaddresses", Field::IpAddresses),
    ("Windows", End, "subjectusername", Field::SubjectUserName),
    ("Windows", End, "spn", Field::Spn),
    ("Windows", End, "spnvalidationpolicy", Field::Policy),
    ("Windows", End, "status", Field::Status),
    ("Windows", End, "spnquerystatus", Field::Unread),
    ("Windows", End, "translatedstatus", Field::TranslatedStatus),
    ("Windows", End, "substatus", Field::SubStatus),
    ("Windows", End, "sessionid", Field::SessionId),
    ("Windows", End, "username", Field::UserName),
    ("Windows", End, "clientname", Field::ClientName),
    ("Windows", End, "targetusername", Field::TargetUserName),
    ("Windows", End, "accountname", Field::AccountName),
    ("Windows", End, "logontype", Field::LogonType),
    ("Windows", End, "authenticationpackagename", Field::AuthenticationPackage),
    ("Windows", End, "serverrequiressigning", Field::ServerRequires),
    ("Windows", End, "serverrequiresencryption", Field::ServerRequires),
    ("Windows", End, "serviceclassisvalid", Field::ServiceClassIsValid),
    ("Windows", End, "principalnameisvalid", Field::PrincipalNameIsValid),
    ("Windows", End, "servicebinding", Field::ServiceBinding),
    ("Windows", End, "avflags", Field::AvFlags),
    ("Windows", End, "avlflags", Field::AvFlags),
    ("Windows", End, "avflagsstr", Field::AvFlagsText),
    ("Windows", End, "avlflagsstr", Field::AvFlagsText),
    ("Windows", End, "channelbindingstatus", Field::ChannelBinding),
    ("Windows", End, "micstatus", Field::MicStatus),
    ("Windows", End, "ntlmversion", Field::NtlmVersion),
    ("Fluent Bit", End, "stringinserts", Field::Inserts),
    ("Get-WinEvent", Alone, "properties", Field::Inserts),
    ("Get-EventLog", End, "replacementstrings", Field::Inserts),
    ("Win32_NTLogEvent", End, "insertionstrings", Field::Inserts),
    ("Fluentd", End, "eventdata", Field::Inserts),
    ("Windows as JSON, OpenTelemetry", End, "eventdata.data", Field::Inserts),
    ("the texts of 551 and of the log-on events", End, "guidance", Field::Unread),
    ("the text of 5168", End, "serverinformation", Field::Unread),
];

/// Published names that nothing is read from, likewise.
const UNREAD: &[&str] = &[
    "subjectusersid",
    "subjectdomainname",
    "subjectlogonid",
    "targetusersid",
    "targetdomainname",
    "targetlogonid",
    "logonprocessname",
    "workstationname",
    "logonguid",
    "transmittedservices",
    "lmpackagename",
    "keylength",
    "processid",
    "processname",
    "ipaddress",
    "ipport",
    "impersonationlevel",
    "restrictedadminmode",
    "remotecredentialguard",
    "targetoutboundusername",
    "targetoutbounddomainname",
    "virtualaccount",
    "targetlinkedlogonid",
    "elevatedtoken",
    "failurereason",
    "sessionguid",
    "connectionguid",
    "clientaddresslength",
    "clientaddress",
    "usernamelength",
    "clientnamelength",
    "reasoncode",
    "smbclientdoesnotsupportencryptiontype",
    "processpid",
    "domainname",
    "singlesignon",
    "targetmachine",
    "targetdomain",
    "targetservice",
    "targetip",
    "targetnetworkname",
    "ntlmusageid",
    "ntlmusagereason",
    "negotiatedflags",
    "sessionkeystatus",
    "remoteclientmachine",
    "clientip",
    "clientnetworkname",
    "statusmsg",
    "dcname",
    "accountdomain",
    "accountmachine",
    "servername",
    "serverdomain",
    "forwardertype",
    "forwardername",
    "forwarderdomain",
    "forwarderip",
    "serverip",
    "serveros",
];

/// The names in front of the published name, where a path is written with underscores.
const CONTAINERS: [&str; 4] = ["eventdata", "userdata", "winlog", "data"];
/// The endings that Azure's own tables give names, for the type.
const TYPES: [&str; 5] = ["_s", "_d", "_g", "_t", "_b"];
/// The longest name that is looked at, in bytes.
const MAX_NAME_LEN: usize = 128;

impl Field {
    /// The field that a name stands for, which may have a path before it.
    pub(in crate::read::config) fn of(name: &str) -> Option<Self> {
        if name.len() > MAX_NAME_LEN {
            return None;
        }
        Self::exactly(name).or_else(|| {
            let end = TYPES.iter().find_map(|end| name.strip_suffix(end))?;
            Self::exactly(end)
        })
    }

    fn exactly(name: &str) -> Option<Self> {
        let plain = plain(name);
        let bare = plain.rsplit('.').next().unwrap_or_default();
        let two = plain.get(plain.rmatch_indices('.').nth(1).map_or(0, |(at, _)| at + 1)..)?;
        let of = |end: &str| match BY_SPELLING.get(end)? {
            (End, field) => Some(*field),
            // `_id` is the number of a document.
            (Alone, field) => {
                let is_alone = plain == end && name.starts_with(char::is_alphabetic);
                is_alone.then_some(*field)
            }
        };
        of(two).or_else(|| of(bare)).or_else(|| {
            // winlogbeat_winlog_event_data_SpnName
            let mut ends = CONTAINERS.iter().filter_map(|container| {
                let at = bare.rfind(container)?;
                bare.get(at + container.len()..).filter(|end| !end.is_empty())
            });
            ends.find_map(|end| match BY_SPELLING.get(end)? {
                (End, Self::Unread) | (Alone, _) => None,
                (End, field) => Some(*field),
            })
        })
    }

    /// Returns true if no other event is known to have a field of that name.
    pub(in crate::read::config) const fn is_telling(self) -> bool {
        !matches!(
            self,
            Self::Id
                | Self::Version
                | Self::Writer
                | Self::Time
                | Self::Computer
                | Self::Status
                | Self::UserName
                | Self::AccountName
                | Self::SubjectUserName
                | Self::NtlmVersion
                | Self::Inserts
                | Self::Unread
        )
    }

    /// Returns true if only event 5168 has it.
    pub(in crate::read::config) const fn is_of_5168(self) -> bool {
        matches!(
            self,
            Self::SpnName
                | Self::ErrorCode
                | Self::ServerNames
                | Self::ConfiguredNames
                | Self::IpAddresses
        )
    }

    /// Returns true if it says which event it is, when and where it was written.
    pub(in crate::read::config) const fn is_header(self) -> bool {
        matches!(self, Self::Id | Self::Version | Self::Writer | Self::Time | Self::Computer)
    }
}

/// A name in small letters, with full stops between the names of a path and nothing between words.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            ' ' | '_' | '-' | '\u{a0}' | '@' | '#' => {}
            '.' | '/' | ':' | '\\' => plain.push('.'),
            letter => plain.push(letter.to_ascii_lowercase()),
        }
    }
    plain
}

/// A label at the beginning of a text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::read::config) struct LabelFound {
    pub(in crate::read::config) field: Field,
    /// Its length there.
    pub(in crate::read::config) length: usize,
}

/// The fields by the spellings of their names.
static BY_SPELLING: LazyLock<BTreeMap<&str, (PathPart, Field)>> = LazyLock::new(|| {
    let unread = UNREAD.iter().map(|spelling| (*spelling, (End, Field::Unread)));
    unread
        .chain(SPELLINGS.iter().map(|(_, place, spelling, field)| (*spelling, (*place, *field))))
        .collect()
});

/// The names of fields by their first letters.
static BY_FIRST_LETTER: LazyLock<[Vec<(&str, Field)>; 26]> = LazyLock::new(|| {
    let read = SPELLINGS.iter().map(|(_, _, spelling, field)| (*spelling, *field));
    let all = read.chain(UNREAD.iter().map(|spelling| (*spelling, Field::Unread)));
    let mut by_letter = [const { Vec::new() }; 26];
    for (spelling, field) in all.filter(|(spelling, _)| !spelling.contains('.')) {
        if let Some(place) = spelling.bytes().next().and_then(place_of) {
            by_letter
                .get_mut(place)
                .into_iter()
                .for_each(|names: &mut Vec<_>| names.push((spelling, field)));
        }
    }
    by_letter
});

fn place_of(letter: u8) -> Option<usize> {
    let place = letter.to_ascii_lowercase().checked_sub(b'a')?;
    Some(usize::from(place)).filter(|place| *place < 26)
}

/// The longest label that `text` begins with.
pub(in crate::read::config) fn label(text: &str) -> Option<LabelFound> {
    let begin_so = BY_FIRST_LETTER.get(place_of(text.bytes().next()?)?)?;
    let found = begin_so.iter().filter_map(|(spelling, field)| {
        Some(LabelFound { field: *field, length: length_of(spelling, text)? })
    });
    found.max_by_key(|found| found.length)
}

/// The length of a name at the beginning of a text; none where it is only the beginning of a word
/// there.
fn length_of(spelling: &str, text: &str) -> Option<usize> {
    let mut rest = text;
    for (index, letter) in spelling.chars().enumerate() {
        if index > 0 && spelling.len() > 3 {
            rest = rest.trim_start_matches([' ', '_', '-', '\u{a0}']);
        }
        let found = rest.chars().next()?;
        if !found.eq_ignore_ascii_case(&letter) {
            return None;
        }
        rest = rest.get(found.len_utf8()..)?;
    }
    let is_whole = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    is_whole.then(|| text.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::published_events::DEFINITIONS;

    #[test]
    fn every_published_field_is_known() {
        for name in DEFINITIONS.iter().flat_map(|definition| definition.fields) {
            assert!(Field::of(name).is_some(), "{name}");
        }
    }

    #[test]
    fn names_are_known_however_they_are_written() {
        for name in [
            "SpnName",
            "spnName",
            "SPN Name",
            "spn_name",
            "_SpnName",
            "winlog.event_data.SpnName",
            "data.win.eventdata.spnName",
            "winlogbeat_winlog_event_data_SpnName",
            "EventData_SpnName_s",
            "spn.spn_name",
            "ad.SpnName",
        ] {
            assert_eq!(Field::of(name), Some(Field::SpnName), "{name}");
        }
        for name in
            ["EventID", "event.code", "EventCode", "Id", "event_id.id", "data.win.system.eventID"]
        {
            assert_eq!(Field::of(name), Some(Field::Id), "{name}");
        }
        for name in ["_id", "user.id", "agent.version", "SpnNames", "source.ip", "xSpnName", ""] {
            assert!(
                !matches!(Field::of(name), Some(field) if field != Field::Id || name != "_id"),
                "{name}"
            );
        }
        let found = label("SPN Validation Policy: x").map(|found| (found.field, found.length));
        assert_eq!(found, Some((Field::Policy, 21)));
        assert_eq!(label("statuses: x"), None);
    }
}
