//! Whole logs: HTTP and mail as real programs write them down, several messages in one paste.

use spnscope::read::layer::{LayerKind, MailProtocol};

use crate::{
    fixtures::text,
    read::inputs_places::every_byte_is_traced,
    read::inputs_spellings::{analysis, codes, message},
};

/// The layers around the three messages of a log, and their sizes.
type Expected = ([&'static [&'static str]; 3], [usize; 3]);

#[test]
fn logs_of_real_programs_give_their_messages() {
    const HTTP: &[&str] = &["http-header", "base64", "ntlmssp"];
    const DUMPED: &[&str] = &["hex-dump", "http-header", "base64", "ntlmssp"];
    const MAIL: &[&str] = &["mail", "base64", "ntlmssp"];
    let cases: [(&str, Expected); 7] = [
        ("tshark-follow-hex.txt", ([DUMPED; 3], [32, 118, 221])),
        ("curl-v.txt", ([HTTP; 3], [32, 118, 220])),
        ("curl-trace.txt", ([DUMPED; 3], [32, 118, 220])),
        ("curl-trace-ascii.txt", ([HTTP; 3], [32, 118, 220])),
        ("tshark-follow-smtp.txt", ([MAIL; 3], [32, 48, 144])),
        ("tshark-follow-imap.txt", ([MAIL; 3], [32, 118, 221])),
        ("tshark-follow-pop3.txt", ([MAIL; 3], [32, 118, 219])),
    ];
    for (file, (layers, expected)) in cases {
        let pasted = text(&format!("inputs/{file}"));
        let analysis = analysis(pasted.as_bytes());
        assert_eq!(codes(&analysis), layers, "{file}");
        let sizes: Vec<_> = analysis.tokens().iter().map(|t| t.content.bytes().len()).collect();
        assert_eq!(sizes, expected, "{file}");
        assert_eq!(analysis.exchanges().len(), 1, "{file}");
        assert_eq!(analysis.exchanges()[0].messages(), [Some(0), Some(1), Some(2)], "{file}");
        assert_eq!(analysis.remark(), None, "{file}");
        for token in analysis.tokens() {
            every_byte_is_traced(file, pasted.as_bytes(), token);
        }
    }
}

/// `tshark -x` prints each frame, with the HTTP in it, and behind it the message as decoded.
#[test]
fn a_dump_of_frames_gives_the_header_in_them_and_the_message_behind() {
    let pasted = text("inputs/tshark-x.txt");
    let analysis = analysis(pasted.as_bytes());
    let frame = ["hex-dump", "http-header", "base64", "ntlmssp"].as_slice();
    assert_eq!(codes(&analysis), [frame; 3]);
    assert!(analysis.tokens().iter().all(|token| token.places.len() == 2));
    for token in analysis.tokens() {
        every_byte_is_traced("tshark", pasted.as_bytes(), token);
    }
}

fn mail(pasted: &str) -> Vec<(LayerKind, String)> {
    let analysis = analysis(pasted.as_bytes());
    let outer = |token: &spnscope::analysis::Token| {
        let layer = &token.layers[0];
        (layer.kind, pasted[layer.span.start..layer.span.end].chars().take(24).collect())
    };
    analysis.tokens().iter().map(|token| outer(token)).collect()
}

