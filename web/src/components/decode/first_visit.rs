//! The first visit, while the paste box is empty: samples with their answers, and what the page is
//! about.

use spnscope::judge::smb::Outcome;
use spnscope_page::view::{LevelCard, SAMPLES, Sample, ServerNote};
use spnscope_page::workbench::{PasteAction, Place, access_address};
use yew::prelude::*;

use crate::{
    components::{
        common::{
            each::each,
            icon::{gate, outcome_class},
        },
        server::notes::server_notes,
    },
    dom::focus,
    store::use_act,
};

/// Props of [`FirstVisit`].
#[derive(PartialEq, Properties)]
pub(crate) struct FirstVisitProps {
    /// True if the explanation of the page is shown too.
    pub(crate) tell: bool,
    /// The notes about the kept server.
    pub(crate) notes: Vec<ServerNote>,
}

/// The samples as a table, and three features of the page.
#[component]
pub(crate) fn FirstVisit(props: &FirstVisitProps) -> Html {
    let act = use_act();
    let answers = use_memo((), |()| SAMPLES.iter().map(Sample::answers).collect::<Vec<_>>());
    let rows = each(SAMPLES, |index, sample| {
        let act = act.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            act.emit(PasteAction::Sample(index));
            focus::focus("main");
        });
        html! {
            <tr key={index}>
                <th scope="row">
                    <button class="link" type="button" onclick={onclick}>
                        { sample.title }
                    </button>
                    <span class="samples__what">{ sample.what }</span>
                </th>
                { each(&answers[index], |_, card| answer(card)) }
            </tr>
        }
    });
    html! {
        <>
            { props.tell.then(doors) }
            <h1 key="nothing" class="visually-hidden" hidden={props.tell}>
                { "Nothing was recognised" }
            </h1>
            <section key="samples" class="first__samples" aria-labelledby="try-h">
                { server_notes(&props.notes, &act) }
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
                    <tbody>{ rows }</tbody>
                </table>
            </section>
            <section key="what" class="first__what" aria-labelledby="what-h" hidden={!props.tell}>
                <h2 class="visually-hidden" id="what-h">{ "What it shows" }</h2>
                { tiles() }
            </section>
        </>
    }
}

/// Draws the two other doors: without a capture, and without a question yet.
fn doors() -> Html {
    html! {
        <div key="doors" class="first__doors">
            <section class="door" aria-labelledby="door-denied">
                <h2 id="door-denied" class="door__title">{ "Users get “Access is denied”" }</h2>
                <p>
                    { "Say what they open and what the server is called. See at which level of the policy “Server SPN target name validation level” that is denied, what fixes it, and which events tell." }
                </p>
                <a class="button" href={format!("#/{}", access_address())}>
                    { "Ask without a capture" }
                </a>
            </section>
            <section class="door" aria-labelledby="door-relay">
                <h2 id="door-relay" class="door__title">{ "I want to understand relay" }</h2>
                <p>
                    { "A relay passes a victim's sign-in on to another server and gets the session, without ever knowing the password." }
                </p>
                <p class="button-row">
                    <a class="button" href={format!("#/{}", Place::Relay.as_str())}>
                        { "Play one in the lab" }
                    </a>
                    <a class="button" href={format!("#/{}", Place::Learn.as_str())}>
                        { "Learn how it works" }
                    </a>
                </p>
            </section>
        </div>
    }
}

fn answer(card: &LevelCard) -> Html {
    html! {
        <td key={usize::from(card.number)} class={classes!(outcome_class(card.outcome))}>
            { gate(card.outcome, card.depends) }
            <span class="samples__word">{ card.short() }</span>
        </td>
    }
}

fn tiles() -> Html {
    let gates = [
        (Outcome::Accept, "0 Off"),
        (Outcome::Deny, "1 If provided"),
        (Outcome::Deny, "2 Required"),
    ];
    html! {
            <div class="first__three">
                <div class="teach">
                    <h3>{ "Which server the client meant" }</h3>
                    <div class="snippet mono" aria-hidden="true">
                        <span class="mark is-target-name">{ "63 00 69 00 66 00 73 00 2f 00" }</span>
                        { "…" }
                        <b class="ink-target">{ "cifs/10.0.0.100" }</b>
                    </div>
                    <p>
                        { "A Windows client writes the name it was told to connect to into its answer. SPNscope finds those bytes and shows them." }
                    </p>
                </div>
                <div class="teach">
                    <h3>{ "Whether a checksum guards it" }</h3>
                    <div class="snippet mono" aria-hidden="true">
                        <span class="mark is-mic">{ "aa 89 2c 6f dd 87 33 12 b5 8a 65 5d" }</span>
                        { "…" }
                        <b class="ink-mic">{ "MIC" }</b>
                    </div>
                    <p>
                        { "A client can seal all three messages with a checksum, the MIC. SPNscope says whether it is announced, whether it is there, and where." }
                    </p>
                </div>
                <div class="teach">
                    <h3>{ "What the server answers" }</h3>
                    <div class="snippet snippet--gates" aria-hidden="true">
                        { each(&gates, |_, (outcome, label)| html! {
        <span class={classes!(outcome_class(*outcome))}>{ gate(*outcome, false) }{ *label }</span>
    }) }
                    </div>
                    <p>
                        { "The policy “Server SPN target name validation level” has three values. You always see all three, with the reason and how sure it is." }
                    </p>
                </div>
            </div>
        }
}

#[cfg(test)]
mod tests {
    use yew::ServerRenderer;

    use super::*;
    use crate::components::fixture::Part;

    #[tokio::test(flavor = "current_thread")]
    async fn every_sample_has_three_answers() {
        let html = ServerRenderer::<FirstVisit>::with_props(|| FirstVisitProps {
            tell: true,
            notes: Vec::new(),
        })
        .hydratable(false)
        .render()
        .await;
        let page = Part::parse(&html);
        let rows = page.by_role("region", "Or try one of these").elements("row");
        assert_eq!(rows.len(), 1 + SAMPLES.len(), "{page:?}");
        for (row, sample) in rows.into_iter().skip(1).zip(SAMPLES) {
            let [header] = row.elements("rowheader")[..] else { panic!("no header: {row:?}") };
            header.by_role("button", sample.title);
            assert_eq!(row.elements("cell").len(), 3, "{row:?}");
        }
        assert_eq!(page.elements("cell").len(), 3 * SAMPLES.len(), "{page:?}");
    }

    #[test]
    fn the_story_is_denied_at_two_levels_and_direct_at_none() {
        let outcomes = |index: usize| -> Vec<_> {
            SAMPLES[index].answers().iter().map(|card| (card.outcome, card.depends)).collect()
        };
        assert_eq!(
            outcomes(0),
            [(Outcome::Accept, false), (Outcome::Deny, false), (Outcome::Deny, false)]
        );
        assert_eq!(outcomes(1), [(Outcome::Accept, false); 3]);
    }
}
