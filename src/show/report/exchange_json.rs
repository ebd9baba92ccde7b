//! The report of one sign-in: evidence, proof, and the decisions.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use super::{
    captured::{CapturedReport, captured_report},
    extras::{Extras, Judged},
    remedies_json::{
        AdviceReport, EventsReport, RemedyReport, advice_report, events_report, remedy_report,
    },
};
use crate::analysis::{Analysis, Exchange, MechListMic};
use crate::judge::{
    proof::{Check, Keys, Proof, ProofVerdict, SecretKind, Side},
    smb::{Basis, Carrier, Decision, Entry, EventId, Evidence, Outcome, Reason, Smb},
};
use crate::lab::relay::Statement;
use crate::message::{field::hex, wire::NtStatus};
use crate::read::service::Service;
use crate::show::words;

#[derive(Debug, Serialize)]
pub(super) struct ExchangeReport<'a> {
    negotiate: Option<usize>,
    challenge: Option<usize>,
    authenticate: Option<usize>,
    ap_req: Option<usize>,
    response: Option<usize>,
    service: Service,
    captured: Option<CapturedReport<'a>>,
    evidence: Option<EvidenceReport<'a>>,
    proof: ProofReport<'a>,
    mech_list_mics: Vec<MechListMicReport>,
    decisions: Vec<DecisionReport<'a>>,
    /// The advice that goes with every remedy. Only if remedies are asked for and something is
    /// denied.
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<AdviceReport>,
}

#[derive(Debug, Serialize)]
pub(super) struct EvidenceReport<'a> {
    target: &'static str,
    spn: Option<&'a str>,
    carrier: Carrier,
    smb: Option<Smb>,
}

/// The proof. `…_computed` is the value a check compared with; the value it compared is in the
/// message. `because` is the first reason why something cannot be told, `…_because` the reason of
/// each check.
#[derive(Debug, Serialize)]
struct ProofReport<'a> {
    secret: SecretKind,
    nt_proof_str: ProofVerdict,
    nt_proof_str_computed: Option<String>,
    nt_proof_str_because: Option<Cow<'static, str>>,
    lm_response: ProofVerdict,
    lm_response_computed: Option<String>,
    lm_response_because: Option<Cow<'static, str>>,
    mic: ProofVerdict,
    mic_computed: Option<String>,
    mic_because: Option<Cow<'static, str>>,
    fitted: Option<&'a str>,
    session_base_key: Option<String>,
    key_exchange_key: Option<String>,
    exported_session_key: Option<String>,
    client_sign_key: Option<String>,
    server_sign_key: Option<String>,
    client_seal_key: Option<String>,
    server_seal_key: Option<String>,
    because: Option<Cow<'static, str>>,
}

/// A signature of SPNEGO's list of mechanisms. What was compared is there where it could be.
#[derive(Debug, Serialize)]
struct MechListMicReport {
    from: &'static str,
    verdict: ProofVerdict,
    received: Option<String>,
    computed: Option<String>,
    because: Option<Cow<'static, str>>,
}

#[derive(Debug, Serialize)]
pub(super) struct DecisionReport<'a> {
    level: u8,
    outcome: Outcome,
    spn_check: Option<Outcome>,
    status: Option<&'static str>,
    status_code: Option<StatusCode>,
    reasons: Each<'a, Reason, ReasonReport>,
    alternatives: Vec<AlternativeReport>,
    matched: Option<&'a str>,
    tried: Each<'a, Entry, &'a str>,
    events: &'a [EventId],
    /// The events as they are read. Only where they are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    event_log: Option<EventsReport>,
    /// The remedies of a denial. Only if they are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    remedies: Option<Vec<RemedyReport>>,
}

/// A report of each item of a list, made when it is written.
#[derive(Debug)]
struct Each<'a, T, R>(&'a [T], fn(&'a T) -> R);

impl<T, R: Serialize> Serialize for Each<'_, T, R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(self.1))
    }
}

#[derive(Debug)]
struct StatusCode(NtStatus);

impl Serialize for StatusCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:#010X}", self.0))
    }
}

/// The answer that the check would give instead, if the evidence is contested or something of it is
/// open.
#[derive(Debug, Serialize)]
struct AlternativeReport {
    outcome: Outcome,
    code: &'static str,
    basis: Basis,
    source: &'static str,
    message: Cow<'static, str>,
}

#[derive(Debug, Serialize)]
pub(super) struct ReasonReport {
    code: &'static str,
    basis: Basis,
    source: &'static str,
    message: Cow<'static, str>,
}

