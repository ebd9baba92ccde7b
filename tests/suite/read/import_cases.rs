//! Events and settings in forms that people and agents pass them on in, and what is no list of
//! names.

use std::fs;

use spnscope::judge::{
    imports::Import,
    smb::{ServerSettings, Target},
};
use spnscope::read::config::{BareListKind, Looks};
use spnscope::show::words;

use crate::fixtures::path;

const NAMES: &str = "LAB;lab.lan;dcfr.lab.lan;DCFR;LocalHost;";
const ADDRESSES: &str = "127.0.0.1;::1;10.0.0.11;fe80::1;";

fn read(text: &str) -> Import {
    Import::read(text.as_bytes(), BareListKind::Allowed)
}

fn case(name: &str) -> String {
    fs::read_to_string(path(&format!("cases/{name}"))).expect("a fixture")
}

/// Holds that the server's own lists are read as its own, and that nothing becomes an allowed name.
fn has_own_lists(text: &str) -> Import {
    let found = read(text);
    let names = found.stated.names.as_ref().unwrap_or_else(|| panic!("{text}: {found:#?}"));
    assert_eq!(names.value, ["LAB", "lab.lan", "dcfr.lab.lan", "DCFR", "LocalHost"], "{text}");
    let addresses = found.stated.addresses.as_ref().unwrap_or_else(|| panic!("{text}: {found:#?}"));
    let shown: Vec<_> = addresses.value.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["10.0.0.11", "fe80::1"], "{text}");
    assert_eq!(found.stated.allowed.as_ref().map(|allowed| allowed.value.len()), Some(0), "{text}");
    found
}

fn is_the_event(text: &str) -> Import {
    let found = has_own_lists(text);
    let [refusal] = &found.refusals[..] else { panic!("{text}: {:#?}", found.refusals) };
    assert_eq!(refusal.target, Some(Target::Present("cifs/10.0.0.100".into())), "{text}");
    assert_eq!(refusal.record.error, Some(0xC000_0022), "{text}");
    assert!(
        words::cause(refusal).starts_with("cifs/10.0.0.100 was refused: "),
        "{}",
        words::cause(refusal)
    );
    found
}

/// Holds that nothing is taken of `text`, in the place of either list, and that a sentence asks.
fn asks(text: &str, looks: Looks) {
    for means in [BareListKind::Allowed, BareListKind::Own] {
        let found = Import::read(text.as_bytes(), means);
        if means == BareListKind::Own && looks == Looks::OwnNames {
            assert_eq!((&found.stated.allowed, found.stated.looks), (&None, None), "{text}");
            continue;
        }
        assert!(found.stated.is_empty(), "{text}: {found:#?}");
        assert_eq!(found.stated.looks, Some(looks), "{text}");
        let mut settings = ServerSettings::default();
        found.apply(&mut settings);
        assert_eq!(settings, ServerSettings::default(), "{text}");
        let said = found.stated.remarks.iter().any(|remark| remark.message.contains(looks.words()));
        assert!(said, "{text}: {:#?}", found.stated.remarks);
    }
}

#[test]
fn each_event_that_became_a_list_of_names_is_read() {
    for name in [
        "min-02-event-in-json-becomes-allowed-names.txt",
        "min-02b-event-quoted-becomes-allowed-names.txt",
        "min-02c-event-in-one-line-becomes-allowed-names.txt",
        "28b-event-5168-fields-in-json.txt",
    ] {
        is_the_event(&case(name));
    }
    let lists = has_own_lists(&case("min-02d-lists-of-an-event-become-allowed-names.txt"));
    assert_eq!(lists.refusals[0].target, None);
    let agent = is_the_event(&case("28b-event-5168-fields-in-json.txt"));
    assert_eq!(agent.refusals[0].record.computer.as_deref(), Some("dcfr.lab.lan"));
    assert_eq!(agent.refusals[0].record.user.as_deref(), Some("anna"));
    assert_eq!(agent.stated.names.unwrap().line, 14);
}

