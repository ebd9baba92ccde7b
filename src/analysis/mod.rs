//! One call from what was pasted to what the server would do: the call behind the page and the
//! command line.
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
mod signed;

use std::sync::Arc;

pub use capture_reader::{CaptureReader, is_capture};
pub use captured::Captured;
pub use edited::Edits;
use exchange::{Group, group};
pub(crate) use names::stated;
pub use signed::MechListMic;
use signed::Silent;

use crate::base::{
    finding::{Code, Finding},
    pace::{Pace, Steps, finish},
    span::Span,
};
use crate::judge::{
    proof::{self, ExchangeMessages, Proof, ProofReason, Secret, SecretKind},
    smb::{Decision, Evidence, PerLevel, Server, ServerNames, ServerSettings, Smb, decide},
};
use crate::message::{
    content::Content,
    ntlm::{Message, TargetName},
};
use crate::read::{
    carrier,
    layer::{Layer, LayerKind},
    service::Service,
    text::{self, Characters, Reading},
};

/// One message that was found, and what it was wrapped in.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// From the pasted text inward; the last is the message itself.
    pub layers: Vec<Layer>,
    /// The message.
    pub content: Content,
    /// What is odd about the layers, or about the message beside others: the index of the layer, and
    /// the finding, whose span counts in the same buffer as the layer's own span; in the message,
    /// where it is the innermost layer.
    pub findings: Vec<(usize, Finding)>,
}

impl Token {
    /// The NTLM message, where it is one.
    #[must_use]
    pub const fn message(&self) -> Option<&Message> {
        self.content.ntlm()
    }

    /// The index of the layer that is the message itself.
    #[must_use]
    pub fn innermost(&self) -> usize {
        self.layers.len().saturating_sub(1)
    }

    /// Everything odd, from the outermost layer inward: the index of the layer, and the finding.
    pub fn all_findings(&self) -> impl Iterator<Item = (usize, &Finding)> {
        let innermost = self.innermost();
        let outer = self.findings.iter().map(|(layer, finding)| (*layer, finding));
        outer.chain(self.content.findings().iter().map(move |finding| (innermost, finding)))
    }

    /// Where the bytes `span` of the message stand in what was pasted.
    #[must_use]
    pub fn pasted(&self, span: Span) -> Span {
        let base = self.layers.last().map_or(0, |layer| layer.span.start);
        outermost(&self.layers, span.shifted(base))
    }

    /// Where the layer with that index stands in what was pasted.
    #[must_use]
    pub fn layer_pasted(&self, layer: usize) -> Span {
        let span = self.layers.get(layer).map_or_else(Span::default, |layer| layer.span);
        outermost(self.layers.get(..layer).unwrap_or_default(), span)
    }
}

/// Where `span`, a place in the innermost buffer of `layers`, stands in the buffer outside them all.
fn outermost(layers: &[Layer], span: Span) -> Span {
    let maps = layers.iter().rev().filter_map(|layer| layer.map.as_ref());
    maps.fold(span, |span, map| map.outer(span))
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
    /// The AP-REQ, where the client signs in with Kerberos: then it is the only one.
    pub ap_req: Option<usize>,
    /// Which service it went to.
    pub service: Service,
    /// What went over the wire besides; `None` where the input is no capture.
    pub captured: Option<Arc<Captured>>,
    /// What the secret proves.
    pub proof: Proof,
    /// The signatures of SPNEGO's list of mechanisms, the client's before the server's; none where the
    /// sign-in has none.
    pub mech_list_mics: Vec<MechListMic>,
    /// What the secret shows to be wrong: the index of the token, and the finding about its message.
    pub findings: Vec<(usize, Finding)>,
    /// What the server would do; `None` where there is neither an AUTHENTICATE nor an AP-REQ to judge.
    pub verdict: Option<Verdict>,
}

impl Exchange {
    /// Whether the message is one of its.
    #[must_use]
    pub fn has(&self, token: usize) -> bool {
        self.messages().contains(&Some(token)) || self.ap_req == Some(token)
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
        ["NEGOTIATE", "CHALLENGE", "AUTHENTICATE"].into_iter().zip(self.messages()).collect()
    }
}

