//! Bytes as numbers with something between them: pairs of hex digits, arrays, lists of decimals. A
//! single number is read in [`numeral`](super::numeral).

use super::{
    Reading, Score, Search,
    digits::{Digits, is_hex},
    gap::Gap,
    line_start,
    numeral::{Numeral, digits_behind_break, push_digits},
    scanning::{byte_before, end_of_line, find, part, skip_while},
};
use crate::base::{pace::Pace, span::Span};
use crate::message::ntlm::SIGNATURE;
use crate::read::{carrier, layer::LayerKind};

/// Shorter lists hold no token, in bytes.
const MIN_LEN: usize = 8;

/// Words of as many digits as this or more are whole lines or values, so that their lengths say
/// nothing.
const MAX_WORD_WIDTH: usize = 16;

/// So many numbers of one width make a row, in which a wider one is something else.
const ALIKE: usize = 4;

/// The most bytes of a message: behind so many nothing is guessed.
const MAX_MESSAGE_LEN: usize = 1 << 17;

/// Bytes in front of the signature that are a word of the text before, not a carrier. No carrier is
/// so short.
const STRAY: usize = 3;

/// A list of numbers, and the bytes they are in both readings where they are.
struct NumberList {
    place: Span,
    /// In hex and in decimal, as far as it can be read so.
    read: [Digits; 2],
    /// For each reading, true if all of it can be read so.
    is_whole: [bool; 2],
    /// The mark between its numbers, as far as that is known.
    mark: Option<u8>,
    /// The number of digits of its numbers, and the number of those that have so many; none if they
    /// differ.
    width: (usize, usize),
    /// The part that is certain, once something was guessed: its end, the number of its bytes in
    /// each reading, and the place where the next list can begin.
    sure: Option<(usize, [usize; 2], usize)>,
    /// Before this place nothing is guessed, since that was done and led to nothing.
    guessed: usize,
    /// The place where the next list can begin.
    next: usize,
}

