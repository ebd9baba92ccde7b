use std::{cmp::Reverse, sync::Arc};

use super::{
    Candidate, MOST, Reading, Score, base64,
    context::{self, Context},
    dump, nested, numbers, percent, strings,
    unread::Unread,
};
use crate::{
    layer::{Layer, LayerKind, Map},
    span::{Span, gaps, in_order},
};

/// A candidate and the characters it was read from.
struct Stretch {
    /// Without the header around them.
    place: Span,
    reading: Reading,
    candidate: Candidate,
}

impl Stretch {
    /// What is highest stays, of those that overlap.
    fn rank(&self) -> (Score, usize, Reverse<usize>) {
        let order = Reading::ALL.iter().position(|known| *known == self.reading).unwrap_or(0);
        (self.candidate.score, self.candidate.bytes.len(), Reverse(order))
    }
}

/// The search of one text.
pub(super) struct Search<'t> {
    /// The text. Bytes that are no ASCII separate.
    pub(super) text: &'t [u8],
    /// The only reading that is asked for.
    pub(super) only: Option<Reading>,
    /// What stands around tokens.
    pub(super) context: Context,
    /// What was not understood.
    pub(super) unread: Unread,
    depth: usize,
    found: Vec<Stretch>,
    /// All of these were read, though nothing may have been found in them.
    dumps: Vec<Span>,
}

impl<'t> Search<'t> {
    /// Before anything was looked at.
    pub(super) fn new(text: &'t [u8], depth: usize, only: Option<Reading>) -> Self {
        Self {
            text,
            only,
            context: Context::default(),
            unread: Unread::default(),
            depth,
            found: Vec::new(),
            dumps: Vec::new(),
        }
    }

    /// Searches the text.
    pub(super) fn run(&mut self) {
        let mut parts = vec![Span::new(0, self.text.len())];
        if self.allows(Reading::HexDump) {
            // Nothing of a dump is data but what the dump's own reading takes.
            self.dumps = dump::search(self);
            parts = gaps(self.text.len(), self.dumps.iter().copied());
        }
        for part in parts {
            if self.allows(Reading::Base64) {
                base64::search(self, part);
            }
            if self.allows(Reading::Hex) || self.allows(Reading::Decimal) {
                numbers::search(self, part);
            }
            if self.allows(Reading::Percent) {
                percent::search(self, part);
            }
            if self.allows(Reading::Escapes) {
                strings::search(self, part);
            }
        }
        self.settle();
        self.context = context::around(self.text);
        self.add_context();
    }

    /// What was found, in the order of the text.
    pub(super) fn candidates(self) -> Vec<Candidate> {
        self.found.into_iter().map(|stretch| stretch.candidate).collect()
    }

    /// Whether a reading is to be tried.
    pub(super) fn allows(&self, reading: Reading) -> bool {
        self.only.is_none_or(|only| only == reading)
    }

    /// Whether there is no room for more.
    pub(super) const fn is_full(&self) -> bool {
        self.found.len() >= MOST
    }

    /// How many stretches were found so far.
    pub(super) const fn count(&self) -> usize {
        self.found.len()
    }

    /// Whether the characters at `place` belong to what was found, or to a dump.
    pub(super) fn holds(&self, place: Span) -> bool {
        let next = self.found.partition_point(|stretch| stretch.place.end <= place.start);
        let dump = self.dumps.partition_point(|dump| dump.end <= place.start);
        self.found.get(next).is_some_and(|stretch| stretch.place.overlaps(place))
            || self.dumps.get(dump).is_some_and(|dump| dump.overlaps(place))
    }

    /// What was found that ends before its message is whole: how it was read, and where.
    pub(super) fn cut_short(&self) -> impl Iterator<Item = (Reading, Span)> {
        let cut = self.found.iter().filter(|found| found.candidate.score == Score::Beginning);
        cut.map(|found| (found.reading, found.place))
    }

    /// Looks into the bytes that the characters at `place` stand for, and keeps what is found there.
    /// `map` is asked for the places of the bytes where something is.
    pub(super) fn offer(
        &mut self,
        (reading, kind): (Reading, LayerKind),
        place: Span,
        bytes: &[u8],
        map: &dyn Fn() -> Arc<Map>,
    ) -> Score {
        // Much looks like base64. What it stands for is searched only where that looks like text.
        let is_worth = reading != Reading::Base64 || looks_like_text(bytes);
        let candidates = nested(bytes, if is_worth { self.depth - 1 } else { 0 });
        let Some(score) = candidates.iter().map(|candidate| candidate.score).max() else {
            self.unread.note(reading, place, bytes.len());
            return Score::Nothing;
        };
        let map = map();
        for mut candidate in candidates {
            let layer = Layer { map: Some(Arc::clone(&map)), ..Layer::new(kind, place) };
            let inner = candidate.layers.first().map(|layer| map.outer(layer.span));
            candidate.layers.insert(0, layer);
            self.found.push(Stretch { place: inner.unwrap_or(place), reading, candidate });
        }
        score
    }

    /// Of what overlaps, keeps what makes the most sense.
    fn settle(&mut self) {
        let found = in_order(std::mem::take(&mut self.found), |stretch| stretch.place);
        for mut stretch in found {
            match self.found.last_mut().filter(|last| last.place.overlaps(stretch.place)) {
                None => self.found.push(stretch),
                Some(last) if stretch.rank() > last.rank() => {
                    std::mem::swap(last, &mut stretch);
                    last.also(&stretch);
                }
                Some(last) => last.also(&stretch),
            }
        }
        for stretch in &mut self.found {
            let others = [
                (Reading::Base64, base64::is_all(self.text, stretch.place)),
                (Reading::Hex, numbers::is_all(self.text, stretch.place, Reading::Hex)),
                (Reading::Decimal, numbers::is_all(self.text, stretch.place, Reading::Decimal)),
            ];
            for (reading, _) in others.into_iter().filter(|(_, can)| *can) {
                stretch.add_other(reading);
            }
        }
    }

    /// Puts around each token the header or the dialogue it stands in.
    fn add_context(&mut self) {
        for stretch in &mut self.found {
            let layers = &mut stretch.candidate.layers;
            // An encoding may lie between the header and the base64.
            let token = match layers.as_slice() {
                [base64, ..] if base64.kind == LayerKind::Base64 => Some(base64.span),
                [outer, base64, ..] if base64.kind == LayerKind::Base64 => {
                    outer.map.as_ref().map(|map| map.outer(base64.span))
                }
                _ => None,
            };
            let mark = token.and_then(|token| self.context.mark_of(token.start));
            if let (Some(mark), Some(token)) = (mark, token) {
                // The buffer is still the text; spans in it count from the same byte.
                layers.insert(0, Layer::new(mark.kind, Span::new(mark.start, token.end)));
            }
        }
    }
}

impl Stretch {
    /// Takes note of a reading of the same characters that made less sense.
    fn also(&mut self, other: &Self) {
        let differs = other.candidate.bytes != self.candidate.bytes;
        if differs && other.place.contains(self.place) {
            self.add_other(other.reading);
        }
    }

    fn add_other(&mut self, reading: Reading) {
        let others = &mut self.candidate.others;
        if reading != self.reading && !others.contains(&reading) {
            others.push(reading);
        }
    }
}

/// Whether bytes begin with what people read.
fn looks_like_text(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(24)).unwrap_or_default();
    head.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace())
}
