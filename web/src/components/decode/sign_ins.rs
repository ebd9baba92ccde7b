//! Several sign-ins as a table: one stop of the Tab key; arrows go from row to row and show each.

use std::sync::Arc;

use spnscope_page::view::{Column, Order, SignInRow, SignInTable};
use spnscope_page::workbench::SelectAction;
use yew::prelude::*;

use super::chunks::{FilledChunks, rows_of, use_rows_in_sight};
use crate::{
    components::common::{
        data_text::{account_text, cut, data_text},
        each::each,
        icon::{gate, outcome_class},
    },
    dom::{
        events::{choice, index_under, input_text, is_command},
        focus,
    },
    store::use_act,
};

/// The largest number of rows that are drawn whether in sight or not.
const MAX_WHOLE_ROWS: usize = 32;

/// The lengths of the longest texts in a cell and in its tool tip, in characters.
const MAX_TEXT_LENS: (usize, usize) = (80, 400);

/// The number of rows that the Page keys move by.
const PAGE_ROWS: usize = 8;

/// Props of [`SignIns`]. Every change makes a new table, so identity is equality.
#[derive(Clone, Properties)]
pub(crate) struct SignInsProps {
    /// The sign-ins.
    pub(crate) table: Arc<SignInTable>,
    /// The index of the chosen one.
    pub(crate) chosen: Option<usize>,
}

impl PartialEq for SignInsProps {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.table, &other.table) && self.chosen == other.chosen
    }
}

