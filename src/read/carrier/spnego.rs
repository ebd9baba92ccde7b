//! SPNEGO: how client and server agree on a mechanism, with the mechanism's own tokens inside.
//!
//! Spec: RFC 4178 4.2, [MS-SPNG] 2.2.1; RFC 2743 3.1 for the framing around the first token.

use std::sync::Arc;

use crate::base::{
    finding::{Code, Finding, bytes as count},
    span::{Source, Span},
};
use crate::message::{
    der::{self, Element, Writing, tag},
    field::hex,
    kerberos,
    ntlm::SIGNATURE,
    wire::KerberosText,
};
use crate::read::{
    carrier::{Token, gss, mech_list_mic, oid},
    layer::{Fact, Layer, LayerKind, Negotiation, SpnegoChoice},
};

/// The most items of a list, and the most fields of a token, that are looked at.
const MAX_ITEMS: usize = 64;

/// The longest MIC and hint that are written out, in bytes.
const MAX_SHOWN_LEN: usize = 64;

/// The longest list and MIC that are kept to be checked, in bytes: 64 mechanisms take less.
const MAX_SIGNED_LEN: usize = 1 << 10;

/// Returns true if bytes that begin like this can be a token.
pub(super) fn begins(head: &[u8]) -> bool {
    let source = Source(head);
    let whole = Span::new(0, head.len());
    let Some(outer) = der::element(source, whole) else { return false };
    match outer.tag {
        tag if tag == tag::application(0) => gss::mechanism(source, whole)
            .is_some_and(|(_, mechanism)| source.slice(mechanism) == oid::SPNEGO),
        tag if tag == tag::context(0) || tag == tag::context(1) => is_choice(source, outer),
        _ => false,
    }
}

/// Returns true if the element is a sequence that begins with a numbered field.
fn is_choice(source: Source<'_>, outer: Element) -> bool {
    let Some(sequence) = der::element(source, outer.contents) else { return false };
    let first = source.slice(sequence.contents).first();
    sequence.tag == tag::SEQUENCE && first.is_none_or(|first| (0xA0..=0xA4).contains(first))
}

/// The most bytes that are in a `NegTokenResp` before its `responseToken`, with room to spare.
const BEFORE: usize = 48;

/// The start of the token that carries the message at `at`, in `within`.
pub(super) fn start(source: Source<'_>, within: Span, at: usize) -> Option<usize> {
    let first = at.saturating_sub(BEFORE).max(within.start);
    (first..at).find(|start| {
        source.0.get(*start) == Some(&tag::context(1))
            && read(source, Span::new(*start, within.end))
                .and_then(|read| read.carried.first().copied())
                .is_some_and(|token| token.start == at && token.len() >= SIGNATURE.len())
    })
}

/// Reads the token at the start of `within`.
pub(super) fn read(source: Source<'_>, within: Span) -> Option<Token> {
    if !begins(source.slice(within)) {
        return None;
    }
    let whole = der::element(source, within)?;
    let mut reader = TokenReader::new(source, whole);
    let mut choice = whole;
    if whole.tag == tag::application(0) {
        // The mechanism's identifier, then the token.
        let mut inside = der::elements(source, whole.contents).skip(1);
        choice = inside.next()?;
        reader.look(choice);
        if choice.tag != tag::context(0) && choice.tag != tag::context(1) {
            return None;
        }
    }
    if let Some(sequence) = der::element(source, choice.contents) {
        reader.look(sequence);
        if choice.tag == tag::context(0) {
            reader.init(sequence);
        } else {
            reader.resp(sequence);
        }
    }
    Some(reader.done(whole))
}

/// A token that is being read, as far as it is known.
struct TokenReader<'b> {
    source: Source<'b>,
    choice: SpnegoChoice,
    facts: Vec<Fact>,
    negotiation: Negotiation,
    findings: Vec<Finding>,
    token: Vec<Span>,
    /// The mechanisms named, in their order.
    mechanisms: Vec<Span>,
    writing: Writing,
    /// One past the last byte that was made sense of.
    next: usize,
}

