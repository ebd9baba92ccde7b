//! Bytes as numbers with something between them: pairs of hex digits, arrays, lists of decimals.

use super::{
    Reading, Search,
    digits::{Digits, hex_digit, hex_number},
};
use crate::{carrier, layer::LayerKind, ntlm::SIGNATURE, span::Span};

/// Shorter lists hold no token, in bytes.
const SHORTEST: usize = 8;

/// A word of so many digits and one more is one that was cut, not a number of an odd length.
const LONG_WORD: usize = 16;

/// Bytes in front of the signature that are a word of the text before, not a carrier. No carrier is so
/// short.
const STRAY: usize = 3;

/// The longest comment between two numbers, in bytes.
const LONGEST_COMMENT: usize = 200;

/// Types that an array's elements may be cast to.
const CASTS: [&[u8]; 6] = [b"(byte)", b"[byte]", b"(sbyte)", b"[sbyte]", b"(char)", b"[char]"];

/// A number as it stands in the text.
#[derive(Clone, Copy)]
struct Number {
    digits: Span,
    is_negative: bool,
    /// Whether something says that it is hex: `0x`, `\x`.
    is_prefixed: bool,
    /// Whether its digits go on without it: it was cut.
    is_cut: bool,
}

/// What stands between two numbers.
struct Gap {
    /// Where the next number begins.
    next: usize,
    /// What separates them besides white space; 0 where nothing does.
    mark: u8,
    is_line_break: bool,
}

/// A list of numbers, and the bytes they are in both readings where they are.
struct List {
    place: Span,
    hex: Option<Vec<u8>>,
    decimal: Option<Vec<u8>>,
    /// Where the next list can begin.
    next: usize,
}

/// Looks for tokens in the lists of numbers in `part` of the text.
pub(super) fn search(search: &mut Search<'_>, part: Span) {
    let text = search.text.get(..part.end).unwrap_or_default();
    let mut next = part.start;
    while let Some(start) = first(text, next).filter(|_| !search.is_full()) {
        let list = list(text, start);
        next = list.next.max(start + 1);
        offer(search, text, &list);
    }
}

/// Whether all characters at `place` are one list that can be read so, and nothing else.
pub(super) fn is_all(text: &[u8], place: Span, reading: Reading) -> bool {
    let text = text.get(..place.end).unwrap_or_default();
    if first(text, place.start) != Some(place.start) {
        return false;
    }
    let list = list(text, place.start);
    let can = if reading == Reading::Hex { list.hex.is_some() } else { list.decimal.is_some() };
    can && list.place.end == place.end
}

/// Offers what a list stands for to the search.
fn offer(search: &mut Search<'_>, text: &[u8], list: &List) {
    let readings = [
        (Reading::Hex, LayerKind::Hex, &list.hex),
        (Reading::Decimal, LayerKind::Decimal, &list.decimal),
    ];
    for (reading, kind, bytes) in readings {
        let Some(bytes) = bytes.as_deref().filter(|_| search.allows(reading)) else { continue };
        if bytes.len() < SHORTEST && search.only.is_none() {
            continue;
        }
        let stray = stray(bytes);
        let bytes = bytes.get(stray..).unwrap_or_default();
        let (place, _) = places(text, list.place, reading, stray);
        search.offer((reading, kind), place, bytes, &|| {
            places(text, list.place, reading, stray).1.map()
        });
    }
}

/// How many bytes stand in front of a message that are none of a carrier.
fn stray(bytes: &[u8]) -> usize {
    let begins = |skip: &usize| bytes.get(*skip..).is_some_and(|rest| rest.starts_with(SIGNATURE));
    (1..=STRAY).find(begins).unwrap_or(0)
}

