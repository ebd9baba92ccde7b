//! The events of a decision: which, in what order, with which fields, and safe to read whatever was
//! sent.

use proptest::prelude::*;
use roxmltree::Document;
use spnscope::base::visible::is_hidden;
use spnscope::judge::{
    events::{Event, Events, Log, events},
    imports::{Cause, Import, NamelessEvent},
    smb::{
        Carrier, Checked, Evidence, Level, Outcome, ProofEvidence, Role, Server, ServerSettings,
        Target, decide,
    },
};
use spnscope::message::ntlm::{ResponseKind, SignInNames};
use spnscope::read::{config::BareListKind, published_events};
use spnscope::show::words;

use crate::{
    fixtures::{numbers, story_server},
    judge::decision_table::{cases, evidence, server},
};

fn user() -> SignInNames {
    SignInNames {
        user: Some("User".into()),
        domain: Some("LAB".into()),
        workstation: Some("COMPUTER".into()),
    }
}

fn at(level: Level, evidence: &Evidence, settings: &ServerSettings) -> Events {
    let server = server(settings);
    let decision = &decide(evidence, &server)[level];
    events(&user(), evidence, &server, decision)
}

fn present(name: &str) -> Evidence {
    evidence(Target::Present(name.into()), ResponseKind::Ntlmv2)
}

fn both_audits() -> ServerSettings {
    ServerSettings { audit_file_share: true, audit_client_spn: true, ..story_server() }
}

/// The names and values of an event's XML, as another parser reads them.
fn parsed(event: &Event) -> Vec<(String, String)> {
    let xml = event.to_xml();
    let document = Document::parse(&xml).unwrap_or_else(|error| panic!("{error}\n{xml}"));
    let data = document.descendants().filter(|node| node.has_tag_name((NAMESPACE, "Data")));
    data.map(|node| {
        let name = node.attribute("Name").expect("a name").to_owned();
        (name, node.text().unwrap_or_default().to_owned())
    })
    .collect()
}

const NAMESPACE: &str = "http://schemas.microsoft.com/win/2004/08/events/event";

/// Text that an administrator copies out of Event Viewer is read as the simulated event.
#[test]
fn our_5168_imports_to_the_same_lists() {
    let settings =
        ServerSettings { allowed: vec!["nas.lab.lan".into(), "10.0.0.99".into()], ..both_audits() };
    for level in [Level::AcceptIfProvided, Level::RequiredFromClient] {
        let written = at(level, &present("cifs/10.0.0.100"), &settings);
        let event = find(&written, 5168);
        for text in [event.to_xml(), event.to_text()] {
            let imported = Import::read(text.as_bytes(), BareListKind::Allowed);
            assert_eq!(imported.refusals.len(), 1, "{text}");
            let target = imported.refusals[0].target.as_ref().and_then(Target::text);
            assert_eq!(target, Some("cifs/10.0.0.100"), "{text}");
            let mut applied = ServerSettings::default();
            imported.apply(&mut applied);
            assert_eq!(applied.allowed, settings.allowed, "{text}");
            assert_eq!(applied.names, ["DCFR", "dcfr.lab.lan"], "{text}");
            assert_eq!(applied.addresses, settings.addresses, "{text}");
        }
    }
}

fn value(event: &Event, name: &str) -> String {
    let parsed = parsed(event);
    parsed.into_iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("{name}")).1
}

fn find(events: &Events, id: u16) -> &Event {
    events.written.iter().find(|event| event.id.number() == id).unwrap_or_else(|| panic!("{id}"))
}

#[test]
fn every_decision_of_the_table_writes_its_events_in_their_order() {
    for case in cases() {
        for level in Level::ALL {
            let evidence = case.evidence();
            let settings = ServerSettings { audit_client_spn: true, ..case.server.clone() };
            let decision = decide(&evidence, &server(&settings))[level].clone();
            let found = at(level, &evidence, &settings);
            let ids: Vec<_> = found.written.iter().map(|event| event.id.number()).collect();
            assert_eq!(ids, numbers(&decision.events), "{} at {level}", case.why);
            let first = match decision.outcome {
                Outcome::Deny => vec![4624, 5168, 551],
                _ => vec![4624],
            };
            assert_eq!(ids[..first.len()], first, "{} at {level}", case.why);
            assert_eq!(ids.get(first.len()).copied(), case.audit, "{} at {level}", case.why);
            assert_eq!(found.not_written, [], "{} at {level}", case.why);
            for event in &found.written {
                let names: Vec<_> = event.data.iter().map(|datum| datum.name.to_owned()).collect();
                let parsed: Vec<_> = parsed(event).into_iter().map(|(name, _)| name).collect();
                assert_eq!(parsed, names, "{} at {level}, {}", case.why, event.id);
            }
        }
    }
}

