//! A chunk of rows of the byte view.

use spnscope::base::{finding::Severity, span::Span};
use spnscope_page::view::{ByteCell, ByteMap, ByteRow, ByteRun, Mark, ROW_LEN, byte_rows};
use yew::prelude::*;

use super::{chunks::rows_of, jump::range_words};
use crate::{dom::events::span_attribute, store::Shared};

/// Props of [`ByteChunk`].
#[derive(PartialEq, Properties)]
pub(crate) struct ByteChunkProps {
    /// The view of the chosen message.
    pub(crate) view: Shared,
    /// The index of the chunk.
    pub(crate) chunk: usize,
    /// The part of the selection in the chunk.
    pub(crate) selected: Option<Span>,
    /// The part of the bytes pointed at in the chunk.
    pub(crate) pointed: Option<Span>,
}

/// Rows of sixteen bytes in two halves, hex and ASCII; one `<span>` a run.
#[component]
pub(crate) fn ByteChunk(props: &ByteChunkProps) -> Html {
    let ByteChunkProps { view, chunk, selected, pointed } = props;
    let part = use_memo((view.clone(), *chunk), |(view, chunk)| part_of(&view.map, *chunk));
    let shift = |span: Option<Span>| {
        span.map(|span| Span::new(span.start - part.base, span.end - part.base))
    };
    let rows = byte_rows(&part.map, shift(*selected), shift(*pointed));
    let context = ChunkContext { view, part: &part };
    html! { { for rows.iter().map(|row| context.row(row)) } }
}

/// The bytes in chunk `chunk` of a message of `len` bytes.
pub(super) fn span_of(chunk: usize, len: usize) -> Span {
    let rows = rows_of(chunk, len.div_ceil(ROW_LEN));
    Span::new(rows.start * ROW_LEN, (rows.end * ROW_LEN).min(len))
}

/// A part of a [`ByteMap`], counted from its own first byte.
#[derive(Debug, PartialEq)]
struct MapPart {
    map: ByteMap,
    /// The offset of the part, in bytes.
    base: usize,
    /// The index of its first cell in the whole map.
    first: usize,
}

fn part_of(map: &ByteMap, chunk: usize) -> MapPart {
    let span = span_of(chunk, map.len);
    let first = map.cells.partition_point(|cell| cell.span.end <= span.start);
    let cells = map.cells.iter().skip(first).take_while(|cell| cell.span.start < span.end);
    let cells = cells.map(|cell| ByteCell {
        span: Span::new(
            cell.span.start.max(span.start) - span.start,
            cell.span.end.min(span.end) - span.start,
        ),
        ..cell.clone()
    });
    MapPart { map: ByteMap { len: span.len(), cells: cells.collect() }, base: span.start, first }
}

struct ChunkContext<'r> {
    view: &'r Shared,
    part: &'r MapPart,
}