pub(super) fn exchange<'a>(
    analysis: &'a Analysis,
    exchange: &'a Exchange,
    extras: Extras,
) -> ExchangeReport<'a> {
    let verdict = exchange.verdict.as_ref();
    let judged = verdict.map(|verdict| Judged::of(analysis, exchange, verdict));
    let decisions = judged.as_ref().map_or_else(Vec::new, |judged| decisions(judged, extras));
    ExchangeReport {
        negotiate: exchange.negotiate,
        challenge: exchange.challenge,
        authenticate: exchange.authenticate,
        ap_req: exchange.ap_req,
        response: exchange.response,
        service: exchange.service,
        captured: captured_report(exchange),
        evidence: verdict.map(|verdict| evidence(&verdict.evidence)),
        proof: proof(&exchange.proof),
        mech_list_mics: exchange.mech_list_mics.iter().map(mech_list_mic).collect(),
        decisions,
        advice: judged.and_then(|judged| advice(&judged, extras)),
    }
}

/// The decisions, with what else was asked for.
pub(super) fn decisions<'a>(judged: &Judged<'a>, extras: Extras) -> Vec<DecisionReport<'a>> {
    let each = judged.decisions.iter();
    each.map(|found| DecisionReport {
        event_log: extras.events.map(|_| events_report(judged.events(found))),
        remedies: extras.remedies.map(|allowed| {
            judged.remedies(found, allowed).into_iter().map(remedy_report).collect()
        }),
        ..decision(found)
    })
    .collect()
}

/// The advice that goes with the remedies, if they are asked for and a file server denies
/// something.
pub(super) fn advice(judged: &Judged<'_>, extras: Extras) -> Option<AdviceReport> {
    extras.remedies?;
    let denied = judged.denied_levels();
    (judged.service.is_file_server() && !denied.is_empty()).then(|| advice_report(&denied))
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
        nt_proof_str_because: proof.response.because.map(words::proof_reason),
        lm_response: proof.lm_response.verdict,
        lm_response_computed: computed(&proof.lm_response),
        lm_response_because: proof.lm_response.because.map(words::proof_reason),
        mic: proof.mic.verdict,
        mic_computed: computed(&proof.mic),
        mic_because: proof.mic.because.map(words::proof_reason),
        fitted: proof.fitted.as_deref(),
        session_base_key,
        key_exchange_key,
        exported_session_key,
        client_sign_key,
        server_sign_key,
        client_seal_key,
        server_seal_key,
        because: proof.because().map(words::proof_reason),
    }
}

fn mech_list_mic(mic: &MechListMic) -> MechListMicReport {
    let values = mic.check.values.as_ref();
    MechListMicReport {
        from: match mic.from {
            Side::Client => "client",
            Side::Server => "server",
        },
        verdict: mic.check.verdict,
        received: values.map(|values| hex(&values.received)),
        computed: values.map(|values| hex(&values.computed)),
        because: mic.check.because.map(words::proof_reason),
    }
}

pub(super) fn evidence(evidence: &Evidence) -> EvidenceReport<'_> {
    EvidenceReport {
        target: evidence.target.as_str(),
        spn: evidence.target.text(),
        carrier: evidence.carrier,
        smb: evidence.smb,
    }
}

fn decision(decision: &Decision) -> DecisionReport<'_> {
    let check = &decision.spn_check;
    DecisionReport {
        level: decision.level.number(),
        outcome: decision.outcome,
        spn_check: match decision.outcome {
            Outcome::Unknown => None,
            _ if check.accept => Some(Outcome::Accept),
            _ => Some(Outcome::Deny),
        },
        status: decision.status.and_then(NtStatus::name),
        status_code: decision.status.map(StatusCode),
        reasons: Each(&decision.reasons, reason),
        alternatives: decision
            .contested()
            .map(|contested| AlternativeReport {
                outcome: if check.accept { Outcome::Deny } else { Outcome::Accept },
                code: contested.rule.code,
                basis: contested.basis,
                source: contested.rule.source,
                message: words::reason(contested),
            })
            .into_iter()
            .collect(),
        matched: check.matched.as_ref().map(|entry| entry.text.as_str()),
        tried: Each(&check.tried, |entry| &entry.text),
        events: &decision.events,
        event_log: None,
        remedies: None,
    }
}

fn reason(reason: &Reason) -> ReasonReport {
    ReasonReport {
        code: reason.rule.code,
        basis: reason.basis,
        source: reason.rule.source,
        message: words::reason(reason),
    }
}

pub(super) fn statement(statement: &Statement) -> ReasonReport {
    ReasonReport {
        code: statement.rule.code,
        basis: statement.basis,
        source: statement.rule.source,
        message: words::statement(statement),
    }
}
