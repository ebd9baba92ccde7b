//! The report's form. Keys may be added; none is renamed or removed without a new `schema`.
//!
//! All hex is lower case, except `status_code`. 64-bit numbers and times are strings, times in RFC
//! 3339 UTC. An absent value is `null`, an empty string is `""`. `start` and `end` are byte offsets,
//! half open, in the message (`hex`).

use serde::{Serialize, Serializer, ser::SerializeSeq as _};

use super::{
    extras::{Extras, denied_levels, events_of, remedies_of},
    way_out_json::{
        AdviceReport, EventsReport, RemedyReport, advice_report, events_report, remedy_report,
    },
};
use crate::{
    analysis::{Analysis, Exchange, MechListMic, Token},
    carrier::Content,
    explain,
    field::{Value, hex},
    finding::{Finding, Severity},
    kerberos::ApReq,
    layer::{Fact, Layer},
    ntlm::{Authenticate, Body, Challenge, Message, ResponseKind},
    policy::{Basis, Carrier, Decision, Evidence, Outcome, Reason},
    proof::{Check, Keys, Proof, ProofVerdict, SecretKind},
    span::Span,
    wire::AvId,
};

/// The whole report.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    schema: u32,
    tokens: Vec<TokenReport<'a>>,
    exchanges: Vec<ExchangeReport<'a>>,
}

#[derive(Debug, Serialize)]
struct TokenReport<'a> {
    layers: Vec<&'static str>,
    trail: Vec<LayerReport<'a>>,
    hex: Shown<'a>,
    message: &'static str,
    facts: Facts<'a>,
    fields: Fields<'a>,
    findings: Vec<FindingReport<'a>>,
}

/// A layer with its place in the buffer outside it, and what it says.
#[derive(Debug, Serialize)]
struct LayerReport<'a> {
    layer: &'static str,
    label: String,
    start: usize,
    end: usize,
    facts: Vec<FactReport<'a>>,
}

#[derive(Debug, Serialize)]
struct FactReport<'a> {
    name: &'static str,
    value: &'a str,
    start: usize,
    end: usize,
}

#[derive(Debug, Default, Serialize)]
struct Facts<'a> {
    target_name: Option<Located>,
    mic: Option<Located>,
    user: Option<String>,
    domain: Option<String>,
    workstation: Option<String>,
    response: Option<ResponseKind>,
    flags: Vec<&'static str>,
    flags_value: Option<String>,
    version: Option<VersionReport>,
    server_challenge: Option<String>,
    /// TargetName of a CHALLENGE.
    challenge_target_name: Option<String>,
    timestamp: Option<String>,
    av_pairs: Vec<AvPairReport<'a>>,
    kerberos: Option<KerberosReport>,
}

/// What an AP-REQ says besides the target name. Encryption types without a name are numbers in text.
#[derive(Debug, Serialize)]
struct KerberosReport {
    realm: Option<String>,
    sname: Option<String>,
    ticket_etype: Option<String>,
    ticket_kvno: Option<i64>,
    authenticator_etype: Option<String>,
    ap_options: Option<Vec<&'static str>>,
}

#[derive(Debug, Serialize)]
struct Located {
    state: &'static str,
    value: Option<String>,
    start: Option<usize>,
    end: Option<usize>,
}

#[derive(Debug, Serialize)]
struct VersionReport {
    major: u8,
    minor: u8,
    build: u16,
    revision: u8,
    /// The release that the numbers stand for.
    windows: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct AvPairReport<'a> {
    id: u16,
    name: Option<&'static str>,
    value: Shown<'a>,
    start: usize,
    end: usize,
}

/// The fields of a message, depth first. Written as they are walked: a list of them would cost more than
/// the reading of the message.
#[derive(Debug)]
struct Fields<'a>(&'a Content);

#[derive(Debug, Serialize)]
struct FieldReport<'p> {
    path: &'p str,
    start: usize,
    end: usize,
    value: Shown<'p>,
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        let mut result = Ok(());
        self.0.field().walk(&mut |path, field, depth| {
            if depth == 0 || result.is_err() {
                return;
            }
            let Span { start, end } = field.span;
            result = list.serialize_element(&FieldReport {
                path,
                start,
                end,
                value: Shown(field.value),
            });
        });
        result?;
        list.end()
    }
}

