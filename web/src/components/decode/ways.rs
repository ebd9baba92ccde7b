//! The ways to fix a denial.

use spnscope::judge::remedies::{Advice, Check};
use spnscope::show::words;
use spnscope_page::view::{Aim, Headline, RelayedView, Way, WaysView};
use spnscope_page::workbench::{Place, ServerAction};
use yew::prelude::*;

use super::headline::plain_verdict;
use crate::{
    components::common::{
        basis::basis_mark,
        command::{commands, undo},
        data_text::{data_text, visible},
        each::each,
        icon::Icon,
    },
    store::{Act, Shared, use_act},
};

/// Props of [`Ways`].
#[derive(PartialEq, Properties)]
pub(crate) struct WaysProps {
    /// The view of the chosen message.
    pub(crate) view: Shared,
}

/// The ways to fix a denial, drawn anew with another view only.
#[component]
pub(crate) fn Ways(props: &WaysProps) -> Html {
    let act = use_act();
    match &props.view.relayed {
        Some(view) => relayed(view),
        None => ways(props.view.ways.as_ref(), &props.view.headline, &act),
    }
}

/// The ways, best first, the thing not to do, and what goes with all of them. `now` is the answer
/// with what was tried.
pub(super) fn ways(ways: Option<&WaysView>, now: &Headline, act: &Act) -> Html {
    let Some(view) = ways else { return html! { <div key="ways"></div> } };
    let rows = each(&view.ways, |index, it| way(index + 1, it, trial(it, now, act)));
    html! {
        <section key="ways" class="section" id="ways" aria-labelledby="ways-h">
            { head(view.aim) }
            <ol class="ways">
                { rows }
                <li class="way way--not">
                    <span class="way__number">{ Icon::Cross.draw("") }</span>
                    <div class="way__what">
                        <p class="way__rank">{ "Not this" }</p>
                        <h3>{ "Set the level to 0" }</h3>
                    </div>
                    <div class="way__why">
                        { each(&view.advice.not_to_do, |_, sentence| html! { <p>{ *sentence }</p> }) }
                    </div>
                </li>
            </ol>
            { advice(&view.advice) }
        </section>
    }
}

/// The ways where there is no server to try them on.
pub(super) fn plain_ways(view: &WaysView) -> Html {
    let rows = each(&view.ways, |index, it| way(index + 1, it, Html::default()));
    html! {
        <section key="ways" class="section" id="ways" aria-labelledby="ways-h">
            { head(view.aim) }
            <ol class="ways">{ rows }</ol>
        </section>
    }
}

fn head(aim: Aim) -> Html {
    let (title, beside) = match aim {
        Aim::Fix => ("How to fix it", "without switching the protection off"),
        Aim::FindOut => ("How to find out", "nothing is denied for sure yet"),
    };
    html! {
        <div class="section__head">
            <h2 id="ways-h">{ title }</h2>
            <span class="quiet small">{ beside }</span>
        </div>
    }
}

/// Draws the text in their place if the sign-in did not go to a file server.
pub(super) fn relayed(view: &RelayedView) -> Html {
    let lab = view.lab.as_ref().map(|scenario| {
        html! {
            <p>
                <a href={format!("#/{}/{}", Place::Relay.as_str(), scenario.link())}>
                    { "Play the relay from HTTP to SMB in the lab" }
                </a>
            </p>
        }
    });
    html! {
        <section key="ways" class="section" id="relayed" aria-labelledby="relayed-h">
            <div class="section__head">
                <h2 id="relayed-h">{ "What a relay to SMB would meet" }</h2>
            </div>
            { each(&view.sentences, |_, sentence| html! { <p>{ visible(sentence) }</p> }) }
            { lab }
        </section>
    }
}

/// A row: its number, what to do, why and what to know before, its `trial`, and what to run.
fn way(number: usize, way: &Way, trial: Html) -> Html {
    let remedy = &way.remedy;
    let (title, rest) = remedy.instructions.split_at(remedy.instructions.len().min(1));
    let sentence = |_, sentence: &String| html! { <p>{ data_text(sentence) }</p> };
    let caution = remedy.caution.as_ref().map(|caution| {
        html! {
            <p class="way__caution">
                { Icon::Warning.draw("") }
                <span>{ data_text(caution) }</span>
            </p>
        }
    });
    html! {
        <li class="way">
            <span class="way__number">{ number }</span>
            <div class="way__what">
                <p class="way__rank">{ way.rank.clone() }</p>
                <h3>{ each(title, |_, title| data_text(title)) }</h3>
            </div>
            <div class="way__why">
                { caution }
                { each(rest, sentence) }
                <p class="small quiet">
                    { "Accepted then: " }
                    { data_text(&words::reason(&remedy.then)) }
                    { " " }
                    { basis_mark(remedy.then.basis, remedy.then.rule.code) }
                </p>
                { trial }
            </div>
            <div class="way__run">{ commands(&remedy.commands) }</div>
            <div class="way__undo">{ remedy.undo.as_ref().map(undo) }</div>
        </li>
    }
}

