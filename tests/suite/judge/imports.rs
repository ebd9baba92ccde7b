//! The server side as administrators have it: every format, in other languages, in UTF-16, cut and
//! hostile.

use std::{fs, net::IpAddr};

use proptest::prelude::*;
use spnscope::base::spn::LOOPBACK;
use spnscope::judge::{
    events::Shell,
    imports::Import,
    remedies::{AllowList, Situation, remedies},
    smb::{Level, Role, Server, ServerNames, ServerSettings, Target},
};
use spnscope::message::ntlm::ResponseKind;
use spnscope::read::config::{BareListKind, Form};
use spnscope::show::{report::remarks, words};

use crate::{
    fixtures::{path, story_server},
    judge::decision_table::evidence,
};

fn bytes(name: &str) -> Vec<u8> {
    fs::read(path(&format!("imports/{name}"))).expect("a fixture")
}

fn fixture(name: &str) -> Import {
    Import::read(&bytes(name), BareListKind::Allowed)
}

fn read(text: &str) -> Import {
    Import::read(text.as_bytes(), BareListKind::Allowed)
}

fn addresses(texts: &[&str]) -> Vec<IpAddr> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// The settings that an import leads to from the defaults.
fn settings(import: &Import) -> ServerSettings {
    let mut settings = ServerSettings::default();
    import.apply(&mut settings);
    settings
}

/// A server with something in every setting.
fn full() -> ServerSettings {
    ServerSettings {
        role: Role::DomainController,
        names: vec!["SRV".into()],
        domains: vec!["OLD".into()],
        addresses: addresses(&["192.0.2.1"]),
        allowed: vec!["kept".into()],
        audit_file_share: false,
        audit_client_spn: true,
        ..ServerSettings::default()
    }
}

fn says(import: &Import, line: Option<usize>, words: &str) {
    let all = remarks(import);
    let said = all.iter().any(|r| r.line == line && r.message.contains(words));
    assert!(said, "{line:?} {words}: {all:#?}");
}

fn utf16(text: &str, mark: bool, to: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let mark = mark.then_some(0xFEFF);
    mark.into_iter().chain(text.encode_utf16()).flat_map(to).collect()
}

/// A text in every encoding that is read.
fn encodings(text: &str) -> Vec<Vec<u8>> {
    let mut all = vec![text.as_bytes().to_vec(), ["\u{feff}", text].concat().into_bytes()];
    for mark in [true, false] {
        all.push(utf16(text, mark, u16::to_le_bytes));
        all.push(utf16(text, mark, u16::to_be_bytes));
    }
    all
}

/// The reference, 2.1: Microsoft's sample of event 5168.
#[test]
fn microsofts_sample_of_5168_has_the_values_of_the_reference() {
    let found = fixture("event-5168.xml");
    let names = found.stated.names.as_ref().unwrap();
    assert_eq!(
        names.value,
        ["CONTOSO", "contoso.local", "DC01.contoso.local", "DC01", "LocalHost"]
    );
    assert_eq!((names.line, names.form), (25, Form::EventXml));
    assert_eq!(found.stated.allowed.as_ref().unwrap().value, [""; 0]);
    assert_eq!(
        found.stated.addresses.as_ref().unwrap().value,
        addresses(&["10.0.0.10", "fe80::31ea:6c3c:f40d:1973", "fe80::5efe:10.0.0.10"])
    );
    assert_eq!(found.stated.level, None);
    let [refusal] = &found.refusals[..] else { panic!("{:?}", found.refusals) };
    assert_eq!((refusal.record.event, refusal.record.line), (5168, 1));
    assert_eq!(refusal.target, Some(Target::Absent));
    assert_eq!(refusal.record.error, Some(0xC000_0022));
    assert_eq!(refusal.record.user.as_deref(), Some("dadmin"));
    assert_eq!(refusal.record.computer.as_deref(), Some("DC01.contoso.local"));
    assert_eq!(refusal.record.time.as_deref(), Some("2015-09-18T17:53:40.294859800Z"));
    assert!(words::cause(refusal).contains("level 2 requires a name"), "{}", words::cause(refusal));
    assert!(words::cure(refusal.cure.as_ref().unwrap()).contains("cifs/DC01.contoso.local"));
    // The list has the names of the domain, so the simulated server's list is the same, in its
    // order.
    let settings = settings(&found);
    assert_eq!(settings.role, Role::DomainController);
    let server = Server::new(&settings, &ServerNames::default());
    assert_eq!(server.server_names(), names.value);
    assert!(settings.audit_file_share);
}

/// The domain is told from the computer whatever the case of its letters, as the server compares
/// them.
#[test]
fn the_names_of_a_domain_are_told_in_any_case() {
    let sample = String::from_utf8(bytes("event-5168.xml")).unwrap();
    let listed = "CONTOSO;contoso.local;DC01.contoso.local;DC01;LocalHost;";
    assert!(sample.contains(listed));
    for other in [
        "MÜLLER;MÜLLER.LAN;dc01.müller.lan;DC01;LocalHost;",
        "ΔΣ;δσ.lan;dc01.ΔΣ.LAN;DC01;LOCALHOST;",
    ] {
        let settings = settings(&read(&sample.replace(listed, other)));
        let names: Vec<_> = other.split(';').collect();
        assert_eq!(settings.role, Role::DomainController, "{other}");
        assert_eq!(settings.domains, names[..2], "{other}");
        assert_eq!(settings.names, names[2..4], "{other}");
    }
}