/// What the server would do, and on what grounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// What the client stated.
    pub evidence: Evidence,
    /// Which service the sign-in went to. One that makes no such check meets it where it is relayed.
    pub service: Service,
    /// The server it was held against.
    pub server: Server,
    /// The answers at levels 0, 1 and 2.
    pub decisions: PerLevel<Decision>,
}

/// Everything that follows from one input.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// The messages, in the order they stand in the input. Shared with what is the same but for an edit.
    pub tokens: Vec<Arc<Token>>,
    /// The sign-ins they belong to.
    pub exchanges: Vec<Exchange>,
    refusal: Option<String>,
    remark: Option<String>,
    others: Vec<Reading>,
    characters: Arc<Characters>,
}

impl Analysis {
    /// Why no message was found, in one sentence that says what was tried.
    #[must_use]
    pub fn refusal(&self) -> Option<&str> {
        self.refusal.as_deref()
    }

    /// What of the input was not read, in one sentence.
    #[must_use]
    pub fn remark(&self) -> Option<&str> {
        self.remark.as_deref()
    }

    /// In which other ways what was read can be read too, though it makes less sense so:
    /// [`analyze_as`] reads it in one of them.
    #[must_use]
    pub fn others(&self) -> &[Reading] {
        &self.others
    }

    /// What people count in the input: turns its places, which are in bytes, into those of characters.
    #[must_use]
    pub const fn characters(&self) -> &Arc<Characters> {
        &self.characters
    }

    /// Everything odd about a token, what a secret shows first, then from the outermost layer inward: the
    /// index of the layer, and the finding.
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

    /// The token one wants to see first: the first AUTHENTICATE or AP-REQ, else the last token.
    #[must_use]
    pub fn most_telling(&self) -> usize {
        most_telling(&self.tokens)
    }
}

fn most_telling(tokens: &[Arc<Token>]) -> usize {
    let tells = |token: &Arc<Token>| {
        token.content.kerberos().is_some()
            || token.message().is_some_and(|message| message.as_authenticate().is_some())
    };
    tokens.iter().position(tells).unwrap_or_else(|| tokens.len().saturating_sub(1))
}

/// The most messages that are read of one input. More is no sign-in, and would take the page's memory.
pub const MOST_TOKENS: usize = 1_000;

/// The most pieces of the input of which it is said what they carry besides messages.
const MOST_OTHERS: usize = 4;

/// Reads `input`, text or bytes, and says what `settings`' server would do.
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
    finish(find(input, reading, &Pace::at_once())).judged(settings, secret)
}

/// What was found in an input, before anything is judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    tokens: Vec<Arc<Token>>,
    groups: Vec<Group>,
    /// The signatures of SPNEGO that stand in tokens without a message.
    silent: Vec<Silent>,
    refusal: Option<String>,
    remark: Option<String>,
    others: Vec<Reading>,
    characters: Arc<Characters>,
}

/// Finds the messages in `input`, text or bytes, and which of them are one sign-in. This is what takes long
/// of a long input: it goes on in steps as long as `pace` says.
pub fn find<'a>(input: &'a [u8], reading: Option<Reading>, pace: &'a Pace) -> Steps<'a, Found> {
    Box::pin(find_in_steps(input, reading, pace))
}

async fn find_in_steps(input: &[u8], reading: Option<Reading>, pace: &Pace) -> Found {
    if reading.is_some() || !is_capture(input) {
        return find_in_bytes(input, reading, pace).await;
    }
    let mut reader = CaptureReader::default();
    for piece in input.chunks(CAPTURE_STEP) {
        pace.work(piece.len()).await;
        reader.push(piece);
    }
    reader.finish_in_steps(pace).await
}