impl ChunkContext<'_> {
    /// The cell of a run, in full.
    fn cell(&self, run: &ByteRun) -> Option<&ByteCell> {
        self.view.map.cells.get(self.part.first + run.cell)
    }

    fn row(&self, row: &ByteRow) -> Html {
        let offset = self.part.base + row.offset;
        html! {
            <div key={offset} class="byte-view__row" role="presentation" data-offset={offset.to_string()}>
                { self.half(&row.halves[0], offset, false) }
                { self.half(&row.halves[1], offset + ROW_LEN / 2, true) }
                { self.flag(row) }
            </div>
        }
    }

    /// Draws half a row. Runs and the spaces between them have no keys, since they have no state to
    /// lose.
    fn half(&self, runs: &[ByteRun], offset: usize, second: bool) -> Html {
        // The last row may end in its first half.
        let offset = if runs.is_empty() { String::new() } else { format!("{offset:03x}") };
        html! {
            <span class={classes!("byte-view__half", second.then_some("byte-view__half--second"))}>
                <span class="byte-view__offset" aria-hidden="true">{ offset }</span>
                <span class="byte-view__hex">
                    for (index, run) in runs.iter().enumerate() {
                        { if index > 0 { " " } else { "" } }
                        { self.hex(run) }
                    }
                </span>
                <span class="byte-view__ascii" aria-hidden="true">
                    { for runs.iter().map(|run| self.ascii(run)) }
                </span>
            </span>
        }
    }

    fn hex(&self, run: &ByteRun) -> Html {
        let Some(cell) = self.cell(run) else { return Html::default() };
        let (bytes, span) = (self.bytes(run), span_attribute(cell.span));
        let text = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
        // The cell is one option, represented by its first run.
        if run.span.start + self.part.base == cell.span.start {
            html! {
                <span
                    class={classes!(classes(cell, run))}
                    data-span={span}
                    role="option"
                    id={option_id(cell.span)}
                    aria-selected={run.selected.to_string()}
                    aria-label={format!("{}, {}: {text}", cell.name, range_words(cell.span))}
                >
                    { text }
                </span>
            }
        } else {
            html! {
                <span class={classes!(classes(cell, run))} data-span={span} aria-hidden="true">
                    { text }
                </span>
            }
        }
    }

    fn ascii(&self, run: &ByteRun) -> Html {
        let Some(cell) = self.cell(run) else { return Html::default() };
        let printable = |byte: &u8| match byte {
            0x20..=0x7e => char::from(*byte),
            _ => '·',
        };
        let text: String = self.bytes(run).iter().map(printable).collect();
        html! {
            <span class={classes!(classes(cell, run))} data-span={span_attribute(cell.span)}>
                { text }
            </span>
        }
    }

    fn bytes(&self, run: &ByteRun) -> &[u8] {
        let span = run.span.shifted(self.part.base);
        self.view.bytes.get(span.start..span.end).unwrap_or_default()
    }

    /// Draws the name of a mark that begins in this row, or of bytes without a field.
    fn flag(&self, row: &ByteRow) -> Html {
        let begins = |run: &&ByteRun| {
            self.cell(run).is_some_and(|cell| {
                let first = run.span.start + self.part.base == cell.span.start;
                let previous = (self.part.first + run.cell).checked_sub(1);
                let previous = previous.and_then(|index| self.view.map.cells.get(index));
                let goes_on = previous.is_some_and(|previous| previous.mark == cell.mark);
                first && (cell.is_gap || cell.mark.is_some() && !goes_on)
            })
        };
        let in_half = |half: usize| row.halves[half].iter().find(begins);
        let (run, second) = match (in_half(0), in_half(1)) {
            (Some(run), _) => (run, false),
            (None, Some(run)) => (run, true),
            (None, None) => return html! { <span class="byte-view__flag" aria-hidden="true" /> },
        };
        let (class, rest, word) = match self.cell(run).and_then(|cell| cell.mark) {
            Some(Mark::TargetName) => ("is-target-name", "Target ", "name"),
            Some(Mark::Mic) => ("is-mic", "", "MIC"),
            None => ("is-loose", "", "No field"),
        };
        html! {
            <span
                class={classes!("byte-view__flag", second.then_some("byte-view__flag--second"), class)}
                aria-hidden="true"
            >
                <span class="byte-view__flag-rest">{ rest }</span>
                { word }
            </span>
        }
    }
}

/// The id of a cell's option.
pub(super) fn option_id(cell: Span) -> String {
    format!("byte-{}", cell.start)
}

fn classes(cell: &ByteCell, run: &ByteRun) -> String {
    let finding = match cell.finding {
        Some(Severity::Error) => " mark is-finding",
        Some(Severity::Warning) => " mark is-finding is-warning",
        _ => "",
    };
    let mark = match cell.mark {
        Some(Mark::TargetName) => " mark is-target-name",
        Some(Mark::Mic) => " mark is-mic",
        None => finding,
    };
    let when = |is_so: bool, class| if is_so { class } else { "" };
    [
        "byte-view__run",
        when(cell.odd, " is-odd"),
        when(cell.is_gap, " is-loose"),
        mark,
        when(cell.changed, " is-changed"),
        when(run.pointed, " is-linked"),
        when(run.selected, " is-selected"),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_the_cells_of_the_whole_map() {
        let cell = |start, end| ByteCell {
            span: Span::new(start, end),
            name: String::new(),
            mark: None,
            odd: false,
            is_gap: false,
            finding: None,
            changed: false,
        };
        let map = ByteMap { len: 1200, cells: vec![cell(0, 500), cell(500, 513), cell(513, 1200)] };
        let whole: Vec<_> = byte_rows(&map, None, None)
            .iter()
            .flat_map(|row| {
                row.halves.iter().flatten().map(|run| (run.span, run.cell)).collect::<Vec<_>>()
            })
            .collect();
        let mut parts = Vec::new();
        for chunk in 0..3 {
            let part = part_of(&map, chunk);
            for row in byte_rows(&part.map, None, None) {
                for run in row.halves.iter().flatten() {
                    parts.push((run.span.shifted(part.base), part.first + run.cell));
                }
            }
        }
        assert_eq!(parts, whole);
    }
}
