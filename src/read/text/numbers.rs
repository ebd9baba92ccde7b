//! Bytes as numbers with something between them: pairs of hex digits, arrays, lists of decimals.

use super::{
    Reading, Search,
    digits::{self, Digits, hex_digit, is_hex},
    scanning::{before, end_of, find, goes_on, is_word, part},
};
use crate::base::{pace::Pace, span::Span};
use crate::message::ntlm::SIGNATURE;
use crate::read::{carrier, layer::LayerKind};

/// Shorter lists hold no token, in bytes.
const SHORTEST: usize = 8;

/// A word of so many digits and one more is one that was cut, not a number of an odd length.
const LONG_WORD: usize = 16;

/// Bytes in front of the signature that are a word of the text before, not a carrier. No carrier is so
/// short.
const STRAY: usize = 3;

/// The longest comment between two numbers, in bytes.
const LONGEST_COMMENT: usize = 200;

/// The most comments between two numbers of a list.
const MOST_COMMENTS: usize = 8;

/// Types that an array's elements may be cast to, in either kind of brackets.
const CASTS: [&str; 3] = ["byte", "sbyte", "char"];

/// A number as it stands in the text.
#[derive(Clone, Copy)]
struct Number {
    /// Its digits, without what says that they are hex.
    digits: Span,
    is_negative: bool,
    /// Whether something says that it is hex: `0x`, `\x`.
    is_prefixed: bool,
    /// Where it ends.
    end: usize,
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
    /// In hex and in decimal, as far as it can be read so.
    read: [Digits; 2],
    /// Whether all of it can.
    is_whole: [bool; 2],
    /// What separates its numbers, as far as that is known.
    mark: Option<u8>,
    /// Where the next list can begin.
    next: usize,
}

/// Looks for tokens in the lists of numbers in `part` of the text.
pub(super) async fn search(search: &mut Search<'_>, part: Span) {
    let text = search.text.get(..part.end).unwrap_or_default();
    let shortest = if search.only.is_some() { 1 } else { SHORTEST };
    let mut next = part.start;
    while let Some(start) = first(text, next).filter(|_| !search.is_full()) {
        search.pace.work(start - next).await;
        let mut list = List::read_in_steps(text, start, search.pace).await;
        next = list.next.max(start + 1);
        if let Some(start) = list.start_behind_stray() {
            list = List::read_in_steps(text, start, search.pace).await;
        }
        let [hex, decimal] = list.read;
        let [can_hex, can_decimal] = list.is_whole;
        let readings = [
            (can_hex, Reading::Hex, LayerKind::Hex, hex),
            (can_decimal, Reading::Decimal, LayerKind::Decimal, decimal),
        ];
        for (can, reading, kind, digits) in readings {
            if can && digits.bytes().len() >= shortest && search.allows(reading) {
                search.offer((reading, kind), list.place, digits).await;
            }
        }
    }
}

/// Whether the characters at `all` are one list, and nothing else: in hex, and in decimal.
pub(super) async fn is_all(text: &[u8], all: Span, pace: &Pace) -> [bool; 2] {
    let text = part(text, Span::new(0, all.end));
    if first(text, all.start) != Some(all.start) {
        return [false; 2];
    }
    let list = List::read_in_steps(text, all.start, pace).await;
    list.is_whole.map(|can| can && list.place.end == all.end)
}

/// Where a number may begin at or behind `from`: not in a word.
fn first(text: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at = end_of(text, at, |byte| !is_hex(byte) && byte != b'\\');
        let is_escape = *text.get(at)? == b'\\';
        let is_word =
            |distance| before(text, at, distance).is_some_and(|b| b.is_ascii_alphanumeric());
        if (is_escape || !is_word(1)) && Number::read(text, at).is_some() {
            let has_sign = before(text, at, 1) == Some(b'-') && !is_word(2) && at > from;
            let signed = at - usize::from(has_sign);
            return Some(if Number::read(text, signed).is_some() { signed } else { at });
        }
        at += 1;
        if !is_escape {
            // The rest of the word is none either.
            at = end_of(text, at, |byte| byte.is_ascii_alphanumeric());
        }
    }
}

impl List {
    /// The list that begins at `start`, before anything of it was read.
    fn new(start: usize) -> Self {
        Self {
            place: Span::empty(start),
            read: [Digits::new(4), Digits::new(8)],
            is_whole: [true; 2],
            mark: None,
            next: start,
        }
    }

    /// Reads what the list begins with, and nothing behind that.
    fn head(text: &[u8], start: usize) -> Self {
        let mut list = Self::new(start);
        let mut next = Some(start);
        while let Some(at) = next {
            next = list.add(text, at, Some(SHORTEST));
        }
        list
    }

