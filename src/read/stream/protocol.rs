//! What a connection speaks: told by its first bytes, and read by the protocol's own reader.

use super::{
    Out, Unread, direction::Piece, guess::Detected, http::Http, ldap::Ldap, mail::Mail, rpc::Rpc,
    said::Said, search::Search, smb::Smb, tds::Tds,
};

/// The protocol of a connection.
#[derive(Debug)]
pub(super) enum Speech {
    /// Its first bytes did not tell yet, or it is not known.
    Unknown(Box<Search>),
    Smb(Box<Smb>),
    Rpc(Box<Rpc>),
    Ldap(Box<Ldap>),
    Http(Box<Http>),
    Mail(Box<Mail>),
    Tds(Box<Tds>),
    /// Nothing more of it can be read.
    Opaque,
}

impl Default for Speech {
    fn default() -> Self {
        Self::Unknown(Box::default())
    }
}

impl Speech {
    /// About how many bytes it holds.
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

    /// Takes what comes next in the direction of `out`; whether it is wanted.
    pub(super) fn piece(&mut self, piece: Piece<'_>, out: &mut Out<'_>) -> bool {
        if let (Self::Unknown(search), Piece::Bytes(bytes, _)) = (&mut *self, piece)
            && let Some((head, detected)) = search.detect(bytes, out)
        {
            return self.begin(detected, &head, piece, out);
        }
        let said = match self {
            Self::Unknown(search) => search.piece(piece, out),
            Self::Smb(smb) => smb.piece(piece, out),
            Self::Rpc(rpc) => rpc.piece(piece, out),
            Self::Ldap(ldap) => ldap.piece(piece, out),
            Self::Http(http) => http.piece(piece, out),
            Self::Mail(mail) => mail.piece(piece, out),
            Self::Tds(tds) => tds.piece(piece, out),
            Self::Opaque => Said::Nothing,
        };
        match said {
            Said::Nothing => false,
            Said::Wanted => true,
            Said::Changes => {
                self.finish(out);
                *self = Self::Unknown(Box::new(Search::after_another()));
                true
            }
            Said::Ends => {
                self.finish(out);
                *self = Self::Opaque;
                false
            }
        }
    }

    /// Begins with a protocol that was told by `head`, what came before this piece, and the piece.
    fn begin(
        &mut self,
        detected: Detected,
        head: &[u8],
        piece: Piece<'_>,
        out: &mut Out<'_>,
    ) -> bool {
        let was_another = matches!(self, Self::Unknown(search) if search.is_after_another());
        self.finish(out);
        *self = match detected {
            Detected::Smb => Self::Smb(Box::default()),
            Detected::SmbInside => Self::Smb(Box::new(Smb::lost())),
            Detected::Rpc => Self::Rpc(Box::default()),
            Detected::Ldap => Self::Ldap(Box::default()),
            Detected::Http => Self::Http(Box::default()),
            Detected::Mail(protocol) => Self::Mail(Box::new(Mail::new(protocol))),
            Detected::Tds => Self::Tds(Box::default()),
            Detected::Tls => {
                out.counts.count(if was_another { Unread::StartTls } else { Unread::Tls });
                Self::Opaque
            }
        };
        let Piece::Bytes(_, place) = piece else { return false };
        let was_wanted = !head.is_empty() && self.piece(Piece::Bytes(head, place), out);
        self.piece(piece, out) || was_wanted
    }

    /// Ends the connection.
    pub(super) fn finish(&mut self, out: &mut Out<'_>) {
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
