//! Hex dumps: rows of offset, hex and text, as hexdump, xxd, od, Wireshark and others write them.
//!
//! The offsets say how many bytes a row holds, so text that looks like hex is never read as bytes.

use super::{
    Reading, Score, Search,
    digits::Digits,
    dump_row::{DumpRow, GroupOrder},
    scanning::{end_of_line, is_space, part, skip_while},
};
use crate::base::span::Span;
use crate::read::layer::LayerKind;

/// Fewer bytes in a row make no dump, but a table with numbers.
const MIN_WIDTH: usize = 4;

/// A dump that is a single row has so many bytes at least.
const MIN_LEN: usize = 8;

/// The number of bytes that most programs write in a row: more is its text, where nothing tells
/// them apart.
const MAX_WIDTH_ALONE: usize = 16;

/// The most characters between the bytes and their text and around it, where a row is whole.
const MAX_GAP: usize = 8;

/// The most bytes that `*` may stand for in all dumps of a text. No message has so many zeros.
const MAX_REPEATED: usize = 1 << 16;

/// The bases in which offsets may count, the likeliest first.
const BASES: [u64; 3] = [16, 8, 10];

/// Rows that belong together. Only two of them are kept, since there may be very many.
struct HexDump {
    first: DumpRow,
    last: DumpRow,
    /// The number of rows.
    count: usize,
    /// The bytes of all rows but the last, as they stand and with those of each group in reverse:
    /// programs that write words write them as numbers, and the lowest byte is the last.
    read: [Digits; 2],
    base: u64,
    /// The number of bytes of each row but the last; 0 until the second row tells.
    width: usize,
    /// True if `*` follows the last row.
    has_star: bool,
}

/// Looks for tokens in the dumps of the text. Gives the places of all dumps, in order.
pub(super) async fn search(search: &mut Search<'_>) -> Vec<Span> {
    let text = search.text;
    let mut places = Vec::new();
    let mut dump: Option<HexDump> = None;
    // What `*` stands for is bounded for all dumps together.
    let mut room = MAX_REPEATED;
    let mut start = 0;
    while start < text.len() {
        let line = Span::new(start, end_of_line(text, start));
        start = line.end + 1;
        search.pace.spend(line.len() + 1).await;
        let line = Span::at(line.start, part(text, line).trim_ascii_end().len());
        if dump.as_mut().is_some_and(|dump| dump.take_if_next(text, line, &mut room)) {
            continue;
        }
        if let Some(dump) = dump {
            places.extend(dump.finish(search).await);
        }
        // The first of its words may look like an offset.
        let row = DumpRow::surely_without_offset(text, line, MIN_LEN);
        let row = row.or_else(|| DumpRow::first_in(text, line));
        // Without offsets every row is as long as the first.
        let row = row.or_else(|| DumpRow::without_offset(text, line, MIN_LEN));
        dump = row.map(|row| {
            let width = row.take;
            let read = [Digits::new(4), Digits::new(4)];
            HexDump {
                first: row.clone(),
                last: row,
                count: 1,
                read,
                base: 16,
                width,
                has_star: false,
            }
        });
    }
    if let Some(dump) = dump {
        places.extend(dump.finish(search).await);
    }
    places
}

impl HexDump {
    /// Takes the line if it is the next of the dump.
    fn take_if_next(&mut self, text: &[u8], line: Span, room: &mut usize) -> bool {
        let characters = part(text, line).trim_ascii();
        if characters.is_empty() || characters == b"*" {
            self.has_star |= !characters.is_empty();
            return true;
        }
        let (first, last) = (&self.first, &self.last);
        if first.offset.is_empty() {
            let next = DumpRow::without_offset(text, line, 1)
                .filter(|next| last.take == self.width && next.take <= self.width);
            let goes_on = next.is_some() && !self.has_star;
            if let Some(next) = next.filter(|_| goes_on) {
                self.push(text, next);
            }
            return goes_on;
        }
        let below_offset = Span::at(line.start, first.offset.end - first.line_start);
        if below_offset.end < line.end && part(text, below_offset).iter().all(|b| *b == b' ') {
            // The characters of the row above.
            return true;
        }
        // A log that writes something in front of each row writes it in the same columns.
        let there = DumpRow::at(text, line.start + first.start - first.line_start, line);
        let Some(next) = there.or_else(|| DumpRow::first_in(text, line)) else { return false };
        let distance = |base: u64| {
            let distance = next.offset_in(text, base)?.checked_sub(last.offset_in(text, base)?)?;
            usize::try_from(distance).ok().filter(|distance| *distance > 0)
        };
        if self.width == 0 {
            let by_gaps = last.by_gaps();
            let exact = |len: usize| BASES.iter().find(|base| distance(**base) == Some(len));
            // Where characters are below the bytes, the gaps between these are wide.
            self.base = *exact(by_gaps).or_else(|| exact(last.pairs.len())).unwrap_or(&16);
            self.width = match distance(self.base) {
                _ if self.has_star => by_gaps,
                Some(distance) if distance <= last.pairs.len() => distance,
                _ => return false,
            };
        }
        let Some(distance) = distance(self.base) else { return false };
        let width = self.width;
        // Without bytes it says where the dump ends.
        let is_end = next.is_empty(text);
        let again = distance.saturating_sub(width);
        let fits = if self.has_star {
            again > 0 && again <= *room
        } else {
            distance == width || is_end && distance < width
        };
        if !fits || next.pairs.is_empty() && !is_end {
            return false;
        }
        *room -= again;
        (self.last.take, self.last.again) = (distance - again, again);
        self.has_star = false;
        self.push(text, next);
        true
    }

