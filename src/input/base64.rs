//! Base64: runs of its characters, and how runs belong together over lines and pieces of strings.

use super::{
    Reading, Score, Search,
    digits::{Digits, hex_number},
    strings::{is_quote, is_string_prefix},
};
use crate::{carrier, layer::LayerKind, span::Span};

/// Shorter runs of characters cannot begin a token: the signature alone takes eleven.
const SHORTEST_RUN: usize = 11;

/// The shortest first run of a token that was pasted with spaces in it.
const SHORTEST_GROUP: usize = 4;

/// A run at least this long is decoded whole to look for the signature in the middle of it.
const LONG_RUN: usize = 60;

/// No token is longer, in bytes: behind so many no piece is guessed.
const LONGEST: usize = 1 << 17;

/// How the signature begins, so that no other bytes do.
const SIGNATURE: &[u8] = b"TlRMTVNTU";

/// How many characters tell whether a token begins here.
const HEAD: usize = 64;

/// Characters of base64 that stand side by side.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Run {
    /// Those that stand for bits.
    pub(super) digits: Span,
    /// Where the padding behind them ends.
    pub(super) end: usize,
}

impl Run {
    /// The first run at or behind `from`.
    pub(super) fn find(text: &[u8], from: usize) -> Option<Self> {
        let start = from + text.get(from..)?.iter().position(|byte| digit(*byte).is_some())?;
        Self::at(text, start)
    }

    /// The run that begins at `start`.
    pub(super) fn at(text: &[u8], start: usize) -> Option<Self> {
        let rest = text.get(start..)?;
        let len = rest.iter().position(|byte| digit(*byte).is_none()).unwrap_or(rest.len());
        let behind = rest.get(len..)?;
        let padding = behind.iter().position(|byte| *byte != b'=').unwrap_or(behind.len());
        let digits = Span::at(start, len);
        (len > 0).then_some(Self { digits, end: digits.end + padding })
    }

    /// The bytes it stands for.
    pub(super) fn decode(self, text: &[u8]) -> Vec<u8> {
        let mut digits = Digits::without_places(6);
        push(&mut digits, text, self.digits);
        digits.bytes().to_vec()
    }

    const fn is_padded(self) -> bool {
        self.end > self.digits.end
    }
}

/// Whether a run can be the next piece of a token.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Join {
    /// It may as well be something else: it counts only where the token is whole with it.
    Guess,
    /// It stands where a wrapped or split token goes on.
    Sure,
}

/// A token as it was read.
struct Read {
    place: Span,
    digits: Digits,
    /// Where the last run ends that was tried.
    tried: usize,
    /// Whether it has just the bytes that it says it has.
    is_exact: bool,
}

/// Looks for tokens in `part` of the text.
pub(super) fn search(search: &mut Search<'_>, part: Span) {
    let text = search.text.get(..part.end).unwrap_or_default();
    let forced = search.only == Some(Reading::Base64);
    let mut next = part.start;
    // What was joined from a run before these places held nothing, so it is not joined again: each
    // character is decoded a fixed number of times.
    let (mut failed, mut long_tried) = (0, 0);
    while let Some(run) = Run::find(text, next).filter(|_| !search.is_full()) {
        next = run.end;
        let start = run.digits.start;
        if begins_token(text, run) {
            let read = read(text, run, if start < failed { None } else { Some(Join::Guess) });
            let score = read.offer(search);
            if score == Score::Nothing || !read.is_exact {
                failed = failed.max(read.tried);
            }
            if score > Score::Nothing {
                next = next.max(read.place.end);
                continue;
            }
        }
        // Something is written in front of it, as in `path/TlRM…`.
        if let Some(at) = find(text, run.digits, SIGNATURE)
            && let Some(run) = Run::at(text, at)
        {
            let read = read(text, run, Some(Join::Guess));
            read.offer(search);
            next = next.max(read.place.end);
            continue;
        }
        // Or in front of it in the bytes, as in a packet, or the bytes are text.
        if run.digits.len() >= LONG_RUN || forced {
            let joined = if start < long_tried { None } else { Some(Join::Sure) };
            let read = read(text, run, joined);
            long_tried = long_tried.max(read.place.end);
            read.offer(search);
        }
    }
}

