//! One live piece: its choices and text fields, and its answer.

use spnscope_page::view::learn::{
    AnswerPart, Choice, Lesson, LessonInput, LevelAnswer, ListEntry, MAX_TYPED_LEN, StripRow,
    TextField,
};
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
    let input = use_state_eq(move || lesson.initial());
    let view = lesson.view(&input);
    let piece = PieceInput { code: lesson.as_str(), input };
    html! {
        <section class="widget" aria-labelledby={format!("try-{}", piece.code)}>
            <h3 class="widget__title" id={format!("try-{}", piece.code)}>
                { "Try it: " }
                { view.title }
            </h3>
            <div class="widget__body">
                { for view.choices.iter().enumerate().map(|(ask, one)| piece.choice(ask, one)) }
                { for view.fields.iter().enumerate().map(|(ask, one)| piece.text_field(ask, one)) }
                for (index, part) in view.parts.iter().enumerate() {
                    <div key={index}>{ answer_part(part) }</div>
                }
            </div>
        </section>
    }
}

/// The input of a piece, as it is chosen and typed.
struct PieceInput {
    code: &'static str,
    input: UseStateHandle<LessonInput>,
}

impl PieceInput {
    fn choice(&self, ask: usize, choice: &Choice) -> Html {
        let options = choice.options.iter().enumerate().map(|(index, label)| {
            let input = self.input.clone();
            html! {
                <label key={index}>
                    <input
                        type="radio"
                        name={format!("{}-{ask}", self.code)}
                        checked={choice.chosen == index}
                        onchange={move |_: Event| input.set(input.with_choice(ask, index))}
                    />
                    { *label }
                </label>
            }
        });
        html! {
            <fieldset key={format!("choice {}", choice.label)} class="widget__ask">
                <legend class="panel__label">{ choice.label }</legend>
                <div class="choice">{ for options }</div>
            </fieldset>
        }
    }

    fn text_field(&self, ask: usize, field: &TextField) -> Html {
        let id = format!("{}-{ask}", self.code);
        let oninput = {
            let input = self.input.clone();
            move |event: InputEvent| {
                let typed: HtmlInputElement = event.target_unchecked_into();
                input.set(input.with_text(ask, &typed.value()));
            }
        };
        let tries = field.tries.iter().copied().map(|text| {
            let input = self.input.clone();
            html! {
                <button
                    key={text}
                    class="button button--bare mono"
                    type="button"
                    onclick={move |_: MouseEvent| input.set(input.with_text(ask, text))}
                >
                    { text }
                </button>
            }
        });
        html! {
            <div key={format!("field {}", field.label)} class="widget__ask">
                <label class="panel__label" for={id.clone()}>{ field.label }</label>
                <span class="widget__typed">
                    <span class="mono" aria-hidden="true">{ field.before }</span>
                    <input
                        class="input mono"
                        {id}
                        value={field.value.clone()}
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
fn answer_part(part: &AnswerPart) -> Html {
    match part {
        AnswerPart::Fact { name, value, is_target_name } => {
            let class = is_target_name.then_some("mark is-target-name ink-target");
            row(name, html! { <span {class}>{ data_text(value) }</span> })
        }
        AnswerPart::List { name, entries } if entries.is_empty() => {
            row(name, html! { <span class="token token--none">{ "none" }</span> })
        }
        AnswerPart::List { name, entries } => row(
            name,
            html! {
                for (index, ListEntry { text, is_match }) in entries.iter().enumerate() {
                    <span key={index} class={classes!("token", is_match.then_some("is-match"))}>
                        { data_text(text) }
                        if *is_match {
                            <span class="visually-hidden">{ " matches" }</span>
                        }
                    </span>
                }
            },
        ),
        AnswerPart::Strip(rows) => html! {
            <div class="strip mono" role="img" aria-label="The bytes around MsvAvTargetName">
                { for rows.iter().map(strip_row) }
            </div>
        },
        AnswerPart::Checks(rows) => {
            html! { <div class="proof"><Checks rows={rows.clone()} /></div> }
        }
        AnswerPart::Levels(answers) => html! {
            <div role="status">
                <ul class="minis">{ for answers.iter().map(level_answer) }</ul>
            </div>
        },
        AnswerPart::Verdict(verdict) => html! {
            <p
                class={classes!("verdict", if verdict.is_good { "is-accept" } else { "is-deny" })}
                role="status"
            >
                { gate(verdict.outcome, false) }
                { verdict.words }
            </p>
        },
        AnswerPart::Why { levels, sentence } => html! {
            <p class="why">
                <b>{ levels.clone() }</b>
                { " " }
                { visible(&sentence.text) }
                { " " }
                { basis_mark(sentence.basis, sentence.rule) }
                <span class="steps__source">{ sentence.source }</span>
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

fn level_answer(level: &LevelAnswer) -> Html {
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
