//! Groups messages by sign-in: by their order, and by what they echo of one another.

use std::sync::Arc;

use crate::analysis::{Token, captured::Captured};
use crate::base::{
    finding::{Code, Finding},
    span::{Span, in_order},
};
use crate::message::{
    ntlm::{Body, Echo, Message, MicState, echo},
    wire::{AvId, NegotiateFlags},
};
use crate::read::stream::Negotiated;

/// The messages of one sign-in.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct MessageGroup {
    pub(super) negotiate: Option<usize>,
    pub(super) challenge: Option<usize>,
    pub(super) authenticate: Option<usize>,
    pub(super) ap_req: Option<usize>,
    /// The response in a NetNTLMv2 line.
    pub(super) response: Option<usize>,
    /// The facts that only a capture shows.
    pub(super) captured: Option<Arc<Captured>>,
    /// The SPNEGO negotiation around its messages; `None` where none is known to belong to it.
    pub(super) negotiated: Option<Negotiated>,
    /// The findings about what does not fit together, each with the index of its token.
    pub(super) findings: Vec<(usize, Finding)>,
}

/// The fit of an answer to a message before it, from the worst to the best.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Fit {
    /// It echoes something else.
    Differs,
    /// There is nothing to compare it with.
    Alone,
    /// It echoes a CHALLENGE that comes after it.
    EchoesLaterChallenge,
    /// It echoes nothing that could tell.
    CannotTell,
    /// It echoes what was sent.
    Echoes,
}

/// Groups messages by their order and by what they echo.
///
/// An answer goes to the message it fits best. If several fit equally well, consecutive answers go
/// to the last of these in order, so that both a sign-in that was begun anew and interleaved
/// sign-ins come out right; a finding says that it is not certain. Messages that clearly belong
/// together are grouped in any order.
pub(super) fn group(tokens: &[Token]) -> Vec<MessageGroup> {
    let mut groups: Vec<MessageGroup> = Vec::new();
    let messages = || (0..).zip(tokens).filter_map(|(at, token)| Some((at, token.message()?)));
    for (index, message) in messages() {
        match message.body {
            Body::Negotiate(_) => {
                groups.push(MessageGroup { negotiate: Some(index), ..MessageGroup::default() });
            }
            Body::Challenge(_) => {
                let at = best_group(tokens, index, &mut groups, |group| {
                    let negotiate = tokens.get(group.negotiate?)?.message()?;
                    group.challenge.is_none().then(|| fit_flags(negotiate, message))
                });
                if let Some(group) = groups.get_mut(at) {
                    group.challenge = Some(index);
                }
            }
            Body::Authenticate(_) | Body::Unknown => {}
        }
    }
    for (index, message) in messages() {
        if message.as_authenticate().is_some() {
            let at = best_group(tokens, index, &mut groups, |group| {
                // Checked first, since nearly all groups have one where there are many.
                if group.authenticate.is_some() {
                    return None;
                }
                let Some(at) = group.challenge else {
                    let before = group.negotiate.is_some_and(|negotiate| negotiate < index);
                    return before.then_some(Fit::Alone);
                };
                let fit = fit_pairs(tokens.get(at)?.message()?, message);
                match (at < index, fit) {
                    (true, fit) => Some(fit),
                    (false, Fit::Echoes) => Some(Fit::EchoesLaterChallenge),
                    (false, _) => None,
                }
            });
            if let Some(group) = groups.get_mut(at) {
                group.authenticate = Some(index);
            }
        }
    }
    join_reversed(&mut groups);
    for (index, token) in (0..).zip(tokens) {
        if token.content.kerberos().is_some() {
            groups.push(MessageGroup { ap_req: Some(index), ..MessageGroup::default() });
        } else if let Some(line) = token.content.response() {
            let taken_from = groups.iter_mut().find(|group| {
                let message = group.authenticate.and_then(|at| tokens.get(at)?.message());
                message.and_then(nt_response) == Some(line.bytes())
            });
            match taken_from {
                Some(group) => group.response = Some(index),
                None => {
                    groups.push(MessageGroup { response: Some(index), ..MessageGroup::default() });
                }
            }
        }
    }
    for group in &mut groups {
        add_findings(tokens, group);
    }
    groups
}

/// The NTLMv2 response of a message.
fn nt_response(message: &Message) -> Option<&[u8]> {
    let response = message.as_authenticate()?.ntlmv2.as_ref()?;
    Some(message.source().slice(response.span))
}

/// Joins the three messages of one sign-in in reverse order.
fn join_reversed(groups: &mut Vec<MessageGroup>) {
    if let [answered, offered] = groups.as_mut_slice()
        && answered.negotiate.is_none()
        && offered.negotiate > answered.challenge
        && answered.challenge > answered.authenticate
        && answered.authenticate.is_some()
    {
        answered.negotiate = offered.negotiate;
        groups.pop();
    }
}