#[test]
fn mail_dialogues_are_read_with_and_without_the_marks_of_a_log() {
    use MailProtocol as P;
    let messages = text("vectors/t1.b64");
    let [one, two, three] = <[&str; 3]>::try_from(messages.lines().collect::<Vec<_>>()).unwrap();
    #[rustfmt::skip]
    let cases = [
        (P::Smtp, format!("220 mx ESMTP\r\nEHLO x\r\n250-AUTH NTLM\r\n250 OK\r\nAUTH NTLM {one}\r\n334 {two}\r\n{three}\r\n235 ok\r\n")),
        (P::Smtp, format!("S: 220 mx\nC: EHLO x\nS: 250 AUTH NTLM LOGIN\nC: AUTH NTLM\nS: 334\nC: {one}\nS: 334 {two}\nC: {three}\nS: 535 no\n")),
        (P::Smtp, format!("> auth ntlm {one}\n< 334 {two}\n> {three}\n< 235 ok\n")),
        (P::Smtp, format!(" -> AUTH NTLM\n<-  334 NTLM supported\n -> {one}\n<-  334 {two}\n -> {three}\n")),
        (P::Smtp, format!("SMTP<< AUTH NTLM\nSMTP>> 334 ok\nSMTP<< {one}\nSMTP>> 334 {two}\nSMTP<< {three}\n")),
        (P::Smtp, format!("10:00:01 C: AUTH NTLM {one}\n10:00:01 S: 334 {two}\n10:00:02 C: {three}\n")),
        (P::Imap, format!("* OK\r\na1 AUTHENTICATE NTLM\r\n+ \r\n{one}\r\n+ {two}\r\n{three}\r\na1 OK\r\n")),
        (P::Imap, format!("C: A002 AUTHENTICATE NTLM {one}\nS: + {two}\nC: {three}\nS: A002 OK\n")),
        (P::Pop3, format!("+OK ready\r\nAUTH NTLM\r\n+ \r\n{one}\r\n+ {two}\r\n{three}\r\n+OK in\r\n")),
        (P::Pop3, format!("> AUTH NTLM {one}\n< + {two}\n> {three}\n< -ERR\n")),
    ];
    for (protocol, pasted) in cases {
        let found = mail(&pasted);
        assert_eq!(found.len(), 3, "{pasted}");
        for (kind, start) in &found {
            assert_eq!(*kind, LayerKind::Mail(protocol), "{pasted}");
            let begins = ["AUTH", "auth", "a1 AUTH", "A002 AUTH", "334 Tl", "+ Tl", "TlRM"];
            assert!(begins.iter().any(|known| start.starts_with(known)), "{start}");
        }
        let analysis = analysis(pasted.as_bytes());
        assert_eq!(analysis.exchanges()[0].messages(), [Some(0), Some(1), Some(2)]);
    }
    let alone = mail(&format!("334 {two}\n{three}\n"));
    assert!(alone.iter().all(|(kind, _)| *kind == LayerKind::Base64), "no command, no dialogue");
}

#[test]
fn headers_are_found_as_logs_and_programs_write_them() {
    let (token, bytes) = message();
    let (first, second) = token.split_at(200);
    #[rustfmt::skip]
    let cases = [
        ("Authorization",       format!("Authorization: NTLM {token}")),
        ("Authorization",       format!("authorization: ntlm {token}\nuser-agent: x\n")),
        ("Authorization",       format!("curl -H 'Authorization: NTLM {token}' http://x/")),
        ("Authorization",       format!("curl --header \"Authorization: NTLM {token}\" \\\n  http://x/")),
        ("Authorization",       format!("{{'Authorization': 'NTLM {token}', 'Accept': '*/*'}}")),
        ("Authorization",       format!("{{\n  \"name\": \"Authorization\",\n  \"value\": \"NTLM {token}\"\n}}")),
        ("Authorization",       format!("<header name=\"Authorization\" value=\"NTLM {token}\"/>")),
        ("Authorization",       format!("request.Headers[\"Authorization\"] = \"NTLM {token}\";")),
        ("Authorization",       format!("10:00:01.123 [worker-1] DEBUG headers - http-outgoing-0 >> Authorization: NTLM {token}")),
        ("Authorization",       format!("send: b'GET / HTTP/1.1\\r\\nAuthorization: NTLM {token}\\r\\n\\r\\n'")),
        ("Authorization",       format!("Authorization: NTLM {first}\r\n {second}\r\nHost: x\r\n")),
        ("Authorization",       format!("Authorization: NTLM\r\n\t{token}\r\nHost: x\r\n")),
        ("Proxy-Authorization", format!("> Proxy-Authorization: NTLM {token}\n")),
        ("WWW-Authenticate",    format!("< WWW-Authenticate: Negotiate, NTLM {token}\n")),
        ("WWW-Authenticate",    format!("WWW-Authenticate: NTLM {token}, Negotiate, Basic realm=\"x\"\n")),
        ("WWW-Authenticate",    format!("header: WWW-Authenticate: NTLM {token}\n")),
        ("WWW-Authenticate",    format!("Www-Authenticate:[Negotiate NTLM {token}]")),
        ("Proxy-Authenticate",  format!("Proxy-Authenticate: NTLM {token}")),
    ];
    for (name, pasted) in cases {
        let analysis = analysis(pasted.as_bytes());
        assert_eq!(codes(&analysis), [["http-header", "base64", "ntlmssp"]], "{pasted}");
        let header = &analysis.tokens()[0].layers[0];
        let LayerKind::HttpHeader(found) = header.kind else { panic!("{pasted}: {header:?}") };
        assert_eq!(found.as_str(), name, "{pasted}");
        let span = &pasted[header.span.start..header.span.end];
        assert!(span.to_lowercase().starts_with(&name.to_lowercase()), "{span}");
        assert!(span.ends_with(&second[second.len() - 8..]), "{span}");
        assert_eq!(analysis.tokens()[0].content.bytes(), bytes, "{pasted}");
        assert_eq!(analysis.remark(), None, "{pasted}");
        every_byte_is_traced(name, pasted.as_bytes(), &analysis.tokens()[0]);
    }
}

