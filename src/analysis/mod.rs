//! The analysis of one input: from a paste or a capture to the server's decisions, the call behind
//! the page and the command line.
//!
//! An exchange without an AUTHENTICATE or AP-REQ has no decisions: a verdict about a name that
//! nobody has stated yet would have no basis.

mod capture_reader;
mod captured;
mod dissection;
mod edited;
mod exchange;
mod names;
mod proven;
mod repeated;
mod signed;
mod tokens;

use std::sync::Arc;

pub use capture_reader::{CaptureReader, is_capture};
pub use captured::Captured;
pub use edited::Edits;
use exchange::{MessageGroup, group};
use names::echoed_names;
pub(crate) use names::stated_names;
pub use repeated::MessagePlace;
pub use signed::MechListMic;
use signed::MessagelessToken;
use tokens::{FoundTokens, find_tokens};
pub use tokens::{MAX_TOKENS, Token};

use crate::base::{
    finding::{Code, Finding},
    pace::{BoxedTask, Pace, block_on},
};
use crate::judge::{
    proof::{self, ExchangeMessages, Proof, ProofReason, Secret, SecretKind},
    smb::{Decision, Evidence, PerLevel, Server, ServerNames, ServerSettings, Smb, decide},
};
use crate::message::{content::Content, ntlm::TargetName};
use crate::read::{
    layer::LayerKind,
    service::Service,
    text::{self, Characters, Reading},
};

/// The messages of one sign-in, by their index among the tokens, and what follows from them.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// The first message.
    pub negotiate: Option<usize>,
    /// The second.
    pub challenge: Option<usize>,
    /// The third.
    pub authenticate: Option<usize>,
    /// The AP-REQ, where the client signs in with Kerberos: then it is the only one.
    pub ap_req: Option<usize>,
    /// The response in a NetNTLMv2 line: all there is, or beside the AUTHENTICATE that it was taken
    /// from.
    pub response: Option<usize>,
    /// The service it went to.
    pub service: Service,
    /// The part of it that only a capture shows; `None` where the input is no capture.
    pub captured: Option<Arc<Captured>>,
    /// The check of its proofs against the secret.
    pub proof: Proof,
    /// The signatures of SPNEGO's list of mechanisms, the client's before the server's; none where
    /// the sign-in has none.
    pub mech_list_mics: Vec<MechListMic>,
    /// The failures that the secret shows: the index of the token, and the finding about its
    /// message.
    pub findings: Vec<(usize, Finding)>,
    /// The server's decisions; `None` where there is neither an AUTHENTICATE nor an AP-REQ to
    /// judge.
    pub verdict: Option<Verdict>,
}

impl Exchange {
    /// Returns true if a NetNTLMv2 line is all there is of it.
    #[must_use]
    pub const fn is_line(&self) -> bool {
        self.response.is_some() && self.authenticate.is_none()
    }

    /// Returns true if the message belongs to it.
    #[must_use]
    pub fn has(&self, token: usize) -> bool {
        let [negotiate, challenge, authenticate] = self.messages();
        [negotiate, challenge, authenticate, self.ap_req, self.response].contains(&Some(token))
    }

    /// The three messages of NTLM, in their order.
    #[must_use]
    pub const fn messages(&self) -> [Option<usize>; 3] {
        [self.negotiate, self.challenge, self.authenticate]
    }

    /// Its messages by name, in their order; `None` for one that is not there.
    #[must_use]
    pub fn named_messages(&self) -> Vec<(&'static str, Option<usize>)> {
        if self.ap_req.is_some() {
            return vec![("AP-REQ", self.ap_req)];
        }
        let response = self.response.map(|token| ("NTLMv2 response", Some(token)));
        if self.is_line() {
            return response.into_iter().collect();
        }
        let names = ["NEGOTIATE", "CHALLENGE", "AUTHENTICATE"].into_iter().zip(self.messages());
        names.chain(response).collect()
    }
}

/// The server's decisions and what they are based on.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The client's statement.
    pub evidence: Evidence,
    /// The service the sign-in went to. One that does not check the target name meets a server that
    /// does if the sign-in is relayed.
    pub service: Service,
    /// The simulated server.
    pub server: Server,
    /// The decisions at levels 0, 1 and 2.
    pub decisions: PerLevel<Decision>,
}

/// Everything that follows from one input.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// Shared with copies of the analysis that differ only in edits.
    tokens: Vec<Arc<Token>>,
    exchanges: Vec<Exchange>,
    refusal: Option<String>,
    remark: Option<String>,
    others: Vec<Reading>,
    characters: Arc<Characters>,
}

