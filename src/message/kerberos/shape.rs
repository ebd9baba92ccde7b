//! The parts of an AP-REQ, and the walk through them.
//!
//! Spec: RFC 4120 5.2.2, 5.2.9, 5.3 and 5.5.1.
//!
//! Tags and lengths are leaves of their own, so that the bytes are tiled as those of an NTLM
//! message are.

use crate::base::{
    finding::{Code, Finding},
    span::{Source, Span},
};
use crate::message::{
    der::{self, Element, Writing, tag},
    field::{Field, Name, Value},
    wire::{KerberosMeaning, KerberosValue},
};

/// A numbered field of a sequence.
struct MessagePart {
    number: u8,
    name: &'static str,
    kind: FieldKind,
    is_optional: bool,
}

/// The kind of value in a field.
enum FieldKind {
    /// A value in an element of that tag.
    Value(u8, KerberosMeaning),
    /// Bytes.
    Octets,
    /// A sequence of numbered fields, in an element of that application tag where there is one.
    Sequence(Option<u8>, &'static [MessagePart]),
    /// A sequence of texts.
    Texts,
}

const fn part(number: u8, name: &'static str, kind: FieldKind) -> MessagePart {
    MessagePart { number, name, kind, is_optional: false }
}

const NUMBER: FieldKind = FieldKind::Value(tag::INTEGER, KerberosMeaning::Number);
const TEXT: FieldKind = FieldKind::Value(tag::GENERAL_STRING, KerberosMeaning::Text);

const ENCRYPTED_DATA: FieldKind = FieldKind::Sequence(
    None,
    &[
        part(0, "etype", FieldKind::Value(tag::INTEGER, KerberosMeaning::EncryptionType)),
        MessagePart { number: 1, name: "kvno", kind: NUMBER, is_optional: true },
        part(2, "cipher", FieldKind::Octets),
    ],
);

const PRINCIPAL_NAME: FieldKind = FieldKind::Sequence(
    None,
    &[
        part(0, "name-type", FieldKind::Value(tag::INTEGER, KerberosMeaning::NameType)),
        part(1, "name-string", FieldKind::Texts),
    ],
);

const TICKET: FieldKind = FieldKind::Sequence(
    Some(tag::application(1)),
    &[
        part(0, "tkt-vno", NUMBER),
        part(1, "realm", TEXT),
        part(2, "sname", PRINCIPAL_NAME),
        part(3, "enc-part", ENCRYPTED_DATA),
    ],
);

const AP_REQ: FieldKind = FieldKind::Sequence(
    Some(tag::application(14)),
    &[
        part(0, "pvno", NUMBER),
        part(1, "msg-type", NUMBER),
        part(2, "ap-options", FieldKind::Value(tag::BIT_STRING, KerberosMeaning::ApOptions)),
        part(3, "ticket", TICKET),
        part(4, "authenticator", ENCRYPTED_DATA),
    ],
);

/// The most items of `name-string`, and the most fields of a sequence, that are looked at. Names
/// have two or three.
const MAX_ITEMS: usize = 64;

/// The tree of an AP-REQ that `message` is the whole of, and what is odd about it.
pub(super) fn walk<'m>(message: Source<'m>, findings: &mut Vec<Finding>) -> Field<'m> {
    let whole = Span::new(0, message.0.len());
    let mut walker = Walker { message, findings, writing: Writing::default() };
    walker.field(Name::Field("AP-REQ"), whole, whole, &AP_REQ)
}

struct Walker<'m, 'f> {
    message: Source<'m>,
    findings: &'f mut Vec<Finding>,
    writing: Writing,
}

