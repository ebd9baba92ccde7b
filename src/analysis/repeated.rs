//! One message that stands in the input more than once: a program printed it in two ways, or both a
//! dump and a log were pasted.
//!
//! What answers a challenge has a random number in it, so the same bytes are the same message. A
//! NEGOTIATE has none, and a CHALLENGE may be made up with a fixed one: a copy of these is another
//! message where it is followed by what was not there before.

use std::collections::BTreeMap;

use super::{Token, signed::Silent};
use crate::base::span::Span;
use crate::message::{content::Content, ntlm::Body};
use crate::read::{layer::LayerKind, service::Service};

/// Where a message stands in the input, and how it is written there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Place {
    /// Its characters, or its bytes where the input is none.
    pub span: Span,
    /// How its bytes are written; `None` where they stand there as they are.
    pub written: Option<LayerKind>,
}

impl Place {
    fn of(token: &Token) -> Self {
        let mut kinds = token.layers.iter().map(|layer| layer.kind);
        Self {
            span: token.pasted(Span::new(0, token.content.bytes().len())),
            written: kinds.find(|kind| kind.is_encoding()),
        }
    }

    /// The word for how it is written.
    #[must_use]
    pub fn reading(self) -> &'static str {
        self.written.map_or("raw", LayerKind::code)
    }
}

/// What role a message plays in a sign-in.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Role {
    Offer,
    Challenge,
    Answer,
    None,
}

impl Role {
    const fn of(content: &Content) -> Self {
        match content {
            Content::Ntlm(message) => match message.body {
                Body::Negotiate(_) => Self::Offer,
                Body::Challenge(_) => Self::Challenge,
                Body::Authenticate(_) => Self::Answer,
                Body::Unknown => Self::None,
            },
            Content::Kerberos(_) | Content::Response(_) => Self::Answer,
        }
    }
}

/// Makes one of those that are the same message, at the place of the first and with all their
/// places. What carries a message says most where it names the service.
pub(super) fn merge(mut tokens: Vec<Token>, silent: &mut [Silent]) -> Vec<Token> {
    let same_as = originals(&tokens);
    for silent in silent {
        let before = same_as.iter().take(silent.behind);
        silent.behind = (0..).zip(before).filter(|(at, same)| at == *same).count();
    }
    let mut merged: Vec<Option<Token>> = Vec::new();
    merged.resize_with(tokens.len(), || None);
    for (token, same) in tokens.drain(..).zip(&same_as) {
        let place = Place::of(&token);
        let Some(original) = merged.get_mut(*same) else { continue };
        let mut token = match original.take() {
            Some(before) if says_more(&token) <= says_more(&before) => before,
            Some(Token { places, .. }) => Token { places, ..token },
            None => token,
        };
        token.places.push(place);
        *original = Some(token);
    }
    merged.into_iter().flatten().collect()
}

/// How much what carries a message says of it.
fn says_more(token: &Token) -> (bool, bool, usize) {
    let carriers = token.layers.iter().filter(|layer| !layer.kind.is_text()).count();
    let is_named = match &token.content {
        Content::Response(line) => !line.beside.domain.is_empty(),
        Content::Ntlm(_) | Content::Kerberos(_) => true,
    };
    (is_named, Service::carried_in(&token.layers).is_some(), carriers)
}

/// Of each message, which it is the same as: the index of that one, or its own.
fn originals(tokens: &[Token]) -> Vec<usize> {
    let firsts = firsts(tokens);
    let roles: Vec<_> = tokens.iter().map(|token| Role::of(&token.content)).collect();
    let mut is_kept: Vec<_> = (0..).zip(&firsts).map(|(at, first)| at == *first).collect();
    for (role, answers) in
        [(Role::Challenge, &[Role::Answer][..]), (Role::Offer, &[Role::Challenge, Role::Answer])]
    {
        keep_followed(&roles, &mut is_kept, role, answers);
    }
    keep_for_each_sign_in(&roles, &mut is_kept);
    let mut same_as = Vec::with_capacity(tokens.len());
    // The one that was kept last, of each message by its first.
    let mut last: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, (first, kept)) in firsts.iter().zip(&is_kept).enumerate() {
        if *kept {
            last.insert(*first, at);
        }
        same_as.push(last.get(first).copied().unwrap_or(at));
    }
    same_as
}

/// Of each message, the first one with the same bytes.
fn firsts(tokens: &[Token]) -> Vec<usize> {
    let mut known: BTreeMap<(&str, &[u8]), Vec<usize>> = BTreeMap::new();
    let mut firsts = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        let content = &token.content;
        let there = known.entry((content.kind(), content.bytes())).or_default();
        let is_same = |other: &&usize| {
            tokens.get(**other).is_some_and(|other| is_same(&other.content, content))
        };
        let first = there.iter().find(is_same).copied();
        if first.is_none() {
            there.push(at);
        }
        firsts.push(first.unwrap_or(at));
    }
    firsts
}

/// Whether two with the same bytes are the same message.
fn is_same(one: &Content, other: &Content) -> bool {
    match (one, other) {
        (Content::Response(one), Content::Response(other)) => one.beside.agrees_with(&other.beside),
        // Of a signature without a message nothing is told.
        _ => Role::of(one) != Role::None,
    }
}

/// Keeps copies that are followed by as many messages that were not there before, up to the next of
/// their own role: each of these answers another.
fn keep_followed(roles: &[Role], is_kept: &mut [bool], role: Role, answers: &[Role]) {
    let mut at = 0;
    while at < roles.len() {
        let run = end_of(roles, at, |other| !answers.contains(&other));
        let end = end_of(roles, run, |other| other != role);
        let fresh = |wanted: Role| {
            let within = roles.iter().zip(&*is_kept).take(end).skip(run);
            within.filter(|(role, kept)| **role == wanted && **kept).count()
        };
        let budget = answers.iter().copied().map(fresh).max().unwrap_or(0);
        let is_own = |index: &usize| roles.get(*index) == Some(&role);
        let own: Vec<_> = (at..run).filter(is_own).collect();
        let mut kept = own.iter().filter(|index| is_kept.get(**index) == Some(&true)).count();
        for index in own {
            if let Some(is_kept) = is_kept.get_mut(index)
                && !*is_kept
                && kept < budget
            {
                *is_kept = true;
                kept += 1;
            }
        }
        at = end.max(at + 1);
    }
}

/// Keeps offers that are copies, from the last on, until there is one for each challenge: an order
/// of messages that is not theirs tells nothing.
fn keep_for_each_sign_in(roles: &[Role], is_kept: &mut [bool]) {
    let count = |is_kept: &[bool], wanted: Role| {
        roles.iter().zip(is_kept).filter(|(role, kept)| **role == wanted && **kept).count()
    };
    let mut wanting = count(is_kept, Role::Challenge).saturating_sub(count(is_kept, Role::Offer));
    for (role, kept) in roles.iter().zip(is_kept).rev() {
        if wanting > 0 && *role == Role::Offer && !*kept {
            *kept = true;
            wanting -= 1;
        }
    }
}

/// Where from `at` on the first role stands that is not like these.
fn end_of(roles: &[Role], at: usize, is_like: impl Fn(Role) -> bool) -> usize {
    let rest = roles.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|role| is_like(**role)).count()
}
