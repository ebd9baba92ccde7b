//! The import of facts about the server, in the forms that administrators have.

use std::sync::Arc;

use spnscope_page::view::ImportView;
use spnscope_page::workbench::ServerAction;
use yew::prelude::*;

use crate::{
    components::common::{data_text::data_text, each::each},
    dom::{
        files::{self, FileContent, FilePurpose, OpenedFile},
        focus,
    },
    store::use_act,
};

/// Props of [`Import`].
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ImportProps {
    /// The last import.
    pub(crate) read: Option<Arc<ImportView>>,
    /// True if it can be undone.
    pub(crate) can_take_back: bool,
}

/// A box for text or a file, and the result of the import. The text in the box is not kept.
#[component]
pub(crate) fn Import(props: &ImportProps) -> Html {
    let act = use_act();
    let area = use_node_ref();
    let chooser = use_node_ref();
    let fault = use_state_eq(Option::<AttrValue>::default);
    let take = {
        let fault = fault.setter();
        use_callback(act.clone(), move |opened: OpenedFile, act| {
            let (bytes, why) = match opened.content {
                Ok(FileContent::Bytes(bytes)) => (Some(bytes), None),
                // No facts about the server are read piece by piece.
                Ok(FileContent::Capture(_)) => (None, None),
                Err(why) => (None, Some(AttrValue::from(why))),
            };
            fault.set(why);
            if let Some(bytes) = bytes {
                act.emit(ServerAction::Import(bytes.into()));
            }
        })
    };
    let onsubmit = {
        let (act, area) = (act.clone(), area.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            act.emit(ServerAction::Import(focus::text_of(&area).into_bytes().into()));
        })
    };
    let take_back = Callback::from(move |_: MouseEvent| {
        act.emit(ServerAction::TakeBack);
        focus::focus("import-text");
    });
    let choose = {
        let chooser = chooser.clone();
        Callback::from(move |_: MouseEvent| focus::click(&chooser))
    };
    html! {
            <details class="fold import" id="import" open={props.read.is_some()}>
                <summary>{ "Import from your server" }</summary>
                <form class="panel__part" onsubmit={onsubmit}>
                    <label class="small quiet" for="import-text">
                        { "An event such as 5168 or 551 in any form, reg query, a .reg file, Get-SmbServerConfiguration, secedit; or a list of allowed names." }
                    </label>
                    <textarea
                        id="import-text"
                        class="input mono"
                        ref={area}
                        rows="3"
                        spellcheck="false"
                        autocomplete="off"
                        autocapitalize="off"
                   />
                    <p class="button-row">
                        <button key="over" class="button button--main" type="submit">{ "Use these settings" }</button>
                        <button key="choose" class="button" type="button" onclick={choose}>
                            { "Choose a file" }
                        </button>
                        { props.can_take_back.then(|| html! {
        <button key="back" class="button" type="button" onclick={take_back}>
            { "Undo" }
        </button>
    }) }
                    </p>
                    <input
                        class="visually-hidden"
                        type="file"
                        tabindex="-1"
                        aria-hidden="true"
                        ref={chooser}
                        onchange={Callback::from(move |event: Event| files::read_chosen(&event, FilePurpose::Import, take.clone()))}
                   />
                </form>
                <div class="panel__part import__read small" role="status">
                    { fault.as_ref().cloned() }
                    { props.read.as_deref().map(read) }
                </div>
            </details>
        }
}

/// Draws the values taken over, the causes of the events, and the parts that were not read.
fn read(view: &ImportView) -> Html {
    let lines = |lines: &[String]| each(lines, |_, line| html! { <li>{ data_text(line) }</li> });
    html! {
        <>
            <p><b>{ view.summary }</b></p>
            <ul class="import__events">{ lines(&view.events) }</ul>
            <ul>{ lines(&view.values) }</ul>
            <ul class="quiet">{ lines(&view.remarks) }</ul>
        </>
    }
}