    /// Reads the list that begins at `start`, however long it is.
    async fn read_in_steps(text: &[u8], start: usize, pace: &Pace) -> Self {
        let mut list = Self::new(start);
        let mut next = Some(start);
        while let Some(at) = next {
            next = list.add(text, at, None);
            pace.work(next.unwrap_or(list.next).saturating_sub(at)).await;
        }
        list
    }

    /// Reads the number at `at`. Gives where the next one is; `None` where the list ends, or has so many bytes.
    /// Only without such a bound it is looked whether another token begins, so nothing is looked at again and again.
    fn add(&mut self, text: &[u8], at: usize, most: Option<usize>) -> Option<usize> {
        let number = Number::read(text, at)?;
        let decimal = number.decimal(text);
        let can = [self.is_whole[0] && number.is_hex(), self.is_whole[1] && decimal.is_some()];
        if can == [false; 2] {
            // What begins here fits neither.
            self.next = at;
            return None;
        }
        self.is_whole = can;
        if can[0] {
            number.push_hex(text, &mut self.read[0]);
        }
        if can[1] {
            let start = number.digits.start - usize::from(number.is_negative);
            self.read[1].push(decimal.unwrap_or_default(), Span::new(start, number.digits.end));
        }
        self.place.end = number.digits.end;
        self.next = number.end;
        let is_cut = number.end > number.digits.end;
        let is_long = |bytes: &[u8]| most.is_some_and(|most| bytes.len() >= most);
        if is_cut || self.bytes().any(is_long) {
            return None;
        }
        let gap = Gap::read(text, number.end)?;
        if gap.is_line_break {
            let is_whole =
                |bytes: &[u8]| carrier::announced_len(bytes).is_some_and(|l| l <= bytes.len());
            // Another token may begin where this one is whole.
            if most.is_none()
                && self.bytes().any(is_whole)
                && Self::head(text, gap.next).begins_token()
            {
                return None;
            }
        } else if *self.mark.get_or_insert(gap.mark) != gap.mark && !self.begins_token() {
            // What came before was of another list, such as a time in front of it.
            self.next = at;
            return None;
        }
        Some(gap.next)
    }

    /// The bytes in each reading in which it can be read.
    fn bytes(&self) -> impl Iterator<Item = &[u8]> {
        let can = self.read.iter().zip(self.is_whole).filter(|(_, can)| *can);
        can.map(|(digits, _)| digits.bytes())
    }

    fn begins_token(&self) -> bool {
        self.bytes().any(|bytes| {
            let head = part(bytes, Span::new(0, SHORTEST));
            head.len() >= 4 && carrier::begins_like_token(head)
        })
    }

    /// Where the message begins that stands behind a few bytes that are none of a carrier.
    fn start_behind_stray(&self) -> Option<usize> {
        let digits = self.read.first().filter(|_| self.is_whole[0])?;
        let near = Span::new(1, STRAY + SIGNATURE.len());
        let at = find(digits.bytes(), near.clipped(digits.bytes().len()), SIGNATURE)?;
        Some(digits.map().outer(Span::at(at, 1)).start)
    }
}

impl Number {
    /// Reads the number at `at`.
    #[inline(never)]
    fn read(text: &[u8], at: usize) -> Option<Self> {
        let is_escape = goes_on(text, at, "\\x");
        let is_prefixed = is_escape || goes_on(text, at, "0x");
        let is_negative = text.get(at) == Some(&b'-');
        let start = at + usize::from(is_negative) + 2 * usize::from(is_prefixed);
        let end = end_of(text, start, is_hex);
        let len = end - start;
        // `\x4e` has two digits, and text may follow. `\x4e54…` is how PostgreSQL writes a whole value.
        let take = if is_escape && len < LONG_WORD { len.min(2) } else { len };
        let is_long = take >= LONG_WORD;
        let follower = text.get(end).copied().unwrap_or_default();
        let is_number =
            take > 0 && (is_escape || is_long || follower == b'-' || !is_word(follower));
        // The last digit of one that was cut stands for nothing.
        let is_cut = is_long && take % 2 == 1;
        let digits = Span::at(start, take - usize::from(is_cut));
        is_number.then_some(Self { digits, is_negative, is_prefixed, end: start + take })
    }

    /// Whether its digits are pairs of hex digits, or one.
    const fn is_hex(self) -> bool {
        let len = self.digits.len();
        !self.is_negative && (len == 1 || len.is_multiple_of(2))
    }

    /// The byte it is, where it is a decimal number.
    fn decimal(self, text: &[u8]) -> Option<u8> {
        let digits = part(text, self.digits);
        if self.is_prefixed || digits.len() > 3 {
            return None;
        }
        let byte = u8::try_from(digits::number(digits, 10)?).ok()?;
        if self.is_negative {
            return (byte <= 128).then_some(byte.wrapping_neg());
        }
        Some(byte)
    }

