//! The bytes of the message.

use spnscope::base::span::Span;
use spnscope_page::view::{ByteCell, ROW_LEN, hex_dump};
use spnscope_page::workbench::SelectAction;
use yew::prelude::*;

use super::{
    byte_chunk::{ByteChunk, option_id, span_of},
    chunks::{FilledChunks, use_rows_in_sight},
    pointing::use_point,
};
use crate::{
    dom::{clipboard, events, focus},
    store::{Shared, use_act},
};

/// The largest number of rows that are shown without a scroll box.
const MAX_WHOLE_ROWS: usize = 48;

/// Props of [`ByteView`].
#[derive(PartialEq, Properties)]
pub(crate) struct ByteViewProps {
    /// The view of the chosen message.
    pub(crate) view: Shared,
    /// The bytes that are selected.
    pub(crate) selected: Option<Span>,
    /// The bytes pointed at.
    pub(crate) pointed: Option<Span>,
}

/// Hex and ASCII; one option a field. One stop of the Tab key; arrows go from field to field.
#[component]
pub(crate) fn ByteView(props: &ByteViewProps) -> Html {
    let (act, point) = (use_act(), use_point());
    let ByteViewProps { view, selected, pointed } = props;
    let node = use_node_ref();
    let active = use_state_eq(Option::<usize>::default);
    let rows = view.map.len.div_ceil(ROW_LEN);
    let (in_sight, onscroll) = use_rows_in_sight(node.clone(), rows, MAX_WHOLE_ROWS);

    {
        // Another message has other cells; a selection made elsewhere moves the keyboard's
        // position.
        let (active, node) = (active.setter(), node.clone());
        use_effect_with((view.clone(), *selected), move |(view, selected)| {
            active.set(selected.and_then(|selected| cell_at(&view.map.cells, selected.start)));
            if let Some(selected) = selected {
                focus::show_row(node.cast(), selected.start / ROW_LEN, rows, false);
            }
        });
    }
    let cells = &view.map.cells;
    let current = active.and_then(|index| cells.get(index)).map(|cell| cell.span);

    let onmouseover = {
        let point = point.clone();
        move |event: MouseEvent| point.emit(events::span_under(&event))
    };
    let onclick = {
        let act = act.clone();
        move |event: MouseEvent| {
            if let Some(span) = events::span_under(&event) {
                act.emit(SelectAction::Bytes(Some(span)));
            }
        }
    };
    let onfocus = {
        let (point, active, node) = (point.clone(), active.clone(), node.clone());
        let first = cells.first().map(|cell| cell.span);
        Callback::from(move |_: FocusEvent| {
            if current.is_none() {
                active.set(Some(0));
            }
            // A click points already, and at something else.
            if focus::has_visible_focus(&node) {
                point.emit(current.or(first));
            }
        })
    };
    let onkeydown = {
        let (point, view, node) = (point.clone(), view.clone(), node.clone());
        Callback::from(move |event: KeyboardEvent| {
            if events::is_command(&event) {
                return;
            }
            let cells = &view.map.cells;
            match event.key().as_str() {
                "Enter" | " " => act.emit(SelectAction::Bytes(current)),
                "Escape" => act.emit(SelectAction::Bytes(None)),
                key => {
                    let Some(next) = step(cells, *active, key) else { return };
                    active.set(Some(next));
                    if let Some(cell) = cells.get(next) {
                        point.emit(Some(cell.span));
                        focus::show_row(node.cast(), cell.span.start / ROW_LEN, rows, true);
                    }
                }
            }
            event.prevent_default();
        })
    };

    let oncopy = {
        let view = view.clone();
        move |event: Event| {
            if let Some((first, last)) = focus::selected_numbers("bytes", "data-offset") {
                clipboard::copy_instead(
                    &event,
                    &hex_dump(&view.bytes, first / ROW_LEN, last / ROW_LEN),
                );
            }
        }
    };
    let row = |span: Option<Span>| span.map(|span| span.start / ROW_LEN);
    let filled = FilledChunks::new(rows, in_sight, &[row(*selected), row(current)]);
    let parts_in = |chunk: usize| {
        let bytes = span_of(chunk, view.map.len);
        let within = |span: Option<Span>| {
            let part = span?;
            let part = Span::new(part.start.max(bytes.start), part.end.min(bytes.end));
            (!part.is_empty()).then_some(part)
        };
        (within(*selected), within(*pointed))
    };
    let chunk_at = |chunk: usize| {
        let (selected, pointed) = parts_in(chunk);
        let is_last = chunk + 1 == filled.chunks();
        html! {
            <div
                key={chunk}
                class={classes!("byte-view__chunk", is_last.then_some("is-last"))}
                role="presentation"
            >
                if filled.contains(chunk) {
                    <ByteChunk view={view.clone()} {chunk} {selected} {pointed} />
                }
            </div>
        }
    };
    html! {
        <div
            id="bytes"
            class={classes!("byte-view", (view.map.len > 0x1000).then_some("byte-view--long"), in_sight.map(|_| "is-boxed"), pointed.map(|_| "is-pointing"))}
            role="listbox"
            aria-label="Bytes of the message, field by field"
            aria-multiselectable="true"
            aria-activedescendant={current.map(option_id)}
            tabindex="0"
            ref={node}
            {onmouseover}
            onmouseleave={point.on(None)}
            {onclick}
            {onfocus}
            onblur={point.on(None)}
            {onkeydown}
            {onscroll}
            {oncopy}
        >
            <div key="ruler" class="byte-view__row byte-view__row--ruler" aria-hidden="true">
                <span class="byte-view__half">
                    <span class="byte-view__offset"></span>
                    <span class="byte-view__hex">{ " 0  1  2  3  4  5  6  7" }</span>
                    <span class="byte-view__ascii">{ "01234567" }</span>
                </span>
                <span class="byte-view__half byte-view__half--second">
                    <span class="byte-view__hex">{ " 8  9  a  b  c  d  e  f" }</span>
                    <span class="byte-view__ascii">{ "89abcdef" }</span>
                </span>
            </div>
            { for (0..filled.chunks()).map(chunk_at) }
        </div>
    }
}

