//! Messages from their parts: a description goes in, bytes come out, laid out as Windows lays them
//! out.
//!
//! For samples, and to ask "what if": describe a parsed message, change one thing, build it again.
//! The other way back to bytes, [`Field::encode`](crate::message::field::Field::encode), keeps a
//! message's own layout and is not for changes.
//!
//! Nothing is computed that needs a key: NTProofStr, MIC and session key are given as bytes. No
//! flag is set and no length is taken on trust: what the description says is written, and every
//! pointer fits what is written.
//!
//! # Layout
//!
//! The payload follows the header without a gap, each field once, in this order. It is that of
//! every captured message of Windows, from Server 2003 to Server 2022; of a NEGOTIATE with names in
//! it, which is rare, there is one, of Windows 10.
//!
//! * NEGOTIATE: `Workstation`, `DomainName`;
//! * CHALLENGE: `TargetName`, `TargetInfo`;
//! * AUTHENTICATE: `DomainName`, `UserName`, `Workstation`, `LmChallengeResponse`,
//!   `NtChallengeResponse`, `EncryptedRandomSessionKey`.
//!
//! `None` for a field is a pointer of eight zero bytes, as Windows writes it in a NEGOTIATE
//! message. An empty field has `Len` 0 and the `BufferOffset` at which it would begin, as in an
//! AUTHENTICATE.
//!
//! # What is normalised
//!
//! A parsed message of this layout is built again byte for byte. Of any other the values are kept,
//! and these things are lost: the order of the payload, bytes that fields share or that no field
//! refers to, a `MaxLen` unlike `Len`, where an empty field points to, how much of a cut field is
//! missing, and that a short header ends early (what is not there becomes zero, or `None`). What
//! was parsed always builds, and what was built gives the same description again.
//!
//! Spec: [MS-NLMP] 2.2.1 and 2.2.2.

mod authenticate;
mod av_pair;
mod challenge;
mod error;
mod negotiate;
mod nt_response;
mod payload;
mod version;

pub use authenticate::Authenticate;
pub use av_pair::{AvPair, AvPairList};
pub use challenge::Challenge;
pub use error::{BuildError, BuildErrorKind};
pub use negotiate::Negotiate;
pub use nt_response::{ClientChallenge, NtResponse, Ntlmv2Response};
pub use version::Version;

use crate::message::ntlm::{self, Body, Charset};

/// The description of a message of any type.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Message {
    /// Type 1.
    Negotiate(Negotiate),
    /// Type 2.
    Challenge(Challenge),
    /// Type 3.
    Authenticate(Box<Authenticate>),
}

impl Message {
    /// The description of a parsed message; `None` where its type is not one of the three.
    #[must_use]
    pub fn of(message: &ntlm::Message) -> Option<Self> {
        let source = message.source();
        Some(match &message.body {
            Body::Negotiate(negotiate) => Self::Negotiate(Negotiate::of(negotiate, source)),
            Body::Challenge(challenge) => Self::Challenge(Challenge::of(challenge, source)),
            Body::Authenticate(authenticate) => {
                Self::Authenticate(Box::new(Authenticate::of(authenticate, source)))
            }
            Body::Unknown => return None,
        })
    }

    /// The bytes of the message.
    ///
    /// # Errors
    ///
    /// [`BuildErrorKind::TooLong`], naming the field, where one has more bytes than its length can
    /// say.
    pub fn build(&self) -> Result<Vec<u8>, BuildError> {
        match self {
            Self::Negotiate(negotiate) => negotiate.build(),
            Self::Challenge(challenge) => challenge.build(),
            Self::Authenticate(authenticate) => authenticate.build(),
        }
    }
}

/// The bytes of `text` in a message's character set; `field` is named in the error.
///
/// Of the OEM code page only ASCII is known, since no message names the page.
///
/// # Errors
///
/// [`BuildErrorKind::NotInCharset`] for a character beyond ASCII in [`Charset::Oem`].
pub fn text(field: &'static str, charset: Charset, text: &str) -> Result<Vec<u8>, BuildError> {
    match charset {
        Charset::Unicode => Ok(utf16(text)),
        Charset::Oem => match text.chars().find(|character| !character.is_ascii()) {
            None => Ok(text.as_bytes().to_vec()),
            Some(character) => {
                Err(BuildError { field, kind: BuildErrorKind::NotInCharset { character } })
            }
        },
    }
}

/// Text in UTF-16LE.
fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