impl Analysis {
    /// The messages, in the order they stand in the input.
    #[must_use]
    pub fn tokens(&self) -> &[Arc<Token>] {
        &self.tokens
    }

    /// The sign-ins they belong to.
    #[must_use]
    pub fn exchanges(&self) -> &[Exchange] {
        &self.exchanges
    }

    /// The reason why no message was found, in one sentence that says what was tried.
    #[must_use]
    pub fn refusal(&self) -> Option<&str> {
        self.refusal.as_deref()
    }

    /// The part of the input that was not read, in one sentence.
    #[must_use]
    pub fn remark(&self) -> Option<&str> {
        self.remark.as_deref()
    }

    /// Other readings of the input that are possible, though less likely: [`analyze_as`] takes one
    /// of them.
    #[must_use]
    pub fn others(&self) -> &[Reading] {
        &self.others
    }

    /// The characters of the input: they turn its places from bytes into what people count.
    #[must_use]
    pub const fn characters(&self) -> &Arc<Characters> {
        &self.characters
    }

    /// Everything odd about a token, what a secret shows first, then from the outermost layer
    /// inward: the index of the layer, and the finding.
    pub fn findings_of(&self, token: usize) -> impl Iterator<Item = (usize, &Finding)> {
        let own = self.tokens.get(token);
        let proven = self.exchange_of(token).map_or(&[][..], |exchange| &exchange.findings);
        let proven = proven.iter().filter(move |(about, _)| *about == token);
        let innermost = own.map_or(0, |own| own.innermost());
        let proven = proven.map(move |(_, finding)| (innermost, finding));
        proven.chain(own.into_iter().flat_map(|own| own.all_findings()))
    }

    /// The exchange a token belongs to.
    #[must_use]
    pub fn exchange_of(&self, token: usize) -> Option<&Exchange> {
        self.exchanges.iter().find(|exchange| exchange.has(token))
    }

    /// The token that is shown first: the first in which a client states who it is, else the last
    /// one.
    #[must_use]
    pub fn default_token(&self) -> usize {
        default_token(&self.tokens)
    }
}

fn default_token(tokens: &[Arc<Token>]) -> usize {
    tokens
        .iter()
        .position(|token| token.content.is_telling())
        .unwrap_or_else(|| tokens.len().saturating_sub(1))
}

/// Reads `input`, text or bytes, and decides as the server of `settings` would.
#[must_use]
pub fn analyze(input: &[u8], settings: &ServerSettings, secret: Option<&Secret>) -> Analysis {
    analyze_as(input, None, settings, secret)
}

/// Reads `input` as [`analyze`] does; with a `reading`, its outermost encoding is that one.
#[must_use]
pub fn analyze_as(
    input: &[u8],
    reading: Option<Reading>,
    settings: &ServerSettings,
    secret: Option<&Secret>,
) -> Analysis {
    block_on(find(input, reading, &Pace::at_once())).judged(settings, secret)
}

/// The messages and sign-ins found in an input, before anything is judged.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundSignIns {
    tokens: Vec<Arc<Token>>,
    groups: Vec<MessageGroup>,
    /// The signatures of SPNEGO that stand in tokens without a message.
    messageless: Vec<MessagelessToken>,
    refusal: Option<String>,
    remark: Option<String>,
    others: Vec<Reading>,
    characters: Arc<Characters>,
}

/// Finds the messages in `input`, text or bytes, and groups them by sign-in. With a long input this
/// takes long, so it is done in steps as long as `pace` says.
pub fn find<'a>(
    input: &'a [u8],
    reading: Option<Reading>,
    pace: &'a Pace,
) -> BoxedTask<'a, FoundSignIns> {
    Box::pin(find_in_steps(input, reading, pace))
}

async fn find_in_steps(input: &[u8], reading: Option<Reading>, pace: &Pace) -> FoundSignIns {
    if reading.is_some() || !is_capture(input) {
        return find_in_bytes(input, reading, pace).await;
    }
    let mut reader = CaptureReader::default();
    for piece in input.chunks(CAPTURE_STEP) {
        pace.spend(piece.len()).await;
        reader.push(piece);
    }
    reader.finish_in_steps(pace).await
}

