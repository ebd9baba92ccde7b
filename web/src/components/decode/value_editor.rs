//! The editor of a value of the message.

use spnscope::base::visible::is_hidden;
use spnscope::lab::edit::Form;
use spnscope_page::workbench::{EditAction, Editing};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{components::common::data_text::visible, dom::focus, store::use_act};

/// Props of [`ValueEditor`].
#[derive(PartialEq, Properties)]
pub(crate) struct ValueEditorProps {
    /// The value.
    pub(crate) editing: Editing,
}

/// A field for one value.
#[component]
pub(crate) fn ValueEditor(props: &ValueEditorProps) -> Html {
    let act = use_act();
    let Editing { editable, fault, .. } = &props.editing;
    // A field shows characters as they are, so a value with hidden ones is not edited in one.
    let hides = editable.value.contains(is_hidden);
    let typed = {
        let first = if hides { String::new() } else { editable.value.clone() };
        use_state(move || AttrValue::from(first))
    };
    use_effect_with((), |()| {
        focus::focus("new-value");
        || focus::focus("inspector")
    });
    let hint = match editable.form {
        _ if hides => "The present value has hidden characters, so it is not shown here.",
        Form::Text => "As the client would send it, e.g. cifs/fileserver",
        Form::Number => "A number in hex.",
        Form::Hex => "Hex digits, two per byte.",
    };
    let oninput = {
        let typed = typed.setter();
        move |event: InputEvent| {
            typed.set(event.target_unchecked_into::<HtmlInputElement>().value().into());
        }
    };
    let onsubmit = {
        let (act, typed) = (act.clone(), typed.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            act.emit(EditAction::Change(Some(typed.to_string())));
        }
    };
    html! {
        <form class="editor inspector" {onsubmit}>
            <label class="panel__label" for="new-value">
                { "Another value for " }
                { visible(&editable.name) }
            </label>
            <input
                class="input mono"
                id="new-value"
                autocomplete="off"
                spellcheck="false"
                autocapitalize="off"
                value={(*typed).clone()}
                {oninput}
                aria-describedby="new-value-hint"
            />
            <p class="small quiet" id="new-value-hint">{ hint }</p>
            <p class="small editor__fault" role="alert">{ fault.as_deref().unwrap_or_default() }</p>
            <p class="button-row">
                <button class="button button--main" type="submit">{ "Change" }</button>
                if editable.removable {
                    <button class="button" type="button" onclick={act.on(EditAction::Change(None))}>
                        { "Remove the field" }
                    </button>
                }
                <button class="button" type="button" onclick={act.on(EditAction::Open(None))}>
                    { "Cancel" }
                </button>
            </p>
        </form>
    }
}
