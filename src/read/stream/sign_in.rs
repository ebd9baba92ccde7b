//! A sign-in on a connection: its messages, the protocol around them, and the answer. Nothing is
//! judged here.

use std::net::SocketAddr;

use super::{Answer, PacketPlace};
use crate::message::ntlm::Body;
use crate::read::{
    capture::Time,
    carrier::{self, CarriedMessage},
    layer::{Layer, LayerKind, SpnegoChoice},
};

/// One sign-in, as it went over the wire.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignIn {
    /// Its connection.
    pub connection: Connection,
    /// Its messages and its answer.
    pub attempt: Attempt,
}

/// The two ends of a connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Connection {
    /// The one who signs in.
    pub client: SocketAddr,
    /// The one signed in to.
    pub server: SocketAddr,
}

/// The protocol that carries a sign-in.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Protocol {
    /// SMB1.
    Smb1,
    /// SMB 2.0.2 or 2.1, or SMB2 and SMB3 where the dialect was not seen.
    Smb2,
    /// SMB 3.0, 3.0.2 or 3.1.1.
    Smb3,
    /// DCE/RPC over TCP.
    Rpc,
    /// DCE/RPC in a pipe of SMB, whose own sign-in is another one.
    RpcInPipe,
    /// LDAP.
    Ldap,
    /// HTTP, to a server.
    Http,
    /// HTTP, to a proxy.
    HttpProxy,
    /// The protocol of SQL Server.
    Tds,
    /// SMTP.
    Smtp,
    /// IMAP.
    Imap,
    /// POP3.
    Pop3,
    /// A protocol that is not known.
    #[default]
    Unknown,
}

impl Protocol {
    /// The stable name in the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Smb1 => "smb1",
            Self::Smb2 => "smb2",
            Self::Smb3 => "smb3",
            Self::Rpc => "dcerpc",
            Self::RpcInPipe => "dcerpc-pipe",
            Self::Ldap => "ldap",
            Self::Http => "http",
            Self::HttpProxy => "http-proxy",
            Self::Tds => "tds",
            Self::Smtp => "smtp",
            Self::Imap => "imap",
            Self::Pop3 => "pop3",
            Self::Unknown => "unknown",
        }
    }

    /// The name in a sentence or a list.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Smb1 => "SMB1",
            Self::Smb2 => "SMB2",
            Self::Smb3 => "SMB3",
            Self::Rpc => "DCE/RPC",
            Self::RpcInPipe => "DCE/RPC in a pipe of SMB",
            Self::Ldap => "LDAP",
            Self::Http => "HTTP",
            Self::HttpProxy => "HTTP to a proxy",
            Self::Tds => "TDS",
            Self::Smtp => "SMTP",
            Self::Imap => "IMAP",
            Self::Pop3 => "POP3",
            Self::Unknown => "a protocol that is not known",
        }
    }

    /// Returns true if the sign-in went to an SMB server.
    #[must_use]
    pub const fn is_smb(self) -> bool {
        matches!(self, Self::Smb1 | Self::Smb2 | Self::Smb3)
    }
}

/// A message of a sign-in, and its packet.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CapturedToken {
    /// The message and its layers.
    pub found: CarriedMessage,
    /// The packet it ends in.
    pub place: PacketPlace,
}

/// The parts of a sign-in that a message of a protocol carries.
#[derive(Debug, Default)]
pub(super) struct Received {
    /// The first message of the sign-in.
    pub(super) token: Option<CapturedToken>,
    /// The SPNEGO token that carries no message.
    pub(super) negotiation: Option<Layer>,
}

impl Received {
    /// Reads a message that ends in the packet of `place`.
    pub(super) fn read(bytes: &[u8], place: PacketPlace) -> Self {
        let contents = carrier::read(bytes, 1);
        let found = contents.messages.into_iter().next();
        let (_, negotiation) = contents.negotiations.into_iter().next().unzip();
        Self { token: found.map(|found| CapturedToken { found, place }), negotiation }
    }
}

/// The SPNEGO negotiation around the messages of a sign-in.
///
/// Spec: RFC 4178 section 5.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Negotiated {
    /// `MechTypeList` of the client's latest `NegTokenInit`, tag and length with it.
    pub mech_types: Option<Vec<u8>>,
    /// `mechListMIC` of the server's answer, which carries no message. The client's is beside its
    /// AUTHENTICATE.
    pub server_mic: Option<Vec<u8>>,
}

impl Negotiated {
    /// Keeps the mechanisms that a token of the client offers.
    pub(super) fn offer(&mut self, layer: &Layer) {
        let is_offer = layer.kind == LayerKind::Spnego(SpnegoChoice::NegTokenInit);
        let negotiation = layer.negotiation.as_ref().filter(|_| is_offer);
        if let Some(list) = negotiation.and_then(|negotiation| negotiation.mech_types.as_ref()) {
            self.mech_types = Some(list.clone());
        }
    }

    /// Keeps the signature in the server's answer.
    pub(super) fn answer(&mut self, layer: &Layer) {
        let negotiation = layer.negotiation.as_ref();
        self.server_mic = negotiation.and_then(|negotiation| negotiation.mech_list_mic.clone());
    }

