//! Changing a value by hand, and what that did.

use spnscope::base::visible::is_hidden;
use spnscope::lab::edit::Form;
use spnscope_page::view::DecodeView;
use spnscope_page::workbench::{Action, Editing};
use yew::prelude::*;

use super::{
    draw::{draw, on},
    prove::checks,
    visible,
};
use crate::{
    dom::focus,
    hooks::{use_effect_until, use_node_ref},
    store::act,
};

/// What was edited, what no longer fits, and the ways on from there.
pub(super) fn edited(view: &DecodeView) -> Html {
    let Some(edited) = &view.edited else { return Html::default() };
    draw!(
        "<section class='section edited bench__wide' aria-labelledby=edited-h>\
           <div class=section__head><h2 id=edited-h>Edited by hand</h2></div>\
           <p role=status>{} {}</p>{}\
           <p class=button-row>\
             <button class='button button--main' type=button disabled={} onclick={}>Compute anew, as the client would</button>\
             <button class=button type=button onclick={}>Take the edits back</button>\
           </p>\
           <p class='small quiet'>{}</p>\
         </section>",
        visible(&edited.summary),
        edited.bytes.clone(),
        view.proof.as_ref().map(checks),
        edited.only_the_client.is_some(),
        Action::AsClient,
        Action::Unedit,
        match edited.only_the_client {
            Some(because) => format!("Only whoever knows the secret can make the bytes fit again. {because}"),
            None => "The secret is known here, so the response, the session key and the MIC can be computed over the edited bytes.".to_owned(),
        },
    )
}

/// Props of [`ValueEditor`].
#[derive(PartialEq, Properties)]
pub(crate) struct ValueEditorProps {
    /// The value.
    pub(crate) editing: Editing,
}

/// A field for one value.
#[component]
pub(crate) fn ValueEditor(props: &ValueEditorProps) -> Html {
    let field = use_node_ref();
    use_effect_until((), |()| {
        focus::focus("new-value");
        || focus::focus("inspector")
    });
    let Editing { editable, fault, .. } = &props.editing;
    // A field shows characters as they are, so a value that hides some is not typed into one.
    let hides = editable.value.contains(is_hidden);
    let hint = match editable.form {
        _ if hides => "The present value hides characters, so it is not shown here.",
        Form::Text => "Text.",
        Form::Number => "A number in hex.",
        Form::Hex => "Hex digits, two a byte.",
    };
    let onsubmit = {
        let field = field.clone();
        on(move |event: Event| {
            event.prevent_default();
            act(Action::Change(Some(focus::typed_in(&field))));
        })
    };
    draw!(
        "<form class='editor inspector' onsubmit={}>\
           <label class=panel__label for=new-value>Another value for {}</label>\
           <input class='input mono' id=new-value autocomplete=off spellcheck=false autocapitalize=off \
             defaultvalue={} aria-describedby=new-value-hint ref={}/>\
           <p class='small quiet' id=new-value-hint>{}</p>\
           <p class='small editor__fault' role=alert>{}</p>\
           <p class=button-row>\
             <button class='button button--main' type=submit>Change</button>{}\
             <button class=button type=button onclick={}>Cancel</button>\
           </p>\
         </form>",
        onsubmit,
        visible(&editable.name),
        (!hides).then(|| editable.value.clone()),
        field,
        hint,
        fault.clone().unwrap_or_default(),
        editable.removable.then(|| draw!(
            "<button class=button type=button onclick={}>Take it out</button>",
            Action::Change(None),
        )),
        Action::Edit(None),
    )
}
