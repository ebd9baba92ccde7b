//! The layers around a message: what was unwrapped, from the pasted text inward.

use crate::span::Span;

/// One layer of what a message was wrapped in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Layer {
    /// What it is.
    pub kind: LayerKind,
    /// Its bytes in the buffer of the layer outside it. The buffer of the outermost layer is the
    /// pasted text in UTF-8; an encoding opens a new buffer, of the bytes it stands for; a carrier
    /// does not, so that spans in it count from the same byte.
    pub span: Span,
}

/// What a layer is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LayerKind {
    /// An HTTP header field, by its name.
    HttpHeader(&'static str),
    /// Base64, either alphabet.
    Base64,
    /// Pairs of hex digits, whatever stands between them.
    Hex,
    /// A SPNEGO token, by the name of its choice.
    Spnego(&'static str),
    /// Bytes of a carrier that is not known, in which the signature was found.
    Binary,
    /// The message itself.
    Ntlmssp,
}

impl LayerKind {
    /// The word for it in the report.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::HttpHeader(_) => "http-header",
            Self::Base64 => "base64",
            Self::Hex => "hex",
            Self::Spnego(_) => "spnego",
            Self::Binary => "binary",
            Self::Ntlmssp => "ntlmssp",
        }
    }

    /// Its name for the trail. For the innermost layer the type of the message is added to it.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::HttpHeader(name) => format!("{name} header"),
            Self::Base64 => "base64".into(),
            Self::Hex => "hex".into(),
            Self::Spnego(choice) => format!("SPNEGO {choice}"),
            Self::Binary => "other bytes".into(),
            Self::Ntlmssp => "NTLMSSP".into(),
        }
    }
}