    /// The approximate number of bytes it takes besides its own size.
    pub(super) fn held(&self) -> usize {
        [&self.mech_types, &self.server_mic].into_iter().flatten().map(Vec::len).sum()
    }
}

/// A sign-in of SMB1 without extended security.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BareLogon {
    /// `AccountName`.
    pub user: String,
    /// `PrimaryDomain`.
    pub domain: String,
    /// The first bytes of the two responses, which tell this sign-in from others.
    pub(crate) responses: [u8; 16],
    /// The packet of the request.
    pub place: PacketPlace,
}

/// The messages of a sign-in, its answer, and what the connection shows of it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Attempt {
    /// The protocol that carried it.
    pub protocol: Protocol,
    /// The NEGOTIATE.
    pub negotiate: Option<CapturedToken>,
    /// The CHALLENGE.
    pub challenge: Option<CapturedToken>,
    /// The AUTHENTICATE.
    pub authenticate: Option<CapturedToken>,
    /// The AP-REQ, where the client signs in with Kerberos.
    pub ap_req: Option<CapturedToken>,
    /// The bare responses of SMB1.
    pub bare: Option<BareLogon>,
    /// The packet of a message that was not captured in full.
    pub cut: Option<PacketPlace>,
    /// The server's final answer.
    pub answer: Option<Answer>,
    /// The SPNEGO negotiation around the messages.
    pub negotiated: Negotiated,
    /// `NetName` of the NEGOTIATE of SMB 3.1.1: the server the client says it connects to.
    pub net_name: Option<String>,
    /// The path of the first tree that the client connected to.
    pub tree: Option<String>,
    /// `ServerGuid` of the answer to the NEGOTIATE.
    pub server_guid: Option<[u8; 16]>,
}

impl Attempt {
    /// Returns true if the client stated who it is.
    #[must_use]
    pub const fn is_sign_in(&self) -> bool {
        self.authenticate.is_some() || self.ap_req.is_some() || self.bare.is_some()
    }

    /// The packets of its messages and of the answer, in their order.
    #[must_use]
    pub fn packets(&self) -> Vec<u64> {
        let tokens = [&self.negotiate, &self.challenge, &self.authenticate, &self.ap_req];
        let tokens = tokens.into_iter().flatten().map(|token| token.place.packet);
        let bare = self.bare.iter().map(|bare| bare.place.packet);
        let answer = self.answer.iter().map(|answer| answer.place.packet);
        let cut = self.cut.iter().map(|place| place.packet);
        let mut packets: Vec<_> = tokens.chain(bare).chain(cut).chain(answer).collect();
        packets.sort_unstable();
        packets.dedup();
        packets
    }

    /// The time at which the client stated who it is.
    #[must_use]
    pub fn time(&self) -> Time {
        let stated = [&self.authenticate, &self.ap_req].into_iter().flatten();
        let stated = stated.map(|token| token.place).next();
        let bare = self.bare.as_ref().map(|bare| bare.place);
        stated.or(bare).or(self.cut).unwrap_or_default().time
    }

    /// The server that the client says it connects to: `NetName`, else the host in the path of the
    /// tree.
    #[must_use]
    pub fn connected_as(&self) -> Option<&str> {
        let host = |path: &'_ str| -> Option<usize> {
            let rest = path.strip_prefix(r"\\")?;
            rest.find('\\').filter(|len| *len > 0)
        };
        let in_tree = || {
            let tree = self.tree.as_deref()?;
            tree.get(2..2 + host(tree)?)
        };
        self.net_name.as_deref().or_else(in_tree)
    }

    /// Puts a message into its place.
    pub(super) fn take(&mut self, token: CapturedToken) {
        for layer in &token.found.layers {
            self.negotiated.offer(layer);
        }
        let place = match MessageKind::of(&token.found) {
            MessageKind::Negotiate => &mut self.negotiate,
            MessageKind::Challenge => &mut self.challenge,
            MessageKind::Authenticate => &mut self.authenticate,
            MessageKind::ApReq => &mut self.ap_req,
            MessageKind::Other => return,
        };
        *place = Some(token);
    }

    /// The approximate number of bytes it takes.
    pub(super) fn held(&self) -> usize {
        let tokens = [&self.negotiate, &self.challenge, &self.authenticate, &self.ap_req];
        // A decoded message takes several times its bytes.
        let tokens =
            tokens.into_iter().flatten().map(|token| token.found.content.bytes().len() * 8);
        size_of::<Self>() + tokens.sum::<usize>() + self.negotiated.held()
    }
}

/// The kind of message in a sign-in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum MessageKind {
    Negotiate,
    Challenge,
    Authenticate,
    ApReq,
    Other,
}

impl MessageKind {
    pub(super) const fn of(found: &CarriedMessage) -> Self {
        if found.content.kerberos().is_some() {
            return Self::ApReq;
        }
        let Some(message) = found.content.ntlm() else { return Self::Other };
        match message.body {
            Body::Negotiate(_) => Self::Negotiate,
            Body::Challenge(_) => Self::Challenge,
            Body::Authenticate(_) => Self::Authenticate,
            Body::Unknown => Self::Other,
        }
    }

    /// Returns true if the client sends it.
    pub(super) const fn is_from_client(self) -> bool {
        matches!(self, Self::Negotiate | Self::Authenticate | Self::ApReq)
    }
}
