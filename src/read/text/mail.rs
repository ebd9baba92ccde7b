//! The lines in which SMTP, IMAP and POP3 carry NTLM messages.
//!
//! Spec: [MS-SMTPNTLM], [MS-OXIMAP], [MS-OXPOP3]; RFC 4954, RFC 3501, RFC 5034.

use super::{
    base64::Base64Run,
    marks::{Context, TokenMark},
    scanning::{
        byte_before, end_of_line, is_space, is_word, part, skip_while, starts_with_ignore_case,
    },
};
use crate::base::span::Span;
use crate::read::layer::{LayerKind, MailProtocol};

/// The third message follows the command within so many lines.
const MAX_LINES: usize = 16;

/// A command is at most so far from the beginning of its line, behind what a log writes there.
const MAX_BEFORE_LEN: usize = 64;

/// The lines that tell SMTP from POP3 are looked for so far before the command, in bytes.
const BEFORE: usize = 512;

/// The beginnings of lines that only SMTP has, or only POP3. `334` asks for what comes next, `235`
/// lets in and `535` does not.
const TELLING: [(&str, MailProtocol); 10] = [
    ("EHLO ", MailProtocol::Smtp),
    ("HELO ", MailProtocol::Smtp),
    ("220", MailProtocol::Smtp),
    ("250", MailProtocol::Smtp),
    ("334", MailProtocol::Smtp),
    ("235", MailProtocol::Smtp),
    ("535", MailProtocol::Smtp),
    ("+", MailProtocol::Pop3),
    ("-ERR", MailProtocol::Pop3),
    ("CAPA", MailProtocol::Pop3),
];

