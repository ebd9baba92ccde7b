//! The lines in which SMTP, IMAP and POP3 carry NTLM messages.
//!
//! Spec: [MS-SMTPNTLM], [MS-OXIMAP], [MS-OXPOP3]; RFC 4954, RFC 3501, RFC 5034.

use super::{
    base64::Run,
    context::{Context, Mark, goes_on, is_word},
};
use crate::{layer::LayerKind, span::Span};

/// How many lines follow the command at most until the third message.
const MOST_LINES: usize = 16;

/// Finds the tokens of the dialogue whose command begins at `at`, where one does.
pub(super) fn dialogue(text: &[u8], at: usize, context: &mut Context) {
    let is_imap = goes_on(text, at, "AUTHENTICATE NTLM");
    if !is_imap && !goes_on(text, at, "AUTH NTLM") {
        return;
    }
    if before(text, at).ends_with(b"250-") || before(text, at).ends_with(b"250 ") {
        // A server says what it knows.
        return;
    }
    let command = text.get(at..).unwrap_or_default().iter().position(|byte| *byte == b' ');
    let behind = at + command.unwrap_or_default() + " NTLM".len();
    let start = if is_imap { tag_before(text, at) } else { at };
    let mut protocol = if is_imap { "IMAP" } else { "SMTP" };
    let mut tokens = Vec::new();
    let line = rest_of_line(text, behind);
    if let Some(run) = lone_run(text, line) {
        tokens.push((start, run));
    }
    let mut next = line.end + 1;
    for _ in 0..MOST_LINES {
        let line = rest_of_line(text, next);
        next = line.end + 1;
        let start = meaning(text, line);
        let rest = Span::new(start, line.end);
        let said = text.get(rest.start..rest.end).unwrap_or_default();
        if next > text.len() + 1 || said.starts_with(b"+OK") {
            break;
        }
        let answer = if said.starts_with(b"334") {
            3
        } else if said.starts_with(b"+") {
            if !is_imap {
                protocol = "POP3";
            }
            1
        } else {
            0
        };
        match lone_run(text, Span::new(start + answer, line.end)) {
            Some(run) => tokens.push((start, run)),
            // Who writes a log down may count the bytes of each line, and leave some empty.
            None if answer > 0 || is_count(said) => {}
            None => break,
        }
    }
    for (start, token) in tokens {
        context.add(Mark { kind: LayerKind::Mail(protocol), start, token });
    }
}

/// The line from `start` on, without its end.
fn rest_of_line(text: &[u8], start: usize) -> Span {
    let rest = text.get(start..).unwrap_or_default();
    let len = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    Span::at(start.min(text.len()), len)
}

/// Where a line says something, behind what a log writes in front: `C: `, `< `.
fn meaning(text: &[u8], line: Span) -> usize {
    let mut at = line.start;
    while let Some(byte) = text.get(at).filter(|_| at < line.end) {
        let is_side = matches!(byte, b'C' | b'S' | b'c' | b's') && text.get(at + 1) == Some(&b':');
        match byte {
            _ if is_side => at += 2,
            b' ' | b'\t' | b'>' | b'<' | b'*' | b'|' | b'-' | b'~' | b'=' => at += 1,
            _ => break,
        }
    }
    at
}

/// Where the tag begins that stands before an IMAP command.
fn tag_before(text: &[u8], command: usize) -> usize {
    let Some(before) = before(text, command).strip_suffix(b" ") else { return command };
    let tag = before.iter().rev().take_while(|byte| is_word(**byte)).count();
    command - 1 - tag
}

fn before(text: &[u8], at: usize) -> &[u8] {
    text.get(..at).unwrap_or_default()
}

fn is_count(said: &[u8]) -> bool {
    said.iter().all(|byte| byte.is_ascii_digit() || byte.is_ascii_whitespace())
}

/// Where the base64 begins that is all that stands there.
fn lone_run(text: &[u8], part: Span) -> Option<usize> {
    let there = text.get(part.start..part.end)?;
    let start = part.start + there.iter().position(|byte| *byte != b' ')?;
    let run = Run::at(text.get(..part.end)?, start)?;
    let behind = text.get(run.end..part.end)?;
    (behind.iter().all(u8::is_ascii_whitespace) && !is_count(there)).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::context::around;

    #[test]
    fn a_dialogue_shows_its_protocol() {
        #[rustfmt::skip]
        let cases = [
            ("AUTH NTLM TlRMA\r\n334 TlRMB\r\nTlRMC\r\n235 ok\r\nTlRMD", "SMTP", 3),
            ("C: AUTH NTLM\nS: 334 NTLM supported\nC: TlRMA\nS: 334 TlRMB\nC: TlRMC\n", "SMTP", 3),
            ("a1 AUTHENTICATE NTLM\r\n+ \r\nTlRMA\r\n+ TlRMB\r\nTlRMC\r\na1 OK\r\n", "IMAP", 3),
            ("> AUTH NTLM\n< +\n> TlRMA\n< + TlRMB\n> TlRMC\n< +OK\n",   "POP3", 3),
            ("11\nAUTH NTLM\n\n\t4\n+ \n\n46\nTlRMA\n\n",               "POP3", 1),
        ];
        for (text, protocol, count) in cases {
            let marks = around(text.as_bytes()).marks;
            assert_eq!(marks.len(), count, "{text}: {marks:?}");
            for mark in marks {
                assert_eq!(mark.kind, LayerKind::Mail(protocol), "{text}");
                assert!(goes_on(text.as_bytes(), mark.token, "TlRM"), "{text}");
            }
        }
        let text = b"S: a7 AUTHENTICATE NTLM TlRMA";
        assert_eq!(around(text).marks.first().map(|mark| (mark.start, mark.token)), Some((3, 24)));
    }
}
