//! What the server would do, at each level.

use spnscope::judge::{
    events::{Event, NotWritten},
    smb::Outcome,
};
use spnscope_page::view::LevelCard;
use yew::prelude::*;

use crate::components::common::{
    basis::basis_mark,
    command::{commands, copied},
    data_text::{data_text, visible},
    each::each,
    icon::gate,
};

/// Where a denied level leads on the page.
#[derive(Clone, Copy, Debug)]
pub(super) enum Further {
    /// To the ways out.
    Ways,
    /// To what a relay to a file server would meet.
    Relayed,
}

/// Three cards in one frame, always together, where `whole` with what is folded in them; or what it
/// takes to get them.
pub(super) fn levels(levels: Option<&[LevelCard; 3]>, whole: bool, further: Further) -> Html {
    let cards = if let Some(levels) = levels {
        html! {
            <div class="levels">{ each(levels, |_, level| card(level, whole, further)) }</div>
        }
    } else {
        html! {
            <p class="levels levels--none">
                { "The server decides on the AUTHENTICATE message. Paste it, alone or with the others, to see what happens at levels 0, 1 and 2." }
            </p>
        }
    };
    html! {
        <section key="levels" class="bench__answer" aria-labelledby="levels-h">
            <h2 class="visually-hidden" id="levels-h">{ "What the server would do" }</h2>
            { cards }
        </section>
    }
}

fn card(card: &LevelCard, whole: bool, further: Further) -> Html {
    let (place, words) = match further {
        Further::Ways => ("#ways", "How to fix it"),
        Further::Relayed => ("#relayed", "What a relay would meet"),
    };
    let class = match card.outcome {
        Outcome::Accept => "level--accept",
        Outcome::Deny if card.depends => "level--open",
        Outcome::Deny => "level--deny",
        Outcome::LogonFailure => "level--early",
        Outcome::Unknown => "level--unknown",
    };
    let level = card.number;
    html! {
        <article
            key={level}
            class={classes!("level", class)}
            aria-label={format!("Level {level}")}
        >
            <p class="level__top">
                <span><b>{ "Level " }{ level }</b>{ " " }{ card.name }</span>
                <span class="level__status">
                    { if card.depends { "" } else { card.status } }
                </span>
            </p>
            <p class="level__verdict">
                { gate(card.outcome, card.depends) }
                <span>{ card.verdict }</span>
            </p>
            <p class="level__why">{ visible(&card.why) }</p>
            <div class="level__foot">
                { (card.outcome == Outcome::Deny).then(|| html! { <a href={place}>{ words }</a> }) }
                { basis_mark(card.basis, card.rule.map_or("", |rule| rule.code)) }
                <details class="level__more">
                    <summary>{ "Steps and events" }</summary>
                    { whole.then(|| more(card)) }
                </details>
            </div>
        </article>
    }
}

fn more(card: &LevelCard) -> Html {
    let compared = match &card.matched {
        Some(matched) => Some(html! {
            <p>{ "It matches " }<code>{ data_text(matched) }</code>{ "." }</p>
        }),
        None if card.tried.is_empty() => None,
        None => Some(html! {
            <p>{ "Matches none of: " }{ names(&card.tried) }</p>
        }),
    };
    html! {
            <div class="level__details">
                { (card.outcome != Outcome::Unknown).then(|| html! {
        <p>{ "Status " }<code>{ card.status }</code>{ " " }{ card.status_code.clone() }</p>
    }) }
                { compared }
                <div class="level__notes">
                    { each(&card.notes, |index, (note, basis, rule)| {
                html! {
                    <p key={index}>{ visible(note) }{ " " }{ basis_mark(*basis, rule.code) }</p>
                }
            }) }
                </div>
                <p>{ "Source: " }{ card.rule.map(|rule| rule.source) }{ "." }</p>
                <div class="events">
                    <p>
                        { match card.outcome {
                Outcome::Unknown => "Which events are written is not known.",
                _ if card.events.is_empty() => "No event is written.",
                _ => "Events, in order:",
            } }
                    </p>
                    { each(&card.events, |_, (name, event)| written(name, event)) }
                    { each(&card.not_written, |_, event| not_written(event)) }
                </div>
                <p>
                    <a href={format!("#steps-{}", card.number)}>{ "All steps, level by level" }</a>
                </p>
            </div>
        }
}

/// An event as Event Viewer shows it, folded, and as XML, folded again.
fn written(name: &str, event: &Event) -> Html {
    html! {
        <details class="fold">
            <summary>{ name.to_owned() }</summary>
            <p class="quiet">{ event.needs }</p>
            { copied("The event as text", event.to_text()) }
            <p class="quiet">{ event.unknown() }</p>
            { each(&event.notes, |_, note| html! { <p class="quiet">{ *note }</p> }) }
            <details class="fold">
                <summary>{ "As XML" }</summary>
                { copied("The event as XML", event.to_xml()) }
            </details>
        </details>
    }
}

fn not_written(event: &NotWritten) -> Html {
    html! {
        <details class="fold">
            <summary>{ event.id.to_string() }{ " is not written" }</summary>
            <p>{ event.because }</p>
            { commands(&event.commands) }
        </details>
    }
}

fn names(names: &[String]) -> Vec<Html> {
    each(names, |index, name| {
        let end = if index + 1 == names.len() { "." } else { ", " };
        html! {
            <span key={index}><code>{ data_text(name) }</code>{ end }</span>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::fixture;

    #[tokio::test(flavor = "current_thread")]
    async fn the_story_is_accepted_once_and_denied_twice() {
        let html =
            fixture::drawn(|| levels(fixture::story().levels.as_ref(), true, Further::Ways)).await;
        assert_eq!(html.matches("<article").count(), 3, "{html}");
        assert_eq!(html.matches("level--accept").count(), 1, "{html}");
        assert_eq!(html.matches("level--deny").count(), 2, "{html}");
        assert_eq!(html.matches(">Denied<").count(), 2, "{html}");
        let [events @ .., after] =
            ["4624 (Security)", "5168 (Security)", "551 (SMBServer/Security)"]
                .map(|name| html.rfind(name).expect("the event"));
        assert!(events[0] < events[1] && events[1] < after, "{html}");
        assert_eq!(html.matches("Spn check for SMB/SMB2 fails.").count(), 2, "{html}");
        assert_eq!(html.matches("3025 is not written").count(), 3, "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn what_hangs_on_the_addresses_says_so() {
        let html = fixture::drawn(|| {
            levels(fixture::third_message_only().levels.as_ref(), true, Further::Ways)
        })
        .await;
        assert_eq!(html.matches("level--open").count(), 2, "{html}");
        assert_eq!(html.matches("Depends on the server's addresses").count(), 2, "{html}");
        assert!(html.contains("assumed"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn without_a_third_message_there_are_no_cards() {
        let html = fixture::drawn(|| levels(None, true, Further::Ways)).await;
        assert_eq!(html.matches("<article").count(), 0, "{html}");
        assert!(html.contains("AUTHENTICATE"), "{html}");
    }
}