#[test]
fn event_5168_as_text_is_read_in_any_language_and_encoding() {
    let english = String::from_utf8(bytes("event-5168.txt")).unwrap();
    let german = String::from_utf8(bytes("event-5168-german.txt")).unwrap();
    let spaced = english.replace(":\t", "\u{a0}:\t");
    let no_indent: String = english.lines().map(|line| format!("{}\n", line.trim())).collect();
    for text in [english, german, spaced, no_indent] {
        for bytes in encodings(&text) {
            let found = Import::read(&bytes, BareListKind::Allowed);
            let names = found.stated.names.as_ref().expect(&text);
            assert_eq!(names.value, ["DCFR", "dcfr.lab.lan", "LocalHost"]);
            assert_eq!((names.line, names.form), (14, Form::EventText));
            assert_eq!(found.stated.allowed.as_ref().unwrap().value, [""; 0]);
            assert_eq!(
                found.stated.addresses.as_ref().unwrap().value,
                addresses(&["10.0.0.11", "fe80::1"])
            );
            let [refusal] = &found.refusals[..] else { panic!("{:?}", found.refusals) };
            assert_eq!(refusal.target, Some(Target::Present("cifs/10.0.0.100".into())));
            assert_eq!(refusal.record.error, Some(0xC000_0022));
            assert!(
                words::cause(refusal).starts_with("cifs/10.0.0.100 was refused: "),
                "{}",
                words::cause(refusal)
            );
            let cure = words::cure(refusal.cure.as_ref().unwrap());
            assert!(cure.contains("cifs/dcfr.lab.lan") && cure.contains("SrvAllowedServerNames"));
            assert_eq!(settings(&found).role, Role::Member);
        }
    }
}

#[test]
fn an_empty_name_and_listed_names_are_read_from_text() {
    let text = String::from_utf8(bytes("event-5168.txt")).unwrap();
    let empty = read(&text.replace("cifs/10.0.0.100", ""));
    assert_eq!(empty.refusals[0].target, Some(Target::Empty));
    assert!(words::cause(&empty.refusals[0]).contains("an empty name"));
    let none = read(&text.replace("cifs/10.0.0.100", "N/A"));
    assert_eq!(none.refusals[0].target, Some(Target::Absent));
    for (configured, names) in [
        ("nas;10.0.0.100;", &["nas", "10.0.0.100"][..]),
        ("nas", &["nas"]),
        ("nas,10.0.0.100", &["nas", "10.0.0.100"]),
        ("-", &[]),
        ("S/O", &[]),
    ] {
        let found = read(&text.replace("N/A", configured));
        assert_eq!(found.stated.allowed.unwrap().value, names, "{configured}");
    }
    let words = read(&text.replace("N/A", "keine Angabe"));
    assert_eq!(words.stated.allowed, None);
    says(&words, Some(15), "the allowed names were not read");
    let zone = read(&text.replace("fe80::1", "fe80::1%5;nonsense"));
    assert_eq!(zone.stated.addresses.as_ref().unwrap().value, addresses(&["10.0.0.11", "fe80::1"]));
    says(&zone, Some(16), "\"nonsense\" is not an address");
}

#[test]
fn a_list_of_events_gives_the_newest_lists_and_every_refusal() {
    let found = fixture("events.xml");
    assert_eq!(found.stated.allowed.as_ref().unwrap().value, ["nas.lab.lan", "10.0.0.100"]);
    assert_eq!(found.stated.allowed.as_ref().unwrap().line, 4);
    assert_eq!(
        found.stated.addresses.as_ref().unwrap().value,
        addresses(&["10.0.0.11", "fe80::1"])
    );
    assert_eq!(
        (found.stated.level.as_ref().unwrap().value, found.level()),
        (2, Some(Level::RequiredFromClient))
    );
    let targets: Vec<_> =
        found.refusals.iter().map(|r| (r.record.event, r.record.line, r.target.clone())).collect();
    let present = |name: &str| Some(Target::Present(name.into()));
    assert_eq!(
        targets,
        [
            (5168, 2, present("cifs/10.0.0.100")),
            (5168, 4, present("HTTP/files&more")),
            (551, 5, present("cifs/10.0.0.200")),
        ]
    );
    assert_eq!(found.refusals[2].record.error, Some(0xC000_0022));
    // Each is compared with the lists it has itself.
    assert!(
        words::cure(found.refusals[0].cure.as_ref().unwrap())
            .contains("10.0.0.100 would have to be in")
    );
    assert!(words::cure(found.refusals[1].cure.as_ref().unwrap()).contains("No entry"));
    says(&found, None, "1 event of another kind was skipped");
    says(&found, None, "The events show different lists");
    // The order in the file does not matter.
    let text = String::from_utf8(bytes("events.xml")).unwrap();
    let turned: String = text.lines().skip(1).collect::<Vec<_>>().into_iter().rev().collect();
    assert_eq!(read(&turned).stated.allowed.unwrap().value, ["nas.lab.lan", "10.0.0.100"]);
}

