//! The proof from a secret, and the field for the secret.

use spnscope::judge::proof::Secret;
use spnscope::lab::edit::ComputeError;
use spnscope_page::workbench::{Action, SharedSecret};
use yew::prelude::*;
use zeroize::Zeroizing;

use crate::{
    components::common::{
        checks::Checks,
        data_text::{data_text, visible},
        each::each,
    },
    dom::focus,
    store::{Shared, use_act},
};

/// Props of [`Prove`].
#[derive(PartialEq, Properties)]
pub(crate) struct ProveProps {
    /// The view of the chosen message.
    pub(crate) view: Shared,
}

/// The field for the secret of the user, and the proof. The field keeps its text until it is
/// forgotten; nothing else does. It is no password field in a form, since browsers offer to save
/// those, whatever the page says; the style hides the letters.
#[component]
pub(crate) fn Prove(props: &ProveProps) -> Html {
    let act = use_act();
    let field = use_node_ref();
    {
        // The typed text goes with the secret.
        let field = field.clone();
        let given = props.view.proof.as_ref().is_some_and(|proof| proof.given);
        use_effect_with(given, move |given| {
            if !given {
                focus::clear(&field);
            }
        });
    }
    let Some(proof) = &props.view.proof else { return Html::default() };
    let edited = props.view.edited.as_ref();
    let is_needed =
        edited.is_some_and(|edited| edited.only_the_client == Some(ComputeError::NoSecret));
    let prove = {
        let (act, field) = (act.clone(), field.clone());
        move || {
            let text = Zeroizing::new(focus::typed_in(&field));
            let secret =
                || Secret::from_nt_hash(&text).unwrap_or_else(|_| Secret::from_password(&text));
            act.emit(Action::Prove((!text.is_empty()).then(|| SharedSecret::new(secret()))));
        }
    };
    let onkeydown = {
        let prove = prove.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && !event.is_composing() {
                prove();
            }
        })
    };
    let forget = {
        let (act, field) = (act, field.clone());
        Callback::from(move |_: MouseEvent| {
            // Also text that was typed and not proven.
            focus::clear(&field);
            act.emit(Action::Prove(None));
        })
    };
    html! {
        <section class="rail__next" aria-labelledby="prove-h">
            <div class="section__head">
                <h2 id="prove-h">{ "Prove it" }</h2>
                <span class="spacer" />
                <span class="small quiet">{ "never stored, never sent" }</span>
            </div>
            <div class="panel prove" role="group" aria-labelledby="prove-h">
                <div class="panel__part">
                    <label class="panel__label" for="secret">
                        { "Password or NT hash of " }
                        { data_text(&proof.who) }
                    </label>
                    <p class="button-row">
                        <input
                            class="input mono secret"
                            id="secret"
                            type="text"
                            autocomplete="off"
                            autocorrect="off"
                            spellcheck="false"
                            autocapitalize="off"
                            aria-describedby="secret-hint"
                            onkeydown={onkeydown}
                            ref={field}
                       />
                        <button
                            class="button button--main"
                            type="button"
                            onclick={Callback::from(move |_: MouseEvent| prove())}
                        >
                            { "Prove" }
                        </button>
                        <button class="button" id="forget" type="button" onclick={forget}>
                            { "Forget" }
                        </button>
                    </p>
                    <p class="small quiet" id="secret-hint">
                        if is_needed {
                            <b>
                                { "Needs the password of " }
                                { data_text(&proof.who) }
                                { " to recompute the edited bytes. " }
                            </b>
                        }
                        { "32 hex digits, or LM and NT hash with a colon between, are read as a hash." }
                    </p>
                </div>
                <div class="panel__part proof" role="status">
                    <Checks rows={proof.shown_checks()} />
                    { proof.fitted.as_deref().map(|fitted| html! { <p class="small">{ visible(fitted) }</p> }) }
                    { (!proof.keys.is_empty())
            .then(|| html! { <Keys key="keys" view={props.view.clone()} /> }) }
                </div>
            </div>
        </section>
    }
}

/// Props of [`Keys`].
#[derive(PartialEq, Properties)]
struct KeysProps {
    /// The view of the chosen message, with something proven.
    view: Shared,
}

/// The keys of the session, folded. Their texts go straight into the page, so that no copy is left
/// in the virtual DOM.
#[component]
fn Keys(props: &KeysProps) -> Html {
    let list = use_node_ref();
    let keys = props.view.proof.as_ref().map_or(&[][..], |proof| &proof.keys);
    {
        let list = list.clone();
        use_effect_with(props.view.clone(), move |view| {
            let keys = view.proof.iter().flat_map(|proof| &proof.keys);
            if let Some(list) = list.cast() {
                focus::set_texts(&list, "dd", keys.map(|(_, key)| key.as_str()));
            }
        });
    }
    let rows =
        each(keys, |_, (name, _)| html! { <div><dt>{ *name }</dt><dd class="mono"></dd></div> });
    html! {
        <details class="fold">
            <summary>{ "Keys of the session" }</summary>
            <dl id="keys" class="proof__values" ref={list}>{ rows }</dl>
        </details>
    }
}
