//! The live pieces of Learn and its quiz, drawn into the chapters.
//!
//! The chapters are files in `web/learn`, which the build puts into the page, so that they can be
//! read and found without this program. The place of a piece is an element whose `data-live` is the
//! piece's name; a Yew portal draws into it. A Yew root for each would have a scheduler of events
//! of its own, and would have to be removed when another place is shown.

mod live;
mod quiz;
mod wrong;

use spnscope_page::view::learn::Lesson;
use yew::prelude::*;

use self::{live::Live, quiz::QuizPiece};
use crate::{components::common::copied::Copied, dom};

/// Draws each piece that the page has a place for, while Learn is shown.
#[component]
pub(crate) fn Learn() -> Html {
    use_effect_with((), |()| {
        let reading = dom::chapters::follow();
        let hidden = dom::chapters::hide_commands();
        move || drop((reading, hidden))
    });
    let pieces = Lesson::ALL.into_iter().map(|lesson| {
        let code = lesson.as_str();
        (code, html! { <Live key={code} {lesson} /> })
    });
    let all = pieces.chain([("quiz", html! { <QuizPiece key="quiz" /> })]);
    // `Copied` shows the text itself, in place of the static text.
    let commands =
        dom::chapters::commands().into_iter().enumerate().map(|(index, (place, text))| {
            let what = text.lines().next().unwrap_or_default().to_owned();
            create_portal(html! { <Copied key={index} {what} {text} /> }, place)
        });
    html! {
        <>
            <span hidden=true />
            { for all.filter_map(|(code, piece)| Some(create_portal(piece, dom::mount_point(code)?))) }
            { for commands }
        </>
    }
}