#[test]
fn pieces_of_xml_are_read() {
    let whole = String::from_utf8(bytes("event-5168.xml")).unwrap();
    // Without the names of the data: by their order.
    let mut pieces = whole.split("<Data Name=\"");
    let mut unnamed = pieces.next().unwrap().to_owned();
    for piece in pieces {
        unnamed.push_str("<Data");
        unnamed.push_str(piece.split_once('"').unwrap().1);
    }
    assert!(!unnamed.contains("SpnName"));
    let (found, expected) = (read(&unnamed), read(&whole));
    assert_eq!(found, expected);
    // The data alone.
    let data = &whole[whole.find("<Data").unwrap()..whole.find("</EventData").unwrap()];
    let found = read(data);
    assert_eq!(found.stated.names.unwrap().value, expected.stated.names.unwrap().value);
    assert_eq!(found.refusals[0].target, Some(Target::Absent));
    // Cut within the lists.
    let found = read(&whole[..whole.find("<Data Name=\"ConfiguredNames\"").unwrap()]);
    assert_eq!(found.stated.names.as_ref().unwrap().value.len(), 5);
    assert_eq!((&found.stated.allowed, &found.stated.addresses), (&None, &None));
    says(&found, Some(1), "The input ends within this event");
    says(&found, Some(1), "has no ConfiguredNames");
    // Comments are no part of it, and other ways to write text are read.
    let text = whole.replace(
        "N/A</Data> \n <Data Name=\"ErrorCode\"",
        "<!-- <Data>x --><![CDATA[cifs/a]]>&#x62;</Data> \n <Data Name=\"ErrorCode\"",
    );
    assert_eq!(read(&text).refusals[0].target, Some(Target::Present("cifs/ab".into())));
}

#[test]
fn events_of_ntlm_and_netlogon_are_read() {
    for (name, ids) in [("ntlm-operational.xml", 4020..=4023), ("netlogon.xml", 4030..=4033)] {
        let found = fixture(name);
        let read: Vec<_> = found.stated.events.iter().map(|event| event.event).collect();
        assert_eq!(read, ids.collect::<Vec<_>>(), "{name}");
        for refusal in &found.refusals {
            let witness = refusal.record.witness.as_ref().unwrap();
            assert_eq!(witness.av_flags, Some(2), "{name}");
            assert!(witness.undocumented.iter().all(|one| one.value == "[not public]"), "{name}");
            let is_web = refusal.record.event == 4033;
            let target = (!is_web).then(|| Target::Present("cifs/10.0.0.100".into()));
            assert_eq!(refusal.target, target, "{name}");
        }
        // They are of a sign-in, and say nothing of the server's lists.
        assert_eq!(settings(&found), ServerSettings::default());
        assert!(found.stated.remarks.is_empty(), "{:?}", found.stated.remarks);
    }
}

#[test]
fn an_event_of_the_audit_log_shows_that_it_is_on() {
    let event = |provider: &str| {
        read(&format!(
            "<Event><System><Provider Name='{provider}'/><EventID>3025</EventID></System></Event>"
        ))
    };
    let found = event("Microsoft-Windows-SMBServer");
    assert!(settings(&found).audit_client_spn);
    let other = event("Somebody-Else");
    assert!(other.stated.is_empty());
    says(&other, None, "None of the events");
}

#[test]
fn event_551_is_read() {
    let found = fixture("event-551.txt");
    assert_eq!(found.level(), Some(Level::RequiredFromClient));
    assert_eq!(found.stated.level.as_ref().unwrap().line, 9);
    let refusal = &found.refusals[0];
    assert_eq!((refusal.record.event, refusal.record.error), (551, Some(0xC000_0022)));
    assert_eq!(refusal.target, Some(Target::Present("cifs/10.0.0.100".into())));
    assert_eq!(refusal.record.user.as_deref(), Some("LAB\\jane"));
    // It has no lists, so none is touched.
    let mut settings = full();
    found.apply(&mut settings);
    assert_eq!(settings, full());

    let german = fixture("event-551-german.txt");
    assert_eq!(german.stated.level, None);
    says(&german, Some(9), "the level was not read");
    assert_eq!(german.refusals[0].target, refusal.target);

    let text = String::from_utf8(bytes("event-551.txt")).unwrap();
    let early = read(
        &text
            .replace("cifs/10.0.0.100", "session setup failed before the SPN could be queried")
            .replace("0xC0000022", "0xC000006D")
            .replace("SPN required / validate full", "SPN optional / no validation"),
    );
    assert_eq!(early.level(), Some(Level::Off));
    assert_eq!((&early.refusals[0].target, &early.refusals[0].cure), (&None, &None));
    assert!(words::cause(&early.refusals[0]).contains("before the server checked a name"));
    // Attested for level 2 and a client without a name: the line is blank.
    let blank = read(&text.replace("cifs/10.0.0.100", ""));
    assert_eq!(blank.refusals[0].target, Some(Target::Absent));
    // Older versions end with the status.
    let old = read(&text[..text.find("SPN:").unwrap()]);
    assert_eq!((old.refusals[0].record.event, &old.refusals[0].target), (551, &None));
}

