//! Pastes that end inside a message: what is there is shown, and nothing is said of what is not.

use std::thread;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use spnscope::analysis::{Analysis, Token, analyze};
use spnscope::base::finding::{Code, Severity};
use spnscope::judge::smb::{Outcome, ServerSettings};
use spnscope::show::report::{render_json, render_text};

use crate::{
    der::{neg_token_init, neg_token_resp},
    fixtures::{every_message, text},
};

/// A file, how many bytes of its AUTHENTICATE are there, of how many (0 where the header itself is
/// cut), and what is said of the target name.
#[rustfmt::skip]
const FILES: &[(&str, usize, usize, &str)] = &[
    ("08a-hex-with-the-end-missing",             150, 342, "cut-off"),
    ("08b-hex-cut-by-its-column",                200, 342, "cut-off"),
    ("08c-hex-cut-inside-a-byte",                127, 342, "cut-off"),
    ("09-wireshark-truncated-header",             60,   0, "cut-off"),
    ("09a-truncated-negotiate",                   74, 342, "cut-off"),
    ("09b-curl-cut-by-the-window",               135, 342, "cut-off"),
    ("09c-proxy-log-with-an-ellipsis",            72, 342, "cut-off"),
    ("40-negotiate-not-whole",                   256, 342, "cut-off"),
    ("40a-answer-token-cut",                     179, 342, "cut-off"),
    ("40b-wrapped-base64-without-its-last-lines", 224, 342, "cut-off"),
    ("40c-hex-of-the-token-cut",                 234, 342, "cut-off"),
    ("41-wireshark-text-export",                  32,   0, "cut-off"),
    ("41a-security-blob-with-an-ellipsis",        32,   0, "cut-off"),
    ("41b-sql-tds-blob",                          48,   0, "cut-off"),
    ("41c-first-rows-of-a-frame",                148, 342, "cut-off"),
    ("min-13-cut-paste-judged-as-refused",       225, 342, "cut-off"),
    ("min-13a-json-log-line-cut",                232, 342, "cut-off"),
    ("min-13b-cut-inside-the-header",             36,   0, "cut-off"),
    ("min-13c-cut-in-the-session-key",           336, 342, "present"),
    ("min-18-count-taken-for-a-byte",             96, 342, "cut-off"),
    ("min-18a-node-buffer",                       50,   0, "cut-off"),
    ("min-18b-list-with-an-ellipsis",            100, 342, "cut-off"),
    ("min-18c-powershell-list-cut",              140, 342, "cut-off"),
    ("min-20a-first-line-only",                   45,   0, "cut-off"),
    ("min-20b-first-lines-and-a-remark",         180, 342, "cut-off"),
    ("min-20c-quoted-first-lines",               225, 342, "cut-off"),
];

#[test]
fn a_cut_paste_is_not_judged() {
    for (file, have, of, target) in FILES {
        let paste = text(&format!("cases/{file}.txt"));
        let analysis = analyze(paste.as_bytes(), &ServerSettings::default(), None);
        let report: Value = serde_json::from_str(&render_json(&analysis)).unwrap();
        let of = (*of > 0).then_some(*of);
        let token = &report["tokens"][0];
        assert_eq!(token["missing"], json!({ "have": have, "of": of }), "{file}");
        assert_eq!(token["facts"]["target_name"]["state"], *target, "{file}");
        assert_eq!(report["exchanges"][0]["evidence"]["target"], *target, "{file}");
        assert_eq!(codes_but_notes(&analysis), ["message/cut"], "{file}");
        check_unknown(&report["exchanges"][0]).unwrap_or_else(|wrong| panic!("{file}: {wrong}"));
        let said = render_text(&analysis);
        assert!(said.contains(": not known"), "{file}: {said}");
        assert!(!said.contains("absent") && !said.contains("refused"), "{file}: {said}");
    }
}

