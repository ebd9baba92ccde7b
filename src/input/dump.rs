//! Hex dumps: rows of offset, hex and text, as hexdump, xxd, od, Wireshark and others write them.
//!
//! The offsets say how many bytes a row holds, so text that looks like hex is never read as bytes.

use super::{Reading, Score, Search, digits::Digits, dump_row::Row};
use crate::{layer::LayerKind, span::Span};

/// Fewer bytes in a row make no dump, but a table with numbers.
const NARROWEST: usize = 4;

/// A dump is begun by a row of so many bytes at least, where it is the only one.
const SHORTEST: usize = 8;

/// What most programs write in a row: more is its text, where nothing tells them apart.
const WIDEST_ALONE: usize = 16;

/// The most characters between the bytes and their text and around it, where a row is whole.
const WIDEST_GAP: usize = 8;

/// How many bytes `*` may stand for in all dumps of a text. No message has so many zeros.
const MOST_REPEATED: usize = 1 << 16;

/// What offsets may count in, the likeliest first.
const BASES: [u8; 3] = [16, 8, 10];

/// Rows that belong together.
struct Dump {
    rows: Vec<Row>,
    base: u8,
    /// How many bytes each row holds but the last.
    width: usize,
    /// Whether `*` stands behind the last row.
    has_star: bool,
}

/// Looks for tokens in the dumps of the text. Gives the places of all dumps, in order.
pub(super) fn search(search: &mut Search<'_>) -> Vec<Span> {
    let text = search.text;
    let mut places = Vec::new();
    let mut dump: Option<Dump> = None;
    // What `*` stands for is bounded for all dumps together.
    let mut room = MOST_REPEATED;
    let mut start = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let span = Span::at(start, line.trim_ascii_end().len());
        start += line.len();
        if dump.as_mut().is_some_and(|dump| dump.goes_on(text, span, &mut room)) {
            continue;
        }
        if let Some(dump) = dump.take() {
            places.extend(dump.finish(text).map(|dump| dump.offer(search)));
        }
        dump = Dump::begin(text, span);
    }
    places.extend(dump.and_then(|dump| dump.finish(text)).map(|dump| dump.offer(search)));
    places
}

impl Dump {
    fn begin(text: &[u8], line: Span) -> Option<Self> {
        let row = Row::first_in(text, line).next()?;
        Some(Self { rows: vec![row], base: 0, width: 0, has_star: false })
    }

    /// Takes the line if it is the next of the dump.
    fn goes_on(&mut self, text: &[u8], line: Span, room: &mut usize) -> bool {
        let characters = text.get(line.start..line.end).unwrap_or_default().trim_ascii();
        if characters.is_empty() || characters == b"*" {
            self.has_star |= !characters.is_empty();
            return true;
        }
        let Some((first, last)) = self.rows.first().zip(self.rows.last()) else { return false };
        // A log that writes something in front of each row writes it in the same columns.
        let at = line.start + first.start - start_of_line(text, first.start);
        let there = Row::at(text, at, line.end);
        let Some(next) = there.or_else(|| Row::first_in(text, line).next()) else { return false };
        let distance = |base: u8| {
            let distance = next.offset(text, base)?.checked_sub(last.offset(text, base)?)?;
            usize::try_from(distance).ok().filter(|distance| *distance > 0)
        };
        if self.width == 0 {
            let by_gaps = last.by_gaps(text);
            let exact = BASES.into_iter().find(|base| distance(*base) == Some(by_gaps));
            self.base = exact.unwrap_or(16);
            self.width = match distance(self.base) {
                _ if self.has_star => by_gaps,
                Some(distance) if distance <= last.most => distance,
                _ => return false,
            };
        }
        let Some(distance) = distance(self.base) else { return false };
        let width = self.width;
        // Without bytes it says where the dump ends.
        let is_end = next.is_empty(text);
        let fits = if self.has_star {
            distance > width && distance - width <= *room
        } else {
            distance == width || is_end && distance < width
        };
        if !fits || next.most == 0 && !is_end {
            return false;
        }
        if self.has_star {
            *room -= distance - width;
        }
        if let Some(last) = self.rows.last_mut() {
            last.take = distance.min(width);
            last.again = distance - last.take;
        }
        self.has_star = false;
        self.rows.push(next);
        true
    }

    /// The dump with its last row; `None` where it is none.
    fn finish(mut self, text: &[u8]) -> Option<Self> {
        let first = *self.rows.first()?;
        let last = self.rows.last_mut()?;
        if self.width == 0 {
            // A single row: only its own gaps tell where its bytes end.
            last.take = last.by_gaps(text).min(WIDEST_ALONE);
            let is_start = BASES.iter().any(|base| last.offset(text, *base) == Some(0));
            let behind = last.end - (last.offset.start + last.right_edge(text));
            let has_text_at_most = behind <= last.take + WIDEST_GAP;
            return (is_start && has_text_at_most && last.take >= SHORTEST).then_some(self);
        }
        last.take = last.left_of(text, first.right_edge(text)).min(self.width);
        (self.width >= NARROWEST).then_some(self)
    }

    /// Offers the bytes to the search; gives the place of the dump.
    fn offer(&self, search: &mut Search<'_>) -> Span {
        let text = search.text;
        let start = self.rows.first().map_or(0, |row| row.offset.start);
        let place = Span::new(start, self.rows.last().map_or(0, |row| row.end));
        let has_words = self.rows.first().is_some_and(|row| row.has_words(text));
        // Programs that write words write them as numbers, and the lowest byte is the last.
        for swap in [false, true] {
            if swap && !has_words {
                break;
            }
            let read = |mut digits: Digits| {
                self.rows.iter().for_each(|row| row.write(text, swap, &mut digits));
                digits
            };
            let bytes = read(Digits::without_places(4));
            let kind = (Reading::HexDump, LayerKind::HexDump(self.program(text)));
            let score = search.offer(kind, place, bytes.bytes(), &|| read(Digits::new(4)).map());
            if score > Score::Nothing {
                break;
            }
        }
        place
    }

    /// The program that writes dumps like this.
    fn program(&self, text: &[u8]) -> &'static str {
        let Some(row) = self.rows.first() else { return "hex" };
        let digits = row.offset.len();
        match (row.behind_offset(text), row.text_column(text)) {
            ((Some(b']'), _), _) => "Samba",
            ((Some(_), _), _) if row.start < row.offset.start => "tcpdump",
            ((Some(_), _), _) if digits == 8 => "xxd",
            ((Some(_), _), _) => "curl",
            (_, Some(b'|')) => "hexdump -C",
            (_, Some(b'>')) => "od",
            _ if digits == 4 => "Wireshark",
            _ if digits == 7 && self.base == 16 => "hexdump",
            _ if digits < 8 => "od",
            ((None, spaces), _) if spaces > 2 || digits > 8 => "Format-Hex",
            _ => "hexdump -C",
        }
    }
}

fn start_of_line(text: &[u8], at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1)
}