#[test]
fn an_audit_setting_that_is_off_leaves_its_event_out_and_says_what_switches_it_on() {
    let off = ServerSettings { audit_file_share: false, audit_client_spn: false, ..story_server() };
    let found = at(Level::AcceptIfProvided, &present("cifs/10.0.0.100"), &off);
    assert_eq!(
        found.written.iter().map(|event| event.id.number()).collect::<Vec<_>>(),
        [4624, 551]
    );
    let commands: Vec<_> = found
        .not_written
        .iter()
        .flat_map(|event| {
            event.commands.iter().map(move |command| (event.id.number(), &*command.text))
        })
        .collect();
    assert_eq!(
        commands,
        [
            (5168, "auditpol /set /subcategory:\"File Share\" /failure:enable"),
            (
                5168,
                "auditpol /set /subcategory:\"{0CCE9224-69AE-11D9-BED3-505054503030}\" /failure:enable"
            ),
            (
                3025,
                "reg add \"HKLM\\SYSTEM\\CurrentControlSet\\Services\\LanmanServer\\Parameters\" /v AuditClientSpnSupport /t REG_DWORD /d 1 /f"
            ),
        ]
    );
    // Accepted: there is no 5168 to miss. The other one is written at level 0 too.
    let accepted = at(Level::Off, &present("cifs/10.0.0.100"), &off);
    assert_eq!(
        accepted.not_written.iter().map(|event| event.id.number()).collect::<Vec<_>>(),
        [3025]
    );
    assert_eq!(at(Level::Off, &present("cifs/DCFR"), &off).not_written, []);
    // Ended before: the name was never looked at.
    let wrong =
        Evidence { proof: ProofEvidence::Response(Checked::Wrong), ..present("cifs/10.0.0.100") };
    assert_eq!(at(Level::RequiredFromClient, &wrong, &off).not_written, []);
}

