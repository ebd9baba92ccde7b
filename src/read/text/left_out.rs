//! The parts that a program left out of the text it printed, and how to make it print all.
//!
//! A way is named only where the program's own documentation has it.

use super::{
    Reading, Search,
    digits::number,
    scanning::{find, part, skip_while},
};
use crate::base::span::Span;

/// A mark that something was left out, and the program that writes it.
struct LeftOutMark {
    /// The words in the text.
    words: &'static str,
    /// The character that begins the mark, before these words on their line, with a number between;
    /// 0 if the words begin it.
    opening: u8,
    /// Other text that the same program prints; empty if any program may write the mark.
    beside: &'static str,
    /// The advice on how to print all.
    advice: &'static str,
}

/// The sentence if the program is not known.
const UNKNOWN: &str =
    "The program that printed this left it out. Paste it from somewhere it is whole.";

const NODE: &str =
    "Node.js left out the rest; print all of it with Buffer.from(bytes).toString('hex').";

const NODE_TEXT: &str = "Node.js left out the rest; set util.inspect.defaultOptions.maxStringLength = null and print it again.";

const JOURNAL: &str = "The journal holds all of it; print it with journalctl --all.";

const STRACE: &str = "strace left out the rest; trace again with -s 65535.";

const GDB: &str = "GDB left out the rest; enter “set print elements unlimited” and print it again.";

const LLDB: &str = "LLDB left out the rest; enter “settings set target.max-string-summary-length 65535” and print it again.";

const GIT: &str = "Git left it out; set GIT_TRACE_REDACT=0 and trace again.";

const CHROMIUM: &str =
    "Chromium left it out; record the net log again with “Include cookies and credentials”.";

const CURL: &str = "curl prints every byte with --trace FILE.";

const POWERSHELL: &str =
    "PowerShell left out the rest; set $FormatEnumerationLimit = -1 and print it again.";

const FOUNDATION: &str =
    "Foundation left out the middle; print all of it with base64EncodedString().";

const NUMPY: &str = "NumPy left out the middle; call numpy.set_printoptions(threshold=sys.maxsize) and print it again.";

const WIRESHARK: &str = "Wireshark cut the line; print all bytes with tshark -x.";

const fn mark(
    words: &'static str,
    opening: u8,
    beside: &'static str,
    advice: &'static str,
) -> LeftOutMark {
    LeftOutMark { words, opening, beside, advice }
}

