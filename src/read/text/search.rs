//! The search of one text: each spelling offers candidates, and those with the best score are kept.

use std::{cmp::Reverse, sync::Arc};

use super::{
    Candidate, FoundLine, MAX_CANDIDATES, Reading, Score, base64, cells, context,
    digits::Digits,
    dump, joined,
    marks::Context,
    nested, numbers, percent, printed, raw,
    scanning::{is_space, skip_while},
    strings,
    unread::Unread,
};
use crate::base::{
    pace::{BoxedTask, Pace},
    span::Span,
};
use crate::read::layer::{Layer, LayerKind};

/// The search of one text.
pub(super) struct Search<'t> {
    /// The text. Bytes that are no ASCII separate.
    pub(super) text: &'t [u8],
    /// The only reading that is asked for.
    pub(super) only: Option<Reading>,
    /// The marks around tokens.
    pub(super) context: Context,
    /// The parts that were not understood.
    pub(super) unread: Unread,
    /// The candidates, in the order of the text. None overlap.
    pub(super) found: Vec<Candidate>,
    /// The NetNTLMv2 lines.
    pub(super) lines: Vec<FoundLine>,
    /// The first NetNTLMv1 line.
    pub(super) old_line: Option<Span>,
    /// Counts what is looked at.
    pub(super) pace: &'t Pace,
    depth: usize,
    /// All of these were read, though nothing may have been found in them.
    dumps: Vec<Span>,
}

impl<'t> Search<'t> {
    /// Before anything was looked at.
    pub(super) fn new(text: &'t [u8], depth: usize, only: Option<Reading>, pace: &'t Pace) -> Self {
        Self {
            text,
            only,
            context: Context::default(),
            unread: Unread::default(),
            pace,
            depth,
            found: Vec::new(),
            lines: Vec::new(),
            old_line: None,
            dumps: Vec::new(),
        }
    }

    /// Searches the text.
    pub(super) async fn run(&mut self) {
        if self.is_base64().await {
            return;
        }
        if self.allows(Reading::HexDump) {
            self.dumps = dump::search(self).await;
        }
        // Nothing of a dump is data but what the dump's own reading takes.
        let mut start = 0;
        for index in 0..=self.dumps.len() {
            let dump = self.dumps.get(index).copied();
            let part = Span::new(start, dump.map_or(self.text.len(), |dump| dump.start));
            start = dump.map_or(start, |dump| dump.end);
            if part.is_empty() {
                continue;
            }
            for pass in [Reading::Base64, Reading::Hex, Reading::Percent, Reading::Escapes] {
                self.pass(pass, part).await;
            }
        }
        let all = Span::new(0, self.text.len());
        if self.allows(Reading::HexDump) {
            let cells: BoxedTask<'_, ()> = Box::pin(cells::search(self, all));
            cells.await;
        }
        if self.allows(Reading::Escapes) {
            let printed: BoxedTask<'_, ()> = Box::pin(printed::search(self, all));
            printed.await;
        }
        if self.depth > 1 {
            let joined: BoxedTask<'_, ()> = Box::pin(joined::search(self));
            joined.await;
        }
        self.add_others().await;
        self.context = context::around(self.text, self.pace).await;
        self.add_context();
    }

