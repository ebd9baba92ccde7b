//! The edits made by hand, and their consequences.

use spnscope::lab::edit::ComputeError;
use spnscope_page::workbench::EditAction;
use yew::prelude::*;

use crate::components::common::checks::Checks;
use crate::{
    components::common::data_text::{data_text, visible},
    dom::focus,
    store::{Shared, use_act},
};

/// Props of [`Edited`].
#[derive(PartialEq, Properties)]
pub(crate) struct EditedProps {
    /// The view of the chosen message.
    pub(crate) view: Shared,
}

/// The edits, the checks that no longer fit, and the ways on. Hidden if nothing was edited.
#[component]
pub(crate) fn Edited(props: &EditedProps) -> Html {
    let act = use_act();
    let Some(edited) = &props.view.edited else { return html! { <section hidden=true /> } };
    // An edit that waits for the secret leads to its field; an impossible one has no button.
    let asks = edited.only_the_client == Some(ComputeError::NoSecret);
    let compute = if asks {
        Callback::from(|_: MouseEvent| focus::focus_and_show("secret"))
    } else {
        act.on(EditAction::ComputeAsClient)
    };
    let who = props.view.proof.as_ref().map(|proof| data_text(&proof.who));
    let waits_for = match edited.only_the_client {
        Some(ComputeError::NoSecret) => html! { <>{ "Needs the password of " }{ who }{ "." }</> },
        Some(because) => html! { { because.to_string() } },
        None => Html::default(),
    };
    html! {
        <section class="section edited bench__wide" aria-labelledby="edited-h">
            <div class="section__head"><h2 id="edited-h">{ "Edited by hand" }</h2></div>
            <p role="status">{ visible(&edited.summary) }{ " " }{ &edited.bytes }</p>
            { props.view.proof.as_ref().map(|proof| html! { <Checks rows={proof.shown_checks()} /> }) }
            <p class="button-row">
                <button
                    class="button button--main"
                    type="button"
                    disabled={edited.only_the_client.is_some() && !asks}
                    aria-describedby="compute-waits"
                    onclick={compute}
                >
                    { "Recompute, as the client would" }
                </button>
                <span id="compute-waits" class="small">{ waits_for }</span>
                <button class="button" type="button" onclick={act.on(EditAction::TakeBack)}>
                    { "Undo the edits" }
                </button>
            </p>
            <p class="small quiet">
                if edited.only_the_client.is_some() {
                    { "Only someone who knows the password or hash can make the bytes fit again." }
                } else {
                    { "The secret is known here, so the response, the session key and the MIC can be computed over the edited bytes." }
                }
            </p>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use spnscope::judge::proof::Secret;
    use spnscope_page::workbench::{Action, PasteAction, SharedSecret, Workbench};

    use super::*;
    use crate::components::fixture::{self, Part};

    /// The story with its MIC edited, and this password given.
    fn drawn(password: Option<&str>) -> Html {
        let story = Workbench::default().apply(PasteAction::Sample(0));
        let path = story.view().and_then(|view| {
            let mic = view.fields.iter().find(|row| row.name == "MIC")?;
            Some(mic.path.clone())
        });
        let edited =
            story.apply(EditAction::Open(path)).apply(EditAction::Change(Some("00".repeat(16))));
        let secret = password.map(|password| SharedSecret::new(Secret::from_password(password)));
        let edited = edited.apply(Action::Prove(secret));
        let view: Shared = edited.view().expect("a view").clone().into();
        html! { <Edited {view} /> }
    }

    /// The button that computes the edited bytes anew.
    fn compute(page: Part) -> Part {
        page.by_role("button", "Recompute, as the client would")
    }

    #[tokio::test(flavor = "current_thread")]
    async fn an_edit_that_needs_the_password_has_a_button_that_says_so() {
        let page = fixture::page(|| drawn(None)).await;
        assert!(!compute(page).is_disabled(), "{page:?}");
        assert!(page.says(r"Needs the password of LAB\User."), "{page:?}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn an_impossible_edit_is_disabled_with_its_reason() {
        let page = fixture::page(|| drawn(Some("wrong"))).await;
        assert!(compute(page).is_disabled(), "{page:?}");
        assert!(page.says("The secret given does not fit"), "{page:?}");
        let page = fixture::page(|| drawn(Some("Password"))).await;
        assert!(!compute(page).is_disabled(), "{page:?}");
    }
}
