//! The layers around a message: what was unwrapped, from the pasted text inward.

use std::sync::Arc;

use crate::base::span::Span;
use crate::read::offset_map::OffsetMap;

/// One layer of what a message was wrapped in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Layer {
    /// The kind of layer.
    pub kind: LayerKind,
    /// Its bytes in the buffer of the layer outside it. The buffer of the outermost layer is the
    /// pasted text in UTF-8; an encoding opens a new buffer, of the bytes it stands for; a carrier
    /// does not, so that spans in it count from the same byte.
    pub span: Span,
    /// The map from the bytes of the buffer that it opens to the buffer around it; `None` if it
    /// opens none.
    pub map: Option<Arc<OffsetMap>>,
    /// The facts of the layer besides the message it carries, in its order.
    pub facts: Vec<Fact>,
    /// The offer and the signature of a SPNEGO token, if it has them.
    pub negotiation: Option<Arc<Negotiation>>,
}

/// The list of mechanisms of SPNEGO and its signature, as far as a token has them.
///
/// Spec: RFC 4178 4.2 and 5.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Negotiation {
    /// `MechTypeList`, tag and length with it: what `mechListMIC` covers.
    pub mech_types: Option<Vec<u8>>,
    /// The value of `mechListMIC`.
    pub mech_list_mic: Option<Vec<u8>>,
}

impl Layer {
    /// A layer that opens no buffer and says nothing besides.
    #[must_use]
    pub const fn new(kind: LayerKind, span: Span) -> Self {
        Self { kind, span, map: None, facts: Vec::new(), negotiation: None }
    }
}

/// One thing that a layer says: `negState`, `accept-incomplete`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fact {
    /// The name that the layer's specification gives it.
    pub name: &'static str,
    /// Its value, in one line.
    pub value: String,
    /// Its bytes, in the same buffer as the layer's own span.
    pub span: Span,
}

/// A kind of layer.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum LayerKind {
    /// A capture file: what is in it has no one place in the file.
    Capture {
        /// The number of the packet in which the message ends, from 1.
        packet: u64,
    },
    /// Text in UTF-16, as a file may be written.
    Utf16,
    /// Pieces that were apart in the text, put together.
    Joined,
    /// An HTTP header field.
    HttpHeader(HttpHeader),
    /// A line of a mail dialogue, by its protocol.
    Mail(MailProtocol),
    /// Percent-encoding, as in a URL or a form.
    Percent,
    /// Escapes of a string in JSON, YAML or a programming language.
    Escapes,
    /// Base64, either alphabet.
    Base64,
    /// Pairs of hex digits, whatever is between them.
    Hex,
    /// Decimal numbers, one for each byte.
    Decimal,
    /// Rows of offset, hex and text, by the program that writes them so.
    HexDump(&'static str),
    /// A line with names, challenge and NTLMv2 response, as tools print it.
    HashLine,
    /// An SMB1 message.
    Smb1(Smb1Message),
    /// An SMB2 or SMB3 message.
    Smb2(Smb2Message),
    /// An LDAP message, by its operation.
    Ldap(&'static str),
    /// A TDS packet, by its type.
    Tds(&'static str),
    /// A PDU of DCE/RPC, by its type.
    DceRpc(&'static str),
    /// GSS-API framing around a mechanism's own token.
    GssApi,
    /// A SPNEGO token, by its choice.
    Spnego(SpnegoChoice),
    /// Bytes of a carrier that is not known, in which the signature was found.
    Binary,
    /// The message itself, where it is NTLM.
    Ntlmssp,
    /// The message itself, where it is Kerberos.
    Kerberos,
    /// The response itself, where it stands alone.
    Ntlmv2,
}

/// The HTTP header fields that carry tokens.
///
/// Spec: RFC 9110 11.6 and 11.7.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum HttpHeader {
    /// `Authorization`, a client's to a web server.
    Authorization,
    /// `WWW-Authenticate`, a web server's.
    WwwAuthenticate,
    /// `Proxy-Authorization`, a client's to a proxy.
    ProxyAuthorization,
    /// `Proxy-Authenticate`, a proxy's.
    ProxyAuthenticate,
}

impl HttpHeader {
    /// Returns true if clients send it.
    #[must_use]
    pub const fn is_from_client(self) -> bool {
        matches!(self, Self::Authorization | Self::ProxyAuthorization)
    }

    /// Its name, as the specification writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Authorization => "Authorization",
            Self::WwwAuthenticate => "WWW-Authenticate",
            Self::ProxyAuthorization => "Proxy-Authorization",
            Self::ProxyAuthenticate => "Proxy-Authenticate",
        }
    }
}

