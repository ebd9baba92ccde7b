//! Every event that is known, in every form that exporters make of it, imports to the same facts.

use std::{fmt::Write as _, fs};

use spnscope::judge::{
    imports::{Cause, Import},
    smb::{ServerSettings, Target},
};
use spnscope::read::config::{BareListKind, Looks};
use spnscope::show::{report::remarks, words};

use crate::{
    fixtures::path,
    judge::{
        event_forms::{FIELD_FORMS, MESSAGE_FORMS},
        event_samples::{EVENTS, Event, Facts},
    },
};

/// The facts of each event that was read, and its number.
fn facts(import: &Import) -> Vec<(u16, Facts)> {
    let level = import.stated.level.as_ref().map(|level| level.value);
    let events = import.stated.events.iter().map(|record| {
        let facts = Facts {
            asked: record.asked.clone(),
            error: record.error,
            sub_status: record.sub_status,
            user: record.user.clone(),
            names: record.names.clone(),
            allowed: record.allowed.clone(),
            addresses: record.addresses.clone(),
            level,
            witness: record.witness.clone(),
        };
        (record.event, facts)
    });
    events.collect()
}

/// A text in the encodings in which programs write files.
fn encodings(text: &str) -> [Vec<u8>; 4] {
    let windows = text.replace('\n', "\r\n");
    let utf16 = ["\u{feff}", &windows].concat();
    [
        text.as_bytes().to_vec(),
        windows.clone().into_bytes(),
        ["\u{feff}", &windows].concat().into_bytes(),
        utf16.encode_utf16().flat_map(u16::to_le_bytes).collect(),
    ]
}

/// Collects what is wrong with the reading of `text`.
fn hold(what: &str, text: &str, expected: &[(u16, Facts)], wrong: &mut String) {
    for (index, bytes) in encodings(text).iter().enumerate() {
        let import = Import::read(bytes, BareListKind::Allowed);
        let found = facts(&import);
        if found != expected {
            let _ = writeln!(
                wrong,
                "{what}, encoding {index}: {found:?}\n   instead of {expected:?}\n{text}\n{:?}\n",
                import.stated.remarks
            );
            return;
        }
        let is_list = import.stated.allowed.is_some() && expected.iter().all(|(id, _)| *id != 5168);
        if is_list || import.stated.looks.is_some() {
            let _ = writeln!(wrong, "{what}: a list was taken of it\n{text}");
        }
    }
}

#[test]
fn every_event_in_every_form_of_fields_imports_to_the_same_facts() {
    let mut wrong = String::new();
    for event in EVENTS {
        for (form, write) in FIELD_FORMS {
            let what = format!("{} v{} from {form}", event.id, event.version);
            hold(&what, &write(event), &[(event.id, (event.facts)())], &mut wrong);
        }
    }
    let count = wrong.matches("instead of").count();
    assert!(wrong.is_empty(), "{count} are wrong\n{wrong:.30000}");
}

#[test]
fn every_message_in_every_form_imports_to_the_same_facts_in_any_language() {
    let mut wrong = String::new();
    for event in EVENTS {
        for (form, write) in MESSAGE_FORMS {
            for (language, text) in [("English", event.text), ("translated", event.translated)] {
                let Some(text) = text else { continue };
                let mut expected = (event.facts)();
                // The words of the policy are known in English alone.
                if event.id == 551 && language == "translated" {
                    expected.level = None;
                }
                let what = format!("{} from {form}, {language}", event.id);
                hold(&what, &write(event, text), &[(event.id, expected)], &mut wrong);
            }
        }
    }
    let count = wrong.matches("instead of").count();
    assert!(wrong.is_empty(), "{count} are wrong\n{wrong:.30000}");
}

fn read(text: &str) -> Import {
    Import::read(text.as_bytes(), BareListKind::Allowed)
}

fn sample(id: u16) -> &'static Event {
    EVENTS.iter().find(|event| event.id == id).expect("a sample")
}

fn form(name: &str) -> fn(&Event) -> String {
    FIELD_FORMS.iter().find(|(form, _)| *form == name).expect("a form").1
}

