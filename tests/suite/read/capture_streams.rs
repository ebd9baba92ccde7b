//! Segments of connections that were cut, shuffled, repeated and lost give the same sign-ins.

use std::net::SocketAddr;

use proptest::prelude::*;
use spnscope::read::{
    capture::{Capture, Segment, TcpFlags, Time},
    stream::{SignIn, StreamFindingCode, Streams, UnreadStreams},
};

use crate::read::capture_files::bytes;

/// A segment that owns its bytes.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) from: SocketAddr,
    pub(crate) to: SocketAddr,
    pub(crate) sequence: u32,
    pub(crate) acknowledged: Option<u32>,
    pub(crate) flags: TcpFlags,
    pub(crate) payload: Vec<u8>,
}

/// The segments of a capture of the lab.
fn parts(name: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut capture = Capture::default();
    let mut take = |segment: &Segment<'_>| {
        parts.push(Part {
            from: segment.from,
            to: segment.to,
            sequence: segment.sequence,
            acknowledged: segment.acknowledged,
            flags: segment.flags,
            payload: segment.payload.to_vec(),
        });
    };
    capture.push(&bytes(name), &mut take);
    capture.finish(&mut take);
    parts
}

/// The sign-ins found in segments in that order, and the streams.
pub(crate) fn found(parts: &[Part]) -> (Vec<SignIn>, Streams) {
    let mut streams = Streams::default();
    let mut found = Vec::new();
    for (packet, part) in (1..).zip(parts) {
        found.extend(streams.segment(&Segment {
            packet,
            time: Time { seconds: 1000, nanoseconds: 0 },
            from: part.from,
            to: part.to,
            sequence: part.sequence,
            acknowledged: part.acknowledged,
            flags: part.flags,
            payload: &part.payload,
            missing: 0,
        }));
    }
    found.extend(streams.finish());
    (found, streams)
}

/// The bytes of the three messages and the answer of each sign-in.
fn messages(found: &[SignIn]) -> Vec<(Vec<Vec<u8>>, Option<bool>)> {
    let mut all = Vec::new();
    for SignIn { attempt, .. } in found {
        let tokens = [&attempt.negotiate, &attempt.challenge, &attempt.authenticate];
        let tokens = tokens.into_iter().flatten();
        let bytes = tokens.map(|token| token.found.content.bytes().to_vec()).collect();
        all.push((bytes, attempt.answer.map(|answer| answer.status.is_accepted())));
    }
    all
}

/// Numbers every direction of the connection anew, so that they pass 2 to the 32.
fn renumber(parts: &mut [Part], by: u32) {
    for part in parts {
        part.sequence = part.sequence.wrapping_add(by);
        part.acknowledged = part.acknowledged.map(|number| number.wrapping_add(by));
    }
}

/// Cuts a segment into pieces of `size` bytes, each with the last `overlap` bytes before it.
fn cut(part: &Part, size: usize, overlap: usize) -> Vec<Part> {
    if part.payload.is_empty() {
        return vec![part.clone()];
    }
    let starts = (0..part.payload.len()).step_by(size);
    let piece = |start: usize| {
        let end = (start + size).min(part.payload.len());
        let from = start.saturating_sub(overlap);
        Part {
            sequence: part.sequence.wrapping_add(u32::try_from(from).unwrap()),
            payload: part.payload[from..end].to_vec(),
            ..part.clone()
        }
    };
    starts.map(piece).collect()
}