    /// Searches a part of the text for one reading, or for those that are searched for with it.
    fn pass(&mut self, reading: Reading, part: Span) -> BoxedTask<'_, ()> {
        match reading {
            Reading::Hex if self.allows(Reading::Hex) || self.allows(Reading::Decimal) => {
                Box::pin(numbers::search(self, part))
            }
            Reading::Base64 if self.allows(reading) => Box::pin(base64::search(self, part)),
            Reading::Percent if self.allows(reading) => Box::pin(percent::search(self, part)),
            Reading::Escapes if self.allows(reading) => Box::pin(strings::search(self, part)),
            _ => Box::pin(async {}),
        }
    }

    /// Returns true if the text is nothing but whole messages in base64: the commonest paste, and
    /// the cheapest.
    async fn is_base64(&mut self) -> bool {
        let text = self.text;
        let end = text.trim_ascii_end().len();
        if !self.allows(Reading::Base64) || !base64::is_all(text, Span::new(0, end)) {
            return false;
        }
        self.pass(Reading::Base64, Span::new(0, end)).await;
        let mut at = 0;
        for found in &self.found {
            if found.score < Score::Whole || skip_while(text, at, is_space) != found.place.start {
                break;
            }
            at = found.place.end;
        }
        if at < end {
            self.found.clear();
        }
        at > 0 && at == end
    }

    /// Returns true if a reading is to be tried.
    pub(super) fn allows(&self, reading: Reading) -> bool {
        self.only.is_none_or(|only| only == reading)
    }

    /// Returns true if there is no room for more.
    pub(super) const fn is_full(&self) -> bool {
        self.found.len() >= MAX_CANDIDATES
    }

    /// Returns true if the characters at `place` belong to a candidate, or to a dump.
    pub(super) fn holds(&self, place: Span) -> bool {
        let next = self.index(place);
        let dump = self.dumps.partition_point(|dump| dump.end <= place.start);
        self.found.get(next).is_some_and(|candidate| candidate.place.overlaps(place))
            || self.dumps.get(dump).is_some_and(|dump| dump.overlaps(place))
    }

    /// Returns true if anything was found.
    pub(super) const fn has_found(&self) -> bool {
        !self.found.is_empty() || !self.lines.is_empty()
    }

    /// The ends of the candidates that end before their message is whole.
    pub(super) fn cut_ends(&self) -> impl Iterator<Item = usize> {
        let lines = self.lines.iter().filter(|found| found.line.missing.is_some());
        self.cut_short().map(|(_, place)| place.end).chain(lines.map(|found| found.place.end))
    }

    /// The candidates that end before their message is whole: how each was read, and its place.
    pub(super) fn cut_short(&self) -> impl Iterator<Item = (Reading, Span)> {
        let cut = self.found.iter().filter(|found| found.score == Score::Beginning);
        cut.map(|found| (found.reading, found.place))
    }

    /// Looks into the bytes that the characters at `place` stand for, and keeps what is found
    /// there.
    pub(super) async fn offer(
        &mut self,
        (reading, kind): (Reading, LayerKind),
        place: Span,
        digits: Digits,
    ) -> Score {
        // Much looks like base64. What it stands for is searched only where that looks like text.
        let is_worth = reading != Reading::Base64 || looks_like_text(digits.bytes());
        let depth = if is_worth { self.depth - 1 } else { 0 };
        self.pace.spend(digits.bytes().len()).await;
        let mut candidates = raw(digits.bytes());
        if candidates.is_empty() && depth > 0 {
            candidates = nested(digits.bytes(), depth, None, self.pace).await;
        }
        if candidates.is_empty() {
            self.unread.note(reading, place, digits.bytes().len());
            return Score::Nothing;
        }
        let map = Arc::new(digits.into_map());
        let mut best = Score::Nothing;
        for mut candidate in candidates {
            best = best.max(candidate.score);
            let inner = candidate.layers.first().map(|layer| map.to_outer(layer.span));
            let layer = Layer { map: Some(Arc::clone(&map)), ..Layer::new(kind, place) };
            candidate.layers.insert(0, layer);
            candidate.place = inner.unwrap_or(place);
            candidate.reading = reading;
            candidate.others.clear();
            self.keep_best(candidate);
        }
        best
    }

    /// Looks into a text that was put together from pieces of this one, and keeps what makes more
    /// sense of them.
    pub(super) async fn offer_joined(&mut self, digits: &Digits) -> Score {
        self.pace.spend(digits.bytes().len()).await;
        let candidates = nested(digits.bytes(), self.depth - 1, self.only, self.pace).await;
        let mut best = Score::Nothing;
        if candidates.is_empty() {
            return best;
        }
        let map = Arc::new(digits.map().clone());
        for mut candidate in candidates {
            best = best.max(candidate.score);
            let inner = candidate.layers.first().map_or(candidate.place, |layer| layer.span);
            candidate.place = map.to_outer(inner);
            let layer = Layer::new(LayerKind::Joined, candidate.place);
            candidate.layers.insert(0, Layer { map: Some(Arc::clone(&map)), ..layer });
            self.keep_best(candidate);
        }
        best
    }

    /// The index that a candidate at `place` has or would have.
    fn index(&self, place: Span) -> usize {
        self.found.partition_point(|candidate| candidate.place.end <= place.start)
    }

    /// Keeps a candidate in its order, unless it overlaps one that makes more sense. Those that
    /// make less sense go.
    fn keep_best(&mut self, mut candidate: Candidate) {
        let index = self.index(candidate.place);
        let mut end = index;
        while let Some(there) = self.found.get_mut(end) {
            if !there.place.overlaps(candidate.place) {
                break;
            }
            if candidate.rank() <= there.rank() {
                there.note_alternative(&candidate);
                return;
            }
            candidate.note_alternative(there);
            end += 1;
        }
        for _ in index..end {
            self.found.remove(index);
        }
        self.found.insert(index, candidate);
    }

    /// Notes the other readings of the characters of a message that was found.
    async fn add_others(&mut self) {
        for candidate in &mut self.found {
            let [hex, decimal] = numbers::are_messages(self.text, candidate.place, self.pace).await;
            let others = [
                (Reading::Base64, base64::is_message(self.text, candidate.place)),
                (Reading::Hex, hex),
                (Reading::Decimal, decimal),
            ];
            for (reading, can) in others {
                if can {
                    candidate.add_other(reading);
                }
            }
        }
    }

    /// Puts around each token the header or the dialogue it is in.
    fn add_context(&mut self) {
        for candidate in &mut self.found {
            let layers = &mut candidate.layers;
            // An encoding may be between the header and the base64.
            let token = match layers.as_slice() {
                [base64, ..] if base64.kind == LayerKind::Base64 => Some(base64.span),
                [outer, base64, ..] if base64.kind == LayerKind::Base64 => {
                    outer.map.as_ref().map(|map| map.to_outer(base64.span))
                }
                _ => None,
            };
            if let Some(token) = token
                && let Some(mark) = self.context.mark_of(token.start)
            {
                // The buffer is still the text; spans in it count from the same byte.
                layers.insert(0, Layer::new(mark.kind, Span::new(mark.start, token.end)));
            }
        }
    }
}

impl Candidate {
    /// The sort key: of overlapping candidates the one with the greatest is kept.
    fn rank(&self) -> (Score, usize, Reverse<usize>) {
        let order = Reading::ALL.iter().position(|known| *known == self.reading).unwrap_or(0);
        (self.score, self.bytes.len(), Reverse(order))
    }

    /// Takes note of a reading of the same characters that made less sense.
    fn note_alternative(&mut self, other: &Self) {
        let differs = other.bytes != self.bytes;
        if differs && other.place.contains(self.place) {
            self.add_other(other.reading);
        }
    }

    fn add_other(&mut self, reading: Reading) {
        if reading != self.reading && !self.others.contains(&reading) {
            self.others.push(reading);
        }
    }
}

/// Returns true if bytes begin like text for people.
fn looks_like_text(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(24)).unwrap_or_default();
    head.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace())
}