/// Where a number may begin at or behind `from`: not in a word.
fn first(text: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let rest = text.get(at..)?;
        at += rest.iter().position(|byte| hex_digit(*byte).is_some() || *byte == b'\\')?;
        let before = |distance| at.checked_sub(distance).and_then(|before| text.get(before));
        let is_word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let is_escape = text.get(at) == Some(&b'\\');
        if (is_escape || !is_word(before(1))) && number(text, at).is_some() {
            let has_sign = before(1) == Some(&b'-') && !is_word(before(2));
            let signed = at - usize::from(has_sign && at > from);
            return Some(if number(text, signed).is_some() { signed } else { at });
        }
        at += 1;
        if !is_escape {
            // The rest of the word is none either.
            let rest = text.get(at..)?;
            at += rest.iter().position(|byte| !byte.is_ascii_alphanumeric())?;
        }
    }
}

/// Reads the list that begins at `start`.
fn list(text: &[u8], start: usize) -> List {
    let mut list = List {
        place: Span::empty(start),
        hex: Some(Vec::new()),
        decimal: Some(Vec::new()),
        next: start,
    };
    let mut mark = None;
    let mut at = start;
    while let Some(number) = number(text, at) {
        let (hex, decimal) = (number.hex(), number.decimal(text));
        if list.hex.is_none() || hex.is_none() {
            if list.decimal.is_none() || decimal.is_none() {
                // What begins here fits neither.
                list.next = at;
                return list;
            }
            list.hex = None;
        }
        if let (Some(bytes), Some(digits)) = (&mut list.hex, hex) {
            read_hex(text, digits, &mut |byte, _| bytes.push(byte));
        }
        match (&mut list.decimal, decimal) {
            (Some(bytes), Some(byte)) => bytes.push(byte),
            _ => list.decimal = None,
        }
        list.place.end = number.digits.end;
        list.next = number.digits.end + usize::from(number.is_cut);
        let Some(gap) = gap(text, number.digits.end).filter(|_| !number.is_cut) else { break };
        if gap.is_line_break {
            if list.is_whole() && begins_token(text, gap.next) {
                break;
            }
        } else if *mark.get_or_insert(gap.mark) != gap.mark && !list.begins_token() {
            // What came before was of another list, such as a time in front of it.
            list.next = at;
            break;
        }
        at = gap.next;
    }
    list
}

impl List {
    fn readings(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.hex.iter().chain(&self.decimal)
    }

    fn begins_token(&self) -> bool {
        self.readings().any(|bytes| {
            let head = bytes.get(..bytes.len().min(SHORTEST)).unwrap_or_default();
            head.len() >= 4 && carrier::begins_like_token(head)
        })
    }

    fn is_whole(&self) -> bool {
        self.readings()
            .any(|bytes| carrier::announced_len(bytes).is_some_and(|len| len <= bytes.len()))
    }
}

/// Whether a token begins with the numbers at `start`.
fn begins_token(text: &[u8], start: usize) -> bool {
    let mut bytes = Vec::new();
    let mut decimals = Vec::new();
    let mut at = start;
    while let Some(number) = number(text, at).filter(|_| bytes.len() < SHORTEST) {
        if let Some(digits) = number.hex() {
            let head = digits.clipped(digits.start + 2 * SHORTEST);
            read_hex(text, head, &mut |byte, _| bytes.push(byte));
        }
        decimals.extend(number.decimal(text));
        let Some(gap) = gap(text, number.digits.end) else { break };
        at = gap.next;
    }
    carrier::begins_like_token(&bytes) || carrier::begins_like_token(&decimals)
}

