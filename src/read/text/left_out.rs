//! What the program that printed a text left out of it, and how to make it print all.
//!
//! A way is named only where the program's own documentation has it.

use super::{
    Reading, Search,
    digits::number,
    scanning::{end_of, find, part},
};
use crate::base::span::Span;

/// What says that something was left out, and who says so.
struct Mark {
    /// The words in the text.
    words: &'static str,
    /// What begins the mark, before these words on their line; 0 where they begin it.
    opening: u8,
    /// What else is in the text where that program printed it; any program may where it is empty.
    beside: &'static str,
    /// What to do about it.
    advice: &'static str,
}

/// What is said where the program is not known.
const UNKNOWN: &str =
    "The program that printed this left it out, so paste it from where it is whole.";

const NODE: &str =
    "Node.js left out the rest; print all of it with Buffer.from(bytes).toString('hex').";

const GIT: &str = "Git left it out; set GIT_TRACE_REDACT=0 and trace again.";

const CHROMIUM: &str =
    "Chromium left it out; record the net log anew with “Include cookies and credentials”.";

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
) -> Mark {
    Mark { words, opening, beside, advice }
}

/// The marks, those of a known program first.
const MARKS: [Mark; 32] = [
    mark(" more items", b'.', "", NODE),
    mark(" more item", b'.', "", NODE),
    mark(" more bytes>", b'.', "", NODE),
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

/// An ellipsis alone, which any program and anybody may have written.
const ELLIPSES: [Mark; 2] = [mark("...", 0, "", UNKNOWN), mark("\u{2026}", 0, "", UNKNOWN)];

/// What a text is about in which a token may have been left out.
const HINTS: [&[u8]; 8] =
    [b"NTLM", b"ntlm", b"egotiate", b"uthoriz", b"uthentic", b"SPNEGO", b"spnego", b"Kerberos"];

/// So far behind a message that is cut it may be said that the rest was left out, in bytes.
const NEAR: usize = 32;

/// So far in front of its words a mark may begin, in bytes.
const LONGEST_NUMBER: usize = 24;

/// Where it is said that something was left out, and what to do about it.
pub(super) struct LeftOut {
    pub(super) place: Span,
    pub(super) advice: &'static str,
}

/// What was left out of the text: behind a message that is not whole, or in the place of one.
pub(super) fn first(search: &Search<'_>) -> Option<LeftOut> {
    let text = search.text;
    let all = Span::new(0, text.len());
    if !search.has_found() {
        HINTS.iter().find(|hint| find(text, all, hint).is_some())?;
        // An ellipsis in the place of a token may be anything.
        let can_be = |mark: &&Mark| !mark.words.starts_with([' ', '.', '\u{2026}']);
        return in_part(text, all, MARKS.iter().filter(can_be));
    }
    behind_cut(search, &MARKS)
}

/// An ellipsis behind a message that is not whole.
pub(super) fn ellipsis(search: &Search<'_>) -> Option<LeftOut> {
    behind_cut(search, &ELLIPSES)
}

fn behind_cut(search: &Search<'_>, marks: &'static [Mark]) -> Option<LeftOut> {
    let text = search.text;
    search
        .cut_ends()
        .find_map(|end| in_part(text, Span::at(end, NEAR).clipped(text.len()), marks.iter()))
}

/// The first of the marks that stands in a part of the text.
fn in_part(
    text: &[u8],
    within: Span,
    mut marks: impl Iterator<Item = &'static Mark>,
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
            start = start_of(text, start, |byte| byte.is_ascii_digit() || byte == b' ');
            start = start_of(text, start, if mark.opening == b'.' { is_dot } else { is_bracket });
        }
        if mark.opening != 0 && text.get(start) != Some(&mark.opening) {
            return None;
        }
        let is_closed = mark.opening == b'[' && text.get(words.end) == Some(&b']');
        let end = words.end + usize::from(is_closed);
        let written = part(text, Span::new(start, end));
        let blanks = written.len() - written.trim_ascii_start().len();
        let place = Span::at(start + blanks, written.trim_ascii().len());
        Some(LeftOut { place, advice: mark.advice })
    })
}

const fn is_dot(byte: u8) -> bool {
    byte == b'.'
}

const fn is_bracket(byte: u8) -> bool {
    byte == b'['
}

/// Where the characters in front of `at` begin that are all alike.
fn start_of(text: &[u8], at: usize, is_like: fn(u8) -> bool) -> usize {
    let near = part(text, Span::new(at.saturating_sub(LONGEST_NUMBER), at));
    at - near.iter().rev().take_while(|byte| is_like(**byte)).count()
}

/// The offset that a dump begins with at `place`, where that is not zero: the rows before are left
/// out.
pub(super) fn first_offset(text: &[u8], reading: Reading, place: Span) -> Option<Span> {
    let end = end_of(text, place.start, |byte| byte.is_ascii_hexdigit());
    let offset = Span::new(place.start, end);
    let is_later = number(part(text, offset), 16).is_some_and(|offset| offset > 0);
    (reading == Reading::HexDump && is_later && offset.len() >= 4).then_some(offset)
}
