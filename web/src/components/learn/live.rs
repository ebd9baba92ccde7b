//! One live piece: its choices and text fields, and its answer.

use spnscope_page::view::learn::{Lesson, MAX_TYPED_LEN, Mini, Pick, Show, StripRow, Tried, Words};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::components::common::{
    basis::basis_mark,
    checks::Checks,
    data_text::{data_text, visible},
    icon::{gate, outcome_class},
};

/// Props of [`Live`].
#[derive(PartialEq, Properties)]
pub(super) struct LiveProps {
    /// The piece.
    pub(super) lesson: Lesson,
}

/// A piece with its input and its answer.
#[component]
pub(super) fn Live(props: &LiveProps) -> Html {
    let lesson = props.lesson;
    let tried = use_state_eq(move || lesson.initial());
    let view = lesson.view(&tried);
    let piece = PieceInputs { code: lesson.as_str(), tried };
    html! {
        <section class="widget" aria-labelledby={format!("try-{}", piece.code)}>
            <h3 class="widget__title" id={format!("try-{}", piece.code)}>
                { "Try it: " }
                { view.title }
            </h3>
            <div class="widget__body">
                { for view.picks.iter().enumerate().map(|(ask, pick)| piece.pick(ask, pick)) }
                { for view.words.iter().enumerate().map(|(ask, words)| piece.words(ask, words)) }
                for (index, show) in view.shows.iter().enumerate() {
                    <div key={index}>{ shown(show) }</div>
                }
            </div>
        </section>
    }
}

/// The inputs of a piece.
struct PieceInputs {
    code: &'static str,
    tried: UseStateHandle<Tried>,
}

impl PieceInputs {
    fn pick(&self, ask: usize, pick: &Pick) -> Html {
        let options = pick.options.iter().enumerate().map(|(index, label)| {
            let tried = self.tried.clone();
            html! {
                <label key={index}>
                    <input
                        type="radio"
                        name={format!("{}-{ask}", self.code)}
                        checked={pick.chosen == index}
                        onchange={move |_: Event| tried.set(tried.with_pick(ask, index))}
                    />
                    { *label }
                </label>
            }
        });
        html! {
            <fieldset key={format!("pick {}", pick.label)} class="widget__ask">
                <legend class="panel__label">{ pick.label }</legend>
                <div class="choice">{ for options }</div>
            </fieldset>
        }
    }

    fn words(&self, ask: usize, words: &Words) -> Html {
        let id = format!("{}-{ask}", self.code);
        let oninput = {
            let tried = self.tried.clone();
            move |event: InputEvent| {
                let input: HtmlInputElement = event.target_unchecked_into();
                tried.set(tried.with_text(ask, &input.value()));
            }
        };
        let tries = words.tries.iter().copied().map(|text| {
            let tried = self.tried.clone();
            html! {
                <button
                    key={text}
                    class="button button--bare mono"
                    type="button"
                    onclick={move |_: MouseEvent| tried.set(tried.with_text(ask, text))}
                >
                    { text }
                </button>
            }
        });
        html! {
            <div key={format!("words {}", words.label)} class="widget__ask">
                <label class="panel__label" for={id.clone()}>{ words.label }</label>
                <span class="widget__typed">
                    <span class="mono" aria-hidden="true">{ words.before }</span>
                    <input
                        class="input mono"
                        {id}
                        value={words.value.clone()}
                        maxlength={MAX_TYPED_LEN.to_string()}
                        {oninput}
                        spellcheck="false"
                        autocomplete="off"
                        autocapitalize="off"
                    />
                </span>
                <p class="widget__try small">
                    <span class="quiet">{ "Try" }</span>
                    { " " }
                    { for tries }
                </p>
            </div>
        }
    }
}

