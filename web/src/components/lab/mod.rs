//! The relay lab: who is in the middle, which edit is made, and how it ends.

mod controls;
mod detail;
mod drawing;
mod tables;

use spnscope::lab::relay::RunEnding;
use spnscope_page::view::{LabStep, StepMark};
use spnscope_page::workbench::{Lab as State, LabAction};
use yew::prelude::*;

use crate::{
    components::common::{data_text::data_text, each::each, icon::Icon},
    store::{Act, use_act},
};

/// Props of [`Lab`].
#[derive(PartialEq, Properties)]
pub(crate) struct LabProps {
    /// The setting and its run.
    pub(crate) lab: State,
}

/// The answer, the drawing and the steps, then the form, which a wide window has at the side, then
/// the details of a step.
#[component]
pub(crate) fn Lab(props: &LabProps) -> Html {
    let act = use_act();
    let lab = &props.lab;
    let view = lab.view();
    html! {
        <div class={classes!("wrap", "lab", view.ending.attack_succeeds().is_some().then_some("lab--attack"))}>
            <p class="lab__intro">
                { "A client signs in to a file server, and somebody may be in the middle. Choose who, and how the server is set: the sign-in is played with real messages." }
            </p>
            <h1 class="headline">
                <span class={classes!(ending_class(view.ending))}>
                    { view.ending.sentence() }
                </span>
                { " " }
                { data_text(&view.why.text) }
            </h1>
            { tables::pairs(view) }
            { drawing::drawing(view, lab.step()) }
            { stepper(&view.steps, lab.step(), &act) }
            <aside class="lab__controls" aria-label="What happens">
                { controls::controls(lab.scenario(), &act) }
            </aside>
            <div class="lab__detail">{ detail::detail(lab, &act) }{ tables::edits(view) }</div>
        </div>
    }
}

/// The class of an ending, green for one that the server's owner wants.
pub(super) const fn ending_class(ending: RunEnding) -> &'static str {
    match ending {
        RunEnding::ClientWorks | RunEnding::AttackFails => "is-accept",
        RunEnding::ClientRefused | RunEnding::AttackSucceeds => "is-deny",
    }
}

/// Draws the steps in a row, with buttons and arrow keys to go one forwards or backwards.
fn stepper(steps: &[LabStep], current: usize, act: &Act) -> Html {
    let last = steps.len() - 1;
    let onkeydown = {
        let act = act.clone();
        Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowLeft" => current.saturating_sub(1),
                "ArrowRight" => current + 1,
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            act.emit(LabAction::Step(to));
        })
    };
    let rows = each(steps, |index, step| {
        let (class, icon) = match step.state {
            StepMark::Done => ("is-done", Icon::Tick),
            StepMark::Edited => ("is-edited", Icon::Warning),
            StepMark::Failed => ("is-failed", Icon::Cross),
            StepMark::Skipped => ("is-skipped", Icon::Dash),
        };
        html! {
            <li key={index} class={classes!("stepper__step", class)}>
                <button
                    type="button"
                    aria-current={(index == current).then_some("step")}
                    onclick={act.on(LabAction::Step(index))}
                >
                    <span class="stepper__number">{ index + 1 }</span>
                    <span class="stepper__name">{ step.name }</span>
                    <span class="stepper__state">{ icon.draw("") }{ step.word }</span>
                </button>
            </li>
        }
    });
    html! {
        <div class="stepper" role="group" aria-label="Step by step" onkeydown={onkeydown}>
            <button
                class="button"
                type="button"
                aria-disabled={(current == 0).to_string()}
                onclick={act.on(LabAction::Step(current.saturating_sub(1)))}
            >
                { "Back" }
            </button>
            <ol class="stepper__steps">{ rows }</ol>
            <button
                class="button"
                type="button"
                aria-disabled={(current == last).to_string()}
                onclick={act.on(LabAction::Step(current + 1))}
            >
                { "Next" }
            </button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use spnscope::{
        judge::smb::Level,
        lab::relay::{Edit, Middle, Scenario},
    };
    use spnscope_page::workbench::{LabAction, Workbench};
    use yew::ServerRenderer;

    use super::*;
    use crate::components::fixture::Part;

    async fn rendered(scenario: Scenario) -> Part {
        let opened = Workbench::default().apply(LabAction::Play(scenario));
        let lab = opened.lab().unwrap().clone();
        let renderer = ServerRenderer::<Lab>::with_props(move || LabProps { lab });
        Part::parse(&renderer.hydratable(false).render().await)
    }

    #[tokio::test(flavor = "current_thread")]
    async fn every_setting_is_drawn() {
        for middle in Middle::ALL {
            let page = rendered(Scenario::new(middle)).await;
            let first = |part: &Part| part.html().starts_with("<h1");
            assert_eq!(page.elements("heading").iter().filter(|it| first(it)).count(), 1);
            let steps = page.by_role("group", "Step by step").elements("button");
            let current = |part: &Part| part.attribute("aria-current") == Some("step");
            assert_eq!(steps.iter().filter(|it| current(it)).count(), 1, "{page:?}");
            assert_eq!(page.with_attribute("aria-current", "step").len(), 1, "{page:?}");
            let nodes = page.with_class("topology__node").len();
            let parties = Workbench::default()
                .apply(LabAction::Play(Scenario::new(middle)))
                .lab()
                .map(|lab| lab.view().actors.len());
            assert_eq!(Some(nodes), parties, "{page:?}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn green_is_good_for_the_defender_in_every_table() {
        let page = rendered(Scenario::new(Middle::LuredClient)).await;
        for (colour, words) in [
            ("is-deny", "succeeds"),
            ("is-accept", "fails: denied by the name check"),
            ("is-accept", "fails: refused earlier"),
        ] {
            let cells = page.all_by_role("cell", words);
            assert!(!cells.is_empty(), "{words}: {page:?}");
            for cell in cells {
                assert_eq!(cell.attribute("class"), Some(colour), "{words}: {cell:?}");
            }
        }
        let edits = page.by_role("region", "Every edit, every level");
        assert!(edits.says("Does the attack succeed?"), "{edits:?}");
        edits.by_role("columnheader", "Stopped at level 0 by");
        let level = Level::AcceptIfProvided;
        let page = rendered(Scenario { level, ..Scenario::new(Middle::LuredClient) }).await;
        page.by_role("columnheader", "Stopped at level 1 by");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_nat_and_the_attacker_come_first_and_each_row_is_a_link() {
        let page = rendered(Scenario::new(Middle::LuredClient)).await;
        let pairs = page.by_role("heading", "A NAT and an attacker, side by side").start();
        assert!(pairs < page.with_class("drawing")[0].start(), "{page:?}");
        assert!(pairs < page.by_role("heading", "Every edit, every level").start(), "{page:?}");
        for address in
            ["nat/nothing/1/signing/allow=10.0.0.100", "lured-client/strip-mic/2", "nat/nothing/0"]
        {
            let links = page.with_attribute("href", &format!("#/relay/{address}"));
            assert!(links.iter().any(|link| link.role() == Some("link")), "{address}: {page:?}");
        }
        assert!(page.says("The attacker makes the client connect to 10.0.0.100"), "{page:?}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn an_attackers_name_is_shown_as_text() {
        let edit = Edit::RewriteTargetName("<b>\u{202e}x".to_owned());
        let html = rendered(Scenario { edit, ..Scenario::new(Middle::LuredClient) }).await.html();
        assert!(
            !html.contains("<b>\u{202e}") && !html.contains("&lt;b>\u{202e}x</text>"),
            "{html}"
        );
        assert!(html.contains(r"\u{202e}"), "{html}");
    }
}