#[test]
fn several_challenges_in_one_header_are_found() {
    let messages = text("vectors/t1.b64");
    let [one, two, three] = <[&str; 3]>::try_from(messages.lines().collect::<Vec<_>>()).unwrap();
    let pasted = format!("WWW-Authenticate: NTLM {two}, Negotiate {one}, NTLM {three}\n");
    let analysis = analysis(pasted.as_bytes());
    assert_eq!(codes(&analysis), [["http-header", "base64", "ntlmssp"]; 3]);
}

/// Pieces of all kinds in one paste, in their order.
#[test]
fn one_paste_with_every_kind_of_spelling_is_read() {
    let messages = text("vectors/t1.b64");
    let [one, two, three] = <[&str; 3]>::try_from(messages.lines().collect::<Vec<_>>()).unwrap();
    let pasted = format!(
        "Dear all, this was seen:\n\n> Authorization: NTLM {one}\n\nand as JSON {{\"t\": \"{}\"}}, then\n\n{}\nit isn't\n\n{} and {}\n\n(0x{:x}) bye\n{three}\n",
        two.replace('A', "\\u0041"),
        text("inputs/hexdump-C.txt"),
        text("inputs/python-repr.txt"),
        text("inputs/python-list.txt"),
        u128::MAX,
    );
    let analysis = analysis(pasted.as_bytes());
    assert_eq!(
        codes(&analysis),
        [
            &["http-header", "base64", "ntlmssp"][..],
            &["escapes", "base64", "ntlmssp"],
            &["hex-dump", "ntlmssp"],
        ]
    );
    let places: Vec<_> =
        analysis.tokens()[2].places.iter().map(|place| place.encoding_name()).collect();
    assert_eq!(places, ["hex-dump", "escapes", "decimal", "base64"]);
    let sizes: Vec<_> = analysis.tokens().iter().map(|t| t.content.bytes().len()).collect();
    assert_eq!(sizes, [40, 164, 370]);
    for token in analysis.tokens() {
        every_byte_is_traced("all kinds", pasted.as_bytes(), token);
    }
}

/// Encodings may be inside one another, and no deeper than three.
#[test]
fn text_inside_base64_is_looked_into() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let (base64, _) = message();
    let header = format!("GET / HTTP/1.1\r\nAuthorization: NTLM {base64}\r\n");
    let once = STANDARD.encode(&header);
    let analysis_of = |pasted: &str| codes(&analysis(pasted.as_bytes()));
    assert_eq!(analysis_of(&once), [["base64", "http-header", "base64", "ntlmssp"]]);
    let twice = STANDARD.encode(&once);
    assert_eq!(analysis_of(&twice), [["base64", "base64", "http-header", "base64", "ntlmssp"]]);
    let thrice = STANDARD.encode(&twice);
    assert!(analysis_of(&thrice).is_empty());
}

/// Headers of HTTP in bytes that are no text and hold no raw message either: a capture without its
/// first bytes, so that it is not read as one.
#[test]
fn headers_in_bytes_that_are_no_text_are_found() {
    let path = crate::fixtures::path("captures/http-ntlm-curl.pcapng");
    let analysis = analysis(&std::fs::read(path).unwrap()[28..]);
    assert_eq!(codes(&analysis), [["http-header", "base64", "ntlmssp"]; 3]);
}
