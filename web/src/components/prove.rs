//! What a secret proves, and where it is typed.

use spnscope::judge::proof::{ProofVerdict, Secret};
use spnscope_page::view::{CheckRow, HexRun, ProofView};
use spnscope_page::workbench::{Action, Held};
use yew::prelude::*;
use zeroize::Zeroizing;

use super::{data_text::data_text, each::each, icon::Icon, visible};
use crate::{
    dom::focus,
    store::{Shared, use_act},
};

/// Props of [`Prove`].
#[derive(PartialEq, Properties)]
pub(crate) struct ProveProps {
    /// The view of the chosen message.
    pub(crate) view: Shared,
}

/// Asks for the secret of whoever signs in, and says what it proves. The field keeps what was typed until
/// it is forgotten; nothing else does. It is no field for a password in a form, since browsers offer to save what is
/// typed into those, whatever the page says; the style hides the letters.
#[component]
pub(crate) fn Prove(props: &ProveProps) -> Html {
    let act = use_act();
    let field = use_node_ref();
    {
        // With the secret goes what was typed.
        let field = field.clone();
        let given = props.view.proof.as_ref().is_some_and(|proof| proof.given);
        use_effect_with(given, move |given| {
            if !given {
                focus::clear(&field);
            }
        });
    }
    let Some(proof) = &props.view.proof else { return Html::default() };
    let prove = {
        let (act, field) = (act.clone(), field.clone());
        move || {
            let text = Zeroizing::new(focus::typed_in(&field));
            let secret =
                || Secret::from_nt_hash(&text).unwrap_or_else(|_| Secret::from_password(&text));
            act.emit(Action::Prove((!text.is_empty()).then(|| Held::new(secret()))));
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
            // Also what was typed and not proven.
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
                        { "32 hex digits, or LM and NT hash with a colon between, are read as a hash." }
                    </p>
                </div>
                <div class="panel__part proof" role="status">
                    { checks(proof) }
                    { proof.fitted.as_deref().map(|fitted| html! { <p class="small">{ visible(fitted) }</p> }) }
                    { (!proof.keys.is_empty())
            .then(|| html! { <Keys key="keys" view={props.view.clone()} /> }) }
                </div>
            </div>
        </section>
    }
}

/// Each check with what it compared. Of what cannot be told for want of a secret, the first says so.
pub(super) fn checks(proof: &ProofView) -> Html {
    let told = |row: &&CheckRow| proof.given || row.verdict != ProofVerdict::Unknown;
    let mut rows: Vec<_> = proof.checks.iter().filter(told).collect();
    if rows.iter().all(|row| row.verdict == ProofVerdict::Absent) {
        rows = proof.checks.iter().take(1).collect();
    }
    let rows = each(&rows, |_, row| {
        let (class, icon) = match row.verdict {
            ProofVerdict::Valid => ("is-right", Some(Icon::Tick)),
            ProofVerdict::Invalid => ("is-wrong", Some(Icon::Cross)),
            ProofVerdict::Absent | ProofVerdict::Unknown => ("quiet", None),
        };
        html! {
            <li class="proof__check">
                <span class="proof__name">{ row.name }</span>
                { " " }
                <span class={classes!(class)}>
                    { icon.map(|icon| icon.draw("")) }
                    { row.verdict.words() }
                </span>
                { " " }
                <span class="small quiet">{ row.because.clone() }</span>
                { row.values.as_ref().map(|values| compared(values, row.verdict)) }
            </li>
        }
    });
    html! { <ul class="proof__checks">{ rows }</ul> }
}

/// The value received and, where it is another, the value computed.
fn compared(values: &[Vec<HexRun>; 2], verdict: ProofVerdict) -> Html {
    let all = [("received", &values[0]), ("computed", &values[1])];
    let shown = if verdict == ProofVerdict::Valid { &all[..1] } else { &all[..] };
    let rows = each(shown, |_, (name, runs)| value(name, runs));
    html! { <dl class="proof__values">{ rows }</dl> }
}

/// A value in hex under its name, with what differs marked.
pub(super) fn value(name: &'static str, runs: &[HexRun]) -> Html {
    let runs = each(runs, |_, run| {
        if run.differs {
            html! { <mark>{ run.hex.clone() }</mark> }
        } else {
            html! { { run.hex.clone() } }
        }
    });
    html! { <div><dt>{ name }</dt><dd class="mono">{ runs }</dd></div> }
}

/// Props of [`Keys`].
#[derive(PartialEq, Properties)]
struct KeysProps {
    /// The view of the chosen message, in which something is proven.
    view: Shared,
}

/// The keys of the session, folded away. Their texts go straight to the page, so that no copy stays where it was drawn.
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
