//! The way back: each byte of a message to the characters of the paste that stand for it.

#![expect(
    clippy::format_collect,
    reason = "what is pasted is easiest to read where it is written out"
)]

use base64::{Engine as _, engine::general_purpose};
use proptest::prelude::*;
use spnscope::analysis::{Token, analyze};
use spnscope::base::span::Span;
use spnscope::judge::smb::ServerSettings;
use spnscope::read::layer::LayerKind;
use spnscope_page::view;

use crate::{
    fixtures::text,
    read::carriers::carrier,
    read::inputs_spellings::{analysis, message},
};

/// Decodes the traced characters of each byte alone, without the library, and compares.
pub(crate) fn every_byte_is_traced(what: &str, pasted: &[u8], token: &Token) {
    let encoded = token.layers.iter().rposition(|layer| layer.map.is_some());
    let encoded = encoded.expect("an encoding");
    let base = token.layers.last().expect("the message").span.start;
    for (at, byte) in token.content.bytes().iter().enumerate() {
        let place = token.pasted(Span::at(at, 1));
        let mut characters = pasted[place.start..place.end].to_vec();
        for layer in &token.layers[..encoded] {
            characters = undo(layer.kind, characters);
        }
        let kind = token.layers[encoded].kind;
        let read = decode(kind, &characters, base + at);
        let shown = String::from_utf8_lossy(&characters);
        assert_eq!(read, Some(*byte), "{what}: byte {at} is traced to “{shown}” of {kind:?}");
    }
}

/// People count characters, whatever bytes these take; in a file that is no text, bytes.
#[test]
fn places_in_sentences_count_visible_characters() {
    let base64 = text("vectors/t1-authenticate.b64").trim().to_owned();
    let place = |pasted: &[u8]| {
        let analysis = analyze(pasted, &ServerSettings::default(), None);
        let view = view::decode(&analysis, 0, &ServerSettings::default()).expect("a message");
        let steps = view.trail.iter().map(|step| (step.place.clone(), step.size.clone()));
        (steps.collect::<Vec<_>>(), view.pasted.place(Span::new(0, 3)))
    };
    let header =
        |name: &str, base64: &str| format!("{name}: über “x” 😀\nAuthorization: NTLM {base64}");
    let pasted = header("Grüße", &base64);
    let before = "Grüße: über “x” 😀\n".chars().count();
    let (start, len) = (before + "Authorization: NTLM ".len(), base64.len());
    let end = start + len;
    let expected = [
        (format!("characters {} to {end}", before + 1), format!("{} characters", end - before)),
        (format!("characters {} to {end}", start + 1), format!("{len} characters")),
    ];
    let first = Some(format!("characters {} to {}", start + 1, start + 4));
    let (steps, of_signature) = place(pasted.as_bytes());
    assert_eq!(steps[..2], expected);
    assert_eq!(of_signature, first);
    // The same bytes as PowerShell writes them.
    let units = pasted.encode_utf16().flat_map(u16::to_le_bytes);
    let (steps, of_signature) = place(&[&[0xFF, 0xFE][..], &units.collect::<Vec<_>>()].concat());
    assert_eq!(steps[0], (format!("characters 1 to {end}"), format!("{end} characters")));
    assert_eq!(steps[1..3], expected);
    assert_eq!(of_signature, first);
    // A packet, as a file.
    let (steps, of_signature) = place(&carrier("smb2-authenticate"));
    assert!(steps.iter().all(|(place, _)| place.starts_with("bytes ")), "{steps:?}");
    assert!(of_signature.unwrap().starts_with("bytes "));
    // A message that is all there is has no other places.
    assert_eq!(place(&general_purpose::STANDARD.decode(&base64).unwrap()).1, None);
}

/// The bytes of an outer encoding's characters.
fn undo(kind: LayerKind, characters: Vec<u8>) -> Vec<u8> {
    match kind {
        LayerKind::Utf16 => characters.into_iter().filter(|byte| *byte != 0).collect(),
        LayerKind::Percent => {
            let mut bytes = Vec::new();
            let mut rest = characters.as_slice();
            while let [first, behind @ ..] = rest {
                if *first == b'%' {
                    let digits = str::from_utf8(&behind[..2]).unwrap();
                    bytes.push(u8::from_str_radix(digits, 16).unwrap());
                    rest = &behind[2..];
                } else {
                    bytes.push(*first);
                    rest = behind;
                }
            }
            bytes
        }
        LayerKind::Escapes => unescape(&String::from_utf8(characters).unwrap()),
        LayerKind::Hex | LayerKind::HexDump(_) => {
            // Between two digits of base64 there may be the end of a row and the beginning of the
            // next.
            let (first, last) = (&characters[..2], &characters[characters.len() - 2..]);
            let pairs = if characters.len() == 2 { vec![first] } else { vec![first, last] };
            pairs.into_iter().filter_map(|pair| decode(kind, pair, 0)).collect()
        }
        _ => characters,
    }
}

