//! One live piece: what can be chosen and typed, and what follows.

use spnscope::judge::proof::SecretKind;
use spnscope_page::view::{
    ProofView,
    learn::{Lesson, MOST, Mini, Pick, Show, StripRow, Tried, Words},
};
use yew::prelude::*;

use crate::{
    components::{
        basis::basis_mark,
        data_text::data_text,
        draw::{draw, each, on},
        icon::{gate, outcome_class},
        prove::checks,
        visible,
    },
    dom::events,
    hooks::{State, use_state_eq},
};

/// Props of [`Live`].
#[derive(PartialEq, Properties)]
pub(super) struct LiveProps {
    /// Which piece.
    pub(super) lesson: Lesson,
}

/// The piece, and what is tried in it.
#[component]
pub(super) fn Live(props: &LiveProps) -> Html {
    let lesson = props.lesson;
    let tried = use_state_eq(move || lesson.first());
    let view = lesson.view(&tried);
    let piece = Piece { code: lesson.code(), tried };
    draw!(
        "<section class=widget aria-labelledby='try-{}'>\
           <h3 class=widget__title id='try-{}'>Try it: {}</h3>\
           <div class=widget__body>{}{}{}</div>\
         </section>",
        piece.code,
        piece.code,
        view.title,
        each(&view.picks, |ask, pick| piece.pick(ask, pick)),
        each(&view.words, |ask, words| piece.words(ask, words)),
        each(&view.shows, |index, show| draw!("<div key={}>{}</div>", index, shown(show))),
    )
}

/// What is asked in a piece.
struct Piece {
    code: &'static str,
    tried: State<Tried>,
}

impl Piece {
    fn pick(&self, ask: usize, pick: &Pick) -> Html {
        let options = each(pick.options, |index, label| {
            let tried = self.tried.clone();
            draw!(
                "<label key={}>\
                   <input type=radio name='{}-{}' checked={} onchange={}/>{}\
                 </label>",
                index,
                self.code,
                ask,
                pick.chosen == index,
                on(move |_: Event| tried.set(tried.picked(ask, index))),
                *label,
            )
        });
        draw!(
            "<fieldset key='pick {}' class=widget__ask>\
               <legend class=panel__label>{}</legend><div class=choice>{}</div>\
             </fieldset>",
            pick.label,
            pick.label,
            options,
        )
    }

    fn words(&self, ask: usize, words: &Words) -> Html {
        let id = format!("{}-{ask}", self.code);
        let typed = {
            let tried = self.tried.clone();
            on(move |event: Event| {
                if let Some(text) = events::input_text(&event) {
                    tried.set(tried.typed(ask, &text));
                }
            })
        };
        let tries = each(words.tries, |_, text| {
            let (tried, text) = (self.tried.clone(), *text);
            draw!(
                "<button key={} class='button button--bare mono' type=button onclick={}>{}</button>",
                text,
                on(move |_: Event| tried.set(tried.typed(ask, text))),
                text,
            )
        });
        draw!(
            "<div key='words {}' class=widget__ask>\
               <label class=panel__label for={}>{}</label>\
               <span class=widget__typed>\
                 <span class=mono aria-hidden=true>{}</span>\
                 <input class='input mono' id={} value={} maxlength={} oninput={} \
                   spellcheck=false autocomplete=off autocapitalize=off/>\
               </span>\
               <p class='widget__try small'><span class=quiet>Try</span> {}</p>\
             </div>",
            words.label,
            id.clone(),
            words.label,
            words.before,
            id,
            words.value.clone(),
            MOST,
            typed,
            tries,
        )
    }
}