#[test]
fn fields_are_read_as_agents_and_tables_spell_them() {
    let fields = [
        ("SpnName", "cifs/10.0.0.100"),
        ("ErrorCode", "0xc0000022"),
        ("ServerNames", NAMES),
        ("ConfiguredNames", "N/A"),
        ("IpAddresses", ADDRESSES),
    ];
    let joined = |before: &str, between: &str, after: &str, next: &str| {
        let all = fields.map(|(name, value)| format!("{before}{name}{between}{value}{after}"));
        all.join(next)
    };
    for text in [
        format!(
            "{{\"EventTime\":\"2026-11-28 09:08:07\",\"EventID\":5168,{}}}",
            joined("\"", "\":\"", "\"", ",")
        ),
        format!("{{{}}}", joined("\"winlog.event_data.", "\": \"", "\"", ",\n  ")),
        format!(
            "{{\"EventData\":{{\"Data\":[{}]}}}}",
            joined("{\"@Name\":\"", "\",\"#text\":\"", "\"}", ",")
        ),
        format!("[{}]", joined("{\"Name\": \"", "\", \"Value\": \"", "\"}", ",\n")),
        format!("{{\"data\":\"{{{}}}\"}}", joined("\\\"", "\\\":\\\"", "\\\"", ",")),
        format!("{{{}}}", joined("'", "': '", "'", ", ")),
        joined("", "=", "", " "),
        joined("", "=\"", "\"", "\n"),
        joined("event_data_", "=", "", "\t"),
        joined("", ": ", "", "\n"),
        joined("", "\n", "", "\n"),
        joined("| ", " | ", " |", "\n"),
        joined("<tr><td>", "</td><td>", "</td></tr>", ""),
        joined("&lt;Data Name=&quot;", "&quot;&gt;", "&lt;/Data&gt;", ""),
        format!(
            "\"TimeCreated\",\"SpnName\",\"ErrorCode\",\"ServerNames\",\"ConfiguredNames\",\"IpAddresses\"\n\"11/28/2026 9:08:07 AM\",\"cifs/10.0.0.100\",\"0xc0000022\",\"{NAMES}\",\"N/A\",\"{ADDRESSES}\"\n"
        ),
        format!(
            "SpnName\tErrorCode\tServerNames\tConfiguredNames\tIpAddresses\ncifs/10.0.0.100\t0xc0000022\t{NAMES}\tN/A\t{ADDRESSES}\n"
        ),
    ] {
        is_the_event(&text);
    }
    // An array in the place of each list.
    is_the_event(
        "{\"spn_name\": \"cifs\\/10.0.0.100\", \"error_code\": \"0xC0000022\",\n\"server_names\": [\"LAB\", \"lab.lan\",\n\"dcfr.lab.lan\", \"DCFR\", \"LocalHost\"], \"configured_names\": [], \"ip_addresses\": [\"127.0.0.1\", \"::1\", \"10.0.0.11\", \"fe80::1\"]}",
    );
}

