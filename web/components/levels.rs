//! What the server would do, at each level.

use spnscope::{policy::Outcome, view::LevelCard};
use yew::prelude::*;

use super::{
    basis::basis_mark,
    data_text::data_text,
    icon::gate,
    leaf::{element, paragraph, span, text},
    visible,
};

/// Three cards in one frame, always together; or what it takes to get them.
pub(super) fn levels(levels: Option<&[LevelCard; 3]>) -> Html {
    let cards = match levels {
        Some(levels) => html! { <div class="levels">{ for levels.iter().map(card) }</div> },
        None => html! {
            <p class="levels levels--none">
                { "The server decides on the AUTHENTICATE message. Paste it, alone or with the others, to see what happens at levels 0, 1 and 2." }
            </p>
        },
    };
    html! {
        <section key="levels" class="bench__answer" aria-labelledby="levels-h">
            <h2 class="visually-hidden" id="levels-h">{ "What the server would do" }</h2>
            { cards }
        </section>
    }
}

fn card(card: &LevelCard) -> Html {
    let class = match card.outcome {
        Outcome::Accept => "level--accept",
        Outcome::Deny if card.depends => "level--open",
        Outcome::Deny => "level--deny",
        Outcome::LogonFailure => "level--early",
    };
    html! {
        <article key={card.number} class={classes!("level", class)} aria-label={format!("Level {}", card.number)}>
            <p class="level__top">
                <span>{ element("b", "", text(format!("Level {}", card.number))) }{ " " }{ card.name }</span>
                { span("level__status", text(if card.depends { "" } else { card.status })) }
            </p>
            <p class="level__verdict">{ gate(card.outcome, card.depends) }<span>{ card.verdict }</span></p>
            { paragraph("level__why", text(visible(&card.why))) }
            <div class="level__foot">
                { basis_mark(card.basis) }
                <details class="level__more">
                    { element("summary", "", text("Steps and events")) }
                    { more(card) }
                </details>
            </div>
        </article>
    }
}

fn more(card: &LevelCard) -> Html {
    let notes = card.notes.iter().enumerate().map(|(index, (note, basis))| {
        html! { <p key={index}>{ visible(note) }{ " " }{ basis_mark(*basis) }</p> }
    });
    html! {
        <div class="level__details">
            <p>{ "Status " }{ element("code", "", text(card.status)) }{ " " }{ &card.status_code }</p>
            { element("p", "", text(format!("Events, in order: {}", card.events))) }
            if let Some(matched) = &card.matched {
                <p>{ "It matches " }{ element("code", "", data_text(matched)) }{ "." }</p>
            } else if !card.tried.is_empty() {
                <p>{ "Compared, and not equal to any of: " }{ for names(&card.tried) }</p>
            }
            <div class="level__notes">{ for notes }</div>
            { element("p", "", text(format!("Source: {}.", card.source))) }
            <p><a href={format!("#steps-{}", card.number)}>{ "All steps, level by level" }</a></p>
        </div>
    }
}

fn names(names: &[String]) -> impl Iterator<Item = Html> {
    names.iter().enumerate().map(|(index, name)| {
        let end = if index + 1 == names.len() { "." } else { ", " };
        html! { <span key={index}>{ element("code", "", data_text(name)) }{ end }</span> }
    })
}

#[cfg(all(test, feature = "ssr-tests"))]
mod tests {
    use super::*;
    use crate::components::fixture;

    #[tokio::test(flavor = "current_thread")]
    async fn the_story_is_accepted_once_and_denied_twice() {
        let html = fixture::drawn(|| levels(fixture::story().levels.as_ref())).await;
        assert_eq!(html.matches("<article").count(), 3, "{html}");
        assert_eq!(html.matches("level--accept").count(), 1, "{html}");
        assert_eq!(html.matches("level--deny").count(), 2, "{html}");
        assert_eq!(html.matches(">Denied<").count(), 2, "{html}");
        assert!(
            html.contains("4624 (Security), 5168 (Security), 551 (SMBServer/Security)"),
            "{html}"
        );
    }

    #[tokio::test(flavor = "current_thread")]
    async fn what_hangs_on_the_addresses_says_so() {
        let html = fixture::drawn(|| levels(fixture::third_message_only().levels.as_ref())).await;
        assert_eq!(html.matches("level--open").count(), 2, "{html}");
        assert_eq!(html.matches("Depends on the server's addresses").count(), 2, "{html}");
        assert!(html.contains("assumed"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn without_a_third_message_there_are_no_cards() {
        let html = fixture::drawn(|| levels(None)).await;
        assert_eq!(html.matches("<article").count(), 0, "{html}");
        assert!(html.contains("AUTHENTICATE"), "{html}");
    }
}