/// The escapes that the tests write.
fn unescape(text: &str) -> Vec<u8> {
    if let Some(digits) = text.strip_prefix("0x").filter(|digits| digits.len() == 2) {
        return vec![u8::from_str_radix(digits, 16).unwrap()];
    }
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let Some(escape) = rest.strip_prefix('\\') else {
            bytes.extend(first.to_string().bytes());
            rest = &rest[first.len_utf8()..];
            continue;
        };
        let kind = escape.chars().next().unwrap();
        let (number, len) = match kind {
            'x' => (u32::from_str_radix(&escape[1..3], 16).unwrap(), 3),
            'u' if escape.starts_with("u{") => {
                let end = escape.find('}').unwrap();
                (u32::from_str_radix(&escape[2..end], 16).unwrap(), end + 1)
            }
            'u' => (u32::from_str_radix(&escape[1..5], 16).unwrap(), 5),
            '0'..='7' => (u32::from_str_radix(&escape[..3], 8).unwrap(), 3),
            'n' => (10, 1),
            'r' => (13, 1),
            't' => (9, 1),
            'b' => (8, 1),
            'f' => (12, 1),
            '\n' => {
                rest = &escape[1..];
                continue;
            }
            other => (u32::from(other), 1),
        };
        bytes.push(u8::try_from(number).unwrap());
        rest = &escape[len..];
    }
    bytes
}

/// The byte number `index` of a buffer, from the characters that are said to stand for it.
fn decode(kind: LayerKind, characters: &[u8], index: usize) -> Option<u8> {
    let text = str::from_utf8(characters).ok()?;
    match kind {
        LayerKind::Base64 => {
            let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
            let digit = |character: &u8| {
                let plain = match character {
                    b'-' => b'+',
                    b'_' => b'/',
                    other => *other,
                };
                alphabet.iter().position(|known| *known == plain)
            };
            // Between the two there may be a line end, and marks that the line begins with.
            let (first, last) = (digit(characters.first()?)?, digit(characters.last()?)?);
            let between = characters.get(1..characters.len() - 1)?;
            assert!(!between.iter().any(u8::is_ascii_alphanumeric) || between.contains(&b'\n'));
            let bits = first << 6 | last;
            u8::try_from(bits >> (4 - index * 8 % 6) & 0xFF).ok()
        }
        LayerKind::Hex | LayerKind::HexDump(_) => {
            (text.len() <= 2).then(|| u8::from_str_radix(text, 16).ok())?
        }
        LayerKind::Decimal => text.parse::<i16>().ok().map(|number| number.to_le_bytes()[0]),
        LayerKind::Percent | LayerKind::Escapes => {
            let bytes = undo(kind, characters.to_vec());
            <[u8; 1]>::try_from(bytes).ok().map(|[byte]| byte)
        }
        _ => None,
    }
}

/// The spelling of a random message.
fn spelling() -> impl Strategy<Value = (usize, usize, usize, bool)> {
    (0..12_usize, 4..40_usize, 0..4_usize, any::<bool>())
}

