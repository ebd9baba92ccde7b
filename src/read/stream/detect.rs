//! Detects the protocol of a connection by the first bytes of a direction. Ports are not looked at.

use super::{
    Protocol,
    guess::{DetectedProtocol, Guess},
    smb,
};

/// The most bytes that are needed to tell.
pub(super) const MAX_HEAD_LEN: usize = 32;

/// The beginnings of protocols of text: requests and answers of HTTP, the first lines of mail
/// servers and clients.
const WORDS: [(&[u8], DetectedProtocol); 21] = [
    (b"HTTP/1.", DetectedProtocol::Http),
    (b"GET ", DetectedProtocol::Http),
    (b"POST ", DetectedProtocol::Http),
    (b"HEAD ", DetectedProtocol::Http),
    (b"PUT ", DetectedProtocol::Http),
    (b"DELETE ", DetectedProtocol::Http),
    (b"OPTIONS ", DetectedProtocol::Http),
    (b"PATCH ", DetectedProtocol::Http),
    (b"PROPFIND ", DetectedProtocol::Http),
    (b"RPC_IN_DATA ", DetectedProtocol::Http),
    (b"RPC_OUT_DATA ", DetectedProtocol::Http),
    (b"RPC_CONNECT ", DetectedProtocol::Http),
    (b"CONNECT ", DetectedProtocol::Http),
    (b"BITS_POST ", DetectedProtocol::Http),
    (b"CCM_POST ", DetectedProtocol::Http),
    (b"220 ", DetectedProtocol::Mail(Protocol::Smtp)),
    (b"220-", DetectedProtocol::Mail(Protocol::Smtp)),
    (b"EHLO ", DetectedProtocol::Mail(Protocol::Smtp)),
    (b"* OK", DetectedProtocol::Mail(Protocol::Imap)),
    (b"* PREAUTH", DetectedProtocol::Mail(Protocol::Imap)),
    (b"+OK", DetectedProtocol::Mail(Protocol::Pop3)),
];

/// Guesses the protocol by `head`, the first bytes of a direction.
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

/// Guesses a protocol of text; `More` if a word may still come.
fn words(head: &[u8]) -> Guess {
    if let Some((_, detected)) = WORDS.iter().find(|(word, _)| head.starts_with(word)) {
        return Guess::Is(*detected);
    }
    if WORDS.iter().any(|(word, _)| word.starts_with(head)) { Guess::More } else { Guess::No }
}

fn tls(head: &[u8]) -> Option<Guess> {
    match head {
        [_, 3, 0..=4, ..] => Some(Guess::Is(DetectedProtocol::Tls)),
        [_] | [_, 3] => Some(Guess::More),
        _ => None,
    }
}

/// Types of DCE/RPC messages that go over connections. Spec: C706 12.6.
const RPC_TYPES: [u8; 12] = [0, 2, 3, 11, 12, 13, 14, 15, 16, 17, 18, 19];

fn rpc(head: &[u8]) -> Option<Guess> {
    match head {
        [_, 0 | 1, kind, _, 0x00 | 0x10, _, _, _, ..] if RPC_TYPES.contains(kind) => {
            Some(Guess::Is(DetectedProtocol::Rpc))
        }
        [_] | [_, 0 | 1] => Some(Guess::More),
        [_, 0 | 1, kind, ..] if head.len() < 8 && RPC_TYPES.contains(kind) => Some(Guess::More),
        _ => None,
    }
}

fn tds(head: &[u8]) -> Option<Guess> {
    match head {
        [_, 0 | 1, high, low, 0, 0, 0 | 1, 0, ..] if u16::from_be_bytes([*high, *low]) >= 8 => {
            Some(Guess::Is(DetectedProtocol::Tds))
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
    let more = (head.len() < MAX_HEAD_LEN).then_some(Guess::More);
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
        Some(operation) if LDAP_OPERATIONS.contains(operation) => {
            Some(Guess::Is(DetectedProtocol::Ldap))
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_tell_the_protocol_and_fewer_ask_for_more() {
        let smb = b"\0\0\0\x44\xFESMB";
        let cases: [(&[u8], DetectedProtocol); 12] = [
            (smb, DetectedProtocol::Smb),
            (b"\x81\0\0\x44", DetectedProtocol::Smb),
            (b"\x05\0\x0B\x03\x10\0\0\0", DetectedProtocol::Rpc),
            (b"\x30\x0C\x02\x01\x01\x60", DetectedProtocol::Ldap),
            (b"\x30\x84\0\0\0\x10\x02\x01\x05\x63", DetectedProtocol::Ldap),
            (b"GET ", DetectedProtocol::Http),
            (b"HTTP/1.", DetectedProtocol::Http),
            (b"220 ", DetectedProtocol::Mail(Protocol::Smtp)),
            (b"* OK", DetectedProtocol::Mail(Protocol::Imap)),
            (b"+OK", DetectedProtocol::Mail(Protocol::Pop3)),
            (b"\x12\x01\0\x2F\0\0\x01\0", DetectedProtocol::Tds),
            (b"\x16\x03\x01", DetectedProtocol::Tls),
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
