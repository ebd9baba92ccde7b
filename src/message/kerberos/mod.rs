//! Kerberos: the AP-REQ that a client sends instead of NTLM messages.
//!
//! Spec: RFC 4120. Nothing is decrypted.

mod shape;

use std::sync::Arc;

use crate::base::{
    finding::{Code, Finding},
    span::{Located, Source, Span, in_order},
};
use crate::message::{
    der::{self, tag},
    field::{Field, Name, Value},
    missing::{KnownEnd, Missing},
    ntlm,
    wire::{KerberosValue, encryption_type},
};

/// An AP-REQ: its bytes, and what is odd about them. What they mean is read where it is asked for.
/// All spans count from its first byte.
///
/// Spec: RFC 4120 5.5.1.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ApReq {
    bytes: Arc<[u8]>,
    /// The bytes that are there and those that are missing, if the paste ends inside it.
    pub missing: Option<Missing>,
    /// The findings, in the order of the bytes.
    pub findings: Vec<Finding>,
}

/// The encryption of a part, whose contents cannot be seen.
///
/// Spec: RFC 4120 5.2.9.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct EncryptedData {
    /// `etype`.
    pub etype: Option<Located<i64>>,
    /// `kvno`: the number of the key.
    pub kvno: Option<Located<i64>>,
    /// `cipher`: where its bytes are.
    pub cipher: Option<Span>,
}

impl EncryptedData {
    /// The name of `etype`, or its number.
    #[must_use]
    pub fn encryption(&self) -> Option<String> {
        let number = self.etype?.value;
        let sign = if number < 0 { "-" } else { "" };
        let plain = || format!("{sign}{}", number.unsigned_abs());
        Some(encryption_type(number).map_or_else(plain, str::to_owned))
    }
}

/// Returns true if bytes that begin like this can be an AP-REQ: its outer tags are there, and that
/// of `pvno`.
#[must_use]
pub fn begins(head: &[u8]) -> bool {
    let source = Source(head);
    let inside = |within, tag| {
        let element = der::element(source, within).filter(|element| element.tag == tag)?;
        Some(element.contents)
    };
    inside(Span::new(0, head.len()), tag::application(14))
        .and_then(|contents| inside(contents, tag::SEQUENCE))
        .is_some_and(|fields| match source.slice(fields) {
            [] => true,
            [first, rest @ ..] => {
                *first == tag::context(0) && rest.get(1).is_none_or(|tag| *tag == tag::INTEGER)
            }
        })
}

impl ApReq {
    /// Reads `bytes`, which are one AP-REQ. What can be read is read; what cannot becomes a finding
    /// with a place.
    #[must_use]
    pub fn parse(bytes: Arc<[u8]>) -> Self {
        Self::parse_ending(bytes, KnownEnd::Open)
    }

    /// Reads `bytes`, which are one AP-REQ, or what is there of one. `ending` is what its carrier
    /// tells of its end.
    #[must_use]
    pub fn parse_ending(bytes: Arc<[u8]>, ending: KnownEnd) -> Self {
        let missing = missing(&bytes, ending);
        let mut findings = Vec::new();
        let root = shape::walk(Source(&bytes), &mut findings);
        for (path, wanted) in [(&["pvno"][..], 5), (&["msg-type"], 14), (&["ticket", "tkt-vno"], 5)]
        {
            if let Some(number) = number(&root, path).filter(|number| number.value != wanted) {
                let name = path.last().copied().unwrap_or_default();
                let text = format!("{name} is not {wanted}, as in every AP-REQ.");
                findings.push(Finding::new(Code::KerberosNumber, number.span, text));
            }
        }
        if let Some((options, span)) = value(&root, &["ap-options"])
            && options.options().1
        {
            let text = "Reserved bits of ap-options are set. Receivers ignore them.";
            findings.push(Finding::new(Code::KerberosReserved, span, text));
        }
        match node(&root, NAME_STRING).map(joined) {
            Some(name) if name.value.is_empty() => findings.push(Finding::new(
                Code::TargetNameEmpty,
                node(&root, SNAME).map_or(name.span, |field| field.span),
                "sname is there but empty.",
            )),
            Some(name) => ntlm::check_form(&name, &mut findings),
            None => {}
        }
        drop(root);
        let mut message = Self { bytes, missing, findings };
        message.check_missing();
        message.findings = in_order(message.findings, |finding| finding.span);
        message
    }

    /// Reports one finding if the paste ends inside the message, in place of all that would be said
    /// of the missing bytes.
    fn check_missing(&mut self) {
        let Some(missing) = self.missing else { return };
        self.findings.retain(|finding| finding.span.end < missing.have);
        let untold = match self.sname() {
            Some(_) => "The authenticator cannot be read from the part that is there.",
            None => "The name of the service cannot be read from the part that is there.",
        };
        let text = format!("{} {untold}", missing.sentence());
        self.findings.push(Finding::new(Code::MessageCut, Span::empty(missing.have), text));
    }

