//! The events that are known, with values, and what each says.

use std::net::IpAddr;

use serde_json::{Map, Value, json};
use spnscope::read::{
    config::{NameAsked, Undocumented, Witness},
    published_events::{Provider, definition},
};

/// An event as it is written.
pub(super) struct Event {
    pub(super) id: u16,
    pub(super) version: u8,
    /// The values, in the published order.
    values: &'static [&'static str],
    /// The text that Event Viewer shows, where it is public.
    pub(super) text: Option<&'static str>,
    /// The text with labels in another language, which are our own.
    pub(super) translated: Option<&'static str>,
    pub(super) facts: fn() -> Facts,
}

/// The facts of an event, whatever its form.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct Facts {
    pub(super) asked: Option<NameAsked>,
    pub(super) error: Option<u32>,
    pub(super) sub_status: Option<u32>,
    pub(super) user: Option<String>,
    pub(super) names: Option<Vec<String>>,
    pub(super) allowed: Option<Vec<String>>,
    pub(super) addresses: Option<Vec<IpAddr>>,
    pub(super) level: Option<u32>,
    pub(super) witness: Option<Witness>,
}

impl Event {
    /// The names and values of its fields.
    pub(super) fn fields(&self) -> Vec<(&'static str, &'static str)> {
        let names = definition(self.id, self.version).expect("a definition").fields;
        assert_eq!(names.len(), self.values.len(), "{}", self.id);
        names.iter().copied().zip(self.values.iter().copied()).collect()
    }

    pub(super) fn provider(&self) -> &'static str {
        definition(self.id, self.version).expect("a definition").provider.name()
    }

    pub(super) fn log(&self) -> &'static str {
        match definition(self.id, self.version).expect("a definition").provider {
            Provider::Security => "Security",
            Provider::SmbServer if self.id == 551 => "Microsoft-Windows-SMBServer/Security",
            Provider::SmbServer => "Microsoft-Windows-SMBServer/Audit",
            Provider::Ntlm => "Microsoft-Windows-NTLM/Operational",
            Provider::Netlogon => "Microsoft-Windows-Security-Netlogon/Operational",
        }
    }

    /// The fields as an object of JSON.
    pub(super) fn object(&self, name: fn(&str) -> String) -> Map<String, Value> {
        self.fields().into_iter().map(|(field, value)| (name(field), json!(value))).collect()
    }
}

fn user(name: &str) -> Facts {
    Facts { user: Some(name.to_owned()), ..Facts::default() }
}

fn session() -> Facts {
    Facts {
        asked: Some(NameAsked::Present("cifs/10.0.0.100".into())),
        error: Some(0xC000_0022),
        level: Some(2),
        ..user("LAB\\anna")
    }
}

fn failed() -> Facts {
    Facts { error: Some(0x8009_0302), sub_status: Some(0xC000_0418), ..user("anna") }
}

fn refused() -> Facts {
    let names = ["LAB", "lab.lan", "dcfr.lab.lan", "DCFR", "LocalHost"];
    Facts {
        asked: Some(NameAsked::Present("cifs/10.0.0.100".into())),
        error: Some(0xC000_0022),
        names: Some(names.map(str::to_owned).into()),
        allowed: Some(vec!["nas.lab.lan".into()]),
        addresses: Some(["10.0.0.11", "fe80::1"].map(|one| one.parse().unwrap()).into()),
        ..user("anna")
    }
}

fn audited(asked: NameAsked) -> Facts {
    Facts { asked: Some(asked), level: Some(1), ..Facts::default() }
}

/// The facts of NTLM's own account, as the fields below state it.
fn witness(error: Option<u32>, has_channel: bool) -> Facts {
    let undocumented = ["AvFlagsStr", "MicStatus", "ChannelBindingStatus", "NtlmVersion"]
        .into_iter()
        .filter(|field| has_channel || *field != "ChannelBindingStatus")
        .map(|field| Undocumented { field, value: "[not public]".into() })
        .collect();
    Facts {
        asked: Some(NameAsked::Present("cifs/10.0.0.100".into())),
        error,
        witness: Some(Witness {
            service_binding: Some("cifs/10.0.0.100".into()),
            av_flags: Some(2),
            undocumented,
        }),
        ..user("anna")
    }
}

const TEXT_551: &str = "SMB Session Authentication Failure