/// Numbers of up to 32 bits as numbers, everything else as text; `null` for a structure.
#[derive(Debug)]
struct Shown<'m>(Value<'m>);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Structure => serializer.serialize_none(),
            Value::U8(number) => serializer.serialize_u8(number),
            Value::U16(number) => serializer.serialize_u16(number),
            Value::U32(number) => serializer.serialize_u32(number),
            Value::MessageType(kind) => serializer.serialize_u32(kind.0),
            Value::AvId(id) => serializer.serialize_u16(id.0),
            Value::AvFlags(flags) => serializer.serialize_u32(flags.bits()),
            Value::Kerberos(value) => {
                match value.number().and_then(|number| u32::try_from(number).ok()) {
                    Some(number) => serializer.serialize_u32(number),
                    None => serializer.collect_str(&value),
                }
            }
            other => serializer.collect_str(&other),
        }
    }
}

#[derive(Debug, Serialize)]
struct FindingReport<'a> {
    severity: Severity,
    code: &'static str,
    layer: usize,
    start: usize,
    end: usize,
    message: &'a str,
}

#[derive(Debug, Serialize)]
struct ExchangeReport<'a> {
    negotiate: Option<usize>,
    challenge: Option<usize>,
    authenticate: Option<usize>,
    ap_req: Option<usize>,
    evidence: Option<EvidenceReport<'a>>,
    proof: ProofReport<'a>,
    mech_list_mics: Vec<MechListMicReport<'a>>,
    decisions: Vec<DecisionReport<'a>>,
    /// What goes with every remedy. Only where remedies are asked for and something is denied.
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<AdviceReport>,
}

#[derive(Debug, Serialize)]
pub(super) struct EvidenceReport<'a> {
    target: &'static str,
    spn: Option<&'a str>,
    carrier: Carrier,
}

/// What a check compared with is `…_computed`; what it compared is in the message. `because` is the
/// first reason why something cannot be told, `…_because` the reason of each check.
#[derive(Debug, Serialize)]
struct ProofReport<'a> {
    secret: SecretKind,
    nt_proof_str: ProofVerdict,
    nt_proof_str_computed: Option<String>,
    nt_proof_str_because: Option<&'a str>,
    lm_response: ProofVerdict,
    lm_response_computed: Option<String>,
    lm_response_because: Option<&'a str>,
    mic: ProofVerdict,
    mic_computed: Option<String>,
    mic_because: Option<&'a str>,
    fitted: Option<&'a str>,
    session_base_key: Option<String>,
    key_exchange_key: Option<String>,
    exported_session_key: Option<String>,
    client_sign_key: Option<String>,
    server_sign_key: Option<String>,
    client_seal_key: Option<String>,
    server_seal_key: Option<String>,
    because: Option<&'a str>,
}

/// A signature of SPNEGO's list of mechanisms. What was compared is there where it could be.
#[derive(Debug, Serialize)]
struct MechListMicReport<'a> {
    from: &'static str,
    verdict: ProofVerdict,
    received: Option<String>,
    computed: Option<String>,
    because: Option<&'a str>,
}

#[derive(Debug, Serialize)]
pub(super) struct DecisionReport<'a> {
    level: u8,
    outcome: Outcome,
    spn_check: Outcome,
    status: Option<&'static str>,
    status_code: Option<String>,
    reasons: Vec<ReasonReport<'a>>,
    events: &'a [u16],
    /// The events as they are read. Only where they are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    event_log: Option<EventsReport>,
    /// What cures a denial. Only where it is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    remedies: Option<Vec<RemedyReport>>,
}

#[derive(Debug, Serialize)]
pub(super) struct ReasonReport<'a> {
    code: &'static str,
    basis: Basis,
    source: &'static str,
    message: &'a str,
}

impl<'a> Report<'a> {
    /// The report of `analysis`.
    #[must_use]
    pub fn of(analysis: &'a Analysis) -> Self {
        Self::with(analysis, Extras::default())
    }

    /// The same with what else was asked for.
    #[must_use]
    pub fn with(analysis: &'a Analysis, extras: Extras) -> Self {
        let mut tokens: Vec<_> = analysis.tokens.iter().map(|found| token(found)).collect();
        for exchange in &analysis.exchanges {
            // The bytes of an LM response do not say that it is LMv2; the secret may have.
            if let (Some(token), Some(kind)) = (exchange.authenticate, exchange.proof.kind)
                && let Some(token) = tokens.get_mut(token)
            {
                token.facts.response = Some(kind);
            }
        }
        let exchanges = analysis.exchanges.iter();
        let exchanges = exchanges.map(|found| exchange(analysis, found, extras)).collect();
        Self { schema: 1, tokens, exchanges }
    }
}

