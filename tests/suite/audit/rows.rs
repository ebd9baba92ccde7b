//! The captures of the lab, read as captures: every row against the ground truth.

use std::{collections::BTreeMap, fmt::Write as _, net::IpAddr};

use serde_json::{Value, json};
use spnscope::audit::{Audit, Keep};
use spnscope::judge::smb::ServerSettings;
use spnscope::show::report::audit::{
    RowsShown, csv_heading, csv_row, json_lines_end, json_lines_row, text, write_json,
};

use crate::{
    fixtures::{lines, story_server},
    read::capture_files::{self, bytes, names},
};

/// The audit of files that are pushed in pieces of that size.
pub(crate) fn audit(files: &[(String, Vec<u8>)], piece: usize, server: ServerSettings) -> Audit {
    let mut audit = Audit::new(server, Keep::Rows);
    for (name, bytes) in files {
        audit.begin(name.as_str());
        for piece in bytes.chunks(piece) {
            audit.push(piece);
        }
        audit.finish();
    }
    audit
}

pub(crate) fn report(audit: &Audit) -> Value {
    let mut text = String::new();
    write_json(audit, &mut text).unwrap();
    serde_json::from_str(&text).expect("the report is JSON")
}

fn lab() -> Vec<(String, Vec<u8>)> {
    names().into_iter().map(|name| (name.clone(), bytes(&name))).collect()
}

/// The rows of each file.
fn rows_by_file(report: &Value) -> BTreeMap<String, Vec<Value>> {
    let mut rows: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for row in report["rows"].as_array().unwrap() {
        let input = usize::try_from(row["input"].as_u64().unwrap()).unwrap();
        let name = report["inputs"][input]["name"].as_str().unwrap();
        rows.entry(name.to_owned()).or_default().push(row.clone());
    }
    rows
}

/// The row whose messages are in these packets.
fn row_of<'r>(rows: &'r BTreeMap<String, Vec<Value>>, capture: &str, frames: &[u64]) -> &'r Value {
    let of_file = rows.get(capture).unwrap_or_else(|| panic!("{capture} has no row"));
    let has = |row: &&Value| {
        let packets = row["packets"].as_array().unwrap();
        frames.iter().all(|frame| packets.contains(&json!(frame)))
    };
    of_file.iter().find(has).unwrap_or_else(|| panic!("{capture} {frames:?}: {of_file:#?}"))
}

fn outcomes(row: &Value) -> Vec<&str> {
    let decisions = row["decisions"].as_array().unwrap().iter();
    decisions.map(|decision| decision["outcome"].as_str().unwrap()).collect()
}

/// Both ends of a packet and its time, as its bytes say.
fn ends(capture: &str, frame: u64) -> (String, String, u64) {
    let packets = capture_files::packets(&bytes(capture));
    let packet = &packets[usize::try_from(frame).unwrap() - 1];
    let link = if capture == "smb3-cooked-any.pcap" { 20 } else { 14 };
    let ip = &packet.bytes[link..];
    let (from, to, header): (IpAddr, IpAddr, usize) = if ip[0] >> 4 == 4 {
        let address = |at: usize| <[u8; 4]>::try_from(&ip[at..at + 4]).unwrap().into();
        (address(12), address(16), usize::from(ip[0] & 15) * 4)
    } else {
        let address = |at: usize| <[u8; 16]>::try_from(&ip[at..at + 16]).unwrap().into();
        (address(8), address(24), 40)
    };
    let port = |at: usize| u16::from_be_bytes([ip[header + at], ip[header + at + 1]]);
    (format!("{from} {}", port(0)), format!("{to} {}", port(2)), packet.time)
}

