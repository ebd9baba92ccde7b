//! Copies of a field or of the message, in a form to choose; and a link that contains the input.

use spnscope_page::view::{CopyForm, copy, left_out};
use spnscope_page::workbench::{LinkContent, PasteAction};
use yew::prelude::*;

use crate::{
    components::common::{command::copy_box, each::each},
    dom::{address, events},
    store::{Shared, use_act},
};

/// Props of [`CopyAs`].
#[derive(PartialEq, Properties)]
pub(crate) struct CopyAsProps {
    /// The view of the chosen message.
    pub(crate) view: Shared,
    /// The index of the selected field.
    pub(crate) row: Option<usize>,
    /// True if the input can be handed on.
    pub(crate) linkable: bool,
    /// True if there are facts about the server to hand on with it.
    pub(crate) has_server: bool,
    /// The address that hands on the input, once the reader asked for it.
    pub(crate) link: Option<AttrValue>,
}

/// A folded part; copies are made only once it is unfolded.
#[component]
pub(crate) fn CopyAs(props: &CopyAsProps) -> Html {
    let act = use_act();
    let CopyAsProps { view, row, linkable, link, .. } = props;
    let open = use_state_eq(bool::default);
    let form = use_state_eq(CopyForm::default);
    let whole = use_state_eq(bool::default);
    let blank = use_state_eq(bool::default);
    let with_server = use_state_eq(bool::default);
    let content = (*open).then(|| {
        let name = row.and_then(|row| view.fields.get(row)).map_or("", |row| &*row.name);
        let scopes = [(false, name.to_owned()), (true, "Whole message".to_owned())];
        let scopes = each(&scopes, |_, (is_whole, label)| {
            let (to, whole_now) = (whole.setter(), *whole || row.is_none());
            let is_whole = *is_whole;
            html! {
                <label key={usize::from(is_whole)}>
                    <input
                        type="radio"
                        name="copy-what"
                        checked={whole_now == is_whole}
                        onchange={Callback::from(move |_: Event| to.set(is_whole))}
                   />
                    { label.clone() }
                </label>
            }
        });
        let forms = each(&CopyForm::ALL, |_, one| {
            let (to, one) = (form.setter(), *one);
            html! {
                <label key={one.label()}>
                    <input
                        type="radio"
                        name="copy-form"
                        checked={*form == one}
                        onchange={Callback::from(move |_: Event| to.set(one))}
                   />
                    { one.label() }
                </label>
            }
        });
        let left_out = left_out(view);
        let is_blank = *blank && left_out.is_some();
        let content = LinkContent {
            leaves_secrets_out: is_blank,
            has_server: *with_server && props.has_server,
        };
        // A link that is shown contains what is ticked now.
        let make_anew = {
            let (act, is_made) = (act.clone(), link.is_some());
            move |content: LinkContent| {
                if is_made {
                    act.emit(PasteAction::Link(content));
                }
            }
        };
        let (set_blank, remake) = (blank.setter(), make_anew.clone());
        let check = left_out.map(|parts| html! {
            <label class="check">
                <input
                    type="checkbox"
                    checked={is_blank}
                    onchange={Callback::from(move |event: Event| {
                        let leaves_secrets_out = events::is_checked(&event);
                        set_blank.set(leaves_secrets_out);
                        remake(LinkContent { leaves_secrets_out, ..content });
                    })}
               />
                { "Leave out what lets someone crack the password: " }
                { parts }
            </label>
        });
        let set_server = with_server.setter();
        let server_check = props.has_server.then(|| html! {
            <label key="server" class="check">
                <input
                    type="checkbox"
                    id="link-server"
                    checked={*with_server}
                    onchange={Callback::from(move |event: Event| {
                        let has_server = events::is_checked(&event);
                        set_server.set(has_server);
                        make_anew(LinkContent { has_server, ..content });
                    })}
               />
                { "The link also holds the server's names and addresses, so that its reader sees the same answer" }
            </label>
        });
        let row = row.filter(|_| !*whole);
        html! {
            <>
                <div key="what" class="choice" role="radiogroup" aria-label="What">{ scopes }</div>
                <div key="form" class="choice" role="radiogroup" aria-label="Form">{ forms }</div>
                <div key="blank">{ check }</div>
                <div key="copy">{ copy_box("what is chosen", copy(view, row, *form, is_blank)) }</div>
                if *linkable {
                    <p key="make" class="small">
                        <button class="link" type="button" onclick={act.on(PasteAction::Link(content))}>
                            { "Make a link" }
                        </button>
                        { what_is_linked(content) }
                        { " It goes to no server, but this browser keeps it in its history once it is opened." }
                    </p>
                    { server_check }
                }
                { link.as_ref().map(|link| html! { <div key="link">{ copy_box("the link", address::full(link)) }</div> }) }
            </>
        }
    });
    let set_open = open.setter();
    let to = !*open;
    html! {
        <div key="copy" class="copy-as">
            <button
                class="button button--bare"
                type="button"
                aria-expanded={open.to_string()}
                aria-controls="copy-as"
                onclick={Callback::from(move |_: MouseEvent| set_open.set(to))}
            >
                { "Copy as" }
            </button>
            <div id="copy-as" hidden={!*open}>{ content }</div>
        </div>
    }
}

/// The warning about what a link gives away.
const fn what_is_linked(content: LinkContent) -> &'static str {
    if content.leaves_secrets_out {
        " with the messages in it, without what is left out above. Whoever has the link sees who signed in where, and cannot crack the password."
    } else {
        " with all of the paste in it. Whoever has the link has the sign-in."
    }
}
