//! The failed checks of a secret, as findings. The checks themselves are made in
//! [`judge::proof`](crate::judge::proof).

use std::sync::Arc;

use super::{Exchange, Token};
use crate::base::{
    finding::{Code, Finding},
    span::Span,
};
use crate::judge::proof::{Check, ProofVerdict, SecretKind, Side};
use crate::message::ntlm::{PayloadField, ResponseKind};

/// The findings about the responses, the MIC and the signatures of SPNEGO that failed, each with
/// the index of its token.
pub(super) fn findings(tokens: &[Arc<Token>], exchange: &Exchange) -> Vec<(usize, Finding)> {
    if let Some(index) = exchange.response.filter(|_| exchange.is_line()) {
        return line_finding(tokens, index, exchange).into_iter().collect();
    }
    let Some(index) = exchange.authenticate else { return Vec::new() };
    let Some(token) = tokens.get(index) else { return Vec::new() };
    let authenticate = token.message().and_then(|message| message.as_authenticate());
    let Some(authenticate) = authenticate else { return Vec::new() };
    let whole = Span::new(0, token.content.bytes().len());
    let proof = &exchange.proof;
    let secret = secret_given(proof.secret);
    let [(name, response), (lm_name, lm_response), (_, mic)] = proof.checks();
    let mut findings = Vec::new();
    let mut failed = |code, check: &Check, span: Option<Span>, what: &str, against: &str| {
        if check.verdict != ProofVerdict::Invalid {
            return;
        }
        let message = if check.is_stale() {
            format!(
                "{what} does not match: it was computed over the bytes as captured, and these differ."
            )
        } else {
            format!("{what} does not match {against}.")
        };
        findings.push((index, Finding::new(code, span.unwrap_or(whole), message)));
    };
    let data = |field: Option<PayloadField>| field.and_then(|field| field.data);
    let (nt, lm) =
        (data(authenticate.nt_challenge_response), data(authenticate.lm_challenge_response));
    let comes_alone = matches!(proof.kind, Some(ResponseKind::Lm | ResponseKind::Lmv2));
    let (code, span) = match proof.kind {
        Some(ResponseKind::Ntlmv2) => (
            Code::ProofNtProofStr,
            authenticate.ntlmv2.as_ref().and_then(|response| response.nt_proof_str),
        ),
        _ if comes_alone => (Code::ProofResponse, lm),
        _ => (Code::ProofResponse, nt),
    };
    failed(code, response, span, name, secret);
    if !comes_alone {
        failed(Code::ProofLmResponse, lm_response, lm, lm_name, secret);
    }
    let messages = "the three messages: one of them was changed on the way";
    failed(Code::ProofMic, mic, authenticate.mic, "The MIC", messages);
    for signature in &exchange.mech_list_mics {
        let what = match signature.from {
            Side::Client => "The client's mechListMIC",
            Side::Server => "The server's mechListMIC",
        };
        failed(Code::ProofMechListMic, &signature.check, None, what, "the client's list");
    }
    findings
}

const fn secret_given(kind: SecretKind) -> &'static str {
    match kind {
        SecretKind::NtHash => "the NT hash given",
        SecretKind::Password | SecretKind::None => "the password given",
    }
}

/// The finding about the response of a NetNTLMv2 line that failed.
fn line_finding(
    tokens: &[Arc<Token>],
    index: usize,
    exchange: &Exchange,
) -> Option<(usize, Finding)> {
    let span = tokens.get(index)?.content.response()?.response.nt_proof_str?;
    let secret = secret_given(exchange.proof.secret);
    let text = format!("NTProofStr does not match {secret}.");
    (exchange.proof.response.verdict == ProofVerdict::Invalid)
        .then(|| (index, Finding::new(Code::ProofNtProofStr, span, text)))
}
