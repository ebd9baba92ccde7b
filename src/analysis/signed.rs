//! The signatures of SPNEGO's list of mechanisms: which sign-in each belongs to, and its check.
//!
//! In a capture the connection says which sign-in a signature belongs to. In a paste it goes to the
//! sign-in whose keys it fits. The server's is in a token without a message; if it fits none of
//! several sign-ins in a paste, no check is said to fail.

use std::sync::Arc;

use super::{Token, exchange::MessageGroup};
use crate::judge::proof::{Check, Proof, ProofReason, ProofVerdict, Side, mech_list_mic};
use crate::read::{
    layer::{Layer, LayerKind, Negotiation, SpnegoChoice},
    stream::Negotiated,
};

/// A `mechListMIC` and the result of its check.
///
/// Spec: RFC 4178 section 5.
#[derive(Clone, Debug, PartialEq)]
pub struct MechListMic {
    /// The side that sent it.
    pub from: Side,
    /// The check against the keys and the client's list.
    pub check: Check,
}

/// A SPNEGO token that carries no message.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct MessagelessToken {
    /// The number of messages before it.
    pub(super) behind: usize,
    kind: LayerKind,
    negotiation: Arc<Negotiation>,
}

/// The most tokens without a message behind an AUTHENTICATE that may be the answer to it.
const MAX_SERVER_ANSWERS: usize = 4;

impl MessagelessToken {
    pub(super) fn of(behind: usize, layer: Layer) -> Option<Self> {
        Some(Self { behind, kind: layer.kind, negotiation: layer.negotiation? })
    }
}

/// The list that may have been signed in a sign-in, and the signatures that may be the server's.
struct MicInputs<'t> {
    list: Option<&'t [u8]>,
    server_mics: Vec<&'t [u8]>,
    owner: MicOwner,
}

/// The certainty that a signature of the server belongs to a sign-in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum MicOwner {
    /// It can belong to no other.
    Known,
    /// It could belong to several.
    Several,
}

impl<'t> MicInputs<'t> {
    /// The list and the signature on the sign-in's own connection, in a capture.
    fn on_connection(negotiated: &'t Negotiated) -> Self {
        let Negotiated { mech_types, server_mic } = negotiated;
        Self {
            list: mech_types.as_deref(),
            server_mics: server_mic.as_deref().into_iter().collect(),
            owner: MicOwner::Known,
        }
    }

    /// The list and the signatures around the messages, in a paste with `sign_ins` sign-ins.
    fn around(
        tokens: &'t [Arc<Token>],
        messageless: &'t [MessagelessToken],
        [negotiate, authenticate]: [usize; 2],
        sign_ins: usize,
    ) -> Self {
        let answers = messageless.iter().filter(|messageless| messageless.behind > authenticate);
        let mics = answers.filter_map(|answer| answer.negotiation.mech_list_mic.as_deref());
        Self {
            list: offered_mechanisms(tokens, messageless, negotiate),
            server_mics: mics.take(MAX_SERVER_ANSWERS).collect(),
            owner: if sign_ins == 1 { MicOwner::Known } else { MicOwner::Several },
        }
    }
}

/// Checks the MICs of one of `sign_ins` sign-ins: that of the client beside its AUTHENTICATE, and
/// that of the server behind it.
pub(super) fn check(
    tokens: &[Arc<Token>],
    messageless: &[MessagelessToken],
    group: &MessageGroup,
    sign_ins: usize,
    proof: &Proof,
) -> Vec<MechListMic> {
    let Some(authenticate) = group.authenticate else { return Vec::new() };
    let around = [group.negotiate.unwrap_or(authenticate), authenticate];
    let MicInputs { list, server_mics, owner } = match &group.negotiated {
        Some(negotiated) => MicInputs::on_connection(negotiated),
        None => MicInputs::around(tokens, messageless, around, sign_ins),
    };
    let check = |mic: &[u8], from| match (&proof.keys, list) {
        (None, _) => Check::unknown(proof.because().unwrap_or(ProofReason::KeysUnknown)),
        (_, None) => Check::unknown(ProofReason::MechanismsMissing),
        (Some(keys), Some(list)) => mech_list_mic(keys, list, mic, from),
    };
    let mut found = Vec::new();
    let beside = tokens.get(authenticate).and_then(|token| negotiation(token));
    if let Some(mic) = beside.and_then(|(_, beside)| beside.mech_list_mic.as_ref()) {
        found.push(MechListMic { from: Side::Client, check: check(mic, Side::Client) });
    }
    let mut mics = server_mics.into_iter().map(|mic| check(mic, Side::Server));
    if let Some(first) = mics.next() {
        let is_right = |check: &Check| check.verdict == ProofVerdict::Valid;
        let right = if is_right(&first) { None } else { mics.find(is_right) };
        let check = match right {
            Some(right) => right,
            None if first.verdict == ProofVerdict::Invalid && owner == MicOwner::Several => {
                Check::unknown(ProofReason::SignInUnknown)
            }
            None => first,
        };
        found.push(MechListMic { from: Side::Server, check });
    }
    found
}

/// The list in the last `NegTokenInit` up to the message `first`, or around it.
fn offered_mechanisms<'t>(
    tokens: &'t [Arc<Token>],
    messageless: &'t [MessagelessToken],
    first: usize,
) -> Option<&'t [u8]> {
    let list = |(kind, negotiation): (LayerKind, &'t Arc<Negotiation>)| {
        let is_client = kind == LayerKind::Spnego(SpnegoChoice::NegTokenInit);
        negotiation.mech_types.as_deref().filter(|_| is_client)
    };
    let of_token = |at: usize| list(negotiation(tokens.get(at)?)?);
    let carried = (0..=first).rev().find_map(|at| Some((at + 1, of_token(at)?)));
    let mut before = messageless.iter().rev().filter(|messageless| messageless.behind <= first);
    let alone = before.find_map(|s| Some((s.behind, list((s.kind, &s.negotiation))?)));
    carried.into_iter().chain(alone).max_by_key(|(behind, _)| *behind).map(|(_, list)| list)
}

/// The kind and the negotiation of the SPNEGO token around a message.
fn negotiation(token: &Token) -> Option<(LayerKind, &Arc<Negotiation>)> {
    token.layers.iter().rev().find_map(|layer| Some((layer.kind, layer.negotiation.as_ref()?)))
}
