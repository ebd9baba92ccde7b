//! A row of the audit: one sign-in of one connection. It keeps what the client stated and no
//! verdict, so that it is judged anew for another server. The first bytes of its response, which
//! answers a random number, tell it from others; the same ones on two connections are one sign-in
//! seen twice.

use std::{net::SocketAddr, sync::Arc};

use crate::analysis::stated_names;
use crate::judge::{
    agreement::Agreement,
    proof::{self, ExchangeMessages},
    smb::{Decision, Evidence, PerLevel, Server, ServerNames, decide},
};
use crate::message::kerberos::ApReq;
use crate::message::ntlm::{Authenticate, Message, ResponseKind, SignInNames};
use crate::read::{
    capture::Time,
    stream::{Answer, Attempt, BareLogon, Protocol, SignIn},
};

/// The bytes that tell one sign-in from others: the first of its response, which answers a random
/// number.
pub(super) type SignInKey = [u8; 16];

/// One sign-in of one connection.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The number of its file.
    pub input: usize,
    /// The packets of its messages and of the answer.
    pub packets: Vec<u64>,
    /// The time at which the client stated who it is.
    pub time: Time,
    /// The client's address.
    pub client: SocketAddr,
    /// The address the client connected to.
    pub destination: SocketAddr,
    /// The number of its server; none where nothing was seen that tells it from others.
    pub server: Option<usize>,
    /// The protocol that carried it.
    pub protocol: Protocol,
    /// The mechanism it used.
    pub mechanism: Mechanism,
    /// The client's statement; `None` if it was not captured in full.
    pub stated: Option<ClientStatement>,
    /// The server that the client says it connects to.
    pub connected_as: Option<String>,
    /// The server's answer.
    pub answer: Option<Answer>,
    /// The names the server gives itself in this sign-in.
    pub names: Arc<ServerNames>,
    pub(super) key: Option<SignInKey>,
}

/// The mechanism of a sign-in.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Mechanism {
    /// With NTLM messages.
    Ntlm,
    /// With a ticket.
    Kerberos,
    /// With the bare responses of SMB1.
    Smb1Bare,
    /// It was not captured.
    Unknown,
}

impl Mechanism {
    /// The stable name in the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ntlm => "ntlm",
            Self::Kerberos => "kerberos",
            Self::Smb1Bare => "smb1-bare",
            Self::Unknown => "unknown",
        }
    }
}

/// The client's statement.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientStatement {
    /// The name of the one who signs in; for Kerberos not known.
    pub user: Option<String>,
    /// The user's domain; for Kerberos the realm of the ticket.
    pub domain: Option<String>,
    /// The client's machine.
    pub workstation: Option<String>,
    /// The kind of response.
    pub response: Option<ResponseKind>,
    /// The state of the MIC, in the report's word.
    pub mic: Option<&'static str>,
    /// The evidence that the check sees.
    pub evidence: Evidence,
}

/// The judgement of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// The decisions at levels 0, 1 and 2; `None` where what they need was not captured.
    pub decisions: Option<PerLevel<Decision>>,
    /// The agreement of the real answer with them; `None` if the service is not judged.
    pub agreement: Option<Agreement>,
}

impl Row {
    pub(super) fn new(input: usize, sign_in: &SignIn) -> Self {
        let SignIn { connection, attempt } = sign_in;
        let messages = messages(attempt);
        let authenticate =
            messages.authenticate.and_then(|message| Some((message, message.as_authenticate()?)));
        let ap_req = attempt.ap_req.as_ref().and_then(|token| token.found.content.kerberos());
        let (mechanism, stated_by_client) = if attempt.cut.is_some() {
            (Mechanism::Unknown, None)
        } else if let Some((message, authenticate)) = authenticate {
            (Mechanism::Ntlm, Some(ClientStatement::by_ntlm(messages, message, authenticate)))
        } else if let Some(message) = ap_req {
            let stated = ClientStatement {
                user: None,
                domain: message.realm().map(|realm| realm.value),
                workstation: None,
                response: None,
                mic: None,
                evidence: Evidence::of_ap_req(message),
            };
            (Mechanism::Kerberos, Some(stated))
        } else if let Some(bare) = &attempt.bare {
            (Mechanism::Smb1Bare, Some(ClientStatement::by_bare(bare)))
        } else {
            (Mechanism::Unknown, None)
        };
        let stated_by_client = stated_by_client.map(|stated| ClientStatement {
            evidence: stated.evidence.seen_over(attempt.protocol, attempt.answer.as_ref()),
            ..stated
        });
        Self {
            input,
            packets: attempt.packets(),
            time: attempt.time(),
            client: connection.client,
            destination: connection.server,
            server: None,
            protocol: attempt.protocol,
            mechanism,
            stated: stated_by_client,
            connected_as: attempt.connected_as().map(str::to_owned),
            answer: attempt.answer,
            names: Arc::new(stated_names(messages)),
            key: key(messages, ap_req, attempt.bare.as_ref()),
        }
    }