/// Looks for tokens in the lists of numbers in `part` of the text.
pub(super) async fn search(search: &mut Search<'_>, part: Span) {
    let text = search.text.get(..part.end).unwrap_or_default();
    let shortest = if search.only.is_some() { 1 } else { MIN_LEN };
    let mut next = part.start;
    let mut guessed = part.start;
    while let Some(start) = next_start(text, next).filter(|_| !search.is_full()) {
        search.pace.spend(start - next).await;
        let mut list = NumberList::new(start, guessed);
        // Before all of it is read, which is done once.
        let mut rest = list.read_head(text);
        if let Some(start) = list.start_behind_stray() {
            list = NumberList::new(start, guessed);
            rest = Some(start);
        }
        list.read_rest(text, rest, search.pace).await;
        guessed = guessed.max(list.settle());
        next = list.next.max(start + 1);
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

/// Returns true, for hex and for decimal, if the characters at `all` are one list that holds a
/// message, and nothing else.
pub(super) async fn are_messages(text: &[u8], all: Span, pace: &Pace) -> [bool; 2] {
    let text = part(text, Span::new(0, all.end));
    if next_start(text, all.start) != Some(all.start) {
        return [false; 2];
    }
    let mut list = NumberList::new(all.start, all.end);
    list.read_rest(text, Some(all.start), pace).await;
    let is_all = list.place.end == all.end;
    let can = |index: usize| {
        let read =
            list.read.get(index).filter(|_| is_all && list.is_whole.get(index) == Some(&true));
        read.is_some_and(|read| Score::of(read.bytes()) > Score::Nothing)
    };
    [can(0), can(1)]
}

/// The place at or behind `from` where a number may begin: not in a word.
fn next_start(text: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at = skip_while(text, at, |byte| !is_hex(byte) && byte != b'\\');
        let is_escape = *text.get(at)? == b'\\';
        let is_word =
            |distance| byte_before(text, at, distance).is_some_and(|b| b.is_ascii_alphanumeric());
        if !is_escape && !is_word(1) {
            let behind = line_start::end_of_time(text, at);
            if behind > at {
                at = behind;
                continue;
            }
        }
        if (is_escape || !is_word(1)) && Numeral::read(text, at).is_some() {
            let has_sign = byte_before(text, at, 1) == Some(b'-') && !is_word(2) && at > from;
            let signed = at - usize::from(has_sign);
            return Some(if Numeral::read(text, signed).is_some() { signed } else { at });
        }
        at += 1;
        if !is_escape {
            // The rest of the word is none either.
            at = skip_while(text, at, |byte| byte.is_ascii_alphanumeric());
        }
    }
}

impl NumberList {
    /// The list that begins at `start`, before anything of it was read.
    const fn new(start: usize, guessed: usize) -> Self {
        Self {
            place: Span::empty(start),
            read: [Digits::new(4), Digits::new(8)],
            is_whole: [true; 2],
            mark: None,
            width: (0, 0),
            sure: None,
            guessed,
            next: start,
        }
    }

    /// Reads what the list begins with, and nothing behind that.
    fn head(text: &[u8], start: usize) -> Self {
        let mut list = Self::new(start, text.len());
        let mut next = Some(start);
        while let Some(at) = next {
            next = list.add(text, at, Some(MIN_LEN));
        }
        list
    }

    /// Reads as many bytes of it as tell whether a message begins behind a stray number. Gives
    /// where the rest begins; `None` where there is none.
    fn read_head(&mut self, text: &[u8]) -> Option<usize> {
        let mut next = Some(self.place.start);
        while self.read[0].bytes().len() < STRAY + SIGNATURE.len() {
            next = self.add(text, next?, None);
        }
        next
    }

    /// Reads all of it from `next` on, however long it is.
    async fn read_rest(&mut self, text: &[u8], mut next: Option<usize>, pace: &Pace) {
        while let Some(at) = next {
            next = self.add(text, at, None);
            pace.spend(next.unwrap_or(self.next).saturating_sub(at)).await;
        }
    }

    /// Leaves out what was guessed, unless a message is whole with it. Gives how far it was
    /// guessed.
    fn settle(&mut self) -> usize {
        let tried = self.next;
        let is_exact = |bytes: &[u8]| carrier::announced_len(bytes) == Some(bytes.len());
        let Some((end, lens, next)) = self.sure.take() else { return 0 };
        if self.bytes().any(is_exact) {
            return 0;
        }
        for (digits, len) in self.read.iter_mut().zip(lens) {
            digits.truncate(len);
        }
        (self.place.end, self.next) = (end, next);
        tried
    }

    /// Reads the number at `at`. Gives where the next one is; `None` where the list ends, or has so
    /// many bytes. Only without such a bound it is looked whether another token begins, so nothing
    /// is looked at again and again.
    fn add(&mut self, text: &[u8], at: usize, most: Option<usize>) -> Option<usize> {
        let numeral = Numeral::read(text, at)?;
        if most.is_none() && self.is_too_wide(numeral) {
            return None;
        }
        let decimal = numeral.decimal(text);
        let rest = if self.is_whole[1] && decimal.is_some() {
            None
        } else {
            numeral.rest(text, self.width.0)
        };
        let is_hex = rest.is_some() || numeral.is_hex();
        let can = [self.is_whole[0] && is_hex, self.is_whole[1] && decimal.is_some()];
        if can == [false; 2] {
            // What begins here fits neither.
            self.next = at;
            return None;
        }
        self.is_whole = can;
        if can[0] {
            match rest {
                Some(_) => numeral.push_digits(text, &mut self.read[0]),
                None => numeral.push_byte(text, &mut self.read[0]),
            }
        }
        if can[1] {
            let start = numeral.digits.start - usize::from(numeral.is_negative);
            self.read[1].push(decimal.unwrap_or_default(), Span::new(start, numeral.digits.end));
        }
        let end = self.push_rest(text, numeral, rest);
        self.place.end = end.unwrap_or(numeral.digits.end);
        self.next = end.unwrap_or(numeral.end);
        let is_cut = end.is_none() && numeral.end > numeral.digits.end;
        let is_long = |bytes: &[u8]| most.is_some_and(|most| bytes.len() >= most);
        if is_cut || self.bytes().any(is_long) {
            return None;
        }
        self.note_width(numeral, end);
        let gap = Gap::read(text, self.next)?;
        if most.is_none() && !self.may_go_on(text, at, &gap) {
            return None;
        }
        if !gap.is_line_break
            && *self.mark.get_or_insert(gap.mark) != gap.mark
            && !self.begins_token()
        {
            // What came before was of another list, such as a time in front of it.
            self.next = at;
            return None;
        }
        if gap.is_guess && self.sure.is_none() {
            let lens = self.read.each_ref().map(|read| read.bytes().len());
            self.sure = Some((self.place.end, lens, self.next));
        }
        Some(gap.next)
    }

    /// Returns true if the list can go on behind the gap.
    fn may_go_on(&self, text: &[u8], at: usize, gap: &Gap) -> bool {
        let next = gap.next;
        if gap.is_guess {
            let len = self.bytes().map(<[u8]>::len).max().unwrap_or_default();
            let is_known = at < self.guessed || len > MAX_MESSAGE_LEN;
            if is_known || !self.begins_token() || Self::head(text, next).begins_token() {
                return false;
            }
        }
        if gap.is_explained
            && Numeral::read(text, next).is_none_or(|n| n.digits.len() != self.width.0)
        {
            return false;
        }
        if !gap.is_line_break {
            return true;
        }
        if line_start::end_of_time(text, next) > next {
            return false;
        }
        let is_whole =
            |bytes: &[u8]| carrier::announced_len(bytes).is_some_and(|len| len <= bytes.len());
        // Another token may begin where this one is whole, or words and numbers of the text around.
        !self.bytes().any(is_whole)
            || self.is_alike(text, next) && !Self::head(text, next).begins_token()
    }

    /// Returns true if the line at `at` has nothing but numbers, and none that are wider than those
    /// of the list.
    fn is_alike(&self, text: &[u8], at: usize) -> bool {
        let line = part(text, Span::new(at, end_of_line(text, at)));
        let is_part = |byte: &u8| is_hex(*byte) || b" \t\r,:;xX\\\"'{}()[]|".contains(byte);
        let is_narrow =
            |numeral: Numeral| self.width.0 == 0 || numeral.digits.len() <= self.width.0;
        line.iter().all(is_part) && Numeral::read(text, at).is_some_and(is_narrow)
    }

    /// Returns true if a number is wider than all before it, as a year is.
    fn is_too_wide(&self, numeral: Numeral) -> bool {
        let (width, count) = self.width;
        let len = numeral.digits.len();
        let is_row = count >= ALIKE && width < MAX_WORD_WIDTH;
        is_row && len >= 4 && len > width && !numeral.is_prefixed
    }

    /// Notes the width of a number. One whose rest is on the next line, up to `rest_end`, is taken
    /// to be as wide as the others.
    fn note_width(&mut self, numeral: Numeral, rest_end: Option<usize>) {
        let len = numeral.digits.len();
        if self.width.1 == 0 && self.read.iter().all(|read| read.bytes().len() <= len.max(1)) {
            self.width = (len, 1);
        } else if len == self.width.0 || rest_end.is_some() {
            self.width.1 += 1;
        } else if len > self.width.0 {
            self.width = (0, 0);
        }
    }

    /// Adds the digits that a line break cut off from a numeral. Gives where they end; `None` where
    /// there are none.
    fn push_rest(&mut self, text: &[u8], numeral: Numeral, rest: Option<Span>) -> Option<usize> {
        let mut rest = rest?;
        let mut count = numeral.end - numeral.digits.start;
        if numeral.digits.len() > 1 && numeral.end > numeral.digits.end {
            let last = Span::new(numeral.digits.end, numeral.end);
            push_digits(text, last, &mut self.read[0]);
        }
        loop {
            push_digits(text, rest, &mut self.read[0]);
            count += rest.len();
            match digits_behind_break(text, rest.end).filter(|_| count % 2 == 1) {
                Some(next) => rest = next,
                None => return Some(rest.end),
            }
        }
    }

    /// The bytes in each reading in which it can be read.
    fn bytes(&self) -> impl Iterator<Item = &[u8]> {
        let can = self.read.iter().zip(self.is_whole).filter(|(_, can)| *can);
        can.map(|(digits, _)| digits.bytes())
    }

    fn begins_token(&self) -> bool {
        self.bytes().any(|bytes| {
            let head = part(bytes, Span::new(0, MIN_LEN));
            head.len() >= 4 && carrier::begins_like_token(head)
        })
    }

    /// The start of the message behind a few bytes that are none of a carrier.
    fn start_behind_stray(&self) -> Option<usize> {
        let digits = self.read.first().filter(|_| self.is_whole[0])?;
        let near = Span::new(1, STRAY + SIGNATURE.len());
        let at = find(digits.bytes(), near.clipped(digits.bytes().len()), SIGNATURE)?;
        Some(digits.map().to_outer(Span::at(at, 1)).start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::pace::block_on;

    type Bytes = Option<Vec<u8>>;

    fn read(text: &[u8], start: usize) -> NumberList {
        let mut list = NumberList::new(start, 0);
        let () = block_on(Box::pin(list.read_rest(text, Some(start), &Pace::at_once())));
        list
    }

    fn lists(text: &str) -> Vec<(Bytes, Bytes)> {
        let text = text.as_bytes();
        let mut next = 0;
        let mut found = Vec::new();
        let bytes = |can: bool, digits: &Digits| can.then(|| digits.bytes().to_vec());
        while let Some(start) = next_start(text, next) {
            let list = read(text, start);
            next = list.next.max(start + 1);
            let [hex, decimal] = [0, 1].map(|index| bytes(list.is_whole[index], &list.read[index]));
            found.push((hex, decimal));
        }
        found
    }

    #[test]
    fn separators_between_the_numbers_do_not_matter() {
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
        assert!(found.iter().any(|(hex, _)| hex.as_deref() == Some(&b"NTLM"[..])), "{found:?}");
        let text = b"30 4e544c4d53535000";
        let list = read(text, 0);
        assert_eq!(list.start_behind_stray(), Some(3));
    }
}