/// Whether all lines at `place` are base64 and nothing else.
pub(super) fn is_all(text: &[u8], place: Span) -> bool {
    let characters = text.get(place.start..place.end).unwrap_or_default();
    characters.iter().all(|byte| digit(*byte).is_some() || matches!(byte, b'=' | b'\r' | b'\n'))
}

/// What a character stands for, in the standard or the URL-safe alphabet.
fn digit(character: u8) -> Option<u8> {
    let digit = DIGITS[usize::from(character)];
    (digit < 64).then_some(digit)
}

/// What each character stands for; 64 where it is of neither alphabet.
const DIGITS: [u8; 256] = {
    let mut digits = [64; 256];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut digit = 0;
    while digit < 64 {
        digits[alphabet[digit as usize] as usize] = digit;
        digit += 1;
    }
    digits[b'-' as usize] = 62;
    digits[b'_' as usize] = 63;
    digits
};

/// Whether another message begins with the run, bare or in its framing.
fn begins_message(text: &[u8], run: Run) -> bool {
    let characters = text.get(run.digits.start..run.digits.end).unwrap_or_default();
    if characters.len() < LONG_RUN / 2 {
        return characters.starts_with(SIGNATURE);
    }
    let mut digits = Digits::without_places(6);
    push(&mut digits, text, run.digits.clipped(run.digits.start + HEAD));
    carrier::announced_len(digits.bytes()).is_some() && carrier::has_token(digits.bytes())
}

/// Whether what a token begins with is written here.
fn begins_token(text: &[u8], run: Run) -> bool {
    let mut digits = Digits::without_places(6);
    let mut left = HEAD;
    if run.digits.len() < SHORTEST_RUN {
        if run.digits.len() < SHORTEST_GROUP
            || !matches!(text.get(run.digits.start), Some(b'T' | b'Y' | b'o'))
        {
            return false;
        }
        left = 2 * SHORTEST_RUN;
    }
    let mut piece = Some(run);
    while let Some(run) = piece.filter(|_| left > 0) {
        let end = run.digits.end.min(run.digits.start + left);
        left -= end - run.digits.start;
        push(&mut digits, text, Span::new(run.digits.start, end));
        piece = if left < HEAD && digits.bytes().len() < 8 {
            join(text, run).map(|(run, _)| run)
        } else {
            None
        };
    }
    digits.bytes().len() >= 8 && carrier::begins_like_token(digits.bytes())
}

/// Reads what begins with `run`, over the runs that can be its next pieces until it is whole; only
/// over those that join at least so surely, and over none where that is `None`.
fn read(text: &[u8], run: Run, how_sure: Option<Join>) -> Read {
    let mut pieces = vec![run];
    let mut digits = Digits::new(6);
    push(&mut digits, text, run.digits);
    // How many pieces belong to it for certain.
    let mut sure = 1;
    let mut last = run;
    let is_exact = loop {
        let wanted = carrier::announced_len(digits.bytes());
        let missing = wanted.map(|wanted| wanted.saturating_sub(digits.bytes().len()));
        if last.is_padded() || missing == Some(0) {
            let len = digits.bytes().len();
            break wanted.is_some_and(|wanted| (wanted..wanted.saturating_add(3)).contains(&len));
        }
        let is_short = digits.bytes().len() < LONGEST;
        let may_join =
            |how| how_sure.is_some_and(|least| how >= least && (how == Join::Sure || is_short));
        let Some((next, how)) = join(text, last).filter(|(_, how)| may_join(*how)) else {
            break false;
        };
        // The last line of a wrapped text is the first that is shorter. The line that the text begins
        // in has less room than the others.
        let ended = matches!(pieces.as_slice(), [_, .., before, last] if last.digits.len() < before.digits.len());
        if begins_message(text, next) || ended && is_line_break(text, last, next) {
            break false;
        }
        if how == Join::Sure && sure == pieces.len() {
            sure += 1;
        }
        pieces.push(next);
        push(&mut digits, text, next.digits);
        last = next;
    };
    if sure < pieces.len() && !is_exact {
        pieces.truncate(sure);
        digits = Digits::new(6);
        for piece in &pieces {
            push(&mut digits, text, piece.digits);
        }
    }
    let end = pieces.last().map_or(run.end, |last| last.end);
    Read { place: Span::new(run.digits.start, end), digits, tried: last.end, is_exact }
}