/// Finds the messages in a paste, or in the bytes of a file, whatever its form.
async fn find_in_bytes(input: &[u8], reading: Option<Reading>, pace: &Pace) -> FoundSignIns {
    if input.len() > text::MAX_INPUT_LEN {
        return refused(format!(
            "The input has {} KiB, so none of it was read. The limit is {} KiB.",
            input.len().div_ceil(1024),
            text::MAX_INPUT_LEN / 1024
        ));
    }
    let FoundTokens { tokens, remark, without, others, characters, mut messageless } =
        find_tokens(input, reading, pace).await;
    let mut tokens = repeated::merge_copies(tokens, &mut messageless);
    if tokens.is_empty() {
        let carries = without.map(|without| {
            format!("This was found instead: {without}. Nothing begins with the signature NTLMSSP.")
        });
        let because: Vec<_> = remark.into_iter().chain(carries).collect();
        let because = if because.is_empty() { NOTHING_KNOWN } else { &because.join(" ") };
        return refused(format!("No NTLM message was found. {because}"));
    }
    for token in &mut tokens {
        add_dissected_name(input, token);
    }
    let mut groups = group(&tokens);
    for (token, finding) in groups.iter_mut().flat_map(|group| std::mem::take(&mut group.findings))
    {
        if let Some(token) = tokens.get_mut(token) {
            let innermost = token.innermost();
            token.findings.push((innermost, finding));
        }
    }
    let without = without.map(|without| format!("Also in the paste: {without}."));
    let remarks: Vec<_> = remark.into_iter().chain(without).collect();
    let remark = (!remarks.is_empty()).then(|| remarks.join(" "));
    let tokens: Vec<_> = tokens.into_iter().map(Arc::new).collect();
    FoundSignIns { tokens, groups, messageless, refusal: None, remark, others, characters }
}

/// The number of bytes of a capture that are read in one step.
const CAPTURE_STEP: usize = 64 * 1024;

/// Adds the target name that a dissection below a cut AUTHENTICATE states, if the message lacks it.
fn add_dissected_name(input: &[u8], token: &mut Token) {
    let end = token.layer_pasted(token.innermost()).end;
    let Content::Ntlm(message) = &mut token.content else { return };
    let target = message.as_authenticate().map(|answer| answer.target_name(message.source()));
    if target != Some(TargetName::CutOff) {
        return;
    }
    let Ok(text) = std::str::from_utf8(input) else { return };
    let Some(name) = dissection::target_name(text, end) else { return };
    let cut = message.findings.iter_mut().find(|finding| finding.code == Code::MessageCut);
    if let Some(cut) = cut {
        let name = format!(" The line below is \u{201c}Target Name: {name}\u{201d}.");
        cut.message.to_mut().push_str(&name);
    }
}

impl FoundSignIns {
    /// The token that is shown first: the first AUTHENTICATE or AP-REQ, else the last one.
    #[must_use]
    pub fn default_token(&self) -> usize {
        default_token(&self.tokens)
    }

    /// The number of sign-ins.
    #[must_use]
    pub const fn sign_ins(&self) -> usize {
        self.groups.len()
    }

    /// The index of the message that is token `token` of `earlier`, which was found in less of the
    /// same capture.
    #[must_use]
    pub fn position_of(&self, earlier: &Self, token: usize) -> Option<usize> {
        let wanted = earlier.tokens.get(token)?;
        let packet = |token: &Token| token.layers.first().map(|layer| layer.kind);
        self.tokens.iter().position(|token| {
            packet(token) == packet(wanted) && token.content.bytes() == wanted.content.bytes()
        })
    }

    /// The server's own names in the sign-in that a token belongs to.
    #[must_use]
    pub fn server_names_of(&self, token: usize) -> ServerNames {
        if let Some(line) = self.tokens.get(token).and_then(|token| token.content.response()) {
            return echoed_names(line);
        }
        let of_token = |group: &&MessageGroup| {
            [group.negotiate, group.challenge, group.authenticate].contains(&Some(token))
        };
        let group = self.groups.iter().find(of_token);
        group.map_or_else(ServerNames::default, |group| {
            let indices = [group.negotiate, group.challenge, group.authenticate];
            stated_names(messages(&self.tokens, indices))
        })
    }

    /// Judges every sign-in: the decisions of the server of `settings`, and the proofs checked
    /// against the secret.
    #[must_use]
    pub fn judged(&self, settings: &ServerSettings, secret: Option<&Secret>) -> Analysis {
        let count = self.groups.len();
        let judged = self.groups.iter().map(|group| {
            let mut exchange = judge(&self.tokens, None, group, settings, secret);
            exchange.mech_list_mics =
                signed::check(&self.tokens, &self.messageless, group, count, &exchange.proof);
            exchange.findings = proven::findings(&self.tokens, &exchange);
            exchange
        });
        Analysis {
            exchanges: judged.collect(),
            tokens: self.tokens.clone(),
            refusal: self.refusal.clone(),
            remark: self.remark.clone(),
            others: self.others.clone(),
            characters: Arc::clone(&self.characters),
        }
    }
}

