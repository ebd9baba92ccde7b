//! The lines in which SMTP, IMAP and POP3 carry NTLM messages.
//!
//! Spec: [MS-SMTPNTLM], [MS-OXIMAP], [MS-OXPOP3]; RFC 4954, RFC 3501, RFC 5034.

use super::{
    base64::Run,
    context::{Context, Mark},
    text::{before, end_of, end_of_line, goes_on, is_space, is_word, part},
};
use crate::{layer::LayerKind, span::Span};

/// How many lines follow the command at most until the third message.
const MOST_LINES: usize = 16;

/// How far from the beginning of its line a command stands at most, behind what a log writes there.
const LONGEST_BEFORE: usize = 64;

/// Finds the tokens of the dialogue whose command begins at `at`, where one does.
pub(super) fn dialogue(text: &[u8], at: usize, context: &mut Context) {
    let is_imap = goes_on(text, at, "AUTHENTICATE NTLM");
    let near = part(text, Span::new(at.saturating_sub(LONGEST_BEFORE), at));
    let before = near.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    // A server may say what it knows.
    let is_known = before.ends_with(b"250-") || before.ends_with(b"250 ");
    let is_far = before.len() >= LONGEST_BEFORE;
    if !is_imap && !goes_on(text, at, "AUTH NTLM") || is_known || is_far {
        return;
    }
    let known = context.marks.len();
    let mut protocol = if is_imap { "IMAP" } else { "SMTP" };
    let start = if is_imap { start_of_tag(text, at) } else { at };
    let mut line = Span::new(end_of(text, at, is_word) + " NTLM".len(), end_of_line(text, at));
    add_lone_run(text, line, start, context);
    // A log may write something in front of each line, in the same columns.
    let column = before.len() + start - at;
    for _ in 0..MOST_LINES {
        line = Span::new(line.end + 1, end_of_line(text, line.end + 1));
        let mut takes = |start: usize| {
            let is_code = goes_on(text, start, "334");
            let is_answer = is_code || goes_on(text, start, "+");
            if is_answer && !is_code && !is_imap {
                protocol = "POP3";
            }
            let behind = start + if is_code { 3 } else { usize::from(is_answer) };
            // Who writes a log down may count the bytes of each line, and leave some empty.
            let is_count = |byte: u8| byte.is_ascii_digit() || is_space(byte);
            !goes_on(text, start, "+OK")
                && (add_lone_run(text, Span::new(behind, line.end), start, context)
                    || is_answer
                    || end_of(text, start, is_count) >= line.end)
        };
        let is_taken = takes(meaning(text, line)) || takes((line.start + column).min(line.end));
        if !is_taken || line.start >= text.len() {
            break;
        }
    }
    for mark in context.marks.iter_mut().skip(known) {
        mark.kind = LayerKind::Mail(protocol);
    }
}

/// Where a line says something, behind what a log writes in front: `C: `, `< `.
fn meaning(text: &[u8], line: Span) -> usize {
    let mut at = line.start;
    loop {
        at = end_of(text, at, |byte| b" \t><*|-~=".contains(&byte));
        if !goes_on(text, at, "C:") && !goes_on(text, at, "S:") {
            return at.min(line.end);
        }
        at += 2;
    }
}

/// Where the tag begins that stands before an IMAP command.
fn start_of_tag(text: &[u8], command: usize) -> usize {
    let mut start = command;
    if before(text, start, 1) == Some(b' ') {
        start -= 1;
        while before(text, start, 1).is_some_and(is_word) {
            start -= 1;
        }
    }
    start
}

/// Takes note of the base64 that is all that stands in a part of a line, if any does.
fn add_lone_run(text: &[u8], line: Span, start: usize, context: &mut Context) -> bool {
    let at = end_of(text, line.start, |byte| byte == b' ');
    let run = Run::at(part(text, Span::new(0, line.end)), at).filter(|run| {
        end_of(text, run.end, is_space) >= line.end
            && end_of(text, at, |byte| byte.is_ascii_digit()) < run.end
    });
    // The protocol shows in what follows.
    let kind = LayerKind::Mail("");
    run.map(|run| context.add(Mark { kind, start, token: run.digits.start })).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::context::around_at_once as around;

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
