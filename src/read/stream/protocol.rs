//! The reader of a connection: chosen by its first bytes, one for each protocol.

use super::{
    FlowOutput, UnreadStreams, direction::Piece, guess::DetectedProtocol, http::Http, ldap::Ldap,
    mail::Mail, reaction::Reaction, rpc::Rpc, search::TokenSearch, smb::Smb, tds::Tds,
};

/// The reader of a connection's protocol.
#[derive(Debug)]
pub(super) enum ProtocolReader {
    /// The protocol is not known, or not yet.
    Unknown(Box<TokenSearch>),
    Smb(Box<Smb>),
    Rpc(Box<Rpc>),
    Ldap(Box<Ldap>),
    Http(Box<Http>),
    Mail(Box<Mail>),
    Tds(Box<Tds>),
    /// Nothing more of the connection can be read.
    Opaque,
}

impl Default for ProtocolReader {
    fn default() -> Self {
        Self::Unknown(Box::default())
    }
}

impl ProtocolReader {
    /// The approximate number of bytes it holds.
    pub(super) fn held(&self) -> usize {
        match self {
            Self::Unknown(search) => search.held(),
            Self::Smb(smb) => smb.held(),
            Self::Rpc(rpc) => rpc.held(),
            Self::Ldap(ldap) => ldap.held(),
            Self::Http(http) => http.held(),
            Self::Mail(mail) => mail.held(),
            Self::Tds(tds) => tds.held(),
            Self::Opaque => 0,
        }
    }

    /// Takes the next piece of the side of `out`; returns true if it is wanted.
    pub(super) fn piece(&mut self, piece: Piece<'_>, out: &mut FlowOutput<'_>) -> bool {
        if let (Self::Unknown(search), Piece::Bytes(bytes, _)) = (&mut *self, piece)
            && let Some((head, detected)) = search.detect(bytes, out)
        {
            return self.begin(detected, &head, piece, out);
        }
        let reaction = match self {
            Self::Unknown(search) => search.piece(piece, out),
            Self::Smb(smb) => smb.piece(piece, out),
            Self::Rpc(rpc) => rpc.piece(piece, out),
            Self::Ldap(ldap) => ldap.piece(piece, out),
            Self::Http(http) => http.piece(piece, out),
            Self::Mail(mail) => mail.piece(piece, out),
            Self::Tds(tds) => tds.piece(piece, out),
            Self::Opaque => Reaction::Ignored,
        };
        match reaction {
            Reaction::Ignored => false,
            Reaction::Wanted => true,
            Reaction::Changes => {
                self.finish(out);
                *self = Self::Unknown(Box::new(TokenSearch::after_another()));
                true
            }
            Reaction::Ends => {
                self.finish(out);
                *self = Self::Opaque;
                false
            }
        }
    }

    /// Begins to read a protocol that was detected by `head`, the bytes before this piece, and the
    /// piece.
    fn begin(
        &mut self,
        detected: DetectedProtocol,
        head: &[u8],
        piece: Piece<'_>,
        out: &mut FlowOutput<'_>,
    ) -> bool {
        let was_another = matches!(self, Self::Unknown(search) if search.is_after_another());
        self.finish(out);
        *self = match detected {
            DetectedProtocol::Smb => Self::Smb(Box::default()),
            DetectedProtocol::SmbInside => Self::Smb(Box::new(Smb::lost())),
            DetectedProtocol::Rpc => Self::Rpc(Box::default()),
            DetectedProtocol::Ldap => Self::Ldap(Box::default()),
            DetectedProtocol::Http => Self::Http(Box::default()),
            DetectedProtocol::Mail(protocol) => Self::Mail(Box::new(Mail::new(protocol))),
            DetectedProtocol::Tds => Self::Tds(Box::default()),
            DetectedProtocol::Tls => {
                out.remarks.count(if was_another {
                    UnreadStreams::StartTls
                } else {
                    UnreadStreams::Tls
                });
                Self::Opaque
            }
        };
        let Piece::Bytes(_, place) = piece else { return false };
        let was_wanted = !head.is_empty() && self.piece(Piece::Bytes(head, place), out);
        self.piece(piece, out) || was_wanted
    }

    /// Ends the connection.
    pub(super) fn finish(&mut self, out: &mut FlowOutput<'_>) {
        match self {
            Self::Unknown(search) => search.finish(out),
            Self::Smb(smb) => smb.finish(out),
            Self::Rpc(rpc) => rpc.finish(out),
            Self::Ldap(ldap) => ldap.finish(out),
            Self::Http(http) => http.finish(out),
            Self::Mail(mail) => mail.finish(out),
            Self::Tds(tds) => tds.finish(out),
            Self::Opaque => {}
        }
    }
}