impl<'m> Walker<'m, '_> {
    /// The field that takes `span`, with the element of its value in `inside`.
    fn field(
        &mut self,
        name: Name,
        span: Span,
        inside: Span,
        kind: &'static FieldKind,
    ) -> Field<'m> {
        let (tags, count) = match kind {
            FieldKind::Value(tag, _) => ([*tag, 0], 1),
            FieldKind::Octets => ([tag::OCTET_STRING, 0], 1),
            FieldKind::Sequence(Some(tag), _) => ([*tag, tag::SEQUENCE], 2),
            FieldKind::Sequence(None, _) | FieldKind::Texts => ([tag::SEQUENCE, 0], 1),
        };
        let mut value = inside;
        let mut fits = true;
        for tag in tags.iter().take(count) {
            let Some(element) = self.element(value, *tag) else {
                fits = false;
                break;
            };
            value = element.contents;
        }
        let mut children = Vec::with_capacity(4);
        let bytes = |span| Value::Bytes(self.message.slice(span));
        let head = Span::new(span.start, value.start);
        children.push(Field::leaf("tag and length", head, bytes(head)));
        match kind {
            _ if !fits => children.push(Field::leaf("value", value, bytes(value))),
            FieldKind::Value(_, meaning) => {
                let bytes = self.message.slice(value);
                let meant = Value::Kerberos(KerberosValue { meaning: *meaning, bytes });
                children.push(Field::leaf("value", value, meant));
            }
            FieldKind::Octets => children.push(Field::leaf("value", value, bytes(value))),
            FieldKind::Sequence(_, parts) => children.extend(self.parts(value, parts)),
            FieldKind::Texts => children.extend(self.texts(value)),
        }
        let tail = Span::new(value.end, span.end);
        if self.message.slice(tail).iter().all(|byte| *byte == 0) {
            let tail = Field::leaf("end of contents", tail, Value::Bytes(self.message.slice(tail)));
            children.push(tail);
        } else {
            self.unknown(tail);
        }
        children.retain(|child| !child.span.is_empty());
        Field { name, span, value: Value::Structure, children }
    }

    /// The element at the start of `within`, where it has that tag.
    fn element(&mut self, within: Span, tag: u8) -> Option<Element> {
        let element = der::element(self.message, within)?;
        self.writing.look(element, self.findings);
        if element.tag == tag {
            return Some(element);
        }
        self.findings.push(Finding::new(
            Code::DerUnexpected,
            element.span(),
            format!("An element has the tag {:#04x} where {tag:#04x} belongs.", element.tag),
        ));
        None
    }

    fn unknown(&mut self, span: Span) {
        self.findings.push(Finding::new(
            Code::DerUnknown,
            span,
            "RFC 4120 has no such field here. It is ignored.",
        ));
    }

    /// The fields of a sequence that are in `within`.
    fn parts(&mut self, within: Span, parts: &'static [MessagePart]) -> Vec<Field<'m>> {
        let mut fields = Vec::with_capacity(parts.len());
        let mut rest = parts;
        let mut end = within.start;
        for element in der::elements(self.message, within).take(MAX_ITEMS) {
            end = element.end;
            let place = rest.iter().position(|part| tag::context(part.number) == element.tag);
            let Some((skipped, [part, after @ ..])) =
                place.and_then(|at| rest.split_at_checked(at))
            else {
                self.writing.look(element, self.findings);
                self.unknown(element.span());
                continue;
            };
            self.missing(skipped, element.header.start);
            rest = after;
            self.writing.look(element, self.findings);
            let name = Name::Field(part.name);
            fields.push(self.field(name, element.span(), element.contents, &part.kind));
        }
        if end < within.end {
            self.unknown(Span::new(end, within.end));
        }
        self.missing(rest, within.end);
        fields
    }

    /// Reports the parts a sequence lacks, unless it is cut before them.
    fn missing(&mut self, parts: &'static [MessagePart], at: usize) {
        for part in parts.iter().filter(|part| !part.is_optional) {
            if !self.writing.is_cut {
                let text = format!("{} is missing.", part.name);
                self.findings.push(Finding::new(Code::DerUnexpected, Span::empty(at), text));
            }
        }
    }

    fn texts(&mut self, within: Span) -> Vec<Field<'m>> {
        let mut texts = Vec::with_capacity(2);
        let mut end = within.start;
        for (index, element) in (0..MAX_ITEMS).zip(der::elements(self.message, within)) {
            end = element.end;
            texts.push(self.field(Name::Index(index), element.span(), element.span(), &TEXT));
        }
        if end < within.end {
            self.unknown(Span::new(end, within.end));
        }
        texts
    }
}