/// The summary, a filter, and the rows.
#[component]
pub(crate) fn SignIns(props: &SignInsProps) -> Html {
    let act = use_act();
    let SignInsProps { table, chosen } = props;
    let node = use_node_ref();
    let filter = use_state_eq(String::default);
    let order = use_state_eq(Order::default);
    let active = use_state_eq(Option::<usize>::default);
    let take_focus = use_mut_ref(bool::default);
    let by_table = ByTable(Arc::clone(table));
    let rows = use_memo((by_table, (*filter).clone(), *order), |(table, filter, order)| {
        table.0.shown(filter, *order)
    });
    let (in_sight, onscroll) = use_rows_in_sight(node.clone(), rows.len(), MAX_WHOLE_ROWS);
    let place = |row: Option<usize>| row.and_then(|row| rows.iter().position(|one| *one == row));
    // The keyboard's position; else the chosen row, else the first.
    let current = place(*active).or_else(|| place(*chosen)).unwrap_or_default();
    {
        let (node, rows) = (node.clone(), rows.clone());
        use_effect_with((*chosen, *order), move |(chosen, _)| {
            let at = chosen.and_then(|row| rows.iter().position(|one| *one == row));
            if let Some(at) = at {
                focus::show_row(node.cast(), at, rows.len(), false);
            }
        });
    }
    {
        // Once the row is there: its chunk may have been filled just now.
        let (take_focus, row) = (take_focus.clone(), rows.get(current).copied());
        use_effect(move || {
            if let Some(row) = row.filter(|_| take_focus.replace(false)) {
                focus::focus_and_show(&row_id(row));
            }
        });
    }
    let choose = {
        let (act, table, active) = (act, table.clone(), active.setter());
        Callback::from(move |row: usize| {
            active.set(Some(row));
            if let Some(token) = table.rows.get(row).and_then(|row| row.token) {
                act.emit(SelectAction::Message(token));
            }
        })
    };
    let onclick = {
        let choose = choose.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(row) = index_under(&event, "data-row") {
                choose.emit(row);
            }
        })
    };
    let onkeydown = {
        let (rows, node) = (rows.clone(), node.clone());
        Callback::from(move |event: KeyboardEvent| {
            if is_command(&event) {
                return;
            }
            let last = rows.len().saturating_sub(1);
            let next = match event.key().as_str() {
                "ArrowDown" => (current + 1).min(last),
                "ArrowUp" => current.saturating_sub(1),
                "PageDown" => (current + PAGE_ROWS).min(last),
                "PageUp" => current.saturating_sub(PAGE_ROWS),
                "Home" => 0,
                "End" => last,
                "Enter" | " " => {
                    event.prevent_default();
                    if let Some(row) = rows.get(current) {
                        choose.emit(*row);
                    }
                    focus::focus_and_show("answer-headline");
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            if let Some(row) = rows.get(next) {
                focus::show_row(node.cast(), next, rows.len(), false);
                *take_focus.borrow_mut() = true;
                choose.emit(*row);
            }
        })
    };
    let oninput = {
        let filter = filter.setter();
        Callback::from(move |event: InputEvent| {
            if let Some(text) = input_text(&event) {
                filter.set(text);
            }
        })
    };
    let filled = FilledChunks::new(rows.len(), in_sight, &[Some(current)]);
    let has_times = table.rows.iter().any(|row| !row.time.is_empty());
    let chunk_at = |chunk: usize| {
        let within = rows.get(rows_of(chunk, rows.len())).filter(|_| filled.contains(chunk));
        let within = within.unwrap_or_default().iter().enumerate();
        let drawn = within.filter_map(|(at, index)| {
            let at = chunk * super::chunks::CHUNK_ROWS + at;
            let state = RowState {
                index: *index,
                position: at + 2,
                is_chosen: *chosen == Some(*index),
                is_current: at == current,
            };
            Some(row(table.rows.get(*index)?, state))
        });
        let is_last = chunk + 1 == filled.chunks();
        html! {
            <div
                key={chunk}
                class={classes!("sign-ins__chunk", is_last.then_some("is-last"))}
                role="rowgroup"
            >
                { for drawn }
            </div>
        }
    };
    let heads = Column::ALL.map(|column| head(column, *order, &order.setter()));
    let count = match (rows.len(), table.rows.len()) {
        (shown, all) if shown == all => format!("{all} sign-ins"),
        (shown, all) => format!("{shown} of {all} sign-ins"),
    };
    html! {
        <section key="sign-ins" class="sign-ins" aria-labelledby="sign-ins-h">
            <h2 class="visually-hidden" id="sign-ins-h">{ "Sign-ins" }</h2>
            <p class="sign-ins__sentence">{ data_text(&table.sentence) }</p>
            { table.passed_on.as_ref().map(|words| html! { <p class="note">{ words.clone() }</p> }) }
            <p class="sign-ins__filter">
                <label class="visually-hidden" for="sign-ins-filter">{ "Filter" }</label>
                <input
                    class="input"
                    id="sign-ins-filter"
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder="Filter: user, name, denied, NTLMv1 …"
                    value={(*filter).clone()}
                    {oninput}
               />
                { sort_by(*order, &order.setter()) }
                <span class="small quiet" role="status">{ count }</span>
            </p>
            <div
                class={classes!("sign-ins__table", (!has_times).then_some("sign-ins__table--timeless"))}
                role="grid"
                aria-label="Sign-ins"
                aria-rowcount={(rows.len() + 1).to_string()}
                ref={node}
                {onclick}
                {onkeydown}
                {onscroll}
            >
                <div key="head" class="sign-ins__head" role="rowgroup">
                    <div class="sign-ins__row sign-ins__row--head" role="row" aria-rowindex="1">
                        { for heads }
                    </div>
                </div>
                { for (0..filled.chunks()).map(chunk_at) }
            </div>
        </section>
    }
}

/// A table that is compared by identity: every change makes a new one.
struct ByTable(Arc<SignInTable>);

impl PartialEq for ByTable {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// The state of a row among the others.
#[derive(Clone, Copy)]
struct RowState {
    index: usize,
    /// The number of the row, counted from 1 with the head.
    position: usize,
    is_chosen: bool,
    is_current: bool,
}

/// The class of a column.
const fn class_of(column: Column) -> &'static str {
    match column {
        Column::Time => "sign-ins__time",
        Column::User => "sign-ins__user",
        Column::AskedFor => "sign-ins__name",
        Column::Response => "sign-ins__response",
        Column::Mic => "sign-ins__mic",
        Column::Answers => "sign-ins__answers",
        Column::Captured => "sign-ins__captured",
    }
}

/// The label of a column where it can be sorted by.
const fn label(column: Column) -> &'static str {
    match column {
        Column::Answers => "Levels 0, 1, 2",
        _ => column.label(),
    }
}