#[test]
fn a_message_in_a_field_in_one_line_or_quoted_is_read_in_any_language() {
    let english = case("min-02b-event-quoted-becomes-allowed-names.txt").replace("> ", "");
    let german = english
        .replace("SPN Name", "SPN-Name")
        .replace("Error Code", "Fehlercode")
        .replace("Server Information", "Serverinformationen")
        .replace("Server Names", "Servernamen")
        .replace("Configured Names", "Konfigurierte Namen")
        .replace("IP Addresses", "IP-Adressen");
    for text in [&english, &german] {
        let quoted =
            |mark: &str| text.lines().map(|line| format!("{mark}{line}\n")).collect::<String>();
        for mark in ["> ", ">> ", "> > ", ">", "| "] {
            is_the_event(&quoted(mark));
        }
        let escaped = text.replace('\n', "\\r\\n").replace('\t', "\\t");
        is_the_event(&format!(
            "{{\"Id\": 5168, \"Message\": \"SPN check for SMB/SMB2 failed.\\r\\n\\r\\n{escaped}\"}}"
        ));
        is_the_event(&format!("{{\"log\": \"{}\"}}", escaped.replace('\\', "\\\\")));
        let octal = text.replace('\n', "#015#012").replace('\t', "#011");
        is_the_event(&format!(
            "Nov 28 09:08:07 dcfr Security-Auditing: 5168: SPN check failed.#015#012{octal}"
        ));
        let lists = text.lines().skip(4).collect::<Vec<_>>().join("\n");
        has_own_lists(&lists);
    }
    is_the_event(&format!(
        "5168\tMicrosoft-Windows-Security-Auditing\tSPN Check for SMB/SMB2 failed.   Subject:  Security ID:  S-1-5-21-1  SPN:  SPN Name:  cifs/10.0.0.100  Error Code:  0xC0000022  Server Information:  Server Names:  {NAMES}  Configured Names:  N/A  IP Addresses:  {ADDRESSES}\t4711"
    ));
    is_the_event(&format!(
        "**SPN Name:** `cifs/10.0.0.100`\n**Error Code:** `0xC0000022`\n**Server Names:** `{NAMES}`\n**Configured Names:** `N/A`\n**IP Addresses:** `{ADDRESSES}`"
    ));
    // The message and the fields of one event tell of one sign-in.
    let both = case("28b-event-5168-fields-in-json.txt").replace(
        "\"\\\"Spn check for SMB/SMB2 fails.\\\"\"",
        &format!("\"{}\"", english.replace('\n', "\\r\\n").replace('\t', "\\t")),
    );
    is_the_event(&both);
}

#[test]
fn several_events_in_json_are_several_refusals() {
    let event = |time: &str, spn: &str| {
        format!(
            "{{\"@timestamp\":\"{time}\",\"winlog\":{{\"event_data\":{{\"SpnName\":\"{spn}\",\"ErrorCode\":\"0xc0000022\",\"ServerNames\":\"{NAMES}\",\"ConfiguredNames\":\"N/A\",\"IpAddresses\":\"{ADDRESSES}\"}}}}}}"
        )
    };
    let first = event("2026-11-28T09:08:07Z", "cifs/10.0.0.100");
    let second = event("2026-11-28T09:09:07Z", "cifs/10.0.0.200");
    let again = event("2026-11-28T09:10:07Z", "cifs/10.0.0.200");
    for text in [
        format!("{first}\n{second}\n{again}\n"),
        format!("[{first},{second},{again}]"),
        format!("{{\"hits\":{{\"hits\":[{first},\n{second},\n{again}]}}}}"),
    ] {
        let found = read(&text);
        let told: Vec<_> = found
            .refusals
            .iter()
            .map(|refusal| {
                (
                    refusal.record.time.as_deref().unwrap(),
                    refusal.target.as_ref().unwrap().text().unwrap(),
                )
            })
            .collect();
        let expected = [
            ("2026-11-28T09:08:07Z", "cifs/10.0.0.100"),
            ("2026-11-28T09:09:07Z", "cifs/10.0.0.200"),
            ("2026-11-28T09:10:07Z", "cifs/10.0.0.200"),
        ];
        assert_eq!(told, expected, "{text}");
    }
}

#[test]
fn an_event_without_the_lists_says_so_and_leaves_them_alone() {
    for name in ["min-03-5168-name-and-code-only.txt", "26-event-5168-part.txt"] {
        let found = read(&case(name));
        assert_eq!(
            (&found.stated.names, &found.stated.addresses, &found.stated.allowed),
            (&None, &None, &None)
        );
        let [refusal] = &found.refusals[..] else { panic!("{:#?}", found.refusals) };
        assert_eq!(refusal.target, Some(Target::Present("cifs/dcfr.lab.lan@lab.lan".into())));
        assert_eq!(refusal.record.error, Some(0xC000_0022));
        assert!(
            words::cause(refusal).contains("The server's lists are not in this event"),
            "{}",
            words::cause(refusal)
        );
        assert_eq!(refusal.cure, None);
    }
}

