//! NetNTLMv2 lines: what is in front of them, who signs in, and what a secret proves.

use spnscope::analysis::{Analysis, analyze};
use spnscope::judge::{
    proof::{ProofVerdict, Secret},
    smb::{MicEvidence, Outcome, ServerSettings, Target},
};
use spnscope::message::field::hex;
use spnscope::show::report::{render_json, render_text};

use crate::{
    fixtures::{parse, text},
    read::inputs_spellings::{analysis, message},
};

/// Challenge, NTProofStr and the rest of T1's response.
fn parts() -> [String; 3] {
    let t1 = text("vectors/t1.b64");
    let challenge = analysis(t1.as_bytes());
    let challenge = challenge.tokens()[1].message().unwrap();
    let number = challenge.as_challenge().unwrap().server_challenge.unwrap();
    let answer = parse(&message().1);
    let response = answer.as_authenticate().unwrap().ntlmv2.as_ref().unwrap().span;
    let (proof, rest) = answer.source().slice(response).split_at(16);
    [hex(challenge.source().slice(number)), hex(proof), hex(rest)]
}

fn line(user: &str, domain: &str) -> String {
    let [challenge, proof, rest] = parts();
    format!("{user}::{domain}:{challenge}:{proof}:{rest}")
}

/// User, domain and target name of each line.
fn said(analysis: &Analysis) -> Vec<(String, String, String)> {
    let lines = analysis.tokens().iter().filter_map(|token| token.content.response());
    let said = lines.map(|line| {
        let target = line.target_name();
        let target = target.text().map_or_else(|| target.as_str(), |(text, _)| text).to_owned();
        (line.beside.user.clone(), line.beside.domain.clone(), target)
    });
    said.collect()
}