#[test]
fn every_exchange_of_the_lab_is_a_row_with_its_facts() {
    let report = report(&audit(&lab(), usize::MAX, story_server()));
    let rows = rows_by_file(&report);
    let mut wrong = String::new();
    let mut seen = 0;
    for line in lines("exchanges.jsonl") {
        let capture = line["capture"].as_str().unwrap();
        if capture == "https-ntlm-requests-cbt.pcapng" {
            assert!(!rows.contains_key(capture));
            continue;
        }
        seen += 1;
        let frames: Vec<_> =
            line["frames"].as_array().unwrap().iter().map(|f| f.as_u64().unwrap()).collect();
        let row = row_of(&rows, capture, &frames);
        let expected = &line["expected"];
        let mut compare = |what: &str, ours: &Value, truth: &Value| {
            if ours != truth {
                writeln!(wrong, "{capture}: {what}: {ours} instead of {truth}").unwrap();
            }
        };
        compare("user", &row["user"], &expected["user"]);
        compare("domain", &row["domain"], &expected["domain"]);
        compare("workstation", &row["client"]["workstation"], &expected["workstation"]);
        compare("target name", &row["target_name"]["value"], &expected["target_name"]);
        compare("complete", &row["complete"], &json!(true));
        let variant = match row["response"].as_str().unwrap() {
            "ntlmv2" => "NTLMv2",
            "ntlmv1" => "NTLMv1",
            "ntlm2-session" => "NTLMv1-ESS",
            other => other,
        };
        compare("variant", &json!(variant), &expected["variant"]);
        let mic = row["mic"]["state"].as_str().unwrap();
        let is_announced = matches!(mic, "present" | "zero" | "announced-missing");
        compare("MIC", &json!(is_announced), &expected["mic_announced"]);
        let protocol =
            match (line["transport"].as_str().unwrap(), row["protocol"].as_str().unwrap()) {
                ("smb", "smb1") | ("smb2", "smb2" | "smb3") | ("http", "http" | "http-proxy") => {
                    "same"
                }
                ("dcerpc", "dcerpc") | ("tds", "tds") | ("ldap", "ldap") => "same",
                ("smtp", "smtp") | ("imap", "imap") | ("pop", "pop3") => "same",
                (_, other) => other,
            };
        compare("protocol", &json!(protocol), &json!("same"));
        let (from, to, time) = ends(capture, frames[2]);
        let end =
            |value: &Value| format!("{} {}", value["address"].as_str().unwrap(), value["port"]);
        compare("client", &json!(end(&row["client"])), &json!(from));
        compare("destination", &json!(end(&row["destination"])), &json!(to));
        let written = row["time"].as_str().unwrap();
        let fraction = format!(".{:09}", time % 1_000_000_000);
        let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
        compare("time", &json!(written.ends_with(&format!("{fraction}Z"))), &json!(true));
        let said = row["server_said"]["status"].as_str();
        if let Some(truth) = line["server_result"].as_str() {
            compare("answer", &json!(said), &json!(truth));
        } else {
            compare("answer", &row["server_said"]["accepted"], &json!(true));
        }
        let verdict = &line["expected_spn_verdict"];
        compare("judged", &row["judged"], &json!(!verdict.is_null()));
        // Of the server at an IPv6 address, that address was not stated here.
        if !verdict.is_null() && capture != "smb3-ipv6-literal.pcapng" {
            let truth =
                ["level0", "level1", "level2"].map(|level| verdict[level].as_str().unwrap());
            compare("verdict", &json!(outcomes(row)), &json!(truth));
        }
    }
    assert_eq!(seen, 49);
    assert!(wrong.is_empty(), "{wrong}");
    let all = report["rows"].as_array().unwrap();
    let of = |mechanism: &str| all.iter().filter(|row| row["mechanism"] == mechanism).count();
    assert_eq!((of("ntlm"), of("kerberos"), of("smb1-bare"), of("unknown")), (49, 1, 1, 1));
}

#[test]
fn an_address_that_is_stated_is_the_servers_own() {
    let server = ServerSettings {
        addresses: vec!["10.0.0.11".parse().unwrap(), "fd00:11::11".parse().unwrap()],
        ..story_server()
    };
    let name = "smb3-ipv6-literal.pcapng";
    let audit = audit(&[(name.to_owned(), bytes(name))], usize::MAX, server);
    let report = report(&audit);
    assert_eq!(outcomes(&report["rows"][0]), ["accept"; 3]);
    let address = &report["servers"][0]["addresses"][0];
    assert_eq!(
        (address["rule"].as_str(), address["basis"].as_str()),
        (Some("A1"), Some("documented"))
    );
}

#[test]
fn an_address_that_nobody_stated_is_not_learned_from_the_capture() {
    let name = "smb3-direct-by-ip.pcapng";
    let server = ServerSettings::default();
    let report = report(&audit(&[(name.to_owned(), bytes(name))], usize::MAX, server));
    let row = &report["rows"][0];
    assert_eq!(outcomes(row), ["accept", "deny", "deny"]);
    assert_eq!(row["decisions"][1]["depends"], true);
    assert_eq!(row["decisions"][1]["basis"], "assumed");
    assert_eq!(report["summary"]["level_1"], json!({"deny": 0, "depends": 1}));
    assert_eq!(report["servers"][0]["addresses"][0]["basis"], "assumed");
}