/// The reference, 1.1: five texts, of which two stand for no documented level.
#[test]
fn the_policy_of_event_551_is_read_in_words_too() {
    let text = String::from_utf8(bytes("event-551.txt")).unwrap();
    for (words, level) in [
        ("SPN optional / no validation", Some(Level::Off)),
        ("SPN optional / validate service name", None),
        ("SPN optional / validate full", Some(Level::AcceptIfProvided)),
        ("SPN required / validate service name", None),
        ("SPN required / validate full", Some(Level::RequiredFromClient)),
    ] {
        let found = read(&text.replace("SPN required / validate full", words));
        assert_eq!(found.level(), level, "{words}");
        if level.is_none() {
            says(&found, Some(9), &format!("The policy is \"{words}\". No documented level"));
        } else {
            assert!(found.stated.remarks.is_empty(), "{:?}", found.stated.remarks);
        }
    }
    let early = text
        .replace("cifs/10.0.0.100", "session setup failed before the SPN could be queried")
        .replace("SPN required / validate full", "SPN optional / no validation");
    says(&read(&early), Some(9), "in force (inferred)");
}

/// An event about signing or encryption is known, and nothing is taken from it.
#[test]
fn other_events_of_the_audit_log_are_told_apart() {
    for (id, tells) in [
        (3021, "does not support signing"),
        (3022, "does not support encryption"),
        (3023, "insecure guest"),
        (3027, "an SMB1 client"),
    ] {
        let found = read(&format!(
            "<Event><System><Provider Name='Microsoft-Windows-SMBServer'/><EventID>{id}</EventID></System>\
             <UserData><EventData xmlns='Smb3'><ClientName>\\\\nas</ClientName></EventData></UserData></Event>"
        ));
        let [told] = &found.refusals[..] else { panic!("{found:?}") };
        assert_eq!((told.record.event, told.record.line, &told.target), (id, 1, &None));
        let said = words::cause(told);
        assert!(said.contains(tells) && said.contains("nothing about a target name"), "{said}");
        let mut settings = full();
        found.apply(&mut settings);
        assert_eq!(settings, full());
    }
}

/// Exports without the names of the data have them in the published order.
#[test]
fn data_without_names_are_read_by_their_order() {
    let data = |values: &[&str]| -> String {
        values.iter().map(|value| format!("<Data>{value}</Data>")).collect()
    };
    let event = |id: u16, version: u8, values: &[&str]| {
        read(&format!(
            "<Event><System><Provider Name='Microsoft-Windows-SMBServer'/><EventID>{id}</EventID><Version>{version}</Version></System>\
             <EventData>{}</EventData></Event>",
            data(values)
        ))
    };
    let session = [
        "{1}",
        "{2}",
        "0xC0000022",
        "0xC0000022",
        "16",
        "02001F90",
        "0x1",
        "8",
        "LAB\\jane",
        "13",
        "\\\\10.10.10.20",
        "cifs/files",
        "2",
        "0",
    ];
    let found = event(551, 3, &session);
    assert_eq!(found.level(), Some(Level::AcceptIfProvided));
    assert_eq!(found.refusals[0].target, Some(Target::Present("cifs/files".into())));
    assert_eq!(found.refusals[0].record.user.as_deref(), Some("LAB\\jane"));
    let found = event(3025, 0, &["13", "\\\\10.10.10.20", "cifs/files", "true", "false", "4"]);
    assert_eq!(found.level(), Some(Level::RequiredFromClient));
    assert_eq!(found.refusals[0].target, Some(Target::Present("cifs/files".into())));
    assert_eq!(event(3026, 0, &["13", "\\\\c", "0"]).level(), Some(Level::Off));
}

/// The reference, 1.1: the numbers of the policy, which are not the registry's.
#[test]
fn the_policy_of_event_551_is_not_the_value_of_the_registry() {
    let text = String::from_utf8(bytes("events.xml")).unwrap();
    for (policy, level) in
        [("0", Some(0)), ("1", None), ("2", Some(1)), ("4", Some(2)), ("3", None), ("9", None)]
    {
        let found = read(
            &text.replace("<SPNValidationPolicy>4", &format!("<SPNValidationPolicy>{policy}")),
        );
        assert_eq!(found.stated.level.map(|level| level.value), level, "{policy}");
    }
}

#[test]
fn the_registry_is_read_as_it_is_printed_and_exported() {
    for (name, form, lines) in
        [("reg-query.txt", Form::RegistryQuery, (5, 6)), ("server.reg", Form::RegistryFile, (5, 6))]
    {
        let found = fixture(name);
        let level = found.stated.level.as_ref().unwrap();
        let allowed = found.stated.allowed.as_ref().unwrap();
        assert_eq!((level.value, level.form, (level.line, allowed.line)), (1, form, lines));
        assert_eq!(allowed.value, ["10.0.0.100", "nas.lab.lan"]);
        assert_eq!(found.level(), Some(Level::AcceptIfProvided));
        // What is not in it stays.
        let mut settings = full();
        found.apply(&mut settings);
        assert_eq!(settings, ServerSettings { allowed: allowed.value.clone(), ..full() });
        assert!(found.stated.remarks.is_empty(), "{:?}", found.stated.remarks);
    }
    assert!(fixture("server.reg").stated.audit_client_spn.unwrap().value);
}