impl<'b> TokenReader<'b> {
    fn new(source: Source<'b>, whole: Element) -> Self {
        let mut reader = Self {
            source,
            choice: SpnegoChoice::NegTokenResp,
            facts: Vec::new(),
            negotiation: Negotiation::default(),
            findings: Vec::new(),
            token: Vec::new(),
            mechanisms: Vec::new(),
            writing: Writing::default(),
            next: whole.header.end,
        };
        reader.look(whole);
        reader
    }

    /// Remarks how an element is written.
    fn look(&mut self, element: Element) {
        self.writing.look(element, &mut self.findings);
        if !element.is_cut {
            self.next = self.next.max(element.end);
        }
    }

    fn fact(&mut self, name: &'static str, span: Span, value: impl Into<String>) {
        self.facts.push(Fact { name, value: value.into(), span });
    }

    /// The fields of a sequence: the number of each, and the element in it.
    fn fields(&mut self, sequence: Element) -> Vec<(u8, Element)> {
        let mut fields = Vec::with_capacity(4);
        for field in der::elements(self.source, sequence.contents).take(MAX_ITEMS) {
            self.look(field);
            if let Some(value) = der::element(self.source, field.contents) {
                self.look(value);
                fields.push((field.tag.wrapping_sub(tag::context(0)), value));
            }
        }
        fields
    }

    /// `NegTokenInit`, and `NegTokenInit2` where it has hints.
    fn init(&mut self, sequence: Element) {
        self.choice = SpnegoChoice::NegTokenInit;
        for (field, value) in self.fields(sequence) {
            match (field, value.tag) {
                (0, tag::SEQUENCE) => self.mech_types(value),
                (1, tag::BIT_STRING) => self.req_flags(value),
                (2, _) if is_octets(value) => self.carried("mechToken", value),
                (3, tag::SEQUENCE) => self.neg_hints(value),
                (3 | 4, _) if is_octets(value) => self.mech_list_mic(value),
                _ => self.unknown(value),
            }
        }
    }

    /// `NegTokenResp`.
    fn resp(&mut self, sequence: Element) {
        for (field, value) in self.fields(sequence) {
            match (field, value.tag) {
                (0, tag::ENUMERATED) => self.neg_state(value),
                (1, tag::OBJECT_IDENTIFIER) => {
                    self.mechanisms.push(value.contents);
                    let name = oid::name(self.source.slice(value.contents));
                    self.fact("supportedMech", value.contents, name);
                }
                (2, _) if is_octets(value) => self.carried("responseToken", value),
                (3, _) if is_octets(value) => self.mech_list_mic(value),
                _ => self.unknown(value),
            }
        }
    }

    fn unknown(&mut self, value: Element) {
        self.findings.push(Finding::new(
            Code::DerUnknown,
            value.span(),
            format!("A {} has no such field. It is ignored.", self.choice.as_str()),
        ));
    }

    fn mech_types(&mut self, list: Element) {
        self.negotiation.mech_types = self.whole(list, list.span());
        let identifiers = der::elements(self.source, list.contents)
            .filter(|element| element.tag == tag::OBJECT_IDENTIFIER);
        self.mechanisms = identifiers.take(MAX_ITEMS).map(|element| element.contents).collect();
        let names = self.mechanisms.iter().map(|span| oid::name(self.source.slice(*span)));
        let mut names: Vec<_> = names.collect();
        if names.len() == MAX_ITEMS {
            names.push("...".to_owned());
        }
        self.fact("mechTypes", list.contents, names.join(", "));
    }

    /// `reqFlags`: RFC 4178 4.2.1. The first byte says how many bits at the end do not count.
    fn req_flags(&mut self, flags: Element) {
        const NAMES: [&str; 7] = [
            "delegFlag",
            "mutualFlag",
            "replayFlag",
            "sequenceFlag",
            "anonFlag",
            "confFlag",
            "integFlag",
        ];
        let bits = self.source.slice(flags.contents).get(1).copied().unwrap_or_default();
        let set = NAMES.iter().enumerate().filter(|(bit, _)| bits & (0x80 >> bit) != 0);
        let names: Vec<_> = set.map(|(_, name)| *name).collect();
        let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        self.fact("reqFlags", flags.contents, names);
    }