/// A dissection below the token states the name, so it is quoted, and decides nothing.
#[test]
fn a_name_that_is_printed_below_is_quoted() {
    for (file, names) in [("09-wireshark-truncated-header", 1), ("41-wireshark-text-export", 2)] {
        let paste = text(&format!("cases/{file}.txt"));
        let analysis = analyze(paste.as_bytes(), &ServerSettings::default(), None);
        let quotes = |token: &Token| {
            let of = token.all_findings().map(|(_, finding)| &finding.message);
            of.filter(|said| said.ends_with("The line below is “Target Name: cifs/10.0.0.100”."))
                .count()
        };
        assert_eq!(
            analysis.tokens().iter().map(|token| quotes(token)).sum::<usize>(),
            names,
            "{file}"
        );
        assert_eq!(outcomes(&analysis), [Outcome::Unknown; 3], "{file}");
    }
}

/// A message that is whole in front of other text is judged as ever.
#[test]
fn a_whole_message_is_not_called_cut() {
    let paste = text("cases/08-hex-with-smb1-rest.txt");
    let analysis = analyze(paste.as_bytes(), &ServerSettings::default(), None);
    assert!(analysis.tokens().iter().all(|token| token.message().unwrap().missing.is_none()));
    assert_eq!(outcomes(&analysis), [Outcome::Accept, Outcome::Accept, Outcome::Deny]);
}

/// Half a name is another name, so the server is not called so.
#[test]
fn a_name_that_is_cut_does_not_count() {
    let paste = text("cases/min-13-cut-paste-judged-as-refused.txt");
    let analysis = analyze(paste.as_bytes(), &ServerSettings::default(), None);
    assert_eq!(analysis.exchanges()[0].verdict.as_ref().unwrap().server.names, ["DCFR"]);
}

/// A carrier that is whole ends what was sent; so does a pointer that leads nowhere near.
#[test]
fn a_broken_message_is_judged_as_it_was_sent() {
    let whole = t1();
    let cut = &whole[..300];
    let mut with_gap = cut.to_vec();
    with_gap[56..58].copy_from_slice(&330_u16.to_le_bytes());
    let mut far = cut.to_vec();
    far[56..60].copy_from_slice(&100_000_u32.to_le_bytes());
    for (why, bytes) in [
        ("a whole NegTokenResp", neg_token_resp(None, cut)),
        ("a whole NegTokenInit", neg_token_init(&["ntlm"], cut)),
        ("a whole packet", smb2(&neg_token_resp(None, cut))),
        ("a gap between its fields", with_gap),
        ("a field far away", far),
    ] {
        let analysis = analyze(&bytes, &ServerSettings::default(), None);
        assert_eq!(analysis.tokens()[0].message().unwrap().missing, None, "{why}");
        assert_eq!(outcomes(&analysis), [Outcome::LogonFailure; 3], "{why}");
    }
}

/// Every prefix of every AUTHENTICATE, alone and in what carries it, says what the whole says or
/// that it is cut off. In carriers every fifth byte is tried, and with `SWEEP=1` each.
#[test]
fn every_prefix_agrees_with_the_whole() {
    let messages = authenticates();
    let half = messages.len() / 2;
    let is_sweep = std::env::var_os("SWEEP").is_some();
    let (each_byte, each_digit) = if is_sweep { (1, 1) } else { (5, 7) };
    let run = |part: &[(String, Vec<u8>)]| {
        let (mut checked, mut wrong) = (0, Vec::new());
        for (name, bytes) in part {
            let whole = Whole::of(bytes);
            let mut check = |carrier: &str, paste: &[u8], have: usize, can_be_cut: bool| {
                checked += 1;
                if let Err(says) = whole.check(paste, have, can_be_cut) {
                    wrong.push(format!("{name}, {carrier}, {have} bytes of it: {says}"));
                }
            };
            for have in 12..bytes.len() {
                check("alone", &bytes[..have], have, whole.is_gapless());
            }
            let carriers = [
                ("in a NegTokenResp", neg_token_resp(None, bytes)),
                ("in a NegTokenInit", neg_token_init(&["ntlm"], bytes)),
                ("in SMB2", smb2(&neg_token_resp(None, bytes))),
            ];
            for (carrier, carried) in carriers {
                let before = carried.len() - bytes.len();
                // What is read of each prefix was checked above; these show that the carrier says
                // it is cut.
                for have in (12..bytes.len()).step_by(each_byte) {
                    check(carrier, &carried[..before + have], have, true);
                }
            }
            let digits = STANDARD.encode(bytes);
            let digits = digits.trim_end_matches('=');
            for len in (16..digits.len()).step_by(each_digit) {
                let header = format!("Authorization: NTLM {}", &digits[..len]);
                let have = len * 6 / 8;
                check("in a header", header.as_bytes(), have, whole.is_gapless());
            }
        }
        (checked, wrong)
    };
    let ((checked, wrong), (others_checked, others_wrong)) = thread::scope(|scope| {
        let others = scope.spawn(|| run(&messages[half..]));
        (run(&messages[..half]), others.join().expect("no panic"))
    });
    let wrong: Vec<_> = wrong.into_iter().chain(others_wrong).collect();
    assert!(
        wrong.is_empty(),
        "{} wrong, such as {:#?}",
        wrong.len(),
        &wrong[..wrong.len().min(20)]
    );
    assert!(checked + others_checked > 15_000, "only {checked} and {others_checked} prefixes");
}