/// The `.reg` file and the `reg add` of a remedy are read as the list they make.
#[test]
fn a_reg_file_of_a_remedy_imports_to_the_server_it_makes() {
    let settings =
        ServerSettings { allowed: vec!["nas.lab.lan".into(), "fd00::7".into()], ..story_server() };
    let situation = Situation {
        evidence: evidence(Target::Present("cifs/10.0.0.100".into()), ResponseKind::Ntlmv2),
        server: Server::new(&settings, &ServerNames::default()),
        level: Level::RequiredFromClient,
    };
    let remedies = remedies(&situation, AllowList::Complete);
    let remedy = remedies.iter().find(|remedy| remedy.code == "allow-name").unwrap();
    let expected = remedy.change.applied(&situation).server.settings;
    let file = remedy.commands.iter().find(|command| command.shell == Shell::RegistryFile);
    for bytes in encodings(&file.unwrap().text) {
        let found = Import::read(&bytes, BareListKind::Allowed);
        assert_eq!(found.stated.remarks, []);
        let mut imported = settings.clone();
        found.apply(&mut imported);
        assert_eq!(imported, expected);
    }
}

#[test]
fn values_count_only_under_the_keys_where_they_are_read() {
    let set = |key: &str, value: &str| format!("[HKEY_LOCAL_MACHINE\\{key}]\r\n{value}\r\n");
    let level = "\"SmbServerNameHardeningLevel\"=dword:00000002";
    for (key, counts) in [
        ("SYSTEM\\CurrentControlSet\\Services\\LanmanServer\\Parameters", true),
        ("system\\currentcontrolset\\services\\LANMANSERVER\\parameters", true),
        ("SYSTEM\\ControlSet001\\Services\\LanmanServer\\Parameters", false),
        ("SYSTEM\\CurrentControlSet\\Services\\LanmanWorkstation\\Parameters", false),
        ("SOFTWARE\\Policies\\Microsoft\\Windows\\LanmanServer", false),
    ] {
        let found = read(&set(key, level));
        assert_eq!(found.stated.level.is_some(), counts, "{key}");
        if !counts {
            says(&found, Some(2), "so it was not read");
        }
    }
    let parameters = "SYSTEM\\CurrentControlSet\\Services\\LanmanServer\\Parameters";
    let policies = "SOFTWARE\\Policies\\Microsoft\\Windows\\LanmanServer";
    let audit = |number| format!("\"AuditClientSpnSupport\"=dword:0000000{number}");
    for (first, second) in [(policies, parameters), (parameters, policies)] {
        let value = |key| audit(usize::from(key == policies));
        let found = read(&[set(first, &value(first)), set(second, &value(second))].concat());
        assert!(found.stated.audit_client_spn.unwrap().value, "the policy comes first");
    }
    let removed = format!("[-HKEY_LOCAL_MACHINE\\{parameters}]\r\n{level}\r\n");
    assert_eq!(read(&removed).stated.level, None);
    let comment = set(parameters, &format!("; {level}"));
    assert_eq!(read(&comment).stated.level, None);
}

#[test]
fn odd_values_are_said_and_not_taken() {
    for (text, words) in [
        ("\"SrvAllowedServerNames\"=hex(7):31,00,3", "not a byte in hex"),
        ("\"SrvAllowedServerNames\"=hex(7):31,00,33", "odd number of bytes"),
        ("\"SrvAllowedServerNames\"=hex(7):31,00,\\", "the input ends within it"),
        ("\"SrvAllowedServerNames\"=\"nas\"", "a REG_SZ"),
        ("\"SrvAllowedServerNames\"=dword:00000001", "REG_MULTI_SZ"),
        ("    SrvAllowedServerNames    REG_SZ    nas", "a REG_SZ"),
        ("    SmbServerNameHardeningLevel    REG_DWORD    one", "is not a number"),
        ("SrvAllowedServerNames : {nas, 10.0.0.100...}", "left some of its names out"),
        ("SrvAllowedServerNames : {nas,", "does not end"),
        ("SmbServerNameHardeningLevel :", "nothing follows its name"),
        ("SmbServerNameHardeningLevel : {1}", "REG_DWORD"),
    ] {
        let found = read(text);
        assert!(found.stated.is_empty(), "{text}: {found:?}");
        says(&found, Some(1), words);
    }
    let three = read("SmbServerNameHardeningLevel : 3");
    assert_eq!((three.stated.level.as_ref().unwrap().value, three.level()), (3, None));
    says(&three, Some(1), "not simulated");
    let seven = read("SmbServerNameHardeningLevel : 7");
    assert_eq!((seven.stated.level.as_ref().unwrap().value, seven.level()), (7, None));
    says(&seven, Some(1), "not documented");
}