/// Fields, in their order, as the reference has them (2.1 to 2.4): event, build, version, level,
/// task, keywords.
type Published = (u16, Option<u16>, [&'static str; 4], &'static str);

const LOGON: &str =
    "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId TargetUserSid TargetUserName
    TargetDomainName TargetLogonId LogonType LogonProcessName AuthenticationPackageName
    WorkstationName LogonGuid TransmittedServices LmPackageName KeyLength ProcessId ProcessName
    IpAddress IpPort ImpersonationLevel RestrictedAdminMode TargetOutboundUserName
    TargetOutboundDomainName VirtualAccount TargetLinkedLogonId ElevatedToken";
const GUARDED_LOGON: &str = "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId TargetUserSid TargetUserName
    TargetDomainName TargetLogonId LogonType LogonProcessName AuthenticationPackageName
    WorkstationName LogonGuid TransmittedServices LmPackageName KeyLength ProcessId ProcessName
    IpAddress IpPort ImpersonationLevel RestrictedAdminMode RemoteCredentialGuard TargetOutboundUserName
    TargetOutboundDomainName VirtualAccount TargetLinkedLogonId ElevatedToken";
const LOGON_FAILURE: &str =
    "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId TargetUserSid TargetUserName
    TargetDomainName Status FailureReason SubStatus LogonType LogonProcessName
    AuthenticationPackageName WorkstationName TransmittedServices LmPackageName KeyLength ProcessId
    ProcessName IpAddress IpPort";
const SPN_CHECK: &str =
    "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId SpnName ErrorCode ServerNames
    ConfiguredNames IpAddresses";
const SESSION_1: &str =
    "SessionGUID ConnectionGUID Status TranslatedStatus ClientAddressLength ClientAddress SessionId
    UserNameLength UserName ClientNameLength ClientName";
const SESSION_2: &str =
    "SessionGUID ConnectionGUID Status TranslatedStatus ClientAddressLength ClientAddress SessionId
    UserNameLength UserName ClientNameLength ClientName SPN SPNValidationPolicy";
const SESSION_3: &str =
    "SessionGUID ConnectionGUID Status TranslatedStatus ClientAddressLength ClientAddress SessionId
    UserNameLength UserName ClientNameLength ClientName SPN SPNValidationPolicy ReasonCode";
const AUDIT_3024: &str = "ClientNameLength ClientName Status SPNValidationPolicy";
const AUDIT_3025: &str =
    "ClientNameLength ClientName SPN ServiceClassIsValid PrincipalNameIsValid SPNValidationPolicy";
const AUDIT_3026: &str = "ClientNameLength ClientName SPNValidationPolicy";

/// The version that each build writes, with its header and its fields.
const WRITTEN: &[Published] = &[
    (4624, None, ["3", "0", "12544", "0x8020000000000000"], GUARDED_LOGON),
    (4624, Some(26_100), ["3", "0", "12544", "0x8020000000000000"], GUARDED_LOGON),
    (4624, Some(22_621), ["3", "0", "12544", "0x8020000000000000"], GUARDED_LOGON),
    (4624, Some(22_620), ["2", "0", "12544", "0x8020000000000000"], LOGON),
    (4624, Some(17_763), ["2", "0", "12544", "0x8020000000000000"], LOGON),
    (4625, Some(26_100), ["0", "0", "12544", "0x8010000000000000"], LOGON_FAILURE),
    (5168, Some(26_100), ["0", "0", "12808", "0x8010000000000000"], SPN_CHECK),
    (551, None, ["3", "2", "551", "0x8"], SESSION_3),
    (551, Some(26_100), ["3", "2", "551", "0x8"], SESSION_3),
    (551, Some(22_000), ["3", "2", "551", "0x8"], SESSION_3),
    (551, Some(20_348), ["2", "2", "551", "0x8"], SESSION_2),
    (551, Some(14_393), ["2", "2", "551", "0x8"], SESSION_2),
    (551, Some(10_586), ["1", "2", "551", "0x8"], SESSION_1),
    (3024, Some(26_100), ["0", "4", "", ""], AUDIT_3024),
    (3025, Some(26_100), ["0", "4", "", ""], AUDIT_3025),
    (3026, Some(26_100), ["0", "4", "", ""], AUDIT_3026),
];

fn words(list: &str) -> Vec<&str> {
    list.split_whitespace().collect()
}

/// An event of that number, written by a server of that build.
fn event_by(id: u16, build: Option<u16>) -> Event {
    let mut evidence = match id {
        3024 => evidence(Target::Absent, ResponseKind::Ntlmv2),
        3026 => evidence(Target::Empty, ResponseKind::Ntlmv2),
        _ => present("cifs/10.0.0.100"),
    };
    if id == 4625 {
        evidence.proof = ProofEvidence::Response(Checked::Wrong);
    }
    let server = Server { build, ..server(&both_audits()) };
    let decision = &decide(&evidence, &server)[Level::RequiredFromClient];
    find(&events(&user(), &evidence, &server, decision), id).clone()
}

fn in_header(event: &Event, name: &str) -> String {
    let xml = event.to_xml();
    let document = Document::parse(&xml).unwrap();
    let node = document.descendants().find(|node| node.has_tag_name((NAMESPACE, name)));
    node.and_then(|node| node.text()).unwrap_or_default().to_owned()
}

#[test]
fn each_build_writes_the_published_fields_in_their_order() {
    for (id, build, header, fields) in WRITTEN {
        let event = event_by(*id, *build);
        let names: Vec<_> = parsed(&event).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, words(fields), "{id}, {build:?}");
        let found = ["Version", "Level", "Task", "Keywords"].map(|name| in_header(&event, name));
        assert_eq!(found, *header, "{id}, {build:?}");
    }
}

