//! What is shown while nothing is pasted: samples with their answers, and what the page is about.

use spnscope::{
    policy::Outcome,
    view::{LevelCard, SAMPLES},
    workbench::{Action, Workbench},
};
use yew::prelude::*;

use super::{
    icon::{gate, outcome_class},
    leaf::{element, span, text},
};
use crate::{dom::focus, store::use_dispatch};

/// Props of [`FirstVisit`].
#[derive(PartialEq, Properties)]
pub(crate) struct FirstVisitProps {
    /// Whether what the page is about is said too.
    pub(crate) tell: bool,
}

/// The samples as a table, and three things the page shows.
#[component]
pub(crate) fn FirstVisit(props: &FirstVisitProps) -> Html {
    let dispatch = use_dispatch();
    let answers = use_memo((), |()| answers());
    let rows = SAMPLES.iter().zip(answers.iter()).enumerate().map(|(index, (sample, levels))| {
        let dispatch = dispatch.clone();
        let onclick = move |_| {
            dispatch.emit(Action::Sample(index));
            focus::focus("main");
        };
        html! {
            <tr key={index}>
                <th scope="row">
                    <button class="link" type="button" {onclick}>{ sample.title }</button>
                    { span("samples__what", text(sample.what)) }
                </th>
                { for levels.iter().map(answer) }
            </tr>
        }
    });
    html! {
        <>
            <h1 key="nothing" class="visually-hidden" hidden={props.tell}>{ "Nothing was recognised" }</h1>
            <section key="samples" class="first__samples" aria-labelledby="try-h">
                <h2 id="try-h">{ "Or try one of these" }</h2>
                <table class="samples">
                    <thead>
                        <tr class="plate">
                            <th scope="col">{ "Message" }</th>
                            <th scope="col">{ "Level 0" }</th>
                            <th scope="col">{ "Level 1" }</th>
                            <th scope="col">{ "Level 2" }</th>
                        </tr>
                    </thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </section>
            <section key="what" class="first__what" aria-labelledby="what-h" hidden={!props.tell}>
                <h2 class="visually-hidden" id="what-h">{ "What it shows" }</h2>
                { tiles() }
            </section>
        </>
    }
}

/// What each sample leads to at the three levels, with its own server.
fn answers() -> Vec<Vec<LevelCard>> {
    let empty = Workbench::default();
    (0..SAMPLES.len())
        .map(|index| {
            let opened = empty.apply(Action::Sample(index));
            let levels = opened.view().and_then(|view| view.levels.clone());
            levels.map_or_else(Vec::new, Vec::from)
        })
        .collect()
}

fn answer(card: &LevelCard) -> Html {
    html! {
        <td key={card.number} class={outcome_class(card.outcome)}>
            { gate(card.outcome, card.depends) }
            { span("visually-hidden", text(card.verdict)) }
        </td>
    }
}

fn tiles() -> Html {
    let gates = [
        (Outcome::Accept, "0 Off"),
        (Outcome::Deny, "1 If provided"),
        (Outcome::Deny, "2 Required"),
    ];
    let gates = gates.into_iter().map(|(outcome, label)| {
        html! { <span class={outcome_class(outcome)}>{ gate(outcome, false) }{ label }</span> }
    });
    html! {
        <div class="first__three">
            <div class="teach">
                { element("h3", "", text("Who the client meant")) }
                <div class="snippet mono" aria-hidden="true">
                    { span("mark is-target-name", text("63 00 69 00 66 00 73 00 2f 00")) }
                    { "…" }
                    { element("b", "ink-target", text("cifs/10.0.0.100")) }
                </div>
                { element("p", "", text("A Windows client writes the name it was told to connect to into its answer. SPNscope finds those bytes and shows them.")) }
            </div>
            <div class="teach">
                { element("h3", "", text("Whether a checksum guards it")) }
                <div class="snippet mono" aria-hidden="true">
                    { span("mark is-mic", text("aa 89 2c 6f dd 87 33 12 b5 8a 65 5d")) }
                    { "…" }
                    { element("b", "ink-mic", text("MIC")) }
                </div>
                { element("p", "", text("A client can seal all three messages with a checksum, the MIC. SPNscope says whether it is announced, whether it is there, and where.")) }
            </div>
            <div class="teach">
                { element("h3", "", text("What the server answers")) }
                <div class="snippet snippet--gates" aria-hidden="true">{ for gates }</div>
                { element("p", "", text("The policy “Server SPN target name validation level” has three values. You always see all three, with the reason and how sure it is.")) }
            </div>
        </div>
    }
}

#[cfg(all(test, feature = "ssr-tests"))]
mod tests {
    use yew::ServerRenderer;

    use super::*;

    #[tokio::test(flavor = "current_thread")]
    async fn every_sample_has_three_answers() {
        let html = ServerRenderer::<FirstVisit>::with_props(|| FirstVisitProps { tell: true })
            .hydratable(false)
            .render()
            .await;
        assert_eq!(html.matches("<td").count(), 3 * SAMPLES.len(), "{html}");
        assert_eq!(html.matches("scope=\"row\"").count(), SAMPLES.len());
    }

    #[test]
    fn the_story_is_denied_at_two_levels_and_direct_at_none() {
        let outcomes = |index: usize| -> Vec<_> {
            answers()[index].iter().map(|card| (card.outcome, card.depends)).collect()
        };
        assert_eq!(
            outcomes(0),
            [(Outcome::Accept, false), (Outcome::Deny, false), (Outcome::Deny, false)]
        );
        assert_eq!(outcomes(1), [(Outcome::Accept, false); 3]);
    }
}