Client Name: \\\\10.10.10.20
Client Address: 10.10.10.20:50123
User Name: LAB\\anna
Session ID: 0x100000000021
Status: {Access Denied}
A process has requested access to an object, but has not been granted those access rights. (0xC0000022)
SPN: cifs/10.0.0.100
SPN Validation Policy: SPN required / validate full

Guidance:

You should expect this error when attempting to connect to shares using incorrect credentials.";

const TRANSLATED_551: &str = "SMB-Sitzungsauthentifizierungsfehler

Clientname: \\\\10.10.10.20
Clientadresse: 10.10.10.20:50123
Benutzername: LAB\\anna
Sitzungs-ID: 0x100000000021
Status: {Zugriff verweigert}
Ein Prozess hat den Zugriff auf ein Objekt angefordert, aber keine Rechte dafür. (0xC0000022)
SPN: cifs/10.0.0.100
SPN-Überprüfungsrichtlinie: SPN erforderlich / vollständige Überprüfung";

const TEXT_5168: &str = "SPN check for SMB/SMB2 fails.

Subject:
\tSecurity ID:\t\tLAB\\anna
\tAccount Name:\t\tanna
\tAccount Domain:\t\tLAB
\tLogon ID:\t\t0x5F2A1

SPN:
\tSPN Name:\t\tcifs/10.0.0.100
\tError Code:\t\t0xC0000022

Server Information:
\tServer Names:\t\tLAB;lab.lan;dcfr.lab.lan;DCFR;LocalHost;
\tConfigured Names:\tnas.lab.lan;
\tIP Addresses:\t\t127.0.0.1;::1;10.0.0.11;;fe80::1;;";

const TRANSLATED_5168: &str = "Fehler bei der SPN-Überprüfung für SMB/SMB2.

Antragsteller:
\tSicherheits-ID:\t\tLAB\\anna
\tKontoname:\t\tanna
\tKontodomäne:\t\tLAB
\tAnmelde-ID:\t\t0x5F2A1

SPN:
\tSPN-Name:\t\tcifs/10.0.0.100
\tFehlercode:\t\t0xC0000022

Serverinformationen:
\tServernamen:\t\tLAB;lab.lan;dcfr.lab.lan;DCFR;LocalHost;
\tKonfigurierte Namen:\tnas.lab.lan;
\tIP-Adressen:\t\t127.0.0.1;::1;10.0.0.11;;fe80::1;;";

const TEXT_4625: &str = "An account failed to log on.

Subject:
\tSecurity ID:\t\tNULL SID
\tAccount Name:\t\t-
\tAccount Domain:\t\t-
\tLogon ID:\t\t0x0

Logon Type:\t\t\t3

Account For Which Logon Failed:
\tSecurity ID:\t\tNULL SID
\tAccount Name:\t\tanna
\tAccount Domain:\t\tLAB

Failure Information:
\tFailure Reason:\t\tAn Error occured during Logon.
\tStatus:\t\t\t0x80090302
\tSub Status:\t\t0xC0000418

Process Information:
\tCaller Process ID:\t0x0
\tCaller Process Name:\t-

Network Information:
\tWorkstation Name:\tPC7
\tSource Network Address:\t10.10.10.20
\tSource Port:\t\t56366

Detailed Authentication Information:
\tLogon Process:\t\tNtLmSsp
\tAuthentication Package:\tNTLM
\tTransited Services:\t-
\tPackage Name (NTLM only):\t-
\tKey Length:\t\t0";

const TRANSLATED_4625: &str = "Fehler beim Anmelden eines Kontos.

Antragsteller:
\tSicherheits-ID:\t\tNULL SID
\tKontoname:\t\t-
\tKontodomäne:\t\t-
\tAnmelde-ID:\t\t0x0

Anmeldetyp:\t\t\t3

Konto, für das die Anmeldung fehlschlug:
\tSicherheits-ID:\t\tNULL SID
\tKontoname:\t\tanna
\tKontodomäne:\t\tLAB

Fehlerinformationen:
\tFehlerursache:\t\tBeim Anmelden ist ein Fehler aufgetreten.
\tStatus:\t\t\t0x80090302
\tUnterstatus:\t\t0xC0000418

Netzwerkinformationen:
\tArbeitsstationsname:\tPC7";

const TEXT_4624: &str = "An account was successfully logged on.