    fn push_hex(self, text: &[u8], digits: &mut Digits) {
        let values =
            part(text, self.digits).iter().map(|byte| hex_digit(*byte).unwrap_or_default());
        if self.digits.len() == 1 {
            // A single digit stands for two, the first of them zero.
            digits.push(0, self.digits);
        }
        digits.push_all(values, self.digits.start);
    }
}

impl Gap {
    /// What stands between the number that ends at `from` and the next one, if they are of one list.
    fn read(text: &[u8], from: usize) -> Option<Self> {
        let mut gap = Self { next: from, mark: 0, is_line_break: false };
        let mut comments = 0;
        // What follows on the line says how much was left out: `... 242 more items`.
        let mut leaves_out = false;
        loop {
            let at = gap.next;
            let second = text.get(at + 1).copied().unwrap_or_default();
            gap.next = match *text.get(at)? {
                b'\\' if second == b'x' => break,
                // A sign, where something else separates.
                b'-' if at > from && second.is_ascii_digit() => break,
                b'/' if second == b'*' => comment(text, at, b"*/", &mut comments)? + 2,
                b'/' if second == b'/' => comment(text, at, b"\n", &mut comments)?,
                b'#' if at > from => comment(text, at, b"\n", &mut comments)?,
                b'(' | b'[' => cast(text, at)?,
                b'.' if goes_on(text, at, "...") => {
                    leaves_out = true;
                    at + 3
                }
                mark @ (b',' | b';' | b':' | b'.') => {
                    if gap.mark == 0 {
                        gap.mark = mark;
                    }
                    at + 1
                }
                b'\n' => {
                    gap.is_line_break = true;
                    leaves_out = false;
                    at + 1
                }
                b' ' | b'\t' | b'\r' | b'-' | b'_' | b'|' | b'"' | b'\'' | b'`' | b'+' | b'>' => {
                    at + 1
                }
                b'\\' if matches!(second, b'\n' | b'\r') => at + 1,
                // A space that does not break, as pages have it.
                0xC2 if second == 0xA0 => at + 2,
                byte if is_hex(byte) => break,
                _ => return None,
            };
        }
        (!leaves_out).then_some(gap)
    }
}

/// Where the comment at `at` ends: before `end`. There are at most so many between two numbers, since what
/// stands in them is gone through again where no number follows.
fn comment(text: &[u8], at: usize, end: &[u8], count: &mut usize) -> Option<usize> {
    *count += 1;
    if *count > MOST_COMMENTS {
        return None;
    }
    find(text, Span::at(at, LONGEST_COMMENT), end)
}

/// Where the cast at `at` ends.
fn cast(text: &[u8], at: usize) -> Option<usize> {
    let word = CASTS.iter().find(|word| goes_on(text, at + 1, word))?;
    let end = at + 1 + word.len();
    matches!(text.get(end), Some(b')' | b']')).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::pace::finish;

    type Bytes = Option<Vec<u8>>;

    fn lists(text: &str) -> Vec<(Bytes, Bytes)> {
        let text = text.as_bytes();
        let mut next = 0;
        let mut found = Vec::new();
        let bytes = |can: bool, digits: &Digits| can.then(|| digits.bytes().to_vec());
        while let Some(start) = first(text, next) {
            let list = finish(Box::pin(List::read_in_steps(text, start, &Pace::at_once())));
            next = list.next.max(start + 1);
            let [hex, decimal] = [0, 1].map(|index| bytes(list.is_whole[index], &list.read[index]));
            found.push((hex, decimal));
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
        for text in
            ["78, 84, 76, 77,\n  ... 242 more items", "<Buffer 4e 54 4c 4d ... 242 more bytes>"]
        {
            let lists = lists(text);
            let read = [&lists[0].0, &lists[0].1];
            assert!(read.iter().any(|read| read.as_deref() == Some(&b"NTLM"[..])), "{lists:?}");
        }
        assert_eq!(lists("[78, -1, 130]"), [(None, Some(vec![78, 255, 130]))]);
        assert!(lists("not hex, nor xyz").is_empty());
    }

    #[test]
    fn a_time_or_a_number_in_front_is_no_part_of_the_list() {
        let found = lists("2024-11-12 10:20:30 4e 54 4c 4d");
        assert!(found.iter().any(|(hex, _)| hex.as_deref() == Some(&b"\x30NTLM"[..])), "{found:?}");
        let text = b"30 4e544c4d53535000";
        let list = finish(Box::pin(List::read_in_steps(text, 0, &Pace::at_once())));
        assert_eq!(list.start_behind_stray(), Some(3));
    }
}
