//! The score by which one of two readings is chosen.

use crate::read::carrier;

/// The sense that bytes make, which decides between two readings of the same characters.
///
/// Of equal scores the reading that gives more bytes wins, then the first one in
/// [`Reading::ALL`](super::Reading::ALL).
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Score {
    /// Nothing in them is recognised.
    Nothing,
    /// A message is somewhere in them, behind bytes that are not known.
    Somewhere,
    /// They begin like a message or a token, and are fewer than it says it has, or too few to say.
    Beginning,
    /// They begin with a message or a token, and all of it is there.
    Whole,
}

impl Score {
    /// The score of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        if !carrier::has_token(bytes) && carrier::find_messages(bytes, 1).is_empty() {
            return Self::Nothing;
        }
        match carrier::announced_len(bytes) {
            Some(len) if len <= bytes.len() => Self::Whole,
            Some(_) => Self::Beginning,
            None if bytes.starts_with(crate::message::ntlm::SIGNATURE) => Self::Beginning,
            None => Self::Somewhere,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_message_is_worth_more_than_a_part_of_one() {
        let mut message = b"NTLMSSP\0\x01\0\0\0\x07\x82\x08\xa2".to_vec();
        assert_eq!(Score::of(&message), Score::Beginning);
        message.extend([0; 24]);
        assert_eq!(Score::of(&message), Score::Whole);
        assert_eq!(Score::of(&[b"\x05\0".as_slice(), &message].concat()), Score::Somewhere);
        assert_eq!(Score::of(b"NTLM"), Score::Nothing);
        assert!(Score::Whole > Score::Beginning && Score::Beginning > Score::Somewhere);
    }
}