    /// Passes on `read` unless it reaches to the end of a paste that is cut: then part of it may be
    /// missing.
    fn whole<T>(&self, read: Option<Located<T>>) -> Option<Located<T>> {
        read.filter(|read| self.missing.is_none_or(|missing| read.span.end < missing.have))
    }

    /// All bytes of the message.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its bytes, shared.
    #[must_use]
    pub fn shared_bytes(&self) -> Arc<[u8]> {
        Arc::clone(&self.bytes)
    }

    /// The message as a tree of fields.
    #[must_use]
    pub fn field(&self) -> Field<'_> {
        shape::walk(Source(&self.bytes), &mut Vec::new())
    }

    /// `ap-options`: the names of those that are set.
    #[must_use]
    pub fn ap_options(&self) -> Option<Vec<&'static str>> {
        let (value, span) = value(&self.field(), &["ap-options"])?;
        Some(self.whole(Some(Located { value, span }))?.value.options().0)
    }

    /// `realm` of the ticket.
    #[must_use]
    pub fn realm(&self) -> Option<Located<String>> {
        let (text, span) = value(&self.field(), &["ticket", "realm"])?;
        self.whole(Some(Located { value: text.to_string(), span }))
    }

    /// `sname` of the ticket: its parts with `/` between them, from the first to the last. The
    /// realm is no part of it.
    #[must_use]
    pub fn sname(&self) -> Option<Located<String>> {
        let root = self.field();
        let name_string = node(&root, NAME_STRING)?;
        let is_whole = self.missing.is_none_or(|missing| name_string.span.end < missing.have);
        is_whole.then(|| joined(name_string))
    }

    /// All bytes of `sname`.
    #[must_use]
    pub fn sname_field(&self) -> Option<Span> {
        Some(node(&self.field(), SNAME)?.span)
    }

    /// `enc-part` of the ticket, for the server alone.
    #[must_use]
    pub fn ticket(&self) -> EncryptedData {
        self.encrypted(&["ticket", "enc-part"])
    }

    /// `authenticator`, for the server alone.
    #[must_use]
    pub fn authenticator(&self) -> EncryptedData {
        self.encrypted(&["authenticator"])
    }

    fn encrypted(&self, path: &[&str]) -> EncryptedData {
        let root = self.field();
        let Some(field) = node(&root, path) else { return EncryptedData::default() };
        EncryptedData {
            etype: self.whole(number(field, &["etype"])),
            kvno: self.whole(number(field, &["kvno"])),
            cipher: node(field, &["cipher", "value"]).map(|cipher| cipher.span),
        }
    }
}

/// The path of the service's name in the tree.
const SNAME: &[&str] = &["ticket", "sname"];
/// The path of its parts.
const NAME_STRING: &[&str] = &["ticket", "sname", "name-string"];

/// The node of the tree that `path` leads to.
fn node<'f, 'm>(root: &'f Field<'m>, path: &[&str]) -> Option<&'f Field<'m>> {
    path.iter().try_fold(root, |field, name| {
        field.children.iter().find(|child| matches!(child.name, Name::Field(own) if own == *name))
    })
}

/// The value of that node, and its bytes.
fn value<'m>(root: &Field<'m>, path: &[&str]) -> Option<(KerberosValue<'m>, Span)> {
    let value = node(node(root, path)?, &["value"])?;
    if let Value::Kerberos(meaning) = value.value { Some((meaning, value.span)) } else { None }
}

fn number(root: &Field<'_>, path: &[&str]) -> Option<Located<i64>> {
    let (value, span) = value(root, path)?;
    Some(Located { value: value.number()?, span })
}

/// The missing bytes of the AP-REQ of which `bytes` is all there is. `None` if nothing is missing,
/// or if the message is broken rather than the paste cut.
fn missing(bytes: &[u8], ending: KnownEnd) -> Option<Missing> {
    let have = bytes.len();
    let element = der::element(Source(bytes), Span::new(0, have))?;
    if ending == KnownEnd::Whole || !element.is_cut {
        return None;
    }
    let of = der::announced_len(bytes);
    let is_near = of.is_none_or(|of| of.saturating_sub(have) <= Missing::MAX_BEYOND);
    is_near.then_some(Missing { have, of })
}

/// The parts of `name-string` with `/` between them, from the first byte of the first to the last
/// of the last.
fn joined(name_string: &Field<'_>) -> Located<String> {
    let parts = name_string.children.iter().filter(|child| matches!(child.name, Name::Index(_)));
    let mut text = String::new();
    let mut span: Option<Span> = None;
    for part in parts {
        let (value, place) = value(part, &[])
            .map_or((String::new(), part.span), |(value, span)| (value.to_string(), span));
        if span.is_some() {
            text.push('/');
        }
        text.push_str(&value);
        span = Some(Span::new(span.map_or(place.start, |span| span.start), place.end));
    }
    Located { value: text, span: span.unwrap_or_else(|| Span::empty(name_string.span.end)) }
}