/// The place of a list without its first `skip` bytes, and those behind with their places.
fn places(text: &[u8], list: Span, reading: Reading, skip: usize) -> (Span, Digits) {
    let mut digits = Digits::new(if reading == Reading::Hex { 4 } else { 8 });
    let mut place = Span::empty(list.end);
    let mut left = skip;
    let mut push = |byte: u8, at: Span| {
        if left > 0 {
            left -= 1;
            return;
        }
        place.start = place.start.min(at.start);
        if reading == Reading::Hex {
            // A single digit stands for two, the first of them zero.
            digits.push(byte >> 4, Span::at(at.start, 1));
            digits.push(byte & 0xF, Span::at(at.end - 1, 1));
        } else {
            digits.push(byte, at);
        }
    };
    let mut at = list.start;
    while let Some(number) = number(text, at).filter(|_| at < list.end) {
        match reading {
            Reading::Hex => read_hex(text, number.hex().unwrap_or_default(), &mut push),
            _ => push(number.decimal(text).unwrap_or_default(), number.place()),
        }
        let Some(gap) = gap(text, number.digits.end) else { break };
        at = gap.next;
    }
    (place, digits)
}

/// Reads the number at `at`.
fn number(text: &[u8], at: usize) -> Option<Number> {
    let rest = text.get(at..)?;
    let (is_escape, start) = match rest {
        [b'\\', b'x', ..] => (true, at + 2),
        [b'0', b'x' | b'X', ..] => (false, at + 2),
        [b'-', ..] => (false, at + 1),
        _ => (false, at),
    };
    let is_negative = rest.first() == Some(&b'-');
    let behind = text.get(start..)?;
    let len = behind.iter().position(|byte| hex_digit(*byte).is_none()).unwrap_or(behind.len());
    let is_prefixed = start > at && !is_negative;
    let follower = behind.get(len).copied().unwrap_or(b' ');
    // `\x4e` has two digits, and text may follow. `\x4e54…` is how PostgreSQL writes a whole value.
    let take = if is_escape && len < LONG_WORD { len.min(2) } else { len };
    let is_cut = take >= LONG_WORD && take % 2 == 1;
    let is_number = take > 0
        && (is_escape
            || is_cut
            || take >= LONG_WORD
            || !follower.is_ascii_alphanumeric() && follower != b'_');
    let digits = Span::at(start, take - usize::from(is_cut));
    is_number.then_some(Number { digits, is_negative, is_prefixed, is_cut })
}

impl Number {
    /// Its digits, where they are pairs of hex digits or a single one.
    fn hex(self) -> Option<Span> {
        let len = self.digits.len();
        (!self.is_negative && (len == 1 || len.is_multiple_of(2))).then_some(self.digits)
    }

    /// The byte it is, where it is a decimal number.
    fn decimal(self, text: &[u8]) -> Option<u8> {
        let digits = text.get(self.digits.start..self.digits.end)?;
        if self.is_prefixed || digits.len() > 3 || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let value = digits.iter().fold(0, |value, digit| value * 10 + u16::from(digit - b'0'));
        if self.is_negative {
            return u8::try_from(value).ok().filter(|value| *value <= 128).map(u8::wrapping_neg);
        }
        u8::try_from(value).ok()
    }

    /// Its characters, with the sign.
    fn place(self) -> Span {
        Span::new(self.digits.start - usize::from(self.is_negative), self.digits.end)
    }
}

/// The bytes that pairs of digits stand for, and their places.
fn read_hex(text: &[u8], digits: Span, push: &mut dyn FnMut(u8, Span)) {
    let mut at = digits.start;
    while at < digits.end {
        let place = Span::new(at, digits.end.min(at + 2));
        let byte = hex_number(text, place).and_then(|byte| u8::try_from(byte).ok());
        push(byte.unwrap_or_default(), place);
        at = place.end;
    }
}