#[test]
fn a_ticket_and_bare_responses_are_rows_too() {
    let report = report(&audit(&lab(), usize::MAX, story_server()));
    let rows = rows_by_file(&report);
    let truth = &lines("kerberos.jsonl")[0];
    let row =
        row_of(&rows, truth["capture"].as_str().unwrap(), &[truth["frame"].as_u64().unwrap()]);
    assert_eq!(row["mechanism"], "kerberos");
    assert_eq!(row["target_name"]["value"], truth["spn"]);
    assert_eq!(row["domain"], truth["realm"]);
    assert_eq!(row["server_said"]["status"], truth["server_result"]);
    assert_eq!(outcomes(row), ["accept"; 3]);
    let truth = &lines("smb1-bare-logons.jsonl")[0];
    let capture = truth["capture"].as_str().unwrap();
    let row = row_of(&rows, capture, &[truth["frames"][1].as_u64().unwrap()]);
    assert_eq!(row["mechanism"], "smb1-bare");
    assert_eq!((&row["user"], &row["domain"]), (&truth["user"], &truth["domain"]));
    assert_eq!(row["target_name"], json!({"state": "not-carried", "value": null}));
    assert_eq!(outcomes(row), ["accept", "accept", "deny"]);
    // Of a message that was not captured in full, what is missing is not guessed.
    let row = &rows["smb3-snaplen-160.pcap"][0];
    assert_eq!((&row["complete"], &row["judged"]), (&json!(false), &json!(false)));
    assert_eq!(row["target_name"], json!({"state": "cut-off", "value": null}));
    assert_eq!(outcomes(row), ["unknown"; 3]);
    assert_eq!(row["server_said"]["status"], "STATUS_SUCCESS");
}

#[test]
fn the_numbers_count_each_sign_in_once_in_whatever_order_the_files_come() {
    let mut files = lab();
    let expected = json!({
        "sign_ins": 50, "judged": 34, "level_1": {"deny": 5, "depends": 0},
        "level_2": {"deny": 11, "depends": 0}, "refused_earlier": 2, "not_judged": 13,
        "incomplete": 1, "contradictions": 0
    });
    for _ in 0..3 {
        assert_eq!(report(&audit(&files, 4096, story_server()))["summary"], expected);
        files.reverse();
        let half = files.len() / 2;
        files.rotate_left(half / 2);
    }
    // Twice the same file is the same traffic.
    let twice: Vec<_> = files.iter().chain(&files).cloned().collect();
    let report = report(&audit(&twice, 1 << 20, story_server()));
    assert_eq!(report["rows"].as_array().unwrap().len(), 52 + 1, "what is cut tells nothing apart");
    assert_eq!(report["summary"]["judged"], 34);
}

#[test]
fn the_two_sides_of_a_sign_in_belong_together() {
    let report = report(&audit(&lab(), usize::MAX, story_server()));
    let rows = report["rows"].as_array().unwrap();
    let mut groups: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
    for row in rows {
        if let Some(group) = row["same_sign_in"].as_u64() {
            let input = usize::try_from(row["input"].as_u64().unwrap()).unwrap();
            let name = report["inputs"][input]["name"].as_str().unwrap();
            groups.entry(group).or_default().push(name);
        }
    }
    let expected: Vec<Vec<&str>> = vec![
        vec!["smb3-dnat-by-ip-client-side.pcapng", "smb3-dnat-by-ip-server-side.pcapng"],
        vec!["smb3-relayed-by-ip-client-side.pcapng", "smb3-relayed-by-ip-server-side.pcapng"],
    ];
    assert_eq!(groups.into_values().collect::<Vec<_>>(), expected);
}

#[test]
fn the_real_answer_is_compared_with_the_prediction() {
    let report = report(&audit(&lab(), usize::MAX, story_server()));
    let rows = rows_by_file(&report);
    for (file, word) in [
        ("smb3-direct-by-fqdn.pcapng", json!("fits")),
        ("smb3-relayed-by-alias.pcapng", json!("open")),
        ("impacket-spn-left-out.pcapng", json!("open")),
        ("smb3-wrong-password.pcapng", json!("earlier")),
        ("impacket-bad-mic.pcapng", json!("earlier")),
        ("http-ntlm-curl.pcapng", Value::Null),
        ("smb3-snaplen-160.pcap", Value::Null),
    ] {
        assert_eq!(rows[file][0]["agreement"], word, "{file}");
    }
    let dcfr = report["servers"].as_array().unwrap().iter();
    let is_dcfr = |server: &&Value| server["names"] == json!(["DCFR", "dcfr.lab.lan"]);
    let dcfr = dcfr.filter(is_dcfr).collect::<Vec<_>>();
    assert_eq!(dcfr.len(), 1);
    assert_eq!(dcfr[0]["present_level"]["at_most"], 0);
    assert_eq!(dcfr[0]["configured"], true);
}