impl Read {
    /// Offers the bytes to the search. Whether it was worth it.
    fn offer(&self, search: &mut Search<'_>) -> Score {
        let bytes = self.digits.bytes();
        search.offer((Reading::Base64, LayerKind::Base64), self.place, bytes, &|| self.digits.map())
    }
}

fn push(digits: &mut Digits, text: &[u8], run: Span) {
    let characters = text.get(run.start..run.end).unwrap_or_default();
    digits.stand(run.start, 1, characters.len());
    for character in characters {
        digits.add(digit(*character).unwrap_or(0));
    }
}

/// The run that may be the next piece of what ends with `run`: on the next line, behind white space, or
/// in the next piece of a string.
fn join(text: &[u8], run: Run) -> Option<(Run, Join)> {
    let mut at = run.end;
    let quote = text.get(at).copied().filter(|byte| is_quote(*byte));
    // In strings everything counts that stands between the quotes.
    let mut is_open = quote.is_none();
    let (mut lines, mut is_list) = (0, false);
    if quote.is_some() {
        at += 1;
    }
    loop {
        if lines == 1 && quote.is_none() && is_trace_offset(text, at) {
            at += 6;
        }
        let byte = *text.get(at)?;
        let between_strings = quote.is_some() && !is_open;
        match byte {
            b'\n' => lines += 1,
            b' ' | b'\t' | b'\r' => {}
            // A line that goes on, in a shell or a program.
            b'\\' if matches!(text.get(at + 1), Some(b'\n' | b'\r')) => {}
            b',' if between_strings => is_list = true,
            b'+' | b'.' | b'&' | b'(' | b')' | b'_' if between_strings => {}
            _ if between_strings && quote == Some(byte) => is_open = true,
            _ if between_strings && is_string_prefix(byte) => {}
            // A line that a mail or a log quotes.
            b'>' | b'<' | b'|' | b'*' | b'#' if quote.is_none() && lines == 1 => {}
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
    let next = Run::at(text, at).filter(|_| is_open && at > run.end)?;
    // An empty line between two others is likelier to end a text than to be one of its own.
    let sure = if quote.is_some() { !is_list } else { lines == 1 && ends_line(text, next.end) };
    Some((next, if sure { Join::Sure } else { Join::Guess }))
}

/// Whether at the beginning of a line stands what `curl --trace-ascii` writes there: `0040: `.
fn is_trace_offset(text: &[u8], at: usize) -> bool {
    text.get(at - 1) == Some(&b'\n')
        && hex_number(text, Span::at(at, 4)).is_some()
        && text.get(at + 4..at + 6) == Some(b": ")
}

/// Whether nothing but what closes a string, a list or a tag stands from `at` to the end of its line.
fn ends_line(text: &[u8], at: usize) -> bool {
    let behind = text.get(at..).unwrap_or_default();
    let next = behind.iter().find(|byte| !b" \t\"'`,;)]}\\".contains(byte));
    next.is_none_or(|byte| matches!(byte, b'\n' | b'\r' | b'<'))
}

fn is_line_break(text: &[u8], before: Run, after: Run) -> bool {
    find(text, Span::new(before.end, after.digits.start), b"\n").is_some()
}

/// Where `wanted` first stands in the part of the text.
fn find(text: &[u8], part: Span, wanted: &[u8]) -> Option<usize> {
    let part_text = text.get(part.start..part.end)?;
    let found = part_text.windows(wanted.len()).position(|window| window == wanted)?;
    Some(part.start + found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        let run = Run::find(text.as_bytes(), 0).unwrap();
        read(text.as_bytes(), run, Some(Join::Guess)).digits.bytes().to_vec()
    }

    #[test]
    fn both_alphabets_with_and_without_padding() {
        for text in ["TlRMTQ==", "TlRMTQ", "TlRMTR", "\"TlRM\" +\n  \"TQ==\"", "TlRM\n> TQ\n"] {
            assert_eq!(bytes(text), b"NTLM", "{text}");
        }
        assert_eq!(bytes("_-8"), bytes("/+8="));
        assert_eq!(bytes("TlRMT"), bytes("TlRM"), "a cut character is left out");
        assert_eq!(bytes("TlRM and words"), bytes("TlRM"), "words are no pieces");
    }
}
