//! Pastes made to take long or much. Each took seconds or minutes in some version of the search, or
//! would in a plain one; none of them may panic, and all of them must end soon.

#![expect(
    clippy::format_push_string,
    reason = "what is pasted is easiest to read where it is written out"
)]

use spnscope::analysis::analyze;
use spnscope::judge::smb::ServerSettings;
use spnscope::read::text as input;

use crate::{
    holds,
    hostile::{self, REPEATED},
};

/// Those that are repeated up to the largest size; the others as often as shows a square.
const FULL_SIZE_PIECES: [&str; 8] =
    ["\"", "%41", "0x", "A", "4e ", "\n", "\\u0041", "0000 00 00 00 00\n"];

#[test]
fn repeated_pieces_of_every_spelling_end_soon() {
    for piece in REPEATED {
        let size = input::MAX_INPUT_LEN / if FULL_SIZE_PIECES.contains(piece) { 1 } else { 8 };
        let pasted = piece.repeat(size / piece.len());
        let analysis = analyze(pasted.as_bytes(), &ServerSettings::default(), None);
        assert_eq!(analysis.tokens().is_empty(), analysis.refusal().is_some(), "{piece:?}");
    }
}

/// A message is short, and what is odd about it is said in sentences: in 4 MiB of them that could
/// be much.
#[test]
fn messages_full_of_odd_things_end_soon() {
    for (what, piece) in hostile::messages() {
        holds::check(&piece).unwrap_or_else(|why| panic!("{what}: {why}"));
        let pasted = piece.repeat(input::MAX_INPUT_LEN / piece.len());
        let analysis = analyze(&pasted, &ServerSettings::default(), None);
        assert!(!analysis.tokens().is_empty(), "{what}");
        let most = analysis.tokens().iter().map(|token| token.all_findings().count()).max();
        assert!(most < Some(100), "{what}: {most:?}");
    }
}

#[test]
fn a_long_dump_that_never_repeats_an_offset_ends_soon() {
    let mut pasted = String::new();
    let mut at = 0;
    while pasted.len() < input::MAX_INPUT_LEN - 80 {
        pasted += &format!("{at:08x}: 4e54 4c4d 5353 5001 4141 4141 4141 4141  NTLMSSP.AAAAAAAA\n");
        at += 16;
    }
    assert!(input::decode(pasted.as_bytes(), None).candidates.is_empty());
}

/// `*` between two rows stands for as many bytes as the offsets say; here for four gigabytes.
#[test]
fn the_bytes_of_a_star_are_bounded() {
    let row = "4e 54 4c 4d 53 53 50 00  01 00 00 00 00 00 00 00";
    let pasted = format!("00000000  {row}\n*\nfffffff0  {row}\n");
    let decoded = input::decode(pasted.as_bytes(), None);
    assert!(decoded.candidates.iter().all(|candidate| candidate.bytes.len() <= 32));
    let many = format!("00000000  {row}\n*\n0000fff0  {row}\n").repeat(20_000);
    let decoded = input::decode(many.as_bytes(), None);
    let all: usize = decoded.candidates.iter().map(|candidate| candidate.bytes.len()).sum();
    assert!(all < 2 * input::MAX_INPUT_LEN, "{all}");
}

/// A message that is not whole, and as many lines as there can be that may go on with it.
#[test]
fn lines_that_may_belong_to_a_cut_message_end_soon() {
    let hex = "4e 54 4c 4d 53 53 50 00 03 00 00 00";
    for (first, line) in [
        ("x TlRMTVNTUAADAAAAGAAYAP//AADUANQA\n".to_owned(), "x AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"),
        (format!("x {hex}\n"), "x 00 00 00 00 00 00 00 00\n"),
        (format!("x {hex}\n"), "y 00 00 00 00 00 00 00 00\n"),
        (format!("{hex} words\n"), "00 00 00 00 words\n"),
        (format!("{hex} words\n"), "11 4e 54 4c 4d 53 53 50 00 words\n"),
        (format!("0000 {hex}\n"), "00 00 00 00 00 00 00 00\n"),
        ("NTLMSSP<00><03>".to_owned(), "<00>"),
        (
            "0000000   N   T   L   M   S   S   P  \\0\n".to_owned(),
            "  \\0  \\0  \\0  \\0  \\0  \\0  \\0  \\0\n",
        ),
    ] {
        let pasted = first.clone() + &line.repeat(input::MAX_INPUT_LEN / 2 / line.len());
        let _ = analyze(pasted.as_bytes(), &ServerSettings::default(), None);
        let pasted = (first + &line.repeat(40)).repeat(200);
        let _ = analyze(pasted.as_bytes(), &ServerSettings::default(), None);
    }
}

#[test]
fn utf_16_of_the_largest_size_ends_soon() {
    let mut pasted = vec![0xFF, 0xFE];
    while pasted.len() < input::MAX_INPUT_LEN {
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