/// The index of the group that the message `index` belongs to: the one it fits best, or a new one.
fn best_group(
    tokens: &[Token],
    index: usize,
    groups: &mut Vec<MessageGroup>,
    fit: impl Fn(&MessageGroup) -> Option<Fit>,
) -> usize {
    let fits: Vec<_> =
        (0..).zip(groups.iter()).filter_map(|(at, group)| Some((at, fit(group)?))).collect();
    let best = fits.iter().map(|(_, fit)| *fit).max();
    let sure = best > Some(Fit::Differs);
    let best: Vec<_> =
        fits.iter().filter(|(_, fit)| Some(*fit) == best).map(|(at, _)| *at).collect();
    let best = in_order(best, |at| {
        let answered = groups.get(*at).and_then(|group| group.challenge.or(group.negotiate));
        Span::empty(answered.unwrap_or_default())
    });
    // This message and those of its type that directly follow share the last of them.
    let run = best.len().min(count_in_a_row(tokens, index));
    let chosen = best.get(best.len() - run).copied().unwrap_or_else(|| {
        groups.push(MessageGroup::default());
        groups.len() - 1
    });
    if best.len() > 1
        && sure
        && let Some(group) = groups.get_mut(chosen)
    {
        let whole = tokens.get(index).map_or(0, |token| token.content.bytes().len());
        group.findings.push((
            index,
            Finding::new(
                Code::ExchangeAmbiguous,
                Span::new(0, whole),
                format!(
                    "This message could answer any of {} earlier ones; the bytes do not say which.",
                    best.len()
                ),
            ),
        ));
    }
    chosen
}

/// The number of messages of one type in a row from `index` on.
fn count_in_a_row(tokens: &[Token], index: usize) -> usize {
    let kind = |token: &Token| token.content.kind();
    let rest = tokens.get(index..).unwrap_or_default();
    rest.iter()
        .take_while(|token| rest.first().is_some_and(|first| kind(first) == kind(token)))
        .count()
}

/// The flags that a server may set only if the client offered them.
///
/// Spec: [MS-NLMP] 3.2.5.1.1.
const NEGOTIABLE: NegotiateFlags = NegotiateFlags::NTLMSSP_NEGOTIATE_UNICODE
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_SIGN)
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_SEAL)
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY)
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_128)
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_KEY_EXCH)
    .union(NegotiateFlags::NTLMSSP_NEGOTIATE_56);

/// The flags that `answer` sets though they were not offered.
fn unoffered_flags(offered: &Message, answer: &Message) -> NegotiateFlags {
    match (offered.flags(), answer.flags()) {
        (Some(offered), Some(chosen)) => chosen.difference(offered) & NEGOTIABLE,
        _ => NegotiateFlags::empty(),
    }
}

fn fit_flags(negotiate: &Message, challenge: &Message) -> Fit {
    if unoffered_flags(negotiate, challenge).is_empty() { Fit::CannotTell } else { Fit::Differs }
}

fn fit_pairs(challenge: &Message, authenticate: &Message) -> Fit {
    match echo(challenge, authenticate) {
        Echo::Same => Fit::Echoes,
        Echo::Differs(_) => Fit::Differs,
        Echo::CannotTell => Fit::CannotTell,
    }
}

/// Adds the findings about what does not fit together in a whole group.
fn add_findings(tokens: &[Token], group: &mut MessageGroup) {
    let message = |index: Option<usize>| Some((index?, tokens.get(index?)?.message()?));
    let Some((at, challenge)) = message(group.challenge) else { return };
    let Some((index, authenticate)) = message(group.authenticate) else { return };
    let mut push = |index, code, span, text: String| {
        group.findings.push((index, Finding::new(code, span, text)));
    };
    let pairs = authenticate.av_pairs();
    let list = pairs.map_or_else(Span::default, |pairs| pairs.span);
    if let Echo::Differs(id) = echo(challenge, authenticate) {
        push(
            index,
            Code::ExchangeMismatch,
            list,
            format!(
                "This AUTHENTICATE echoes an {id} that the CHALLENGE before it does not have: they do not belong together, or someone changed one of them."
            ),
        );
    }
    if let Some((_, negotiate)) = message(group.negotiate) {
        let flags = unoffered_flags(negotiate, challenge);
        if !flags.is_empty() {
            push(
                at,
                Code::ExchangeFlags,
                flags_span(challenge),
                format!(
                    "The CHALLENGE sets flags that the NEGOTIATE does not offer: {}.",
                    flag_names(flags)
                ),
            );
        }
    }
    let flags = unoffered_flags(challenge, authenticate);
    if !flags.is_empty() {
        push(
            index,
            Code::ExchangeFlags,
            flags_span(authenticate),
            format!(
                "The AUTHENTICATE sets flags that the CHALLENGE does not: {}.",
                flag_names(flags)
            ),
        );
    }
    let sent = challenge.av_pairs().filter(|sent| sent.first(AvId::MsvAvTimestamp).is_some());
    let (Some(pairs), Some(_)) = (pairs.filter(|pairs| pairs.is_whole()), sent) else { return };
    if pairs.first(AvId::MsvAvTimestamp).is_none() {
        push(
            index,
            Code::ExchangePairMissing,
            list,
            "The CHALLENGE has MsvAvTimestamp, and the answer leaves it out.".to_owned(),
        );
    }
    let answer = authenticate.as_authenticate();
    if answer.is_some_and(|answer| answer.mic_state(authenticate.source()) == MicState::Absent) {
        push(
            index,
            Code::ExchangeMicExpected,
            list,
            "The CHALLENGE has MsvAvTimestamp, so the client should send a MIC. This one does not."
                .to_owned(),
        );
    }
}

/// The place of `NegotiateFlags` in a message that has them.
fn flags_span(message: &Message) -> Span {
    match &message.body {
        Body::Negotiate(negotiate) => negotiate.flags,
        Body::Challenge(challenge) => challenge.flags,
        Body::Authenticate(authenticate) => authenticate.flags,
        Body::Unknown => None,
    }
    .map_or_else(Span::default, |flags| flags.span)
}

fn flag_names(flags: NegotiateFlags) -> String {
    let names: Vec<_> = flags.set_bits().map(|(_, name)| name).collect();
    names.join(", ")
}
