//! The signatures of SPNEGO's list of mechanisms that belong to a sign-in.
//!
//! In a capture the connection says which sign-in a signature belongs to. In a paste it goes to the
//! sign-in whose keys it fits. The server's stands in a token without a message; where it fits none
//! of several sign-ins in a paste, the check does not say whose is wrong.

use std::sync::Arc;

use super::{Token, exchange::Group};
use crate::judge::proof::{Check, Proof, ProofReason, ProofVerdict, Side, mech_list_mic};
use crate::read::{
    layer::{Layer, LayerKind, Negotiation, SpnegoChoice},
    stream::Negotiated,
};

/// A `mechListMIC`, and what came out of its check.
///
/// Spec: RFC 4178 section 5.
#[derive(Clone, Debug, PartialEq)]
pub struct MechListMic {
    /// Who sent it.
    pub from: Side,
    /// Whether it fits the keys and the client's list.
    pub check: Check,
}

/// A SPNEGO token that carries no message.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Silent {
    /// How many messages stand before it.
    pub(super) behind: usize,
    kind: LayerKind,
    negotiation: Arc<Negotiation>,
}

/// How many tokens without a message behind an AUTHENTICATE may be the answer to it.
const MOST_ANSWERS: usize = 4;

impl Silent {
    pub(super) fn of(behind: usize, layer: Layer) -> Option<Self> {
        Some(Self { behind, kind: layer.kind, negotiation: layer.negotiation? })
    }
}

/// What may have been signed in a sign-in, and the signatures that may be the server's.
struct Signed<'t> {
    list: Option<&'t [u8]>,
    server_mics: Vec<&'t [u8]>,
    owner: Owner,
}

/// How sure it is whose a signature of the server is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Owner {
    /// No other sign-in has it.
    Known,
    /// There are several that it could belong to.
    Several,
}

impl<'t> Signed<'t> {
    /// In a capture: what the sign-in's own connection has.
    fn on_connection(negotiated: &'t Negotiated) -> Self {
        let Negotiated { mech_types, server_mic } = negotiated;
        Self {
            list: mech_types.as_deref(),
            server_mics: server_mic.as_deref().into_iter().collect(),
            owner: Owner::Known,
        }
    }

    /// In a paste with `sign_ins` sign-ins: what stands around the messages.
    fn around(
        tokens: &'t [Arc<Token>],
        silent: &'t [Silent],
        [negotiate, authenticate]: [usize; 2],
        sign_ins: usize,
    ) -> Self {
        let answers = silent.iter().filter(|silent| silent.behind > authenticate);
        let mics = answers.filter_map(|answer| answer.negotiation.mech_list_mic.as_deref());
        Self {
            list: offered(tokens, silent, negotiate),
            server_mics: mics.take(MOST_ANSWERS).collect(),
            owner: if sign_ins == 1 { Owner::Known } else { Owner::Several },
        }
    }
}

/// Checks the MICs of one of `sign_ins` sign-ins: that of the client beside its AUTHENTICATE, and
/// that of the server behind it.
pub(super) fn check(
    tokens: &[Arc<Token>],
    silent: &[Silent],
    group: &Group,
    sign_ins: usize,
    proof: &Proof,
) -> Vec<MechListMic> {
    let Some(authenticate) = group.authenticate else { return Vec::new() };
    let around = [group.negotiate.unwrap_or(authenticate), authenticate];
    let Signed { list, server_mics, owner } = match &group.negotiated {
        Some(negotiated) => Signed::on_connection(negotiated),
        None => Signed::around(tokens, silent, around, sign_ins),
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
            None if first.verdict == ProofVerdict::Invalid && owner == Owner::Several => {
                Check::unknown(ProofReason::SignInUnknown)
            }
            None => first,
        };
        found.push(MechListMic { from: Side::Server, check });
    }
    found
}

/// The list of the last `NegTokenInit` up to the message `first`, and with it.
fn offered<'t>(tokens: &'t [Arc<Token>], silent: &'t [Silent], first: usize) -> Option<&'t [u8]> {
    let list = |(kind, negotiation): (LayerKind, &'t Arc<Negotiation>)| {
        let is_client = kind == LayerKind::Spnego(SpnegoChoice::NegTokenInit);
        negotiation.mech_types.as_deref().filter(|_| is_client)
    };
    let of_token = |at: usize| list(negotiation(tokens.get(at)?)?);
    let carried = (0..=first).rev().find_map(|at| Some((at + 1, of_token(at)?)));
    let mut before = silent.iter().rev().filter(|silent| silent.behind <= first);
    let alone = before.find_map(|s| Some((s.behind, list((s.kind, &s.negotiation))?)));
    carried.into_iter().chain(alone).max_by_key(|(behind, _)| *behind).map(|(_, list)| list)
}

/// What the SPNEGO token around a message offers and signs.
fn negotiation(token: &Token) -> Option<(LayerKind, &Arc<Negotiation>)> {
    token.layers.iter().rev().find_map(|layer| Some((layer.kind, layer.negotiation.as_ref()?)))
}