/// The marks, those of a known program first.
const MARKS: [LeftOutMark; 56] = [
    mark(" more items", b'.', "", NODE),
    mark(" more item", b'.', "", NODE),
    mark(" more bytes>", b'.', "", NODE),
    mark(" more characters", b'.', "", NODE_TEXT),
    mark(" more character", b'.', "", NODE_TEXT),
    mark(" blob data]", b'[', "", JOURNAL),
    mark("\"..., ", 0, ") = ", STRACE),
    mark("\"...", 0, "(char *) $", LLDB),
    mark("\"...", 0, "(gdb)", GDB),
    mark("\"...", 0, "$1 = ", GDB),
    mark("...}", 0, "(gdb)", GDB),
    mark("...}", 0, "$1 = {", GDB),
    mark("bytes were stripped", b'[', "", CHROMIUM),
    mark("<redacted>", 0, "http.c:", GIT),
    mark("[...]", 0, "=> Send header", CURL),
    mark(" ... ", 0, "{length = ", FOUNDATION),
    mark(" ... ", 0, "bytes = 0x", FOUNDATION),
    mark("...,", 0, "dtype=", NUMPY),
    mark("...}", 0, "", POWERSHELL),
    mark("\u{2026}}", 0, "", POWERSHELL),
    mark("[truncated]", 0, "NTLM Secure Service Provider", WIRESHARK),
    mark("[truncated]", 0, "Hypertext Transfer Protocol", WIRESHARK),
    mark("[truncated]", 0, "Security Blob", WIRESHARK),
    mark(" bytes omitted", b'(', "", UNKNOWN),
    mark(" bytes omitted", b'[', "", UNKNOWN),
    mark(" bytes truncated", b'(', "", UNKNOWN),
    mark(" bytes truncated", b'[', "", UNKNOWN),
    mark(" more bytes", b'(', "", UNKNOWN),
    mark(" more bytes", b'[', "", UNKNOWN),
    mark(" more bytes", b'.', "", UNKNOWN),
    mark("output truncated", b'[', "", UNKNOWN),
    mark("output truncated", 0, "", UNKNOWN),
    mark("(truncated,", 0, "", UNKNOWN),
    mark("[TRUNCATED]", 0, "", UNKNOWN),
    mark("<TRUNCATED>", 0, "", UNKNOWN),
    mark("<hidden>", 0, "", UNKNOWN),
    mark("NTLM ***", 0, "", UNKNOWN),
    mark("Negotiate ***", 0, "", UNKNOWN),
    mark("<redacted>", 0, "", UNKNOWN),
    mark("[redacted]", 0, "", UNKNOWN),
    mark("<REDACTED>", 0, "", UNKNOWN),
    mark("[REDACTED]", 0, "", UNKNOWN),
    mark("(redacted)", 0, "", UNKNOWN),
    mark("[FILTERED]", 0, "", UNKNOWN),
    mark("[filtered]", 0, "", UNKNOWN),
    mark("<masked>", 0, "", UNKNOWN),
    mark("[masked]", 0, "", UNKNOWN),
    mark("[PII is hidden]", 0, "", UNKNOWN),
    mark("<omitted>", 0, "", UNKNOWN),
    mark("[omitted]", 0, "", UNKNOWN),
    mark("[truncated]", 0, "", UNKNOWN),
    mark("<truncated>", 0, "", UNKNOWN),
    mark("(truncated)", 0, "", UNKNOWN),
    mark("[snip]", 0, "", UNKNOWN),
    mark("[...]", 0, "", UNKNOWN),
    mark("[\u{2026}]", 0, "", UNKNOWN),
];

/// The marks that Wireshark puts in front of a line that it cut.
const IN_FRONT: [LeftOutMark; 4] = [
    mark("[truncated]", 0, "NTLM Secure Service Provider", WIRESHARK),
    mark("[truncated]", 0, "Hypertext Transfer Protocol", WIRESHARK),
    mark("[truncated]", 0, "Security Blob", WIRESHARK),
    mark("[\u{2026}]", 0, "Security Blob", WIRESHARK),
];

/// An ellipsis alone, which any program and anybody may have written.
const ELLIPSES: [LeftOutMark; 2] = [mark("...", 0, "", UNKNOWN), mark("\u{2026}", 0, "", UNKNOWN)];

/// The subjects of texts in which a token may have been left out.
const HINTS: [&[u8]; 8] =
    [b"NTLM", b"ntlm", b"egotiate", b"uthoriz", b"uthentic", b"SPNEGO", b"spnego", b"Kerberos"];

/// The beginnings of lists of a message's bytes of which so few are printed that nothing can be
/// found in them.
const BEGUN: [&[u8]; 3] = [b"78, 84, 76", b"78,  84,  76", b"78 84 76"];

/// So far behind a message that is cut it may be said that the rest was left out, in bytes.
const NEAR: usize = 32;

/// So far in front of its words a mark may begin, in bytes.
const MAX_NUMBER_LEN: usize = 24;

/// A place at which a text says that something was left out, and what to do about it.
pub(super) struct LeftOut {
    pub(super) place: Span,
    pub(super) advice: &'static str,
}

/// The first thing left out of the text: behind a message that is not whole, or in the place of
/// one.
pub(super) fn first(search: &Search<'_>) -> Option<LeftOut> {
    let text = search.text;
    let all = Span::new(0, text.len());
    if !search.has_found() {
        if let Some(list) = BEGUN.iter().find_map(|list| find(text, all, list)) {
            let near = Span::at(list, NEAR).clipped(text.len());
            return in_part(text, near, MARKS.iter().chain(&ELLIPSES));
        }
        HINTS.iter().find(|hint| find(text, all, hint).is_some())?;
        // An ellipsis in the place of a token may be anything.
        let can_be = |mark: &&LeftOutMark| match mark.opening {
            0 => !mark.words.starts_with([' ', '.', '\u{2026}']),
            opening => opening != b'.',
        };
        return in_part(text, all, MARKS.iter().filter(can_be));
    }
    behind_cut(search, &MARKS).or_else(|| in_front_of_cut(search))
}

