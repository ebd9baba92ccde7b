//! Base64: runs of its characters, and how runs belong together over lines and pieces of strings.
//!
//! A piece that may not belong is taken only where the message is whole with it: base64 goes on
//! over white space and strings as far as the message's own lengths ask, over a line of its own
//! also where they do not tell.

use super::{
    Reading, Score, Search,
    digits::{Digits, number},
    scanning::{find, part, skip_while},
    strings::{is_quote, is_string_prefix},
};
use crate::base::span::Span;
use crate::read::{carrier, layer::LayerKind};

/// Shorter runs of characters cannot begin a token: the signature alone takes eleven.
const MIN_RUN_LEN: usize = 11;

/// The shortest first run of a token that was pasted with spaces in it.
const MIN_GROUP_LEN: usize = 4;

/// A run at least this long is decoded whole to look for the signature in the middle of it.
const LONG_RUN: usize = 60;

/// No token is longer, in bytes: behind so many no piece is guessed.
const MAX_TOKEN_LEN: usize = 1 << 17;

/// The characters that the signature begins with, and no other bytes do.
const SIGNATURE: &[u8] = b"TlRMTVNTU";

/// So many characters tell whether a token begins here.
const HEAD: usize = 64;

/// Characters of base64 that stand side by side.
#[derive(Clone, Copy)]
pub(super) struct Base64Run {
    /// The characters that stand for bits.
    pub(super) digits: Span,
    /// The end of the padding behind them.
    pub(super) end: usize,
}

impl Base64Run {
    /// The first run at or behind `from`.
    fn find(text: &[u8], from: usize) -> Option<Self> {
        Self::at(text, skip_while(text, from, |byte| !is_digit(byte)))
    }

    /// The run that begins at `start`.
    pub(super) fn at(text: &[u8], start: usize) -> Option<Self> {
        // Not by `end_of`, whose call for each character takes as long as the rest of the search.
        let rest = part(text, Span::new(start, text.len()));
        let count = rest.iter().take_while(|character| is_digit(**character)).count();
        let digits = Span::at(start, count);
        let end = skip_while(text, digits.end, |byte| byte == b'=');
        (!digits.is_empty()).then_some(Self { digits, end })
    }

    /// Decodes the first of its characters, at most so many.
    pub(super) fn decode(self, text: &[u8], most: usize) -> Digits {
        let mut digits = Digits::new(6);
        push(&mut digits, text, self.digits.clipped(self.digits.start + most));
        digits
    }
}

/// The way in which a run can be the next piece of a token.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
enum Join {
    /// It cannot.
    No,
    /// It may as well be something else: it counts only where the token is whole with it.
    Guess,
    /// It is in a place where a wrapped or split token goes on.
    Sure,
}

/// A token as it was read.
struct Read {
    place: Span,
    digits: Digits,
    /// The end of the last run that was tried.
    tried: usize,
    /// True if it has just the bytes that it says it has.
    is_exact: bool,
}

/// Looks for tokens in `part` of the text.
pub(super) async fn search(search: &mut Search<'_>, part: Span) {
    let text = search.text.get(..part.end).unwrap_or_default();
    let forced = search.only == Some(Reading::Base64);
    let mut next = part.start;
    // What was joined from a run before these places held nothing, so it is not joined again: each
    // character is decoded a fixed number of times.
    let (mut failed, mut long_tried) = (0, 0);
    while let Some(run) = Base64Run::find(text, next).filter(|_| !search.is_full()) {
        search.pace.spend(run.end - next).await;
        next = run.end;
        let start = run.digits.start;
        // Something may be written in front of it, as in `path/TlRM…`.
        let signature = find(text, run.digits, SIGNATURE);
        let (run, least) = if begins_token(text, run) {
            (run, if start < failed && signature != Some(start) { Join::No } else { Join::Guess })
        } else if let Some(run) = signature.and_then(|at| Base64Run::at(text, at)) {
            (run, Join::Guess)
        } else if run.digits.len() >= LONG_RUN || forced {
            // Or in front of it in the bytes, as in a packet, or the bytes are text.
            (run, Join::Sure)
        } else {
            continue;
        };
        let is_long = least == Join::Sure;
        let least = if is_long && start < long_tried { Join::No } else { least };
        let read = read(text, run, least);
        let (place, tried, is_exact) = (read.place, read.tried, read.is_exact);
        let kind = (Reading::Base64, LayerKind::Base64);
        let score = search.offer(kind, place, read.digits).await;
        if is_long {
            long_tried = long_tried.max(tried);
        } else {
            if score == Score::Nothing || !is_exact {
                failed = failed.max(tried);
            }
            if score > Score::Nothing {
                next = next.max(place.end);
            }
        }
    }
}

