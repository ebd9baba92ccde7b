//! Whole reports, kept as files that someone has read. `UPDATE_GOLDEN=1` writes them anew.

use std::{env, fs};

use serde_json::Value;
use spnscope::analysis::analyze;
use spnscope::judge::{proof::Secret, smb::ServerSettings};
use spnscope::show::report::render_json;

use crate::fixtures::{lines, pasted, path, story_server, text, windows};

/// Compares `report` with the file `golden/NAME.json`.
fn assert_golden(name: &str, report: &str) {
    assert_kept(&format!("{name}.json"), report);
}

/// Compares `report` with the file `golden/NAME`.
pub(crate) fn assert_kept(name: &str, report: &str) {
    let file = path(&format!("golden/{name}"));
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, report).unwrap();
    }
    let kept = fs::read_to_string(&file)
        .unwrap_or_else(|error| panic!("{}: {error}; UPDATE_GOLDEN=1 writes it", file.display()));
    let differs = kept.lines().zip(report.lines()).position(|(kept, new)| kept != new);
    if let Some(line) = differs {
        let at = |text: &str| text.lines().nth(line).unwrap_or_default().to_owned();
        let (kept, now) = (at(&kept), at(report));
        panic!(
            "{name}, line {}:\n kept {kept}\n  now {now}\nUPDATE_GOLDEN=1 writes it anew",
            line + 1
        );
    }
    assert_eq!(kept.lines().count(), report.lines().count(), "{name}");
}

#[test]
fn derived_vectors() {
    for name in ["t1", "t2", "t3", "t4", "t5"] {
        let input = text(&format!("vectors/{name}-authenticate.b64"));
        assert_golden(name, &render_json(&analyze(input.as_bytes(), &story_server(), None)));
    }
}

#[test]
fn one_whole_exchange_with_its_password() {
    let exchanges = lines("exchanges.jsonl");
    let line = exchanges
        .iter()
        .find(|line| line["capture"] == "smb3-relayed-by-ip-server-side.pcapng")
        .expect("the capture");
    let secret = Secret::from_password(line["password"].as_str().unwrap());
    let analysis = analyze(pasted(line).as_bytes(), &ServerSettings::default(), Some(&secret));
    assert_golden("exchange-relayed-by-ip", &render_json(&analysis));
}

/// Messages of real Windows clients. They are data of others, so every text of theirs is kept only as
/// its size.
#[test]
fn messages_of_real_windows_clients_without_their_data() {
    let wanted = [
        ("windows-negotiate", "tests_bug-5133_input.pcap", "negotiate"),
        ("windows-challenge", "tests_bug-5133_input.pcap", "challenge"),
        ("windows-authenticate", "tests_bug-5133_input.pcap", "authenticate"),
        ("windows-empty-name", "pcap_plugins_CVE-2021-1675_packetcapture_1.pcap", "authenticate"),
        ("windows-three-parts", "pcap_plugins_CVE-2021-1675_packetcapture_2.pcap", "authenticate"),
        ("windows-no-spn", "testing_btest_Traces_dce-rpc_dce_rpc_ntlm.pcapng", "authenticate"),
        ("windows-no-name", "pcaps_IEC61850_Sample_File_MMS_and_GOOSE.pcap", "authenticate"),
    ];
    let lines = windows();
    if lines.is_empty() {
        return;
    }
    for (name, capture, kind) in wanted {
        let line = lines.iter().find(|line| line["capture"] == capture).expect("the capture");
        let input = line[kind].as_str().unwrap();
        let analysis = analyze(input.as_bytes(), &ServerSettings::default(), None);
        let mut report: Value = serde_json::from_str(&render_json(&analysis)).unwrap();
        mask(&mut report, "");
        assert_golden(name, &format!("{}\n", serde_json::to_string_pretty(&report).unwrap()));
    }
}

/// Replaces texts from the message by their size.
fn mask(value: &mut Value, key: &str) {
    const THEIRS: [&str; 14] = [
        "hex",
        "value",
        "user",
        "domain",
        "workstation",
        "server_challenge",
        "challenge_target_name",
        "timestamp",
        "spn",
        "message",
        "matched",
        "tried",
        "session_base_key",
        "exported_session_key",
    ];
    const KINDS: [&str; 3] = ["NEGOTIATE", "CHALLENGE", "AUTHENTICATE"];
    match value {
        Value::Object(map) => {
            // Keys of the map are walked with the value, so the name decides.
            for (key, value) in map.iter_mut() {
                mask(value, key);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| mask(value, key)),
        Value::String(text) if THEIRS.contains(&key) && !KINDS.contains(&text.as_str()) => {
            *text = format!("({} characters)", text.chars().count());
        }
        _ => {}
    }
}