/// Draws one part of the answer.
fn shown(show: &Show) -> Html {
    match show {
        Show::Fact(label, value, is_target_name) => {
            let class = is_target_name.then_some("mark is-target-name ink-target");
            row(label, html! { <span {class}>{ data_text(value) }</span> })
        }
        Show::List(label, entries) if entries.is_empty() => {
            row(label, html! { <span class="token token--none">{ "none" }</span> })
        }
        Show::List(label, entries) => row(
            label,
            html! {
                for (index, (entry, hit)) in entries.iter().enumerate() {
                    <span key={index} class={classes!("token", hit.then_some("is-match"))}>
                        { data_text(entry) }
                        if *hit {
                            <span class="visually-hidden">{ " matches" }</span>
                        }
                    </span>
                }
            },
        ),
        Show::Strip(rows) => html! {
            <div class="strip mono" role="img" aria-label="The bytes around MsvAvTargetName">
                { for rows.iter().map(strip_row) }
            </div>
        },
        Show::Checks(rows) => {
            html! { <div class="proof"><Checks rows={rows.clone()} /></div> }
        }
        Show::Levels(minis) => html! {
            <div role="status">
                <ul class="minis">{ for minis.iter().map(mini) }</ul>
            </div>
        },
        Show::Verdict(verdict) => html! {
            <p
                class={classes!("verdict", if verdict.is_good { "is-accept" } else { "is-deny" })}
                role="status"
            >
                { gate(verdict.outcome, false) }
                { verdict.words }
            </p>
        },
        Show::Why(levels, told) => html! {
            <p class="why">
                <b>{ levels.clone() }</b>
                { " " }
                { visible(&told.text) }
                { " " }
                { basis_mark(told.basis, told.rule) }
                <span class="steps__source">{ told.source }</span>
            </p>
        },
    }
}

/// Draws a name and its value.
fn row(label: &'static str, value: Html) -> Html {
    html! {
        <dl class="lists"><dt>{ label }</dt><dd class="tokens">{ value }</dd></dl>
    }
}

fn strip_row(row: &StripRow) -> Html {
    html! {
        <p class="strip__row">
            <span class="quiet">{ row.offset }</span>
            <span>
                for (index, run) in row.runs.iter().enumerate() {
                    { if index > 0 { " " } else { "" } }
                    <span class={run.is_target_name.then_some("mark is-target-name ink-target")}>
                        { &run.hex }
                    </span>
                }
            </span>
            <span class="quiet">{ &row.characters }</span>
        </p>
    }
}

fn mini(level: &Mini) -> Html {
    html! {
        <li class={classes!("mini", outcome_class(level.outcome))}>
            <span class="mini__level"><b>{ level.number }</b>{ " " }{ level.name }</span>
            { " " }
            <span class="mini__verdict">{ gate(level.outcome, false) }{ level.verdict }</span>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::fixture::{self, Part};

    async fn first(lesson: fn() -> Html) -> Part {
        fixture::page(lesson).await
    }

    fn live(lesson: Lesson) -> Html {
        html! { <Live key={lesson.as_str()} {lesson} /> }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_story_says_who_does_not_get_in_and_how_sure_that_is() {
        let page = first(|| live(Lesson::Story)).await;
        let denied = page.saying("status", "Denied: the user does not get in");
        assert_eq!(denied.len(), 1, "{page:?}");
        page.by_role("link", "observed");
        assert!(page.says("Clément Notin"), "{page:?}");
        let asked = page.elements("group");
        assert!(asked.iter().all(|group| !group.name().is_empty()), "{asked:?}");
        let choices: usize = asked.iter().map(|group| group.elements("radio").len()).sum();
        assert_eq!(choices, 6, "{page:?}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_strip_marks_the_target_name() {
        let page = first(|| live(Lesson::Bytes)).await;
        let strip = page.by_role("img", "The bytes around MsvAvTargetName");
        let marked: Vec<_> = strip.with_class("ink-target").into_iter().map(Part::text).collect();
        for bytes in ["09 00 1e 00", "63 00 69 00 66 00 73 00"] {
            assert!(marked.iter().any(|run| run == bytes), "{bytes}: {strip:?}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_name_changed_on_the_way_shows_both_values() {
        let page = first(|| live(Lesson::Protection)).await;
        let [check] = page.saying("listitem", "NTProofStr")[..] else { panic!("{page:?}") };
        assert!(!check.elements("mark").is_empty(), "{check:?}");
        check.by_role("term", "received");
        check.by_role("term", "computed");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn every_piece_is_drawn() {
        let page = first(|| html! { { for Lesson::ALL.into_iter().map(live) } }).await;
        let pieces = page.elements("region");
        assert_eq!(pieces.len(), Lesson::ALL.len(), "{page:?}");
        assert!(pieces.iter().all(|piece| piece.name().starts_with("Try it: ")), "{page:?}");
        assert!(page.html().contains(">10.0.0.11</bdi>"), "{page:?}");
    }
}