fn authenticates() -> Vec<(String, Vec<u8>)> {
    let messages = every_message().into_iter();
    messages.filter(|(_, bytes)| bytes.get(8) == Some(&3)).collect()
}

fn t1() -> Vec<u8> {
    STANDARD.decode(text("vectors/t1-authenticate.b64").trim()).unwrap()
}

/// A `SESSION_SETUP` request behind a transport header, with that token.
fn smb2(token: &[u8]) -> Vec<u8> {
    let mut packet = b"\xfeSMB\x40\0".to_vec();
    packet.resize(64, 0);
    packet[12] = 1;
    packet.extend([25, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 88, 0]);
    packet.extend(u16::try_from(token.len()).unwrap().to_le_bytes());
    packet.extend([0; 8]);
    packet.extend(token);
    let mut framed = u32::try_from(packet.len()).unwrap().to_be_bytes().to_vec();
    framed.extend(packet);
    framed
}

fn outcomes(analysis: &Analysis) -> [Outcome; 3] {
    let verdict = analysis.exchanges()[0].verdict.as_ref().expect("a verdict");
    verdict.decisions.as_array().each_ref().map(|decision| decision.outcome)
}

/// The findings about the first message, but those that are only worth knowing.
fn codes_but_notes(analysis: &Analysis) -> Vec<&'static str> {
    let findings = analysis.tokens()[0].all_findings().map(|(_, finding)| finding);
    findings.filter(|f| f.severity() > Severity::Note).map(|f| f.code.as_str()).collect()
}

fn check_unknown(exchange: &Value) -> Result<(), String> {
    for decision in exchange["decisions"].as_array().unwrap() {
        let is_unknown = decision["outcome"] == "unknown"
            && ["spn_check", "status", "status_code"].iter().all(|key| decision[key].is_null())
            && decision["events"] == json!([])
            && decision["reasons"][0]["code"] == "cut-off";
        if !is_unknown {
            return Err(format!("decided: {decision}"));
        }
    }
    Ok(())
}

/// A whole message and what is said of it.
struct Whole {
    bytes: Vec<u8>,
    report: Value,
    findings: Vec<(Code, String)>,
}

/// The places of an AUTHENTICATE's pointers.
const POINTERS: [usize; 6] = [12, 20, 28, 36, 44, 52];

impl Whole {
    fn of(bytes: &[u8]) -> Self {
        let analysis = analyze(bytes, &ServerSettings::default(), None);
        let report = serde_json::from_str(&render_json(&analysis)).unwrap();
        Self { bytes: bytes.to_vec(), report, findings: findings(&analysis) }
    }

    /// The start and the end of a pointer's field.
    fn field(&self, pointer: usize) -> (usize, usize) {
        let at = |at: usize| usize::from(u16::from_le_bytes([self.bytes[at], self.bytes[at + 1]]));
        (at(pointer + 4), at(pointer + 4) + at(pointer))
    }