    /// `negHints`: [MS-SPNG] 2.2.1. Servers say in it that it is to be ignored.
    fn neg_hints(&mut self, hints: Element) {
        self.choice = SpnegoChoice::NegTokenInit2;
        let name = der::element(self.source, hints.contents)
            .filter(|field| field.tag == tag::context(0))
            .and_then(|field| der::element(self.source, field.contents));
        let span = name.map_or(hints.contents, |name| name.contents);
        let text = self.source.slice(span);
        let shown = KerberosText(text.get(..MAX_SHOWN_LEN).unwrap_or(text)).to_string();
        self.fact("negHints", span, shown);
    }

    fn neg_state(&mut self, state: Element) {
        let number = der::integer(self.source.slice(state.contents));
        let name = match number {
            Some(0) => "accept-completed",
            Some(1) => "accept-incomplete",
            Some(2) => "reject",
            Some(3) => "request-mic",
            _ => "unknown",
        };
        self.fact("negState", state.contents, name);
        if number == Some(2) {
            self.findings.push(Finding::new(
                Code::SpnegoReject,
                state.contents,
                "negState is reject: the server ends the negotiation.",
            ));
        }
    }

    fn carried(&mut self, name: &'static str, octets: Element) {
        self.token = der::segments(self.source, octets);
        let len = self.token.iter().map(|span| span.len()).sum();
        self.fact(name, octets.contents, count(len));
    }

    /// The bytes at `span` of an element that is all there, and no longer than one that anybody
    /// sends.
    fn whole(&self, element: Element, span: Span) -> Option<Vec<u8>> {
        let is_whole = !element.is_cut && span.len() <= MAX_SIGNED_LEN;
        is_whole.then(|| self.source.slice(span).to_vec())
    }

    fn mech_list_mic(&mut self, mic: Element) {
        self.negotiation.mech_list_mic = self.whole(mic, mic.contents);
        let bytes = self.source.slice(mic.contents);
        let mut text = hex(bytes.get(..MAX_SHOWN_LEN).unwrap_or(bytes));
        if bytes.len() > MAX_SHOWN_LEN {
            text.push_str("...");
        }
        self.fact("mechListMIC", mic.contents, text);
        self.facts.extend(mech_list_mic::facts(self.source, mic.contents));
    }

    /// Compares the token with the mechanisms that are named.
    fn check_order(&mut self) {
        let Some(first) = self.token.first() else { return };
        let token = self.source.slice(*first);
        let is_ntlm = token.starts_with(SIGNATURE);
        let is_kerberos = gss::is_kerberos(token) || kerberos::begins(token);
        let place = self
            .mechanisms
            .iter()
            .position(|mechanism| self.source.slice(*mechanism) == oid::NTLMSSP);
        let Some(list) = self.mechanisms.first().zip(self.mechanisms.last()) else { return };
        let list = Span::new(list.0.start, list.1.end);
        let named = |span: &Span| oid::name(self.source.slice(*span));
        let preferred = self.mechanisms.first().map(named).unwrap_or_default();
        let finding = match (is_ntlm, place) {
            (true, None) => Finding::new(
                Code::SpnegoNotListed,
                list,
                format!(
                    "An NTLM message is carried, and the only mechanisms named are others: {preferred}."
                ),
            ),
            (true, Some(1..)) => Finding::new(
                Code::SpnegoOrder,
                list,
                format!("An NTLM message is carried, though {preferred} is preferred."),
            ),
            (false, Some(1..)) if is_kerberos => Finding::new(
                Code::SpnegoOrder,
                list,
                format!("{preferred} is preferred, and NTLMSSP is offered too."),
            ),
            _ => return,
        };
        self.findings.push(finding);
    }

    fn done(mut self, whole: Element) -> Token {
        self.check_order();
        let next = if self.writing.is_cut { self.next } else { whole.end };
        let kind = LayerKind::Spnego(self.choice);
        let Negotiation { mech_types, mech_list_mic } = &self.negotiation;
        let is_there = mech_types.is_some() || mech_list_mic.is_some();
        let negotiation = is_there.then(|| Arc::new(self.negotiation));
        let layer = Layer { facts: self.facts, negotiation, ..Layer::new(kind, whole.span()) };
        let is_cut = self.writing.is_cut;
        Token { layer, findings: self.findings, carried: self.token, next, is_cut }
    }
}

/// Returns true if it is an `OCTET STRING`, in one part or in segments.
const fn is_octets(element: Element) -> bool {
    element.tag & !tag::CONSTRUCTED == tag::OCTET_STRING
}