fn token(token: &Token) -> TokenReport<'_> {
    let content = &token.content;
    TokenReport {
        layers: token.layers.iter().map(|layer| layer.kind.code()).collect(),
        trail: token.layers.iter().map(layer).collect(),
        hex: Shown(Value::Bytes(content.bytes())),
        message: content.kind(),
        facts: facts(content),
        fields: Fields(content),
        findings: token.all_findings().map(|(layer, found)| finding(found, layer)).collect(),
    }
}

fn layer(layer: &Layer) -> LayerReport<'_> {
    LayerReport {
        layer: layer.kind.code(),
        label: layer.kind.label(),
        start: layer.span.start,
        end: layer.span.end,
        facts: layer.facts.iter().map(fact).collect(),
    }
}

fn fact(fact: &Fact) -> FactReport<'_> {
    let Span { start, end } = fact.span;
    FactReport { name: fact.name, value: &fact.value, start, end }
}

fn finding(finding: &Finding, layer: usize) -> FindingReport<'_> {
    FindingReport {
        severity: finding.severity(),
        code: finding.code.text(),
        layer,
        start: finding.span.start,
        end: finding.span.end,
        message: &finding.message,
    }
}

fn facts(content: &Content) -> Facts<'_> {
    let message = match content {
        Content::Ntlm(message) => message,
        Content::Kerberos(message) => return kerberos_facts(message),
    };
    let source = message.source();
    let flags = message.flags();
    let mut facts = Facts {
        flags: flags.map_or_else(Vec::new, |flags| flags.set_bits().map(|(_, n)| n).collect()),
        flags_value: flags.map(|flags| format!("{:#010x}", flags.bits())),
        version: message.version().map(|version| VersionReport {
            major: version.major,
            minor: version.minor,
            build: version.build,
            revision: version.revision,
            windows: explain::windows(version.major, version.minor, version.build),
        }),
        av_pairs: av_pairs(message),
        ..Facts::default()
    };
    match &message.body {
        Body::Negotiate(negotiate) => {
            let [domain, workstation] = negotiate.names(source);
            facts.domain = domain;
            facts.workstation = workstation;
        }
        Body::Challenge(challenge) => challenge_facts(message, challenge, &mut facts),
        Body::Authenticate(authenticate) => authenticate_facts(message, authenticate, &mut facts),
        Body::Unknown => {}
    }
    facts
}

fn kerberos_facts(message: &ApReq) -> Facts<'_> {
    let realm = message.realm().map(|realm| realm.value);
    let (value, span) = message.sname().map(|name| (name.value, name.span)).unzip();
    let (ticket, authenticator) = (message.ticket(), message.authenticator());
    Facts {
        target_name: Some(Located {
            state: match value.as_deref() {
                Some("") => "empty",
                Some(_) => "present",
                None => "absent",
            },
            value: value.clone(),
            start: span.map(|span| span.start),
            end: span.map(|span| span.end),
        }),
        domain: realm.clone(),
        kerberos: Some(KerberosReport {
            realm,
            sname: value,
            ticket_etype: ticket.encryption(),
            ticket_kvno: ticket.kvno.map(|number| number.value),
            authenticator_etype: authenticator.encryption(),
            ap_options: message.ap_options(),
        }),
        ..Facts::default()
    }
}

fn challenge_facts(message: &Message, challenge: &Challenge, facts: &mut Facts<'_>) {
    let source = message.source();
    facts.server_challenge = challenge.server_challenge.map(|span| hex(source.slice(span)));
    facts.challenge_target_name = challenge.target_name_text(source);
    facts.timestamp = challenge.target_info.timestamp(source).map(|time| time.to_string());
}

fn authenticate_facts(message: &Message, authenticate: &Authenticate, facts: &mut Facts<'_>) {
    let source = message.source();
    let target = authenticate.target_name(source);
    facts.target_name = Some(Located {
        state: target.state(),
        value: target.text().map(|(text, _)| text.to_owned()),
        start: target.text().map(|(_, span)| span.start),
        end: target.text().map(|(_, span)| span.end),
    });
    let mic = authenticate.mic_state(source);
    facts.mic = Some(Located {
        state: mic.state(),
        value: mic.span().map(|span| hex(source.slice(span))),
        start: mic.span().map(|span| span.start),
        end: mic.span().map(|span| span.end),
    });
    let [domain, user, workstation] = authenticate.names(source);
    facts.domain = domain;
    facts.user = user;
    facts.workstation = workstation;
    facts.response = Some(authenticate.response_kind);
    facts.timestamp = authenticate
        .ntlmv2
        .as_ref()
        .and_then(|response| response.time_stamp)
        .map(|time| time.value.to_string());
}