/// What stands between the number that ends at `from` and the next one, if they are of one list.
fn gap(text: &[u8], from: usize) -> Option<Gap> {
    let mut gap = Gap { next: from, mark: 0, is_line_break: false };
    loop {
        let rest = text.get(gap.next..)?;
        let second = rest.get(1).copied().unwrap_or_default();
        gap.next += match *rest.first()? {
            b'\\' if second == b'x' => break,
            // A sign, where something else separates.
            b'-' if gap.next > from && second.is_ascii_digit() => break,
            b'/' if second == b'*' => comment(rest, b"*/")?,
            b'/' if second == b'/' => comment(rest, b"\n")?,
            b'#' if gap.next > from => comment(rest, b"\n")?,
            b'(' | b'[' => cast(rest)?,
            byte @ (b',' | b';' | b':' | b'.') => {
                if gap.mark == 0 {
                    gap.mark = byte;
                }
                1
            }
            b'\n' => {
                gap.is_line_break = true;
                1
            }
            b' ' | b'\t' | b'\r' | b'-' | b'_' | b'|' | b'"' | b'\'' | b'`' | b'+' | b'>' => 1,
            b'\\' if matches!(second, b'\n' | b'\r') => 1,
            // A space that does not break, as pages have it.
            0xC2 if second == 0xA0 => 2,
            byte if hex_digit(byte).is_some() => break,
            _ => return None,
        };
    }
    Some(gap)
}

/// How long a comment is that ends with `end`; a line comment ends before its line does.
fn comment(rest: &[u8], end: &[u8]) -> Option<usize> {
    let near = rest.get(..rest.len().min(LONGEST_COMMENT))?;
    let len = near.windows(end.len()).position(|window| window == end)?;
    Some(if end == b"\n" { len } else { len + end.len() })
}

fn cast(rest: &[u8]) -> Option<usize> {
    let is_there = |cast: &&&[u8]| {
        rest.get(..cast.len()).is_some_and(|there| there.eq_ignore_ascii_case(cast))
    };
    CASTS.iter().find(is_there).map(|cast| cast.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists(text: &str) -> Vec<(Option<Vec<u8>>, Option<Vec<u8>>)> {
        let text = text.as_bytes();
        let mut next = 0;
        let mut found = Vec::new();
        while let Some(start) = first(text, next) {
            let list = list(text, start);
            next = list.next;
            found.push((list.hex, list.decimal));
        }
        found
    }

    #[test]
    fn what_stands_between_the_numbers_does_not_matter() {
        for text in [
            "4e544C4d",
            "0x4e544c4d",
            "4e 54 4c 4d",
            "4e:54:4c:4d",
            "4E-54-4C-4D",
            "{0x4e, 0x54, 0x4c, 0x4d};",
            "{ 0x4e, /* row */ 0x54, // N\n 0x4c, 0x4d }",
            "(byte)0x4e, (byte) 0x54, (byte)0x4c, (byte)0x4d",
            "\"\\x4e\\x54\\x4c\\x4d\"",
            "\"\\x4e\\x54\" \\\n\"\\x4c\\x4d\"",
            "4e 54\n4c 4d\n",
        ] {
            let lists = lists(text);
            assert_eq!(lists.len(), 1, "{text}");
            assert_eq!(lists[0].0.as_deref(), Some(&b"NTLM"[..]), "{text}");
        }
        assert_eq!(lists("0x4e, 0x0, 0xf")[0].0.as_deref(), Some(&[0x4e, 0, 0x0f][..]));
        for text in ["78,84,76,77", "[78, 84, 76, 77]", "78\r\n84\r\n76\r\n77\r\n"] {
            assert_eq!(lists(text)[0].1.as_deref(), Some(&b"NTLM"[..]), "{text}");
        }
        assert_eq!(lists("[78, -1, 130]"), [(None, Some(vec![78, 255, 130]))]);
        assert!(lists("not hex, nor xyz").is_empty());
    }

    #[test]
    fn a_time_or_a_number_in_front_is_no_part_of_the_list() {
        let found = lists("2024-11-12 10:20:30 4e 54 4c 4d");
        assert!(found.iter().any(|(hex, _)| hex.as_deref() == Some(&b"\x30NTLM"[..])), "{found:?}");
        assert_eq!(stray(b"\x30NTLMSSP\0\x01\0\0\0"), 1);
    }
}