const CAPTURES: [&str; 6] = [
    "smb3-direct-by-fqdn.pcapng",
    "smb3-smbprotocol-two-users.pcapng",
    "smb1-nt1-by-fqdn.pcap",
    "http-ntlm-requests.pcapng",
    "ldap-sicily-ldap3.pcapng",
    "ad-rpc-tcp-ntlm-seal.pcapng",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn cut_shuffled_and_repeated_segments_give_the_same_messages(
        capture in 0..CAPTURES.len(),
        by in any::<u32>(),
        size in 1_usize..700,
        overlap in 0_usize..9,
        order in proptest::collection::vec((0_usize..4, any::<bool>()), 64),
    ) {
        let original = parts(CAPTURES[capture]);
        let expected = messages(&found(&original).0);
        let mut changed = Vec::new();
        for part in &original {
            let mut pieces = cut(part, size, overlap);
            // Pieces of one segment are shuffled among themselves; some come twice.
            for (at, (far, _)) in order.iter().enumerate().take(pieces.len()) {
                let other = (at + far).min(pieces.len() - 1);
                pieces.swap(at, other);
            }
            let twice = pieces.iter().zip(&order).filter(|(_, (_, again))| *again);
            let twice: Vec<_> = twice.map(|(piece, _)| piece.clone()).collect();
            changed.extend(pieces);
            changed.extend(twice);
        }
        renumber(&mut changed, by);
        let (again, streams) = found(&changed);
        prop_assert_eq!(messages(&again), expected);
        prop_assert!(streams.remarks().findings().is_empty());
    }

    #[test]
    fn lost_bytes_are_never_made_up(
        capture in 0..CAPTURES.len(),
        size in 50_usize..2000,
        lost in any::<prop::sample::Index>(),
    ) {
        let original = parts(CAPTURES[capture]);
        let expected = messages(&found(&original).0);
        let mut changed: Vec<_> =
            original.iter().flat_map(|part| cut(part, size, 0)).collect();
        let with_bytes: Vec<_> =
            (0..changed.len()).filter(|at| !changed[*at].payload.is_empty()).collect();
        let lost = with_bytes[lost.index(with_bytes.len())];
        changed.remove(lost);
        let (again, streams) = found(&changed);
        let known: Vec<_> = expected.iter().flat_map(|(messages, _)| messages).collect();
        for (messages, _) in messages(&again) {
            for message in messages {
                prop_assert!(known.contains(&&message), "made up");
            }
        }
        let is_whole = messages(&again) == expected;
        let says = streams.remarks().unread().any(|(what, _)| what == UnreadStreams::Holes);
        // A segment lost at the end of a direction leaves no hole.
        let is_last = changed[lost..].iter().all(|part| {
            part.from != original_sender(&original, &changed, lost) || part.payload.is_empty()
        });
        prop_assert!(is_whole || says || is_last);
    }
}

#[test]
fn a_part_of_a_message_is_not_taken_for_the_whole() {
    for capture in &CAPTURES[..3] {
        let original = parts(capture);
        let expected = messages(&found(&original).0);
        let whole: Vec<_> = expected.iter().flat_map(|(messages, _)| messages).collect();
        let pieces: Vec<_> = original.iter().flat_map(|part| cut(part, 54, 0)).collect();
        for lost in 0..pieces.len() {
            let rest = [&pieces[..lost], &pieces[lost + 1..]].concat();
            let found = found(&rest).0;
            for message in messages(&found).iter().flat_map(|(messages, _)| messages) {
                assert!(whole.contains(&message), "{capture} without piece {lost}");
            }
        }
    }
}

/// The sender of the piece that is missing at `lost`: the one whose sequence numbers do not go on
/// there.
fn original_sender(original: &[Part], changed: &[Part], lost: usize) -> SocketAddr {
    let sent = |parts: &[Part], from| -> usize {
        parts.iter().filter(|part| part.from == from).map(|part| part.payload.len()).sum()
    };
    let both = [original[0].from, original[0].to];
    let loser = both.into_iter().find(|from| sent(original, *from) != sent(changed, *from));
    loser.unwrap_or_else(|| changed[lost.min(changed.len() - 1)].from)
}

#[test]
fn bytes_that_come_again_as_others_are_remarked_and_the_first_count() {
    let original = parts(CAPTURES[0]);
    let expected = messages(&found(&original).0);
    let at = original
        .iter()
        .position(|part| part.payload.windows(12).any(|bytes| bytes == b"NTLMSSP\0\x03\0\0\0"));
    let at = at.expect("the AUTHENTICATE");
    let mut forged = original[at].clone();
    forged.payload.iter_mut().for_each(|byte| *byte ^= 0x55);
    let mut changed = original.clone();
    changed.insert(at + 1, forged);
    let (again, streams) = found(&changed);
    assert_eq!(messages(&again), expected);
    let codes: Vec<_> = streams.remarks().findings().iter().map(|found| found.code).collect();
    assert_eq!(codes, [StreamFindingCode::OverlapDiffers]);
    // The same bytes again are no contradiction.
    changed[at + 1] = original[at].clone();
    assert!(found(&changed).1.remarks().findings().is_empty());
}

