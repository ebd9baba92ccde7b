use crate::span::Span;

/// The header fields that carry NTLM and SPNEGO tokens.
///
/// Spec: [MS-NTHT], RFC 4559.
const HEADERS: [&str; 4] =
    ["Authorization", "Proxy-Authorization", "WWW-Authenticate", "Proxy-Authenticate"];

/// How far before a token its header is looked for, in bytes. No header is longer, and a line may be.
const LONGEST_BEFORE: usize = 256;

/// The header field that `token` is the value of, and its place: `Authorization: NTLM TlRM…`.
pub(super) fn header_around(text: &str, token: Span) -> Option<(&'static str, Span)> {
    let mut near = token.start.saturating_sub(LONGEST_BEFORE);
    while !text.is_char_boundary(near) {
        near += 1;
    }
    let before = text.get(near..token.start)?;
    let line_start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let line = before.get(line_start..)?;
    let (field, scheme) = line.rsplit_once(':')?;
    let scheme = scheme.trim();
    if !["NTLM", "Negotiate"].iter().any(|known| known.eq_ignore_ascii_case(scheme)) {
        return None;
    }
    // A log writes something in front of it: `> Authorization`, `"Authorization`.
    let name = field.trim_end();
    let known = HEADERS.iter().rev().find(|known| {
        name.len() >= known.len()
            && name
                .get(name.len() - known.len()..)
                .is_some_and(|tail| tail.eq_ignore_ascii_case(known))
    })?;
    let start = near + line_start + (name.len() - known.len());
    Some((known, Span::new(start, token.end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_header_name_is_found_behind_a_log_mark() {
        let text = "> Proxy-Authorization: NTLM TlRMTVNT";
        let token = Span::new(28, text.len());
        assert_eq!(
            header_around(text, token),
            Some(("Proxy-Authorization", Span::new(2, text.len())))
        );
        assert_eq!(header_around("X: NTLM TlRM", Span::new(8, 12)), None);
        let stamped = "12:00:01.12 < WWW-Authenticate: Negotiate oYIB";
        assert_eq!(
            header_around(stamped, Span::new(42, 46)),
            Some(("WWW-Authenticate", Span::new(14, 46)))
        );
    }
}
