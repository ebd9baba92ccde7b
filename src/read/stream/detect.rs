//! Which protocol a connection speaks, told by the first bytes of a direction.

use super::{
    Protocol,
    guess::{Detected, Guess},
    smb,
};

/// How many bytes tell at most.
pub(super) const LONGEST_HEAD: usize = 32;

/// What begins in words: requests and answers of HTTP, the first lines of mail servers and clients.
const WORDS: [(&[u8], Detected); 21] = [
    (b"HTTP/1.", Detected::Http),
    (b"GET ", Detected::Http),
    (b"POST ", Detected::Http),
    (b"HEAD ", Detected::Http),
    (b"PUT ", Detected::Http),
    (b"DELETE ", Detected::Http),
    (b"OPTIONS ", Detected::Http),
    (b"PATCH ", Detected::Http),
    (b"PROPFIND ", Detected::Http),
    (b"RPC_IN_DATA ", Detected::Http),
    (b"RPC_OUT_DATA ", Detected::Http),
    (b"RPC_CONNECT ", Detected::Http),
    (b"CONNECT ", Detected::Http),
    (b"BITS_POST ", Detected::Http),
    (b"CCM_POST ", Detected::Http),
    (b"220 ", Detected::Mail(Protocol::Smtp)),
    (b"220-", Detected::Mail(Protocol::Smtp)),
    (b"EHLO ", Detected::Mail(Protocol::Smtp)),
    (b"* OK", Detected::Mail(Protocol::Imap)),
    (b"* PREAUTH", Detected::Mail(Protocol::Imap)),
    (b"+OK", Detected::Mail(Protocol::Pop3)),
];

/// What `head`, the first bytes of a direction, tells.
pub(super) fn detect(head: &[u8]) -> Guess {
    let known = match head {
        [] => return Guess::More,
        [0x00 | 0x81..=0x85, ..] => smb::begins(head),
        [0x05, ..] => rpc(head),
        [0x10 | 0x12, ..] => tds(head),
        [0x16, ..] => tls(head),
        [0x30, ..] => ldap(head),
        _ => None,
    };
    match known {
        Some(guess) => guess,
        None => words(head),
    }
}

/// What begins in words; `More` where a word may still come.
fn words(head: &[u8]) -> Guess {
    if let Some((_, detected)) = WORDS.iter().find(|(word, _)| head.starts_with(word)) {
        return Guess::Is(*detected);
    }
    if WORDS.iter().any(|(word, _)| word.starts_with(head)) { Guess::More } else { Guess::No }
}

fn tls(head: &[u8]) -> Option<Guess> {
    match head {
        [_, 3, 0..=4, ..] => Some(Guess::Is(Detected::Tls)),
        [_] | [_, 3] => Some(Guess::More),
        _ => None,
    }
}

/// Types of DCE/RPC messages that go over connections. Spec: C706 12.6.
const RPC_TYPES: [u8; 12] = [0, 2, 3, 11, 12, 13, 14, 15, 16, 17, 18, 19];

fn rpc(head: &[u8]) -> Option<Guess> {
    match head {
        [_, 0 | 1, kind, _, 0x00 | 0x10, _, _, _, ..] if RPC_TYPES.contains(kind) => {
            Some(Guess::Is(Detected::Rpc))
        }
        [_] | [_, 0 | 1] => Some(Guess::More),
        [_, 0 | 1, kind, ..] if head.len() < 8 && RPC_TYPES.contains(kind) => Some(Guess::More),
        _ => None,
    }
}

fn tds(head: &[u8]) -> Option<Guess> {
    match head {
        [_, 0 | 1, high, low, 0, 0, 0 | 1, 0, ..] if u16::from_be_bytes([*high, *low]) >= 8 => {
            Some(Guess::Is(Detected::Tds))
        }
        [_] | [_, 0 | 1] => Some(Guess::More),
        [_, 0 | 1, _, _, ..] if head.len() < 8 => Some(Guess::More),
        [_, 0 | 1, _] => Some(Guess::More),
        _ => None,
    }
}

/// `protocolOp` of LDAP messages. Spec: RFC 4511 4.2 to 4.14.
const LDAP_OPERATIONS: [u8; 20] = [
    0x60, 0x61, 0x42, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x4A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F,
    0x50, 0x73, 0x77, 0x78,
];

fn ldap(head: &[u8]) -> Option<Guess> {
    let more = (head.len() < LONGEST_HEAD).then_some(Guess::More);
    let after_length = match head.get(1) {
        None => return more,
        Some(0x00..=0x7F) => 2,
        Some(long @ 0x81..=0x84) => 2 + usize::from(long & 0x0F),
        Some(_) => return None,
    };
    let (Some(tag), Some(len)) = (head.get(after_length), head.get(after_length + 1)) else {
        return more;
    };
    if *tag != 0x02 || !matches!(len, 1..=4) {
        return None;
    }
    match head.get(after_length + 2 + usize::from(*len)) {
        None => more,
        Some(operation) if LDAP_OPERATIONS.contains(operation) => Some(Guess::Is(Detected::Ldap)),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_tell_the_protocol_and_their_beginnings_wait() {
        let smb = b"\0\0\0\x44\xFESMB";
        let cases: [(&[u8], Detected); 12] = [
            (smb, Detected::Smb),
            (b"\x81\0\0\x44", Detected::Smb),
            (b"\x05\0\x0B\x03\x10\0\0\0", Detected::Rpc),
            (b"\x30\x0C\x02\x01\x01\x60", Detected::Ldap),
            (b"\x30\x84\0\0\0\x10\x02\x01\x05\x63", Detected::Ldap),
            (b"GET ", Detected::Http),
            (b"HTTP/1.", Detected::Http),
            (b"220 ", Detected::Mail(Protocol::Smtp)),
            (b"* OK", Detected::Mail(Protocol::Imap)),
            (b"+OK", Detected::Mail(Protocol::Pop3)),
            (b"\x12\x01\0\x2F\0\0\x01\0", Detected::Tds),
            (b"\x16\x03\x01", Detected::Tls),
        ];
        for (head, detected) in cases {
            assert_eq!(detect(head), Guess::Is(detected), "{head:x?}");
            for len in 0..head.len() {
                assert_eq!(detect(&head[..len]), Guess::More, "{:x?}", &head[..len]);
            }
        }
        for other in [&b"\xFFabc"[..], b"SSH-2.0-", b"\0\0\0\x44abcd", b"\x30\x0C\x02\x09\x01"] {
            assert_eq!(detect(other), Guess::No, "{other:x?}");
        }
    }
}
