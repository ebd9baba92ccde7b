//! How do we know?

use spnscope::judge::smb::{self as policy, Basis};
use spnscope::lab::relay;
use yew::prelude::*;

use super::{
    basis::ticks,
    draw::{draw, each, on},
};
use crate::hooks::use_state_eq;

/// Every rule of the check and of the relay lab, and where it is from, the surest first, below whatever place is shown. Folded until it is asked for: `start.js`
/// unfolds what a link leads to, and has them drawn when the rest is there. A component, so that it is drawn once.
#[component]
pub(crate) fn Rules() -> Html {
    let drawn = use_state_eq(bool::default);
    let set = drawn.setter();
    let groups = if *drawn { groups() } else { Vec::new() };
    draw!(
        "<details class='wrap rules' id=rules ondraw={}>\
           <summary><h2>How do we know?</h2></summary>\
           <p>These are the rules that every answer here is decided by, with how sure each is and where it is from.</p>{}\
         </details>",
        on(move |_: Event| set.set(true)),
        groups,
    )
}

fn groups() -> Vec<Html> {
    let all: Vec<_> = policy::rules::stated().chain(relay::rules::stated()).collect();
    each(&Basis::ALL, |_, basis| {
        let is_used = all.iter().any(|(rule, _)| rule.basis == *basis);
        let of_basis = each(&all, |_, (rule, says)| {
            if rule.basis != *basis {
                return Html::default();
            }
            draw!(
                "<li id='{}{}'><code>{}</code><p>{} <span class=quiet>{}.</span></p></li>",
                "rule-",
                rule.code,
                rule.code,
                says.clone(),
                rule.source,
            )
        });
        draw!(
            "<h3>{} <span class=quiet>{}</span></h3>{}",
            ticks(*basis),
            basis.meaning(),
            is_used.then(|| draw!("<ul class=rules__list>{}</ul>", of_basis)),
        )
    })
}

#[cfg(all(test, feature = "ssr-tests"))]
mod tests {
    use super::*;
    use crate::components::fixture;

    #[tokio::test(flavor = "current_thread")]
    async fn every_rule_is_there_with_its_source() {
        let html = fixture::drawn(|| draw!("{}", groups())).await;
        let all: Vec<_> = [policy::rules::RULES, relay::rules::RULES].concat();
        assert_eq!(html.matches("<li id=\"rule-").count(), all.len(), "{html}");
        for rule in all {
            assert!(html.contains(&format!("id=\"rule-{}\"", rule.code)), "{}", rule.code);
        }
    }
}