/// Finds the tokens of the dialogue whose command is `command`, up to the end of its line, if it is
/// one.
pub(super) fn dialogue(text: &[u8], command: Span, context: &mut Context) {
    let at = command.start;
    let is_imap = starts_with_ignore_case(text, at, "AUTHENTICATE NTLM");
    let near = part(text, Span::new(at.saturating_sub(MAX_BEFORE_LEN), at));
    let is_packet = is_of_packet(text, command.end);
    let ends_line = |byte: &u8| *byte == b'\n' || is_packet && !is_printable(*byte);
    let before = near.rsplit(ends_line).next().unwrap_or_default();
    // A server may say what it knows.
    let is_known = before.ends_with(b"250-") || before.ends_with(b"250 ");
    let is_far = before.len() >= MAX_BEFORE_LEN;
    if !is_imap && !starts_with_ignore_case(text, at, "AUTH NTLM") || is_known || is_far {
        return;
    }
    let known = context.marks.len();
    let mut protocol = if is_imap { MailProtocol::Imap } else { said_before(text, at) };
    let start = if is_imap { start_of_tag(text, at) } else { at };
    let mut line = Span::new(skip_while(text, at, is_word) + " NTLM".len(), command.end);
    add_lone_run(text, line, start, context);
    if is_packet {
        add_of_packets(text, line.end, &mut protocol, context);
    }
    // A log may write something in front of each line, in the same columns.
    let column = before.len() + start - at;
    for _ in 0..MAX_LINES {
        line = Span::new(line.end + 1, end_of_line(text, line.end + 1));
        let mut takes = |start: usize| {
            let is_code = starts_with_ignore_case(text, start, "334");
            let is_answer = is_code || starts_with_ignore_case(text, start, "+");
            learn(text, start, &mut protocol);
            let behind = start + if is_code { 3 } else { usize::from(is_answer) };
            // A log may count the bytes of each line, and leave some empty.
            let is_count = |byte: u8| byte.is_ascii_digit() || is_space(byte);
            !starts_with_ignore_case(text, start, "+OK")
                && (add_lone_run(text, Span::new(behind, line.end), start, context)
                    || is_answer
                    || skip_while(text, start, is_count) >= line.end)
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

/// Takes note of the protocol, where what begins at `start` tells it and nothing did before.
fn learn(text: &[u8], start: usize, protocol: &mut MailProtocol) {
    let told = TELLING.iter().find(|(begins, _)| starts_with_ignore_case(text, start, begins));
    if let (MailProtocol::Unknown, Some((_, told))) = (*protocol, told) {
        *protocol = *told;
    }
}

/// The protocol, as far as the lines before the command tell it. The nearest that tells counts.
fn said_before(text: &[u8], command: usize) -> MailProtocol {
    let first = command.saturating_sub(BEFORE);
    let lines = part(text, Span::new(first, command)).rsplit(|byte| *byte == b'\n');
    let mut protocol = MailProtocol::Unknown;
    let mut end = command;
    for line in lines {
        let start = end - line.len();
        learn(text, meaning(text, Span::new(start, end)), &mut protocol);
        end = start.saturating_sub(1);
    }
    protocol
}

/// Returns true if the line that ends at `end` is the last of a packet in a capture.
fn is_of_packet(text: &[u8], end: usize) -> bool {
    byte_before(text, end, 1) == Some(b'\r')
        && part(text, Span::new(end, end.saturating_add(MAX_BEFORE_LEN))).contains(&0)
}

/// Returns true if a byte may be in a line.
const fn is_printable(byte: u8) -> bool {
    byte.is_ascii_graphic() || byte == b' ' || byte == b'\t'
}

/// The beginning of every message in base64.
const MESSAGE: &str = "TlRMTVNTUA";

/// The messages of a command in a capture are looked for so far behind it, in bytes.
const MAX_CAPTURED_LEN: usize = 8_192;

/// The number of messages of a sign-in.
const MESSAGES: usize = 3;

/// Finds the tokens of a dialogue in a capture: other bytes are between its lines, so each token is
/// looked for by how it begins, up to the next command.
fn add_of_packets(text: &[u8], from: usize, protocol: &mut MailProtocol, context: &mut Context) {
    let mut at = from;
    let end = from.saturating_add(MAX_CAPTURED_LEN).min(text.len());
    for _ in 0..MESSAGES {
        let begins = |at: &usize| {
            starts_with_ignore_case(text, *at, "auth")
                || starts_with_ignore_case(text, *at, MESSAGE)
        };
        let next =
            (at..end).find(begins).filter(|next| starts_with_ignore_case(text, *next, MESSAGE));
        let Some(token) = next else { return };
        at = end_of_line(text, token);
        let answer = ["334 ", "+ "].into_iter().find(|answer| {
            token
                .checked_sub(answer.len())
                .is_some_and(|start| starts_with_ignore_case(text, start, answer))
        });
        let start = token - answer.map_or(0, str::len);
        learn(text, start, protocol);
        add_lone_run(text, Span::new(token, at), start, context);
    }
}

/// The place where a line says something, behind what a log writes in front: `C: `, `< `.
fn meaning(text: &[u8], line: Span) -> usize {
    let mut at = line.start;
    loop {
        at = skip_while(text, at, |byte| b" \t><*|-~=".contains(&byte));
        if !starts_with_ignore_case(text, at, "C:") && !starts_with_ignore_case(text, at, "S:") {
            return at.min(line.end);
        }
        at += 2;
    }
}

/// The start of the tag before an IMAP command.
fn start_of_tag(text: &[u8], command: usize) -> usize {
    let mut start = command;
    if byte_before(text, start, 1) == Some(b' ') {
        start -= 1;
        while byte_before(text, start, 1).is_some_and(is_word) {
            start -= 1;
        }
    }
    start
}

/// Notes the base64 that a part of a line consists of, if it does.
fn add_lone_run(text: &[u8], line: Span, start: usize, context: &mut Context) -> bool {
    let at = skip_while(text, line.start, |byte| byte == b' ');
    let run = Base64Run::at(part(text, Span::new(0, line.end)), at).filter(|run| {
        skip_while(text, run.end, is_space) >= line.end
            && skip_while(text, at, |byte| byte.is_ascii_digit()) < run.end
    });
    // The protocol shows in what follows.
    let kind = LayerKind::Mail(MailProtocol::Unknown);
    run.map(|run| context.add(TokenMark { kind, start, token: run.digits.start })).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::text::context::around_at_once as around;

    #[test]
    fn a_dialogue_shows_its_protocol() {
        use MailProtocol as P;
        #[rustfmt::skip]
        let cases = [
            ("AUTH NTLM TlRMA\r\n334 TlRMB\r\nTlRMC\r\n235 ok\r\nTlRMD", P::Smtp, 3),
            ("C: AUTH NTLM\nS: 334 NTLM supported\nC: TlRMA\nS: 334 TlRMB\nC: TlRMC\n", P::Smtp, 3),
            ("a1 AUTHENTICATE NTLM\r\n+ \r\nTlRMA\r\n+ TlRMB\r\nTlRMC\r\na1 OK\r\n", P::Imap, 3),
            ("> AUTH NTLM\n< +\n> TlRMA\n< + TlRMB\n> TlRMC\n< +OK\n",   P::Pop3, 3),
            ("11\nAUTH NTLM\n\n\t4\n+ \n\n46\nTlRMA\n\n",               P::Pop3, 1),
        ];
        for (text, protocol, count) in cases {
            let marks = around(text.as_bytes()).marks;
            assert_eq!(marks.len(), count, "{text}: {marks:?}");
            for mark in marks {
                assert_eq!(mark.kind, LayerKind::Mail(protocol), "{text}");
                assert!(starts_with_ignore_case(text.as_bytes(), mark.token, "TlRM"), "{text}");
            }
        }
        let text = b"S: a7 AUTHENTICATE NTLM TlRMA";
        assert_eq!(around(text).marks.first().map(|mark| (mark.start, mark.token)), Some((3, 24)));
    }
}
