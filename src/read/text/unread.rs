//! The parts of a text that were not understood, in one sentence with the place where reading
//! stopped.

use super::{
    Reading, Search,
    base64::{Base64Run, is_digit},
    left_out::{self, LeftOut},
    scanning::{byte_before, find, part},
};
use crate::base::{span::Span, visible::Visible};
use crate::read::layer::{HttpHeader, LayerKind};

/// Shorter stretches are words and numbers, in bytes that they stand for.
const MIN_LEN: usize = 16;

/// The beginning of the signature in base64.
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
    /// The number of bytes it stands for.
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
    /// The header has something that is no token.
    Token(HttpHeader),
    /// The message ends before it is whole, at a character that does not belong there.
    Cut(Reading),
    /// Text that begins like the signature and ends before it does.
    Signature,
}

/// The sentence for raw bytes that hold nothing, so many of them.
pub(super) fn raw(len: usize) -> String {
    Sentence::default().say("The ").number(len).say(" bytes as they are hold no NTLMSSP.").0
}

/// The remark on the parts of the outermost text that the search left over.
///
/// If nothing was found, it says what the text looked like, if it looked like anything.
pub(super) fn sentence(search: &Search<'_>) -> Option<String> {
    let text = search.text;
    if search.is_full() {
        // What is behind the last was not looked at.
        return None;
    }
    let sentence = Sentence::default();
    let left_out = left_out::first(search).or_else(|| left_out::ellipsis_at_end(search));
    if let Some(left_out) = left_out {
        return Some(sentence.left_out(text, &left_out).0);
    }
    if let Some((stop, place, more)) = first_stop(search) {
        let sentence = sentence.stop(text, stop, place);
        return Some(match more {
            0 => sentence.0,
            1 => sentence.say(" One more place was not understood.").0,
            _ => {
                let count = if search.context.is_full() { " At least " } else { " " };
                sentence.say(count).number(more).say(" more places were not understood.").0
            }
        });
    }
    if let Some(place) = search.old_line {
        let sentence = sentence.place("L", text, place.start);
        return Some(sentence.say(OLD_LINE).0);
    }
    if search.has_found() {
        return left_out::ellipsis(search).map(|ellipsis| sentence.left_out(text, &ellipsis).0);
    }
    if let Some((header, scheme)) = search.context.foreign {
        let sentence =
            sentence.place("L", text, scheme.start).say(": the header ").say(header.as_str());
        let sentence = sentence.say(" carries ").say(str::from_utf8(part(text, scheme)).ok()?);
        let rest = ", which is not NTLM, and nothing else begins with the signature NTLMSSP.";
        return Some(sentence.say(rest).0);
    }
    let Some(longest) = search.unread.longest else {
        let sentence = sentence.say("Nothing in it can be read as ").say(search.only?.label());
        return Some(sentence.say(", so no NTLMSSP was found.").0);
    };
    if let Some(offset) = left_out::first_offset(text, longest.reading, longest.place) {
        let sentence = sentence.place("L", text, offset.start).say(": this dump begins at offset ");
        let sentence = sentence.say(&String::from_utf8_lossy(part(text, offset)));
        let rest = ". The rows before that are left out, and the message begins in them: paste the dump from offset 0 on.";
        return Some(sentence.say(rest).0);
    }
    let is_most = 2 * longest.place.len() >= text.trim_ascii().len();
    // Prose has a backslash or a percent sign at times, as in the name of a share.
    let is_prose = matches!(longest.reading, Reading::Escapes | Reading::Percent)
        && find(text, longest.place, b"NTLM").is_none();
    (search.only.is_some() || is_most && !is_prose && longest.bytes >= MIN_LEN).then(|| {
        let sentence = sentence.place("L", text, longest.place.start).say(": this");
        let sentence = sentence.read(text, longest.place.end, longest.reading);
        sentence.say("its ").number(longest.bytes).say(" bytes hold no NTLMSSP.").0
    })
}

/// The words about a line with the responses of NTLMv1.
const OLD_LINE: &str = ": this is a NetNTLMv1 line, the responses without their message. NTLMv1 has no place for a target name, so there is none in it to judge.";

/// A sentence under construction.
#[derive(Default)]
struct Sentence(String);

impl Sentence {
    fn say(mut self, words: &str) -> Self {
        self.0.push_str(words);
        self
    }

    fn number(self, number: usize) -> Self {
        self.say(&number.to_string())
    }

