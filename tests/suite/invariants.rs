//! The invariants of every message, whole, cut or changed: no panic, leaves and gaps tile it,
//! children are in their parents, and parsing then encoding gives the same bytes.

use std::{sync::Arc, thread};

use spnscope::analysis::analyze;
use spnscope::base::{finding::Code, span::Span};
use spnscope::judge::smb::ServerSettings;
use spnscope::message::content::Content;
use spnscope::message::ntlm::Message;
use spnscope_page::view;

use crate::{
    fixtures::{every_message, text, unhex},
    holds::check,
};

/// Runs `check` for every variant of every message, on two threads.
fn check_all(variants: impl Fn(&str, &[u8], &mut dyn FnMut(String, &[u8])) + Sync) -> usize {
    let messages = every_message();
    let half = messages.len() / 2;
    let run = |part: &[(String, Vec<u8>)]| {
        let mut checked = 0;
        for (name, bytes) in part {
            variants(name, bytes, &mut |what, variant| {
                checked += 1;
                if let Err(wrong) = check(variant) {
                    panic!("{name}, {what}: {wrong}");
                }
            });
        }
        checked
    };
    thread::scope(|scope| {
        let second = scope.spawn(|| run(&messages[half..]));
        run(&messages[..half]) + second.join().expect("no panic")
    })
}

#[test]
fn invariants_hold_for_every_truncation_of_every_fixture() {
    let checked = check_all(|_, bytes, check| {
        for len in 0..=bytes.len() {
            check(format!("first {len} bytes"), &bytes[..len]);
        }
    });
    assert!(checked > 25_000, "only {checked} variants");
}

#[test]
fn invariants_hold_for_every_byte_change_of_every_fixture() {
    let checked = check_all(|_, bytes, check| {
        let mut changed = bytes.to_vec();
        for at in 0..bytes.len() {
            for other in (0..=u8::MAX).filter(|other| *other != bytes[at]) {
                changed[at] = other;
                check(String::new(), &changed);
            }
            changed[at] = bytes[at];
        }
    });
    assert!(checked > 5_000_000, "only {checked} variants");
}

#[test]
fn every_truncation_of_a_paste_is_analysed_without_panic() {
    let text = text("vectors/t1.b64");
    let whole = analyze(text.as_bytes(), &ServerSettings::default(), None);
    assert_eq!(whole.tokens().len(), 3);
    for len in 0..=text.len() {
        let analysis = analyze(&text.as_bytes()[..len], &ServerSettings::default(), None);
        assert_eq!(analysis.tokens().is_empty(), analysis.refusal().is_some());
        for token in 0..analysis.tokens().len() {
            let view = view::decode(&analysis, token, &ServerSettings::default()).unwrap();
            let mut next = 0;
            for cell in &view.map.cells {
                assert_eq!(cell.span.start, next, "{len}: a byte is in no cell");
                next = cell.span.end;
            }
            assert_eq!(next, view.bytes.len(), "{len}: the cells do not reach the end");
        }
    }
}

#[test]
fn cells_tile_every_changed_message() {
    for (name, bytes) in every_message() {
        for at in 0..bytes.len().min(88) {
            let mut changed = bytes.clone();
            changed[at] ^= 0x41;
            let Ok(message) = Message::parse(Arc::from(changed)) else { continue };
            let (_, map) = view::field_rows(&Content::Ntlm(message));
            let mut next = 0;
            for cell in &map.cells {
                assert_eq!(cell.span.start, next, "{name}, byte {at}");
                next = cell.span.end;
            }
            assert_eq!(next, map.len, "{name}, byte {at}");
        }
    }
}

/// A list of sixteen thousand pairs is read as far as a list can mean something, and the rest is
/// shown.
#[test]
fn a_list_of_empty_pairs_does_not_grow_the_report() {
    let pairs = [0x0b, 0, 0, 0].repeat(16_000);
    let len = u16::try_from(pairs.len()).unwrap().to_le_bytes();
    let mut bytes = b"NTLMSSP\0\x02\0\0\0".to_vec();
    bytes.extend([0; 28]);
    bytes.extend([len[0], len[1], len[0], len[1], 48, 0, 0, 0]);
    bytes.extend(&pairs);
    check(&bytes).unwrap();
    let message = Message::parse(Arc::from(bytes)).unwrap();
    assert_eq!(
        message.av_pairs().unwrap().pairs.len(),
        spnscope::message::ntlm::AvPairs::MAX_PAIRS
    );
    assert!(message.findings.iter().any(|finding| finding.code == Code::AvPairTooMany));
}

/// A name follows the cut header, so that the rest of the header is not at the end.
#[test]
fn the_rest_of_a_cut_header_is_reported_as_cut_whatever_follows() {
    let bytes = unhex(&text("fuzzed/pointer-into-a-cut-header.hex"));
    check(&bytes).unwrap();
    let message = Message::parse(Arc::from(bytes)).unwrap();
    let cut = message.findings.iter().find(|finding| finding.code == Code::MessageCut).unwrap();
    assert_eq!(cut.span, Span::new(52, 56));
}
