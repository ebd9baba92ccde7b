//! NetNTLMv2 lines, as tools print the response of a sign-in:
//! `user::domain:ServerChallenge:NTProofStr:rest of the response`.
//!
//! They are found by the two colons between user and domain and by what follows, which is hex of
//! known lengths. Any program may have written the text in front of the user. A line that a
//! terminal broke is joined: its own AV pairs say where it ends.

use super::{
    FoundLine, Search,
    digits::{Digits, hex_digit, is_hex},
    scanning::{find, part, skip_while},
};
use crate::base::span::{Source, Span};
use crate::message::ntlm::{ResponseLine, StatedBeside};
use crate::read::layer::{Fact, Layer, LayerKind};

/// The longest name that is taken for one, in bytes.
const MAX_NAME_LEN: usize = 256;

/// The longest challenge that is taken for one, in hex digits: some tools print the eight bytes
/// behind it too.
const MAX_CHALLENGE_LEN: usize = 32;

/// The most lines that are read of one text.
const MAX_LINES: usize = 1_001;

/// The most bytes of a response: its length has two bytes.
const MAX_RESPONSE_LEN: usize = 0xFFFF;

/// The beginning of the rest of a response: `RespType`, `HiRespType`, and the zeros of `Reserved1`
/// and `Reserved2`.
const BEGINNING: &[u8] = &[1, 1, 0, 0, 0, 0, 0, 0];

/// A line with responses of either version.
enum HashLine {
    /// NTLMv2, which is read.
    V2(Box<FoundLine>),
    /// NTLMv1, in which no name can be: its place.
    V1(Span),
}

/// Finds the lines in the text. What else was found in one of them goes.
pub(super) async fn search(search: &mut Search<'_>) {
    let (text, pace) = (search.text, search.pace);
    let mut next = 0;
    while let Some(colons) = find(text, Span::new(next, text.len()), b"::") {
        pace.spend(colons - next + 1).await;
        next = colons + 1;
        match line(text, colons) {
            None => continue,
            Some(HashLine::V2(found)) => {
                next = found.place.end;
                search.lines.push(*found);
            }
            Some(HashLine::V1(line)) => {
                next = line.end;
                search.old_line.get_or_insert(line);
            }
        }
        pace.spend(next - colons).await;
        if search.lines.len() == MAX_LINES {
            break;
        }
    }
    let Search { lines, found, .. } = search;
    found.retain(|found| !lines.iter().any(|line| line.place.overlaps(found.place)));
    for line in lines {
        line.behind = found.partition_point(|found| found.place.start < line.place.start);
    }
}

/// The line whose user ends at `colons`.
fn line(text: &[u8], colons: usize) -> Option<HashLine> {
    let user = user(text, colons)?;
    let domain = Span::new(colons + 2, end_of_name(text, colons + 2)?);
    let first = digits(text, colon(text, domain.end)?);
    let second = digits(text, colon(text, first.end)?);
    let third = colon(text, second.end)?;
    if first.count == 48 && second.count == 48 {
        let challenge = digits(text, third);
        let place = Span::new(user.start, challenge.end);
        return (challenge.count == 16).then_some(HashLine::V1(place));
    }
    let is_challenge =
        first.count.is_multiple_of(2) && (2..=MAX_CHALLENGE_LEN).contains(&first.count);
    if !is_challenge || second.count != 32 {
        return None;
    }
    let mut response = Digits::new(4);
    push(text, second, &mut response);
    let rest = rest(text, third, &mut response)?;
    let beside = StatedBeside {
        user: String::from_utf8_lossy(part(text, user)).into_owned(),
        domain: String::from_utf8_lossy(part(text, domain)).into_owned(),
        server_challenge: {
            let mut challenge = Digits::new(4);
            push(text, first, &mut challenge);
            challenge.bytes().to_vec()
        },
    };
    let place = Span::new(user.start, rest);
    let line = ResponseLine::new(response.bytes().into(), beside);
    let number = String::from_utf8_lossy(part(text, first.span())).into_owned();
    let facts = [
        ("User", line.beside.user.clone(), user),
        ("Domain", line.beside.domain.clone(), domain),
        ("ServerChallenge", number, first.span()),
    ];
    let facts = facts.into_iter().map(|(name, value, span)| Fact { name, value, span }).collect();
    let map = Some(response.into_map().into());
    let outer = Layer { map, facts, ..Layer::new(LayerKind::HashLine, place) };
    let inner = Layer::new(LayerKind::Ntlmv2, Span::new(0, line.bytes().len()));
    let layers = vec![outer, inner];
    Some(HashLine::V2(Box::new(FoundLine { layers, line, behind: 0, place })))
}

