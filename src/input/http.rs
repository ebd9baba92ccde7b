//! The HTTP header fields that carry NTLM and SPNEGO tokens, as headers and as logs write them.
//!
//! Spec: [MS-NTHT], RFC 4559, RFC 9110 11.6.

use super::{
    base64::Run,
    context::{Context, Foreign, Mark, goes_on, is_word},
};
use crate::{layer::LayerKind, span::Span};

/// The header fields, and where `Auth` stands in them. Of those that end alike the longest is first.
const HEADERS: [(&str, usize); 4] = [
    ("Proxy-Authorization", 6),
    ("Authorization", 0),
    ("WWW-Authenticate", 4),
    ("Proxy-Authenticate", 6),
];

/// The schemes whose tokens are read.
const SCHEMES: [&str; 2] = ["NTLM", "Negotiate"];

/// Words that may stand where a token could, and are a scheme of their own.
const OTHER_SCHEMES: [&str; 4] = ["Basic", "Bearer", "Digest", "Kerberos"];

/// What stands before a value where a header is written as a pair: `name="…" value="…"`.
const VALUE: &str = "value";

/// How far behind a name or a token the next token is looked for, in bytes.
const LONGEST_BETWEEN: usize = 256;

/// Finds the tokens of the header whose name has its `Auth` at `at`. Whether there is such a header.
pub(super) fn header(text: &[u8], at: usize, context: &mut Context) -> bool {
    let is_there = |&(name, auth): &(&'static str, usize)| {
        let start = at.checked_sub(auth)?;
        let is_alone = match text.get(..start)? {
            // An escaped line end may stand in front of it.
            [.., b'\\', b'n' | b'r' | b't'] => true,
            [.., before] => !is_word(*before),
            [] => true,
        };
        (is_alone && goes_on(text, start, name)).then_some((name, start))
    };
    let Some((name, start)) = HEADERS.iter().find_map(is_there) else { return false };
    let mut at = start + name.len();
    // `Authorization: NTLM`, `"Authorization", "value": "NTLM`, `["Authorization"] = "NTLM`.
    let Some(behind) = gap(text, at) else { return true };
    let between = text.get(at..behind).unwrap_or_default();
    if !between.iter().any(|byte| b":=,".contains(byte)) && !goes_on(text, behind, VALUE) {
        return true;
    }
    let answers = name.ends_with("Authorization");
    let mut limit = at + LONGEST_BETWEEN;
    while let Some(word) = gap(text, at).and_then(|at| word(text, at)).filter(|_| at < limit) {
        let is_one_of = |words: &[&str]| {
            words.iter().any(|known| known.len() == word.len() && goes_on(text, word.start, known))
        };
        at = word.end;
        if is_one_of(&[VALUE]) {
            continue;
        }
        if let Some([b'=', b'"', parameter @ ..]) = text.get(at..limit.min(text.len())) {
            let Some(len) = parameter.iter().position(|byte| *byte == b'"') else { break };
            at += 2 + len;
            continue;
        }
        if is_one_of(&SCHEMES) {
            let token = blank(text, at).and_then(|at| Run::at(text, at)).filter(|token| {
                !SCHEMES.iter().chain(&OTHER_SCHEMES).any(|scheme| {
                    scheme.len() == token.digits.len() && goes_on(text, token.digits.start, scheme)
                })
            });
            if let Some(token) = token {
                let kind = LayerKind::HttpHeader(name);
                context.add(Mark { kind, start, token: token.digits.start });
                at = token.end;
                limit = at + LONGEST_BETWEEN;
            }
        } else if HEADERS
            .iter()
            .any(|(name, auth)| goes_on(text, word.start + auth, &name[*auth..]))
        {
            break;
        } else if text.get(at) != Some(&b'=')
            && text.get(at).is_none_or(|byte| matches!(byte, b' ' | b','))
            && context.foreign.last().is_none_or(|last| last.scheme.end < start)
        {
            context.foreign.push(Foreign { header: name, scheme: word });
        }
        if answers {
            // There is one answer, and several challenges.
            break;
        }
    }
    true
}

/// Where the next word may begin behind a name, a scheme or a token: on the same line, or on one that
/// is indented.
fn gap(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match text.get(at)? {
            b'\n' if !matches!(text.get(at + 1), Some(b' ' | b'\t')) => return None,
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b':' | b',' | b'=' | b'"' | b'\'' | b'\\' => {}
            b'(' | b')' | b'[' | b']' | b'{' | b'}' => {}
            _ => return Some(at),
        }
        at += 1;
    }
}

/// Where what stands behind white space begins, if there is any. A header may go on in an indented line.
fn blank(text: &[u8], from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let len = rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let is_folded = !matches!(rest.get(len - len.min(1)), Some(b'\n'));
    (len > 0 && is_folded).then_some(from + len)
}

fn word(text: &[u8], start: usize) -> Option<Span> {
    let len = text.get(start..)?.iter().take_while(|byte| is_word(**byte)).count();
    (len > 0).then(|| Span::at(start, len))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::context::around;

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
            assert_eq!(mark.kind, LayerKind::HttpHeader(name), "{text}");
            assert_eq!(mark.token, text.find("TlRM").unwrap(), "{text}");
            assert_eq!(context.marks.len(), 1, "{text}");
            assert!(goes_on(text.as_bytes(), mark.start, name), "{text}");
        }
        for text in ["X-Authorization: NTLM TlRM", "Authorization NTLM TlRM", "Authorization: NTLM"]
        {
            assert!(around(text.as_bytes()).marks.is_empty(), "{text}");
        }
        let foreign = around(b"Authorization: Basic dXNlcg==").foreign;
        assert_eq!(foreign.first().map(|foreign| foreign.scheme), Some(Span::new(15, 20)));
    }
}
