//! The fields of the message, as a tree of rows.

use std::rc::Rc;

use spnscope::base::span::Span;
use spnscope_page::workbench::SelectAction;
use yew::prelude::*;

use super::{
    chunks::{FilledChunks, rows_of, use_rows_in_sight},
    pointing::use_point,
    row_detail::row_detail,
    tree_row::{TreeRow, row_id},
    tree_rows::{Folds, KeyEffect, is_open, key_effect, row_for, shown},
};
use crate::{
    dom::{
        events::{index_under, is_command, is_on},
        focus,
    },
    store::{Shared, use_act},
};

/// The largest number of rows that are shown without a scroll box.
const MAX_WHOLE_ROWS: usize = 256;

/// Props of [`FieldTree`].
#[derive(PartialEq, Properties)]
pub(crate) struct FieldTreeProps {
    /// The view of the chosen message.
    pub(crate) view: Shared,
    /// The bytes that are selected.
    pub(crate) selected: Option<Span>,
    /// The bytes pointed at.
    pub(crate) pointed: Option<Span>,
    /// The callback for the row that is pointed at, since several can have the same bytes.
    pub(crate) on_look: Callback<usize>,
}

/// The name, value and bytes of every field. One stop of the Tab key; arrows go from row to row.
#[component]
pub(crate) fn FieldTree(props: &FieldTreeProps) -> Html {
    let (act, point) = (use_act(), use_point());
    let FieldTreeProps { view, selected, pointed, on_look } = props;
    let node = use_node_ref();
    let folds = use_state_eq(Rc::<Folds>::default);
    let current = use_state_eq(usize::default);
    let take_focus = use_mut_ref(bool::default);
    let rows =
        use_memo((view.clone(), (*folds).clone()), |(view, folds)| shown(&view.fields, folds));
    let (in_sight, onscroll) = use_rows_in_sight(node.clone(), rows.len(), MAX_WHOLE_ROWS);

    let fields = &view.fields;
    let current_row =
        if rows.contains(&*current) { *current } else { rows.first().copied().unwrap_or(0) };
    let row = |span: Option<Span>| {
        span.and_then(|span| {
            row_for(
                fields,
                rows.iter().copied(),
                span,
                Some(current_row).filter(|row| rows.contains(row)),
            )
        })
    };
    let (selected_row, pointed_row) = (row(*selected), row(*pointed));
    {
        let (node, rows) = (node.clone(), rows.clone());
        use_effect_with((*selected, selected_row), move |(_, row)| {
            let at = row.and_then(|row| rows.iter().position(|index| *index == row));
            if let Some(at) = at {
                focus::show_row(node.cast(), at, rows.len(), false);
            }
        });
    }
    {
        // Once the row is there: its chunk may have been filled just now.
        let take_focus = take_focus.clone();
        use_effect(move || {
            if take_focus.replace(false) {
                focus::focus_and_show(&row_id(current_row));
            }
        });
    }

    let point_at = {
        let (point, view, on_look) = (point.clone(), view.clone(), on_look.clone());
        Callback::from(move |index: usize| {
            if let Some(row) = view.fields.get(index) {
                on_look.emit(index);
                point.emit(Some(row.span));
            }
        })
    };
    let set_fold = {
        let (folds, view) = (folds.clone(), view.clone());
        Callback::from(move |(index, open): (usize, bool)| {
            if let Some(row) = view.fields.get(index).filter(|row| row.has_children) {
                let mut changed = Folds::clone(&folds);
                changed.set(row, open);
                folds.set(Rc::new(changed));
            }
        })
    };
    let select = {
        let (act, view, current) = (act.clone(), view.clone(), current.setter());
        Callback::from(move |index: usize| {
            current.set(index);
            act.emit(SelectAction::Bytes(view.fields.get(index).map(|row| row.span)));
        })
    };
    let onmouseover = {
        let point_at = point_at.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(index) = index_under(&event, "data-row") {
                point_at.emit(index);
            }
        })
    };
    let onfocusin = {
        let (point_at, current) = (point_at.clone(), current.setter());
        Callback::from(move |event: FocusEvent| {
            if let Some(index) = index_under(&event, "data-row") {
                current.set(index);
                point_at.emit(index);
            }
        })
    };
    let onclick = {
        let (view, folds, set_fold, select) =
            (view.clone(), folds.clone(), set_fold.clone(), select.clone());
        let current = current.setter();
        Callback::from(move |event: MouseEvent| {
            let Some(index) = index_under(&event, "data-row") else { return };
            match view.fields.get(index) {
                Some(row) if row.has_children && is_on(&event, ".field-tree__caret") => {
                    current.set(index);
                    set_fold.emit((index, !is_open(row, &folds)));
                }
                _ => select.emit(index),
            }
        })
    };
    let onkeydown = {
        let (view, rows, folds, current) =
            (view.clone(), rows.clone(), folds.clone(), current.setter());
        Callback::from(move |event: KeyboardEvent| {
            if is_command(&event) {
                return;
            }
            match event.key().as_str() {
                "Enter" | " " => select.emit(current_row),
                "Escape" => act.emit(SelectAction::Bytes(None)),
                key => match key_effect(&view.fields, &rows, &folds, current_row, key) {
                    Some(KeyEffect::To(index)) => {
                        *take_focus.borrow_mut() = true;
                        current.set(index);
                        point_at.emit(index);
                    }
                    Some(KeyEffect::Unfold) => set_fold.emit((current_row, true)),
                    Some(KeyEffect::Fold) => set_fold.emit((current_row, false)),
                    None => return,
                },
            }
            event.prevent_default();
        })
    };
    let all_open = rows.len() == fields.len();
    let unfold = {
        let folds = folds.clone();
        Callback::from(move |_: MouseEvent| {
            let changed = if all_open { Folds::default() } else { Folds::all_open() };
            folds.set(Rc::new(changed));
        })
    };

    let place =
        |row: Option<usize>| row.and_then(|row| rows.iter().position(|index| *index == row));
    let filled =
        FilledChunks::new(rows.len(), in_sight, &[place(selected_row), place(Some(current_row))]);
    let tree_row = |index: usize| {
        html! {
            <TreeRow
                key={index}
                view={view.clone()}
                {index}
                open={fields.get(index).is_some_and(|row| is_open(row, &folds))}
                selected={selected_row == Some(index)}
                pointed={pointed_row == Some(index)}
                focusable={current_row == index}
            />
        }
    };
    // In a box every row has the same height.
    let detail = |index: usize| {
        let is_detailed = selected_row == Some(index) && in_sight.is_none();
        is_detailed.then(|| fields.get(index).map(row_detail)).flatten()
    };
    let chunk_at = |chunk: usize| {
        let within = rows.get(rows_of(chunk, rows.len())).filter(|_| filled.contains(chunk));
        let within = within.unwrap_or_default().iter().copied();
        let is_last = chunk + 1 == filled.chunks();
        html! {
            <div
                key={chunk}
                class={classes!("field-tree__chunk", is_last.then_some("is-last"))}
                role="rowgroup"
            >
                { for within.flat_map(|index| [Some(tree_row(index)), detail(index)]).flatten() }
            </div>
        }
    };
    html! {
        <section class="bench__fields" aria-labelledby="fields-h">
            <div class="section__head">
                <h2 id="fields-h">{ "Fields" }</h2>
                <span class="spacer" />
                <span class="small">
                    <button class="button button--bare" type="button" onclick={unfold}>
                        { if all_open { "Fold again" } else { "Unfold all" } }
                    </button>
                </span>
            </div>
            <div
                class={classes!("field-tree", in_sight.map(|_| "is-boxed"), (view.bytes.len() > 999).then_some("field-tree--long"))}
                role="treegrid"
                aria-label="Fields of the message"
                ref={node}
                {onmouseover}
                onmouseleave={point.on(None)}
                {onfocusin}
                onfocusout={point.on(None)}
                {onclick}
                {onkeydown}
                {onscroll}
            >
                <div key="head" role="rowgroup">
                    <div class="field-tree__row field-tree__row--head plate" role="row">
                        <span role="columnheader">{ "Field" }</span>
                        <span role="columnheader">{ "Value" }</span>
                        <span role="columnheader" class="field-tree__at plate">
                            { "Bytes" }
                        </span>
                    </div>
                </div>
                { for (0..filled.chunks()).map(chunk_at) }
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use yew::ServerRenderer;

    use super::*;
    use crate::components::fixture::{self, Part};

    async fn rendered(selected: Option<Span>) -> Part {
        let props = move || FieldTreeProps {
            view: fixture::story(),
            selected,
            pointed: None,
            on_look: Callback::noop(),
        };
        let renderer = ServerRenderer::<FieldTree>::with_props(props);
        Part::parse(&renderer.hydratable(false).render().await)
    }

    #[tokio::test(flavor = "current_thread")]
    async fn every_field_outside_a_folded_one_has_a_row() {
        let page = rendered(None).await;
        let view = fixture::story();
        let fields = shown(&view.fields, &Folds::default()).len();
        let rows = page.elements("row");
        let is_field = |row: &&Part| !row.elements("gridcell").is_empty();
        assert_eq!(rows.iter().filter(is_field).count(), fields, "{page:?}");
        let [stop] = page.with_attribute("tabindex", "0")[..] else {
            panic!("not one stop: {page:?}")
        };
        assert!(rows.contains(&stop), "{stop:?}");
        for (at, class) in [("312–345", "is-target-name"), ("72–87", "is-mic")] {
            let row = page.saying("row", at).into_iter().find(|row| row.has_class(class));
            let marks = row.expect("a marked row").with_class("mark");
            assert!(marks.iter().any(|mark| mark.has_class(class)), "{at}: {row:?}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn one_row_is_selected() {
        let page = rendered(Some(Span::new(72, 88))).await;
        let selected = page.with_attribute("aria-selected", "true");
        assert_eq!(selected.len(), 1, "{page:?}");
        assert_eq!(page.with_class("is-selected"), selected, "{page:?}");
        let mut rows = page.elements("row").into_iter().skip_while(|row| *row != selected[0]);
        let row = rows.next().expect("the selected row");
        assert_eq!(row.saying("gridcell", "72–87").len(), 1, "{row:?}");
        let detail = rows.next().expect("the row below it");
        assert!(detail.has_class("field-tree__detail"), "{detail:?}");
        assert!(detail.says("bytes 72 to 87") && detail.says("[MS-NLMP]"), "{detail:?}");
    }
}
