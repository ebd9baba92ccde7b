//! What was not understood, in one sentence with the place where reading stopped.

use super::{Reading, Search, base64::Run, context::Foreign};
use crate::{carrier, layer::LayerKind, span::Span, visible::Visible};

/// Shorter stretches are words and numbers, in bytes that they stand for.
const SHORTEST: usize = 16;

/// How the signature begins in base64.
const BEGINNING: &[u8] = b"TlRM";

/// The longest stretch that can be read as an encoding and holds nothing.
#[derive(Default)]
pub(super) struct Unread {
    longest: Option<Fruitless>,
}

/// A stretch whose bytes hold nothing.
#[derive(Clone, Copy)]
struct Fruitless {
    reading: Reading,
    place: Span,
    /// How many bytes it stands for.
    bytes: usize,
}

impl Unread {
    /// Takes note of a stretch whose bytes hold nothing.
    pub(super) fn note(&mut self, reading: Reading, place: Span, bytes: usize) {
        if self.longest.is_none_or(|longest| longest.place.len() < place.len()) {
            self.longest = Some(Fruitless { reading, place, bytes });
        }
    }
}

/// Something that looked like a token and was not understood.
#[derive(Clone, Copy)]
enum Stop {
    /// In the header stands what is no token.
    Token(&'static str),
    /// The message ends before it is whole, at a character that does not belong there.
    Cut(Reading),
    /// What begins like the signature ends before the signature does.
    Signature,
}

/// The sentence for raw bytes that hold nothing, so many of them.
pub(super) fn raw(len: usize) -> String {
    format!("The {len} bytes as they are hold no NTLMSSP.")
}

/// What the search of the outermost text left over.
///
/// Where nothing was found it says what the text looked like, if it looked like anything.
pub(super) fn sentence(search: &Search<'_>) -> Option<String> {
    let text = search.text;
    if search.is_full() {
        // What is behind the last was not looked at.
        return None;
    }
    if let Some((stop, place, more)) = first_stop(search) {
        let sentence = stop_sentence(text, stop, place);
        return Some(match more {
            0 => sentence,
            1 => format!("{sentence} One more place was not understood."),
            _ => format!("{sentence} {more} more places were not understood."),
        });
    }
    if search.count() > 0 {
        return None;
    }
    if let Some(Foreign { header, scheme }) = search.context.foreign.first() {
        let word = String::from_utf8_lossy(text.get(scheme.start..scheme.end)?);
        return Some(format!(
            "{}: the header {header} carries {}, which is no NTLM, and nothing else begins with the signature NTLMSSP.",
            capital(&place_of(text, scheme.start)),
            Visible(&word),
        ));
    }
    let Some(longest) = search.unread.longest else {
        let reading = search.only?.label();
        return Some(format!("Nothing in it can be read as {reading}, so no NTLMSSP was found."));
    };
    let is_most = 2 * longest.place.len() >= text.trim_ascii().len();
    (search.only.is_some() || is_most && longest.bytes >= SHORTEST).then(|| {
        format!(
            "It was read as {} up to {}, {}; these {} bytes hold no NTLMSSP.",
            longest.reading.label(),
            place_of(text, longest.place.end),
            what_stands(text, longest.place.end),
            longest.bytes
        )
    })
}

/// What stops first in the text, and how many more there are.
fn first_stop(search: &Search<'_>) -> Option<(Stop, Span, usize)> {
    let text = search.text;
    let mut first = None;
    let mut count = 0;
    let mut add = |stop, place: Span| {
        count += 1;
        if first.is_none_or(|(_, first): (Stop, Span)| place.start < first.start) {
            first = Some((stop, place));
        }
    };
    for (reading, place) in search.cut_short() {
        if !ends_there(text, place.end) {
            add(Stop::Cut(reading), place);
        }
    }
    if search.only.is_none() {
        let run_at = |at| {
            let run = Run::at(text, at)?;
            let place = Span::new(run.digits.start, run.end);
            (!search.holds(place)).then_some(place)
        };
        for mark in &search.context.marks {
            if let (LayerKind::HttpHeader(header), Some(place)) = (mark.kind, run_at(mark.token)) {
                add(Stop::Token(header), place);
            }
        }
        for (at, _) in
            text.windows(BEGINNING.len()).enumerate().filter(|(_, four)| *four == BEGINNING)
        {
            let is_inside = at.checked_sub(1).is_some_and(|before| {
                Run::at(text.get(..at).unwrap_or_default(), before).is_some()
            });
            if !is_inside
                && search.context.mark_of(at).is_none()
                && let Some(place) = run_at(at)
            {
                add(Stop::Signature, place);
            }
        }
    }
    first.map(|(stop, place)| (stop, place, count - 1))
}

fn stop_sentence(text: &[u8], stop: Stop, place: Span) -> String {
    let start = capital(&place_of(text, place.start));
    let end = place_of(text, place.end);
    let there = what_stands(text, place.end);
    match stop {
        Stop::Token(header) => {
            let digits = Run::at(text, place.start).map(|run| run.decode(text)).unwrap_or_default();
            if carrier::begins_like_token(&digits) {
                return format!(
                    "{start}: the token in the header {header}, read up to {end}, is SPNEGO without an NTLMSSP message."
                );
            }
            format!(
                "{start}: what follows in the header {header} is no token; it was read as base64 up to {end}, {there}, and its {} bytes hold no NTLMSSP.",
                digits.len()
            )
        }
        Stop::Cut(reading) => format!(
            "{start}: this message was read as {} up to {end}, {there}, and is not whole.",
            reading.label()
        ),
        Stop::Signature => format!(
            "{start}: this begins like NTLMSSP in base64 and was read up to {end}, {there}, which is too little for a message."
        ),
    }
}

/// Whether what was read ends where other things may begin.
fn ends_there(text: &[u8], at: usize) -> bool {
    text.get(at).is_none_or(|byte| byte.is_ascii_whitespace() || b"\"'`,;)]}<>&|".contains(byte))
}

/// A place as people write it: `line 3, column 7`, both from 1; `byte 7` where the text is none.
fn place_of(text: &[u8], at: usize) -> String {
    let before = text.get(..at).unwrap_or(text);
    if text.contains(&0) {
        return format!("byte {at}");
    }
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let line = before.split(|byte| *byte == b'\n').count();
    let line_text = before.get(line_start..).unwrap_or_default();
    let column = str::from_utf8(line_text).map_or(line_text.len(), |line| line.chars().count()) + 1;
    format!("line {line}, column {column}")
}

/// What stands at a place, as part of a sentence.
fn what_stands(text: &[u8], at: usize) -> String {
    let rest = text.get(at..).unwrap_or_default();
    match rest.first() {
        None => "where it ends".into(),
        Some(b'\r' | b'\n') => "where the line ends".into(),
        Some(b' ') => "where a space stands".into(),
        Some(_) => {
            let head = String::from_utf8_lossy(rest.get(..rest.len().min(4)).unwrap_or_default());
            let first = head.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
            format!("where “{}” stands", Visible(first.encode_utf8(&mut [0; 4])))
        }
    }
}

fn capital(place: &str) -> String {
    let (first, rest) = place.split_at(place.len().min(1));
    first.to_ascii_uppercase() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters_from_one() {
        let text = "äb\ncd%".as_bytes();
        assert_eq!(place_of(text, 0), "line 1, column 1");
        assert_eq!(place_of(text, 2), "line 1, column 2");
        assert_eq!(place_of(text, 6), "line 2, column 3");
        assert_eq!(what_stands(text, 6), "where “%” stands");
        assert_eq!(what_stands(text, 7), "where it ends");
        assert_eq!(capital("line 1"), "Line 1");
    }
}
