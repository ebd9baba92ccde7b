//! The fields of the message.

use std::rc::Rc;

use spnscope::base::{finding::Severity, span::Span};
use spnscope_page::view::FieldRow;
use spnscope_page::workbench::Action;
use yew::prelude::*;

use super::{
    chunks::{Filled, rows_of, use_rows_in_sight},
    data_text::{cut, data_text},
    draw::{draw, each, on, times},
    host::hosted,
    jump::range,
    said::mark_class,
    tree_rows::{Folds, Step, is_open, row_for, shown, step},
};
use crate::{
    dom::{
        events::{index_under, is_command, is_on, span_attribute},
        focus,
    },
    hooks::{use_effect_with, use_memo, use_mut_ref, use_node_ref, use_state_eq},
    store::{Shared, act},
};

/// The most rows that are shown without a box of their own.
const LONGEST_WHOLE: usize = 256;
/// The most characters of a value that are shown in a row, and in its tool tip.
const VALUE: (usize, usize) = (160, 400);

/// Props of [`FieldTree`].
#[derive(PartialEq, Properties)]
pub(crate) struct FieldTreeProps {
    /// The view of the chosen message.
    pub(crate) view: Shared,
    /// The bytes that stay marked.
    pub(crate) selected: Option<Span>,
    /// The bytes pointed at.
    pub(crate) pointed: Option<Span>,
    /// Tells which row is pointed at, since several can have the same bytes.
    pub(crate) on_look: Callback<usize>,
}

