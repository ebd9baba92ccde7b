//! The layout of the trace: its blocks and labels.

use spnscope::base::span::Span;
use spnscope_page::view::{ByteMap, DecodeView, FieldRow, Mark};

/// The largest number of blocks; in longer lists neighbours are merged.
const MAX_BLOCKS: usize = 600;
/// The part of the width that one letter of a label takes in the narrowest layout with all labels,
/// in thousandths of a percent.
const LETTER_WIDTH: u64 = 520;
/// The position from which on a label ends at its tick, in thousandths of a percent.
const MIN_RIGHT_ALIGNED: u64 = 80_000;

/// A block of the trace.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct TraceBlock {
    /// Its bytes.
    pub(super) span: Span,
    /// The mark it bears.
    pub(super) mark: Option<Mark>,
    /// True for every second block.
    pub(super) odd: bool,
    /// True if no field refers to it.
    pub(super) is_gap: bool,
}

/// A label under the trace.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TraceLabel {
    /// The position of its tick, in bytes.
    pub(super) at: usize,
    /// The position at which its text begins or ends, in thousandths of a percent: the tick, except
    /// for a mark too near another.
    pub(super) place: u64,
    /// The text of the label.
    pub(super) text: String,
    /// The mark it names.
    pub(super) mark: Option<Mark>,
    /// True if it ends at its tick instead of beginning there.
    pub(super) ends: bool,
}

/// The share of `part` in `len`, in thousandths of a percent.
pub(super) fn thousandths(part: usize, len: usize) -> u64 {
    100_000 * part as u64 / len.max(1) as u64
}

/// Formats a percentage: `12.345%`.
pub(super) fn percent(thousandths: u64) -> String {
    format!("{}.{:03}%", thousandths / 1000, thousandths % 1000)
}

/// The fields of a message to scale; very small ones share a block.
pub(super) fn blocks(map: &ByteMap) -> Vec<TraceBlock> {
    let least = map.len / MAX_BLOCKS;
    let mut blocks: Vec<TraceBlock> = Vec::new();
    for cell in &map.cells {
        let plain = cell.mark.is_none() && !cell.is_gap;
        if let Some(last) = blocks.last_mut()
            && plain
            && last.mark.is_none()
            && !last.is_gap
            && last.span.len() < least
        {
            last.span.end = cell.span.end;
            continue;
        }
        let odd = blocks.len() % 2 == 1;
        blocks.push(TraceBlock { span: cell.span, mark: cell.mark, odd, is_gap: cell.is_gap });
    }
    blocks
}

/// The labels under the trace: the two marks always, the others if there is room.
pub(super) fn labels(view: &DecodeView) -> Vec<TraceLabel> {
    let len = view.map.len;
    let mut labels: Vec<TraceLabel> = Vec::new();
    for row in view.fields.iter().filter(|row| !row.span.is_empty()) {
        if let Some(mark) = row.mark.filter(|mark| labels.iter().all(|it| it.mark != Some(*mark))) {
            let mut label = label_of(row, mark, len);
            if let Some(other) =
                labels.first().filter(|other| !free(&label, &[(*other).clone()], None))
            {
                label.place = reach(other).1;
            }
            labels.push(label);
        }
    }
    let plain = |at: usize, word: &str| TraceLabel {
        at,
        place: thousandths(at, len),
        text: format!("{at} {word}"),
        mark: None,
        ends: false,
    };
    let header = plain(0, "header");
    if free(&header, &labels, None) {
        labels.push(header);
    }
    let fields = view.fields.iter().filter(|row| !row.span.is_empty() && row.mark.is_none());
    for row in fields.clone() {
        let label = word(&row.name).map(|word| plain(row.span.start, word));
        if let Some(label) = label.filter(|label| free(label, &labels, None)) {
            labels.push(label);
        }
    }
    // Names are short and adjacent: one label stands for all that it covers.
    let mut names: Option<usize> = None;
    for row in fields {
        let Some(word) = name_word(&row.name) else { continue };
        if let Some(index) = names {
            let joined = TraceLabel {
                text: format!("{}, {word}", labels[index].text),
                ..labels[index].clone()
            };
            if free(&joined, &labels, names) {
                labels[index] = joined;
            }
        } else {
            let label = plain(row.span.start, word);
            if free(&label, &labels, None) {
                names = Some(labels.len());
                labels.push(label);
            }
        }
    }
    labels
}

fn label_of(row: &FieldRow, mark: Mark, len: usize) -> TraceLabel {
    let name = match mark {
        Mark::TargetName => "target name",
        Mark::Mic => "MIC",
    };
    let text = format!("{} {name}", row.span.start);
    let ends = thousandths(row.span.start, len) > MIN_RIGHT_ALIGNED;
    let at = if ends { row.span.end } else { row.span.start };
    TraceLabel { at, place: thousandths(at, len), text, mark: Some(mark), ends }
}

/// The ends of a label, in thousandths of a percent.
fn reach(label: &TraceLabel) -> (u64, u64) {
    let at = label.place;
    let width = (label.text.len() as u64 + 1) * LETTER_WIDTH;
    if label.ends { (at.saturating_sub(width), at) } else { (at, at + width) }
}

/// Returns true if there is room for a label beside `others`, of which one may be left `out`.
fn free(label: &TraceLabel, others: &[TraceLabel], out: Option<usize>) -> bool {
    let (start, end) = reach(label);
    let beside = |other: &TraceLabel| {
        let (from, to) = reach(other);
        end <= from || to <= start
    };
    end <= 100_000
        && others.iter().enumerate().all(|(index, other)| Some(index) == out || beside(other))
}

/// The word for a field on the trace; `None` for a field not worth one.
fn word(name: &str) -> Option<&'static str> {
    Some(match name {
        "NtChallengeResponse" => "answer",
        "AvPairs" | "TargetInfo" => "server's names",
        "EncryptedRandomSessionKey" => "key",
        "ServerChallenge" => "challenge",
        _ => return None,
    })
}

/// The word for a name in the payload.
fn name_word(name: &str) -> Option<&'static str> {
    Some(match name {
        "DomainName" => "domain",
        "UserName" => "user",
        "Workstation" | "WorkstationName" => "computer",
        "TargetName" => "target",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::fixture;

    #[test]
    fn blocks_tile_the_message() {
        let view = fixture::story();
        let mut next = 0;
        for block in blocks(&view.map) {
            assert_eq!(block.span.start, next);
            next = block.span.end;
        }
        assert_eq!(next, view.map.len);
    }

    #[test]
    fn the_marks_have_labels_and_no_two_labels_touch() {
        let view = fixture::story();
        let labels = labels(&view);
        let texts: Vec<_> = labels.iter().map(|label| label.text.as_str()).collect();
        assert!(texts.contains(&"72 MIC") && texts.contains(&"312 target name"), "{texts:?}");
        for (index, one) in labels.iter().enumerate() {
            assert!(free(one, &labels, Some(index)), "{texts:?}");
        }
        assert!(texts.contains(&"88 domain, user, computer"), "{texts:?}");
    }
}