/// One part of the answer.
fn shown(show: &Show) -> Html {
    match show {
        Show::Fact(label, value, is_target_name) => {
            let class = if *is_target_name { "mark is-target-name ink-target" } else { "" };
            let value = draw!("<span class={}>{}</span>", class, data_text(value));
            row(label, vec![value])
        }
        Show::List(label, entries) if entries.is_empty() => {
            row(label, vec![draw!("<span class='token token--none'>none</span>")])
        }
        Show::List(label, entries) => row(
            label,
            each(entries, |index, (entry, hit)| {
                draw!(
                    "<span key={} class='token {}'>{}{}</span>",
                    index,
                    hit.then_some("is-match"),
                    data_text(entry),
                    hit.then(|| draw!("<span class=visually-hidden> matches</span>")),
                )
            }),
        ),
        Show::Strip(rows) => draw!(
            "<div class='strip mono' role=img aria-label='The bytes around MsvAvTargetName'>{}</div>",
            each(rows, |_, row| strip_row(row)),
        ),
        Show::Checks(rows) => {
            let proof = ProofView {
                who: String::new(),
                given: true,
                secret: SecretKind::Password,
                checks: rows.clone(),
                fitted: None,
                keys: Vec::new(),
            };
            draw!("<div class=proof>{}</div>", checks(&proof))
        }
        Show::Levels(minis) => draw!(
            "<div role=status><ul class=minis>{}</ul></div>",
            each(minis, |_, level| mini(level)),
        ),
        Show::Verdict(verdict) => draw!(
            "<p class='verdict {}' role=status>{}{}</p>",
            if verdict.is_good { "is-accept" } else { "is-deny" },
            gate(verdict.outcome, false),
            verdict.words,
        ),
        Show::Why(levels, told) => draw!(
            "<p class=why><b>{}</b> {} {}<span class=steps__source>{}</span></p>",
            levels.clone(),
            visible(&told.text),
            basis_mark(told.basis, told.rule),
            told.source,
        ),
    }
}

/// A name and what stands for it.
fn row(label: &'static str, value: Vec<Html>) -> Html {
    draw!("<dl class=lists><dt>{}</dt><dd class=tokens>{}</dd></dl>", label, value)
}

fn strip_row(row: &StripRow) -> Html {
    let runs = each(&row.runs, |index, run| {
        let class = if run.is_target_name { "mark is-target-name ink-target" } else { "" };
        draw!(
            "{}<span class={}>{}</span>",
            if index > 0 { " " } else { "" },
            class,
            run.hex.clone()
        )
    });
    draw!(
        "<p class=strip__row><span class=quiet>{}</span><span>{}</span><span class=quiet>{}</span></p>",
        row.offset,
        runs,
        row.characters.clone(),
    )
}

fn mini(level: &Mini) -> Html {
    draw!(
        "<li class='mini {}'>\
           <span class=mini__level><b>{}</b> {}</span> <span class=mini__verdict>{}{}</span>\
         </li>",
        outcome_class(level.outcome),
        level.number,
        level.name,
        gate(level.outcome, false),
        level.verdict,
    )
}

#[cfg(all(test, feature = "ssr-tests"))]
mod tests {
    use super::*;
    use crate::components::{fixture, hosted};

    async fn first(lesson: fn() -> Html) -> String {
        fixture::drawn(lesson).await
    }

    fn live(lesson: Lesson) -> Html {
        hosted::<Live>(lesson.code(), LiveProps { lesson })
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_story_says_who_is_locked_out_and_how_sure_that_is() {
        let html = first(|| live(Lesson::Story)).await;
        assert!(html.contains("Denied: the user does not get in"), "{html}");
        assert!(html.contains("observed") && html.contains("Clément Notin"), "{html}");
        assert_eq!(html.matches("type=\"radio\"").count(), 6, "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_strip_marks_the_target_name() {
        let html = first(|| live(Lesson::Bytes)).await;
        assert!(html.contains("ink-target\">09 00 1e 00</span>"), "{html}");
        assert!(html.contains("ink-target\">63 00 69 00 66 00 73 00</span>"), "{html}");
        assert!(html.contains("role=\"img\""), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_name_changed_on_the_way_shows_both_values() {
        let html = first(|| live(Lesson::Protection)).await;
        assert!(html.contains("NTProofStr") && html.contains("<mark>"), "{html}");
        assert!(html.contains(">received<") && html.contains(">computed<"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn every_piece_is_drawn() {
        let html = first(|| draw!("{}", each(&Lesson::ALL, |_, lesson| live(*lesson)))).await;
        assert_eq!(html.matches("<section").count(), Lesson::ALL.len(), "{html}");
        assert!(html.contains(">10.0.0.11</bdi>"), "{html}");
    }
}
