//! Segments of a connection, as the input orders, repeats and cuts them: nothing is made up.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spnscope::read::{
    capture::{Segment, TcpFlags, Time},
    stream::Streams,
};

// Five bytes each say what is done with the next segment: who sends it, how far it goes on or back,
// what it opens or ends, and how many of the bytes that follow it has.
fuzz_target!(|bytes: &[u8]| {
    let mut rest = bytes;
    let mut streams = Streams::default();
    let mut next = [u32::MAX - 100, 7];
    let mut packet = 0;
    while let [side, back, flags, len, missing, behind @ ..] = rest {
        packet += 1;
        let is_client = side & 1 == 0;
        let payload = &behind[..usize::from(*len).min(behind.len())];
        rest = &behind[payload.len()..];
        let [own, peer] = if is_client { [0, 1] } else { [1, 0] };
        let sequence = next[own].wrapping_add_signed(i32::from(back.cast_signed()));
        let missing = if missing & 7 == 7 { usize::from(missing >> 3) } else { 0 };
        let len = u32::try_from(payload.len() + missing).expect("a short segment");
        next[own] = sequence.wrapping_add(len);
        let ends =
            [([10, 0, 0, 1], 1024).into(), ([10, 0, 0, 2], 445 + u16::from(side >> 4)).into()];
        let segment = Segment {
            packet,
            time: Time { seconds: i64::from(side >> 1 & 7) * 100, nanoseconds: 0 },
            from: ends[own],
            to: ends[peer],
            sequence,
            acknowledged: (flags & 1 == 1).then_some(next[peer]),
            flags: TcpFlags {
                syn: flags & 14 == 14,
                fin: flags & 48 == 48,
                rst: flags & 192 == 192,
            },
            payload,
            missing,
        };
        for sign_in in streams.segment(&segment) {
            check(&sign_in.attempt, bytes);
        }
    }
    for sign_in in streams.finish() {
        check(&sign_in.attempt, bytes);
    }
});

/// Every message has its signature, and there is a packet for it.
fn check(attempt: &spnscope::read::stream::Attempt, bytes: &[u8]) {
    let tokens = [&attempt.negotiate, &attempt.challenge, &attempt.authenticate];
    for token in tokens.into_iter().flatten() {
        assert!(token.found.content.bytes().starts_with(b"NTLMSSP\0"));
        assert!(token.found.content.bytes().len() <= bytes.len());
        assert!(token.place.packet > 0);
    }
    assert!(attempt.is_sign_in() || attempt.cut.is_some());
}
