//! Every spelling of one message: what real programs printed, and what people write in sources.

#![expect(
    clippy::format_collect,
    clippy::format_push_string,
    reason = "what is pasted is easiest to read where it is written out"
)]

use std::fs;

use spnscope::analysis::{Analysis, analyze};
use spnscope::judge::smb::ServerSettings;
use spnscope::read::layer::LayerKind;

use crate::{
    fixtures::{path, text, unhex},
    read::inputs_places::every_byte_is_traced,
};

pub(crate) fn analysis(pasted: &[u8]) -> Analysis {
    analyze(pasted, &ServerSettings::default(), None)
}

/// The codes of the layers of each message.
pub(crate) fn codes(analysis: &Analysis) -> Vec<Vec<&'static str>> {
    let codes = |layers: &[spnscope::read::layer::Layer]| {
        layers.iter().map(|layer| layer.kind.as_str()).collect()
    };
    analysis.tokens().iter().map(|token| codes(&token.layers)).collect()
}

/// T1's AUTHENTICATE, as base64 and as bytes.
pub(crate) fn message() -> (String, Vec<u8>) {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let base64 = text("vectors/t1-authenticate.b64").trim().to_owned();
    let bytes = STANDARD.decode(&base64).unwrap();
    (base64, bytes)
}

/// Each fixture is T1's AUTHENTICATE, as its README says: the file, the layers outside the message,
/// and how many zeros follow.
#[rustfmt::skip]
const FILES: [(&str, &[&str], usize); 40] = [
    ("c-source.txt",                &["base64"],                                0),
    ("form.txt",                    &["percent", "base64"],                     0),
    ("format-hex-5.txt",            &["Format-Hex"],                            0),
    ("format-hex-7.txt",            &["Format-Hex"],                            0),
    ("har.json",                    &["http-header", "escapes", "base64"],      0),
    ("hd-v.txt",                    &["hexdump -C"],                            96),
    ("hexdump-C-star.txt",          &["hexdump -C"],                            96),
    ("hexdump-C.txt",               &["hexdump -C"],                            0),
    ("hexdump-words.txt",           &["hexdump"],                               0),
    ("java-array.txt",              &["hex"],                                   0),
    ("java-signed.txt",             &["decimal"],                               0),
    ("log-prefix.txt",              &["xxd"],                                   0),
    ("mail-quoted.txt",             &["base64"],                                0),
    ("od-A-d-t-x1z.txt",            &["od"],                                    0),
    ("od-A-n-t-u1.txt",             &["decimal"],                               0),
    ("od-A-n-t-x1.txt",             &["hex"],                                   0),
    ("od-A-x-t-x1z.txt",            &["od"],                                    0),
    ("od-A-x-t-x2.txt",             &["od"],                                    96),
    ("od-t-x1.txt",                 &["od"],                                    0),
    ("percent-bytes.txt",           &["percent"],                               0),
    ("powershell-bytes.txt",        &["decimal"],                               0),
    ("powershell-utf16.txt",        &["utf-16", "http-header", "base64"],       0),
    ("python-encodebytes.txt",      &["base64"],                                0),
    ("python-hex-sep.txt",          &["hex"],                                   0),
    ("python-json-encodebytes.txt", &["escapes", "base64"],                     0),
    ("python-json-latin1.txt",      &["escapes"],                               0),
    ("python-list.txt",             &["decimal"],                               0),
    ("python-pprint.txt",           &["escapes"],                               0),
    ("python-repr.txt",             &["escapes"],                               0),
    ("python-source.txt",           &["base64"],                                0),
    ("samba-log.txt",               &["Samba"],                                 0),
    ("wireshark-escaped.txt",       &["hex"],                                   0),
    ("wireshark-no-text.txt",       &["Wireshark"],                             0),
    ("wireshark.txt",               &["Wireshark"],                             0),
    ("xxd-c24-g4.txt",              &["xxd"],                                   0),
    ("xxd-g1-u.txt",                &["xxd"],                                   0),
    ("xxd-i.txt",                   &["hex"],                                   0),
    ("xxd-p.txt",                   &["hex"],                                   0),
    ("xxd.txt",                     &["xxd"],                                   0),
    ("yaml-block.txt",              &["base64"],                                0),
];

