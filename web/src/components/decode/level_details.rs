//! The details of a level: the names compared, the events written, and the sources.

use spnscope::judge::{
    events::{Event, NotWritten},
    smb::Outcome,
};
use spnscope_page::view::LevelCard;
use yew::prelude::*;

use super::levels::StepTable;
use crate::components::common::{
    basis::basis_mark,
    command::{commands, copy_box},
    data_text::{data_text, visible},
    each::each,
    icon::gate,
};

/// Draws the open levels among `cards`, side by side.
pub(super) fn level_details(cards: &[LevelCard; 3], open: [bool; 3], steps: StepTable) -> Html {
    let shown = cards.iter().zip(open).filter(|(_, is_open)| *is_open).map(|(card, _)| {
        let level = card.number;
        html! {
            <section key={level} class="level-details__level" aria-label={format!("Level {level}: steps and events")}>
                <h3 class="level-details__head">
                    { gate(card.outcome, card.depends) }
                    { format!("Level {level}: {}", card.verdict) }
                </h3>
                { more(card, steps) }
            </section>
        }
    });
    html! {
        <div
            key="level-details"
            id="level-details"
            class="level-details bench__wide"
            hidden={!open.contains(&true)}
        >
            { for shown }
        </div>
    }
}

fn more(card: &LevelCard, steps: StepTable) -> Html {
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
            <div class="level-details__inside">
                { (card.outcome != Outcome::Unknown).then(|| html! {
        <p>
            { if card.depends { "Status, if denied: " } else { "Status " } }
            <code>{ card.status }</code>
            { " " }
            { card.status_code.clone() }
        </p>
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
                { (steps == StepTable::Below).then(|| html! {
        <p>
            <a href={format!("#steps-{}", card.number)}>{ "All steps, level by level" }</a>
        </p>
    }) }
            </div>
        }
}

/// Draws an event as Event Viewer shows it, folded, and as XML, folded again.
fn written(name: &str, event: &Event) -> Html {
    html! {
        <details class="fold">
            <summary>{ name.to_owned() }</summary>
            <p class="quiet">{ event.needs }</p>
            { copy_box("The event as text", event.to_text()) }
            <p class="quiet">{ event.unknown() }</p>
            { each(&event.notes, |_, note| html! { <p class="quiet">{ *note }</p> }) }
            <details class="fold">
                <summary>{ "As XML" }</summary>
                { copy_box("The event as XML", event.to_xml()) }
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
    async fn events_are_in_their_order_and_those_not_written_follow() {
        let page = fixture::page(|| {
            let levels = fixture::story().levels.clone().expect("cards");
            level_details(&levels, [true; 3], StepTable::Nowhere)
        })
        .await;
        assert_eq!(page.elements("region").len(), 3, "{page:?}");
        let required = page.by_role("region", "Level 2: steps and events");
        let [events @ .., after] =
            ["4624 (Security)", "5168 (Security)", "551 (SMBServer/Security)"]
                .map(|name| required.by_role("group", name).start());
        assert!(events[0] < events[1] && events[1] < after, "{required:?}");
        assert_eq!(page.saying("region", "Spn check for SMB/SMB2 fails.").len(), 2, "{page:?}");
        for level in page.elements("region") {
            level.by_role("group", "3025 is not written");
        }
        let html = page.html();
        assert!(!html.contains("#steps"), "nothing leads where nothing is: {html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn only_open_levels_are_drawn_and_one_that_depends_is_not_denied() {
        let page = fixture::page(|| {
            let levels = fixture::third_message_only().levels.clone().expect("cards");
            level_details(&levels, [false, true, false], StepTable::Below)
        })
        .await;
        let [open] = page.elements("region")[..] else { panic!("not one is open: {page:?}") };
        assert_eq!(open.name(), "Level 1: steps and events");
        assert!(open.says("Status, if denied: STATUS_ACCESS_DENIED"), "{open:?}");
        let steps = open.by_role("link", "All steps, level by level");
        assert_eq!(steps.attribute("href"), Some("#steps-1"));
    }
}
