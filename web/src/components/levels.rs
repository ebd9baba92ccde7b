//! What the server would do, at each level.

use spnscope::judge::{
    events::{Event, NotWritten},
    smb::Outcome,
};
use spnscope_page::view::LevelCard;
use yew::prelude::*;

use super::{
    basis::basis_mark,
    command::{commands, copied},
    data_text::data_text,
    draw::{draw, each},
    icon::gate,
    visible,
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
        draw!("<div class=levels>{}</div>", each(levels, |_, level| card(level, whole, further)))
    } else {
        draw!(
            "<p class='levels levels--none'>\
               The server decides on the AUTHENTICATE message. Paste it, alone or with the others, to see what happens at levels 0, 1 and 2.\
             </p>"
        )
    };
    draw!(
        "<section key=levels class=bench__answer aria-labelledby=levels-h>\
           <h2 class=visually-hidden id=levels-h>What the server would do</h2>{}\
         </section>",
        cards,
    )
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
    draw!(
        "<article key={} class='level {}' aria-label='Level {}'>\
           <p class=level__top>\
             <span><b>Level {}</b> {}</span><span class=level__status>{}</span>\
           </p>\
           <p class=level__verdict>{}<span>{}</span></p>\
           <p class=level__why>{}</p>\
           <div class=level__foot>\
             {}{}<details class=level__more><summary>Steps and events</summary>{}</details>\
           </div>\
         </article>",
        level,
        class,
        level,
        level,
        card.name,
        if card.depends { "" } else { card.status },
        gate(card.outcome, card.depends),
        card.verdict,
        visible(&card.why),
        (card.outcome == Outcome::Deny).then(|| draw!("<a href={}>{}</a>", place, words)),
        basis_mark(card.basis, card.rule.map_or("", |rule| rule.code)),
        whole.then(|| more(card)),
    )
}

fn more(card: &LevelCard) -> Html {
    let compared = match &card.matched {
        Some(matched) => Some(draw!("<p>It matches <code>{}</code>.</p>", data_text(matched))),
        None if card.tried.is_empty() => None,
        None => Some(draw!("<p>Compared, and not equal to any of: {}</p>", names(&card.tried))),
    };
    draw!(
        "<div class=level__details>\
           {}{}\
           <div class=level__notes>{}</div>\
           <p>Source: {}.</p>\
           <div class=events><p>{}</p>{}{}</div>\
           <p><a href='#steps-{}'>All steps, level by level</a></p>\
         </div>",
        (card.outcome != Outcome::Unknown).then(|| draw!(
            "<p>Status <code>{}</code> {}</p>",
            card.status,
            card.status_code.clone(),
        )),
        compared,
        each(&card.notes, |index, (note, basis, rule)| {
            draw!("<p key={}>{} {}</p>", index, visible(note), basis_mark(*basis, rule.code))
        }),
        card.rule.map(|rule| rule.source),
        match card.outcome {
            Outcome::Unknown => "Which events are written cannot be told.",
            _ if card.events.is_empty() => "No event is written.",
            _ => "Events, in order:",
        },
        each(&card.events, |_, (name, event)| written(name, event)),
        each(&card.not_written, |_, event| not_written(event)),
        card.number,
    )
}

/// An event as Event Viewer shows it, folded, and as XML, folded again.
fn written(name: &str, event: &Event) -> Html {
    draw!(
        "<details class=fold><summary>{}</summary>\
           <p class=quiet>{}</p>{}<p class=quiet>{}</p>{}\
           <details class=fold><summary>As XML</summary>{}</details>\
         </details>",
        name.to_owned(),
        event.needs,
        copied("The event as text", event.to_text()),
        event.unknown(),
        each(&event.notes, |_, note| draw!("<p class=quiet>{}</p>", *note)),
        copied("The event as XML", event.to_xml()),
    )
}

fn not_written(event: &NotWritten) -> Html {
    draw!(
        "<details class=fold><summary>{} is not written</summary><p>{}</p>{}</details>",
        event.id.to_string(),
        event.because,
        commands(&event.commands),
    )
}

fn names(names: &[String]) -> Vec<Html> {
    each(names, |index, name| {
        let end = if index + 1 == names.len() { "." } else { ", " };
        draw!("<span key={}><code>{}</code>{}</span>", index, data_text(name), end)
    })
}

#[cfg(all(test, feature = "ssr-tests"))]
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