    /// Takes the next row. How many bytes the last one holds is known.
    fn push(&mut self, text: &[u8], next: DumpRow) {
        self.write(text);
        if self.count == 1 {
            self.first.take = self.last.take;
        }
        self.count += 1;
        self.last = next;
    }

    /// Adds the bytes of the last row.
    fn write(&mut self, text: &[u8]) {
        let has_words = self.first.has_words();
        let orders = [GroupOrder::AsWritten, GroupOrder::Reversed];
        for (order, digits) in orders.into_iter().zip(&mut self.read) {
            if has_words || order == GroupOrder::AsWritten {
                self.last.write(text, order, digits);
            }
        }
    }

    /// Offers the bytes to the search; gives the place of the dump, where it is one.
    async fn finish(mut self, search: &mut Search<'_>) -> Option<Span> {
        let text = search.text;
        let edge = self.first.right_edge();
        let last = &mut self.last;
        let is_dump = if self.width == 0 {
            // A single row: only its own gaps tell where its bytes end.
            last.take = last.by_gaps().min(MAX_WIDTH_ALONE);
            let behind = last.end - (last.offset.start + last.right_edge());
            let has_text_at_most = behind <= last.take + MAX_GAP;
            last.offset_in(text, 16) == Some(0) && has_text_at_most && last.take >= MIN_LEN
        } else {
            last.take = last.left_of(edge).min(self.width);
            self.width >= MIN_WIDTH && self.count > 1
        };
        if !is_dump {
            return None;
        }
        if self.count == 1 {
            self.first.take = self.last.take;
        }
        self.write(text);
        let place = Span::new(self.first.offset.start, self.last.end);
        let kind = (Reading::HexDump, LayerKind::HexDump(self.program(text, &self.first)));
        let mut score = Score::Nothing;
        for digits in self.read {
            score = search.offer(kind, place, digits).await;
            if score > Score::Nothing {
                break;
            }
        }
        // A word of zeros may begin a line of other hex as well.
        (self.count > 1 || score > Score::Nothing).then_some(place)
    }

    /// The program that writes dumps like this, going by the first row.
    fn program(&self, text: &[u8], row: &DumpRow) -> &'static str {
        let digits = row.offset.len();
        let spaces = skip_while(text, row.offset.end, |byte| byte == b' ') - row.offset.end;
        let edge = row.offset.start + row.right_edge();
        let is_prefixed = row.start < row.offset.start;
        match (text.get(row.offset.end), text.get(skip_while(text, edge, is_space))) {
            _ if digits == 0 => "hex",
            _ if is_prefixed && part(text, Span::at(row.offset.start - 1, 1)) == b"`" => "WinDbg",
            _ if is_prefixed && digits == 4 => "tcpdump",
            _ if is_prefixed => "gdb",
            (Some(b']'), _) => "Samba",
            (Some(byte), _) if !byte.is_ascii() => "hexyl",
            (Some(b':'), _) if digits == 8 && self.base == 16 => "xxd",
            (Some(b':'), _) => "curl",
            (_, Some(b'|')) => "hexdump -C",
            (_, Some(b'>')) => "od",
            _ if digits == 4 => "Wireshark",
            _ if digits == 7 && self.base == 16 => "hexdump",
            _ if digits < 8 => "od",
            _ if spaces > 2 || digits > 8 => "Format-Hex",
            _ => "hexdump -C",
        }
    }
}