Subject:
\tSecurity ID:\t\tNULL SID
\tAccount Name:\t\t-
\tAccount Domain:\t\t-
\tLogon ID:\t\t0x0

Logon Information:
\tLogon Type:\t\t3
\tRestricted Admin Mode:\t-
\tVirtual Account:\t\tNo
\tElevated Token:\t\tNo

Impersonation Level:\t\tImpersonation

New Logon:
\tSecurity ID:\t\tLAB\\anna
\tAccount Name:\t\tanna
\tAccount Domain:\t\tLAB
\tLogon ID:\t\t0x5F2A1
\tLinked Logon ID:\t\t0x0
\tNetwork Account Name:\t-
\tNetwork Account Domain:\t-
\tLogon GUID:\t\t{00000000-0000-0000-0000-000000000000}

Process Information:
\tProcess ID:\t\t0x0
\tProcess Name:\t\t-";

const TRANSLATED_4624: &str = "Ein Konto wurde erfolgreich angemeldet.

Antragsteller:
\tSicherheits-ID:\t\tNULL SID
\tKontoname:\t\t-
\tKontodomäne:\t\t-
\tAnmelde-ID:\t\t0x0

Anmeldeinformationen:
\tAnmeldetyp:\t\t3
\tEingeschränkter Administratormodus:\t-
\tVirtuelles Konto:\t\tNein
\tToken mit erhöhten Rechten:\t\tNein

Identitätswechselebene:\t\tIdentitätswechsel

Neue Anmeldung:
\tSicherheits-ID:\t\tLAB\\anna
\tKontoname:\t\tanna
\tKontodomäne:\t\tLAB
\tAnmelde-ID:\t\t0x5F2A1
\tVerknüpfte Anmelde-ID:\t\t0x0
\tNetzwerk-Kontoname:\t-
\tNetzwerk-Kontodomäne:\t-
\tAnmelde-GUID:\t\t{00000000-0000-0000-0000-000000000000}";

const NOT_PUBLIC: &str = "[not public]";
const SID: &str = "S-1-5-21-1-2-3-1104";

const AT_CLIENT: &[&str] = &[
    "C:\\Windows\\explorer.exe",
    "0x1a4",
    "anna",
    "LAB",
    "PC7",
    NOT_PUBLIC,
    "dcfr",
    "LAB",
    NOT_PUBLIC,
    "10.0.0.100",
    "10.0.0.100",
    "1",
    NOT_PUBLIC,
    "0xe2898215",
    NOT_PUBLIC,
    NOT_PUBLIC,
    NOT_PUBLIC,
    "cifs/10.0.0.100",
    NOT_PUBLIC,
    "0x2",
    NOT_PUBLIC,
];
const AT_SERVER: &[&str] = &[
    "System",
    "0x4",
    "anna",
    "LAB",
    "PC7",
    "10.10.10.20",
    "PC7",
    "0xe2898215",
    NOT_PUBLIC,
    NOT_PUBLIC,
    NOT_PUBLIC,
    "cifs/10.0.0.100",
    "dcfr",
    "LAB",
    NOT_PUBLIC,
    "0x2",
    NOT_PUBLIC,
    "0xc0000022",
    "5",
];
const FORWARDED: &[&str] = &[
    "DCFR",
    "anna",
    "LAB",
    "PC7",
    "NAS",
    "LAB",
    NOT_PUBLIC,
    "NAS",
    "LAB",
    "10.0.0.12",
    NOT_PUBLIC,
    "cifs/10.0.0.100",
    "dcfr",
    "LAB",
    NOT_PUBLIC,
    "0x2",
    NOT_PUBLIC,
    "0x0",
    "0",
];
const DIRECT: &[&str] = &[
    "DCFR",
    "anna",
    "LAB",
    "PC7",
    "NAS",
    "LAB",
    "10.0.0.12",
    NOT_PUBLIC,
    NOT_PUBLIC,
    "cifs/10.0.0.100",
    "dcfr",
    "LAB",
    NOT_PUBLIC,
    "0x2",
    NOT_PUBLIC,
    "0x0",
    "0",
];

macro_rules! event {
    ($id:literal, $version:literal, $values:expr, $facts:expr) => {
        event!($id, $version, $values, None, None, $facts)
    };
    ($id:literal, $version:literal, $values:expr, $text:expr, $translated:expr, $facts:expr) => {
        Event {
            id: $id,
            version: $version,
            values: $values,
            text: $text,
            translated: $translated,
            facts: || $facts,
        }
    };
}