fn head(column: Column, order: Order, set: &UseStateSetter<Order>) -> Html {
    let sort = match (order.column == column, order.is_reversed) {
        (false, _) => "none",
        (true, false) => "ascending",
        (true, true) => "descending",
    };
    let set = set.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        event.stop_propagation();
        set.set(order.by(column));
    });
    html! {
        <span class={class_of(column)} role="columnheader" aria-sort={sort} key={column.label()}>
            <button class="sign-ins__sort" type="button" {onclick}>
                <span class="visually-hidden">{ "Sort by " }</span>
                { label(column) }
            </button>
        </span>
    }
}

/// Draws the choice of order for the cards of a telephone, which have no column heads.
fn sort_by(order: Order, set: &UseStateSetter<Order>) -> Html {
    let set = set.clone();
    let onchange = Callback::from(move |event: Event| {
        if let Some(column) = choice(&event).and_then(|at| Column::ALL.get(at)) {
            set.set(Order { column: *column, is_reversed: false });
        }
    });
    let options = each(&Column::ALL, |at, column| {
        let is_chosen = order.column == *column;
        html! {
            <option value={at.to_string()} selected={is_chosen}>{ label(*column) }</option>
        }
    });
    html! {
        <label class="sign-ins__sort-by">
            { "Sort by " }
            <select class="input" {onchange}>{ options }</select>
        </label>
    }
}

fn row(row: &SignInRow, state: RowState) -> Html {
    let RowState { index, position, is_chosen, is_current } = state;
    let cell = |column: Column, text: &str| {
        html! {
            <span class={class_of(column)} role="gridcell" title={cut(text, MAX_TEXT_LENS.1)}>
                { data_text(&cut(text, MAX_TEXT_LENS.0)) }
            </span>
        }
    };
    let answers = row.answers.map_or_else(Vec::new, |answers| {
        each(&answers, |_, (outcome, depends)| {
            let class = if *depends { "is-warn" } else { outcome_class(*outcome) };
            html! { <span class={classes!(class)}>{ gate(*outcome, *depends) }</span> }
        })
    });
    let elsewhere = row.elsewhere.map(|server| format!("to {server}; relayed to a file server: "));
    let class = match row.is_accepted {
        Some(true) => "is-accept",
        Some(false) => "is-deny",
        None => "",
    };
    let passed_on = row.passed_on.map(|how| {
        html! { <b class="sign-ins__passed">{ " " }{ how.label() }</b> }
    });
    let name_class = if row.is_name { "mono" } else { "quiet" };
    html! {
        <div
            key={index}
            id={row_id(index)}
            class={classes!("sign-ins__row", is_chosen.then_some("is-selected"))}
            role="row"
            aria-rowindex={position.to_string()}
            aria-selected={is_chosen.to_string()}
            tabindex={if is_current { "0" } else { "-1" }}
            data-row={index.to_string()}
        >
            { cell(Column::Time, &row.time) }
            <span class={class_of(Column::User)} role="gridcell" title={cut(&row.user, MAX_TEXT_LENS.1)}>
                { account_text(&shorten(&row.user)) }
            </span>
            <span class={class_of(Column::AskedFor)} role="gridcell" title={cut(&row.asked_for, MAX_TEXT_LENS.1)}>
                <span class={classes!(name_class)}>{ data_text(&cut(&row.asked_for, MAX_TEXT_LENS.0)) }</span>
            </span>
            { cell(Column::Response, row.response) }
            { cell(Column::Mic, row.mic) }
            <span
                class={classes!(class_of(Column::Answers), row.elsewhere.map(|_| "is-elsewhere"))}
                role="gridcell"
            >
                { answers }
                <span class="visually-hidden">{ elsewhere }{ row.answer_words() }</span>
            </span>
            <span class={class_of(Column::Captured)} role="gridcell" title={cut(&row.captured, MAX_TEXT_LENS.1)}>
                <span class={classes!(class)}>{ data_text(&row.captured) }</span>
                { passed_on }
            </span>
        </div>
    }
}

