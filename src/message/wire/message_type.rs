//! The types of NTLM messages.

use std::fmt;

/// `MessageType`, the number after the signature. Values other than the three are kept as they are.
///
/// Spec: [MS-NLMP] 2.2.1.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct MessageType(pub u32);

impl MessageType {
    /// `NEGOTIATE_MESSAGE`.
    pub const NEGOTIATE: Self = Self(1);
    /// `CHALLENGE_MESSAGE`.
    pub const CHALLENGE: Self = Self(2);
    /// `AUTHENTICATE_MESSAGE`.
    pub const AUTHENTICATE: Self = Self(3);
}

impl fmt::Display for MessageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NEGOTIATE => f.write_str("1 NEGOTIATE"),
            Self::CHALLENGE => f.write_str("2 CHALLENGE"),
            Self::AUTHENTICATE => f.write_str("3 AUTHENTICATE"),
            Self(other) => write!(f, "{other} unknown"),
        }
    }
}
