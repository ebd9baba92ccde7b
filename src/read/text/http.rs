//! The HTTP header fields that carry NTLM and SPNEGO tokens, as headers and as logs write them.
//!
//! Spec: [MS-NTHT], RFC 4559, RFC 9110 11.6.

use super::{
    base64::Base64Run,
    marks::{Context, TokenMark},
    scanning::{byte_before, is_space, is_word, part, skip_while, starts_with_ignore_case},
};
use crate::base::span::Span;
use crate::read::layer::{HttpHeader, LayerKind};

/// The header fields, and where `Auth` is in them. Of those that end alike the longest is first.
const HEADERS: [(HttpHeader, usize); 4] = [
    (HttpHeader::ProxyAuthorization, 6),
    (HttpHeader::Authorization, 0),
    (HttpHeader::WwwAuthenticate, 4),
    (HttpHeader::ProxyAuthenticate, 6),
];

/// The two schemes whose tokens are read, and others that may be in the place of a token.
const SCHEMES: [&str; 6] = ["NTLM", "Negotiate", "Basic", "Bearer", "Digest", "Kerberos"];

/// The word before a value, where a header is written as a pair: `name="…" value="…"`.
const VALUE: &str = "value";

/// The next token is looked for so far behind a name or a token, in bytes.
const MAX_BETWEEN_LEN: usize = 256;

/// Finds the tokens of the header whose name has its `Auth` at `at`. Where what was read for it
/// ends; `None` where there is no such header.
///
/// The next one is looked for from there: what looks like a header within a token would be read as
/// often as there are headers before it.
pub(super) fn header(text: &[u8], at: usize, context: &mut Context) -> Option<usize> {
    let (header, name_start) = name_at(text, at)?;
    let mut at = name_start + header.as_str().len();
    // `Authorization: NTLM`, `"Authorization", "value": "NTLM`, `["Authorization"] = "NTLM`.
    let behind = gap(text, at);
    let between = part(text, Span::new(at, behind));
    if !between.iter().any(|byte| b":=,".contains(byte))
        && !starts_with_ignore_case(text, behind, VALUE)
    {
        return Some(at);
    }
    let mut limit = at + MAX_BETWEEN_LEN;
    loop {
        let start = gap(text, at);
        let word = Span::new(start, skip_while(text, start, is_word));
        if word.is_empty()
            || start > limit
            || HEADERS.iter().any(|(header, _)| is_one_of(text, word, &[header.as_str()]))
        {
            return Some(start);
        }
        at = word.end;
        let behind = skip_while(text, at, is_space);
        if is_one_of(text, word, &[VALUE]) {
            continue;
        }
        if is_parameter(text, at) {
            at = end_of_parameter(text, at);
            limit = limit.max(at + MAX_BETWEEN_LEN);
            continue;
        }
        if is_one_of(text, word, &SCHEMES[..2]) {
            let is_folded = byte_before(text, behind, 1) != Some(b'\n');
            let token = Base64Run::at(text, behind).filter(|token| {
                behind > at && is_folded && !is_one_of(text, token.digits, &SCHEMES)
            });
            let has_parameters =
                is_folded && behind > at && is_parameter(text, skip_while(text, behind, is_word));
            if has_parameters {
                // SIP has its token in one of them, and is no HTTP.
                continue;
            }
            if let Some(token) = token {
                let kind = LayerKind::HttpHeader(header);
                context.add(TokenMark { kind, start: name_start, token: behind });
                at = token.end;
                limit = at + MAX_BETWEEN_LEN;
            }
        } else if behind > at {
            context.foreign.get_or_insert((header, word));
        }
        if header.is_from_client() {
            // There is one answer, and several challenges.
            return Some(at);
        }
    }
}

/// Returns true if the value of a parameter follows at `at`, such as a realm. The padding of a
/// token is followed by what closes its string.
fn is_parameter(text: &[u8], at: usize) -> bool {
    let value = text.get(at + 1).copied().unwrap_or_default();
    let behind = text.get(at + 2).copied().unwrap_or_default();
    text.get(at) == Some(&b'=')
        && match value {
            b'"' => behind == b'"' || !(is_space(behind) || b",;)]}\0".contains(&behind)),
            _ => is_word(value),
        }
}