#[test]
fn get_smb_server_configuration_leaves_the_allowed_names_alone() {
    for name in ["get-smbserverconfiguration.txt", "get-smbserverconfiguration-table.txt"] {
        let text = String::from_utf8(bytes(name)).unwrap();
        for bytes in encodings(&text) {
            let found = Import::read(&bytes, BareListKind::Allowed);
            assert_eq!(found.level(), Some(Level::RequiredFromClient), "{name}");
            let mut settings = full();
            found.apply(&mut settings);
            assert_eq!(settings, full());
            says(&found, None, "left as they are");
        }
    }
}

#[test]
fn other_ways_to_print_the_values_are_read() {
    let two = ["nas", "10.0.0.100"];
    for text in [
        "SmbServerNameHardeningLevel : 1\nSrvAllowedServerNames       : {nas, 10.0.0.100}\n",
        "SmbServerNameHardeningLevel : 1\nSrvAllowedServerNames       : {nas,\n                              10.0.0.100}\n",
        "{\n  \"SmbServerNameHardeningLevel\":  1,\n  \"SrvAllowedServerNames\":  [\n    \"nas\",\n    \"10.0.0.100\"\n  ]\n}",
        "MACHINE\\System\\CurrentControlSet\\Services\\LanManServer\\Parameters\\SmbServerNameHardeningLevel=4,1\nMACHINE\\System\\CurrentControlSet\\Services\\LanManServer\\Parameters\\SrvAllowedServerNames=7,nas,10.0.0.100",
        "SmbServerNameHardeningLevel SrvAllowedServerNames\n--------------------------- ---------------------\n                          1 {nas, 10.0.0.100}\n",
        "REGEDIT4\n\"SmbServerNameHardeningLevel\"=dword:00000001\n\"SrvAllowedServerNames\"=hex(7):6e,61,73,00,31,30,2e,30,2e,30,2e,31,30,30,00,00",
        "  SmbServerNameHardeningLevel  REG_DWORD  0x1\n  SrvAllowedServerNames  REG_MULTI_SZ  nas,10.0.0.100",
    ] {
        let found = read(text);
        assert_eq!(found.level(), Some(Level::AcceptIfProvided), "{text}");
        assert_eq!(found.stated.allowed.expect(text).value, two, "{text}");
    }
    let empty = read("    SrvAllowedServerNames    REG_MULTI_SZ    \n");
    assert_eq!(empty.stated.allowed.unwrap().value, [""; 0]);
}

#[test]
fn a_list_of_names_is_one_of_allowed_names_unless_said_otherwise() {
    for text in [
        "nas.lab.lan\r\n10.0.0.100\r\n\r\n",
        "nas.lab.lan, 10.0.0.100",
        "\"nas.lab.lan\";10.0.0.100;",
    ] {
        let found = read(text);
        assert_eq!(found.stated.allowed.as_ref().unwrap().value, ["nas.lab.lan", "10.0.0.100"]);
        assert_eq!((&found.stated.names, &found.stated.addresses), (&None, &None));
        let own = Import::read(text.as_bytes(), BareListKind::Own);
        assert_eq!(own.stated.names.unwrap().value, ["nas.lab.lan"]);
        assert_eq!(own.stated.addresses.unwrap().value, addresses(&["10.0.0.100"]));
        assert_eq!(own.stated.allowed, None);
    }
    // A list is taken whole or not at all.
    for mixed in ["nas\nthis is prose\n", "nas\n10.0.0\n"] {
        let mixed = read(mixed);
        assert!(mixed.stated.is_empty(), "{mixed:?}");
        says(&mixed, Some(2), "neither a name nor an address");
    }
    for nothing in
        ["", " \n\t", "this is prose.\nand more of it.", "TlRMTVNTUAADAAAAGAAYAP//AADUANQA+/="]
    {
        assert!(read(nothing).stated.is_empty(), "{nothing}");
    }
}

#[test]
fn events_and_values_together_are_both_taken() {
    let text = [bytes("event-5168.txt"), bytes("reg-query.txt")].concat();
    let found = Import::read(&text, BareListKind::Allowed);
    assert_eq!(found.stated.names.unwrap().value[0], "DCFR");
    // The registry is what the server has now.
    assert_eq!(found.stated.allowed.unwrap().value, ["10.0.0.100", "nas.lab.lan"]);
}