    /// Takes over from the same row of another file what this one lacks.
    pub(super) fn complete_with(&mut self, other: Self) {
        self.answer = self.answer.or(other.answer);
        self.connected_as = self.connected_as.take().or(other.connected_as);
    }

    /// Returns true if all that is needed was captured.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.stated.is_some()
    }

    /// Returns true if it is judged: it went to a file server, and was captured in full.
    #[must_use]
    pub const fn is_judged(&self) -> bool {
        self.protocol.is_smb() && self.is_complete()
    }

    /// Judges it as `server` would.
    #[must_use]
    pub fn judged(&self, server: &Server) -> Judgement {
        let Some(ClientStatement { evidence, .. }) = &self.stated else {
            return Judgement { decisions: None, agreement: None };
        };
        let decisions = decide(evidence, server);
        let agreement =
            self.is_judged().then(|| Agreement::of(evidence, &decisions, self.answer.as_ref()));
        Judgement { decisions: Some(decisions), agreement }
    }
}

impl ClientStatement {
    fn by_ntlm(
        messages: ExchangeMessages<'_>,
        message: &Message,
        authenticate: &Authenticate,
    ) -> Self {
        let SignInNames { domain, user, workstation } = authenticate.names(message.source());
        let proof = proof::verify(messages, None);
        Self {
            user,
            domain,
            workstation,
            response: Some(authenticate.response_kind),
            mic: Some(authenticate.mic_state(message.source()).as_str()),
            evidence: Evidence::of_ntlm(message, authenticate, &proof),
        }
    }

    fn by_bare(bare: &BareLogon) -> Self {
        Self {
            user: Some(bare.user.clone()),
            domain: Some(bare.domain.clone()),
            workstation: None,
            response: None,
            mic: None,
            evidence: Evidence::of_bare_logon(bare),
        }
    }
}

/// The messages of NTLM in an attempt.
fn messages(attempt: &Attempt) -> ExchangeMessages<'_> {
    ExchangeMessages {
        negotiate: attempt.negotiate.as_ref().and_then(|token| token.found.content.ntlm()),
        challenge: attempt.challenge.as_ref().and_then(|token| token.found.content.ntlm()),
        authenticate: attempt.authenticate.as_ref().and_then(|token| token.found.content.ntlm()),
    }
}

/// NTProofStr or the first bytes of another response; where there is none, the number that was to
/// be answered; for Kerberos the first bytes of the authenticator.
pub(super) fn key(
    messages: ExchangeMessages<'_>,
    ap_req: Option<&ApReq>,
    bare: Option<&BareLogon>,
) -> Option<SignInKey> {
    let first = |bytes: &[u8]| {
        let mut key = SignInKey::default();
        key.iter_mut().zip(bytes).for_each(|(to, byte)| *to = *byte);
        // Zeros tell nothing apart.
        (key != SignInKey::default()).then_some(key)
    };
    if let Some(message) = messages.authenticate {
        let response = message.as_authenticate()?.nt_challenge_response;
        let response = response.and_then(|field| field.data).unwrap_or_default();
        return first(message.source().slice(response)).or_else(|| {
            let challenge = messages.challenge?;
            let number = challenge.as_challenge()?.server_challenge?;
            first(challenge.source().slice(number))
        });
    }
    if let Some(message) = ap_req {
        let cipher = message.authenticator().cipher?;
        return first(message.bytes().get(cipher.start..cipher.end)?);
    }
    bare.and_then(|bare| first(&bare.responses))
}