/// Hex digits, maybe broken over lines.
#[derive(Clone, Copy)]
struct HexRun {
    start: usize,
    end: usize,
    count: usize,
}

impl HexRun {
    const fn span(self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// The hex digits at `at`, those behind line ends among them.
fn digits(text: &[u8], at: usize) -> HexRun {
    let mut run = HexRun { start: at, end: at, count: 0 };
    let mut row = Some(at);
    while let Some(start) = row.filter(|_| run.count <= MAX_FIELD_LEN) {
        run.end = end_of_hex(text, start);
        run.count += run.end - start;
        row = next_row(text, run.end).filter(|row| is_hex_at(text, *row));
    }
    run
}

/// No field but the last is longer, in hex digits: a response of NTLMv1 has so many.
const MAX_FIELD_LEN: usize = 48;

fn end_of_hex(text: &[u8], at: usize) -> usize {
    let near = part(text, Span::at(at, 64));
    at + near.iter().take_while(|byte| is_hex(**byte)).count()
}

fn push(text: &[u8], run: HexRun, digits: &mut Digits) {
    for (at, byte) in (run.start..).zip(part(text, run.span())) {
        if let Some(digit) = hex_digit(*byte) {
            digits.push(digit, Span::at(at, 1));
        }
    }
}

/// The start of the next line behind the line end at `at`.
fn next_row(text: &[u8], at: usize) -> Option<usize> {
    let behind = match part(text, Span::at(at, 2)) {
        [b'\r', b'\n'] => at + 2,
        [b'\n', ..] => at + 1,
        _ => return None,
    };
    let blanks = part(text, Span::at(behind, 64));
    Some(behind + blanks.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count())
}

fn is_hex_at(text: &[u8], at: usize) -> bool {
    text.get(at).is_some_and(|byte| is_hex(*byte))
}

/// The start of the field behind the colon at `at`; a line may end on either side of the colon.
fn colon(text: &[u8], at: usize) -> Option<usize> {
    let at = next_row(text, at).unwrap_or(at);
    let behind = (text.get(at) == Some(&b':')).then_some(at + 1)?;
    Some(next_row(text, behind).filter(|row| is_hex_at(text, *row)).unwrap_or(behind))
}

/// Reads what NTProofStr is computed over, and says where it ends. `None` where it does not begin
/// as it has to.
fn rest(text: &[u8], at: usize, response: &mut Digits) -> Option<usize> {
    let head = response.bytes().len();
    let mut end = Pairs::default();
    let mut row = at;
    loop {
        let stop = skip_while(text, row, |byte| byte.is_ascii_hexdigit());
        let room = 2 * MAX_RESPONSE_LEN.saturating_sub(response.bytes().len());
        let digits = part(text, Span::new(row, stop.min(row.saturating_add(room))));
        response.push_all(digits.iter().map(|byte| hex_digit(*byte).unwrap_or_default()), row);
        let stop = row + digits.len();
        let known = response.bytes().get(head..).unwrap_or_default();
        let len = known.len().min(BEGINNING.len());
        if known.get(..len) != BEGINNING.get(..len) {
            return None;
        }
        match next_row(text, stop).filter(|_| !end.is_reached(known) && room > 0) {
            // A row of its own is as long as this one, or the last.
            Some(next) if is_hex_at(text, next) && is_row(text, next) => row = next,
            _ => return (len == BEGINNING.len()).then_some(stop),
        }
    }
}

/// Returns true if the line at `at` has hex and nothing else but what may close the response.
fn is_row(text: &[u8], at: usize) -> bool {
    let end = skip_while(text, at, |byte| byte.is_ascii_hexdigit());
    text.get(end).is_none_or(|byte| !byte.is_ascii_alphanumeric() && !b":-_.".contains(byte))
}

/// Walks the AV pairs of a response that grows.
struct Pairs {
    next: usize,
    is_at_end: bool,
}

impl Default for Pairs {
    fn default() -> Self {
        // The fixed part of `NTLMv2_CLIENT_CHALLENGE`.
        Self { next: 28, is_at_end: false }
    }
}

impl Pairs {
    /// Returns true if `MsvAvEOL` and the four bytes behind it are there.
    fn is_reached(&mut self, rest: &[u8]) -> bool {
        let source = Source(rest);
        while !self.is_at_end {
            let id = source.le_u16(self.next);
            let len = source.le_u16(self.next.saturating_add(2));
            let Some((id, len)) = id.zip(len) else { return false };
            self.is_at_end = id.value == 0;
            self.next = len.span.end.saturating_add(len.value.into());
        }
        rest.len() >= self.next.saturating_add(4)
    }
}

/// The end of the domain at `at`.
fn end_of_name(text: &[u8], at: usize) -> Option<usize> {
    let near = part(text, Span::at(at, MAX_NAME_LEN));
    let len = near.iter().position(|byte| *byte == b':')?;
    let is_name = |byte: &u8| *byte >= b' ' && !b"\"<>|,;".contains(byte);
    near.get(..len)?.iter().all(is_name).then_some(at + len)
}

/// The user that ends at `end`. Names of Windows' users have none of `"/\[]:;|=,+*?<>`, so each of
/// these ends the text in front. So does white space, unless a colon, a quote or the line's start
/// shows where the user begins.
fn user(text: &[u8], end: usize) -> Option<Span> {
    let near = Span::new(end.saturating_sub(MAX_NAME_LEN), end);
    let bytes = part(text, near);
    let is_mark = |byte: &u8| *byte < b' ' || b"\"'`/\\[]:;|=,+*?<>(){}".contains(byte);
    let mark = bytes.iter().rposition(is_mark);
    let mut start = mark.map_or(0, |mark| mark + 1);
    let before = |at: usize| at.checked_sub(1).and_then(|at| bytes.get(at)).copied();
    let head = bytes.get(start..)?;
    match before(start) {
        Some(b'[' | b';') if is_colour(bytes.get(..start)?) => start += after_colour(head),
        Some(b'\\') => start += after_escape(text, end, bytes.get(..start - 1)?, head),
        _ => {}
    }
    let head = bytes.get(start..)?;
    let blanks = head.len() - head.trim_ascii_start().len();
    let is_named = match before(start) {
        Some(b':' | b'=') => blanks > 0,
        Some(b'"' | b'\'' | b'`') => true,
        Some(b'\n') | None => is_full_name(head),
        _ => false,
    };
    let words = head.get(blanks..)?;
    let first = if is_named {
        0
    } else {
        words.iter().rposition(u8::is_ascii_whitespace).map_or(0, |at| at + 1)
    };
    let user = Span::new(near.start + start + blanks + first, end);
    (!user.is_empty()).then_some(user)
}

/// Returns true if a code for colours, as in `[1;33m`, may end `front`.
fn is_colour(front: &[u8]) -> bool {
    let code = front.iter().rev().find(|byte| !byte.is_ascii_digit() && **byte != b';');
    code == Some(&b'[')
}

/// The number of characters at the start of `head` that belong to a code for colours.
fn after_colour(head: &[u8]) -> usize {
    let len = head.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b';').count();
    if head.get(len) == Some(&b'm') { len + 1 } else { 0 }
}

/// The number of characters of an escape for a line end or a tab, whose backslash is in front of
/// `head`; none if the backslash is between the domain and the user.
fn after_escape(text: &[u8], colons: usize, front: &[u8], head: &[u8]) -> usize {
    let domain = end_of_name(text, colons + 2).map(|end| Span::new(colons + 2, end));
    let domain = domain.map(|domain| part(text, domain)).unwrap_or_default();
    let tail = front.len().checked_sub(domain.len()).and_then(|at| front.get(at..));
    let is_domain =
        !domain.is_empty() && tail.is_some_and(|tail| tail.eq_ignore_ascii_case(domain));
    usize::from(!is_domain && matches!(head.first(), Some(b'n' | b'r' | b't')))
}

/// Returns true if every word begins with a capital letter and goes on with a small one, as in
/// `Jane Doe`.
fn is_full_name(words: &[u8]) -> bool {
    let mut words = words.trim_ascii().split(u8::is_ascii_whitespace);
    words.all(|word| match word {
        [first, second, ..] => first.is_ascii_uppercase() && second.is_ascii_lowercase(),
        _ => false,
    })
}