#[test]
fn a_port_is_used_again() {
    let first = parts(CAPTURES[0]);
    let mut second = first.clone();
    renumber(&mut second, 0x4000_0000);
    let (again, _) = found(&[first.clone(), second].concat());
    assert_eq!(messages(&again).len(), 2);
    // Without an end of the first one, too.
    let cut = first.len() / 2;
    let mut second = first.clone();
    renumber(&mut second, 77);
    let (again, _) = found(&[first[..cut].to_vec(), second].concat());
    assert_eq!(messages(&again).len(), 2);
}

#[test]
fn a_capture_can_begin_in_the_middle() {
    for capture in &CAPTURES[..3] {
        let original = parts(capture);
        let whole = messages(&found(&original).0);
        let first = original.iter().position(|part| !part.payload.is_empty()).unwrap();
        let (again, _) = found(&original[first..]);
        assert_eq!(messages(&again), whole, "{capture}: without its opening");
        let last = &found(&original[first + 2..]).0;
        assert!(!last.is_empty(), "{capture}: without its NEGOTIATE");
        for (sign_in, other) in last.iter().zip(&found(&original).0) {
            assert_eq!(sign_in.connection, other.connection, "{capture}");
        }
    }
}

#[test]
fn one_direction_may_come_late() {
    for capture in &CAPTURES[..3] {
        let original = parts(capture);
        let expected = messages(&found(&original).0);
        let (opening, rest): (Vec<Part>, Vec<Part>) =
            original.into_iter().partition(|part| part.flags.syn);
        let client = opening[0].from;
        let (from_client, from_server): (Vec<Part>, Vec<Part>) =
            rest.into_iter().partition(|part| part.from == client);
        for order in [[&from_client, &from_server], [&from_server, &from_client]] {
            let all = [&opening[..], order[0], order[1]].concat();
            assert_eq!(messages(&found(&all).0), expected, "{capture}");
        }
    }
}

#[test]
fn a_hole_in_unwanted_bytes_loses_nothing() {
    // The body of a READ is passed over by its length, so a hole in it does not matter.
    let original = parts("smb3-smbprotocol-two-users.pcapng");
    let expected = messages(&found(&original).0);
    let second = original
        .iter()
        .rposition(|part| part.payload.windows(12).any(|bytes| bytes == b"NTLMSSP\0\x01\0\0\0"));
    let second = second.expect("the second NEGOTIATE");
    let mut body = vec![0, 0x01, 0, 0];
    body.extend(b"\xFESMB\x40\0");
    body.resize(12 + 4, 0);
    body.extend([8, 0]);
    body.resize(16 + 4, 0);
    body.push(1);
    body.resize(4 + 0x1_0000, 0);
    let from_server = original[second].to;
    let mut changed = original[..second].to_vec();
    let next = original[second..].iter().find(|part| part.from == from_server).unwrap().sequence;
    for (at, piece) in body.chunks(1000).enumerate() {
        if at == 7 || at == 20 {
            continue;
        }
        changed.push(Part {
            sequence: next.wrapping_add(u32::try_from(at * 1000).unwrap()),
            payload: piece.to_vec(),
            flags: TcpFlags::default(),
            from: from_server,
            to: original[second].from,
            acknowledged: None,
        });
    }
    let mut rest = original[second..].to_vec();
    for part in &mut rest {
        let shift = u32::try_from(body.len()).unwrap();
        if part.from == from_server {
            part.sequence = part.sequence.wrapping_add(shift);
        } else {
            part.acknowledged = part.acknowledged.map(|number| number.wrapping_add(shift));
        }
    }
    changed.extend(rest);
    let (again, _) = found(&changed);
    assert_eq!(messages(&again), expected);
}