/// A kind of SMB1 message, as far as sign-ins go.
///
/// Spec: [MS-CIFS] 2.2.4.53, [MS-SMB] 2.2.4.6.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Smb1Message {
    /// `SMB_COM_SESSION_SETUP_ANDX` from the client, with a token.
    SessionSetupRequest,
    /// `SMB_COM_SESSION_SETUP_ANDX` from the client, with the two responses alone: no NTLMSSP, so
    /// no target name.
    BareSessionSetupRequest,
    /// `SMB_COM_SESSION_SETUP_ANDX` from the server.
    SessionSetupResponse,
    /// Any other.
    Other,
}

impl Smb1Message {
    /// Its command and direction.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SessionSetupRequest => "SESSION_SETUP_ANDX request",
            Self::BareSessionSetupRequest => "SESSION_SETUP_ANDX request without extended security",
            Self::SessionSetupResponse => "SESSION_SETUP_ANDX response",
            Self::Other => "message",
        }
    }
}

/// A kind of SMB2 or SMB3 message, as far as sign-ins go.
///
/// Spec: [MS-SMB2] 2.2.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Smb2Message {
    /// `NEGOTIATE` from the server, which may hold a first token.
    NegotiateResponse,
    /// `SESSION_SETUP` from the client.
    SessionSetupRequest,
    /// `SESSION_SETUP` from the server.
    SessionSetupResponse,
    /// Any, encrypted.
    Encrypted,
    /// Any, compressed.
    Compressed,
    /// Any other.
    Other,
}

impl Smb2Message {
    /// Its command and direction, or why these cannot be told.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NegotiateResponse => "NEGOTIATE response",
            Self::SessionSetupRequest => "SESSION_SETUP request",
            Self::SessionSetupResponse => "SESSION_SETUP response",
            Self::Encrypted => "encrypted message",
            Self::Compressed => "compressed message",
            Self::Other => "message",
        }
    }
}

/// The choices of a SPNEGO token.
///
/// Spec: RFC 4178 4.2, [MS-SPNG] 2.2.1.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum SpnegoChoice {
    /// The client's first.
    NegTokenInit,
    /// The server's offer before it.
    NegTokenInit2,
    /// All that follow.
    NegTokenResp,
}

impl SpnegoChoice {
    /// Its name in the specification.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NegTokenInit => "NegTokenInit",
            Self::NegTokenInit2 => "NegTokenInit2",
            Self::NegTokenResp => "NegTokenResp",
        }
    }
}

/// The protocol of a mail dialogue.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum MailProtocol {
    /// SMTP.
    Smtp,
    /// IMAP.
    Imap,
    /// POP3.
    Pop3,
    /// SMTP or POP3: the lines that are there begin alike in both.
    Unknown,
}

impl MailProtocol {
    /// The label.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Smtp => "SMTP",
            Self::Imap => "IMAP",
            Self::Pop3 => "POP3",
            Self::Unknown => "mail",
        }
    }
}