/// Returns true if all lines at `place` are base64 and nothing else.
pub(super) fn is_all(text: &[u8], place: Span) -> bool {
    let is_like = |byte: &u8| is_digit(*byte) || matches!(byte, b'=' | b'\r' | b'\n');
    text.get(place.start..place.end).is_some_and(|all| all.iter().all(is_like))
}

/// Returns true if all lines at `place` are base64 and nothing else, and hold a message.
pub(super) fn is_message(text: &[u8], place: Span) -> bool {
    let text = part(text, Span::new(0, place.end));
    let run = Base64Run::at(text, place.start).filter(|_| is_all(text, place));
    run.is_some_and(|run| Score::of(read(text, run, Join::Guess).digits.bytes()) > Score::Nothing)
}

/// The value of each character in the standard or the URL-safe alphabet; 64 for one of neither.
static DIGITS: [u8; 256] = {
    let mut digits = [64; 256];
    let mut character = 0;
    while character < u8::MAX {
        digits[character as usize] = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => 64,
        };
        character += 1;
    }
    digits
};

/// The value of a character; 64 for one of neither alphabet.
fn digit(character: u8) -> u8 {
    DIGITS[usize::from(character)]
}

/// Returns true if a character is of either alphabet.
pub(super) fn is_digit(character: u8) -> bool {
    digit(character) < 64
}

fn push(digits: &mut Digits, text: &[u8], span: Span) {
    digits.push_all(part(text, span).iter().map(|character| digit(*character)), span.start);
}

/// Returns true if the run begins like a token.
fn begins_token(text: &[u8], run: Base64Run) -> bool {
    let is_group = run.digits.len() >= MIN_GROUP_LEN
        && matches!(text.get(run.digits.start), Some(b'T' | b'Y' | b'o'));
    if run.digits.len() < MIN_RUN_LEN && !is_group {
        return false;
    }
    let mut digits = run.decode(text, HEAD);
    let mut last = run;
    while digits.bytes().len() < 8 {
        let Some((next, _)) = join(text, last) else { return false };
        push(&mut digits, text, next.digits.clipped(next.digits.start + MIN_RUN_LEN));
        last = next;
    }
    carrier::begins_like_token(digits.bytes())
}

/// Returns true if another message begins with the run, bare or in its framing, or somewhere in it.
fn begins_message(text: &[u8], run: Base64Run) -> bool {
    if find(text, run.digits.clipped(run.digits.start + MAX_TOKEN_LEN), SIGNATURE).is_some() {
        return true;
    }
    let head = run.decode(text, HEAD);
    carrier::announced_len(head.bytes()).is_some_and(|len| len >= MIN_TOKEN_LEN)
        && carrier::has_token(head.bytes())
}

/// The fewest bytes of a token that ends the one before it. Shorter ones carry no message, and the
/// last line of a wrapped one may look like them.
const MIN_TOKEN_LEN: usize = 16;

/// Reads what begins with `run`, over the runs that can be its next pieces until it is whole; only
/// over those that join at least so surely.
fn read(text: &[u8], run: Base64Run, how_sure: Join) -> Read {
    let mut digits = run.decode(text, run.digits.len());
    // What belongs to it for certain: where it ends, and how many bytes it has.
    let mut sure = (run.end, digits.bytes().len());
    let mut last = run;
    // The characters of the line before the last, but not of the one that the text begins in: that
    // has less room than the others.
    let mut line_before = 0;
    let is_exact = loop {
        let len = digits.bytes().len();
        let wanted = carrier::announced_len(digits.bytes());
        if wanted.is_some_and(|wanted| wanted <= len) {
            // Characters stand for three bytes at least.
            break wanted.is_some_and(|wanted| len < wanted.saturating_add(3));
        }
        let Some((next, how)) = join(text, last).filter(|_| how_sure > Join::No) else {
            break false;
        };
        // Behind padding nothing goes on, unless a mail program wrapped the line there.
        let how = if last.end > last.digits.end { Join::Guess } else { how };
        let is_guess = how == Join::Guess;
        // The last line of a wrapped text is the first that is shorter.
        let has_ended = last.digits.len() < line_before
            && find(text, Span::new(last.end, next.digits.start), b"\n").is_some();
        // What makes the message whole is its last line, whatever else could begin so.
        let with_next = len + next.digits.len() * 6 / 8;
        let ends_it = wanted.is_some_and(|wanted| with_next.abs_diff(wanted) <= 1);
        let is_other = !ends_it && begins_message(text, next);
        if how < how_sure || is_guess && len > MAX_TOKEN_LEN || has_ended || is_other {
            break false;
        }
        if last.digits.start != run.digits.start {
            line_before = last.digits.len();
        }
        let is_sure = !is_guess && sure.0 == last.end;
        push(&mut digits, text, next.digits);
        last = next;
        if is_sure {
            sure = (last.end, digits.bytes().len());
        }
    };
    let mut end = last.end;
    if !is_exact {
        end = sure.0;
        digits.truncate(sure.1);
    }
    Read { place: Span::new(run.digits.start, end), digits, tried: last.end, is_exact }
}