/// Those that nothing here writes are known by the same table, so that they are read.
#[test]
fn the_definitions_of_3021_to_3027_are_the_published_ones() {
    for (id, version, fields) in [
        (3021, 0, "ClientNameLength ClientName ServerRequiresSigning"),
        (3021, 1, "ClientNameLength ClientName UserNameLength UserName ServerRequiresSigning"),
        (
            3022,
            0,
            "ClientNameLength ClientName ServerRequiresEncryption SmbClientDoesNotSupportEncryptionType",
        ),
        (3023, 0, "ClientNameLength ClientName"),
        (3024, 0, AUDIT_3024),
        (3025, 0, AUDIT_3025),
        (3026, 0, AUDIT_3026),
        (3027, 0, "ClientNameLength ClientName ServerRequiresSigning"),
    ] {
        let definition = published_events::definition(id, version).unwrap();
        assert_eq!(definition.fields, words(fields), "{id}");
        let header = (definition.level, definition.task, definition.keywords);
        assert_eq!(header, (4, None, None), "{id}");
    }
    // What no decision leads to is written by none.
    for id in (3021..=3023).chain([3027]).chain(4020..=4033) {
        let is_known = published_events::definition(id, 0).is_some();
        assert_eq!(is_known, !(4024..=4029).contains(&id), "{id}");
        for case in cases() {
            let settings = ServerSettings { audit_client_spn: true, ..case.server.clone() };
            for level in Level::ALL {
                let found = at(level, &case.evidence(), &settings);
                assert!(
                    found.written.iter().all(|event| event.id.number() != id),
                    "{}, {id}",
                    case.why
                );
            }
        }
    }
}

#[test]
fn an_uncertain_version_is_noted() {
    let says = |id, build: Option<u16>, words: &str| {
        event_by(id, build).notes.iter().any(|note| note.contains(words))
    };
    for id in [4624, 551] {
        assert!(says(id, None, "Nothing says which build"), "{id}");
        assert!(!says(id, Some(26_100), "build"), "{id}");
        assert!(says(id, Some(7601), "older version"), "{id}");
    }
    assert!(says(551, Some(20_348), "Server 2022"));
    assert!(!says(4624, Some(20_348), "Server 2022"));
}

/// In XML it is a socket address in hexadecimal; address and port are in the text alone.
#[test]
fn the_client_address_of_551_is_binary() {
    let event = event_by(551, Some(26_100));
    let address = value(&event, "ClientAddress");
    assert_eq!(address, "[socket address of the client, in hexadecimal]");
    let text = event.to_text();
    assert!(text.contains("Client Address: [client address]:[client port]\n"), "{text}");
    assert!(!text.contains("[reason code]"), "the text does not print it: {text}");
}

/// An event that is written here is read as the facts it was written from.
#[test]
fn each_event_imports_to_the_facts_it_was_written_from() {
    let targets = [Target::Present("cifs/10.0.0.100".into()), Target::Absent, Target::Empty];
    for target in targets {
        for level in Level::ALL {
            for build in [None, Some(26_100), Some(17_763), Some(10_586)] {
                let evidence = evidence(target.clone(), ResponseKind::Ntlmv2);
                let server = Server { build, ..server(&both_audits()) };
                let decision = &decide(&evidence, &server)[level];
                for event in events(&user(), &evidence, &server, decision).written {
                    let imported = Import::read(event.to_xml().as_bytes(), BareListKind::Allowed);
                    let why = format!("{}, {level}, {build:?}: {imported:#?}", event.id);
                    if event.id.number() == 4624 {
                        let [told] = &imported.refusals[..] else { panic!("{why}") };
                        let is_silent = told.target.is_none() && imported.stated.level.is_none();
                        assert!(is_silent, "it is not about the name: {why}");
                        assert_eq!(told.cause, Cause::SaysNoName(NamelessEvent::SignedIn), "{why}");
                        continue;
                    }
                    let [told] = &imported.refusals[..] else { panic!("{why}") };
                    assert_eq!(told.record.event, event.id.number(), "{why}");
                    let is_old = event.id.number() == 551 && build == Some(10_586);
                    let expected = match (&target, event.id.number()) {
                        _ if is_old => None,
                        // Nobody knows which of the two 5168 prints, and 551 prints neither.
                        (Target::Empty, 5168) => continue,
                        (Target::Empty, 551) => Some(Target::Absent),
                        (target, _) => Some(target.clone()),
                    };
                    assert_eq!(told.target, expected, "{why}");
                    let states_policy = event.id.number() != 5168 && !is_old;
                    assert_eq!(imported.level(), states_policy.then_some(level), "{why}");
                    let is_audit = (3000..4000).contains(&event.id.number());
                    assert_eq!(imported.stated.audit_client_spn.is_some(), is_audit, "{why}");
                    let denies = words::cause(told).contains("denies nothing");
                    assert_eq!(denies, is_audit, "{why}");
                    if event.id.number() == 5168 {
                        assert_eq!(told.record.error, Some(0xC000_0022), "{why}");
                    }
                }
            }
        }
    }
}