/// Name, value and bytes of every field. One stop of the Tab key, arrows go from row to row.
#[component]
pub(crate) fn FieldTree(props: &FieldTreeProps) -> Html {
    let FieldTreeProps { view, selected, pointed, on_look } = props;
    let node = use_node_ref();
    let folds = use_state_eq(Rc::<Folds>::default);
    let current = use_state_eq(usize::default);
    let take_focus = use_mut_ref(bool::default);
    let rows =
        use_memo((view.clone(), (*folds).clone()), |(view, folds)| shown(&view.fields, folds));
    let (in_sight, onscroll) = use_rows_in_sight(node.clone(), rows.len(), LONGEST_WHOLE);

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
        // Once the row is there, which it is only now where its piece has just been filled.
        let take_focus = take_focus.clone();
        use_effect(move || {
            if take_focus.replace(false) {
                focus::focus_and_show(&row_id(current_row));
            }
        });
    }

    let point = {
        let (view, on_look) = (view.clone(), on_look.clone());
        Callback::from(move |index: usize| {
            if let Some(row) = view.fields.get(index) {
                on_look.emit(index);
                act(Action::Point(Some(row.span)));
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
        let (view, current) = (view.clone(), current.setter());
        Callback::from(move |index: usize| {
            current.set(index);
            act(Action::Select(view.fields.get(index).map(|row| row.span)));
        })
    };
    let onmouseover = {
        let point = point.clone();
        on(move |event: Event| {
            if let Some(index) = index_under(&event, "data-row") {
                point.emit(index);
            }
        })
    };
    let onfocusin = {
        let (point, current) = (point.clone(), current.setter());
        on(move |event: Event| {
            if let Some(index) = index_under(&event, "data-row") {
                current.set(index);
                point.emit(index);
            }
        })
    };
    let onclick = {
        let (view, folds, set_fold, select) =
            (view.clone(), folds.clone(), set_fold.clone(), select.clone());
        let current = current.setter();
        on(move |event: Event| {
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
        on(move |event: KeyboardEvent| {
            if is_command(&event) {
                return;
            }
            match event.key().as_str() {
                "Enter" | " " => select.emit(current_row),
                "Escape" => act(Action::Select(None)),
                key => match step(&view.fields, &rows, &folds, current_row, key) {
                    Some(Step::To(index)) => {
                        *take_focus.borrow_mut() = true;
                        current.set(index);
                        point.emit(index);
                    }
                    Some(Step::Unfold) => set_fold.emit((current_row, true)),
                    Some(Step::Fold) => set_fold.emit((current_row, false)),
                    None => return,
                },
            }
            event.prevent_default();
        })
    };
    let all_open = rows.len() == fields.len();
    let unfold = {
        let folds = folds.clone();
        on(move |_: Event| {
            let changed = if all_open { Folds::default() } else { Folds::all_open() };
            folds.set(Rc::new(changed));
        })
    };

    let place =
        |row: Option<usize>| row.and_then(|row| rows.iter().position(|index| *index == row));
    let filled =
        Filled::new(rows.len(), in_sight, &[place(selected_row), place(Some(current_row))]);
    let chunks = times(filled.chunks(), &|chunk| {
        let within = rows.get(rows_of(chunk, rows.len())).filter(|_| filled.contains(chunk));
        let drawn = each(within.unwrap_or_default(), |_, index| {
            let index = *index;
            let props = TreeRowProps {
                view: view.clone(),
                index,
                open: fields.get(index).is_some_and(|row| is_open(row, &folds)),
                selected: selected_row == Some(index),
                pointed: pointed_row == Some(index),
                focusable: current_row == index,
            };
            hosted::<TreeRow>(index, props)
        });
        draw!(
            "<div key={} class='field-tree__chunk {}' role=rowgroup>{}</div>",
            chunk,
            (chunk + 1 == filled.chunks()).then_some("is-last"),
            drawn,
        )
    });
    draw!(
        "<section class=bench__fields aria-labelledby=fields-h>\
           <div class=section__head>\
             <h2 id=fields-h>Fields</h2><span class=spacer/>\
             <span class=small>\
               <button class='button button--bare' type=button onclick={}>{}</button>\
             </span>\
           </div>\
           <div class='field-tree {}' role=treegrid aria-label='Fields of the message' ref={} onmouseover={} \
             onmouseleave={} onfocusin={} onfocusout={} onclick={} onkeydown={} onscroll={}>\
             <div key=head role=rowgroup>\
               <div class='field-tree__row field-tree__row--head plate' role=row>\
                 <span role=columnheader>Field</span>\
                 <span role=columnheader>Value</span>\
                 <span role=columnheader class='field-tree__at plate'>Bytes</span>\
               </div>\
             </div>{}\
           </div>\
         </section>",
        unfold,
        if all_open { "Fold again" } else { "Unfold all" },
        in_sight.map(|_| "is-boxed"),
        node,
        onmouseover,
        Action::Point(None),
        onfocusin,
        Action::Point(None),
        onclick,
        onkeydown,
        onscroll,
        chunks,
    )
}

/// Props of [`TreeRow`].
#[derive(PartialEq, Properties)]
struct TreeRowProps {
    view: Shared,
    index: usize,
    open: bool,
    selected: bool,
    pointed: bool,
    focusable: bool,
}

/// One field.
#[component]
fn TreeRow(props: &TreeRowProps) -> Html {
    let Some(row) = props.view.fields.get(props.index) else {
        return draw!("<div role=row></div>");
    };
    let caret = || {
        draw!(
            "<svg viewBox='0 0 8 8' aria-hidden=true focusable=false><path d='M2 0l5 4-5 4z'/></svg>"
        )
    };
    draw!(
        "<div class='field-tree__row {} {} {} {} {} {} {} {}' role=row id={} aria-level={} aria-expanded={} \
           aria-selected={} tabindex={} data-row={} data-span={}>\
           <span class=field-tree__name role=gridcell>\
             {}<span class=field-tree__caret>{}</span><span class=field-tree__label title={}>{}</span>\
           </span>{}<span class=field-tree__at role=gridcell>{}</span>\
         </div>",
        (row.has_children && row.open).then_some("field-tree__row--part"),
        row.mark.map(mark_class),
        row.is_gap.then_some("is-loose"),
        matches!(row.finding, Some(Severity::Error | Severity::Warning)).then_some("is-broken"),
        row.changed.then_some("is-changed"),
        props.pointed.then_some("is-linked"),
        props.selected.then_some("is-selected"),
        row.value.is_empty().then_some("field-tree__row--bare"),
        row_id(props.index),
        row.depth + 1,
        row.has_children.then_some(props.open),
        props.selected,
        if props.focusable { "0" } else { "-1" },
        props.index,
        span_attribute(row.span),
        times(row.depth, &|_| draw!("<span class=field-tree__indent></span>")),
        row.has_children.then(caret),
        row.name.clone(),
        row.name.clone(),
        value(row),
        range(row.span),
    )
}

fn value(row: &FieldRow) -> Html {
    let text = cut(&row.value, VALUE.0);
    let text = match row.mark {
        _ if !row.is_data => draw!("{}", text),
        Some(mark) if !row.value.is_empty() => {
            draw!("<span class='mark {}'>{}</span>", mark_class(mark), data_text(&text))
        }
        _ => data_text(&text),
    };
    draw!(
        "<span class='field-tree__value {}' role=gridcell title={}>{}</span>",
        (!row.is_data).then_some("field-tree__value--said"),
        cut(&row.value, VALUE.1),
        text,
    )
}

fn row_id(index: usize) -> String {
    format!("field-{index}")
}

#[cfg(all(test, feature = "ssr-tests"))]
mod tests {
    use yew::ServerRenderer;

    use super::*;
    use crate::components::fixture;

    async fn rendered(selected: Option<Span>) -> String {
        let props = move || FieldTreeProps {
            view: fixture::story(),
            selected,
            pointed: None,
            on_look: Callback::noop(),
        };
        ServerRenderer::<FieldTree>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn there_is_a_row_for_every_field_that_is_not_folded_away() {
        let html = rendered(None).await;
        let view = fixture::story();
        let rows = shown(&view.fields, &Folds::default()).len();
        assert_eq!(html.matches("data-row=").count(), rows, "{html}");
        assert_eq!(html.matches("tabindex=\"0\"").count(), 1, "{html}");
        assert!(html.contains("mark is-target-name"), "{html}");
        assert!(html.contains("mark is-mic"), "{html}");
        assert!(html.contains("312–345"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn one_row_is_selected() {
        let html = rendered(Some(Span::new(72, 88))).await;
        assert_eq!(html.matches("aria-selected=\"true\"").count(), 1, "{html}");
        assert_eq!(html.matches("is-selected").count(), 1, "{html}");
    }
}