impl LayerKind {
    /// The stable name in the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Capture { .. } => "capture",
            Self::Utf16 => "utf-16",
            Self::Joined => "joined",
            Self::HttpHeader(_) => "http-header",
            Self::Mail(_) => "mail",
            Self::Percent => "percent",
            Self::Escapes => "escapes",
            Self::Base64 => "base64",
            Self::Hex => "hex",
            Self::Decimal => "decimal",
            Self::HexDump(_) => "hex-dump",
            Self::HashLine => "hash-line",
            Self::Smb1(_) => "smb1",
            Self::Smb2(_) => "smb2",
            Self::Ldap(_) => "ldap",
            Self::Tds(_) => "tds",
            Self::DceRpc(_) => "dce-rpc",
            Self::GssApi => "gss-api",
            Self::Spnego(_) => "spnego",
            Self::Binary => "binary",
            Self::Ntlmssp => "ntlmssp",
            Self::Kerberos => "kerberos",
            Self::Ntlmv2 => "ntlmv2",
        }
    }

    /// Its name for the trail. For the innermost layer the type of the message is added to it.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::Capture { .. } => "capture".into(),
            Self::Utf16 => "UTF-16 text".into(),
            Self::Joined => "pieces of lines".into(),
            Self::HttpHeader(name) => format!("{} header", name.as_str()),
            Self::Mail(protocol) => format!("{} dialogue", protocol.label()),
            Self::Percent => "percent-encoding".into(),
            Self::Escapes => "string escapes".into(),
            Self::Base64 => "base64".into(),
            Self::Hex => "hex".into(),
            Self::Decimal => "decimal numbers".into(),
            Self::HexDump(program) => format!("{program} dump"),
            Self::HashLine => "NetNTLMv2 line".into(),
            Self::Smb1(what) => format!("SMB1 {}", what.as_str()),
            Self::Smb2(what) => format!("SMB2 {}", what.as_str()),
            Self::Ldap(what) => format!("LDAP {what}"),
            Self::Tds(what) => format!("TDS {what}"),
            Self::DceRpc(what) => format!("DCE/RPC {what}"),
            Self::GssApi => "GSS-API token".into(),
            Self::Spnego(choice) => format!("SPNEGO {}", choice.as_str()),
            Self::Binary => "other bytes".into(),
            Self::Ntlmssp => "NTLMSSP".into(),
            Self::Kerberos => "Kerberos".into(),
            Self::Ntlmv2 => "NTLMv2".into(),
        }
    }

    /// Returns true if it is a way to write bytes in a text, and so opens a buffer of them.
    #[must_use]
    pub const fn is_encoding(self) -> bool {
        matches!(
            self,
            Self::Percent
                | Self::Escapes
                | Self::Base64
                | Self::Hex
                | Self::Decimal
                | Self::HexDump(_)
                | Self::HashLine
        )
    }

    /// Returns true if its span counts characters of a text (as bytes of UTF-8) rather than bytes.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(
            self,
            Self::Utf16
                | Self::Joined
                | Self::HttpHeader(_)
                | Self::Mail(_)
                | Self::Percent
                | Self::Escapes
                | Self::Base64
                | Self::Hex
                | Self::Decimal
                | Self::HexDump(_)
                | Self::HashLine
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layer_has_a_word_and_a_name() {
        use LayerKind as L;
        #[rustfmt::skip]
        let cases = [
            (L::Capture { packet: 7 },       "capture",     "capture",              false),
            (L::Utf16,                       "utf-16",      "UTF-16 text",          true),
            (L::Joined,                      "joined",      "pieces of lines",     true),
            (L::HttpHeader(HttpHeader::Authorization), "http-header", "Authorization header", true),
            (L::Mail(MailProtocol::Smtp),    "mail",        "SMTP dialogue",        true),
            (L::Mail(MailProtocol::Imap),    "mail",        "IMAP dialogue",        true),
            (L::Mail(MailProtocol::Pop3),    "mail",        "POP3 dialogue",        true),
            (L::Mail(MailProtocol::Unknown), "mail",        "mail dialogue",        true),
            (L::Percent,                     "percent",     "percent-encoding",     true),
            (L::Escapes,                     "escapes",     "string escapes",       true),
            (L::Base64,                      "base64",      "base64",               true),
            (L::Hex,                         "hex",         "hex",                  true),
            (L::Decimal,                     "decimal",     "decimal numbers",      true),
            (L::HexDump("xxd"),              "hex-dump",    "xxd dump",             true),
            (L::HashLine,                    "hash-line",   "NetNTLMv2 line",       true),
            (L::Smb1(Smb1Message::Other),    "smb1",        "SMB1 message",         false),
            (L::Smb2(Smb2Message::Other),    "smb2",        "SMB2 message",         false),
            (L::Ldap("bindRequest"),         "ldap",        "LDAP bindRequest",     false),
            (L::Tds("LOGIN7"),               "tds",         "TDS LOGIN7",           false),
            (L::DceRpc("bind"),              "dce-rpc",     "DCE/RPC bind",         false),
            (L::GssApi,                      "gss-api",     "GSS-API token",        false),
            (L::Spnego(SpnegoChoice::NegTokenResp), "spnego",      "SPNEGO NegTokenResp",  false),
            (L::Binary,                      "binary",      "other bytes",          false),
            (L::Ntlmssp,                     "ntlmssp",     "NTLMSSP",              false),
            (L::Kerberos,                    "kerberos",    "Kerberos",             false),
            (L::Ntlmv2,                      "ntlmv2",      "NTLMv2",               false),
        ];
        for (kind, code, label, is_text) in cases {
            assert_eq!(
                (kind.as_str(), kind.label().as_str(), kind.is_text()),
                (code, label, is_text)
            );
        }
    }
}