fn spell(bytes: &[u8], (kind, width, indent, upper): (usize, usize, usize, bool)) -> String {
    let hex = |byte: &u8| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") };
    let margin = " ".repeat(indent);
    let base64 = if upper {
        general_purpose::STANDARD.encode(bytes)
    } else {
        general_purpose::URL_SAFE_NO_PAD.encode(bytes)
    };
    let lines = |every: usize| -> Vec<String> {
        base64.as_bytes().chunks(every).map(|l| String::from_utf8(l.to_vec()).unwrap()).collect()
    };
    let rows = |row: &dyn Fn(&[u8]) -> String, every: usize, between: &str| -> String {
        bytes.chunks(every).map(row).collect::<Vec<_>>().join(between)
    };
    let pairs = |separator: &'static str| {
        move |row: &[u8]| row.iter().map(hex).collect::<Vec<_>>().join(separator)
    };
    match kind {
        0 => format!("{margin}{base64}"),
        1 => format!("{margin}{}", lines(width.max(11)).join(&format!("\n{margin}"))),
        2 => format!("x = \"{}\"", lines(width.max(11)).join(&format!("\" +\n{margin}\""))),
        3 => rows(&pairs(""), width, &format!("\n{margin}")),
        4 => rows(&pairs(" "), width, &format!("\n{margin}")),
        5 => format!("{{{}}}", rows(&|row| format!("0x{},", pairs(", 0x")(row)), width, "\n")),
        6 => format!("{bytes:?}"),
        7 => {
            let escape = |byte: &u8| match byte {
                b'\\' | b'"' => format!("\\{}", char::from(*byte)),
                b' '..=b'~' => char::from(*byte).to_string(),
                b'\n' => "\\n".into(),
                _ => format!("\\x{byte:02x}"),
            };
            format!("b\"{}\"", bytes.iter().map(escape).collect::<String>())
        }
        8 => bytes
            .iter()
            .map(|b| {
                if b.is_ascii_alphanumeric() {
                    char::from(*b).to_string()
                } else {
                    format!("%{b:02X}")
                }
            })
            .collect(),
        9 => (0..)
            .step_by(width)
            .zip(bytes.chunks(width))
            .map(|(at, row)| {
                let text: String = row
                    .iter()
                    .map(|b| if b.is_ascii_graphic() { char::from(*b) } else { '.' })
                    .collect();
                let wide = 3 * width;
                format!("{margin}{at:08x}  {:wide$} |{text}|\n", pairs(" ")(row))
            })
            .collect(),
        10 => base64.replace('+', "%2b").replace('/', "%2F").replace('-', "%2D"),
        _ => format!("\"{}\"", lines(width.max(11)).join("\\r\\n")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    /// An AUTHENTICATE of random bytes whose domain says how long it is.
    #[test]
    fn any_message_in_any_spelling_is_read_and_traced(
        payload in prop::collection::vec(any::<u8>(), 8..200),
        spelling in spelling(),
    ) {
        let mut bytes = b"NTLMSSP\0\x03\0\0\0".to_vec();
        bytes.extend([0; 52]);
        let len = u16::try_from(payload.len()).unwrap().to_le_bytes();
        bytes[28..36].copy_from_slice(&[len[0], len[1], len[0], len[1], 64, 0, 0, 0]);
        bytes.extend(&payload);
        let pasted = spell(&bytes, spelling);
        let analysis = analysis(pasted.as_bytes());
        prop_assert_eq!(analysis.tokens().len(), 1, "{}", pasted);
        prop_assert_eq!(analysis.tokens()[0].content.bytes(), &bytes, "{}", pasted);
        every_byte_is_traced(&pasted, pasted.as_bytes(), &analysis.tokens()[0]);
    }
}

/// `6e 01 30` begins as an AP-REQ of one byte would, which there is none of.
#[test]
fn the_last_line_of_a_wrapped_message_is_no_token_of_its_own() {
    let mut bytes = b"NTLMSSP\0\x03\0\0\0".to_vec();
    bytes.extend([0; 52]);
    bytes[28..36].copy_from_slice(&[131, 0, 131, 0, 64, 0, 0, 0]);
    bytes.extend([0; 128]);
    bytes.extend([0x6e, 0x01, 0x30]);
    let base64 = general_purpose::STANDARD.encode(&bytes);
    let lines: Vec<_> =
        base64.as_bytes().chunks(32).map(|line| str::from_utf8(line).unwrap()).collect();
    assert_eq!(lines.last(), Some(&"bgEw"));
    let analysis = analysis(lines.join("\n").as_bytes());
    assert_eq!(analysis.tokens().len(), 1);
    assert_eq!(analysis.tokens()[0].content.bytes(), &bytes);
}

/// `6e 0f 30` does so as one of 17 bytes, which are not there.
#[test]
fn the_last_line_is_no_token_either_where_it_announces_more_than_there_is() {
    let mut bytes = b"NTLMSSP\0\x03\0\0\0".to_vec();
    bytes.extend([0; 52]);
    bytes[28..36].copy_from_slice(&[105, 0, 105, 0, 64, 0, 0, 0]);
    bytes.extend([0; 101]);
    bytes.extend([0x6d, 0xb8, 0x3c, 0xc0]);
    let base64 = general_purpose::STANDARD_NO_PAD.encode(&bytes);
    let lines: Vec<_> =
        base64.as_bytes().chunks(13).map(|line| str::from_utf8(line).unwrap()).collect();
    assert_eq!(lines.last(), Some(&"bg8wA"));
    let analysis = analysis(lines.join("\n").as_bytes());
    assert_eq!(analysis.tokens().len(), 1);
    assert_eq!(analysis.tokens()[0].content.bytes(), &bytes);
}

#[test]
fn a_field_is_traced_through_every_layer() {
    let (base64, _) = message();
    let pasted = format!("{{\"Authorization\": \"NTLM {}\"}}", base64.replace('/', "\\/"));
    let analysis = analysis(pasted.as_bytes());
    let token = &analysis.tokens()[0];
    let kinds: Vec<_> = token.layers.iter().map(|layer| layer.kind.as_str()).collect();
    assert_eq!(kinds, ["http-header", "escapes", "base64", "ntlmssp"]);
    let header = token.layers[0].span;
    assert!(pasted[header.start..].starts_with("Authorization\": \"NTLM TlRM"));
    assert!(pasted[..header.end].ends_with(&base64[base64.len() - 8..]));
    let string = token.layers[1].span;
    assert!(pasted[string.start..string.end].starts_with("NTLM TlRM"));
    // The target name: through base64 into the string, and through the string into the paste.
    let place = token.pasted(Span::new(316, 346));
    let characters = pasted[place.start..place.end].replace("\\/", "/");
    assert_eq!(characters, base64[316 / 3 * 4 + 1..=(346 * 8 - 1) / 6]);
}
