//! The input that one can paste.

use std::fmt::Write as _;

use spnscope::judge::smb::ServerSettings;

use crate::fixtures::{analysis, text};

fn layers(pasted: &str) -> Vec<Vec<&'static str>> {
    let analysis = analysis(pasted, &ServerSettings::default());
    let layers = |token: &spnscope::analysis::Token| {
        token.layers.iter().map(|layer| layer.kind.as_str()).collect()
    };
    analysis.tokens().iter().map(|token| layers(token)).collect()
}

fn authenticate() -> String {
    text("vectors/t1-authenticate.b64").trim().to_owned()
}

fn hex(bytes: &[u8], before: &str, between: &str) -> String {
    let mut text = String::new();
    for byte in bytes {
        let _ = write!(text, "{before}{byte:02x}{between}");
    }
    text
}

#[test]
fn one_message_is_read_in_many_spellings() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let base64 = authenticate();
    let bytes = STANDARD.decode(&base64).unwrap();
    let wrapped: Vec<_> =
        base64.as_bytes().chunks(64).map(|l| str::from_utf8(l).unwrap()).collect();
    #[rustfmt::skip]
    let cases = [
        ("as it is",          base64.clone(),                                    "base64"),
        ("without padding",   base64.trim_end_matches('=').to_owned(),           "base64"),
        ("wrapped",           wrapped.join("\n"),                                "base64"),
        ("wrapped, indented", format!("  {}", wrapped.join("\r\n    ")),         "base64"),
        ("quoted",            format!("\"{base64}\","),                          "base64"),
        ("JSON",              format!("{{\"token\": \"{base64}\"}}"),            "base64"),
        ("URL-safe",          base64.replace('+', "-").replace('/', "_"),        "base64"),
        ("hex",               hex(&bytes, "", ""),                               "hex"),
        ("upper-case hex",    hex(&bytes, "", "").to_uppercase(),                "hex"),
        ("spaced hex",        hex(&bytes, "", " "),                              "hex"),
        ("hex with colons",   hex(&bytes, "", ":"),                              "hex"),
        ("C array",           format!("{{ {} }}", hex(&bytes, "0x", ", ")),      "hex"),
        ("escapes",           format!("\"{}\"", hex(&bytes, "\\x", "")),         "hex"),
    ];
    for (what, pasted, encoding) in cases {
        assert_eq!(layers(&pasted), [[encoding, "ntlmssp"]], "{what}");
        let analysis = analysis(&pasted, &ServerSettings::default());
        assert_eq!(analysis.tokens()[0].content.bytes(), bytes, "{what}");
    }
}

/// T4's messages have no `=` at their end, so only their own lengths say where they stop.
#[test]
fn text_behind_a_message_is_not_part_of_it() {
    let messages = text("vectors/t4.b64");
    let [negotiate, challenge, authenticate] =
        <[&str; 3]>::try_from(messages.lines().collect::<Vec<_>>()).unwrap();
    assert!(!authenticate.ends_with('='));
    let wrapped: Vec<_> =
        authenticate.as_bytes().chunks(76).map(|l| str::from_utf8(l).unwrap()).collect();
    let wrapped = wrapped.join("\n");
    let pastes = [
        format!(
            "Authorization: NTLM {negotiate}\r\nWWW-Authenticate: NTLM {challenge}\r\nAuthorization: NTLM {authenticate}\r\nHost: x\r\n"
        ),
        format!("{negotiate}\n{challenge}\n{authenticate}\nthanks"),
        format!("{negotiate}\n{challenge}\n{wrapped}\nthanks\n"),
        format!("token={negotiate}\nx/{challenge}\n\"{}\"", authenticate.replace('/', "\\/")),
        format!("{{\"a\": \"{negotiate}\", \"b\": \"{challenge}\", \"c\": \"{authenticate}\"}}"),
    ];
    let secret = spnscope::judge::proof::Secret::from_password("Password");
    for pasted in pastes {
        let analysis = spnscope::analysis::analyze(
            pasted.as_bytes(),
            &ServerSettings::default(),
            Some(&secret),
        );
        let sizes: Vec<_> = analysis.tokens().iter().map(|t| t.content.bytes().len()).collect();
        assert_eq!(sizes, [40, 164, 336], "{pasted}");
        let mic = analysis.exchanges()[0].proof.mic.verdict;
        assert_eq!(mic, spnscope::judge::proof::ProofVerdict::Valid, "{pasted}");
    }
}

#[test]
fn several_messages_in_one_buffer_are_found() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let text = text("vectors/t1.b64");
    let messages: Vec<_> = text.lines().map(|line| STANDARD.decode(line).unwrap()).collect();
    let spread = messages.iter().map(|message| hex(message, "", ":")).collect::<Vec<_>>();
    let dumped: Vec<_> = messages
        .iter()
        .map(|message| {
            let rows: Vec<_> = message.chunks(16).map(|row| hex(row, "", " ")).collect();
            rows.join("\n")
        })
        .collect();
    let sizes = |input: &[u8]| {
        let analysis = spnscope::analysis::analyze(input, &ServerSettings::default(), None);
        analysis.tokens().iter().map(|token| token.content.bytes().len()).collect::<Vec<_>>()
    };
    assert_eq!(sizes(&messages.concat()), [40, 164, 370], "one after another");
    assert_eq!(
        sizes(&[&[5], messages.concat().as_slice()].concat()),
        [40, 164, 370],
        "in a packet"
    );
    assert_eq!(sizes(spread.join("\n").as_bytes()), [40, 164, 370], "a line each");
    assert_eq!(sizes(dumped.join("\n\n").as_bytes()), [40, 164, 370], "rows of sixteen");
}