/// The end of the parameter whose name ends at `at`.
fn end_of_parameter(text: &[u8], at: usize) -> usize {
    let value = at + 1;
    if text.get(value) != Some(&b'"') {
        return skip_while(text, value, is_word);
    }
    skip_while(text, value + 1, |byte| byte != b'"' && byte != b'\n') + 1
}

/// The header field with its `Auth` at `at`, and where it begins.
fn name_at(text: &[u8], at: usize) -> Option<(HttpHeader, usize)> {
    HEADERS.iter().find_map(|&(header, auth)| {
        let start = at.checked_sub(auth)?;
        let is_alone = match part(text, Span::new(0, start)) {
            // An escaped line end may be in front of it.
            [.., b'\\', b'n' | b'r' | b't'] => true,
            [.., before] => !is_word(*before),
            [] => true,
        };
        (is_alone && starts_with_ignore_case(text, start, header.as_str()))
            .then_some((header, start))
    })
}

fn is_one_of(text: &[u8], word: Span, known: &[&str]) -> bool {
    known
        .iter()
        .any(|known| known.len() == word.len() && starts_with_ignore_case(text, word.start, known))
}

/// The place where the next word may begin behind a name, a scheme or a token: on the same line, or
/// on one that is indented.
fn gap(text: &[u8], from: usize) -> usize {
    let mut at = from;
    loop {
        at = skip_while(text, at, |byte| b" \t\r:,=\"'\\()[]{}".contains(&byte));
        if text.get(at) != Some(&b'\n') || !matches!(text.get(at + 1), Some(b' ' | b'\t')) {
            return at;
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::text::context::around_at_once as around;

    #[test]
    fn tokens_are_found_behind_the_names_and_words_that_logs_write() {
        #[rustfmt::skip]
        let cases = [
            ("> Proxy-Authorization: NTLM TlRMTVNT",                     "Proxy-Authorization"),
            ("12:00:01.12 < WWW-Authenticate: Negotiate TlRM",           "WWW-Authenticate"),
            ("www-authenticate: negotiate, ntlm TlRM",                   "WWW-Authenticate"),
            ("WWW-Authenticate: Basic realm=\"NTLM x\", NTLM TlRM",      "WWW-Authenticate"),
            ("Authorization: NTLM\r\n  TlRM",                            "Authorization"),
            ("{\"name\": \"authorization\",\n \"value\": \"NTLM TlRM\"", "Authorization"),
            ("headers[\"Authorization\"] = 'NTLM TlRM'",                 "Authorization"),
            ("Www-Authenticate:[Negotiate NTLM TlRM]",                   "WWW-Authenticate"),
            ("Proxy-Authenticate: NTLM\nAuthorization: NTLM TlRM",       "Authorization"),
        ];
        for (text, name) in cases {
            let context = around(text.as_bytes());
            let mark = context.marks.last().copied().unwrap_or_else(|| panic!("{text}"));
            let LayerKind::HttpHeader(header) = mark.kind else { panic!("{text}: {mark:?}") };
            assert_eq!(header.as_str(), name, "{text}");
            assert_eq!(mark.token, text.find("TlRM").unwrap(), "{text}");
            assert_eq!(context.marks.len(), 1, "{text}");
            assert!(starts_with_ignore_case(text.as_bytes(), mark.start, name), "{text}");
        }
        for text in [
            "X-Authorization: NTLM TlRM",
            "Authorization NTLM TlRM",
            "Authorization: NTLM",
            "Authorization: NTLM qop=\"auth\", version=4, gssapi-data=\"TlRM\"",
            "WWW-Authenticate: NTLM realm=\"\", gssapi-data=\"TlRM\"",
        ] {
            assert!(around(text.as_bytes()).marks.is_empty(), "{text}");
        }
        let foreign = around(b"Authorization: Basic dXNlcg==").foreign;
        assert_eq!(foreign, Some((HttpHeader::Authorization, Span::new(15, 20))));
    }
}