/// Finds the messages in a paste, or in the bytes of a file of which the form is not looked at.
async fn find_in_bytes(input: &[u8], reading: Option<Reading>, pace: &Pace) -> Found {
    if input.len() > text::LARGEST {
        return refused(format!(
            "The input has {} KiB, and nothing of it was read. At most {} KiB are.",
            input.len().div_ceil(1024),
            text::LARGEST / 1024
        ));
    }
    let FoundTokens { mut tokens, remark, without, others, characters, silent } =
        find_tokens(input, reading, pace).await;
    if tokens.is_empty() {
        let carries = without.map(|without| {
            format!(
                "What is there carries none: {without}. Nothing begins with the signature NTLMSSP."
            )
        });
        let because: Vec<_> = remark.into_iter().chain(carries).collect();
        let because = if because.is_empty() { NOTHING } else { &because.join(" ") };
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
    let without = without.map(|without| format!("Also there, without a message: {without}."));
    let remarks: Vec<_> = remark.into_iter().chain(without).collect();
    let remark = (!remarks.is_empty()).then(|| remarks.join(" "));
    let tokens: Vec<_> = tokens.into_iter().map(Arc::new).collect();
    Found { tokens, groups, silent, refusal: None, remark, others, characters }
}

/// How much of a capture is read before others get their turn, in bytes.
const CAPTURE_STEP: usize = 64 * 1024;

/// Says where a dissection below a cut AUTHENTICATE states the target name that is cut off.
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
        let name = format!(" Below it stands \u{201c}Target Name: {name}\u{201d}.");
        cut.message.to_mut().push_str(&name);
    }
}

impl Found {
    /// The token one wants to see first: the first AUTHENTICATE or AP-REQ, else the last token.
    #[must_use]
    pub fn most_telling(&self) -> usize {
        most_telling(&self.tokens)
    }

    /// How many sign-ins it has.
    #[must_use]
    pub const fn sign_ins(&self) -> usize {
        self.groups.len()
    }

    /// What the server calls itself in the sign-in that a token belongs to.
    #[must_use]
    pub fn names_stated(&self, token: usize) -> ServerNames {
        let of_token = |group: &&Group| {
            [group.negotiate, group.challenge, group.authenticate].contains(&Some(token))
        };
        let group = self.groups.iter().find(of_token);
        group.map_or_else(ServerNames::default, |group| {
            let indices = [group.negotiate, group.challenge, group.authenticate];
            stated(messages(&self.tokens, indices))
        })
    }