#[test]
fn the_host_that_the_client_connects_to_is_kept() {
    let report = report(&audit(&lab(), usize::MAX, story_server()));
    let rows = rows_by_file(&report);
    for (file, host) in [
        ("smb3-relayed-by-alias.pcapng", "files.lab.lan"),
        ("smb3-encrypted.pcapng", "dcfr.lab.lan"),
        // Without a NetName, the path of the tree says it.
        ("smb202-direct-by-ip.pcap", "10.0.0.11"),
        ("smb1-nt1-by-fqdn.pcap", "dcfr.lab.lan"),
    ] {
        let said = rows[file][0]["connected_as"].as_str().unwrap_or_default();
        assert_eq!(said.to_ascii_lowercase(), host, "{file}");
    }
}

#[test]
fn pieces_of_any_size_give_the_same_report() {
    let files = lab();
    let whole = report(&audit(&files, usize::MAX, story_server()));
    for piece in [1, 7, 4096] {
        assert_eq!(report(&audit(&files, piece, story_server())), whole, "{piece}");
    }
}

#[test]
fn rows_that_are_handed_over_are_those_that_are_kept() {
    let mut audit = Audit::new(story_server(), Keep::Nothing);
    let mut handed: Vec<Value> = Vec::new();
    let mut table = csv_heading();
    for (name, bytes) in lab() {
        audit.begin(name);
        audit.push(&bytes);
        audit.finish();
        for row in audit.take_fresh() {
            handed.push(serde_json::from_str(&json_lines_row(&audit, &row)).expect("one line"));
            table += &csv_row(&audit, &row);
        }
    }
    let kept = report(&self::audit(&lab(), usize::MAX, story_server()));
    let mut rows = kept["rows"].as_array().unwrap().clone();
    assert_eq!(handed.len(), rows.len());
    let order = |row: &Value| (row["input"].as_u64(), row["packets"].to_string());
    handed.sort_by_key(order);
    rows.sort_by_key(order);
    for (handed, kept) in handed.iter_mut().zip(&mut rows) {
        assert_eq!(handed["type"], "row");
        handed.as_object_mut().unwrap().remove("type");
        handed["same_sign_in"] = Value::Null;
        // Which server it is may be known only later.
        if let Some(number) = handed["server"].as_u64() {
            let number = usize::try_from(number).unwrap();
            handed["server"] = json!(audit.servers()[number].same_as.unwrap_or(number));
        }
        kept["same_sign_in"] = Value::Null;
        assert_eq!(handed, kept);
    }
    let end = json_lines_end(&audit);
    let last: Value = serde_json::from_str(end.lines().last().unwrap()).unwrap();
    assert_eq!(last["type"], "summary");
    assert_eq!(last["judged"], 34);
    assert_eq!(table.lines().count(), 1 + 52);
    let columns = table.lines().next().unwrap().split(',').count();
    assert!(table.lines().all(|line| line.split(',').count() == columns), "{table}");
}

#[test]
fn the_text_says_first_what_would_be_denied() {
    let audit = audit(&lab(), usize::MAX, story_server());
    let all = text(&audit, RowsShown::All);
    assert!(
        all.starts_with("Of 34 judged sign-ins, level 1 would deny 5 and level 2 would deny 11.\n"),
        "{all}"
    );
    assert!(all.contains("encrypted from the start"), "{all}");
    let denied = text(&audit, RowsShown::Denied);
    assert!(denied.contains("asked for cifs/10.0.0.50"));
    assert!(!denied.contains("asked for cifs/dcfr.lab.lan"), "{denied}");
    assert!(!text(&audit, RowsShown::None).contains("\nSign-ins"));
}

#[test]
fn no_report_has_what_could_be_cracked() {
    let audit = audit(&lab(), usize::MAX, story_server());
    let mut reports = text(&audit, RowsShown::All);
    write_json(&audit, &mut reports).unwrap();
    for row in audit.rows() {
        reports += &json_lines_row(&audit, row);
        reports += &csv_row(&audit, row);
    }
    let reports = reports.to_ascii_lowercase();
    for line in lines("exchanges.jsonl") {
        for secret in ["server_challenge", "nt_proof", "mic", "exported_session_key"] {
            if let Some(secret) = line["expected"][secret].as_str() {
                assert!(!reports.contains(secret), "{}: {secret}", line["capture"]);
            }
        }
    }
}
