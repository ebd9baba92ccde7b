//! LDAP: a `bindRequest` or `bindResponse` with SASL or with Sicily, which is NTLM of its own kind.
//!
//! Spec: RFC 4511 4.1.1 and 4.2, [MS-ADTS] 5.1.1.1.3.

use super::{Envelope, has_token};
use crate::base::span::{Source, Span};
use crate::message::der::{self, Element, Writing, tag};
use crate::read::layer::{Fact, Layer, LayerKind};

/// `BindRequest`.
const REQUEST: u8 = tag::application(0);
/// `BindResponse`.
const RESPONSE: u8 = tag::application(1);
/// `sasl` of `AuthenticationChoice`.
const SASL: u8 = tag::context(3);
/// `sicilyNegotiate` and `sicilyResponse` of `AuthenticationChoice`.
const SICILY: [u8; 2] = [0x8A, 0x8B];
/// `serverSaslCreds` of `BindResponse`.
const SERVER_SASL_CREDS: u8 = 0x87;

/// Reads the message at the start of `within`.
pub(super) fn read(source: Source<'_>, within: Span) -> Option<Envelope> {
    let message = definite(source, within)?;
    let mut parts = Parts { source, rest: message.contents };
    let id = parts.next(tag::INTEGER)?;
    let operation = parts.any()?;
    let mut parts = Parts { source, rest: operation.contents };
    let mut facts = vec![fact("messageID", number(source, id)?, id)];
    let (name, token) = match operation.tag {
        REQUEST => ("bindRequest", request(&mut parts, &mut facts)?),
        RESPONSE => ("bindResponse", response(&mut parts, &mut facts)?),
        _ => return None,
    };
    // What ends outside its message is none, unless the message itself is cut.
    if token.is_cut && !message.is_cut || !has_token(source, token.contents) {
        return None;
    }
    let mut findings = Vec::new();
    Writing::default().look(message, &mut findings);
    let layer = Layer { facts, ..Layer::new(LayerKind::Ldap(name), message.span()) };
    Some(Envelope { layer, findings, token: token.contents })
}

/// The token of a request: version, name, and how the client signs in.
fn request(parts: &mut Parts<'_>, facts: &mut Vec<Fact>) -> Option<Element> {
    parts.next(tag::INTEGER)?;
    parts.next(tag::OCTET_STRING)?;
    let choice = parts.any()?;
    if !parts.rest.is_empty() {
        return None;
    }
    if SICILY.contains(&choice.tag) {
        return Some(choice);
    }
    if choice.tag != SASL {
        return None;
    }
    let mut parts = Parts { source: parts.source, rest: choice.contents };
    let mechanism = parts.next(tag::OCTET_STRING)?;
    let name = str::from_utf8(parts.source.slice(mechanism.contents)).ok()?;
    facts.push(fact("mechanism", name.to_owned(), mechanism));
    parts.last(tag::OCTET_STRING)
}

/// The token of a response: behind the result in SASL, in the place of a name in Sicily.
fn response(parts: &mut Parts<'_>, facts: &mut Vec<Fact>) -> Option<Element> {
    let code = parts.next(tag::ENUMERATED)?;
    facts.push(fact("resultCode", number(parts.source, code)?, code));
    let name = parts.next(tag::OCTET_STRING)?;
    if name.contents.is_empty() {
        parts.next(tag::OCTET_STRING)?;
        return parts.last(SERVER_SASL_CREDS);
    }
    let is_all = parts.rest.is_empty() || parts.last(tag::OCTET_STRING).is_some();
    is_all.then_some(name)
}

fn fact(name: &'static str, value: String, element: Element) -> Fact {
    Fact { name, value, span: element.contents }
}

fn number(source: Source<'_>, element: Element) -> Option<String> {
    Some(der::integer(source.slice(element.contents))?.to_string())
}

/// Elements one after another.
struct Parts<'b> {
    source: Source<'b>,
    rest: Span,
}

impl Parts<'_> {
    /// The next element, if it has that tag.
    fn next(&mut self, tag: u8) -> Option<Element> {
        self.any().filter(|element| element.tag == tag)
    }

    /// The next element, if it has that tag and nothing follows it: a wrong length leaves
    /// something.
    fn last(&mut self, tag: u8) -> Option<Element> {
        self.next(tag).filter(|_| self.rest.is_empty())
    }

    fn any(&mut self) -> Option<Element> {
        let element = definite(self.source, self.rest)?;
        self.rest.start = element.end;
        Some(element)
    }
}

/// The element at the start of `within`. LDAP has no indefinite lengths (RFC 4511 5.1).
fn definite(source: Source<'_>, within: Span) -> Option<Element> {
    let is_indefinite = source.slice(within).get(1) == Some(&0x80);
    if is_indefinite { None } else { der::element(source, within) }
}
