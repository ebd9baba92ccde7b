//! How to fix what is denied.

use spnscope::judge::remedies::{Advice, Check};
use spnscope_page::view::{Headline, RelayedView, Way, WaysView};
use spnscope_page::workbench::{Action, Place};
use yew::prelude::*;

use super::{
    basis::basis_mark,
    command::commands,
    data_text::data_text,
    draw::{draw, each},
    icon::Icon,
    visible,
};

/// The ways, best first, the thing not to do, and what goes with all of them. `now` is the answer with
/// what was tried.
pub(super) fn ways(ways: Option<&WaysView>, now: &Headline) -> Html {
    let Some(view) = ways else { return draw!("<div key=ways></div>") };
    draw!(
        "<section key=ways class=section id=ways aria-labelledby=ways-h>\
           <div class=section__head>\
             <h2 id=ways-h>How to fix it</h2><span class='quiet small'>without switching the protection off</span>\
           </div>\
           <div class=ways>\
             {}<div class='way way--not'>\
               <p class=way__rank>Not this</p><h3>Set the level to 0</h3>{}\
             </div>\
           </div>{}\
         </section>",
        each(&view.ways, |_, it| way(it, now)),
        each(&view.advice.not_to_do, |_, sentence| draw!("<p>{}</p>", *sentence)),
        advice(&view.advice),
    )
}

/// What stands in their place where the sign-in did not go to a file server.
pub(super) fn relayed(view: &RelayedView) -> Html {
    let lab = view.lab.as_ref().map(|scenario| {
        draw!(
            "<p><a href={}>Play the relay from HTTP to SMB in the lab</a></p>",
            format!("#/{}/{}", Place::Relay.code(), scenario.link()),
        )
    });
    draw!(
        "<section key=ways class=section id=relayed aria-labelledby=relayed-h>\
           <div class=section__head><h2 id=relayed-h>What a relay to SMB would meet</h2></div>{}{}\
         </section>",
        each(&view.sentences, |_, sentence| draw!("<p>{}</p>", visible(sentence))),
        lab,
    )
}

fn way(way: &Way, now: &Headline) -> Html {
    let remedy = &way.remedy;
    let (title, rest) = remedy.says.split_at(remedy.says.len().min(1));
    let sentence = |_, sentence: &String| draw!("<p>{}</p>", data_text(sentence));
    draw!(
        "<div class=way>\
           <p class=way__rank>{}</p><h3>{}</h3>{}{}\
           <p class='small quiet'>Accepted then: {} {}</p>{}\
         </div>",
        way.rank.clone(),
        each(title, |_, title| data_text(title)),
        trial(way, now),
        each(rest, sentence),
        data_text(&remedy.then.message),
        basis_mark(remedy.then.basis, remedy.then.rule.code),
        commands(&remedy.commands),
    )
}

/// The button that changes the simulated server, or what came of it and the way back.
fn trial(way: &Way, now: &Headline) -> Html {
    let (words, action) = match (way.is_tried, way.remedy.change.is_of_server()) {
        (_, false) => return Html::default(),
        (true, _) => ("Take it back", Action::TakeBack),
        (false, _) => ("Try it here", Action::Try(way.remedy.change.clone())),
    };
    draw!(
        "<p class=button-row>\
           <button class='button {}' type=button onclick={}>{}</button>\
           <span class='way__now' role=status>{}{}</span>\
         </p>",
        (!way.is_tried).then_some("button--main"),
        action,
        words,
        way.is_tried.then(|| Icon::Tick.draw("")),
        way.is_tried.then(|| format!("Tried here: {}", now.verdict)),
    )
}

/// What goes with every way, folded.
fn advice(advice: &Advice) -> Html {
    let checks = |checks: &[Check]| {
        each(checks, |_, check| {
            draw!("<p>{}</p>{}", check.says, commands(check.command.as_slice()))
        })
    };
    let causes = each(&advice.other_causes, |_, other| {
        draw!("<p><b>{}</b> {}</p>", other.cause, other.told_by)
    });
    let mut settings = each(&advice.settings, |_, setting| {
        draw!("<p><b>{}</b> <code>{}</code> {}</p>", setting.place, setting.path, setting.remark,)
    });
    settings.extend(commands(&advice.levels));
    let folds = [
        ("How to check afterwards", checks(&advice.afterwards)),
        ("Other causes of “Access is denied”, and how to tell them apart", causes),
        ("Audit first, before a level is enforced", checks(&advice.before_enforcing)),
        ("Where the level is set", settings),
    ];
    draw!(
        "<div class=advice>{}</div>",
        each(&folds, |_, (title, inside)| {
            draw!(
                "<details class=fold><summary>{}</summary><div class=advice__inside>{}</div></details>",
                *title,
                inside.clone(),
            )
        }),
    )
}

#[cfg(all(test, feature = "ssr-tests"))]
mod tests {
    use super::*;
    use crate::components::{
        fixture, hosted,
        part::{Part, PartProps, Which},
    };

    #[tokio::test(flavor = "current_thread")]
    async fn what_went_to_a_web_server_is_not_to_be_fixed() {
        let html = fixture::drawn(|| {
            let view = fixture::pasted(include_str!("../../../tests/fixtures/inputs/curl-v.txt"));
            let part = |which| {
                draw!(
                    "{}",
                    hosted::<Part>(
                        "part",
                        PartProps { view: view.clone(), which, notes: Vec::new() }
                    )
                )
            };
            draw!("{}{}", part(Which::Answer), part(Which::Ways))
        })
        .await;
        let first = "This sign-in went to a web server (HTTP). The policy is about file servers. <span class=\"is-deny\">Relayed to a file server, it would be denied at level 2.</span>";
        assert!(html.contains(first), "{html}");
        assert!(html.contains("What a relay to SMB would meet"), "{html}");
        assert!(html.contains("href=\"#/relay/http-relay/nothing/0\""), "{html}");
        assert!(html.contains("href=\"#relayed\""), "a denied level leads to it: {html}");
        assert!(!html.contains("How to fix it") && !html.contains("#ways"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_story_has_two_ways_and_one_that_is_none() {
        let html = fixture::drawn(|| {
            let view = fixture::story();
            ways(view.ways.as_ref(), &view.headline)
        })
        .await;
        assert_eq!(html.matches("class=\"way\"").count(), 2, "{html}");
        assert_eq!(html.matches("Try it here").count(), 1, "only the list can be tried: {html}");
        assert!(html.contains(r"Connect by the server's real name: \\dcfr.lab.lan."), "{html}");
        assert!(!html.contains("reg add \"HKLM\\SYSTEM\\CurrentControlSet\\Services\\LanmanServer\\Parameters\" /v SrvAllowed"), "{html}");
    }
}
