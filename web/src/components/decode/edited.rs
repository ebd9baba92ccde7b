//! What was changed by hand, and what that did.

use spnscope_page::workbench::EditAction;
use yew::prelude::*;

use crate::components::common::checks::Checks;
use crate::{
    components::common::data_text::visible,
    store::{Shared, use_act},
};

/// Props of [`Edited`].
#[derive(PartialEq, Properties)]
pub(crate) struct EditedProps {
    /// The view of the chosen message.
    pub(crate) view: Shared,
}

/// What was edited, what no longer fits, and the ways on from there. Hidden where nothing was.
#[component]
pub(crate) fn Edited(props: &EditedProps) -> Html {
    let act = use_act();
    let Some(edited) = &props.view.edited else { return html! { <section hidden=true /> } };
    html! {
        <section class="section edited bench__wide" aria-labelledby="edited-h">
            <div class="section__head"><h2 id="edited-h">{ "Edited by hand" }</h2></div>
            <p role="status">{ visible(&edited.summary) }{ " " }{ &edited.bytes }</p>
            { props.view.proof.as_ref().map(|proof| html! { <Checks rows={proof.told_checks()} /> }) }
            <p class="button-row">
                <button
                    class="button button--main"
                    type="button"
                    disabled={edited.only_the_client.is_some()}
                    onclick={act.on(EditAction::ComputeAsClient)}
                >
                    { "Compute anew, as the client would" }
                </button>
                <button class="button" type="button" onclick={act.on(EditAction::TakeBack)}>
                    { "Take the edits back" }
                </button>
            </p>
            <p class="small quiet">
                if let Some(because) = edited.only_the_client {
                    { "Only someone who knows the password or hash can make the bytes fit again. " }
                    { because.to_string() }
                } else {
                    { "The secret is known here, so the response, the session key and the MIC can be computed over the edited bytes." }
                }
            </p>
        </section>
    }
}