#[rustfmt::skip]
pub(super) const EVENTS: &[Event] = &[
    event!(551, 2, &[
        "{00000000-0000-0000-0000-000000000001}", "{00000000-0000-0000-0000-000000000002}", "0xC0000022", "0xC0000022", "16",
        "02001F900A0A0A140000000000000000", "0x100000000021", "8", "LAB\\anna", "13", "\\\\10.10.10.20", "cifs/10.0.0.100", "4",
    ], Some(TEXT_551), Some(TRANSLATED_551), session()),
    event!(551, 3, &[
        "{00000000-0000-0000-0000-000000000001}", "{00000000-0000-0000-0000-000000000002}", "3221225506", "3221225506", "16",
        "02001F900A0A0A140000000000000000", "0x100000000021", "8", "LAB\\anna", "13", "\\\\10.10.10.20", "cifs/10.0.0.100", "4", "0",
    ], session()),
    event!(3021, 0, &["13", "\\\\10.10.10.20", "true"], Facts::default()),
    event!(3021, 1, &["13", "\\\\10.10.10.20", "8", "LAB\\anna", "true"], user("LAB\\anna")),
    event!(3022, 0, &["13", "\\\\10.10.10.20", "false", "1"], Facts::default()),
    event!(3023, 0, &["13", "\\\\10.10.10.20"], Facts::default()),
    event!(3024, 0, &["13", "\\\\10.10.10.20", "0xC0000225", "2"], audited(NameAsked::Absent)),
    event!(3025, 0, &["13", "\\\\10.10.10.20", "cifs/10.0.0.100", "true", "false", "2"], audited(NameAsked::Present("cifs/10.0.0.100".into()))),
    event!(3026, 0, &["13", "\\\\10.10.10.20", "2"], audited(NameAsked::Empty)),
    event!(3027, 0, &["13", "\\\\10.10.10.20", "true"], Facts::default()),
    event!(4624, 2, &[
        "S-1-0-0", "-", "-", "0x0", SID, "anna", "LAB", "0x5f2a1", "3", "NtLmSsp", "NTLM", "PC7", "{00000000-0000-0000-0000-000000000000}",
        "-", "NTLM V2", "128", "0x0", "-", "10.10.10.20", "50123", "%%1833", "-", "-", "-", "%%1843", "0x0", "%%1843",
    ], Some(TEXT_4624), Some(TRANSLATED_4624), user("anna")),
    event!(4624, 3, &[
        "S-1-0-0", "-", "-", "0x0", SID, "anna", "LAB", "0x5f2a1", "3", "NtLmSsp", "NTLM", "PC7", "{00000000-0000-0000-0000-000000000000}",
        "-", "NTLM V2", "128", "0x0", "-", "10.10.10.20", "50123", "%%1833", "-", "-", "-", "-", "%%1843", "0x0", "%%1843",
    ], user("anna")),
    event!(4625, 0, &[
        "S-1-0-0", "-", "-", "0x0", "S-1-0-0", "anna", "LAB", "0x80090302", "%%2304", "0xc0000418", "3", "NtLmSsp", "NTLM", "PC7", "-", "-",
        "0", "0x0", "-", "10.10.10.20", "56366",
    ], Some(TEXT_4625), Some(TRANSLATED_4625), failed()),
    event!(5168, 0, &[
        SID, "anna", "LAB", "0x5f2a1", "cifs/10.0.0.100", "0xc0000022", "LAB;lab.lan;dcfr.lab.lan;DCFR;LocalHost;", "nas.lab.lan;",
        "127.0.0.1;::1;10.0.0.11;;fe80::1;;",
    ], Some(TEXT_5168), Some(TRANSLATED_5168), refused()),
    event!(4020, 0, AT_CLIENT, witness(None, true)),
    event!(4021, 0, AT_CLIENT, witness(None, true)),
    event!(4022, 0, AT_SERVER, witness(Some(0xC000_0022), true)),
    event!(4023, 0, AT_SERVER, witness(Some(0xC000_0022), true)),
    event!(4030, 0, FORWARDED, witness(Some(0), false)),
    event!(4031, 0, FORWARDED, witness(Some(0), false)),
    event!(4032, 0, DIRECT, witness(Some(0), false)),
    event!(4033, 0, DIRECT, witness(Some(0), false)),
];
