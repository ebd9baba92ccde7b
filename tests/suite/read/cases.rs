//! Pastes that people make, kind by kind: what should come of each file of `fixtures/cases`.

use serde_json::Value;
use spnscope::analysis::Analysis;
use spnscope::base::{finding::Severity, span::Span};
use spnscope::judge::{imports::Import, smb::Target};
use spnscope::read::config::BareListKind;
use spnscope::show::{report::render_json, words};

use crate::{fixtures::text, read::inputs_spellings::analysis};

/// A message: its type, how many bytes of it are there, and its target name or what replaces it.
type Message = (&'static str, usize, &'static str);

/// A file; what reads it, `decode` or `import`; the messages or the refusals in it; the codes of
/// the findings that are more than notes; and what is said of the rest: nothing, or a sentence with
/// these words.
type Case = (&'static str, &'static str, &'static [Message], &'static [&'static str], &'static str);

#[rustfmt::skip]
const CASES: &[Case] = &[
    // D: hex goes on into the next line.
    ("min-04-hex-then-a-timestamp", "decode", &[("NEGOTIATE", 40, "")], &[], ""),
    ("min-04a-hex-then-a-syslog-line", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-04b-hex-then-seconds-since-1970", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-04c-colons-then-a-time", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-04d-cut-hex-then-a-date", "decode", &[("AUTHENTICATE", 200, "cut-off")], &["message/cut"], ""),
    ("min-04e-hex-then-a-date-without-marks", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("04-java-received-token", "decode", &[("CHALLENGE", 146, "")], &[], ""),
    // E: a colon, or another mark, between offset and first byte.
    ("min-05-colon-glued-to-the-first-byte", "decode", &[("NEGOTIATE", 40, "")], &[], ""),
    ("min-05a-assembler-offsets", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-05b-decimal-offsets-glued", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-06-colon-with-spaces-around", "decode", &[("NEGOTIATE", 40, "")], &[], ""),
    ("min-06a-bar-between", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-06b-words-behind-a-glued-colon", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-06c-equals-sign", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("03-offsets-0x-but-decimal", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    // F: pieces behind the same words on each line.
    ("min-07-C-strings-behind-a-prefix", "decode", &[("NEGOTIATE", 40, "")], &[], ""),
    ("min-07a-json-lines", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-07b-rows-with-text-behind-a-counter", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-07c-python-strings-behind-a-prefix", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-07d-level-names-padded", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-07e-journal", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-08-base64-behind-a-prefix", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-08b-hex-behind-a-prefix", "decode", &[("NEGOTIATE", 40, "")], &[], ""),
    ("12-rows-of-C-strings-in-a-log", "decode", &[("NEGOTIATE", 40, ""), ("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    // G: words without offsets, text behind.
    ("min-09-words-without-offsets", "decode", &[("NEGOTIATE", 40, "")], &[], ""),
    ("min-09a-words-with-framed-text", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-09b-words-of-four-bytes", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-09c-words-tab-text", "decode", &[("NEGOTIATE", 40, "")], &[], ""),
    // H: hex that is explained.
    ("min-10-hex-explained", "decode", &[("NEGOTIATE", 16, "")], &[], ""),
    ("min-10a-arrows", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-10b-equals", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-10c-square-brackets", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-10d-words", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("16-hex-with-explanations", "decode", &[("NEGOTIATE", 16, "")], &[], ""),
    // I: rows and bytes that a terminal broke.
    ("min-11-rows-broken-in-two", "decode", &[("NEGOTIATE", 40, "")], &[], ""),
    ("min-11a-xxd-at-40-columns", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-11b-hexdump-at-60-columns", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-11c-log-rows-at-72-columns", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-12-hex-broken-inside-a-byte", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-12a-spaced-hex-at-79-columns", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-12b-words-at-53-columns", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-12c-label-in-front", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("02-dump-broken-by-terminal", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    // K: one message twice.
    ("min-14-one-message-twice", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-14a-each-token-twice-in-a-log", "decode", &[("NEGOTIATE", 40, ""), ("CHALLENGE", 164, ""), ("AUTHENTICATE", 370, "cifs/10.0.0.100")], &[], " Can be read as hex."),
    ("min-14b-header-and-its-token-in-hex", "decode", &[("AUTHENTICATE", 370, "cifs/10.0.0.100")], &[], ""),
    ("min-14c-a-sign-in-and-again", "decode", &[("NEGOTIATE", 40, ""), ("CHALLENGE", 164, ""), ("AUTHENTICATE", 370, "cifs/10.0.0.100")], &[], ""),
    ("min-14d-two-sign-ins-that-begin-alike", "decode", &[("NEGOTIATE", 40, ""), ("CHALLENGE", 164, ""), ("AUTHENTICATE", 370, "cifs/10.0.0.100"), ("NEGOTIATE", 40, ""), ("CHALLENGE", 164, ""), ("AUTHENTICATE", 368, "cifs/10.0.0.11")], &[], ""),
    ("min-14e-message-and-its-line", "decode", &[("AUTHENTICATE", 370, "cifs/10.0.0.100"), ("NTLMV2_RESPONSE", 212, "cifs/10.0.0.100")], &[], ""),
    ("18-tree-with-raw-hex-thrice", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("20-parser-output-two-raw-data", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    // L: no remark that is not so.
    ("min-15-parameters-before-the-token", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-15a-parameters-without-quotes", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-15b-empty-parameter", "decode", &[("NEGOTIATE", 40, "")], &[], ""),
    ("min-16-plain-hex", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-16a-upper-case-wrapped", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-16b-decimals", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-16c-hex-of-a-token", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("15-sip-gssapi-data", "decode", &[("CHALLENGE", 146, ""), ("AUTHENTICATE", 166, "not-carried")], &[], ""),
    ("08-hex-with-smb1-rest", "decode", &[("CHALLENGE", 281, ""), ("AUTHENTICATE", 323, "absent")], &[], ""),
    // M: NetNTLM lines.
    ("min-17-hash-with-a-long-challenge", "decode", &[("NTLMV2_RESPONSE", 194, "cifs/10.0.0.100")], &[], ""),
    ("min-17a-coloured-and-broken-at-80-columns", "decode", &[("NTLMV2_RESPONSE", 194, "cifs/10.0.0.100")], &[], ""),
    ("min-17b-two-in-a-json-string", "decode", &[("NTLMV2_RESPONSE", 194, "cifs/10.0.0.100"), ("NTLMV2_RESPONSE", 194, "cifs/10.0.0.100")], &[], ""),
    ("min-17c-pot-file-and-an-old-one", "decode", &[("NTLMV2_RESPONSE", 194, "cifs/10.0.0.100")], &[], "Line 2, column 1: this is a NetNTLMv1 line"),
    ("min-17d-cut-by-its-column", "decode", &[("NTLMV2_RESPONSE", 63, "cut-off")], &["message/cut"], ""),
    ("min-17e-csv", "decode", &[("NTLMV2_RESPONSE", 194, "cifs/10.0.0.100")], &[], ""),
    ("24-netntlmv2-in-logs", "decode", &[("NTLMV2_RESPONSE", 194, "cifs/10.0.0.100")], &[], ""),
    ("24b-netntlmv2-alone", "decode", &[("NTLMV2_RESPONSE", 194, "cifs/10.0.0.100")], &[], ""),
    ("24c-netntlmv2-long-challenge", "decode", &[("NTLMV2_RESPONSE", 194, "cifs/10.0.0.100")], &[], ""),
    // N: counts and ellipses.
    ("min-18-count-taken-for-a-byte", "decode", &[("AUTHENTICATE", 96, "cut-off")], &["message/cut"], "Node.js left out the rest; print all of it with Buffer.from("),
    ("min-18a-node-buffer", "decode", &[("AUTHENTICATE", 50, "cut-off")], &["message/cut"], "Node.js left out the rest; print all of it with Buffer.from("),
    ("min-18b-list-with-an-ellipsis", "decode", &[("AUTHENTICATE", 100, "cut-off")], &["message/cut"], "The program that printed this left it out. Paste it from somewhere "),
    ("min-18c-powershell-list-cut", "decode", &[("AUTHENTICATE", 140, "cut-off")], &["message/cut"], "The program that printed this left it out. Paste it from somewhere "),
    ("min-19-pieces-around-an-ellipsis-joined", "decode", &[("UNKNOWN", 8, "")], &["message/cut"], "Foundation left out the middle; print all of it with base64E"),
    ("min-19a-numpy", "decode", &[("AUTHENTICATE", 30, "cut-off")], &["message/cut"], "NumPy left out the middle; call numpy.set_printoptions(thres"),
    ("min-19b-words-in-brackets", "decode", &[("AUTHENTICATE", 120, "cut-off")], &["message/cut"], "The program that printed this left it out. Paste it from somewhere "),
    ("min-19c-powershell", "decode", &[("AUTHENTICATE", 70, "cut-off")], &["message/cut"], "PowerShell left out the rest; set $FormatEnumerationLimit = "),
    ("min-19d-rows-around-an-ellipsis", "decode", &[("AUTHENTICATE", 96, "cut-off")], &["message/cut"], "The program that printed this left it out. Paste it from somewhere "),
    // O: tags and characters without a width.
    ("min-20-br-between-the-lines", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-20a-first-line-only", "decode", &[("AUTHENTICATE", 45, "cut-off")], &["message/cut"], ""),
    ("min-20b-first-lines-and-a-remark", "decode", &[("AUTHENTICATE", 180, "cut-off")], &["message/cut"], ""),
    ("min-20c-quoted-first-lines", "decode", &[("AUTHENTICATE", 225, "cut-off")], &["message/cut"], "The program that printed this left it out. Paste it from somewhere "),
    ("min-20d-br-between-rows-of-hex", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-20e-paragraphs", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-20f-spaces-as-references", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-21-zero-width-spaces", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-21a-soft-hyphens", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-21b-word-joiners-in-hex", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    // P: characters for some bytes.
    ("min-22-od-c", "decode", &[("NEGOTIATE", 40, "")], &[], ""),
    ("min-22a-hexdump-c", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-22b-od-c-hex-offsets", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-22c-od-c-blanks-lost", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-22d-od-hex-and-characters", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-22e-cat-v", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-22f-angle-brackets", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-22g-quoted-printable", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-22h-od-c-without-offsets", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-22i-characters-and-0x-apart", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("33b-mixed-bytes-alone", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    // R: left out by what printed it.
    ("min-32a-parameters-filtered", "decode", &[], &[], "The program that printed this left it out. Paste it from somewhere "),
    ("min-32b-masked", "decode", &[], &[], "The program that printed this left it out. Paste it from somewhere "),
    ("min-32c-dump-from-0x40", "decode", &[], &[], "this dump begins at offset 0040. The rows before that are le"),
    ("min-32d-journal", "decode", &[], &[], "The journal holds all of it; print it with journalctl --all."),
    ("min-32e-strace", "decode", &[("AUTHENTICATE", 32, "cut-off")], &["message/cut"], "strace left out the rest; trace again with -s 65535."),
    ("min-32f-gdb-array", "decode", &[("AUTHENTICATE", 200, "cut-off")], &["message/cut"], "GDB left out the rest; enter “set print elements unlimited”"),
    ("min-32g-node-text", "decode", &[("AUTHENTICATE", 75, "cut-off")], &["message/cut"], "Node.js left out the rest; set util.inspect.defaultOptions.maxStringLength = null"),
    ("min-32h-powershell-four", "decode", &[], &[], "PowerShell left out the rest; set $FormatEnumerationLimit = -1"),
    ("min-32i-bytes-omitted", "decode", &[("AUTHENTICATE", 100, "cut-off")], &["message/cut"], "“(270 bytes omitted)” is where bytes should be."),
    ("min-32j-wireshark-in-front", "decode", &[("AUTHENTICATE", 80, "cut-off")], &["message/cut"], "Wireshark cut the line; print all bytes with tshark -x."),
    ("min-32k-base64-then-an-ellipsis", "decode", &[("AUTHENTICATE", 48, "cut-off")], &["message/cut"], "“...” is where bytes should be."),
    ("min-32l-lldb", "decode", &[("AUTHENTICATE", 150, "cut-off")], &["message/cut"], "LLDB left out the rest; enter “settings set target.max-string-summary-length"),
    ("min-32m-masked-by-the-build", "decode", &[], &[], "“NTLM ***” is where bytes should be."),
    ("32-redacted-git", "decode", &[], &[], "Git left it out; set GIT_TRACE_REDACT=0 and trace again."),
    ("32b-redacted-netlog", "decode", &[], &[], "Chromium left it out; record the net log again with “Include "),
    ("32c-redacted-trace-ascii", "decode", &[], &[], "curl prints every byte with --trace FILE."),
    ("21-parser-json-bytes-left-out", "decode", &[], &[], "The program that printed this left it out. Paste it from somewhere "),
    ("38-only-the-end-of-a-dump", "decode", &[], &[], "this dump begins at offset 00000120. The rows before that ar"),
    // S: numbers in front of the offset.
    ("min-23-hex-number-in-the-prefix", "decode", &[("NEGOTIATE", 40, "")], &[], ""),
    ("min-23a-thread-in-hex", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-23b-pointer-of-zeros", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    ("min-23c-device-number", "decode", &[("AUTHENTICATE", 342, "cifs/10.0.0.100")], &[], ""),
    // A: event 551 whose status takes two lines, and parts of it.
    ("min-01-551-status-in-two-lines", "import", &[("refusal", 0, "cifs/10.0.0.100")], &[], "cifs/10.0.0.100 was refused: "),
    ("min-01a-551-wrapped-by-a-mail", "import", &[("refusal", 0, "cifs/10.0.0.100")], &[], "cifs/10.0.0.100 was refused: "),
    ("min-01b-551-in-one-line", "import", &[("refusal", 0, "cifs/10.0.0.100")], &[], "cifs/10.0.0.100 was refused: "),
    ("min-01c-551-part-in-french", "import", &[("refusal", 0, "cifs/10.0.0.100")], &[], "so the level was not read"),
    ("27b-event-551-part-mail", "import", &[("refusal", 0, "")], &[], "The sign-in failed before the server checked a name"),
    // B: an event that is quoted.
    ("min-02b-event-quoted-becomes-allowed-names", "import", &[("refusal", 0, "cifs/10.0.0.100")], &[], "assumed to be a domain controller"),
    // C: event 5168 without its lists.
    ("min-03-5168-name-and-code-only", "import", &[("refusal", 0, "cifs/dcfr.lab.lan@lab.lan")], &[], "The server's lists are not in this event"),
    ("min-03a-5168-part-in-one-line", "import", &[("refusal", 0, "cifs/nas.lab.lan")], &[], "The server's lists are not in this event"),
    ("min-03b-5168-part-in-bold", "import", &[("refusal", 0, "cifs/nas.lab.lan")], &[], "The server's lists are not in this event"),
    ("min-03c-5168-part-in-json", "import", &[("refusal", 0, "cifs/nas.lab.lan")], &[], "The server's lists are not in this event"),
    ("26-event-5168-part", "import", &[("refusal", 0, "cifs/dcfr.lab.lan@lab.lan")], &[], "The server's lists are not in this event"),
    // Q: what an event says, and what it does not.
    ("25-event-551-format-list", "import", &[("refusal", 0, "")], &[], "The sign-in failed before the server checked a name"),
    ("25a-551-early-in-json", "import", &[("refusal", 0, "")], &[], "The sign-in failed before the server checked a name"),
    ("29-event-3025-xml", "import", &[("refusal", 0, "cifs/10.0.0.100")], &[], "does not recognise cifs/10.0.0.100, which levels 1 and 2 deny. The event itself denies nothing."),
    ("29a-3026-in-one-line", "import", &[("refusal", 0, "")], &[], "The client sent an empty name, which level 2 denies"),
    ("29b-event-3024-format-list", "import", &[("refusal", 0, "")], &[], "The client sent no name, which level 2 denies. The event itself denies nothing."),
    ("39-event-4625", "import", &[("refusal", 0, "")], &[], "sub-status STATUS_NTLM_BLOCKED (0xC0000418), before the server checked a target name"),
    ("39a-4625-of-an-agent", "import", &[("refusal", 0, "")], &[], "A sign-in failed with STATUS_LOGON_FAILURE (0xC000006D), sub-status STATUS_WRONG_PASSWORD (0xC000006A), before"),
];

#[test]
fn each_case_has_its_expected_result() {
    let mut wrong = Vec::new();
    for (file, command, messages, findings, says) in CASES {
        let paste = text(&format!("cases/{file}.txt"));
        let (found, odd, said) = match *command {
            "decode" => decoded(&analysis(paste.as_bytes()), paste.len()),
            "import" => imported(&paste),
            _ => panic!("{file}: no such command as {command}"),
        };
        let expected: Vec<_> = messages
            .iter()
            .map(|(kind, len, name)| ((*kind).to_owned(), *len, (*name).to_owned()))
            .collect();
        let is_said = if says.is_empty() { said.is_empty() } else { said.contains(says) };
        if found != expected || odd != *findings || !is_said {
            wrong.push(format!("{file}: {found:?} {odd:?} {said}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

type Outcome = (Vec<(String, usize, String)>, Vec<&'static str>, String);

fn decoded(analysis: &Analysis, len: usize) -> Outcome {
    let report: Value = serde_json::from_str(&render_json(analysis)).unwrap();
    let mut findings = Vec::new();
    let mut messages = Vec::new();
    for (token, report) in analysis.tokens().iter().zip(report["tokens"].as_array().unwrap()) {
        let of_token = token.all_findings().map(|(_, finding)| finding);
        findings.extend(
            of_token.filter(|f| f.severity() > Severity::Note).map(|finding| finding.code.as_str()),
        );
        // Each byte is behind the one before it.
        let bytes = token.content.bytes();
        let starts: Vec<_> =
            (0..bytes.len()).map(|at| token.pasted(Span::at(at, 1)).start).collect();
        assert!(starts.is_sorted() && starts.iter().all(|start| *start < len), "{starts:?}");
        let target = &report["facts"]["target_name"];
        let target =
            target["value"].as_str().or_else(|| target["state"].as_str()).unwrap_or_default();
        let kind = report["message"].as_str().unwrap().to_owned();
        messages.push((kind, bytes.len(), target.to_owned()));
    }
    let mut said = analysis.refusal().or_else(|| analysis.remark()).unwrap_or_default().to_owned();
    for other in analysis.others() {
        said += &format!(" Can be read as {}.", other.label());
    }
    (messages, findings, said)
}

/// The refusals of the policy that an import tells of, each as a message of an event.
fn imported(paste: &str) -> Outcome {
    let found = Import::read(paste.as_bytes(), BareListKind::Allowed);
    let target = |target: &Option<Target>| match target {
        Some(Target::Present(name)) => name.clone(),
        _ => String::new(),
    };
    let refusals = found.refusals.iter();
    let refusals = refusals.map(|refusal| ("refusal".to_owned(), 0, target(&refusal.target)));
    let remarks = found.stated.remarks.iter().map(|remark| remark.message.clone());
    let said: Vec<_> = found.refusals.iter().map(words::cause).chain(remarks).collect();
    (refusals.collect(), Vec::new(), said.join(" "))
}