/// The values of Microsoft's sample, but for the addresses, which have empty items there.
#[test]
fn the_published_5168_is_reproduced() {
    let settings = ServerSettings {
        role: Role::DomainController,
        names: vec!["DC01.contoso.local".into(), "DC01".into()],
        domains: vec!["CONTOSO".into(), "contoso.local".into()],
        addresses: vec!["10.0.0.10".parse().unwrap()],
        ..ServerSettings::default()
    };
    let evidence = evidence(Target::NotCarried, ResponseKind::Ntlmv1);
    let found = at(Level::RequiredFromClient, &evidence, &settings);
    let event = find(&found, 5168);
    assert_eq!(event.log, Log::Security);
    for (name, expected) in [
        ("SubjectUserName", "User"),
        ("SpnName", "N/A"),
        ("ErrorCode", "0xc0000022"),
        ("ServerNames", "CONTOSO;contoso.local;DC01.contoso.local;DC01;LocalHost;"),
        ("ConfiguredNames", "N/A"),
        ("IpAddresses", "127.0.0.1;::1;10.0.0.10;"),
    ] {
        assert_eq!(value(event, name), expected, "{name}");
    }
    let xml = event.to_xml();
    let document = Document::parse(&xml).unwrap();
    let system = |name: &str| {
        let node = document.descendants().find(|node| node.has_tag_name((NAMESPACE, name)));
        node.and_then(|node| node.text()).unwrap_or_default().to_owned()
    };
    for (name, expected) in [
        ("EventID", "5168"),
        ("Version", "0"),
        ("Task", "12808"),
        ("Keywords", "0x8010000000000000"),
        ("Channel", "Security"),
        ("Computer", "DC01.contoso.local"),
    ] {
        assert_eq!(system(name), expected);
    }
    let text = event.to_text();
    assert!(
        text.starts_with("Spn check for SMB/SMB2 fails.\n\nSubject:\n\tSecurity ID: ["),
        "{text}"
    );
    assert!(text.contains("\tError Code: 0xC0000022\n"), "{text}");
}

#[test]
fn placeholders_are_marked_and_nothing_else_is() {
    let found = at(Level::AcceptIfProvided, &present("cifs/10.0.0.100"), &both_audits());
    for event in &found.written {
        let marked: Vec<_> = event.placeholders().collect();
        for datum in &event.data {
            assert_eq!(datum.value.contains('['), datum.is_placeholder, "{datum:?}");
            assert_eq!(marked.contains(&datum.name), datum.is_placeholder, "{datum:?}");
        }
        let xml = event.to_xml();
        let comment = &xml[..xml.find("-->").unwrap()];
        assert!(marked.iter().all(|name| comment.contains(name)), "{comment}");
    }
    let spn_check = find(&found, 5168);
    assert_eq!(spn_check.placeholders().collect::<Vec<_>>(), ["SubjectUserSid", "SubjectLogonId"]);
    // Nobody stated the server's names or addresses, and what is printed of an empty name is not
    // known.
    let evidence = evidence(Target::Empty, ResponseKind::Ntlmv2);
    let found = at(Level::AcceptIfProvided, &evidence, &ServerSettings::default());
    let names: Vec<_> = find(&found, 5168).placeholders().collect();
    assert_eq!(
        names,
        ["SubjectUserSid", "SubjectLogonId", "SpnName", "ServerNames", "IpAddresses"]
    );
    assert_eq!(
        value(find(&found, 5168), "IpAddresses"),
        "127.0.0.1;::1;[addresses of the server];"
    );
}

#[test]
fn event_551_says_what_the_check_was_given_and_the_policy() {
    use Level::{AcceptIfProvided, Off, RequiredFromClient};
    let line = |level, evidence: &Evidence, start: &str| {
        let found = at(level, evidence, &story_server());
        let text = find(&found, 551).to_text();
        let line = text.lines().find(|line| line.starts_with(start));
        line.unwrap_or_else(|| panic!("{text}")).to_owned()
    };
    let foreign = present("cifs/10.0.0.100");
    let absent = evidence(Target::Absent, ResponseKind::Ntlmv2);
    let early = Evidence { proof: ProofEvidence::Response(Checked::Wrong), ..foreign.clone() };
    assert_eq!(line(AcceptIfProvided, &foreign, "SPN:"), "SPN: cifs/10.0.0.100");
    assert_eq!(line(RequiredFromClient, &absent, "SPN:"), "SPN:");
    let before = "SPN: session setup failed before the SPN could be queried";
    assert_eq!(line(Off, &early, "SPN:"), before);
    assert_eq!(line(Off, &early, "User Name"), "User Name:");
    assert_eq!(line(AcceptIfProvided, &foreign, "User Name"), "User Name: LAB\\User");
    for (level, policy) in [
        (Off, "SPN optional / no validation"),
        (AcceptIfProvided, "SPN optional / validate full"),
        (RequiredFromClient, "SPN required / validate full"),
    ] {
        let expected = format!("SPN Validation Policy: {policy}");
        assert_eq!(line(level, &early, "SPN Validation"), expected);
    }
    assert!(line(Off, &early, "Status").ends_with("(0xC000006D)"));
    assert!(line(RequiredFromClient, &absent, "Status").ends_with("(0xC0000022)"));
}

