//! One call from what was pasted to what the server would do: the call behind the page and the
//! command line.

mod exchange;
mod names;

use crate::{
    carrier, input,
    layer::Layer,
    ntlm::{Authenticate, Message, MicState, PayloadField, ResponseKind, TargetName},
    policy::{
        Carrier, Checked, Decision, Evidence, MicEvidence, ProofEvidence, Server, ServerSettings,
        Target, decide,
    },
    proof::{self, ExchangeMessages, MicVerdict, Proof, ProofVerdict, Secret},
};

/// One message that was found, and what it was wrapped in.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// From the pasted text inward; the last is the message itself.
    pub layers: Vec<Layer>,
    /// The message.
    pub message: Message,
}

/// The messages of one sign-in, by their index among the tokens, and what follows from them.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// The first message.
    pub negotiate: Option<usize>,
    /// The second.
    pub challenge: Option<usize>,
    /// The third.
    pub authenticate: Option<usize>,
    /// What the secret proves.
    pub proof: Proof,
    /// What the server would do; `None` where there is no AUTHENTICATE to judge.
    pub verdict: Option<Verdict>,
}

impl Exchange {
    /// The messages it has, in their order.
    #[must_use]
    pub const fn messages(&self) -> [Option<usize>; 3] {
        [self.negotiate, self.challenge, self.authenticate]
    }
}

/// What the server would do, and on what grounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// What the client stated.
    pub evidence: Evidence,
    /// The server it was held against.
    pub server: Server,
    /// The answers at levels 0, 1 and 2.
    pub decisions: [Decision; 3],
}

/// Everything that follows from one input.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// The messages, in the order they stand in the input.
    pub tokens: Vec<Token>,
    /// The sign-ins they belong to.
    pub exchanges: Vec<Exchange>,
    refusal: Option<String>,
}

impl Analysis {
    /// Why no message was found, in one sentence that says what was tried.
    #[must_use]
    pub fn refusal(&self) -> Option<&str> {
        self.refusal.as_deref()
    }

    /// The exchange a token belongs to.
    #[must_use]
    pub fn exchange_of(&self, token: usize) -> Option<&Exchange> {
        self.exchanges.iter().find(|exchange| exchange.messages().contains(&Some(token)))
    }

    /// The token one wants to see first: the first AUTHENTICATE, else the last token.
    #[must_use]
    pub fn most_telling(&self) -> usize {
        self.tokens
            .iter()
            .position(|token| token.message.as_authenticate().is_some())
            .unwrap_or_else(|| self.tokens.len().saturating_sub(1))
    }
}

/// Reads `input`, text or bytes, and says what `settings`' server would do.
#[must_use]
pub fn analyze(input: &[u8], settings: &ServerSettings, secret: Option<&Secret>) -> Analysis {
    if input.len() > input::LARGEST {
        return refused(format!(
            "The input has {} bytes. At most {} are read.",
            input.len(),
            input::LARGEST
        ));
    }
    let mut tokens = find_tokens(input);
    if tokens.is_empty() {
        return refused(
            "No NTLM message was found. The input was read as base64, as hex, as HTTP headers and as raw bytes, and nothing in it begins with the signature NTLMSSP."
                .to_owned(),
        );
    }
    let mut groups = exchange::group(&tokens);
    for (token, finding) in groups.iter_mut().filter_map(|group| group.mismatch.take()) {
        if let Some(token) = tokens.get_mut(token) {
            token.message.findings.push(finding);
        }
    }
    let exchanges = groups.iter().map(|group| judge(&tokens, group, settings, secret)).collect();
    Analysis { tokens, exchanges, refusal: None }
}

const fn refused(refusal: String) -> Analysis {
    Analysis { tokens: Vec::new(), exchanges: Vec::new(), refusal: Some(refusal) }
}

fn find_tokens(input: &[u8]) -> Vec<Token> {
    let mut tokens = Vec::new();
    for candidate in input::decode(input) {
        for found in carrier::find_messages(&candidate.bytes) {
            if let Ok(message) = Message::parse(found.bytes) {
                let mut layers = candidate.layers.clone();
                layers.extend(found.layers);
                tokens.push(Token { layers, message });
            }
        }
    }
    tokens
}

fn judge(
    tokens: &[Token],
    group: &exchange::Group,
    settings: &ServerSettings,
    secret: Option<&Secret>,
) -> Exchange {
    let message = |index: Option<usize>| Some(&tokens.get(index?)?.message);
    let messages = ExchangeMessages {
        negotiate: message(group.negotiate),
        challenge: message(group.challenge),
        authenticate: message(group.authenticate),
    };
    let proof = proof::verify(messages, secret);
    let stated = names::stated(messages);
    let verdict = messages.authenticate.and_then(|message| {
        let evidence = evidence(message, message.as_authenticate()?, &proof);
        let server = Server::new(settings, &stated);
        let decisions = decide(&evidence, &server);
        Some(Verdict { evidence, server, decisions })
    });
    Exchange {
        negotiate: group.negotiate,
        challenge: group.challenge,
        authenticate: group.authenticate,
        proof,
        verdict,
    }
}

fn evidence(message: &Message, authenticate: &Authenticate, proof: &Proof) -> Evidence {
    let target = match authenticate.target_name(message.source()) {
        TargetName::Present(name) => Target::Present(name.value),
        TargetName::Untrusted(name) => Target::Untrusted(name.value),
        TargetName::Empty(_) => Target::Empty,
        TargetName::Absent => Target::Absent,
        TargetName::NotCarried => Target::NotCarried,
    };
    let mic = match authenticate.mic_state(message.source()) {
        MicState::Present(_) => MicEvidence::Announced(match proof.mic {
            MicVerdict::Valid => Checked::Right,
            MicVerdict::Invalid => Checked::Wrong,
            MicVerdict::Absent | MicVerdict::Unknown => Checked::Not,
        }),
        MicState::AnnouncedMissing => MicEvidence::Missing,
        MicState::Zero(_) => MicEvidence::Zero,
        MicState::Unannounced(_) | MicState::Absent => MicEvidence::NotAnnounced,
    };
    Evidence {
        target,
        carrier: Carrier::Ntlm(authenticate.response_kind),
        proof: proof_evidence(authenticate, proof),
        mic,
    }
}

fn proof_evidence(authenticate: &Authenticate, proof: &Proof) -> ProofEvidence {
    let field = authenticate.nt_challenge_response;
    let len = field.map_or(0, |field| field.len.value);
    if let Some(field) = field.filter(PayloadField::is_cut) {
        let there = field.data.map_or(0, crate::span::Span::len);
        return ProofEvidence::Damaged(format!(
            "The response is cut: {there} of its {len} bytes are there, so no secret fits it."
        ));
    }
    match (authenticate.response_kind, len) {
        (ResponseKind::Anonymous, _) => ProofEvidence::Anonymous,
        (ResponseKind::None, _) => ProofEvidence::Damaged(
            "The message has no response, though it does not sign in anonymously.".into(),
        ),
        (_, 1..=23 | 25..=43) => ProofEvidence::Damaged(format!(
            "The response has {len} bytes, which no kind of response has, so no secret fits it."
        )),
        _ => ProofEvidence::Response(match proof.response {
            ProofVerdict::Valid => Checked::Right,
            ProofVerdict::Invalid => Checked::Wrong,
            ProofVerdict::Unknown => Checked::Not,
        }),
    }
}