/// The pieces that imports repeat and that were made to take long.
const REPEATED: &[&str] = &[
    "<",
    "<!--",
    "<![CDATA[",
    "<?",
    "<a ",
    "<Data>",
    "<Data Name='SpnName'>",
    "<Event>",
    "&",
    "&#x41;",
    "<Data Name=",
    ":",
    ": ",
    "\n",
    "a\n",
    "0x1\n",
    "x: 0x1\n",
    "x: 1;\n",
    "x: (0x1)\n",
    "x: 0x1\nx: (0x1)\nx: a\nx: a / b\n",
    "SrvAllowedServerNames : {\n",
    "SrvAllowedServerNames : {a\n\n",
    "\"SrvAllowedServerNames\"=hex(7):31,\\\n",
    "31,\\\n",
    "S",
    "SmbServerNameHardeningLevel ",
    "SmbServerNameHardeningLevel\n--\n",
    "-- ",
    "a,",
    "10.0.0.1;",
    "{",
    "[",
    "[HKEY_",
    "SpnName=a ",
    "SpnName [",
    "ServerNames\n",
    "{\"SpnName\":\"a\",\"ServerNames\":\"b;\"},",
    "SpnName,ErrorCode\na,0x1\n",
    "{\"EventID\":551,\"SPN\":\"a\",\"SPNValidationPolicy\":4}",
    "{\"a\":\"{\\\"",
    "{\"StringInserts\":[",
    "{\"Properties\":[{\"Value\":\"a\"}]}",
    "{\"message\":\"Status: 0x1 and more of it\"}\n",
    "{'",
    "[[",
    "{\"a\":",
    "EventID,Source\n\"",
    "\"\"\"",
    "\"a\n",
    "Microsoft-Windows-SMBServer\t551\t",
    "Microsoft-Windows-SMBServer 551 ",
    "Source: Microsoft-Windows-SMBServer\nEvent ID: 551\n",
    "EventID=551 SPN=a ",
    "Status: a\n",
    "x: {00000000-0000-0000-0000-000000000000}\n",
    "<Param>a</Param>",
    "&lt;Event&gt;",
    "SPN Validation Policy",
    "S_P_N_",
    "SrvAllowedServerNames:\na\n",
    "\\",
    "\\u",
    "\\n",
    "\u{feff}",
    "é",
    "\0",
    "\0a",
    "a\0",
    "SrvAllowedServerNames REG_MULTI_SZ a\\0",
];
/// An event in a string of a string of a string of JSON.
fn within_itself() -> String {
    let words = "Status: 0x1 ".repeat(1 << 17);
    let inner = format!("{{\"EventID\": 551, \"log\": \"{words}\"}}");
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    (0..3).fold(inner, |text, _| format!("{{\"log\": {}}}", quoted(&text)))
}

#[test]
fn four_mib_of_anything_end_with_bounded_lists() {
    let event = String::from_utf8(bytes("event-5168.txt")).unwrap();
    let xml = String::from_utf8(bytes("events.xml")).unwrap();
    let long_event = event.replace("DCFR;", &"a;".repeat(1 << 20));
    let pieces = REPEATED.iter().copied().chain([event.as_str(), &xml]);
    let mut inputs: Vec<_> =
        pieces.map(|piece| piece.repeat((4 << 20) / piece.len() + 1)).collect();
    inputs.push(format!("\"SrvAllowedServerNames\"=hex(7):{}", "31,00,\\\n".repeat(1 << 19)));
    inputs.push(format!("SrvAllowedServerNames : {{{}", "a, b\n".repeat(1 << 19)));
    inputs.push(within_itself());
    inputs.push(long_event.clone() + &xml.repeat(1000));
    inputs.push(format!(
        "SrvAllowedServerNames REG_MULTI_SZ {}\n{}",
        "a\\0".repeat(1 << 20),
        xml.repeat(1000)
    ));
    inputs.push(long_event);
    for input in inputs {
        let found = Import::read(input.as_bytes(), BareListKind::Allowed);
        assert!(found.stated.remarks.len() <= 101 && found.refusals.len() <= 1000);
        assert!(found.stated.allowed.is_none_or(|allowed| allowed.value.len() <= 1000));
        assert!(found.stated.names.is_none_or(|names| names.value.len() <= 1000));
    }
    let large = Import::read(&vec![b'a'; (4 << 20) + 1], BareListKind::Allowed);
    says(&large, None, "larger than 4 MiB");
}

#[test]
fn lines_and_tags_beyond_the_limit_are_reported_and_not_read() {
    let level = "SmbServerNameHardeningLevel : 1\n";
    let found = read(&(level.to_owned() + &"x\n".repeat(100_000)));
    assert_eq!(found.stated.level.map(|level| level.value), Some(1));
    says(&read(&"x\n\n".repeat(100_001)), Some(200_001), "more than 100000 lines");
    let last = read(&("x\n".repeat(100_000) + level));
    assert_eq!(last.stated.level, None);
    says(&last, Some(100_001), "more than 100000 lines");
    assert!(read(&("x\n".repeat(99_999) + level)).stated.level.is_some());

    let event = fs::read_to_string(path("imports/event-5168.xml")).unwrap().trim_end().to_owned();
    let found = read(&(event.clone() + &"\n<a/>".repeat(300_000) + &event));
    assert_eq!(found.refusals.len(), 1);
    let lines = event.matches('\n').count();
    let tags =
        event.matches('<').count() - event.matches("<!").count() - event.matches("<?").count();
    says(
        &found,
        Some(lines + 300_001 - tags + 1),
        "more than 300000 tags. From here on no XML was read.",
    );
    says(&found, Some(100_001), "more than 100000 lines. From here on only XML was read.");
    // The event that has begun there is not read, and not told as one that ends too soon.
    let inside = event.replacen("</System>", &format!("</System>{}", "<a/>".repeat(300_000)), 1);
    let found = read(&(event + "\n" + &inside));
    says(&found, Some(lines + 2), "more than 300000 tags");
    assert_eq!(
        (found.refusals.len(), found.stated.remarks.len()),
        (1, 2),
        "{:?}",
        found.stated.remarks
    );
}

