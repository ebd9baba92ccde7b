//! The sentences about parts that were not understood, and the other readings of characters.

#![expect(
    clippy::format_collect,
    reason = "what is pasted is easiest to read where it is written out"
)]

use spnscope::analysis::{Analysis, analyze_as};
use spnscope::judge::smb::ServerSettings;
use spnscope::read::text::{Reading, Score, decode};

use crate::{
    fixtures::text,
    read::inputs_spellings::{analysis, codes, message},
};

fn read_as(pasted: &str, reading: Reading) -> Analysis {
    analyze_as(pasted.as_bytes(), Some(reading), &ServerSettings::default(), None)
}

#[test]
fn a_refusal_says_where_reading_stopped() {
    let dump: String = text("inputs/xxd.txt").replace("4e54", "4e55");
    let (half, whole) = ("ab".repeat(8), "ab".repeat(16));
    let ntlmv1 = format!("\njane::LAB:{whole}{half}:{whole}{half}:{half}");
    let other = format!("fe80::1:{half}:{whole}:{half}");
    #[rustfmt::skip]
    let cases = [
        (ntlmv1.as_str(),
            "Line 2, column 1: this is a NetNTLMv1 line, the responses without their message. NTLMv1 has no place for a target name"),
        (other.as_str(),
            "Line 1, column 1: this was read as hex up to"),
        ("Authorization: Basic dXNlcjpwYXNz",
            "Line 1, column 16: the header Authorization carries Basic, which is not NTLM, and nothing else begins with the signature NTLMSSP."),
        ("GET / HTTP/1.1\r\nProxy-Authorization: Digest username=\"x\"\r\n",
            "Line 2, column 22: the header Proxy-Authorization carries Digest, which is not NTLM"),
        ("x\nAuthorization: Negotiate abcd*efgh",
            "Line 2, column 26: what follows in the header Authorization was read as base64 up to line 2, column 30, where “*” stands, and holds no NTLMSSP."),
        ("WWW-Authenticate: Negotiate oRswGaADCgEAoxIEEAEAAABDh+CIwTbjqQAAAAA=",
            "This was found instead: a SPNEGO NegTokenResp (negState accept-completed)."),
        ("TlRM",
            "Line 1, column 1: what begins like NTLMSSP was read as base64 up to line 1, column 5, where it ends, and is too little for a message."),
        ("é TlRMTV%",
            "Line 1, column 3: what begins like NTLMSSP was read as base64 up to line 1, column 9, where “%” stands"),
        ("oYIBfjCCAXqiggF2BIIBcg==",
            "This was found instead: a SPNEGO NegTokenResp, which is cut."),
        (dump.as_str(),
            "Line 1, column 1: this was read as a hex dump up to line 24, column 54, where the line ends, and its 370 bytes hold no NTLMSSP."),
        ("00 11 22 33 44 55 66 77 88 99 aa bb cc dd ee ff xyz",
            "Line 1, column 1: this was read as hex up to line 1, column 48, where a space stands, and its 16 bytes hold no NTLMSSP."),
        ("Authorization: Negotiate x.y\nWWW-Authenticate: Negotiate oRswGaADCgEAoxIEEAEAAABDh+CIwTbjqQAAAAA=",
            "Line 1, column 26: what follows in the header Authorization was read as base64 up to line 1, column 27, where “.” stands, and holds no NTLMSSP. This was found instead: a SPNEGO NegTokenResp (negState accept-completed)."),
        ("The share \\\\10.0.0.100\\share cannot be opened, though \\\\10.0.0.11\\share can.",
            "nothing in it begins with the signature NTLMSSP"),
        ("The client says that 50%25 of the shares at 10.0.0.100%2Fshare cannot be opened",
            "nothing in it begins with the signature NTLMSSP"),
        ("100%25%20of%20the%20shares%20at%2010.0.0.100%2Fshare%20cannot%20be%20opened",
            "nothing in it begins with the signature NTLMSSP"),
        (r"NTLM\x53SQ\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00",
            "Line 1, column 1: this was read as string escapes up to line 1, column 55, where it ends, and its 18 bytes hold no NTLMSSP."),
        ("hello", "nothing in it begins with the signature NTLMSSP"),
        ("", "nothing in it begins with the signature NTLMSSP"),
    ];
    for (pasted, expected) in cases {
        let analysis = analysis(pasted.as_bytes());
        let refusal = analysis.refusal().unwrap_or_else(|| panic!("{pasted} was understood"));
        assert!(refusal.starts_with("No NTLM message was found. "), "{refusal}");
        assert!(refusal.contains(expected), "{pasted}\n{refusal}\n{expected}");
    }
    let bytes = analysis(&[0, 1, 2, 0, 0xFF]);
    assert!(bytes.refusal().unwrap().contains("NTLMSSP"));
}