    /// Returns true if its fields follow on from its header without gap or overlap.
    fn is_gapless(&self) -> bool {
        let fields = POINTERS.map(|pointer| self.field(pointer));
        let mut fields: Vec<_> = fields.into_iter().filter(|(start, end)| start < end).collect();
        fields.sort_unstable();
        fields.first().is_none_or(|(start, _)| [64, 72, 88].contains(start))
            && fields.windows(2).all(|pair| pair[0].1 == pair[1].0)
    }

    /// The end of the last field.
    fn end(&self) -> usize {
        POINTERS.map(|pointer| self.field(pointer).1).into_iter().max().unwrap_or_default().max(64)
    }

    /// Returns true if the first `have` bytes leave out what the target name, the proof or the MIC
    /// needs.
    fn is_undecided(&self, have: usize) -> bool {
        let is_missing = |pointer: &usize| {
            let (start, end) = self.field(*pointer);
            start < end && end > have
        };
        have < 64
            || [12, 20, 28, 36].iter().any(is_missing)
            || self.report["tokens"][0]["facts"]["mic"]["state"] == "present"
    }

    /// Holds `paste`, in which `have` bytes of the message are, against the whole.
    fn check(&self, paste: &[u8], have: usize, can_be_cut: bool) -> Result<(), String> {
        let analysis = analyze(paste, &ServerSettings::default(), None);
        let report: Value = serde_json::from_str(&render_json(&analysis)).unwrap();
        let [token] = report["tokens"].as_array().unwrap().as_slice() else {
            return Err(format!("{} messages", report["tokens"].as_array().unwrap().len()));
        };
        let exchange = &report["exchanges"][0];
        let header_is_cut = have < 64;
        if header_is_cut || can_be_cut && self.end() > have {
            let of = (!header_is_cut).then(|| self.end());
            if token["missing"] != json!({ "have": have, "of": of }) {
                return Err(format!("missing: {}", token["missing"]));
            }
        } else {
            return if token["missing"].is_null() { Ok(()) } else { Err("called cut".into()) };
        }
        self.check_facts(&token["facts"])?;
        let mut cuts = 0;
        for found in findings(&analysis) {
            cuts += usize::from(found.0 == Code::MessageCut);
            if found.0 != Code::MessageCut && !self.findings.contains(&found) {
                return Err(format!("the whole does not say {found:?}"));
            }
        }
        if cuts != 1 {
            return Err(format!("{cuts} findings say that it is cut"));
        }
        if self.is_undecided(have) {
            return check_unknown(exchange);
        }
        for (here, there) in ["outcome", "spn_check", "status", "events"].map(|key| {
            let each = |report: &Value| {
                report["exchanges"][0]["decisions"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|d| d[key].clone())
                    .collect::<Vec<_>>()
            };
            (each(&report), each(&self.report))
        }) {
            if here != there {
                return Err(format!("{here:?} instead of {there:?}"));
            }
        }
        Ok(())
    }

    /// Each fact is that of the whole, or nothing.
    fn check_facts(&self, facts: &Value) -> Result<(), String> {
        let whole = &self.report["tokens"][0]["facts"];
        for (key, fact) in facts.as_object().unwrap() {
            let is_right = match key.as_str() {
                _ if fact.is_null() => true,
                "target_name" | "mic" if fact["state"] == "cut-off" => {
                    ["value", "start", "end"].iter().all(|part| fact[part].is_null())
                }
                "av_pairs" => {
                    let (here, there) = (fact.as_array().unwrap(), whole[key].as_array().unwrap());
                    there.starts_with(here)
                }
                _ => *fact == whole[key],
            };
            if !is_right {
                return Err(format!("{key} is {fact}, in the whole {}", whole[key]));
            }
        }
        Ok(())
    }
}

/// The findings about the first message, without places, which end where the paste does.
fn findings(analysis: &Analysis) -> Vec<(Code, String)> {
    let findings = analysis.tokens()[0].all_findings().map(|(_, finding)| finding);
    findings.map(|finding| (finding.code, finding.message.to_string())).collect()
}