fn av_pairs(message: &Message) -> Vec<AvPairReport<'_>> {
    let source = message.source();
    let pairs = message.av_pairs().map_or(&[][..], |pairs| &pairs.pairs);
    let report = |pair: &crate::ntlm::AvPair| AvPairReport {
        id: pair.id.value.0,
        name: pair.id.value.name(),
        value: Shown(pair.meaning(source)),
        start: pair.span().start,
        end: pair.span().end,
    };
    pairs.iter().filter(|pair| pair.id.value != AvId::MsvAvEOL).map(report).collect()
}

fn exchange<'a>(analysis: &Analysis, exchange: &'a Exchange, extras: Extras) -> ExchangeReport<'a> {
    let verdict = exchange.verdict.as_ref();
    let decisions = verdict.map_or_else(Vec::new, |verdict| {
        let each = verdict.decisions.iter();
        each.map(|found| DecisionReport {
            event_log: extras
                .events
                .map(|_| events_report(events_of(analysis, exchange, verdict, found))),
            remedies: extras.remedies.map(|allowed| {
                remedies_of(verdict, found, allowed).into_iter().map(remedy_report).collect()
            }),
            ..decision(found)
        })
        .collect()
    });
    let denied = denied_levels(verdict);
    ExchangeReport {
        negotiate: exchange.negotiate,
        challenge: exchange.challenge,
        authenticate: exchange.authenticate,
        ap_req: exchange.ap_req,
        evidence: verdict.map(|verdict| evidence(&verdict.evidence)),
        proof: proof(&exchange.proof),
        mech_list_mics: exchange.mech_list_mics.iter().map(mech_list_mic).collect(),
        decisions,
        advice: (extras.remedies.is_some() && !denied.is_empty()).then(|| advice_report(&denied)),
    }
}

fn proof(proof: &Proof) -> ProofReport<'_> {
    let computed = |check: &Check| check.values.as_ref().map(|values| hex(&values.computed));
    let [
        session_base_key,
        key_exchange_key,
        exported_session_key,
        client_sign_key,
        server_sign_key,
        client_seal_key,
        server_seal_key,
    ] = proof.keys.as_ref().map(Keys::named).unwrap_or_default().map(|(_, key)| key.map(hex));
    ProofReport {
        secret: proof.secret,
        nt_proof_str: proof.response.verdict,
        nt_proof_str_computed: computed(&proof.response),
        nt_proof_str_because: proof.response.because.as_deref(),
        lm_response: proof.lm_response.verdict,
        lm_response_computed: computed(&proof.lm_response),
        lm_response_because: proof.lm_response.because.as_deref(),
        mic: proof.mic.verdict,
        mic_computed: computed(&proof.mic),
        mic_because: proof.mic.because.as_deref(),
        fitted: proof.fitted.as_deref(),
        session_base_key,
        key_exchange_key,
        exported_session_key,
        client_sign_key,
        server_sign_key,
        client_seal_key,
        server_seal_key,
        because: proof.because(),
    }
}

fn mech_list_mic(mic: &MechListMic) -> MechListMicReport<'_> {
    let values = mic.check.values.as_ref();
    MechListMicReport {
        from: if mic.from_client { "client" } else { "server" },
        verdict: mic.check.verdict,
        received: values.map(|values| hex(&values.received)),
        computed: values.map(|values| hex(&values.computed)),
        because: mic.check.because.as_deref(),
    }
}

pub(super) fn evidence(evidence: &Evidence) -> EvidenceReport<'_> {
    EvidenceReport {
        target: evidence.target.state(),
        spn: evidence.target.text(),
        carrier: evidence.carrier,
    }
}

pub(super) fn decision(decision: &Decision) -> DecisionReport<'_> {
    DecisionReport {
        level: decision.level.number(),
        outcome: decision.outcome,
        spn_check: if decision.spn_check.accept { Outcome::Accept } else { Outcome::Deny },
        status: decision.status.map(|(name, _)| name),
        status_code: decision.status.map(|(_, number)| format!("0x{number:08X}")),
        reasons: decision.reasons.iter().map(reason).collect(),
        events: &decision.events,
        event_log: None,
        remedies: None,
    }
}

pub(super) fn reason(reason: &Reason) -> ReasonReport<'_> {
    ReasonReport {
        code: reason.rule.code,
        basis: reason.basis,
        source: reason.rule.source,
        message: &reason.message,
    }
}