#[test]
fn the_signature_is_found_deep_in_base64_of_a_packet() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let message = STANDARD.decode(authenticate()).unwrap();
    let packet = [vec![0xAB; 100], message].concat();
    assert_eq!(layers(&STANDARD.encode(packet)), [["base64", "binary", "ntlmssp"]]);
}

/// Each of these took a minute or gigabytes once.
#[test]
fn hostile_sizes_end_soon_and_with_a_sentence() {
    // Each differs, since a message that comes again is the same.
    let rows = |count: usize, kind: &str, behind: &str| -> String {
        (0..count).map(|number| format!("TlRMTVNTUAA{kind}AAAA{number:08}{behind}")).collect()
    };
    let pastes = [
        rows(100_000, "B", " "),
        format!("Authorization: NTLM {}", rows(100_000, "B", ",")),
        rows(100_000, "B", "\n"),
        rows(50_000, "C", "\n") + &rows(50_000, "D", "\n"),
    ];
    for pasted in &pastes {
        let analysis = analysis(pasted, &ServerSettings::default());
        assert_eq!(analysis.tokens().len(), spnscope::analysis::MAX_TOKENS);
        assert!(analysis.remark().unwrap().contains("1000"), "{:?}", analysis.remark());
    }
    let mut packet = Vec::new();
    for _ in 0..200_000 {
        packet.extend(b"xNTLMSSP\0\x05\0\0\0");
    }
    let analysis = spnscope::analysis::analyze(&packet, &ServerSettings::default(), None);
    assert_eq!(analysis.tokens().len(), spnscope::analysis::MAX_TOKENS);
}

#[test]
fn http_headers_in_a_log_are_found() {
    let [negotiate, challenge, authenticate] = <[String; 3]>::try_from(
        text("vectors/t1.b64").lines().map(str::to_owned).collect::<Vec<_>>(),
    )
    .unwrap();
    let log = format!(
        "> GET / HTTP/1.1\r\n> Host: dcfr.lab.lan\r\n> Authorization: NTLM {negotiate}\r\n>\r\n\
         < HTTP/1.1 401 Unauthorized\r\n< www-authenticate: NTLM {challenge}\r\n<\r\n\
         > GET / HTTP/1.1\r\n> Authorization: NTLM {authenticate}\r\n"
    );
    assert_eq!(layers(&log), [["http-header", "base64", "ntlmssp"]; 3]);
    let analysis = analysis(&log, &ServerSettings::default());
    assert_eq!(analysis.exchanges()[0].messages(), [Some(0), Some(1), Some(2)]);
    let header = analysis.tokens()[2].layers[0].span;
    assert!(log[header.start..header.end].starts_with("Authorization: NTLM TlRM"));
}

#[test]
fn spnego_around_a_message_is_a_layer() {
    // NegTokenResp, responseToken, octet string; lengths in two bytes.
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let message = STANDARD.decode(authenticate()).unwrap();
    let wrap = |tag: u8, contents: &[u8]| {
        let len = u16::try_from(contents.len()).unwrap().to_be_bytes();
        [&[tag, 0x82, len[0], len[1]], contents].concat()
    };
    let token = wrap(0xa1, &wrap(0x30, &wrap(0xa2, &wrap(0x04, &message))));
    let pasted = format!("Authorization: Negotiate {}", STANDARD.encode(&token));
    assert_eq!(layers(&pasted), [["http-header", "base64", "spnego", "ntlmssp"]]);
    let analysis = analysis(&pasted, &ServerSettings::default());
    assert_eq!(analysis.tokens()[0].content.bytes(), message);
    assert_eq!(analysis.tokens()[0].layers[3].span.start, 16);
}

#[test]
fn bytes_of_an_unknown_carrier_are_a_layer() {
    let message = {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        STANDARD.decode(authenticate()).unwrap()
    };
    let packet = [&b"\x05\x00\x10something\x00"[..], &message, b"after"].concat();
    let analysis = spnscope::analysis::analyze(&packet, &ServerSettings::default(), None);
    let token = &analysis.tokens()[0];
    assert_eq!(token.layers[1].span.start, 13);
    assert_eq!(token.content.bytes(), message, "the message ends where its fields do");
}

#[test]
fn input_without_a_message_is_refused_with_a_sentence() {
    for pasted in ["hello", "TlRM", "Authorization: Basic dXNlcjpwYXNz", "oYIBfjCCAXqiggF2BIIBcg=="]
    {
        let analysis = analysis(pasted, &ServerSettings::default());
        assert!(analysis.tokens().is_empty(), "{pasted}");
        assert!(analysis.refusal().is_some_and(|refusal| refusal.contains("NTLMSSP")), "{pasted}");
    }
    let huge = "A".repeat(spnscope::read::text::MAX_INPUT_LEN + 1);
    assert!(
        analysis(&huge, &ServerSettings::default()).refusal().unwrap().contains("The limit is")
    );
}