/// Several events in one text are as many, in their order.
#[test]
fn several_events_are_told_apart() {
    let mut wrong = String::new();
    let mut hold = |what: &str, text: &str, expected: &[u16]| {
        let found: Vec<_> = read(text).stated.events.iter().map(|record| record.event).collect();
        if found != expected {
            let _ = writeln!(wrong, "{what}: {found:?} instead of {expected:?}\n{text}\n");
        }
    };
    let ids = [5168, 551, 3025, 4022, 5168];
    for (name, write) in FIELD_FORMS {
        // One that ends in its middle is the last, and tables have one heading.
        let is_alone = ["cut", "table", "CSV", "escaped"].iter().any(|word| name.contains(word));
        if is_alone {
            continue;
        }
        for between in ["\n", "\n\n", "\r\n"] {
            let text: String =
                ids.map(|id| write(sample(id)).trim_end().to_owned() + between).concat();
            hold(name, &text, &ids);
        }
    }
    for name in ["Winlogbeat", "NXLog", "Wazuh", "Fluent Bit", "ConvertTo-Json", "evtx_dump"] {
        let write = form(name);
        let list = format!("[{}]", ids.map(|id| write(sample(id))).join(",\n"));
        let all = [list.clone(), format!("{{\"value\": {list}, \"count\": 5}}")];
        for text in all {
            hold(name, &text, &ids);
        }
    }
    for (name, write) in MESSAGE_FORMS {
        let is_alone = ["CSV", "Csv", "RenderedDescription"].iter().any(|word| name.contains(word));
        if is_alone {
            continue;
        }
        let texts = [5168, 551, 5168].map(|id| {
            let event = sample(id);
            write(event, event.text.expect("a text"))
        });
        hold(name, &texts.concat(), &[5168, 551, 5168]);
    }
    assert!(wrong.is_empty(), "{wrong:.20000}");
}

/// Nothing is read of what only looks like an event, and nothing of it becomes a list of names.
#[test]
fn text_that_only_looks_like_an_event_gives_nothing() {
    for text in [
        // The numbers of events, of other programs or of nobody.
        r#"{"EventID": 551, "ProviderName": "Security", "Status": "0xC0000022"}"#,
        r#"{"EventID": 3025, "SourceName": "Microsoft-Windows-Kernel-Power", "SPN": "cifs/a"}"#,
        r#"{"EventID": 4625, "Channel": "Application", "Status": "0xC000006D"}"#,
        r#"{"id": 5168, "name": "a document", "status": "0xC0000022"}"#,
        r#"{"_id": "4022", "_source": {"title": "a page"}}"#,
        r#"{"event_id": 4625, "message": "order 4625 was sent to you yesterday"}"#,
        r#"{"code": 5168, "spn": "cifs/a"}"#,
        // Names of fields elsewhere.
        r#"{"spnName": "HTTP/files", "port": 80}"#,
        r#"{"serverNames": "files", "timeout": 5}"#,
        r#"{"servers": [{"status": "0x1", "userName": "anna"}]}"#,
        "status=0xC0000022 username=anna version=2",
        "Source: nobody\nEvent ID: 551\nDescription:\nsomebody did something",
        "EventID=5168",
        "Order 551 of Microsoft-Windows-SMBServers shipped",
        "<Event><System><Provider Name='Somebody'/><EventID>551</EventID></System><EventData><Data Name='SPN'>a</Data></EventData></Event>",
        "<Event><System><EventID>551</EventID></System></Event>",
        "<Provider Name='Microsoft-Windows-SMBServer'/>",
        "4022\n4030\n5168",
        // Values alone, without a number that says which.
        r#"{"StringInserts": ["S-1-5-21-1", "anna", "LAB", "0x1", "cifs/a", "0xc0000022", "LAB;", "N/A", "::1;"]}"#,
        "Fuse 1: 0xC0000022\nFuse 2: 0x1\n",
    ] {
        for bytes in encodings(text) {
            let found = Import::read(&bytes, BareListKind::Allowed);
            assert!(found.stated.events.is_empty(), "{text}: {found:#?}");
            let mut settings = ServerSettings::default();
            found.apply(&mut settings);
            assert_eq!(settings, ServerSettings::default(), "{text}: {found:#?}");
        }
    }
}

/// A part of an event, whichever it is, becomes no list of allowed names.
#[test]
fn no_part_of_an_event_is_a_list_of_names() {
    for event in EVENTS {
        let texts = FIELD_FORMS.iter().map(|(_, write)| write(event));
        for text in texts.chain(event.text.map(str::to_owned)) {
            let lines: Vec<_> = text.lines().collect();
            for start in 0..lines.len() {
                let part = lines[start..(start + 3).min(lines.len())].join("\n");
                let found = read(&part);
                let Some(allowed) = &found.stated.allowed else { continue };
                let is_own = allowed.value == ["nas.lab.lan"];
                assert!(is_own && found.stated.looks.is_none(), "{part}: {allowed:?}");
            }
        }
    }
}

/// NTLM's own account of a sign-in is judged if it was meant for a file server, and not otherwise.
#[test]
fn a_name_of_another_service_is_not_judged() {
    let text = form("NXLog")(sample(4022));
    let found = read(&text);
    assert_eq!(found.refused(), Some(&Target::Present("cifs/10.0.0.100".into())));
    assert_eq!(found.refusals[0].cause, Cause::Witnessed);
    let said = words::cause(&found.refusals[0]);
    assert!(said.contains("asked for cifs/10.0.0.100"), "{said}");
    assert!(said.contains("MicStatus \"[not public]\""), "{said}");
    for (name, server) in [
        ("HTTP/files.lab.lan", "a web server (HTTP)"),
        ("ldap/dc1", "a directory server (LDAP)"),
        ("MSSQLSvc/db:1433", "a database server (TDS)"),
        ("HOST/files", "not the name of a file server"),
        ("WSMAN/files", "not the name of a file server"),
    ] {
        let found = read(&text.replace("cifs/10.0.0.100", name));
        assert_eq!((found.refused(), &found.refusals[0].cure), (None, &None), "{name}");
        let said = words::cause(&found.refusals[0]);
        assert!(said.contains(name) && said.contains(server), "{said}");
        assert!(said.contains("this policy does not apply to it"), "{said}");
        assert!(found.refusals[0].answers(&ServerSettings::default()).is_none(), "{name}");
    }
    // In an event of the SMB server the name is what came over SMB.
    let smb = read(&form("NXLog")(sample(3025)).replace("cifs/10.0.0.100", "HTTP/files"));
    assert_eq!(smb.refused(), Some(&Target::Present("HTTP/files".into())));
}