/// Cuts a text to the length of a cell, with its characters as they are.
fn shorten(text: &str) -> String {
    match text.char_indices().nth(MAX_TEXT_LENS.0) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The id of a row.
fn row_id(index: usize) -> String {
    format!("sign-in-{index}")
}

/// Draws the way back from an answer to its row.
pub(super) fn back(chosen: Option<usize>) -> Html {
    let onclick = Callback::from(move |_: MouseEvent| match chosen {
        Some(row) => focus::focus_and_show(&row_id(row)),
        None => focus::focus_and_show("sign-ins-filter"),
    });
    html! {
        <p key="back" class="sign-ins__back">
            <button class="link small" type="button" {onclick}>{ "Back to the list of sign-ins" }</button>
        </p>
    }
}

#[cfg(test)]
mod tests {
    use spnscope_page::workbench::{PasteAction, Workbench};
    use yew::ServerRenderer;

    use super::*;
    use crate::components::fixture::Part;

    async fn rendered(input: fn() -> Vec<u8>) -> Part {
        let props = move || {
            let workbench = Workbench::default().apply(PasteAction::Put(input().into()));
            let (table, chosen) = workbench.sign_ins().expect("there are several");
            SignInsProps { table: Arc::clone(table), chosen }
        };
        Part::parse(&ServerRenderer::<SignIns>::with_props(props).hydratable(false).render().await)
    }

    /// The rows of the table without its head.
    fn rows(page: Part) -> Vec<Part> {
        let rows = page.by_role("grid", "Sign-ins").elements("row").into_iter();
        rows.filter(|row| row.elements("columnheader").is_empty()).collect()
    }

    #[tokio::test(flavor = "current_thread")]
    async fn each_sign_in_is_a_row_with_three_answers_and_one_is_the_stop_of_the_tab_key() {
        let page = rendered(|| {
            include_bytes!("../../../../tests/fixtures/captures/smb3-smbprotocol-two-users.pcapng")
                .to_vec()
        })
        .await;
        let rows = rows(page);
        assert_eq!(rows.len(), 2, "{page:?}");
        let [stop] = page.with_attribute("tabindex", "0")[..] else {
            panic!("not one stop: {page:?}")
        };
        let [selected] = page.with_attribute("aria-selected", "true")[..] else {
            panic!("not one selected: {page:?}")
        };
        assert!(rows.contains(&stop) && rows.contains(&selected), "{page:?}");
        for (row, user) in rows.iter().zip(["alice", "bob"]) {
            assert_eq!(row.saying("gridcell", user).len(), 1, "{user}: {row:?}");
            assert_eq!(row.with_class("gate").len(), 3, "{row:?}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn only_rows_near_those_in_sight_are_drawn() {
        let page = rendered(|| {
            let third = spnscope_page::view::SAMPLES[0].text.lines().last().unwrap_or_default();
            // Repeating the same message would be one sign-in. These characters stand for bytes of
            // the MIC.
            let rows =
                (0..200).map(|number| format!("{}{number:04}{}\n", &third[..100], &third[104..]));
            rows.collect::<String>().into_bytes()
        })
        .await;
        assert_eq!(page.saying("status", "200 sign-ins").len(), 1, "{page:?}");
        let drawn = rows(page).len();
        assert!((1..150).contains(&drawn), "{drawn}");
    }
}
