//! The program itself: arguments, exit status, standard input and output.

use std::{
    io::Write as _,
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use spnscope::base::visible::is_hidden;

use crate::fixtures::{path, text};

pub(super) fn run(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_spnscope"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that refuses its arguments does not read what is written to it.
    let _ = child.stdin.take().expect("standard input").write_all(input.as_bytes());
    child.wait_with_output().expect("the program ends")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

const STORY: [&str; 6] =
    ["--server-name", "DCFR", "--server-name", "dcfr.lab.lan", "--server-ip", "10.0.0.11"];

#[test]
fn decode_reads_a_file_or_standard_input() {
    let file = path("vectors/t1.b64");
    let mut arguments = vec!["decode", "--format", "json"];
    arguments.extend(STORY);
    let from_input = run(&arguments, &text("vectors/t1.b64"));
    arguments.push(file.to_str().unwrap());
    let from_file = run(&arguments, "");
    assert_eq!(from_file.status.code(), Some(0));
    assert_eq!(from_file.stdout, from_input.stdout);
    let outcomes: Vec<_> = json(&from_file)["exchanges"][0]["decisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|decision| decision["outcome"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(outcomes, ["accept", "deny", "deny"]);
}

#[test]
fn an_allowed_name_is_accepted() {
    let mut arguments = vec!["decode", "--format", "json", "--allowed", "10.0.0.100", "-"];
    arguments.extend(STORY);
    let output = run(&arguments, &text("vectors/t1-authenticate.b64"));
    let report = json(&output);
    for decision in report["exchanges"][0]["decisions"].as_array().unwrap() {
        assert_eq!(decision["outcome"], "accept");
    }
}

#[test]
fn a_secret_proves_and_is_never_printed() {
    let folder = std::env::temp_dir().join(format!("spnscope-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("password");
    std::fs::write(&file, "Password\r\nsecond line\n").unwrap();
    let arguments = ["decode", "--format", "json", "--password-file", file.to_str().unwrap()];
    let output = run(&arguments, &text("vectors/t1.b64"));
    let proof = &json(&output)["exchanges"][0]["proof"];
    assert_eq!(proof["nt_proof_str"], "valid");
    assert_eq!(proof["mic"], "valid");
    assert_eq!(proof["secret"], "password");
    assert!(!String::from_utf8_lossy(&output.stdout).contains("\"Password\""));
    let wrong = run(
        &["decode", "--format", "json", "--nt-hash", "00000000000000000000000000000000"],
        &text("vectors/t1.b64"),
    );
    let report = json(&wrong);
    let proof = &report["exchanges"][0]["proof"];
    assert_eq!(proof["nt_proof_str"], "invalid");
    assert_eq!(proof["session_base_key"], Value::Null, "a wrong secret gives no key");
    let decision = &report["exchanges"][0]["decisions"][0];
    assert_eq!(decision["outcome"], "logon-failure");
    assert_eq!(decision["status_code"], "0xC000006D");
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Notepad and PowerShell mark the files that they write; `Out-File` of Windows PowerShell writes
/// UTF-16.
#[test]
fn a_password_file_may_have_a_byte_order_mark() {
    let folder = std::env::temp_dir().join(format!("spnscope-marks-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("password");
    let utf16 = |mark: u16, to: fn(u16) -> [u8; 2]| {
        let units = [mark].into_iter().chain("Password\r\nsecond line\r\n".encode_utf16());
        units.flat_map(to).collect::<Vec<_>>()
    };
    let with = |bytes: &[u8]| {
        std::fs::write(&file, bytes).unwrap();
        let arguments = ["decode", "--format", "json", "--password-file", file.to_str().unwrap()];
        run(&arguments, &text("vectors/t1.b64"))
    };
    for bytes in [
        b"\xef\xbb\xbfPassword\r\n".to_vec(),
        utf16(0xfeff, u16::to_le_bytes),
        utf16(0xfeff, u16::to_be_bytes),
    ] {
        let output = with(&bytes);
        assert_eq!(output.status.code(), Some(0), "{bytes:x?}: {output:?}");
        assert_eq!(json(&output)["exchanges"][0]["proof"]["nt_proof_str"], "valid", "{bytes:x?}");
    }
    for (bytes, why) in [
        (&b"\xff\xfeP\0a"[..], "is not whole UTF-16."),
        (b"\xff\xfe\0\xd8", "is not whole UTF-16."),
        (b"Pass\xe4", "is not UTF-8."),
    ] {
        let output = with(bytes);
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.trim_end().ends_with(why), "{said}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

/// The name of a file, or an argument that somebody copies, could send escapes to the terminal.
#[test]
fn names_of_files_and_wrong_arguments_reach_the_terminal_with_nothing_hidden() {
    let name = "x\u{1b}]0;pwned\u{7}\u{1b}[31m\u{9b}31m\u{202e}\nspnscope: all is well";
    let folder = std::env::temp_dir().join(format!("spnscope-names-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let there = folder.join(name);
    std::fs::write(&there, "nothing of a sign-in").unwrap();
    let there = there.to_str().unwrap();
    let option = format!("--{name}");
    let cases: &[(&[&str], &str)] = &[
        (&["decode", name], "cannot read"),
        (&["decode", "--import", name], "cannot read"),
        (&["decode", "--import", there], "nothing about a server was found"),
        (&["decode", "--password-file", name], "cannot read"),
        (&["diff", there, there], "x\\u{1b}]0;pwned"),
        (&["diff", name, "-"], "cannot read"),
        (&["decode", "--server-ip", name], "invalid value 'x\\u{1b}]0;pwned"),
        (&["decode", "--format", name], "invalid value 'x\\u{1b}]0;pwned"),
        (&["decode", &option], "unexpected argument '--x\\u{1b}]0;pwned"),
        (&["decode", "a", name], "unexpected argument 'x\\u{1b}]0;pwned"),
        (&["decide", "--level", name], "invalid value"),
        (&[name], "spnscope: x\\u{1b}]0;pwned"),
    ];
    for (arguments, words) in cases {
        let output = run(arguments, "nothing of a sign-in");
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        let hidden = |character: char| character != '\n' && is_hidden(character);
        assert!(!said.contains(hidden), "{arguments:?}: {said:?}");
        assert!(!said.contains("\nspnscope: all is well"), "{arguments:?}: {said:?}");
        assert!(said.contains(words), "{arguments:?}: {said:?}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

/// U+009B begins a command of the terminal, and U+202E turns a line around.
#[test]
fn json_has_nothing_hidden_and_the_same_values() {
    let name = "cifs/a\u{9b}31m\u{9d}\u{202e}\u{2028}b";
    for arguments in [
        &["decide", "--spn", name, "--format", "json", "--events", "--remedies"][..],
        &["decode", "--server-name", name, "--allowed", name, "--format", "json", "--events"],
    ] {
        let output = run(arguments, &text("vectors/t1.b64"));
        let written = str::from_utf8(&output.stdout).unwrap();
        let hidden = |character: char| character != '\n' && is_hidden(character);
        assert!(!written.contains(hidden), "{arguments:?}");
        assert!(
            json(&output).to_string().contains("\u{9b}31m\u{9d}\u{202e}\u{2028}"),
            "{arguments:?}"
        );
    }
}

/// The lines of the text report on a secret, with its `--nt-hash`.
fn proof_lines(secret: &str, input: &str) -> Vec<String> {
    let output = run(&["decode", "--nt-hash", secret], input);
    let report = String::from_utf8(output.stdout).unwrap();
    let proof = report.lines().skip_while(|line| !line.starts_with("  Proof"));
    proof.take_while(|line| !line.is_empty()).map(|line| line.trim().to_owned()).collect()
}

#[test]
fn the_text_report_says_what_is_proven_and_gives_keys_only_then() {
    let input = text("vectors/t1.b64");
    let right = proof_lines("a4f49c406510bdcab6824ee7c30fd852", &input);
    let starts = [
        "Proof, with an NT hash:",
        "NTProofStr: valid.",
        "LmChallengeResponse: none. ",
        "MIC: valid.",
        "SessionBaseKey: ",
        "KeyExchangeKey: ",
        "ExportedSessionKey: 55555555555555555555555555555555",
        "ClientSigningKey: 4788dc861b4782f35d43fd98fe1a2d39",
        "ServerSigningKey: ",
        "ClientSealingKey: 59f600973cc4960a25480a7c196e4c58",
        "ServerSealingKey: ",
    ];
    assert_eq!(right.len(), starts.len(), "{right:#?}");
    for (line, start) in right.iter().zip(starts) {
        assert!(line.starts_with(start), "{line} instead of {start}");
    }
    let wrong = proof_lines("00000000000000000000000000000000", &input);
    assert_eq!(wrong.len(), 4, "{wrong:#?}");
    assert!(wrong[1].starts_with(
        "NTProofStr: does not match; received 8818a44d5b85d067a80ea36cfbf68939, computed "
    ));
    assert!(wrong[3].starts_with("MIC: not checked. The secret does not fit"));
}

#[test]
fn an_lm_response_that_proves_to_be_lmv2_is_called_so() {
    let challenge = text("vectors/ms-nlmp-4.2.4.3-challenge.hex");
    let authenticate = text("vectors/ms-nlmp-4.2.4.3-authenticate.hex");
    // NtChallengeResponseLen and MaxLen are zero: what is left is the LM response.
    let alone = format!("{}00000000{}", &authenticate[..40], &authenticate[48..]);
    let input = format!("{}\n\n{alone}", challenge.trim());
    for (secret, kind, verdict) in [
        ("a4f49c406510bdcab6824ee7c30fd852", "lmv2", "valid"),
        ("00000000000000000000000000000000", "lm", "unknown"),
    ] {
        let output = run(&["decode", "--format", "json", "--nt-hash", secret], &input);
        let report = json(&output);
        assert_eq!(report["tokens"][1]["facts"]["response"], kind);
        assert_eq!(report["exchanges"][0]["evidence"]["carrier"], kind);
        assert_eq!(report["exchanges"][0]["proof"]["nt_proof_str"], verdict);
    }
}

#[test]
fn nothing_recognisable_ends_with_1_and_a_sentence() {
    let output = run(&["decode", "--format", "json"], "hello");
    assert_eq!(output.status.code(), Some(1));
    let report = json(&output);
    assert_eq!(report["tokens"], Value::Array(vec![]));
    assert_eq!(report["exchanges"], Value::Array(vec![]));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("spnscope: No NTLM message was found."), "{said}");
}

#[test]
fn another_reading_is_named_and_can_be_asked_for() {
    let dump = text("inputs/wireshark-no-text.txt");
    let best = run(&["decode", "--format", "json"], &dump);
    assert_eq!(json(&best)["tokens"][0]["layers"][0], "hex-dump");
    let said = String::from_utf8(best.stderr).unwrap();
    assert_eq!(said, "spnscope: some of this can be read another way: --read-as hex.\n");
    let asked = run(&["decode", "--format", "json", "--read-as", "hex"], &dump);
    assert_eq!(json(&asked)["tokens"][0]["layers"][0], "hex");
    assert!(asked.stderr.is_empty());
}

#[test]
fn wrong_usage_ends_with_2() {
    for arguments in [
        &["decode", "--read-as", "rot13"][..],
        &["decode", "--format", "xml"],
        &["decode", "--server-ip", "ten"],
        &["decode", "--nt-hash", "abc"],
        &["decode", "no/such/file"],
        &["decode", "--password-file", "no/such/file"],
        &[],
    ] {
        let output = run(arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn the_text_report_says_the_verdict_first() {
    let mut arguments = vec!["decode"];
    arguments.extend(STORY);
    let output = run(&arguments, &text("vectors/t1.b64"));
    let report = String::from_utf8(output.stdout).unwrap();
    let line = |wanted: &str| report.lines().position(|line| line.contains(wanted));
    let verdict = line("Level 1 Accept if provided by client: denied").expect("the verdict");
    assert!(verdict < line("AUTHENTICATE, 370 bytes").expect("the message"));
    assert!(line("Value 316-345: cifs/10.0.0.100").is_some());
}

fn vector(name: &str) -> String {
    path(&format!("vectors/{name}.b64")).to_str().unwrap().to_owned()
}

#[test]
fn diff_says_what_differs_and_ends_as_diff_does() {
    let (one, five) = (vector("t1"), vector("t5"));
    let same = run(&["diff", &one, "-"], &text("vectors/t1.b64"));
    assert_eq!(same.status.code(), Some(0));
    let same = String::from_utf8(same.stdout).unwrap();
    assert!(same.ends_with("The two messages are the same, byte for byte.\n"), "{same}");

    let output = run(&["diff", &one, &five], "");
    assert_eq!(output.status.code(), Some(1));
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(report.contains("t1.b64, message 2: AUTHENTICATE, 370 bytes\n"), "{report}");
    let rows = "\
MsvAvTargetName
  left   312-345  cifs/10.0.0.100
  right  312-349  cifs/dcfr.lab.lan
";
    assert!(report.contains(rows), "{report}");
    assert!(report.contains("\n  only right  target name untrusted\n"), "{report}");
    assert!(!report.contains("UserName"), "{report}");
    let all = run(&["diff", "--all", &one, &five], "");
    assert!(String::from_utf8(all.stdout).unwrap().contains("  UserName "));
}

#[test]
fn diff_gives_json() {
    let (one, five) = (vector("t1"), vector("t5"));
    let output = run(&["diff", "--format", "json", &one, &five], "");
    assert_eq!(output.status.code(), Some(1));
    let report = json(&output);
    assert_eq!(report["schema"], 1);
    assert_eq!(report["left"]["message"], "AUTHENTICATE");
    assert!(report["right"]["hex"].as_str().unwrap().starts_with("4e544c4d53535000"));
    assert!(report["summary"].as_str().unwrap().starts_with("5 fields differ: MIC, "));
    let rows = report["rows"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["difference"] != "same"));
    let row = |name: &str| rows.iter().find(|row| row["name"] == name).unwrap();
    let target = row("MsvAvTargetName");
    assert_eq!(target["left"]["value"], "cifs/10.0.0.100");
    assert_eq!((&target["right"]["start"], &target["right"]["end"]), (&312.into(), &350.into()));
    assert_eq!(row("target name untrusted")["difference"], "only-right");
    assert_eq!(row("target name untrusted")["left"], Value::Null);
    assert_eq!(row("MIC")["bytes"], serde_json::json!({ "differing": 16, "first": 0 }));
    assert_eq!(row("NtChallengeResponseLen")["difference"], "layout");
    let all = json(&run(&["diff", "--all", "--format", "json", &one, &five], ""));
    assert!(all["rows"].as_array().unwrap().iter().any(|row| row["difference"] == "same"));
}

#[test]
fn diff_takes_the_message_it_is_told() {
    let one = vector("t1");
    let kinds = |arguments: &[&str]| {
        let report = json(&run(&[&["diff", "--format", "json"], arguments].concat(), ""));
        ["left", "right"].map(|side| report[side]["message"].as_str().unwrap().to_owned())
    };
    assert_eq!(kinds(&[&one, &one]), ["AUTHENTICATE", "AUTHENTICATE"]);
    assert_eq!(kinds(&["--left", "0", &one, &one]), ["NEGOTIATE", "AUTHENTICATE"]);
    assert_eq!(kinds(&["--left", "1", "--right", "0", &one, &one]), ["CHALLENGE", "NEGOTIATE"]);
}

#[test]
fn diff_of_what_cannot_be_compared_ends_with_2() {
    let one = vector("t1");
    for (arguments, said) in [
        (&["diff", "-", "-"][..], "standard input"),
        (&["diff", &one, "no/such/file"], "cannot read no/such/file"),
        (&["diff", &one, "-"], "standard input: No NTLM message was found."),
        (&["diff", "--right", "3", &one, &one], "has no message 3; it has 3, counted from 0."),
        (&["diff", "--left", "x", &one, &one], "invalid value"),
        (&["diff", &one], "<B>"),
    ] {
        let output = run(arguments, "hello");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(said), "{arguments:?}: {error}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn relay_says_who_gets_in() {
    let ending = |arguments: &[&str]| {
        let mut all = vec!["relay", "--format", "json"];
        all.extend(arguments);
        let output = run(&all, "");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        let report = json(&output);
        report["ending"].as_str().unwrap().to_owned()
    };
    #[rustfmt::skip]
    let cases: [(&[&str], &str); 9] = [
        (&[],                                                                       "client-works"),
        (&["--middle", "nat", "--level", "1"],                                      "client-refused"),
        (&["--middle", "nat", "--level", "2", "--allowed", "10.0.0.100"],           "client-works"),
        (&["--middle", "nat", "--level", "2", "--server-ip", "10.0.0.100"],         "client-works"),
        (&["--middle", "lured-client"],                                             "attack-succeeds"),
        (&["--middle", "lured-client", "--signing", "required"],                    "attack-fails"),
        (&["--middle", "lured-client", "--server", "controller"],                   "attack-fails"),
        (&["--middle", "spoofed-dns", "--edit", "strip-mic", "--patched", "no"],    "attack-succeeds"),
        (&["--middle", "lured-client", "--client", "ntlmv1", "--level", "2"],       "attack-fails"),
    ];
    for (arguments, expected) in cases {
        assert_eq!(ending(arguments), expected, "{arguments:?}");
    }
}

#[test]
fn relay_prints_messages_that_decode_reads_and_proves() {
    let output = run(&["relay", "--middle", "nat", "--level", "2"], "");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("The client is refused."), "{text}");
    // The NT hash of the invented account's password.
    let hash = ["--nt-hash", "a4f49c406510bdcab6824ee7c30fd852"];
    let mut arguments = vec!["decode", "--format", "json"];
    arguments.extend(hash);
    arguments.extend(STORY);
    let report = json(&run(&arguments, &text));
    let exchange = &report["exchanges"][0];
    assert_eq!(exchange["proof"]["nt_proof_str"], "valid");
    assert_eq!(exchange["proof"]["mic"], "valid");
    assert_eq!(exchange["decisions"][2]["outcome"], "deny");
}

#[test]
fn relay_refuses_what_it_does_not_know_in_words() {
    let long = "x".repeat(40_000);
    for arguments in [
        &["relay", "--middle", "somebody"][..],
        &["relay", "--level", "3"],
        &["relay", "--edit", "everything"],
        &["relay", "--middle", "nat", "stray"],
        &[
            "relay",
            "--middle",
            "lured-client",
            "--edit",
            "rewrite-target-name",
            "--target-name",
            &long,
        ],
    ] {
        let output = run(arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:.60?}");
        assert!(!output.stderr.is_empty(), "{arguments:.60?}");
    }
}

fn imported(name: &str) -> String {
    path(&format!("imports/{name}")).to_str().unwrap().to_owned()
}

#[test]
fn decide_needs_no_message() {
    let outcomes = |arguments: &[&str]| {
        let mut all = vec!["decide", "--format", "json"];
        all.extend(arguments);
        all.extend(STORY);
        let output = run(&all, "");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        let report = json(&output);
        let decisions = report["decisions"].as_array().unwrap().clone();
        decisions.iter().map(|one| one["outcome"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    #[rustfmt::skip]
    let cases: [(&[&str], &[&str]); 16] = [
        (&["--spn", "cifs/10.0.0.100"],                            &["accept", "deny", "deny"]),
        (&["--spn", "cifs/10.0.0.11"],                             &["accept", "accept", "accept"]),
        (&["--spn", "cifs/10.0.0.100", "--allowed", "10.0.0.100"], &["accept", "accept", "accept"]),
        (&["--spn", "cifs/DCFR", "--untrusted"],                   &["accept", "accept", "deny"]),
        (&["--no-spn"],                                            &["accept", "accept", "deny"]),
        (&["--empty-spn"],                                         &["accept", "deny", "deny"]),
        (&["--spn", ""],                                           &["accept", "deny", "deny"]),
        (&["--no-spn", "--level", "2"],                            &["deny"]),
        (&["--no-spn", "--level", "2", "--level", "1"],            &["accept", "deny"]),
        (&["--no-spn", "--level", "3"],                            &[]),
        (&["--no-spn", "--level", "7", "--level", "2"],            &["deny"]),
        (&["--with", "ntlmv1"],                                    &["accept", "accept", "deny"]),
        (&["--with", "smb1-bare"],                                 &["accept", "accept", "deny"]),
        (&["--with", "kerberos", "--spn", "cifs/files"],           &["accept", "deny", "deny"]),
        (&["--spn", "cifs/other", "--loopback"],                   &["accept", "deny", "deny"]),
        (&["--spn", "cifs/DCFR", "--untrusted", "--honours-untrusted-flag", "off"], &["accept", "accept", "accept"]),
    ];
    for (arguments, expected) in cases {
        assert_eq!(outcomes(arguments), expected, "{arguments:?}");
    }
}

/// A level that the policy does not have gets no answer.
#[test]
fn decide_says_what_is_known_of_other_levels() {
    let report =
        json(&run(&["decide", "--format", "json", "--no-spn", "--level", "3", "--level", "9"], ""));
    let decided: Vec<_> =
        report["decisions"].as_array().unwrap().iter().map(|one| one["level"].clone()).collect();
    assert_eq!(decided, [0; 0]);
    let others: Vec<_> = report["other_levels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| serde_json::json!([one["value"], one["code"], one["basis"]]))
        .collect();
    assert_eq!(
        others,
        [
            serde_json::json!([3, "level-not-documented", "documented"]),
            serde_json::json!([9, "level-not-documented", "documented"]),
        ]
    );
    let text = String::from_utf8(
        run(&["decide", "--no-spn", "--level", "3", "--events", "--remedies"], "").stdout,
    )
    .unwrap();
    assert!(text.contains("Level 3 is not documented, so it is not simulated."), "{text}");
    assert!(!text.contains("accepted") && !text.contains("denied"), "{text}");

    let imported =
        run(&["decide", "--spn", "cifs/a", "--import", "-"], "SmbServerNameHardeningLevel : 3\n");
    let text = String::from_utf8(imported.stdout).unwrap();
    let first = "At this server's level the policy gives no answer. Level 3 is not documented";
    assert!(text.starts_with(first), "{text}");
    let imported =
        run(&["decide", "--spn", "cifs/a", "--import", "-"], "SmbServerNameHardeningLevel : 7\n");
    let text = String::from_utf8(imported.stdout).unwrap();
    let first = "At this server's level the policy gives no answer. Level 7 is not documented";
    assert!(text.starts_with(first), "{text}");
}

/// The basis of an answer, and the entries that were compared.
#[test]
fn the_report_names_the_open_fact_and_the_compared_name() {
    let decide = |arguments: &[&str]| {
        let arguments = [&["decide"], arguments, &STORY].concat();
        let text = String::from_utf8(run(&arguments, "").stdout).unwrap();
        let as_json = json(&run(&[&arguments[..], &["--format", "json"]].concat(), ""));
        (text, as_json["decisions"].clone())
    };
    let (text, decisions) = decide(&["--spn", "cifs/DCFR", "--untrusted"]);
    assert!(
        text.contains("    It may be denied after all: A right name with this mark was denied"),
        "{text}"
    );
    let open = &decisions[1]["alternatives"][0];
    assert_eq!((&open["outcome"], &open["basis"]), (&"deny".into(), &"observed".into()));
    assert_eq!(decisions[2]["alternatives"], serde_json::json!([]));

    let (text, decisions) = decide(&["--spn", "cifs/[10.0.0.11]", "--smb", "smb1"]);
    assert!(
        text.contains("    It may be accepted after all: Read as 10.0.0.11 it would match"),
        "{text}"
    );
    let compared = "    Compared with: DCFR, dcfr.lab.lan, LocalHost, 10.0.0.11, 127.0.0.1, ::1\n";
    assert_eq!(text.matches(compared).count(), 1, "{text}");
    assert!(text.contains("  Carried by: SMB1\n"), "{text}");
    assert_eq!(decisions[2]["alternatives"][0]["outcome"], "accept");
    assert_eq!(decisions[1]["tried"].as_array().unwrap().len(), 6);
    assert_eq!(decisions[1]["matched"], Value::Null);

    let (text, decisions) = decide(&["--spn", "cifs/dcfr"]);
    assert!(text.contains("    Matched: DCFR, a name of the server\n"), "{text}");
    assert_eq!(decisions[1]["matched"], "DCFR");
}

#[test]
fn the_audit_settings_decide_which_events_there_are() {
    let input = text("vectors/t1.b64");
    let name = ["decide", "--spn", "cifs/10.0.0.100"];
    for command in [&["decode"][..], &name] {
        let events = |switches: &[&str]| {
            let arguments = [command, switches, &["--events"], &STORY].concat();
            let output = run(&arguments, &input);
            assert_eq!(output.status.code(), Some(0), "{arguments:?}");
            String::from_utf8(output.stdout).unwrap()
        };
        let usual = events(&[]);
        assert!(usual.contains("events 4624, 5168, 551\n"), "{usual}");
        assert!(
            usual.contains("3025 is not written.") && usual.contains("AuditClientSpnSupport /t")
        );
        let on = events(&["--audit-client-spn", "on"]);
        assert!(on.contains("events 4624, 5168, 551, 3025\n"), "{on}");
        assert!(!on.contains("is not written."), "{on}");
        let off = events(&["--audit-file-share", "off"]);
        assert!(
            off.contains("events 4624, 551\n") && off.contains("5168 is not written."),
            "{off}"
        );
        assert!(off.contains("auditpol /set /subcategory:\"File Share\" /failure:enable"), "{off}");
    }
    // What is given counts more than what an event shows.
    let file = imported("event-5168.txt");
    let off = run(&["decide", "--import", &file, "--audit-file-share", "off"], "");
    assert!(!String::from_utf8(off.stdout).unwrap().contains("5168, 551"));
}

#[test]
fn decide_has_events_and_remedies_when_they_are_asked_for() {
    let decide = |extra: &[&str]| {
        let arguments = [&["decide", "--spn", "cifs/10.0.0.100"], extra, &STORY].concat();
        let output = run(&arguments, "");
        assert_eq!(output.status.code(), Some(0), "{extra:?}");
        output
    };
    let text = |extra: &[&str]| String::from_utf8(decide(extra).stdout).unwrap();
    let plain = text(&[]);
    assert!(!plain.contains("Events at level") && !plain.contains("The way out"));
    assert!(text(&["--events"]).contains("SPN Name: cifs/10.0.0.100"));
    assert!(text(&["--events=xml"]).contains("<Data Name=\"SpnName\">cifs/10.0.0.100</Data>"));
    assert!(text(&["--remedies"]).contains("How to fix it at levels 1 and 2:"));
    assert!(text(&["--remedies", "--level", "1"]).contains("How to fix it at level 1:"));
    let all = text(&["--remedies", "--allowed", "files", "--allowed-is-all"]);
    assert!(all.contains("/s , /d \"files,10.0.0.100\" /f"), "{all}");
    // An import shows the whole list.
    let file = imported("event-5168.txt");
    let shown = run(&["decide", "--import", &file, "--remedies"], "");
    assert!(String::from_utf8(shown.stdout).unwrap().contains("/d \"10.0.0.100\" /f"));

    let report = json(&decide(&["--format", "json", "--events", "--remedies"]));
    assert_eq!(report["decisions"][1]["event_log"]["written"][1]["id"], 5168);
    assert_eq!(report["decisions"][1]["remedies"][1]["code"], "allow-name");
    assert_eq!(report["advice"]["not_to_do"].as_array().unwrap().len(), 2);
    assert_eq!(json(&decide(&["--format", "json"]))["advice"], Value::Null);
}

#[test]
fn decide_says_what_is_taken_as_right_and_what_was_imported() {
    let file = imported("reg-query.txt");
    let arguments = ["decide", "--spn", "cifs/10.0.0.100", "--import", &file];
    let output = run(&arguments, "");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.starts_with("At this server's level, 1 Accept if provided by client: accepted.\n"),
        "{text}"
    );
    assert!(text.contains("its response and MIC are assumed to be right"));
    assert!(
        text.contains("  Allowed names: 10.0.0.100, nas.lab.lan (reg query, line 6)\n"),
        "{text}"
    );

    let mut with_format = arguments.to_vec();
    with_format.extend(["--format", "json", "--allowed", "more"]);
    let report = json(&run(&with_format, ""));
    assert_eq!(report["server"]["level"], 1);
    assert_eq!(
        report["server"]["allowed"],
        serde_json::json!(["10.0.0.100", "nas.lab.lan", "more"])
    );
    assert_eq!(
        report["imported"]["level"],
        serde_json::json!({"value": 1, "line": 5, "from": "reg query"})
    );
    assert_eq!(report["imported"]["server_names"], Value::Null);
    let codes: Vec<_> = report["decisions"][1]["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["code"].clone())
        .collect();
    assert_eq!(codes, ["allowed-name", "proof-not-checked", "mic-not-checked"]);
}

#[test]
fn decide_takes_the_name_from_an_event() {
    let file = imported("event-5168-german.txt");
    let report = json(&run(&["decide", "--format", "json", "--import", &file], ""));
    assert_eq!(report["evidence"]["spn"], "cifs/10.0.0.100");
    assert_eq!(report["decisions"][1]["outcome"], "deny");
    assert_eq!(report["imported"]["events"][0]["error_code"], "0xC0000022");
    let cure = report["imported"]["events"][0]["cure"].as_str().unwrap();
    assert!(cure.contains("SrvAllowedServerNames"));
    let own = run(
        &["decide", "--format", "json", "--spn", "cifs/nas", "--list-is", "own", "--import", "-"],
        "nas\n",
    );
    assert_eq!(json(&own)["decisions"][2]["reasons"][0]["code"], "own-name");
}

#[test]
fn decide_lists_each_event_and_says_which_was_decided() {
    let file = imported("events.xml");
    let shown = run(&["decide", "--import", &file], "");
    let text = String::from_utf8(shown.stdout).unwrap();
    let (_, events) = text.split_once("\nEvents\n").expect("a list of them");
    let rows: Vec<_> = events.lines().take_while(|line| !line.is_empty()).collect();
    assert_eq!(rows.len(), 3, "{text}");
    for (row, event, name, now) in [
        (rows[0], "Event 5168, line 2, 20", "cifs/10.0.0.100", "now accepted at every level"),
        (rows[1], "Event 5168, line 4, 20", "HTTP/files&more", "now denied at levels 1 and 2"),
        (rows[2], "Event 551, line 5, 20", "cifs/10.0.0.200", "(decided above)"),
    ] {
        assert!(row.contains(event) && row.contains(name) && row.contains(now), "{row}");
    }
    let report = json(&run(&["decide", "--format", "json", "--import", &file], ""));
    let events = report["imported"]["events"].as_array().unwrap();
    assert_eq!(events[0]["now"], serde_json::json!(["accept", "accept", "accept"]));
    assert_eq!(events[2]["now"], serde_json::json!(["accept", "deny", "deny"]));
}

#[test]
fn decide_does_not_allow_what_it_does_not_understand() {
    for name in ["min-02", "min-02b", "min-02c", "min-02d"] {
        let folder = std::fs::read_dir(path("cases")).unwrap();
        let mut files = folder.map(|file| file.unwrap().path());
        let begins = format!("{name}-");
        let file =
            files.find(|file| file.file_name().unwrap().to_str().unwrap().starts_with(&begins));
        let file = file.unwrap();
        let file = file.to_str().unwrap();
        let arguments =
            ["decide", "--format", "json", "--spn", "cifs/10.0.0.100", "--import", file];
        let report = json(&run(&arguments, ""));
        assert_eq!(report["server"]["allowed"], serde_json::json!([]), "{name}");
        assert_eq!(report["decisions"][1]["outcome"], "deny", "{name}");
    }
    let refused = run(&["decide", "--no-spn", "--import", "-"], "SmbServerNameHardeningLevel,1");
    assert_eq!(refused.status.code(), Some(2));
    let error = String::from_utf8(refused.stderr).unwrap();
    assert!(error.contains("This looks like settings of a server"), "{error}");
}

#[test]
fn decode_takes_an_imported_server() {
    let outcomes = |file: &str, message: &str| {
        let output =
            run(&["decode", "--format", "json", "--import", &imported(file)], &text(message));
        let decisions = json(&output)["exchanges"][0]["decisions"].as_array().unwrap().clone();
        let said = String::from_utf8(output.stderr).unwrap();
        (
            decisions
                .iter()
                .map(|one| one["outcome"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>(),
            said,
        )
    };
    let (denied, said) = outcomes("event-5168.txt", "vectors/t1.b64");
    assert_eq!(denied, ["accept", "deny", "deny"]);
    assert!(said.starts_with("spnscope: imported: Server names: DCFR, dcfr.lab.lan, LocalHost (an event as text, line 14)\n"), "{said}");
    let (allowed, _) = outcomes("server.reg", "vectors/t1.b64");
    assert_eq!(allowed, ["accept", "accept", "accept"]);
}

/// An event alone that does not say what the client asked for is reported, and nothing is decided.
#[test]
fn decide_explains_an_event_without_a_name() {
    let case = |name: &str| path(&format!("cases/{name}.txt")).to_str().unwrap().to_owned();
    for (name, why, says) in [
        (
            "39-event-4625",
            "the event says nothing about a target name",
            "sub-status STATUS_NTLM_BLOCKED (0xC0000418)",
        ),
        (
            "25-event-551-format-list",
            "the event does not say what the client asked for",
            "before the server checked a name",
        ),
    ] {
        let shown = run(&["decide", "--import", &case(name)], "");
        assert_eq!(shown.status.code(), Some(0), "{name}");
        let shown = String::from_utf8(shown.stdout).unwrap();
        assert!(shown.starts_with(&format!("No answer: {why}.")), "{shown}");
        assert!(shown.contains(says), "{shown}");
        let report = json(&run(&["decide", "--format", "json", "--import", &case(name)], ""));
        assert_eq!(
            (&report["evidence"], &report["decisions"]),
            (&Value::Null, &serde_json::json!([]))
        );
        let said = report["imported"]["events"][0]["why"].as_str().unwrap();
        assert!(said.contains(says), "{said}");
    }
    let report = json(&run(
        &["decide", "--format", "json", "--import", &imported("ntlm-operational.xml")],
        "",
    ));
    assert_eq!(report["evidence"]["spn"], "cifs/10.0.0.100");
    let witness = &report["imported"]["events"][2]["witness"];
    assert_eq!(witness["basis"], "captured");
    assert_eq!(witness["av_flags"], "0x00000002");
    assert_eq!(witness["undocumented"][1]["value"], "[not public]");
}

#[test]
fn decide_and_import_refuse_in_words() {
    let file = imported("get-smbserverconfiguration.txt");
    for (arguments, said) in [
        (&["decide"][..], "say what the client asks for"),
        (&["decide", "--import", &file], "say what the client asks for"),
        (&["decide", "--spn", "a", "--no-spn"], "cannot be used with"),
        (&["decide", "--untrusted"], "--spn"),
        (&["decide", "--no-spn", "--level", "x"], "invalid value"),
        (&["decide", "--spn", "cifs/a", "--with", "ntlmv1"], "have a place for a name"),
        (&["decide", "--no-spn", "--with", "kerberos"], "always names the service"),
        (&["decide", "--with", "smb1-bare", "--smb", "smb2"], "cannot be combined with"),
        (&["decide", "--no-spn", "--allowed-is-all"], "--remedies"),
        (&["decode", "--audit-client-spn", "maybe"], "invalid value"),
        (&["decide", "--no-spn", "--import", "no/such/file"], "cannot read no/such/file"),
        (
            &["decide", "--no-spn", "--import", "-"],
            "standard input: nothing about a server was found. Line 1: \"hello you\"",
        ),
        (&["decode", "--import", "-"], "only one of FILE and --import"),
    ] {
        let output = run(arguments, "hello you");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(said), "{arguments:?}: {error}");
    }
}

#[test]
fn rules_lists_every_rule_with_what_it_says() {
    let rules: Vec<_> = spnscope::lab::stated_rules().map(|(rule, _)| rule).collect();
    let list = json(&run(&["rules", "--format", "json"], ""));
    let list = list.as_array().unwrap();
    assert_eq!(list.len(), rules.len());
    let text = String::from_utf8(run(&["rules"], "").stdout).unwrap();
    for (row, rule) in list.iter().zip(rules) {
        assert_eq!(row["code"], rule.code);
        assert_eq!(row["basis"], rule.basis.as_str());
        assert_eq!(row["source"], rule.source);
        let says = row["says"].as_str().unwrap();
        assert!(says.ends_with('.') && !says.contains('`'), "{says}");
        assert!(text.contains(&format!("{} ", rule.code)) && text.contains(says), "{says}");
    }
    let off = list.iter().find(|row| row["code"] == "level-off").unwrap();
    assert_eq!(off["says"], "At level 0 the target name is not checked.");
}

#[test]
fn events_and_remedies_are_there_when_they_are_asked_for() {
    let input = text("vectors/t1.b64");
    let decode = |extra: &[&str]| {
        let mut arguments = vec!["decode"];
        arguments.extend(STORY);
        arguments.extend(extra);
        let output = run(&arguments, &input);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        output
    };
    let plain = String::from_utf8(decode(&[]).stdout).unwrap();
    assert!(!plain.contains("Events at level") && !plain.contains("The way out"));
    let said = |extra: &[&str], expected: &[&str]| {
        let text = String::from_utf8(decode(extra).stdout).unwrap();
        let places: Vec<_> = expected.iter().map(|line| text.find(line)).collect();
        assert!(places.iter().all(Option::is_some), "{extra:?}: {places:?}\n{text}");
        assert!(places.is_sorted(), "{extra:?}: {places:?}");
    };
    said(
        &["--events"],
        &[
            "Events at level 1:\n    4624 in Security, as at level 0.",
            "Spn check for SMB/SMB2 fails.",
            "SPN Name: cifs/10.0.0.100",
            "SMB Session Authentication Failure",
            "Events at level 2:",
        ],
    );
    said(
        &["--events=xml"],
        &["<EventID>4624</EventID>", "<Data Name=\"SpnName\">cifs/10.0.0.100</Data>"],
    );
    said(
        &["--remedies"],
        &[
            "How to fix it at levels 1 and 2:",
            "1. Connect by the server's real name: \\\\dcfr.lab.lan.",
            "2. Add 10.0.0.100 to SrvAllowedServerNames",
            "$names += '10.0.0.100'",
            "What not to do:",
        ],
    );
    said(
        &["--remedies", "--allowed", "files", "--allowed-is-all"],
        &["/s , /d \"files,10.0.0.100\" /f"],
    );
    said(&["--remedies", "--allowed", "10.0.0.100"], &["How to fix it: nothing is denied."]);
    let wrong = "00000000000000000000000000000000";
    said(&["--remedies", "--nt-hash", wrong], &["How to fix it: the sign-in fails before"]);
    let refused = run(&["decode", "--allowed-is-all"], &input);
    assert_eq!(refused.status.code(), Some(2), "it says something about remedies only");
}

/// A sign-in to another service says so before the answers, and is offered no remedy.
#[test]
fn a_sign_in_to_a_web_server_gets_no_remedy() {
    let output = run(&["decode", "--remedies"], &text("inputs/curl-v.txt"));
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let places = [
        "this sign-in went to a web server (HTTP). The policy is about file servers. Relayed to one, it would get:",
        "Level 2 Required from client: denied",
        "How to fix it: nothing needs fixing. The sign-in went to a web server (HTTP), which does not make this check.",
    ]
    .map(|said| text.find(said));
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}\n{text}");
    assert!(!text.contains("cifs/DCFR") && !text.contains("What not to do"), "{text}");
}

#[test]
fn json_has_events_and_remedies_only_when_they_are_asked_for() {
    let input = text("vectors/t1.b64");
    let report = |extra: &[&str]| {
        let mut arguments = vec!["decode", "--format", "json"];
        arguments.extend(STORY);
        arguments.extend(extra);
        json(&run(&arguments, &input))["exchanges"][0].clone()
    };
    let plain = report(&[]);
    let mut full = report(&["--events", "--remedies"]);
    assert_eq!(full["advice"]["not_to_do"].as_array().unwrap().len(), 2);
    let denied = &full["decisions"][1];
    let ids: Vec<_> = denied["event_log"]["written"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["id"].as_u64().unwrap())
        .collect();
    assert_eq!(ids, [4624, 5168, 551]);
    assert_eq!(denied["event_log"]["not_written"][0]["id"], 3025);
    assert_eq!(
        denied["remedies"][1]["change"],
        serde_json::json!({"what": "allow", "value": "10.0.0.100"})
    );
    assert_eq!(denied["remedies"][1]["then"]["basis"], "observed");
    assert_eq!(full["decisions"][0]["remedies"], serde_json::json!([]));
    let exchange = full.as_object_mut().unwrap();
    exchange.remove("advice");
    for decision in exchange["decisions"].as_array_mut().unwrap() {
        decision.as_object_mut().unwrap().retain(|key, _| key != "event_log" && key != "remedies");
    }
    assert_eq!(full, plain, "nothing else changes");
}