/// Of `MsvAvFlags` the number is what the client sent. What is no number, and no name, says
/// nothing.
#[test]
fn only_what_is_documented_of_a_witness_counts() {
    let text = form("NXLog")(sample(4022));
    let marked = read(&text.replace("\"0x2\"", "\"0x6\""));
    assert_eq!(marked.refused(), Some(&Target::Untrusted("cifs/10.0.0.100".into())));
    assert!(words::cause(&marked.refusals[0]).contains("marked that name as untrusted"));
    for value in ["", "-", "N/A", "[not public]", "(NULL)", "Not present"] {
        let found = read(&text.replace("cifs/10.0.0.100", value));
        let [told] = &found.refusals[..] else { panic!("{value}: {found:#?}") };
        assert_eq!((&told.target, &told.cure), (&None, &None), "{value}");
        assert!(words::cause(told).contains("does not show what the client asked for"), "{value}");
    }
    let odd = read(&text.replace("\"0x2\"", "\"[not public]\""));
    assert_eq!(odd.stated.events[0].witness.as_ref().unwrap().av_flags, None);
    assert_eq!(odd.refused(), Some(&Target::Present("cifs/10.0.0.100".into())));
}

/// An event that says nothing of a name is told of where no other is there, and what it says and
/// what not.
#[test]
fn an_event_without_a_name_says_what_it_says() {
    let case = fs::read_to_string(path("cases/39-event-4625.txt")).unwrap();
    let found = read(&case);
    let [told] = &found.refusals[..] else { panic!("{found:#?}") };
    let said = words::cause(told);
    assert_eq!((told.record.event, told.record.user.as_deref()), (4625, Some("anna")));
    for part in [
        "SEC_E_UNSUPPORTED_FUNCTION (0x80090302)",
        "sub-status STATUS_NTLM_BLOCKED (0xC0000418)",
        "before the server checked a target name",
        "nothing about the name",
    ] {
        assert!(said.contains(part), "{said}");
    }
    for id in [3021, 3022, 3023, 3027, 4624, 4625] {
        let found = read(&form("Winlogbeat")(sample(id)));
        let [told] = &found.refusals[..] else { panic!("{found:#?}") };
        assert_eq!((told.record.event, &told.target, &told.cure), (id, &None, &None));
        assert!(words::cause(told).contains("says nothing about "), "{}", words::cause(told));
        let mut settings = ServerSettings::default();
        found.apply(&mut settings);
        assert_eq!(settings, ServerSettings::default(), "{id}");
        // Beside an event about a name it is skipped.
        let both = read(&[form("NXLog")(sample(id)), form("NXLog")(sample(5168))].join("\n"));
        let [told] = &both.refusals[..] else { panic!("{both:#?}") };
        assert_eq!(told.record.event, 5168);
        let said = remarks(&both);
        assert!(said.iter().any(|remark| remark.message.contains("skipped")), "{said:?}");
    }
}

#[test]
fn a_session_that_failed_early_says_so_in_every_form() {
    let early = "session setup failed before the SPN could be queried";
    let event = sample(551);
    let text = event.text.unwrap().replace("cifs/10.0.0.100", early);
    let text = text.replace("SPN required / validate full", "SPN optional / no validation");
    for (name, write) in MESSAGE_FORMS {
        let found = read(&write(event, &text));
        let [told] = &found.refusals[..] else {
            panic!("{name}: {found:#?}\n{}", write(event, &text))
        };
        assert_eq!((&told.target, &told.cause), (&None, &Cause::BeforeTheName), "{name}");
        assert_eq!(found.stated.level.as_ref().map(|level| level.value), Some(0), "{name}");
        let said = remarks(&found);
        assert!(said.iter().any(|remark| remark.message.contains("(inferred)")), "{name}");
    }
}

/// A text that looks like an event and cannot be read asks for the whole of it.
#[test]
fn unread_parts_of_an_event_are_asked_for() {
    for text in ["ServiceBinding: x", "SPN Validation Policy\n4", "MSWinEventLog\t5168"] {
        let found = read(text);
        assert_eq!(found.stated.looks, Some(Looks::Event), "{text}: {found:#?}");
        assert!(found.stated.events.is_empty() && found.stated.allowed.is_none());
    }
}
