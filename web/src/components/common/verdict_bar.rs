//! The answer in one line at the edge of the window, once the answer itself has left it.

use spnscope_page::view::{BarGate, BarView, Tone};
use spnscope_page::workbench::Place;
use yew::prelude::*;

use super::icon::gate;
use crate::{components::decode::headline_sentence, dom::sight};

/// Props of [`VerdictBar`].
#[derive(PartialEq, Properties)]
pub(crate) struct VerdictBarProps {
    /// The current place.
    pub(crate) place: Place,
    /// The answer there.
    pub(crate) bar: BarView,
}

/// A bar over the page, so that nothing moves when it appears. It repeats the page, so it is hidden
/// from screen readers.
#[component]
pub(crate) fn VerdictBar(props: &VerdictBarProps) -> Html {
    let VerdictBarProps { place, bar } = props;
    let is_shown = use_state_eq(bool::default);
    // The element of the answer in each place. Learn has none, so there the bar appears once the
    // head of the page has left the window.
    let answer = match place {
        Place::Decode => ".answer .levels",
        Place::Relay => ".lab .headline",
        Place::Learn => ".masthead",
    };
    {
        // Each answer may be drawn anew, so that its element has to be looked up again.
        let set = is_shown.setter();
        use_effect_with((*place, bar.clone()), move |_| {
            let watch = sight::watch(answer, move |has_left| set.set(has_left));
            move || drop(watch)
        });
    }
    use_effect_with((), |()| {
        let watch = sight::keep_focus_below(ID);
        move || drop(watch)
    });
    let gates = bar.gates.iter().enumerate().map(|(number, of)| level(number, *of));
    html! {
        <div id={ID} class="verdict-bar" aria-hidden="true" hidden={!*is_shown}>
            <div class="wrap verdict-bar__row">
                <span class="verdict-bar__gates">{ for gates }</span>
                <span class="verdict-bar__words headline">{ headline_sentence(&bar.headline) }</span>
            </div>
        </div>
    }
}

/// The id of the bar.
const ID: &str = "verdict-bar";

fn level(level: usize, of: BarGate) -> Html {
    let class = match of.tone {
        Tone::Good => "is-accept",
        Tone::Bad => "is-deny",
        Tone::Open => "is-warn",
        Tone::Neutral => "",
    };
    html! {
        <span key={level} class={classes!("verdict-bar__gate", class)}>
            { level }
            { gate(of.outcome, of.depends) }
        </span>
    }
}

#[cfg(test)]
mod tests {
    use spnscope_page::workbench::{Action, Workbench};

    use super::*;
    use crate::components::fixture;

    #[tokio::test(flavor = "current_thread")]
    async fn the_bar_has_the_answer_and_three_gates_and_is_hidden_at_first() {
        let page = fixture::page(|| {
            let view = fixture::story();
            let bar = BarView::of_sign_in(&view.headline, view.levels.as_ref().expect("cards"));
            html! { <VerdictBar place={Place::Decode} {bar} /> }
        })
        .await;
        let [bar] = page.with_class("verdict-bar")[..] else { panic!("no bar: {page:?}") };
        assert!(bar.says("Denied at levels 1 and 2."), "{bar:?}");
        assert_eq!(bar.with_class("gate").len(), 3, "{bar:?}");
        assert_eq!(bar.with_class("is-deny").len(), 3, "two gates and the verdict: {bar:?}");
        assert!(bar.attribute("hidden").is_some(), "{bar:?}");
        assert_eq!(page.text(), "", "it repeats the page");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn in_the_lab_the_bar_is_about_the_played_setting() {
        let page = fixture::page(|| {
            let lab = Workbench::default().apply(Action::Open("relay".to_owned()));
            let bar = BarView::of_lab(lab.lab().expect("the lab").view()).expect("it is played");
            html! { <VerdictBar place={Place::Relay} {bar} /> }
        })
        .await;
        let [bar] = page.with_class("verdict-bar")[..] else { panic!("no bar: {page:?}") };
        assert!(bar.says("The attack succeeds."), "{bar:?}");
        assert_eq!(bar.with_class("gate").len(), 3, "{bar:?}");
    }
}
