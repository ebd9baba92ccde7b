//! Taking over the server side as administrators have it.

use std::sync::Arc;

use spnscope_page::view::ImportView;
use spnscope_page::workbench::Action;
use yew::prelude::*;

use super::{
    data_text::data_text,
    draw::{draw, each, on},
};
use crate::{
    dom::{
        files::{self, Opened},
        focus,
    },
    hooks::{use_callback, use_node_ref, use_state_eq},
    store::act,
};

/// Props of [`Import`].
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ImportProps {
    /// What was read last.
    pub(crate) read: Option<Arc<ImportView>>,
    /// Whether it can be taken back.
    pub(crate) can_take_back: bool,
}

/// A box for text or a file, and what came of it. What is in the box is not kept.
#[component]
pub(crate) fn Import(props: &ImportProps) -> Html {
    let area = use_node_ref();
    let chooser = use_node_ref();
    let fault = use_state_eq(Option::<AttrValue>::default);
    let take = {
        let fault = fault.setter();
        use_callback((), move |opened: Opened, ()| {
            fault.set(opened.fault());
            if let Ok(bytes) = opened.bytes {
                act(Action::Import(bytes.into()));
            }
        })
    };
    let onsubmit = {
        let area = area.clone();
        on(move |event: Event| {
            event.prevent_default();
            act(Action::Import(focus::text_of(&area).into_bytes().into()));
        })
    };
    let choose = {
        let chooser = chooser.clone();
        on(move |_: Event| focus::click(&chooser))
    };
    draw!(
        "<details class='fold import' id=import open={}>\
           <summary>Import from your server</summary>\
           <form class=panel__part onsubmit={}>\
             <label class='small quiet' for=import-text>\
               Event 5168 or 551 as XML or text, reg query, a .reg file, Get-SmbServerConfiguration, secedit; or a list of allowed names.\
             </label>\
             <textarea id=import-text class='input mono' ref={} rows=3 spellcheck=false autocomplete=off autocapitalize=off/>\
             <p class=button-row>\
               <button class='button button--main' type=submit>Take over</button>\
               <button class=button type=button onclick={}>Choose a file</button>{}\
             </p>\
             <input class=visually-hidden type=file tabindex=-1 aria-hidden=true ref={} onchange={}/>\
           </form>\
           <div class='panel__part import__read small' role=status>{}{}</div>\
         </details>",
        props.read.is_some(),
        onsubmit,
        area,
        choose,
        props.can_take_back.then(|| draw!(
            "<button class=button type=button onclick={}>Take it back</button>",
            on(|_: Event| {
                act(Action::TakeBack);
                focus::focus("import-text");
            }),
        )),
        chooser,
        on(move |event: Event| files::read_chosen(&event, take.clone())),
        fault.as_ref().cloned(),
        props.read.as_deref().map(read),
    )
}

/// What was taken over, why the events were written, and what was not read.
fn read(view: &ImportView) -> Html {
    let lines = |lines: &[String]| each(lines, |_, line| draw!("<li>{}</li>", data_text(line)));
    draw!(
        "<p><b>{}</b></p><ul class=import__events>{}</ul><ul>{}</ul><ul class=quiet>{}</ul>",
        view.summary,
        lines(&view.events),
        lines(&view.values),
        lines(&view.remarks),
    )
}
