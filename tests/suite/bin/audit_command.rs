//! `spnscope audit`: forms of the report, files and standard input, exit status.

use std::{
    fs,
    io::Write as _,
    process::{Command, Output, Stdio},
};

use flate2::{Compression, write::GzEncoder};
use serde_json::Value;

use crate::{
    fixtures::path,
    read::capture_files::{bytes, names},
};

const SIGN_IN: &str = "smb3-relayed-by-alias.pcapng";

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_spnscope"))
        .arg("audit")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that refuses its arguments does not read what is written to it.
    let _ = child.stdin.take().expect("standard input").write_all(input);
    child.wait_with_output().expect("the program ends")
}

fn file(name: &str) -> String {
    path(&format!("captures/{name}")).to_str().expect("a plain path").to_owned()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[test]
fn all_captures_are_audited_at_once() {
    let files: Vec<_> = names().iter().map(|name| file(name)).collect();
    let mut arguments =
        vec!["--format", "json", "--server-name", "DCFR", "--server-ip", "10.0.0.11"];
    arguments.extend(files.iter().map(String::as_str));
    let output = run(&arguments, b"");
    assert_eq!(output.status.code(), Some(0));
    let report: Value = serde_json::from_str(&out(&output)).expect("one document");
    assert_eq!(report["report"], "audit");
    assert_eq!(report["summary"]["judged"], 34);
    assert_eq!(report["inputs"].as_array().unwrap().len(), files.len());
}

#[test]
fn standard_input_and_gzip_give_the_same_rows() {
    let capture = bytes(SIGN_IN);
    let from_file = run(&["--format", "csv", &file(SIGN_IN)], b"");
    let rows = |output: &Output| {
        let text = out(output);
        let cells = |line: &str| line.split_once(',').map(|(_, rest)| rest.to_owned());
        text.lines().map(|line| cells(line).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(rows(&from_file).len(), 2);
    for input in [
        capture.clone(),
        gzip(&capture),
        // Members behind one another are one file.
        [gzip(&capture[..1000]), gzip(&capture[1000..])].concat(),
    ] {
        for arguments in [&["--format", "csv"][..], &["--format", "csv", "-"]] {
            let output = run(arguments, &input);
            assert_eq!(output.status.code(), Some(0));
            assert_eq!(rows(&output), rows(&from_file));
        }
    }
}

#[test]
fn lines_of_json_come_one_for_each_row_and_then_the_rest() {
    let output = run(&["--format", "jsonl", &file(SIGN_IN)], b"");
    let text = out(&output);
    let kinds: Vec<_> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["type"].to_string())
        .collect();
    assert_eq!(kinds, ["\"row\"", "\"input\"", "\"server\"", "\"summary\""]);
}

#[test]
fn the_exit_status_says_what_was_found() {
    let status = |arguments: &[&str], input: &[u8]| run(arguments, input).status.code();
    let direct = file("smb3-direct-by-fqdn.pcapng");
    let alias = file(SIGN_IN);
    let absent = file("impacket-spn-left-out.pcapng");
    assert_eq!(status(&[&direct], b""), Some(0));
    assert_eq!(status(&[], b"no capture"), Some(1));
    assert_eq!(status(&["--fail-on", "1", &direct], b""), Some(0));
    assert_eq!(status(&["--fail-on", "1", &alias], b""), Some(3));
    assert_eq!(status(&["--fail-on", "1", &absent], b""), Some(0));
    assert_eq!(status(&["--fail-on", "2", &absent], b""), Some(3));
    assert_eq!(status(&["--fail-on", "7", &absent], b""), Some(2));
    assert_eq!(status(&["/no/such/file"], b""), Some(2));
    // The others are read all the same.
    let output = run(&["/no/such/file", &direct], b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(out(&output).contains("1 sign-in judged"), "{}", out(&output));
    assert!(String::from_utf8_lossy(&output.stderr).contains("/no/such/file"));
}

#[test]
fn what_is_no_capture_is_refused_in_a_sentence_and_the_others_go_on() {
    let folder = std::env::temp_dir().join(format!("spnscope-audit-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let other = folder.join("trace.zip");
    fs::write(&other, b"PK\x03\x04 and so on").unwrap();
    let arguments = ["--format", "csv", other.to_str().unwrap(), &file(SIGN_IN)];
    let output = run(&arguments, b"");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(out(&output).lines().count(), 2);
    assert!(String::from_utf8_lossy(&output.stderr).contains("zip archive"));
    // What is damaged inside is read as far as it goes.
    let packed = gzip(&bytes(SIGN_IN));
    fs::write(folder.join("cut.gz"), &packed[..packed.len() - 20]).unwrap();
    let output = run(&[folder.join("cut.gz").to_str().unwrap()], b"");
    assert!(out(&output).contains("asked for cifs/files.lab.lan"), "{}", out(&output));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot unpack"));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_server_can_be_stated_as_for_decode() {
    let name = file(SIGN_IN);
    let report = |more: &[&str]| -> Value {
        let mut arguments = vec!["--format", "json", "--server-name", "DCFR"];
        arguments.extend(more);
        arguments.push(&name);
        serde_json::from_str(&out(&run(&arguments, b""))).expect("JSON")
    };
    assert_eq!(report(&[])["summary"]["level_1"]["deny"], 1);
    assert_eq!(report(&["--allowed", "files.lab.lan"])["summary"]["level_1"]["deny"], 0);
    // What is stated of another server does not count for this one.
    let other = run(
        &["--format", "json", "--server-name", "OTHER", "--allowed", "files.lab.lan", &name],
        b"",
    );
    let other: Value = serde_json::from_str(&out(&other)).expect("JSON");
    assert_eq!(other["servers"][0]["configured"], false);
    assert_eq!(other["summary"]["level_1"]["deny"], 1);
}