#[test]
fn spellings_that_programs_print_are_read() {
    let (_, bytes) = message();
    for (file, layers, zeros) in FILES {
        let pasted = fs::read(path("inputs").join(file)).unwrap();
        let analysis = analysis(&pasted);
        assert_eq!(analysis.tokens().len(), 1, "{file}: {:?}", analysis.refusal());
        let found = analysis.tokens()[0].layers.iter().map(|layer| match layer.kind {
            LayerKind::HexDump(program) => program,
            kind => kind.as_str(),
        });
        let expected: Vec<_> = layers.iter().copied().chain(["ntlmssp"]).collect();
        assert_eq!(found.collect::<Vec<_>>(), expected, "{file}");
        let whole = [bytes.as_slice(), &vec![0; zeros]].concat();
        assert_eq!(analysis.tokens()[0].content.bytes(), whole, "{file}");
        assert_eq!(analysis.remark(), None, "{file}");
        every_byte_is_traced(file, &pasted, &analysis.tokens()[0]);
    }
    let files = fs::read_dir(path("inputs")).unwrap().map(|file| file.unwrap().file_name());
    let known = |name: &str| FILES.iter().any(|(file, ..)| *file == name);
    let elsewhere = |name: &str| name.starts_with("curl") || name.starts_with("tshark");
    for name in files.map(|name| name.into_string().unwrap()) {
        assert!(known(&name) || elsewhere(&name) || name == "README.md", "{name} is in no test");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn spellings_that_people_write_are_read() {
    let (base64, bytes) = message();
    let hex: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let hex_line = hex.concat();
    let rows =
        |every: usize| -> Vec<String> { hex.chunks(every).map(|row| row.join(" ")).collect() };
    let pieces = |every: usize| -> Vec<&str> {
        base64.as_bytes().chunks(every).map(|piece| str::from_utf8(piece).unwrap()).collect()
    };
    let rest: Vec<_> =
        base64.as_bytes()[40..].chunks(76).map(|line| str::from_utf8(line).unwrap()).collect();
    let escaped = base64.replace('+', "\\u002b").replace('/', "\\/").replace('=', "\\u003d");
    let percent = base64.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let twice = percent.replace('%', "%25");
    let url_safe = base64.replace('+', "-").replace('/', "_");
    let commented: Vec<_> = hex
        .chunks(8)
        .zip((0..).step_by(8))
        .map(|(row, at)| format!("    0x{}, /* {at:04x} */", row.join(", 0x")))
        .collect();
    let line_comments = commented.join("\n").replace("/*", "// row").replace(" */", "");
    let dump = |every: usize, row: &dyn Fn(usize, &[String]) -> String| -> String {
        (0..).step_by(every).zip(hex.chunks(every)).map(|(at, bytes)| row(at, bytes)).collect()
    };
    #[rustfmt::skip]
    let cases: &[(&str, String, &[&str])] = &[
        ("twice, base64 and hex",   format!("token {base64}\nbytes {hex_line}\n"),               &["base64"]),
        ("twice, hex and a dump",   format!("{hex_line}\n\n{}", text("inputs/xxd.txt")),         &["hex"]),
        ("again in a header",       format!("{hex_line}\n\nAuthorization: NTLM {base64}\n"),    &["http-header", "base64"]),
        ("with spaces",             pieces(4).join(" "),                                         &["base64"]),
        ("with wide spaces",        pieces(10).join("   "),                                      &["base64"]),
        ("wrapped at 20",           pieces(20).join("\n"),                                       &["base64"]),
        ("wrapped, CRLF, tabs",     format!("\t{}", pieces(76).join("\r\n\t")),                  &["base64"]),
        ("wrapped, first short",    format!("{}\n{}", &base64[..40], rest.join("\n")), &["base64"]),
        ("diff",                    pieces(70).join("\n< "),                                     &["base64"]),
        ("shell continuation",      pieces(64).join("\\\n"),                                     &["base64"]),
        ("C pieces",                format!("\"{}\";", pieces(64).join("\"\n    \"")),           &["base64"]),
        ("JavaScript pieces",       format!("'{}';", pieces(64).join("' +\n  '")),               &["base64"]),
        ("Python pieces",           format!("b'{}'", pieces(64).join("' \\\n    b'")),           &["base64"]),
        ("PHP pieces",              format!("'{}'", pieces(50).join("' .\n '")),                 &["base64"]),
        ("Visual Basic pieces",     format!("\"{}\"", pieces(50).join("\" & _\n    \"")),        &["base64"]),
        ("array of lines",          format!("[\"{}\"]", pieces(64).join("\",\n \"")),            &["base64"]),
        ("URL-safe in a sentence",  format!("The token {url_safe} was sent."),                   &["base64"]),
        ("without padding, in XML", format!("<token>{}</token>", base64.trim_end_matches('=')),  &["base64"]),
        ("XML, wrapped",            format!("<t>\n{}</t>", pieces(64).join("\n")),               &["base64"]),
        ("behind a path",           format!("/negotiate/{base64}"),                              &["base64"]),
        ("byte order mark",         format!("\u{feff}{base64}"),                                 &["base64"]),
        ("one hex number",          format!("0x{hex_line}"),                                     &["hex"]),
        ("PostgreSQL",              format!("\\x{}", hex_line.to_uppercase()),                   &["hex"]),
        ("SQL",                     format!("VALUES (X'{hex_line}');"),                          &["hex"]),
        ("dashes",                  hex.join("-").to_uppercase(),                                &["hex"]),
        ("colons, wrapped",         hex.chunks(16).map(|row| row.join(":")).collect::<Vec<_>>().join(":\n    "), &["hex"]),
        ("groups of four",          bytes.chunks(4).map(|four| four.iter().map(|b| format!("{b:02X}")).collect::<String>()).collect::<Vec<_>>().join(" "), &["hex"]),
        ("rows without offsets",    rows(16).join("\n"),                                         &["hex"]),
        ("rows with empty lines",   rows(16).join("\n\n"),                                       &["hex"]),
        ("spaces that do not break", hex.join("\u{a0}"),                                         &["hex"]),
        ("C array with comments",   format!("uint8_t b[] = {{\n{}\n}};", commented.join("\n")),  &["hex"]),
        ("line comments",           format!("{{\n{line_comments}\n}}"),                          &["hex"]),
        ("C# array",                format!("new byte[] {{ 0x{} }};", hex.join(", 0x")),         &["hex"]),
        ("short numbers",           bytes.iter().map(|b| format!("0x{b:x}")).collect::<Vec<_>>().join(","), &["hex"]),
        ("quoted numbers",          format!("[\"{}\"]", hex.join("\",\"")),                      &["hex"]),
        ("Python b'' of hex",       format!("bytes.fromhex('{}')", hex.join(" ")),               &["hex"]),
        ("behind a time",           format!("2026-11-22 10:20:30 {}", hex.join(" ")),            &["hex"]),
        ("behind a number",         format!("Frame 1: {}", hex.join(" ")),                       &["hex"]),
        ("Go",                      format!("{bytes:?}").replace(',', ""),                       &["decimal"]),
        ("JSON of numbers",         format!("{{\"data\": {bytes:?}}}"),                          &["decimal"]),
        ("a number a line",         bytes.iter().map(|b| format!("{b}\r\n")).collect(),          &["decimal"]),
        ("JSON",                    format!("{{\"t\": \"{escaped}\"}}"),                         &["escapes", "base64"]),
        ("JSON in JSON",            format!("\"{{\\\"t\\\": \\\"{}\\\"}}\"", escaped.replace('\\', "\\\\")), &["escapes", "escapes", "base64"]),
        ("without its quotes",      pieces(64).join("\\n"),                                      &["escapes", "base64"]),
        ("C pieces with line ends", format!("\"{}\\n\";", pieces(64).join("\\n\"\n    \"")),     &["escapes", "base64"]),
        ("YAML, double quotes",     format!("t: \"{}\"", pieces(60).join("\\\n  ")),             &["base64"]),
        ("YAML, plain",             format!("t: {}\nu: 1", pieces(60).join("\n   ")),            &["base64"]),
        ("C string, octal",         format!("\"{}\"", bytes.iter().map(|b| format!("\\{b:03o}")).collect::<String>()), &["escapes"]),
        ("JavaScript string",       format!("\"{}\"", bytes.iter().map(|b| format!("\\u{{{b:x}}}")).collect::<String>()), &["escapes"]),
        ("JSON of \\u00",           format!("\"{}\"", bytes.iter().map(|b| format!("\\u00{b:02x}")).collect::<String>()), &["escapes"]),
        ("percent",                 percent.clone(),                                             &["percent", "base64"]),
        ("percent in a URL",        format!("https://x/y?SAMLRequest={percent}&z=1"),            &["percent", "base64"]),
        ("percent, twice",          format!("?t={twice}"),                                       &["percent", "percent", "base64"]),
        ("percent, wrapped",        pieces(76).join("%0D%0A").replace('+', "%2b"),               &["percent", "base64"]),
        ("percent of every byte",   bytes.iter().map(|b| format!("%{b:02x}")).collect(),         &["percent"]),
        ("percent of hex",          hex.join("%20"),                                             &["percent", "hex"]),
        ("form with a header",      format!("h=Authorization%3A+NTLM+{percent}&x=+"),            &["percent", "http-header", "base64"]),
        ("hex of text",             format!("Authorization: NTLM {base64}").bytes().map(|b| format!("{b:02x} ")).collect(), &["hex", "http-header", "base64"]),
        ("dump in a JSON string",   format!("\"{}\"", text("inputs/xxd.txt").replace('\n', "\\n")), &["escapes", "hex-dump"]),
        ("dump in a mail",          text("inputs/hexdump-C.txt").lines().map(|l| format!("> {l}\n")).collect(), &["hex-dump"]),
        ("dump with CRLF",          text("inputs/wireshark.txt").replace('\n', "\r\n"),          &["hex-dump"]),
        ("dump with empty lines",   text("inputs/xxd.txt").replace('\n', "\n\n"),                &["hex-dump"]),
        ("dump without offsets",    text("inputs/wireshark.txt").lines().map(|l| format!("{}\r\n", &l[7..])).collect(), &["hex-dump"]),
        ("the same, wide middle",   text("inputs/samba-log.txt").lines().map(|l| format!("{}\n", &l[7..])).collect(), &["hex-dump"]),
        ("hex with remarks",        rows(16).iter().map(|l| format!("{l}  // a row\n")).collect(), &["hex"]),
        ("gdb",                     dump(8, &|at, row| format!("0x7ffe{at:08x}:\t0x{}\n", row.join("\t0x"))), &["hex-dump"]),
        ("gdb, with symbols",       dump(8, &|at, row| format!("0x7ffe{at:08x} <buf+{at}>:\t0x{}\n", row.join("\t0x"))), &["hex-dump"]),
        ("WinDbg",                  dump(16, &|at, row| format!("000000a5`12{at:06x}  {}\n", row.join(" ").replacen(" 0", "-0", 1))), &["hex-dump"]),
        ("OpenSSL",                 dump(16, &|at, row| format!("{at:04x} - {}   NTLM.\n", row.join(" "))), &["hex-dump"]),
        ("tcpdump",                 dump(16, &|at, row| format!("\t0x{at:04x}:  {}  NTLM.\n", row.concat())), &["hex-dump"]),
        ("hexyl",                   dump(16, &|at, row| format!("│{at:08x}│ {} │NTLM⋄│\n", row.join(" "))), &["hex-dump"]),
        ("certutil -encode",        format!("-----BEGIN CERTIFICATE-----\r\n{}\r\n-----END CERTIFICATE-----\r\n", pieces(64).join("\r\n")), &["base64"]),
        ("new lines of a diff",     pieces(60).iter().map(|piece| format!("+{piece}\n")).collect(), &["base64"]),
        ("old lines of a diff",     format!("@@ -1,9 +0,0 @@\r\n-{}", pieces(76).join("\r\n-")), &["base64"]),
        ("quoted-printable",        pieces(75).join("=\r\n").replace("==", "=3D=3D"), &["base64"]),
        ("hex, then a date",        format!("{}\n2026-02-23 10:11:12,366 next\n", hex.join(" ")),    &["hex"]),
        ("colons, then a time",     format!("{}\n10:11:12 next\n", hex.join(":")),               &["hex"]),
        ("hex with arrows",         rows(8).iter().map(|l| format!("{l} -> a field\n")).collect(), &["hex"]),
        ("hex with brackets",       rows(8).iter().map(|l| format!("{l}   (a field)\n")).collect(), &["hex"]),
        ("hex with words",          rows(8).iter().map(|l| format!("{l}   length, offset\n")).collect(), &["hex"]),
        ("hex behind a prefix",     rows(16).iter().map(|l| format!("10:00:00 DEBUG {l}\n")).collect(), &["joined", "hex"]),
        ("base64 behind a prefix",  pieces(76).iter().map(|l| format!("10:00:00 DEBUG {l}\n")).collect(), &["joined", "base64"]),
        ("base64 with br",          pieces(60).join("<br>\n"),                                  &["joined", "base64"]),
        ("hex with zero widths",    rows(8).join("\u{200b} "),                                  &["joined", "hex"]),
        ("glued colons",            dump(16, &|at, row| format!("{at:08x}:{}\n", row.join(" "))), &["hex-dump"]),
        ("decimal, glued",          dump(16, &|at, row| format!("0x{at:08}:{} : NTLM.\n", row.join(" "))), &["hex-dump"]),
        ("colons apart",            dump(16, &|at, row| format!("{at:08x} : {}\n", row.join(" "))), &["hex-dump"]),
        ("a number in the prefix",  dump(16, &|at, row| format!("[4711:00001a2b] - {at:04x} {}\n", row.join(" "))), &["hex-dump"]),
        ("broken rows",             dump(16, &|at, row| format!("{at:04x} {}\n{}\n", row[..row.len().min(4)].join(" "), row[row.len().min(4)..].join(" "))), &["joined", "hex-dump"]),
        ("0x amid text",            bytes.iter().map(|b| if b.is_ascii_alphanumeric() { char::from(*b).to_string() } else { format!(" 0x{b:02X} ") }).collect(), &["escapes"]),
        ("dump in comments",        text("inputs/xxd.txt").lines().map(|l| format!("    // {l}\n")).collect(), &["hex-dump"]),
    ];
    for (what, pasted, layers) in cases {
        let analysis = analysis(pasted.as_bytes());
        let expected: Vec<_> = layers.iter().copied().chain(["ntlmssp"]).collect();
        assert_eq!(codes(&analysis), [expected], "{what}: {:?}\n{pasted}", analysis.refusal());
        assert_eq!(analysis.tokens()[0].content.bytes(), bytes, "{what}");
        assert_eq!(analysis.remark(), None, "{what}");
        every_byte_is_traced(what, pasted.as_bytes(), &analysis.tokens()[0]);
    }
}

#[test]
fn utf_16_of_either_order_is_read_with_and_without_its_mark() {
    let (base64, bytes) = message();
    let text = format!("Jürgen 漢字 😀: NTLM {base64}\r\nend\r\n");
    let ascii = format!("NTLM {base64}");
    let encode = |text: &str, mark: bool, big: bool| -> Vec<u8> {
        let mark = if mark { "\u{feff}" } else { "" };
        let units = [mark, text].concat().encode_utf16().collect::<Vec<_>>();
        let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
        units.into_iter().flat_map(bytes).collect()
    };
    for big in [false, true] {
        for pasted in [encode(&text, true, big), encode(&ascii, false, big)] {
            let analysis = analysis(&pasted);
            assert_eq!(codes(&analysis), [["utf-16", "base64", "ntlmssp"]], "{big}");
            assert_eq!(analysis.tokens()[0].content.bytes(), bytes);
            every_byte_is_traced("UTF-16", &pasted, &analysis.tokens()[0]);
        }
    }
}

/// Bytes whose text is made of hex digits: only the offsets tell the columns apart.
#[test]
fn text_that_looks_like_hex_is_never_data() {
    let (_, bytes) = message();
    // 0x61 is `a`, and 0x20 a space.
    let mut bytes = bytes;
    bytes.extend(b"cafe babe feed 4e 54 00 11 22 abcdef 12 34 56".repeat(3));
    for row in [8, 16, 32] {
        for (separator, text_gap) in [(" ", " "), (" ", "  "), ("", "  ")] {
            let mut dump = String::new();
            for (at, bytes) in (0..).step_by(row).zip(bytes.chunks(row)) {
                let hex: Vec<_> = bytes
                    .chunks(2)
                    .map(|two| {
                        two.iter().map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(separator)
                    })
                    .collect();
                let text: String = bytes
                    .iter()
                    .map(|b| if b.is_ascii_graphic() || *b == b' ' { char::from(*b) } else { '.' })
                    .collect();
                let width = row / 2 * (5 + separator.len()) - 1;
                dump += &format!("{at:08x}: {:width$}{text_gap}{text}\n", hex.join(" "));
            }
            let analysis = analysis(dump.as_bytes());
            assert_eq!(codes(&analysis), [["hex-dump", "ntlmssp"]], "{dump}");
            assert_eq!(analysis.tokens()[0].content.bytes(), bytes, "{dump}");
        }
    }
}

#[test]
fn dumps_that_follow_one_another_begin_anew_at_zero() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let messages: Vec<_> =
        text("vectors/t1.b64").lines().map(|line| STANDARD.decode(line).unwrap()).collect();
    let mut pasted = String::new();
    for (number, message) in messages.iter().enumerate() {
        pasted += &format!("Frame {number}:\n");
        for (at, row) in (0..).step_by(16).zip(message.chunks(16)) {
            let hex: Vec<_> = row.iter().map(|byte| format!("{byte:02x}")).collect();
            pasted += &format!("{at:04x}   {}\n", hex.join(" "));
        }
    }
    let together = analysis(pasted.as_bytes());
    let sizes: Vec<_> = together.tokens().iter().map(|token| token.content.bytes().len()).collect();
    assert_eq!(sizes, [40, 164, 370]);
    let adjacent = pasted.lines().filter(|line| !line.starts_with("Frame")).collect::<Vec<_>>();
    assert_eq!(analysis(adjacent.join("\n").as_bytes()).tokens().len(), 3, "no line between");
}

#[test]
fn spnego_is_read_in_every_encoding() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let token = unhex("604806062b0601050502a03e303ca00e300c060a2b06010401823702020aa22a04284e544c4d5353500001000000178208e2000000000000000000000000000000000602000000000000 0f".replace(' ', "").as_str());
    let hex: Vec<_> = token.iter().map(|byte| format!("{byte:02x}")).collect();
    let base64 = STANDARD.encode(&token);
    let signed: Vec<_> = token.iter().map(|byte| byte.cast_signed()).collect();
    let python: String = token
        .iter()
        .map(|b| {
            if b.is_ascii_graphic() && *b != b'\\' && *b != b'\'' {
                char::from(*b).to_string()
            } else {
                format!("\\x{b:02x}")
            }
        })
        .collect();
    let wrapped: Vec<_> =
        base64.as_bytes().chunks(24).map(|line| str::from_utf8(line).unwrap()).collect();
    for pasted in [
        base64.clone(),
        wrapped.join("\n"),
        wrapped.join(" "),
        hex.concat(),
        hex.join(" "),
        format!("{signed:?}"),
        format!("b'{python}'"),
        format!("Negotiate {}", base64.replace('+', "%2B").replace('/', "%2f")),
    ] {
        let analysis = analysis(pasted.as_bytes());
        assert_eq!(analysis.tokens().len(), 1, "{pasted}");
        let kinds = &codes(&analysis)[0];
        assert!(kinds.contains(&"spnego") && !kinds.contains(&"binary"), "{pasted}: {kinds:?}");
        assert_eq!(analysis.tokens()[0].content.bytes().len(), 40, "{pasted}");
        every_byte_is_traced(&pasted, pasted.as_bytes(), &analysis.tokens()[0]);
    }
}
