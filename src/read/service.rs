//! The service that a sign-in went to, as far as what carried it says.
//!
//! The check of the target name is the SMB server's. What went to another service meets it only
//! where somebody relays it to a file server.

use serde::{Serialize, Serializer};

use crate::read::{
    layer::{HttpHeader, Layer, LayerKind, MailProtocol},
    stream::Protocol,
};

/// The service that a sign-in went to, and how that is known.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Service {
    /// The kind of service.
    pub kind: ServiceKind,
    /// The source that tells.
    pub from: ServiceSource,
}

impl Service {
    /// The service assumed if nothing tells.
    pub const ASSUMED: Self = Self { kind: ServiceKind::Smb, from: ServiceSource::Assumed };

    /// The service that `layers` name, which are around a message from the outside inward. The
    /// innermost counts: a pipe is carried in SMB, and RPC signs in to the server behind it.
    #[must_use]
    pub fn carried_in(layers: &[Layer]) -> Option<Self> {
        let kind = layers.iter().rev().find_map(|layer| ServiceKind::of(layer.kind))?;
        Some(Self { kind, from: ServiceSource::Carrier })
    }

    /// The service behind a protocol that was followed in a capture; `None` where it is not known.
    #[must_use]
    pub const fn spoken_over(protocol: Protocol) -> Option<Self> {
        let kind = match protocol {
            Protocol::Smb1 | Protocol::Smb2 | Protocol::Smb3 => ServiceKind::Smb,
            Protocol::Rpc | Protocol::RpcInPipe => ServiceKind::Rpc,
            Protocol::Ldap => ServiceKind::Ldap,
            Protocol::Http => ServiceKind::Http,
            Protocol::HttpProxy => ServiceKind::HttpProxy,
            Protocol::Tds => ServiceKind::Mssql,
            Protocol::Smtp => ServiceKind::Smtp,
            Protocol::Imap => ServiceKind::Imap,
            Protocol::Pop3 => ServiceKind::Pop3,
            Protocol::Unknown => return None,
        };
        Some(Self { kind, from: ServiceSource::Carrier })
    }

    /// Returns true if it is the one that makes the check.
    #[must_use]
    pub const fn is_file_server(self) -> bool {
        matches!(self.kind, ServiceKind::Smb)
    }
}

/// A source that tells which service it is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ServiceSource {
    /// The carrier of the sign-in.
    Carrier,
    /// Nothing tells.
    Assumed,
}

/// A kind of service that people sign in to with NTLM or Kerberos.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ServiceKind {
    /// A file server.
    Smb,
    /// A web server.
    Http,
    /// A web proxy, which asks for a sign-in of its own.
    HttpProxy,
    /// A directory server.
    Ldap,
    /// A database server.
    Mssql,
    /// A mail server that takes mail in.
    Smtp,
    /// A mail server that mail is read from.
    Imap,
    /// A mail server that mail is fetched from.
    Pop3,
    /// A mail server of which the protocol does not show.
    Mail,
    /// A server of remote procedure calls.
    Rpc,
}

impl ServiceKind {
    /// The service that a layer is of; `None` for one that could be of any.
    fn of(layer: LayerKind) -> Option<Self> {
        Some(match layer {
            LayerKind::Smb1(_) | LayerKind::Smb2(_) => Self::Smb,
            LayerKind::HttpHeader(
                HttpHeader::ProxyAuthorization | HttpHeader::ProxyAuthenticate,
            ) => Self::HttpProxy,
            LayerKind::HttpHeader(_) => Self::Http,
            LayerKind::Mail(MailProtocol::Smtp) => Self::Smtp,
            LayerKind::Mail(MailProtocol::Imap) => Self::Imap,
            LayerKind::Mail(MailProtocol::Pop3) => Self::Pop3,
            LayerKind::Mail(MailProtocol::Unknown) => Self::Mail,
            LayerKind::Ldap(_) => Self::Ldap,
            LayerKind::Tds(_) => Self::Mssql,
            LayerKind::DceRpc(_) => Self::Rpc,
            LayerKind::Capture { .. }
            | LayerKind::Utf16
            | LayerKind::Joined
            | LayerKind::Percent
            | LayerKind::Escapes
            | LayerKind::Base64
            | LayerKind::Hex
            | LayerKind::Decimal
            | LayerKind::HexDump(_)
            | LayerKind::HashLine
            | LayerKind::GssApi
            | LayerKind::Spnego(_)
            | LayerKind::Binary
            | LayerKind::Ntlmssp
            | LayerKind::Kerberos
            | LayerKind::Ntlmv2 => return None,
        })
    }

    /// The service that a class of target names is for; `None` for one that is not known here.
    /// `HOST` stands for several services, and for none alone.
    #[must_use]
    pub fn of_class(class: &str) -> Option<Self> {
        let known = [
            ("cifs", Self::Smb),
            ("http", Self::Http),
            ("ldap", Self::Ldap),
            ("gc", Self::Ldap),
            ("mssqlsvc", Self::Mssql),
            ("smtp", Self::Smtp),
            ("smtpsvc", Self::Smtp),
            ("imap", Self::Imap),
            ("pop", Self::Pop3),
            ("pop3", Self::Pop3),
            ("rpcss", Self::Rpc),
            ("rpc", Self::Rpc),
        ];
        let found = known.into_iter().find(|(name, _)| class.eq_ignore_ascii_case(name));
        found.map(|(_, kind)| kind)
    }

    /// The stable name in the report. A proxy speaks HTTP, and has the name of that.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Smb => "smb",
            Self::Http | Self::HttpProxy => "http",
            Self::Ldap => "ldap",
            Self::Mssql => "mssql",
            Self::Smtp => "smtp",
            Self::Imap => "imap",
            Self::Pop3 => "pop3",
            Self::Mail => "unknown",
            Self::Rpc => "rpc",
        }
    }

    /// The server in a sentence, with its protocol where that is known: `a web server (HTTP)`.
    #[must_use]
    pub const fn server(self) -> &'static str {
        match self {
            Self::Smb => "a file server (SMB)",
            Self::Http => "a web server (HTTP)",
            Self::HttpProxy => "a web proxy (HTTP)",
            Self::Ldap => "a directory server (LDAP)",
            Self::Mssql => "a database server (TDS)",
            Self::Smtp => "a mail server (SMTP)",
            Self::Imap => "a mail server (IMAP)",
            Self::Pop3 => "a mail server (POP3)",
            Self::Mail => "a mail server",
            Self::Rpc => "an RPC server (DCE/RPC)",
        }
    }
}

impl Serialize for ServiceKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::span::Span;
    use crate::read::layer::{Smb2Message, SpnegoChoice};

    #[test]
    fn the_innermost_layer_that_tells_counts() {
        use LayerKind as L;
        let service = |kinds: &[LayerKind]| {
            let layers: Vec<_> =
                kinds.iter().map(|kind| Layer::new(*kind, Span::default())).collect();
            Service::carried_in(&layers).map(|service| service.kind)
        };
        assert_eq!(service(&[L::Hex, L::Ntlmssp]), None);
        assert_eq!(
            service(&[L::Smb2(Smb2Message::Other), L::DceRpc("bind"), L::Ntlmssp]),
            Some(ServiceKind::Rpc)
        );
        assert_eq!(
            service(&[
                L::Binary,
                L::Smb2(Smb2Message::SessionSetupRequest),
                L::Spnego(SpnegoChoice::NegTokenInit),
                L::Kerberos
            ]),
            Some(ServiceKind::Smb)
        );
    }
}