/// The mark in front of a message that is not whole, on its line, that the rest of the line was
/// left out.
fn in_front_of_cut(search: &Search<'_>) -> Option<LeftOut> {
    let text = search.text;
    search.cut_short().find_map(|(_, place)| {
        let near = Span::new(place.start.saturating_sub(NEAR), place.start);
        let line = part(text, near).iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        in_part(text, Span::new(near.start + line, near.end), IN_FRONT.iter())
    })
}

/// An ellipsis right behind a message that is not whole, which is why it is not.
pub(super) fn ellipsis_at_end(search: &Search<'_>) -> Option<LeftOut> {
    let text = search.text;
    let at_end = |end| in_part(text, Span::at(end, 4).clipped(text.len()), ELLIPSES.iter());
    // Where something goes on behind it, it may be anything.
    let ends = |left_out: &LeftOut| {
        text.get(left_out.place.end).is_none_or(|byte| !byte.is_ascii_alphanumeric())
    };
    search.cut_ends().find_map(at_end).filter(ends)
}

/// An ellipsis behind a message that is not whole.
pub(super) fn ellipsis(search: &Search<'_>) -> Option<LeftOut> {
    behind_cut(search, &ELLIPSES)
}

fn behind_cut(search: &Search<'_>, marks: &'static [LeftOutMark]) -> Option<LeftOut> {
    let text = search.text;
    search
        .cut_ends()
        .find_map(|end| in_part(text, Span::at(end, NEAR).clipped(text.len()), marks.iter()))
}

/// The first of the marks in a part of the text.
fn in_part(
    text: &[u8],
    within: Span,
    mut marks: impl Iterator<Item = &'static LeftOutMark>,
) -> Option<LeftOut> {
    let all = Span::new(0, text.len());
    marks.find_map(|mark| {
        let words = Span::at(find(text, within, mark.words.as_bytes())?, mark.words.len());
        if !mark.beside.is_empty() && find(text, all, mark.beside.as_bytes()).is_none() {
            return None;
        }
        let mut start = words.start;
        if mark.opening != 0 {
            // How many there are, and in front of that what begins the mark.
            start = start_of(text, start, if mark.opening == b'.' { is_count } else { is_size });
            start = start_of(text, start, if mark.opening == b'.' { is_dot } else { is_bracket });
        }
        if mark.opening != 0 && text.get(start) != Some(&mark.opening) {
            return None;
        }
        let is_closed =
            matches!((mark.opening, text.get(words.end)), (b'[', Some(b']')) | (b'(', Some(b')')));
        let end = words.end + usize::from(is_closed);
        let written = part(text, Span::new(start, end));
        let blanks = written.len() - written.trim_ascii_start().len();
        let place = Span::at(start + blanks, written.trim_ascii().len());
        Some(LeftOut { place, advice: mark.advice })
    })
}

const fn is_count(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b' '
}

/// A count, or a size as in `1.2K`.
const fn is_size(byte: u8) -> bool {
    is_count(byte) || matches!(byte, b'.' | b'K' | b'M' | b'G' | b'B')
}

const fn is_dot(byte: u8) -> bool {
    byte == b'.'
}

const fn is_bracket(byte: u8) -> bool {
    byte == b'[' || byte == b'('
}

/// The start of the characters in front of `at` that are all alike.
fn start_of(text: &[u8], at: usize, is_like: fn(u8) -> bool) -> usize {
    let near = part(text, Span::new(at.saturating_sub(MAX_NUMBER_LEN), at));
    at - near.iter().rev().take_while(|byte| is_like(**byte)).count()
}

/// The offset that a dump begins with at `place`, where that is not zero: the rows before are left
/// out.
pub(super) fn first_offset(text: &[u8], reading: Reading, place: Span) -> Option<Span> {
    let end = skip_while(text, place.start, |byte| byte.is_ascii_hexdigit());
    let offset = Span::new(place.start, end);
    let is_later = number(part(text, offset), 16).is_some_and(|offset| offset > 0);
    (reading == Reading::HexDump && is_later && offset.len() >= 4).then_some(offset)
}