/// The explanation for an input that looks like nothing known.
const NOTHING_KNOWN: &str = "The input was read as base64, as hex, as a hex dump, as escaped text and as raw bytes, and nothing in it begins with the signature NTLMSSP.";

fn refused(refusal: String) -> FoundSignIns {
    FoundSignIns {
        tokens: Vec::new(),
        groups: Vec::new(),
        messageless: Vec::new(),
        refusal: Some(refusal),
        remark: None,
        others: Vec::new(),
        characters: Arc::default(),
    }
}

/// The messages of a sign-in among `tokens`.
fn messages(tokens: &[Arc<Token>], indices: [Option<usize>; 3]) -> ExchangeMessages<'_> {
    let [negotiate, challenge, authenticate] = indices.map(|index| tokens.get(index?)?.message());
    ExchangeMessages { negotiate, challenge, authenticate }
}

/// Judges one sign-in. `captured` are the tokens before some were edited by hand.
fn judge(
    tokens: &[Arc<Token>],
    captured: Option<&[Arc<Token>]>,
    group: &MessageGroup,
    settings: &ServerSettings,
    secret: Option<&Secret>,
) -> Exchange {
    let indices = [group.negotiate, group.challenge, group.authenticate];
    let exchange = messages(tokens, indices);
    let ap_req = group.ap_req.and_then(|index| tokens.get(index)?.content.kerberos());
    let beside = group.response.and_then(|index| tokens.get(index)?.content.response());
    let line = beside.filter(|_| group.authenticate.is_none());
    let mut proof = if ap_req.is_some() {
        let because = ProofReason::EncryptedForTheServer;
        Proof::unknown(secret.map_or(SecretKind::None, Secret::kind), because)
    } else if let Some(line) = line {
        proof::verify_line(line, secret)
    } else {
        let mut proof = proof::verify(exchange, secret);
        if let Some(beside) = beside.filter(|_| exchange.challenge.is_none()) {
            // The challenge that the response answers is in the line.
            let Proof { response, fitted, .. } = proof::verify_line(beside, secret);
            (proof.response, proof.fitted) = (response, fitted);
        }
        proof
    };
    if let Some(captured) = captured {
        proof.mark_stale(messages(captured, indices), exchange);
    }
    let stated = line.map_or_else(|| stated_names(exchange), echoed_names);
    let from_ntlm = exchange
        .authenticate
        .and_then(|message| Some(Evidence::of_ntlm(message, message.as_authenticate()?, &proof)));
    // An edited message has no layers around it; those of the captured one count.
    let carried = captured.unwrap_or(tokens);
    let on_wire = group.captured.as_deref();
    let service = on_wire
        .and_then(|captured| Service::spoken_over(captured.protocol))
        .unwrap_or_else(|| service(carried, group));
    let from_bare =
        on_wire.and_then(|captured| Some(Evidence::of_bare_logon(captured.bare.as_ref()?)));
    let from_line = line.map(|line| Evidence::of_response_line(line, &proof));
    let last = group.ap_req.or(group.authenticate).and_then(|index| carried.get(index));
    let evidence = ap_req.map(Evidence::of_ap_req).or(from_ntlm).or(from_line).or(from_bare);
    let verdict = evidence.map(|evidence| {
        let evidence = match on_wire {
            Some(captured) => evidence.seen_over(captured.protocol, captured.answer.as_ref()),
            None => Evidence { smb: last.and_then(|token| smb(token)), ..evidence },
        };
        let server = Server::new(settings, &stated);
        let decisions = decide(&evidence, &server);
        Verdict { evidence, service, server, decisions }
    });
    Exchange {
        negotiate: group.negotiate,
        challenge: group.challenge,
        authenticate: group.authenticate,
        ap_req: group.ap_req,
        response: group.response,
        service,
        captured: group.captured.clone(),
        proof,
        mech_list_mics: Vec::new(),
        findings: Vec::new(),
        verdict,
    }
}

/// The service the sign-in went to, told by the last of its messages that names one.
fn service(tokens: &[Arc<Token>], group: &MessageGroup) -> Service {
    let messages = [group.ap_req, group.authenticate, group.challenge, group.negotiate];
    let carried = |index: usize| Service::carried_in(&tokens.get(index)?.layers);
    messages.into_iter().flatten().find_map(carried).unwrap_or(Service::ASSUMED)
}

/// The version of SMB that carried the message.
fn smb(token: &Token) -> Option<Smb> {
    token.layers.iter().find_map(|layer| match layer.kind {
        LayerKind::Smb1(_) => Some(Smb::Smb1),
        LayerKind::Smb2(_) => Some(Smb::Smb2),
        _ => None,
    })
}