    fn left_out(self, text: &[u8], left_out: &LeftOut) -> Self {
        let shown = String::from_utf8_lossy(part(text, left_out.place));
        let sentence = self.place("L", text, left_out.place.start).say(": “");
        let sentence = sentence.say(&Visible(&shown).to_string());
        sentence.say("” is where bytes should be. ").say(left_out.advice)
    }

    /// A place as people write it: `line 3, column 7`, both from 1; the line itself begins with
    /// `l`.
    fn place(self, l: &str, text: &[u8], at: usize) -> Self {
        let (mut line, mut column) = (1, 1);
        for byte in part(text, Span::new(0, at)) {
            if *byte == b'\n' {
                (line, column) = (line + 1, 1);
            } else if byte & 0xC0 != 0x80 {
                // The other bytes of a character in UTF-8 do not count.
                column += 1;
            }
        }
        self.say(l).say("ine ").number(line).say(", column ").number(column)
    }

    /// Adds how far it was read, and what is there.
    fn read(self, text: &[u8], end: usize, reading: Reading) -> Self {
        let sentence = self.say(" was read as ").say(reading.label()).say(" up to ");
        let sentence = sentence.place("l", text, end);
        let rest = part(text, Span::at(end, 4));
        let there = match rest.first() {
            None => "it ends",
            Some(b'\r' | b'\n') => "the line ends",
            Some(b' ') => "a space stands",
            Some(_) => {
                // As many bytes as the character has.
                let character = (1..=4).find_map(|len| str::from_utf8(rest.get(..len)?).ok());
                let shown = Visible(character.unwrap_or("?")).to_string();
                return sentence.say(", where “").say(&shown).say("” stands, and ");
            }
        };
        sentence.say(", where ").say(there).say(", and ")
    }

    fn stop(self, text: &[u8], stop: Stop, place: Span) -> Self {
        let sentence = self.place("L", text, place.start).say(": ");
        let (sentence, reading, verdict) = match stop {
            Stop::Token(header) => {
                let sentence = sentence.say("what follows in the header ").say(header.as_str());
                (sentence, Reading::Base64, "holds no NTLMSSP.")
            }
            Stop::Cut(reading) => (sentence.say("this message"), reading, "is not whole."),
            Stop::Signature => {
                let verdict = "is too little for a message.";
                (sentence.say("what begins like NTLMSSP"), Reading::Base64, verdict)
            }
        };
        sentence.read(text, place.end, reading).say(verdict)
    }
}

/// The first stop in the text, and the number of others.
fn first_stop(search: &Search<'_>) -> Option<(Stop, Span, usize)> {
    let text = search.text;
    let mut first: Option<(Stop, Span)> = None;
    let mut count = 0;
    let mut add = |stop, place: Span| {
        count += 1;
        if first.is_none_or(|(_, first)| place.start < first.start) {
            first = Some((stop, place));
        }
    };
    for (reading, place) in search.cut_short() {
        if !ends_there(text, place.end) {
            add(Stop::Cut(reading), place);
        }
    }
    let add_token = &mut |stop, at| {
        let run = Base64Run::at(text, at).map(|run| Span::new(at, run.end));
        if let Some(place) = run.filter(|place| search.only.is_none() && !search.holds(*place)) {
            add(stop, place);
        }
    };
    for mark in &search.context.marks {
        if let LayerKind::HttpHeader(header) = mark.kind {
            add_token(Stop::Token(header), mark.token);
        }
    }
    let mut next = 0;
    while let Some(at) = find(text, Span::new(next, text.len()), BEGINNING) {
        next = at + BEGINNING.len();
        let is_inside = byte_before(text, at, 1).is_some_and(is_digit);
        // What was found is not gone through again to its end.
        let is_known = is_inside || search.holds(Span::at(at, BEGINNING.len()));
        if !is_known && search.context.mark_of(at).is_none() {
            add_token(Stop::Signature, at);
        }
    }
    first.map(|(stop, place)| (stop, place, count - 1))
}

/// Returns true if the part that was read ends where other things may begin.
fn ends_there(text: &[u8], at: usize) -> bool {
    text.get(at).is_none_or(|byte| byte.is_ascii_whitespace() || b"\"'`,;)]}<>|".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters_from_one() {
        let text = "äb\ncd%".as_bytes();
        for (at, expected) in [
            (0, "line 1, column 1, where “ä” stands"),
            (2, "line 1, column 2, where “b” stands"),
            (6, "line 2, column 3, where “%” stands"),
            (7, "line 2, column 4, where it ends"),
        ] {
            let sentence = Sentence::default().read(text, at, Reading::Hex).0;
            assert_eq!(sentence, format!(" was read as hex up to {expected}, and "));
        }
    }
}