/// The button that changes the simulated server, or what came of it and the way back.
fn trial(way: &Way, now: &Headline, act: &Act) -> Html {
    let (words, action) = match (way.is_tried, way.remedy.change.is_of_server()) {
        (_, false) => return Html::default(),
        (true, _) => ("Undo", ServerAction::TakeBack),
        (false, _) => ("Try it here", ServerAction::Try(way.remedy.change.clone())),
    };
    html! {
        <p class="button-row">
            <button
                class={classes!("button", (!way.is_tried).then_some("button--main"))}
                type="button"
                onclick={act.on(action)}
            >
                { words }
            </button>
            <span class="way__now" role="status">
                { way.is_tried.then(|| Icon::Tick.draw("")) }
                { way.is_tried.then(|| format!("Tried here: {}", visible(&plain_verdict(now)))) }
            </span>
        </p>
    }
}

/// Draws the advice for every way, folded.
fn advice(advice: &Advice) -> Html {
    let checks = |checks: &[Check]| {
        each(checks, |_, check| {
            html! {
                <>
                    <p>{ check.sentence }</p>
                    { commands(check.command.as_slice()) }
                </>
            }
        })
    };
    let causes = each(&advice.other_causes, |_, other| {
        html! { <p><b>{ other.cause }</b>{ " " }{ other.told_by }</p> }
    });
    let mut settings = each(&advice.settings, |_, setting| {
        html! {
            <p>
                <b>{ setting.place }</b>
                { " " }
                <code>{ setting.path }</code>
                { " " }
                { setting.remark }
            </p>
        }
    });
    settings.push(commands(&advice.levels));
    let folds = [
        ("How to check afterwards", checks(&advice.afterwards)),
        ("Other causes of “Access is denied”, and how to tell them apart", causes),
        ("Audit first, before a level is enforced", checks(&advice.before_enforcing)),
        ("Where the level is set", settings),
    ];
    html! {
        <div class="advice">
            { each(&folds, |_, (title, inside)| {
            html! {
                <details class="fold">
                    <summary>{ *title }</summary>
                    <div class="advice__inside">{ inside.clone() }</div>
                </details>
            }
        }) }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::{
        decode::answer::Answer,
        fixture::{self, Part},
    };

    #[tokio::test(flavor = "current_thread")]
    async fn what_went_to_a_web_server_is_not_to_be_fixed() {
        let page = fixture::page(|| {
            let view =
                fixture::pasted(include_str!("../../../../tests/fixtures/inputs/curl-v.txt"));
            html! {
                <>
                    <Answer view={view.clone()} notes={Vec::new()} />
                    <Ways {view} />
                </>
            }
        })
        .await;
        let before = "This sign-in went to a web server (HTTP). The policy is about file servers. ";
        let verdict = "Relayed to a file server, it would be denied at level 2.";
        let [headline] = page.saying("heading", verdict)[..] else { panic!("{page:?}") };
        assert!(headline.text().starts_with(&format!("{before}{verdict}")), "{headline:?}");
        let coloured: Vec<_> = headline.with_class("is-deny").into_iter().map(Part::text).collect();
        assert_eq!(coloured, [verdict], "{headline:?}");
        page.by_role("heading", "What a relay to SMB would meet");
        let lab = page.by_role("link", "Play the relay from HTTP to SMB in the lab");
        assert_eq!(lab.attribute("href"), Some("#/relay/http-relay/nothing/0"));
        let obstacles =
            page.by_role("article", "Level 2").by_role("link", "What a relay would meet");
        assert_eq!(obstacles.attribute("href"), Some("#relayed"), "a denied level leads to it");
        assert!(!page.says("How to fix it") && !page.html().contains("#ways"), "{page:?}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_story_has_two_ways_and_one_that_is_none() {
        let page = fixture::page(|| html! { <Ways view={fixture::story()} /> }).await;
        let ways = page.by_role("region", "How to fix it").elements("listitem");
        let [_, _, none] = ways[..] else { panic!("not two and one: {ways:?}") };
        assert!(none.text().starts_with("Not this") && none.has_class("way--not"), "{none:?}");
        assert_eq!(page.with_attribute("class", "way"), ways[..2], "{page:?}");
        page.by_role("button", "Try it here");
        page.by_role("heading", r"Connect by the server's real name: \\dcfr.lab.lan.");
        assert!(!page.html().contains("reg add \"HKLM\\SYSTEM\\CurrentControlSet\\Services\\LanmanServer\\Parameters\" /v SrvAllowed"), "{page:?}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn what_to_know_before_stands_above_the_button_and_the_undo_below_what_is_run() {
        let page = fixture::page(|| html! { <Ways view={fixture::story()} /> }).await;
        let text = page.text();
        let at = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words}: {text}"));
        let order = [
            "Do not add it until you know what 10.0.0.100 is.",
            "Try it here",
            "Run on the server as administrator",
            "To undo it: ",
        ];
        assert!(order.map(at).is_sorted(), "{text}");
        page.by_role("heading", "How to fix it");
        assert!(!page.html().contains("--server-"), "{page:?}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn where_nothing_is_denied_for_sure_there_is_nothing_to_fix() {
        let page = fixture::page(|| html! { <Ways view={fixture::third_message_only()} /> }).await;
        page.by_role("heading", "How to find out");
        assert!(!page.says("How to fix it") && page.says("ipconfig"), "{page:?}");
        assert!(!page.html().contains("--server-") && page.says("If it is not"), "{page:?}");
    }
}