#[test]
fn event_3025_says_which_of_the_two_comparisons_failed() {
    for (name, host, class) in [
        ("cifs/10.0.0.100", "false", "true"),
        ("HTTP/DCFR", "true", "false"),
        ("DCFR", "true", "false"),
        ("HTTP/other", "false", "false"),
    ] {
        let found = at(Level::Off, &present(name), &both_audits());
        let event = find(&found, 3025);
        assert_eq!(event.log, Log::SmbServerAudit);
        assert_eq!(value(event, "SPN"), name);
        assert_eq!(
            (value(event, "PrincipalNameIsValid"), value(event, "ServiceClassIsValid")),
            (host.into(), class.into()),
            "{name}"
        );
    }
}

#[test]
fn a_kerberos_sign_in_has_an_account_that_cannot_be_read() {
    let evidence = Evidence {
        carrier: Carrier::Kerberos,
        proof: ProofEvidence::Ticket,
        ..present("cifs/files.lab.lan")
    };
    let server = server(&story_server());
    let decision = &decide(&evidence, &server)[Level::AcceptIfProvided];
    let found = events(&SignInNames::default(), &evidence, &server, decision);
    let logon = find(&found, 4624);
    assert_eq!(value(logon, "AuthenticationPackageName"), "Kerberos");
    assert_eq!(value(logon, "TargetUserName"), "[user]");
    assert!(logon.placeholders().any(|name| name == "TargetUserName"));
    assert_eq!(value(find(&found, 5168), "SpnName"), "cifs/files.lab.lan");
}

/// Characters that XML, a terminal or a reader could stumble over.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("]]>".to_owned()),
        Just("-->".to_owned()),
        Just("</Data><Data Name=\"SpnName\">".to_owned()),
        Just("&lt;&#0;\u{0}\u{b}\u{fffe}\u{ffff}".to_owned()),
        Just("\r\n\t\u{85}\u{202e}\u{2028}\u{feff}".to_owned()),
        "\\PC{0,6}",
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn whatever_was_sent_the_xml_is_well_formed_and_the_text_has_nothing_hidden(
        name in hostile(), user in hostile(), own in hostile(), level in 0..3_usize,
    ) {
        let evidence = evidence(Target::Present(name.clone()), ResponseKind::Ntlmv2);
        let settings = ServerSettings {
            names: vec![own.clone()],
            allowed: vec![user.clone()],
            ..both_audits()
        };
        let server = server(&settings);
        let sign_in = SignInNames {
            user: Some(user),
            domain: Some(own),
            workstation: Some(name),
        };
        let decision = &decide(&evidence, &server)[Level::ALL[level]];
        let found = events(&sign_in, &evidence, &server, decision);
        prop_assert_eq!(found.written.iter().map(|event| event.id).collect::<Vec<_>>(), decision.events.clone());
        for event in &found.written {
            let parsed = parsed(event);
            prop_assert_eq!(parsed.len(), event.data.len());
            for ((name, value), datum) in parsed.iter().zip(&event.data) {
                prop_assert_eq!(name, datum.name);
                let is_xml = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
                if datum.value.chars().all(is_xml) {
                    prop_assert_eq!(value, &datum.value, "nothing is lost");
                }
            }
            for text in [event.to_text(), event.to_xml()] {
                let hidden = text.chars().find(|c| is_hidden(*c) && !matches!(c, '\n' | '\t'));
                prop_assert_eq!(hidden, None, "{}", text);
            }
        }
        let lines = |event: &Event| event.to_text().lines().count();
        if let Some(event) = found.written.iter().find(|event| event.id.number() == 5168) {
            prop_assert_eq!(lines(event), 16, "no value makes a line of its own");
        }
    }
}