#[test]
fn a_remark_says_what_of_a_log_was_not_understood() {
    let (token, _) = message();
    let cut = &token[..300];
    #[rustfmt::skip]
    let cases = [
        (format!("Authorization: NTLM {token}\nAuthorization: Negotiate x.y\n"),
            Some("Line 2, column 26: what follows in the header Authorization was read as base64 up to line 2, column 27, where “.” stands, and holds no NTLMSSP")),
        (format!("{cut}…{token}"),
            Some("Line 1, column 1: this message was read as base64 up to line 1, column 301, where “…” stands, and is not whole.")),
        (format!("4e544c4d535350000300000018001800g\n{token}"),
            Some("Line 1, column 1: this message was read as hex up to line 1, column 33, where “g” stands")),
        (format!("TlRM*\nTlRM*\nTlRM*\n{token}"),
            Some("2 more places were not understood.")),
        (format!("{}\n{token}", "Authorization: NTLM x\n".repeat(9_000)),
            Some("At least 8191 more places were not understood.")),
        // A message that is cut says so itself.
        (format!("{cut}\n"), None),
        // These carry something else, and nothing was missed.
        (format!("WWW-Authenticate: Negotiate\nWWW-Authenticate: NTLM\nAuthorization: Basic eA==\nAuthorization: NTLM {token}"), None),
    ];
    for (pasted, expected) in cases {
        let analysis = analysis(pasted.as_bytes());
        assert!(!analysis.tokens().is_empty(), "{pasted}");
        match (analysis.remark(), expected) {
            (None, None) => {}
            (Some(remark), Some(expected)) => assert!(remark.contains(expected), "{remark}"),
            other => panic!("{pasted}\n{other:?}"),
        }
    }
}

#[test]
fn a_candidate_with_two_readings_names_the_other() {
    let (base64, bytes) = message();
    let hex: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let decimal: Vec<_> = bytes[..16].iter().map(u8::to_string).collect();
    #[rustfmt::skip]
    let cases: &[(String, &str, &[Reading])] = &[
        (base64,                             "base64",   &[]),
        // These are base64 and hex as well, and hold nothing then.
        (hex.concat(),                       "hex",      &[]),
        (hex.join(":"),                      "hex",      &[]),
        (decimal.join(", "),                 "decimal",  &[]),
        (text("inputs/wireshark-no-text.txt"), "hex-dump", &[Reading::Hex]),
        (text("inputs/wireshark.txt"),       "hex-dump", &[]),
    ];
    for (pasted, layer, others) in cases {
        let analysis = analysis(pasted.as_bytes());
        assert_eq!(codes(&analysis)[0][0], *layer, "{pasted}");
        assert_eq!(analysis.others(), *others, "{pasted}");
    }
}

#[test]
fn a_reading_can_be_asked_for() {
    let (base64, bytes) = message();
    let dump = text("inputs/wireshark-no-text.txt");
    let as_hex = read_as(&dump, Reading::Hex);
    assert_eq!(codes(&as_hex), [["hex", "ntlmssp"]], "the offsets are data now");
    assert_ne!(as_hex.tokens()[0].content.bytes(), bytes);
    assert_eq!(codes(&read_as(&dump, Reading::HexDump)), [["hex-dump", "ntlmssp"]]);
    let header = format!("Authorization: NTLM {base64}");
    assert_eq!(codes(&read_as(&header, Reading::Base64)), [["http-header", "base64", "ntlmssp"]]);
    #[rustfmt::skip]
    let refused = [
        ("4e544c4d535350",  Reading::Base64,  "Line 1, column 1: this was read as base64 up to line 1, column 15, where it ends, and its 10 bytes hold no NTLMSSP."),
        ("4e 54 4c\nxyz",   Reading::Hex,     "Line 1, column 1: this was read as hex up to line 1, column 9, where the line ends, and its 3 bytes hold no NTLMSSP."),
        ("hello",           Reading::HexDump, "Nothing in it can be read as a hex dump"),
        ("hello",           Reading::Raw,     "The 5 bytes as they are hold no NTLMSSP."),
        ("hello",           Reading::Decimal, "Nothing in it can be read as decimal numbers"),
        (base64.as_str(),   Reading::Escapes, "Nothing in it can be read as string escapes"),
    ];
    for (pasted, reading, expected) in refused {
        let analysis = read_as(pasted, reading);
        let refusal = analysis.refusal().unwrap();
        assert!(refusal.contains(expected), "{refusal}\n{expected}");
    }
    let raw = analyze_as(&bytes, Some(Reading::Raw), &ServerSettings::default(), None);
    assert_eq!(raw.tokens()[0].content.bytes(), bytes);
}

#[test]
fn the_score_of_a_candidate_says_how_much_sense_it_makes() {
    let (base64, bytes) = message();
    let score = |pasted: &str| decode(pasted.as_bytes(), None).candidates[0].score;
    assert_eq!(score(&base64), Score::Whole);
    assert_eq!(score(&base64[..200]), Score::Beginning);
    let packet: String =
        [&[5; 70][..], &bytes].concat().iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(score(&packet), Score::Somewhere);
}
