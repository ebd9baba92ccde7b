//! Connections of unknown protocols: the beginning is searched for tokens.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};

use super::{
    FlowOutput, PacketPlace, Protocol,
    detect::{self, MAX_HEAD_LEN},
    direction::Piece,
    guess::{DetectedProtocol, Guess},
    out::PerSide,
    reaction::Reaction,
    smb,
    tracker::SignInTracker,
};
use crate::base::span::{Source, Span};
use crate::message::ntlm::{self, SIGNATURE};

/// The most bytes of each direction that are searched.
const MAX_SEARCHED: u64 = 256 * 1024;

/// The longest token, in whatever spelling.
const MAX_TOKEN_LEN: usize = 96 * 1024;

/// The signature and the first bytes behind it, in base64.
const IN_BASE64: &[u8] = b"TlRMTVNTUAA";

/// The search for tokens in such a connection.
#[derive(Debug, Default)]
pub(super) struct TokenSearch {
    sides: PerSide<SearchedSide>,
    tracker: SignInTracker,
    is_after_another: bool,
}

/// The search in one direction.
#[derive(Debug, Default)]
struct SearchedSide {
    /// The first bytes, until they tell the protocol, or that it is not known.
    head: Vec<u8>,
    is_told: bool,
    /// The number of bytes that were searched.
    searched: u64,
    /// The last bytes, in which a token may begin, or has begun.
    window: Vec<u8>,
}

impl TokenSearch {
    /// A search on a connection that spoke another protocol before.
    pub(super) fn after_another() -> Self {
        Self { is_after_another: true, ..Self::default() }
    }

    /// Returns true if the connection spoke another protocol before.
    pub(super) const fn is_after_another(&self) -> bool {
        self.is_after_another
    }

    /// The number of bytes it holds.
    pub(super) fn held(&self) -> usize {
        let bytes = self.sides.each().map(|side| side.head.capacity() + side.window.capacity());
        self.tracker.held() + bytes.sum::<usize>()
    }

    /// The protocol that begins here, if one does, and the bytes before these that belong to it.
    pub(super) fn detect(
        &mut self,
        bytes: &[u8],
        out: &FlowOutput<'_>,
    ) -> Option<(Vec<u8>, DetectedProtocol)> {
        let side = self.sides.of(out.side);
        if side.is_told {
            return side.detect_later(bytes).map(|detected| (Vec::new(), detected));
        }
        let before = side.head.len();
        let room = MAX_HEAD_LEN.saturating_sub(before).min(bytes.len());
        side.head.extend_from_slice(bytes.get(..room).unwrap_or_default());
        match detect::detect(&side.head) {
            Guess::Is(detected) => {
                let mut head = std::mem::take(&mut side.head);
                head.truncate(before);
                Some((head, detected))
            }
            Guess::More if side.head.len() < MAX_HEAD_LEN => None,
            Guess::More | Guess::No => {
                side.is_told = true;
                side.window = std::mem::take(&mut side.head);
                side.window.truncate(before);
                side.detect_later(bytes).map(|detected| (Vec::new(), detected))
            }
        }
    }

    /// Searches the next piece.
    pub(super) fn piece(&mut self, piece: Piece<'_>, out: &mut FlowOutput<'_>) -> Reaction {
        let side = self.sides.of(out.side);
        match piece {
            Piece::Gap(..) => {
                side.window = Vec::new();
                side.is_told = true;
                Reaction::Ignored
            }
            Piece::Bytes(bytes, place) if side.is_told && side.searched < MAX_SEARCHED => {
                side.searched += bytes.len() as u64;
                side.window.extend_from_slice(bytes);
                self.tokens(place, out)
            }
            Piece::Bytes(..) => Reaction::Ignored,
        }
    }

    /// Reads the tokens in the window.
    fn tokens(&mut self, place: PacketPlace, out: &mut FlowOutput<'_>) -> Reaction {
        let mut reaction = Reaction::Ignored;
        loop {
            let window = &mut self.sides.of(out.side).window;
            let Some((start, is_base64)) = first_token(window) else {
                // The signature may have begun at the end.
                let rest = window.len().saturating_sub(IN_BASE64.len() - 1);
                window.drain(..rest);
                window.shrink_to(64);
                return reaction;
            };
            window.drain(..start);
            reaction = Reaction::Wanted;
            let len = if is_base64 { base64_len(window) } else { ntlm::announced_len(window) };
            let Some(len) = len.filter(|len| *len <= window.len()) else {
                if window.len() > MAX_TOKEN_LEN {
                    window.drain(..SIGNATURE.len());
                    continue;
                }
                return reaction;
            };
            let token: Vec<u8> = window.drain(..len.max(1)).collect();
            let token = if is_base64 { decode(&token) } else { token };
            self.tracker.bytes(&token, Protocol::Unknown, place, out);
        }
    }

    /// Ends the connection.
    pub(super) fn finish(&mut self, out: &mut FlowOutput<'_>) {
        self.tracker.finish(out);
    }
}

impl SearchedSide {
    /// The protocol that begins with a later segment: the capture began in the middle of the
    /// connection. Only protocols told by more than a few bytes count.
    fn detect_later(&self, bytes: &[u8]) -> Option<DetectedProtocol> {
        if !self.window.starts_with(SIGNATURE)
            && let Guess::Is(
                detected @ (DetectedProtocol::Smb
                | DetectedProtocol::Rpc
                | DetectedProtocol::Http
                | DetectedProtocol::Ldap),
            ) = detect::detect(bytes)
        {
            return Some(detected);
        }
        let is_inside = self.searched < MAX_SEARCHED && smb::find(bytes).is_some();
        is_inside.then_some(DetectedProtocol::SmbInside)
    }
}

/// The offset of the first token, and true if it is in base64.
fn first_token(bytes: &[u8]) -> Option<(usize, bool)> {
    let find = |wanted| Source(bytes).find(Span::new(0, bytes.len()), wanted);
    match (find(SIGNATURE), find(IN_BASE64)) {
        (Some(raw), Some(base64)) => Some((raw.min(base64), base64 < raw)),
        (Some(raw), None) => Some((raw, false)),
        (None, Some(base64)) => Some((base64, true)),
        (None, None) => None,
    }
}

/// The number of base64 characters at the start of `bytes`; `None` if they go on to the end.
fn base64_len(bytes: &[u8]) -> Option<usize> {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    bytes.iter().position(|byte| !is_digit(byte))
}

/// Decodes base64, with or without padding; empty if it is none.
pub(super) fn decode(text: &[u8]) -> Vec<u8> {
    let end = text.iter().rposition(|byte| *byte != b'=').map_or(0, |last| last + 1);
    STANDARD_NO_PAD.decode(text.get(..end).unwrap_or_default()).unwrap_or_default()
}
