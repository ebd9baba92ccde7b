//! A connection that is not known: its beginning is searched for tokens.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};

use super::{
    Out, Place, Protocol,
    detect::{self, LONGEST_HEAD},
    direction::Piece,
    guess::{Detected, Guess},
    out::Both,
    said::Said,
    smb,
    turns::Turns,
};
use crate::base::span::{Source, Span};
use crate::message::ntlm::{self, SIGNATURE};

/// How many bytes of each direction are searched.
const SEARCHED: u64 = 256 * 1024;

/// No token is longer, in whatever spelling.
const LONGEST_TOKEN: usize = 96 * 1024;

/// How the signature and what follows it begin in base64.
const IN_BASE64: &[u8] = b"TlRMTVNTUAA";

/// What is known of such a connection.
#[derive(Debug, Default)]
pub(super) struct Search {
    sides: Both<Bytes>,
    turns: Turns,
    is_after_another: bool,
}

/// The bytes of one direction.
#[derive(Debug, Default)]
struct Bytes {
    /// The first ones, until they tell which protocol it is, or that it is none that is known.
    head: Vec<u8>,
    is_told: bool,
    /// How many were searched.
    searched: u64,
    /// The last ones, which a token may begin in, or has begun in.
    window: Vec<u8>,
}

impl Search {
    /// What follows on a connection that spoke something else before.
    pub(super) fn after_another() -> Self {
        Self { is_after_another: true, ..Self::default() }
    }

    /// Whether the connection spoke something else before.
    pub(super) const fn is_after_another(&self) -> bool {
        self.is_after_another
    }

    /// How many bytes it holds.
    pub(super) fn held(&self) -> usize {
        let bytes = self.sides.each().map(|side| side.head.capacity() + side.window.capacity());
        self.turns.held() + bytes.sum::<usize>()
    }

    /// The protocol that begins here, where one does, and what came before these bytes and belongs
    /// to it.
    pub(super) fn detect(&mut self, bytes: &[u8], out: &Out<'_>) -> Option<(Vec<u8>, Detected)> {
        let side = self.sides.of(out.side);
        if side.is_told {
            return side.detect_later(bytes).map(|detected| (Vec::new(), detected));
        }
        let before = side.head.len();
        let room = LONGEST_HEAD.saturating_sub(before).min(bytes.len());
        side.head.extend_from_slice(bytes.get(..room).unwrap_or_default());
        match detect::detect(&side.head) {
            Guess::Is(detected) => {
                let mut head = std::mem::take(&mut side.head);
                head.truncate(before);
                Some((head, detected))
            }
            Guess::More if side.head.len() < LONGEST_HEAD => None,
            Guess::More | Guess::No => {
                side.is_told = true;
                side.window = std::mem::take(&mut side.head);
                side.window.truncate(before);
                side.detect_later(bytes).map(|detected| (Vec::new(), detected))
            }
        }
    }

    /// Searches what comes next.
    pub(super) fn piece(&mut self, piece: Piece<'_>, out: &mut Out<'_>) -> Said {
        let side = self.sides.of(out.side);
        match piece {
            Piece::Gap(..) => {
                side.window = Vec::new();
                side.is_told = true;
                Said::Nothing
            }
            Piece::Bytes(bytes, place) if side.is_told && side.searched < SEARCHED => {
                side.searched += bytes.len() as u64;
                side.window.extend_from_slice(bytes);
                self.tokens(place, out)
            }
            Piece::Bytes(..) => Said::Nothing,
        }
    }

    /// Takes the tokens out of the window.
    fn tokens(&mut self, place: Place, out: &mut Out<'_>) -> Said {
        let mut said = Said::Nothing;
        loop {
            let window = &mut self.sides.of(out.side).window;
            let Some((start, is_base64)) = first_token(window) else {
                // The signature may have begun.
                let rest = window.len().saturating_sub(IN_BASE64.len() - 1);
                window.drain(..rest);
                window.shrink_to(64);
                return said;
            };
            window.drain(..start);
            said = Said::Wanted;
            let len = if is_base64 { base64_len(window) } else { ntlm::announced_len(window) };
            let Some(len) = len.filter(|len| *len <= window.len()) else {
                if window.len() > LONGEST_TOKEN {
                    window.drain(..SIGNATURE.len());
                    continue;
                }
                return said;
            };
            let token: Vec<u8> = window.drain(..len.max(1)).collect();
            let token = if is_base64 { decode(&token) } else { token };
            self.turns.bytes(&token, Protocol::Unknown, place, out);
        }
    }

    /// Ends the connection.
    pub(super) fn finish(&mut self, out: &mut Out<'_>) {
        self.turns.finish(out);
    }
}

impl Bytes {
    /// The protocol that begins with a segment behind others: the capture began in the middle of
    /// the connection. Only what is told by more than a few bytes.
    fn detect_later(&self, bytes: &[u8]) -> Option<Detected> {
        if !self.window.starts_with(SIGNATURE)
            && let Guess::Is(
                detected @ (Detected::Smb | Detected::Rpc | Detected::Http | Detected::Ldap),
            ) = detect::detect(bytes)
        {
            return Some(detected);
        }
        let is_inside = self.searched < SEARCHED && smb::find(bytes).is_some();
        is_inside.then_some(Detected::SmbInside)
    }
}

/// Where the first token begins, and whether it is in base64.
fn first_token(bytes: &[u8]) -> Option<(usize, bool)> {
    let find = |wanted| Source(bytes).find(Span::new(0, bytes.len()), wanted);
    match (find(SIGNATURE), find(IN_BASE64)) {
        (Some(raw), Some(base64)) => Some((raw.min(base64), base64 < raw)),
        (Some(raw), None) => Some((raw, false)),
        (None, Some(base64)) => Some((base64, true)),
        (None, None) => None,
    }
}

/// How many characters of base64 `bytes` begins with; `None` where they go on to the end.
fn base64_len(bytes: &[u8]) -> Option<usize> {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    bytes.iter().position(|byte| !is_digit(byte))
}

/// What base64 stands for, with or without padding; nothing where it is none.
pub(super) fn decode(text: &[u8]) -> Vec<u8> {
    let end = text.iter().rposition(|byte| *byte != b'=').map_or(0, |last| last + 1);
    STANDARD_NO_PAD.decode(text.get(..end).unwrap_or_default()).unwrap_or_default()
}