    /// What `settings`' server would do, and what the secret proves.
    #[must_use]
    pub fn judged(&self, settings: &ServerSettings, secret: Option<&Secret>) -> Analysis {
        let is_only = self.groups.len() == 1;
        let judged = self.groups.iter().map(|group| {
            let mut exchange = judge(&self.tokens, None, group, settings, secret);
            exchange.mech_list_mics =
                signed::check(&self.tokens, &self.silent, group, &exchange.proof, is_only);
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

/// What is said of an input that looks like nothing that is known.
const NOTHING: &str = "The input was read as base64, as hex, as a hex dump, as escaped text and as raw bytes, and nothing in it begins with the signature NTLMSSP.";

fn refused(refusal: String) -> Found {
    Found {
        tokens: Vec::new(),
        groups: Vec::new(),
        silent: Vec::new(),
        refusal: Some(refusal),
        remark: None,
        others: Vec::new(),
        characters: Arc::default(),
    }
}

/// What was found in an input.
struct FoundTokens {
    tokens: Vec<Token>,
    /// What was not read, in one sentence.
    remark: Option<String>,
    /// What is known and carries no message, in phrases.
    without: Option<String>,
    others: Vec<Reading>,
    characters: Arc<Characters>,
    silent: Vec<Silent>,
}

/// The messages in `input`, and a sentence where something of it was not read.
async fn find_tokens(input: &[u8], reading: Option<Reading>, pace: &Pace) -> FoundTokens {
    let decoded = text::decode_in_steps(input, reading, pace).await;
    let mut without = Vec::new();
    let mut found = FoundTokens {
        tokens: Vec::new(),
        remark: decoded.unread,
        without: None,
        others: Vec::new(),
        characters: decoded.characters,
        silent: Vec::new(),
    };
    for candidate in decoded.candidates {
        pace.work(candidate.bytes.len()).await;
        let contents = carrier::read(&candidate.bytes, MOST_TOKENS + 1);
        without.extend(contents.others);
        let before = found.tokens.len();
        let silent = contents.negotiations.into_iter();
        let silent = silent.filter_map(|(behind, layer)| Silent::of(before + behind, layer));
        found.silent.extend(silent.take(MOST_TOKENS.saturating_sub(found.silent.len())));
        for message in contents.messages {
            if found.tokens.len() == MOST_TOKENS {
                found.remark = Some(format!("Only the first {MOST_TOKENS} messages are read."));
                return found;
            }
            let mut layers = candidate.layers.clone();
            let outside = layers.len();
            layers.extend(message.layers);
            let findings = message.findings.into_iter();
            let findings = findings.map(|(layer, finding)| (outside + layer, finding)).collect();
            found.tokens.push(Token { layers, content: message.content, findings });
        }
        for other in candidate.others {
            if !found.others.contains(&other) {
                found.others.push(other);
            }
        }
    }
    without.truncate(MOST_OTHERS);
    found.without = (!without.is_empty()).then(|| without.join("; "));
    found
}

/// The messages of a sign-in among `tokens`.
fn messages(tokens: &[Arc<Token>], indices: [Option<usize>; 3]) -> ExchangeMessages<'_> {
    let [negotiate, challenge, authenticate] = indices.map(|index| tokens.get(index?)?.message());
    ExchangeMessages { negotiate, challenge, authenticate }
}

/// What follows for one sign-in. `captured` are the tokens as they were before some were edited by hand.
fn judge(
    tokens: &[Arc<Token>],
    captured: Option<&[Arc<Token>]>,
    group: &Group,
    settings: &ServerSettings,
    secret: Option<&Secret>,
) -> Exchange {
    let indices = [group.negotiate, group.challenge, group.authenticate];
    let exchange = messages(tokens, indices);
    let ap_req = group.ap_req.and_then(|index| tokens.get(index)?.content.kerberos());
    let mut proof = if ap_req.is_some() {
        let because = ProofReason::EncryptedForTheServer;
        Proof::unknown(secret.map_or(SecretKind::None, Secret::kind), because)
    } else {
        proof::verify(exchange, secret)
    };
    if let Some(captured) = captured {
        proof.hold_against(messages(captured, indices), exchange);
    }
    let stated = stated(exchange);
    let from_ntlm = exchange
        .authenticate
        .and_then(|message| Some(Evidence::of_ntlm(message, message.as_authenticate()?, &proof)));
    // An edited message stands alone; what carried it is known from the one that was captured.
    let carried = captured.unwrap_or(tokens);
    let on_wire = group.captured.as_deref();
    let service = on_wire
        .and_then(|captured| Service::spoken_over(captured.protocol))
        .unwrap_or_else(|| service(carried, group));
    let from_bare =
        on_wire.and_then(|captured| Some(Evidence::of_bare_logon(captured.bare.as_ref()?)));
    let last = group.ap_req.or(group.authenticate).and_then(|index| carried.get(index));
    let verdict = ap_req.map(Evidence::of_ap_req).or(from_ntlm).or(from_bare).map(|evidence| {
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
        service,
        captured: group.captured.clone(),
        proof,
        mech_list_mics: Vec::new(),
        findings: Vec::new(),
        verdict,
    }
}

/// Which service the sign-in went to: what the last of its messages tells that tells it.
fn service(tokens: &[Arc<Token>], group: &Group) -> Service {
    let messages = [group.ap_req, group.authenticate, group.challenge, group.negotiate];
    let carried = |index: usize| Service::carried_in(&tokens.get(index)?.layers);
    messages.into_iter().flatten().find_map(carried).unwrap_or(Service::ASSUMED)
}

/// Which SMB brought the message.
fn smb(token: &Token) -> Option<Smb> {
    token.layers.iter().find_map(|layer| match layer.kind {
        LayerKind::Smb1(_) => Some(Smb::Smb1),
        LayerKind::Smb2(_) => Some(Smb::Smb2),
        _ => None,
    })
}
