//! The list of all rules, under "How do we know?".

use spnscope::judge::rule::Basis;
use spnscope::lab::stated_rules;
use yew::prelude::*;

use super::basis::ticks;
use crate::dom;

/// All rules of the check and of the relay lab with their sources, the surest first, below any
/// place. Folded until a link leads there.
#[component]
pub(crate) fn Rules() -> Html {
    // The many rules wait until the rest has been painted.
    let drawn = use_state_eq(bool::default);
    {
        let drawn = drawn.setter();
        use_effect_with((), move |()| dom::after_paint(move || drawn.set(true)));
    }
    use_effect_with(*drawn, |drawn| {
        if *drawn {
            dom::links::arrive();
        }
    });
    html! {
        <details class="wrap rules" id="rules">
            <summary><h2>{ "How do we know?" }</h2></summary>
            <p>
                { "Every answer here comes from these rules. Each says how sure it is, and where it is from." }
            </p>
            if *drawn {
                { groups() }
            }
        </details>
    }
}

fn groups() -> Html {
    let all: Vec<_> = stated_rules().collect();
    let of = |basis| all.iter().filter(move |(rule, _)| rule.basis == basis);
    html! {
        for basis in Basis::ALL {
            <h3>{ ticks(basis) }{ " " }<span class="quiet">{ basis.meaning() }</span></h3>
            if of(basis).next().is_some() {
                <ul class="rules__list">
                    for (rule, says) in of(basis) {
                        <li id={format!("rule-{}", rule.code)}>
                            <code>{ rule.code }</code>
                            <p>
                                { says }
                                { " " }
                                <span class="quiet">{ rule.source }{ "." }</span>
                            </p>
                        </li>
                    }
                </ul>
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::fixture;

    #[tokio::test(flavor = "current_thread")]
    async fn every_rule_is_listed_with_its_source() {
        let page = fixture::page(groups).await;
        let all: Vec<_> = stated_rules().collect();
        assert_eq!(page.elements("listitem").len(), all.len(), "{page:?}");
        for (rule, _) in all {
            let [item] = page.with_attribute("id", &format!("rule-{}", rule.code))[..] else {
                panic!("{} is not there once: {page:?}", rule.code)
            };
            assert_eq!(item.role(), Some("listitem"), "{item:?}");
            assert!(item.says(rule.source), "{item:?}");
        }
    }
}