#[test]
fn text_about_something_else_is_never_a_list_of_names() {
    for text in [
        // Lines of an event in a language that is not known, in one line; other fields; other
        // events.
        &format!(
            "Nom SPN : cifs/10.0.0.100 Code d'erreur : 0xC0000022 Noms du serveur : {NAMES} Noms configurés : N/A Adresses IP : {ADDRESSES}"
        )[..],
        &format!("a={NAMES}\nb=N/A\nc={ADDRESSES}"),
        &format!(
            "{{\"Properties\":[{{\"Value\":\"cifs/10.0.0.100\"}},{{\"Value\":\"{NAMES}\"}},{{\"Value\":\"{ADDRESSES}\"}}]}}"
        ),
        "Configured Names: nas;10.0.0.100;",
        "IP Addresses:\n10.0.0.11;fe80::1;",
        "EventID,5168\nComputer,DCFR",
        "cs1=LAB;lab.lan;DCFR; cs1Label=ServerNames",
        "551;dcfr;anna;SPNValidationPolicy;4",
    ] {
        asks(text, Looks::Event);
    }
    for text in [
        "SmbServerNameHardeningLevel,1",
        "\"SmbServerNameHardeningLevel\",\"REG_DWORD\",\"2\"",
        "SmbServerNameHardeningLevel",
        "Name;Value\nSmbServerNameHardeningLevel;2",
        "MACHINE\\System\\CurrentControlSet\\Services\\LanManServer\\Parameters\\NullSessionPipes=7,netlogon,lsarpc",
        "    NullSessionPipes    REG_MULTI_SZ    netlogon, lsarpc",
        "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\LanmanWorkstation\\Parameters]\nfoo\nbar",
        "\"AnnounceComment\",\"EnableSMB2Protocol\"\n\"nas\",\"True\"",
        "REG_MULTI_SZ\nnas\n10.0.0.100",
    ] {
        asks(text, Looks::Settings);
    }
    for text in [
        NAMES,
        ADDRESSES,
        "LAB;lab.lan;dcfr.lab.lan;DCFR;",
        "DCFR\nlocalhost",
        "10.0.0.11\n::1\n",
        "fe80::1%5\n127.0.0.1",
    ] {
        asks(text, Looks::OwnNames);
    }
    for text in [
        "nas\nthis is prose\n10.0.0.100",
        "nas, 10.0.0",
        "nas;0xC0000022",
        "True",
        "nas: 10.0.0.100",
        "S-1-5-21-1-2-3-500\nanna",
        "Dear all, the names are nas, files",
    ] {
        asks(text, Looks::Other);
    }
}

#[test]
fn a_list_can_be_declared_to_be_the_allowed_names() {
    let expected = ["LAB", "lab.lan", "dcfr.lab.lan", "localhost"];
    for text in [
        "SrvAllowedServerNames: LAB, lab.lan; dcfr.lab.lan localhost",
        "SrvAllowedServerNames:\nLAB\nlab.lan\ndcfr.lab.lan\n\nlocalhost\n",
        "> SrvAllowedServerNames:\n> LAB\n> lab.lan, dcfr.lab.lan\n> localhost",
    ] {
        let found = read(text);
        assert_eq!(
            found.stated.allowed.as_ref().unwrap_or_else(|| panic!("{text}: {found:#?}")).value,
            expected
        );
        assert!(found.stated.is_of_a_server(), "{text}");
    }
    // A line of another kind ends the list.
    let found = read("SrvAllowedServerNames:\nnas\nSmbServerNameHardeningLevel : 1");
    assert_eq!(
        (found.stated.allowed.unwrap().value, found.stated.level.unwrap().value),
        (vec!["nas".to_owned()], 1)
    );
    for broken in [
        "SrvAllowedServerNames: nas, this/that",
        "SrvAllowedServerNames:",
        "SrvAllowedServerNames:\ntwo words",
    ] {
        let found = read(broken);
        assert!(
            found.stated.is_empty() && !found.stated.remarks.is_empty(),
            "{broken}: {found:#?}"
        );
    }
}