/// The run that may be the next piece of what ends with `run`: on the next line, behind white
/// space, or in the next piece of a string.
fn join(text: &[u8], run: Base64Run) -> Option<(Base64Run, Join)> {
    let mut at = run.end;
    let quote = text.get(at).copied().filter(|byte| is_quote(*byte));
    // In strings everything between the quotes counts.
    let mut is_open = quote.is_none();
    let (mut lines, mut is_list) = (0, false);
    let change = change_mark(text, run.digits.start);
    if quote.is_some() {
        at += 1;
    }
    loop {
        if lines == 1 && quote.is_none() && is_trace_offset(text, at) {
            at += 6;
        }
        let byte = *text.get(at)?;
        let is_between = !is_open;
        match byte {
            b'\n' => lines += 1,
            b' ' | b'\t' | b'\r' => {}
            // A line that goes on, in a shell or a program.
            b'\\' if matches!(text.get(at + 1), Some(b'\n' | b'\r')) => {}
            b',' if is_between => is_list = true,
            b'+' | b'.' | b'&' | b'(' | b')' | b'_' if is_between => {}
            _ if is_between && quote == Some(byte) => is_open = true,
            _ if is_between && is_string_prefix(byte) => {}
            // A line that a mail or a log quotes.
            b'>' | b'<' | b'|' | b'*' | b'#' if quote.is_none() && lines == 1 => {}
            _ if change.is_some() && change_mark(text, at + 1) == change => {}
            _ => break,
        }
        at += 1;
        if lines > 2 {
            return None;
        }
        if quote.is_some() && is_open {
            break;
        }
    }
    let next = Base64Run::at(text, at).filter(|_| is_open && at > run.end)?;
    // An empty line between two others is likelier to end a text than to be one of its own.
    let sure = if quote.is_some() { !is_list } else { lines == 1 && ends_line(text, next.end) };
    Some((next, if sure { Join::Sure } else { Join::Guess }))
}

/// The character alone between the beginning of a line and `at`, where a comparison of files marks
/// the line as new or gone. These marks are digits too; so one counts only where the lines before
/// have it.
fn change_mark(text: &[u8], at: usize) -> Option<u8> {
    let mark = text.get(at.checked_sub(1)?).filter(|mark| matches!(mark, b'+' | b'-'))?;
    let is_first = at.checked_sub(2).is_none_or(|before| text.get(before) == Some(&b'\n'));
    is_first.then_some(*mark)
}

/// Returns true if a line begins as `curl --trace-ascii` writes it: `0040: `.
fn is_trace_offset(text: &[u8], at: usize) -> bool {
    let offset = part(text, Span::at(at, 4));
    text.get(at - 1) == Some(&b'\n')
        && number(offset, 16).is_some()
        && part(text, Span::at(at + 4, 2)) == b": "
}

/// Returns true if nothing but what closes a string, a list or a tag is between `at` and the end of
/// its line.
fn ends_line(text: &[u8], at: usize) -> bool {
    let end = skip_while(text, at, |byte| b" \t\"'`,;)]}\\".contains(&byte));
    text.get(end).is_none_or(|byte| matches!(byte, b'\n' | b'\r' | b'<'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        let run = Base64Run::find(text.as_bytes(), 0).unwrap();
        read(text.as_bytes(), run, Join::Guess).digits.bytes().to_vec()
    }

    #[test]
    fn both_alphabets_are_read_with_and_without_padding() {
        for text in ["TlRMTQ==", "TlRMTQ", "TlRMTR", "\"TlRM\" +\n  \"TQ==\"", "TlRM\n> TQ\n"] {
            assert_eq!(bytes(text), b"NTLM", "{text}");
        }
        assert_eq!(bytes("_-8"), bytes("/+8="));
        assert_eq!(bytes("TlRMT"), bytes("TlRM"), "a cut character is left out");
        assert_eq!(bytes("TlRM and words"), bytes("TlRM"), "words are no pieces");
    }
}
