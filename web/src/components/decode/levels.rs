//! The answers of the server at each level.

use std::rc::Rc;

use spnscope::judge::smb::{MissingFact, Outcome};
use spnscope_page::view::{LevelCard, Question};
use yew::prelude::*;

use super::{
    level_details::level_details,
    question::{enter, question},
};
use crate::{
    components::common::{basis::basis_mark, data_text::visible, icon::gate},
    store::use_act,
};

/// The part of the page that a denied level leads to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Further {
    /// The remedies.
    Ways,
    /// The obstacles of a relay to a file server.
    Relayed,
    /// The remedies; an unknown fact is typed into a form beside them.
    Form,
}

/// The place of the table of all steps.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum StepTable {
    /// None: there is no message to go through the steps with.
    #[default]
    Nowhere,
    /// Further down the page.
    Below,
}

/// Props of [`Levels`].
#[derive(PartialEq, Properties)]
pub(super) struct LevelsProps {
    /// The cards; `None` if there is nothing to decide.
    pub(super) levels: Option<[LevelCard; 3]>,
    /// The question, if the answer depends on an unknown fact.
    pub(super) question: Option<Question>,
    /// The part of the page that a denied level leads to.
    pub(super) further: Further,
    /// The place of the table of all steps.
    #[prop_or_default]
    pub(super) steps: StepTable,
}

/// The levels whose steps and events are open.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct OpenLevels([bool; 3]);

impl Reducible for OpenLevels {
    type Action = usize;

    /// Opens or closes a level.
    fn reduce(self: Rc<Self>, level: usize) -> Rc<Self> {
        let mut next = *self;
        if let Some(is_open) = next.0.get_mut(level) {
            *is_open = !*is_open;
        }
        Rc::new(next)
    }
}

/// Three cards in one frame, always together, with the question to the reader; or the condition for
/// getting them. Below them, at full width, the steps and events of the open levels.
#[component]
pub(super) fn Levels(props: &LevelsProps) -> Html {
    let act = use_act();
    let open = use_reducer_eq(OpenLevels::default);
    let LevelsProps { levels, question: asked, further, steps } = props;
    let Some(cards) = levels else {
        return html! {
            <section class="bench__answer" aria-labelledby="levels-h">
                <h2 class="visually-hidden" id="levels-h">{ "What the server would do" }</h2>
                <p class="levels levels--none">
                    { "The server decides on the AUTHENTICATE message. Paste it, alone or with the others, to see what happens at levels 0, 1 and 2." }
                </p>
            </section>
        };
    };
    let drawn = cards.iter().zip(open.0).enumerate().map(|(at, (level, is_open))| {
        let open = open.dispatcher();
        let toggle = Callback::from(move |_: MouseEvent| open.dispatch(at));
        let more = html! {
            <button
                class="link level__more"
                type="button"
                aria-expanded={is_open.to_string()}
                aria-controls="level-details"
                onclick={toggle}
            >
                { "Steps and events" }
            </button>
        };
        card(level, way_on(level, asked.as_ref(), *further), more)
    });
    html! {
        <>
            <section key="cards" class="bench__answer" aria-labelledby="levels-h">
                <h2 class="visually-hidden" id="levels-h">{ "What the server would do" }</h2>
                <div class="levels">
                    { for drawn }
                    { asked.as_ref().map(|asked| question(asked, &act)) }
                </div>
            </section>
            { level_details(cards, open.0, *steps) }
        </>
    }
}

/// Draws the link from a card; if it depends on an unknown fact that is not asked beside it, to the
/// field for that fact.
fn way_on(card: &LevelCard, asked: Option<&Question>, further: Further) -> Html {
    match further {
        _ if card.outcome != Outcome::Deny => Html::default(),
        Further::Relayed => html! { <a href="#relayed">{ "What a relay would meet" }</a> },
        Further::Form if card.depends => Html::default(),
        Further::Form => html! { <a href="#ways">{ "How to fix it" }</a> },
        Further::Ways if !card.depends => html! { <a href="#ways">{ "How to fix it" }</a> },
        Further::Ways if asked.is_some() => Html::default(),
        Further::Ways => enter(MissingFact::Addresses),
    }
}

fn card(card: &LevelCard, way_on: Html, more: Html) -> Html {
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
                <span>
                    <b>{ "Level " }{ level }</b>
                    { " " }
                    { card.name }
                    { card.is_set.then(|| html! { <b class="level__set">{ "set on your server" }</b> }) }
                </span>
                <span class="level__status">{ status(card) }</span>
            </p>
            <p class="level__verdict">
                { gate(card.outcome, card.depends) }
                <span>{ card.verdict }</span>
            </p>
            <p class="level__why">{ visible(&card.why) }</p>
            <div class="level__foot">
                { way_on }
                { basis_mark(card.basis, card.rule.map_or("", |rule| rule.code)) }
                { more }
            </div>
        </article>
    }
}

/// Draws the status, with a mark if it is not certain.
pub(super) fn status(card: &LevelCard) -> Html {
    html! { <>{ card.depends.then_some("if denied: ") }{ card.status }</> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::fixture;

    fn cards(levels: Option<&[LevelCard; 3]>) -> Html {
        html! { <Levels levels={levels.cloned()} question={None} further={Further::Ways} /> }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_story_is_accepted_once_and_denied_twice() {
        let page = fixture::page(|| cards(fixture::story().levels.as_ref())).await;
        assert_eq!(page.elements("article").len(), 3, "{page:?}");
        let accepted = page.by_role("article", "Level 0");
        assert!(accepted.has_class("level--accept") && !accepted.says("Denied"), "{accepted:?}");
        for level in ["Level 1", "Level 2"] {
            let denied = page.by_role("article", level);
            assert!(denied.has_class("level--deny") && denied.says("Denied"), "{denied:?}");
            denied.by_role("link", "How to fix it");
        }
        assert_eq!(page.all_by_role("link", "How to fix it").len(), 2, "{page:?}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_level_that_depends_on_the_addresses_says_so() {
        let page = fixture::page(|| cards(fixture::third_message_only().levels.as_ref())).await;
        let open = page.saying("article", "Depends on the server's addresses");
        assert_eq!(open.len(), 2, "{page:?}");
        for card in open {
            assert!(card.has_class("level--open"), "{card:?}");
            assert!(card.says("if denied: STATUS_ACCESS_DENIED"), "{card:?}");
            card.by_role("button", "Enter its addresses");
        }
        assert_eq!(page.with_class("level--open").len(), 2, "{page:?}");
        assert_eq!(page.all_by_role("button", "Enter its addresses").len(), 2, "{page:?}");
        assert!(page.says("assumed") && !page.says("How to fix it"), "{page:?}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_level_that_the_server_is_set_to_is_marked() {
        let page = fixture::page(|| {
            let mut levels = fixture::story().levels.clone().expect("cards");
            levels[1].is_set = true;
            cards(Some(&levels))
        })
        .await;
        let marked = page.all_by_role("strong", "set on your server");
        assert_eq!(marked.len(), 1, "{page:?}");
        let level = page.by_role("article", "Level 1");
        assert_eq!(level.all_by_role("strong", "set on your server"), marked, "{level:?}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn without_a_third_message_there_are_no_cards() {
        let page = fixture::page(|| cards(None)).await;
        assert_eq!(page.elements("article"), [], "{page:?}");
        assert!(page.says("AUTHENTICATE"), "{page:?}");
    }
}