#[test]
fn text_around_a_line_is_no_part_of_it() {
    let whole = line("anna", "LAB");
    let upper = line("anna", "LAB").to_uppercase().replace("ANNA", "anna");
    #[rustfmt::skip]
    let around = [
        ("", ""),
        ("[SMB] NTLMv2-SSP Hash     : ", "\r\n"),
        ("[HTTP] NTLMv2 Hash     : ", ""),
        ("\u{1b}[1;33m", "\u{1b}[0m"),
        ("^[[1;33m", "^[[0m"),
        ("2026-03-25 10:11:12,131 INFO ", ""),
        ("[2026-03-25T10:11:12Z] [*] ", " (10.10.10.20)"),
        ("Mar 25 10:11:12 host tool[4711]: ", ""),
        ("    ", "    "),
        ("> ", "\n> Regards"),
        ("\"", "\""),
        ("{\"hash\":\"", "\",\"n\":1}"),
        (r#"{"log":"hash:\n"#, r#"\n"}"#),
        (r#"{"log":"\u001b[1;33m"#, r#"\u001b[0m"}"#),
        (r"LAB\", ""),
        ("<td>", "</td>"),
        ("1,", ",10.10.10.20"),
        ("hash=", ";"),
        ("'", "'"),
        ("`", "`"),
        ("- ", ""),
        ("| ", " |"),
        ("\t", "\t10.0.0.11"),
        ("", ":Password"),
        ("(", ")"),
    ];
    for (before, behind) in around {
        for whole in [&whole, &upper] {
            let pasted = format!("{before}{whole}{behind}");
            let analysis = analysis(pasted.as_bytes());
            let expected = ("anna".to_owned(), "LAB".to_owned(), "cifs/10.0.0.100".to_owned());
            assert_eq!(said(&analysis), [expected], "{before:?} {behind:?}");
            assert_eq!(analysis.remark(), None, "{before:?} {behind:?}");
            let report = render_json(&analysis) + &render_text(&analysis);
            assert!(!report.contains("Password"), "{before:?} {behind:?}");
        }
    }
}

#[test]
fn the_user_is_the_whole_name_where_something_shows_where_it_begins() {
    let whole = line("Jane Doe", "LAB");
    for before in ["", "[SMB] NTLMv2-SSP Hash     : ", "\"", "a line before\n"] {
        let analysis = analysis(format!("{before}{whole}").as_bytes());
        assert_eq!(said(&analysis)[0].0, "Jane Doe", "{before:?}");
    }
    for (pasted, user, domain) in [
        (line("pc7$", "WORK GROUP"), "pc7$", "WORK GROUP"),
        (line("anna", ""), "anna", ""),
        (line("anna@lab.lan", ""), "anna@lab.lan", ""),
        (line("über", "LÄB"), "über", "LÄB"),
        (line("nora", "LAB").replace("nora", r"LAB\nora"), "nora", "LAB"),
        (format!("INFO {}", line("anna", "LAB")), "anna", "LAB"),
    ] {
        let said = said(&analysis(pasted.as_bytes()));
        assert_eq!((said[0].0.as_str(), said[0].1.as_str()), (user, domain), "{pasted}");
    }
}

#[test]
fn a_line_that_a_terminal_broke_is_joined_and_ends_where_its_pairs_do() {
    let whole = line("anna", "LAB");
    for columns in 20..150 {
        for (end, indent) in [("\n", ""), ("\r\n", "    ")] {
            let rows: Vec<_> =
                whole.as_bytes().chunks(columns).map(|row| str::from_utf8(row).unwrap()).collect();
            let pasted = rows.join(&format!("{end}{indent}")) + end + "abe::LAB: is the next\n";
            let analysis = analysis(pasted.as_bytes());
            assert_eq!(said(&analysis).len(), 1, "{columns} {pasted}");
            let found = analysis.tokens()[0].content.response().unwrap();
            let [_, proof, rest] = parts();
            assert_eq!(hex(found.bytes()), proof + &rest, "{columns}");
            assert_eq!(found.missing, None, "{columns}");
        }
    }
}

#[test]
fn a_line_in_utf_16_and_several_beside_a_message_are_read_in_their_order() {
    let whole = line("anna", "LAB");
    let utf16: Vec<u8> = "\u{feff}hash: "
        .chars()
        .chain(whole.chars())
        .flat_map(|c| (c as u16).to_le_bytes())
        .collect();
    assert_eq!(said(&analysis(&utf16))[0].0, "anna");
    let (base64, _) = message();
    let other = line("bob", "LAB").replace("aaaaaaaa", "bbbbbbbb");
    let analysis = analysis(format!("{whole}\n{base64}\n{other}\n").as_bytes());
    let kinds: Vec<_> = analysis.tokens().iter().map(|token| token.content.kind()).collect();
    assert_eq!(kinds, ["NTLMV2_RESPONSE", "AUTHENTICATE", "NTLMV2_RESPONSE"]);
}

#[test]
fn a_secret_is_held_against_the_line() {
    let [challenge, proof, rest] = parts();
    let verdict = |pasted: &str, password: &str| {
        let secret = Secret::from_password(password);
        let analysis = analyze(pasted.as_bytes(), &ServerSettings::default(), Some(&secret));
        let exchange = &analysis.exchanges()[0];
        let decided = exchange.verdict.as_ref().unwrap().decisions.as_array()[0].outcome;
        let codes: Vec<_> = analysis.findings_of(0).map(|(_, found)| found.code.as_str()).collect();
        (
            exchange.proof.response.verdict,
            decided,
            codes.contains(&"proof/nt-proof-str"),
            exchange.proof.keys.is_some(),
        )
    };
    let right = (ProofVerdict::Valid, Outcome::Accept, false, true);
    let wrong = (ProofVerdict::Invalid, Outcome::LogonFailure, true, false);
    assert_eq!(verdict(&line("User", "LAB"), "Password"), right);
    assert_eq!(verdict(&line("USER", "LAB"), "Password"), right, "the user is folded");
    assert_eq!(verdict(&line("User", ""), "Password"), right, "the echoed domain is tried");
    assert_eq!(verdict(&line("User", "LAB"), "password"), wrong);
    assert_eq!(verdict(&line("Other", "LAB"), "Password"), wrong);
    // Eight bytes more than ServerChallenge has: which count is not known, so it is not called
    // wrong.
    let long = format!("User::LAB:{challenge}0000000000000000:{proof}:{rest}");
    assert_eq!(verdict(&long, "Password"), right);
    assert_eq!(verdict(&long, "password"), (ProofVerdict::Unknown, Outcome::Accept, false, false));
}

#[test]
fn missing_parts_of_a_line_are_named() {
    let whole = analysis(line("User", "LAB").as_bytes());
    let exchange = &whole.exchanges()[0];
    assert_eq!(exchange.verdict.as_ref().unwrap().evidence.mic, MicEvidence::NotShown);
    let said = render_text(&whole);
    assert!(said.contains("no flags, no workstation, no session key. MsvAvFlags announces a MIC, which is not in the line."), "{said}");
    let report: serde_json::Value = serde_json::from_str(&render_json(&whole)).unwrap();
    let facts = &report["tokens"][0]["facts"];
    for (key, expected) in [
        ("user", "User"),
        ("domain", "LAB"),
        ("response", "ntlmv2"),
        ("server_challenge", "0123456789abcdef"),
    ] {
        assert_eq!(facts[key], expected, "{key}");
    }
    assert!(facts["flags"].is_null() && facts["version"].is_null() && facts["mic"].is_null());
    let exchange = &report["exchanges"][0];
    assert_eq!(
        (&exchange["response"], &exchange["evidence"]["carrier"]),
        (&0.into(), &"ntlmv2".into())
    );
    assert!(exchange["authenticate"].is_null());
    let target = &facts["target_name"];
    let [start, end] =
        ["start", "end"].map(|key| usize::try_from(target[key].as_u64().unwrap()).unwrap());
    let bytes = whole.tokens()[0].content.bytes();
    assert_eq!(
        String::from_utf16_lossy(
            &bytes[start..end]
                .as_chunks::<2>()
                .0
                .iter()
                .map(|c| u16::from_le_bytes(*c))
                .collect::<Vec<_>>()
        ),
        "cifs/10.0.0.100"
    );
}

/// Wherever a line is cut, nothing is concluded from what is not there.
#[test]
fn a_cut_line_decides_nothing() {
    let whole = line("User", "LAB");
    let list_end = whole.len() - 8;
    for len in whole.find(":0101").unwrap() + 20..list_end {
        let analysis = analysis(&whole.as_bytes()[..len]);
        let verdict = analysis.exchanges()[0].verdict.as_ref().unwrap();
        assert!(
            verdict
                .decisions
                .as_array()
                .iter()
                .all(|decision| decision.outcome == Outcome::Unknown),
            "{len}"
        );
        assert!(matches!(verdict.evidence.target, Target::CutOff | Target::Present(_)), "{len}");
        let findings = analysis.tokens()[0]
            .all_findings()
            .filter(|(_, found)| found.severity() > spnscope::base::finding::Severity::Note);
        assert_eq!(
            findings.map(|(_, found)| found.code.as_str()).collect::<Vec<_>>(),
            ["message/cut"],
            "{len}"
        );
    }
}

#[test]
fn text_that_only_looks_like_a_line_is_none() {
    let [challenge, proof, rest] = parts();
    for other in [
        format!("fe80::1:{challenge}:{proof}:{challenge}"),
        format!("anna::LAB:{challenge}:{proof}:ff{rest}"),
        format!("anna::LAB:{challenge}:{proof}00:{rest}"),
        format!("::LAB:{challenge}:{proof}:{rest}"),
        format!("std::vector::LAB:{challenge}"),
        format!("anna::LAB:xyz:{proof}:{rest}"),
    ] {
        assert!(said(&analysis(other.as_bytes())).is_empty(), "{other}");
    }
}
