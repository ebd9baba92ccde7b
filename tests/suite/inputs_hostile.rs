//! Pastes made to take long or much. Each took seconds or minutes in some version of the search, or
//! would in a plain one; none of them may panic, and all of them must end soon.

#![expect(
    clippy::format_push_string,
    reason = "what is pasted is easiest to read where it is written out"
)]

use spnscope::{analysis::analyze, input, policy::ServerSettings};

/// What a paste repeats.
const REPEATED: &[&str] = &[
    "\"",
    "'",
    "`",
    "%",
    "=",
    "/",
    "\\",
    "\n",
    ">\n",
    "A",
    "4e",
    "1 ",
    "1:2 ",
    "78,",
    "-1,",
    "é",
    "0x",
    "0x4e,",
    "4e ",
    "4e /*",
    "4e //",
    "4e #",
    "%41",
    "a%41",
    "%2541",
    "\\u0041",
    "\\n",
    "a\\x00",
    "\"a\" ",
    "\"\\",
    "\\\"",
    "'\\n\"",
    "\"\\n12345678901\"",
    "\"\\\n",
    "T ",
    "TlRM ",
    "TlRM",
    "TlRM\n",
    "oYIB ",
    "oYIB\n",
    "oYT///// ",
    "NTLMSSP\\x00",
    "NTLMSSP%00",
    "YEgGBisGAQUFAqA+MDygDjAMBgorBgEEAYI3AgIKoioEKE5UTE1TU1AA ",
    "oYT///////////////////////9OVExNU1NQAAAA\n",
    "TlRMTVNTUAADAAAAGAAYAP//AADUANQA x ",
    "\"TlRMTVNTUAADAAAAGAAYAP//AADUANQA\", ",
    "Authorization: ",
    "Authorization: NTLM x\n",
    "WWW-Authenticate: a, ",
    "AUTH NTLM\n",
    "AUTH NTLM ",
    "WWW-Authenticate: a=\"",
    "Authorization: NTLM ",
    "0000 <",
    "0000`",
    "[000] ",
    "0x0000: 0x",
    "TlRMTVNT=\n",
    "AUTH NTLM\n+ A\n",
    "a AUTHENTICATE NTLM A\n",
    "0000 00 00 00 00\n\n",
    "4e 54 4c 4d 53 53 50 00  NTLMSSP.\n",
    " \n",
    "00000000\n",
    "0000 00 00 00 00\n",
    "00000000  4e 54 4c 4d |NTLM|\n",
    "0000 \n*\n",
    "a1 4e 54 4c 4d 53 53 50 00 ",
    "4e 54 4c 4d 53 53 50 00 01 00 00 00\n",
];

/// Those that are repeated up to the largest size; the others as often as shows a square.
const LARGEST: [&str; 8] = ["\"", "%41", "0x", "A", "4e ", "\n", "\\u0041", "0000 00 00 00 00\n"];

#[test]
fn repeated_pieces_of_every_spelling_end_soon() {
    for piece in REPEATED {
        let size = input::LARGEST / if LARGEST.contains(piece) { 1 } else { 8 };
        let pasted = piece.repeat(size / piece.len());
        let analysis = analyze(pasted.as_bytes(), &ServerSettings::default(), None);
        assert_eq!(analysis.tokens.is_empty(), analysis.refusal().is_some(), "{piece:?}");
    }
}

#[test]
fn a_long_dump_that_never_repeats_an_offset() {
    let mut pasted = String::new();
    let mut at = 0;
    while pasted.len() < input::LARGEST - 80 {
        pasted += &format!("{at:08x}: 4e54 4c4d 5353 5001 4141 4141 4141 4141  NTLMSSP.AAAAAAAA\n");
        at += 16;
    }
    assert!(input::decode(pasted.as_bytes(), None).candidates.is_empty());
}

/// `*` between two rows stands for as many bytes as the offsets say; here for four gigabytes.
#[test]
fn a_star_does_not_take_what_it_says() {
    let row = "4e 54 4c 4d 53 53 50 00  01 00 00 00 00 00 00 00";
    let pasted = format!("00000000  {row}\n*\nfffffff0  {row}\n");
    let decoded = input::decode(pasted.as_bytes(), None);
    assert!(decoded.candidates.iter().all(|candidate| candidate.bytes.len() <= 32));
    let many = format!("00000000  {row}\n*\n0000fff0  {row}\n").repeat(20_000);
    let decoded = input::decode(many.as_bytes(), None);
    let all: usize = decoded.candidates.iter().map(|candidate| candidate.bytes.len()).sum();
    assert!(all < 2 * input::LARGEST, "{all}");
}

#[test]
fn utf_16_of_the_largest_size() {
    let mut pasted = vec![0xFF, 0xFE];
    while pasted.len() < input::LARGEST {
        pasted.extend([0x2A, 0x4E]);
    }
    assert!(input::decode(&pasted, None).candidates.is_empty());
}

/// Every beginning and every change of a byte of a paste that has everything in it.
#[test]
fn no_paste_panics() {
    let files = ["har.json", "xxd.txt", "python-repr.txt", "form.txt", "tshark-follow-pop3.txt"];
    for file in files {
        let pasted = crate::fixtures::text(&format!("inputs/{file}")).into_bytes();
        for at in 0..pasted.len() {
            let _ = input::decode(&pasted[..at], None);
            for byte in [0, b'\n', b'\\', b'"', b'%', b'0', b'=', 0xFF] {
                let mut changed = pasted.clone();
                changed[at] = byte;
                let _ = input::decode(&changed, None);
            }
        }
    }
}
