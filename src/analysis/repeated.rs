//! Messages that are in the input more than once: a program printed them in two ways, or both a
//! dump and a log were pasted.
//!
//! An answer to a CHALLENGE holds a random number, so equal bytes are one message. A NEGOTIATE
//! holds none, and a CHALLENGE may be made up with a fixed one: a copy of these is another message
//! if new messages follow it.

use std::collections::BTreeMap;

use super::{Token, signed::MessagelessToken};
use crate::base::span::Span;
use crate::message::{content::Content, ntlm::Body};
use crate::read::{layer::LayerKind, service::Service};

/// The place of a message in the input, and its encoding there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct MessagePlace {
    /// Its characters, or its bytes if the input is not text.
    pub span: Span,
    /// The outermost encoding of its bytes; `None` if they are there as they are.
    pub encoding: Option<LayerKind>,
}

impl MessagePlace {
    fn of(token: &Token) -> Self {
        let mut kinds = token.layers.iter().map(|layer| layer.kind);
        Self {
            span: token.pasted(Span::new(0, token.content.bytes().len())),
            encoding: kinds.find(|kind| kind.is_encoding()),
        }
    }

    /// The stable name of the encoding.
    #[must_use]
    pub fn encoding_name(self) -> &'static str {
        self.encoding.map_or("raw", LayerKind::as_str)
    }
}

/// The role of a message in a sign-in.
#[derive(Clone, Copy, Eq, PartialEq)]
enum MessageRole {
    Offer,
    Challenge,
    Answer,
    None,
}

impl MessageRole {
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

/// Merges copies of a message into one, at the place of the first and with the places of all. Of
/// the copies, the one whose carriers say most is kept.
pub(super) fn merge_copies(
    mut tokens: Vec<Token>,
    messageless: &mut [MessagelessToken],
) -> Vec<Token> {
    let same_as = originals(&tokens);
    for messageless in messageless {
        let before = same_as.iter().take(messageless.behind);
        messageless.behind = (0..).zip(before).filter(|(at, same)| at == *same).count();
    }
    let mut merged: Vec<Option<Token>> = Vec::new();
    merged.resize_with(tokens.len(), || None);
    for (token, same) in tokens.drain(..).zip(&same_as) {
        let place = MessagePlace::of(&token);
        let Some(original) = merged.get_mut(*same) else { continue };
        let mut token = match original.take() {
            Some(before) if carrier_detail(&token) <= carrier_detail(&before) => before,
            Some(Token { places, .. }) => Token { places, ..token },
            None => token,
        };
        token.places.push(place);
        *original = Some(token);
    }
    merged.into_iter().flatten().collect()
}

/// A rank of what the carriers of a message say about it: a line that names its domain first, then
/// carriers that name the service.
fn carrier_detail(token: &Token) -> (bool, bool, usize) {
    let carriers = token.layers.iter().filter(|layer| !layer.kind.is_text()).count();
    let is_named = match &token.content {
        Content::Response(line) => !line.beside.domain.is_empty(),
        Content::Ntlm(_) | Content::Kerberos(_) => true,
    };
    (is_named, Service::carried_in(&token.layers).is_some(), carriers)
}

/// For each message, the index of the one that it is a copy of, or its own.
fn originals(tokens: &[Token]) -> Vec<usize> {
    let firsts = first_copies(tokens);
    let roles: Vec<_> = tokens.iter().map(|token| MessageRole::of(&token.content)).collect();
    let mut is_kept: Vec<_> = (0..).zip(&firsts).map(|(at, first)| at == *first).collect();
    for (role, answers) in [
        (MessageRole::Challenge, &[MessageRole::Answer][..]),
        (MessageRole::Offer, &[MessageRole::Challenge, MessageRole::Answer]),
    ] {
        keep_followed(&roles, &mut is_kept, role, answers);
    }
    keep_for_each_sign_in(&roles, &mut is_kept);
    let mut same_as = Vec::with_capacity(tokens.len());
    // For each message, by its first copy: the copy that was kept last.
    let mut last: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, (first, kept)) in firsts.iter().zip(&is_kept).enumerate() {
        if *kept {
            last.insert(*first, at);
        }
        same_as.push(last.get(first).copied().unwrap_or(at));
    }
    same_as
}

/// For each message, the index of the first one with the same bytes.
fn first_copies(tokens: &[Token]) -> Vec<usize> {
    let mut known: BTreeMap<(&str, &[u8]), Vec<usize>> = BTreeMap::new();
    let mut firsts = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        let content = &token.content;
        let there = known.entry((content.kind(), content.bytes())).or_default();
        let is_same = |other: &&usize| {
            tokens.get(**other).is_some_and(|other| is_one_message(&other.content, content))
        };
        let first = there.iter().find(is_same).copied();
        if first.is_none() {
            there.push(at);
        }
        firsts.push(first.unwrap_or(at));
    }
    firsts
}

/// Returns true if two with equal bytes are one message.
fn is_one_message(one: &Content, other: &Content) -> bool {
    match (one, other) {
        (Content::Response(one), Content::Response(other)) => one.beside.agrees_with(&other.beside),
        // Nothing is known of a signature without a message.
        _ => MessageRole::of(one) != MessageRole::None,
    }
}

/// Keeps as many copies as new messages follow them, up to the next message of their own role: each
/// of these answers another copy.
fn keep_followed(
    roles: &[MessageRole],
    is_kept: &mut [bool],
    role: MessageRole,
    answers: &[MessageRole],
) {
    let mut at = 0;
    while at < roles.len() {
        let run = end_of_run(roles, at, |other| !answers.contains(&other));
        let end = end_of_run(roles, run, |other| other != role);
        let fresh = |wanted: MessageRole| {
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

/// Keeps copies of offers, from the last on, until there is one for each CHALLENGE: messages in
/// another order than they were sent tell nothing else.
fn keep_for_each_sign_in(roles: &[MessageRole], is_kept: &mut [bool]) {
    let count = |is_kept: &[bool], wanted: MessageRole| {
        roles.iter().zip(is_kept).filter(|(role, kept)| **role == wanted && **kept).count()
    };
    let mut wanting =
        count(is_kept, MessageRole::Challenge).saturating_sub(count(is_kept, MessageRole::Offer));
    for (role, kept) in roles.iter().zip(is_kept).rev() {
        if wanting > 0 && *role == MessageRole::Offer && !*kept {
            *kept = true;
            wanting -= 1;
        }
    }
}

/// The index of the first role from `at` on that is not like these.
fn end_of_run(roles: &[MessageRole], at: usize, is_like: impl Fn(MessageRole) -> bool) -> usize {
    let rest = roles.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|role| is_like(**role)).count()
}