/// The index of the cell that contains byte `at`.
fn cell_at(cells: &[ByteCell], at: usize) -> Option<usize> {
    let index = cells.partition_point(|cell| cell.span.end <= at);
    (index < cells.len()).then_some(index)
}

/// The cell that an arrow key leads to: the neighbour, or the one a row away.
fn step(cells: &[ByteCell], from: Option<usize>, key: &str) -> Option<usize> {
    let last = cells.len().checked_sub(1)?;
    let Some(from) = from else {
        return matches!(
            key,
            "ArrowRight" | "ArrowLeft" | "ArrowDown" | "ArrowUp" | "Home" | "End"
        )
        .then_some(if key == "End" { last } else { 0 });
    };
    let start = cells.get(from).map_or(0, |cell| cell.span.start);
    match key {
        "ArrowRight" => Some((from + 1).min(last)),
        "ArrowLeft" => Some(from.saturating_sub(1)),
        // A field longer than a row would trap the cursor.
        "ArrowDown" => {
            cell_at(cells, start + ROW_LEN).map(|next| next.max(from + 1).min(last)).or(Some(last))
        }
        "ArrowUp" => cell_at(cells, start.saturating_sub(ROW_LEN)),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use yew::ServerRenderer;

    use super::*;
    use crate::components::fixture::{self, Part};

    async fn rendered(view: fn() -> Shared, selected: Option<Span>) -> Part {
        let props = move || ByteViewProps { view: view(), selected, pointed: None };
        Part::parse(&ServerRenderer::<ByteView>::with_props(props).hydratable(false).render().await)
    }

    /// The list of the cells.
    fn list(page: Part) -> Part {
        page.by_role("listbox", "Bytes of the message, field by field")
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_target_name_and_the_mic_are_marked_and_named() {
        let page = rendered(fixture::story, None).await;
        let marked =
            |class| page.with_class("mark").into_iter().filter(|run| run.has_class(class)).count();
        // The MIC is in a second half and the next first half, in hex and in ASCII.
        assert_eq!(marked("is-mic"), 4, "{page:?}");
        // 312 to 345 touches five halves.
        assert_eq!(marked("is-target-name"), 10, "{page:?}");
        let flags = page.with_class("byte-view__flag").into_iter().map(Part::text);
        let flags: Vec<_> = flags.filter(|flag| !flag.is_empty()).collect();
        assert_eq!(flags, ["MIC", "Target name"], "{page:?}");
        assert_eq!(list(page).elements("option").len(), fixture::story().map.cells.len());
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_selection_marks_the_runs_it_overlaps() {
        let page = rendered(fixture::story, Some(Span::new(72, 88))).await;
        assert_eq!(page.with_class("is-selected").len(), 4, "{page:?}");
        let [selected] = list(page).with_attribute("aria-selected", "true")[..] else {
            panic!("not one selected: {page:?}")
        };
        assert_eq!(selected.role(), Some("option"), "{selected:?}");
        assert!(selected.name().starts_with("MIC, bytes 72 to 87: aa 89"), "{selected:?}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_long_message_is_filled_only_in_part() {
        let page = rendered(
            || fixture::pasted(&format!("4e544c4d5353500003000000{}", "41".repeat(60_000))),
            None,
        )
        .await;
        let chunks = page.with_class("byte-view__chunk").len();
        assert_eq!(chunks, 60_012_usize.div_ceil(512), "{page:?}");
        assert!((2..200).contains(&page.with_class("byte-view__row").len()), "{page:?}");
        assert!(list(page).has_class("is-boxed"), "{page:?}");
    }

    #[test]
    fn arrows_lead_through_every_cell_and_stop_at_the_ends() {
        let view = fixture::story();
        let cells = &view.map.cells;
        let last = cells.len() - 1;
        assert_eq!(step(cells, None, "ArrowDown"), Some(0));
        assert_eq!(step(cells, Some(0), "ArrowLeft"), Some(0));
        assert_eq!(step(cells, Some(last), "ArrowRight"), Some(last));
        assert_eq!(step(cells, Some(last), "ArrowDown"), Some(last));
        assert_eq!(step(cells, Some(3), "x"), None);
        let (mut at, mut steps) = (0, 0);
        while at != last {
            let next = step(cells, Some(at), "ArrowDown").unwrap_or(at);
            assert!(next > at, "stuck at {at}");
            (at, steps) = (next, steps + 1);
        }
        assert!(steps <= cells.len());
    }
}
