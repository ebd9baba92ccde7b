//! The framing of GSS-API around a mechanism's first token.
//!
//! Spec: RFC 2743 3.1, RFC 4121 4.1 for the two bytes that tell Kerberos tokens apart.

use crate::base::span::{Source, Span};
use crate::message::{
    der::{self, Element, Writing, tag},
    kerberos,
    ntlm::SIGNATURE,
};
use crate::read::{
    carrier::{Token, oid},
    layer::{Fact, Layer, LayerKind},
};

/// Names of `TOK_ID`.
const TOKENS: [([u8; 2], &str); 5] = [
    ([1, 0], "KRB_AP_REQ"),
    ([2, 0], "KRB_AP_REP"),
    ([3, 0], "KRB_ERROR"),
    ([4, 0], "KRB_TGT_REQ"),
    ([4, 1], "KRB_TGT_REP"),
];

/// The framing at the start of `within`, and the contents of the mechanism's identifier.
pub(super) fn mechanism(source: Source<'_>, within: Span) -> Option<(Element, Span)> {
    let element = der::element(source, within).filter(|e| e.tag == tag::application(0))?;
    let mechanism = der::element(source, element.contents)
        .filter(|mechanism| mechanism.tag == tag::OBJECT_IDENTIFIER && !mechanism.is_cut)?;
    Some((element, mechanism.contents))
}

/// Returns true if the bytes are a framed token of Kerberos.
pub(super) fn is_kerberos(token: &[u8]) -> bool {
    let source = Source(token);
    mechanism(source, Span::new(0, token.len()))
        .is_some_and(|(_, mechanism)| oid::is_kerberos(source.slice(mechanism)))
}

/// The start of the framing whose mechanism identifier begins at `at`, not before `from`; `None` if
/// the identifier is not one that is looked for in unknown bytes.
pub(super) fn start(bytes: &[u8], from: usize, at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let begins = |contents: &[u8]| {
        rest.get(1).is_some_and(|len| usize::from(*len) == contents.len())
            && rest.get(2..).is_some_and(|rest| rest.starts_with(contents))
    };
    if rest.first() != Some(&tag::OBJECT_IDENTIFIER)
        || !(begins(oid::SPNEGO) || begins(oid::KERBEROS))
    {
        return None;
    }
    // Tag and length take two bytes, or up to six.
    (2..=6).filter_map(|size| at.checked_sub(size)).filter(|start| *start >= from).find(|start| {
        let opening = der::opening(Source(bytes), Span::new(*start, at));
        opening == Some((tag::application(0), at))
    })
}

/// Reads the framed token at the start of `within`, of any mechanism but SPNEGO.
pub(super) fn read(source: Source<'_>, within: Span) -> Option<Token> {
    let (element, mechanism) = mechanism(source, within)?;
    let mut token = Span::new(mechanism.end, element.contents.end);
    let name = oid::name(source.slice(mechanism));
    // What has numbers only may be anything, unless it carries what is known.
    if name.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && !source.slice(token).starts_with(SIGNATURE)
    {
        return None;
    }
    let mut facts = vec![Fact { name: "thisMech", value: name, span: mechanism }];
    let token_id = source.array::<2>(token.start).filter(|id| token.contains(id.span));
    let known = token_id.and_then(|id| {
        let (_, name) = TOKENS.iter().find(|(known, _)| *known == id.value)?;
        Some((id.span, *name))
    });
    if let Some((span, name)) = known
        && oid::is_kerberos(source.slice(mechanism))
    {
        facts.push(Fact { name: "TOK_ID", value: name.to_owned(), span });
        if kerberos::begins(source.slice(Span::new(span.end, token.end))) {
            token.start = span.end;
        }
    }
    let layer = Layer { facts, ..Layer::new(LayerKind::GssApi, element.span()) };
    let mut findings = Vec::new();
    Writing::default().look(element, &mut findings);
    let (next, is_cut) = (element.end, element.is_cut);
    Some(Token { layer, findings, carried: vec![token], next, is_cut })
}