fn fixtures() -> Vec<Vec<u8>> {
    let folder = fs::read_dir(path("imports")).unwrap();
    let all: Vec<_> = folder.map(|file| fs::read(file.unwrap().path()).unwrap()).collect();
    assert!(all.len() >= 12);
    all
}

#[test]
fn every_truncation_is_read() {
    for bytes in fixtures() {
        for end in 0..bytes.len() {
            let found = Import::read(&bytes[..end], BareListKind::Own);
            found.apply(&mut full());
        }
    }
}

fn host() -> impl Strategy<Value = String> {
    "[A-Za-z][A-Za-z0-9-]{0,14}(\\.[a-z][a-z0-9-]{0,9}){0,2}"
}

fn server() -> impl Strategy<Value = ServerSettings> {
    let short = "[A-Z][A-Z0-9]{0,14}";
    let lists = (prop::collection::vec(any::<IpAddr>(), 1..5), prop::collection::vec(host(), 0..6));
    (short, short, "[a-z]{1,8}\\.[a-z]{2,5}", any::<bool>(), lists)
        .prop_filter("two names", |(host, domain, ..)| host != domain)
        .prop_map(|(host, domain, dns, is_controller, (addresses, allowed))| ServerSettings {
            role: if is_controller { Role::DomainController } else { Role::Member },
            names: vec![format!("{}.{dns}", host.to_lowercase()), host],
            domains: if is_controller { vec![domain, dns] } else { Vec::new() },
            addresses: addresses.into_iter().filter(|a| !LOOPBACK.contains(a)).collect(),
            allowed,
            ..ServerSettings::default()
        })
}

proptest! {
    #[test]
    fn events_and_exports_of_a_server_import_to_the_same_server(server in server(), level in 0_u32..3) {
        // Names that the domain's are made of.
        prop_assume!(!server.names.iter().any(|name| server.domains.iter().any(|d| d.eq_ignore_ascii_case(name))));
        let listed = Server::new(&server, &ServerNames::default());
        let list = |items: Vec<String>| items.iter().map(|item| format!("{item};")).collect::<String>();
        let names = list(listed.server_names().iter().map(ToString::to_string).collect());
        let allowed = if server.allowed.is_empty() { "N/A".to_owned() } else { list(server.allowed.clone()) };
        let addresses = format!("127.0.0.1;::1;;{}", list(server.addresses.iter().map(ToString::to_string).collect()));
        let event = format!(
            "<Event><System><EventID>5168</EventID></System><EventData><Data Name='SpnName'>cifs/x</Data><Data Name='ErrorCode'>0xc0000022</Data><Data Name='ServerNames'>{names}</Data><Data Name='ConfiguredNames'>{allowed}</Data><Data Name='IpAddresses'>{addresses}</Data></EventData></Event>"
        );
        prop_assert_eq!(&settings(&read(&event)), &server);
        let text = format!("x: cifs/x\ny: 0xC0000022\n\nz:\na: {names}\nb: {allowed}\nc: {addresses}\n");
        prop_assert_eq!(&settings(&read(&text)), &server);

        let bytes: Vec<_> = server.allowed.iter().chain([&String::new()])
            .flat_map(|name| utf16(&format!("{name}\0"), false, u16::to_le_bytes))
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let pieces: Vec<_> = bytes.chunks(20).map(|piece| piece.join(",")).collect();
        let export = format!(
            "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\LanmanServer\\Parameters]\r\n\"SmbServerNameHardeningLevel\"=dword:{level:08x}\r\n\"SrvAllowedServerNames\"=hex(7):{}\r\n",
            pieces.join(",\\\r\n  ")
        );
        let found = Import::read(&utf16(&export, true, u16::to_le_bytes), BareListKind::Allowed);
        prop_assert_eq!(found.stated.level.as_ref().map(|level| level.value), Some(level));
        let mut settings = ServerSettings { allowed: vec!["old".into()], ..server.clone() };
        found.apply(&mut settings);
        prop_assert_eq!(settings, server);
    }

    #[test]
    fn anything_is_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), text in "\\PC{0,200}") {
        for input in [&bytes[..], text.as_bytes()] {
            Import::read(input, BareListKind::Allowed).apply(&mut full());
        }
    }

    #[test]
    fn changed_fixtures_are_read_without_panic(which in 0_usize..12, at in any::<prop::sample::Index>(), with in "[<>&;:=,{}\\[\\]\\\\\"'0x\\n %-]{1,8}") {
        let mut bytes = fixtures().swap_remove(which);
        let place = at.index(bytes.len());
        bytes.splice(place..place, with.bytes());
        let found = Import::read(&bytes, BareListKind::Own);
        let lines = 1 + String::from_utf8_lossy(&bytes).matches('\n').count();
        prop_assert!(found.stated.remarks.iter().all(|remark| remark.line.is_none_or(|line| (1..=lines).contains(&line))));
    }
}
