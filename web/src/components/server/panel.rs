//! The server: its role, names, addresses, allowed names and switches.

use spnscope::base::{
    spn::{LOCAL_HOST, LOOPBACK},
    visible::is_hidden,
};
use spnscope::judge::smb::{Role, ServerSettings, ServerSwitch};
use spnscope_page::view::{ServerBasis, ServerPanel as View};
use spnscope_page::workbench::ServerEdit;
use yew::prelude::*;

use super::{
    import::{Import, ImportProps},
    list_editor::{EntryKind, ListEditor, ListEditorProps, split},
};
use crate::{
    components::common::{
        data_text::{data_text, visible},
        each::each,
        icon::Icon,
    },
    dom::{events, focus},
    store::{Act, use_act},
};

/// Props of [`ServerPanel`].
#[derive(PartialEq, Properties)]
pub(crate) struct ServerPanelProps {
    /// The server in force.
    pub(crate) settings: ServerSettings,
    /// The facts about it that follow from the messages.
    pub(crate) panel: View,
    /// The source of the facts about it.
    pub(crate) basis: ServerBasis,
    /// The last import.
    pub(crate) import: ImportProps,
}

/// All settings of the server. Each change shows in the verdicts at once.
#[component]
pub(crate) fn ServerPanel(props: &ServerPanelProps) -> Html {
    let act = use_act();
    let ServerPanelProps { settings, panel, basis, import } = props;
    let editing = use_state_eq(Option::<ServerList>::default);
    {
        // The focus goes back to the button that opened the editor, which is only now there again.
        let was = use_mut_ref(Option::<ServerList>::default);
        use_effect_with(*editing, move |now| {
            if let (Some(list), None) = (was.replace(*now), now) {
                focus::focus(list.edit_id());
            }
        });
    }
    // `None` until something is typed: until then the field has the missing name.
    let typed = use_state_eq(Option::<AttrValue>::default);
    let context = PanelContext { settings, panel, editing: &editing, act: &act };
    html! {
        <section aria-labelledby="server-h">
            <div class="section__head">
                <h2 id="server-h">{ "The server" }</h2>
                <span class="spacer" />
                <span class="small quiet">
                    { match basis {
            ServerBasis::Messages => "",
            ServerBasis::Stated => "in this tab, not kept",
            ServerBasis::Kept => "kept in this browser",
            ServerBasis::Sample => "of the sample, not kept",
        } }
                </span>
            </div>
            <div class="panel">
                { context.role() }
                { context.names() }
                { context.addresses() }
                { context.allowed(&typed) }
                { context.switches() }
                <Import key="import" ..import.clone() />
            </div>
        </section>
    }
}

/// A list that can be edited.
#[derive(Clone, Copy, Debug, PartialEq)]
enum ServerList {
    Names,
    Domains,
    Addresses,
}

impl ServerList {
    /// The id of the button that opens its editor.
    const fn edit_id(self) -> &'static str {
        match self {
            Self::Names => "names-edit",
            Self::Domains => "domains-edit",
            Self::Addresses => "addresses-edit",
        }
    }

    /// The edit that replaces the list.
    fn rewritten(self, entries: Vec<String>) -> ServerEdit {
        match self {
            Self::Names => ServerEdit::Names(entries),
            Self::Domains => ServerEdit::Domains(entries),
            Self::Addresses => ServerEdit::Addresses(
                entries.iter().filter_map(|entry| entry.parse().ok()).collect(),
            ),
        }
    }
}

/// The context in which the parts of the panel are drawn.
struct PanelContext<'r> {
    settings: &'r ServerSettings,
    panel: &'r View,
    editing: &'r UseStateHandle<Option<ServerList>>,
    act: &'r Act,
}

impl PanelContext<'_> {
    fn role(&self) -> Html {
        let choices =
            [(Role::Member, "Member server"), (Role::DomainController, "Domain controller")];
        let choices = each(&choices, |_, (role, label)| {
            let onchange = self.act.on(ServerEdit::Role(*role));
            html! {
                <label key={*label}>
                    <input
                        type="radio"
                        name="role"
                        checked={self.settings.role == *role}
                        onchange={onchange}
                   />
                    { *label }
                </label>
            }
        });
        html! {
            <div key="role" class="panel__part">
                <div class="choice" role="radiogroup" aria-label="Role">{ choices }</div>
            </div>
        }
    }

    fn names(&self) -> Html {
        let Self { settings, panel, .. } = self;
        let below = match **self.editing {
            Some(ServerList::Names) => {
                let entries =
                    if settings.names.is_empty() { &panel.names } else { &settings.names };
                self.editor(
                    ServerList::Names,
                    "Names of the server",
                    EntryKind::Names,
                    entries.clone(),
                )
            }
            Some(ServerList::Domains) => {
                let entries = settings.domains.clone();
                self.editor(ServerList::Domains, "Names of its domain", EntryKind::Names, entries)
            }
            _ => html! {
                            <p key="from" class="small quiet">
                                { visible(&panel.names_from) }
                                { " " }
                                { self.edit(ServerList::Names, "Edit", "Edit the names") }
                                { (settings.role == Role::DomainController).then(|| html! {
                <>
                    { " " }
                    { self.edit(ServerList::Domains, "Edit the domain's", "Edit the domain's names") }
                </>
            }) }
                            </p>
                        },
        };
        html! {
            <div key="names" class="panel__part">
                <p key="label" class="panel__label">{ "Its names" }</p>
                { tokens(&panel.names, &[LOCAL_HOST.to_owned()]) }
                <div key="below">{ below }</div>
            </div>
        }
    }

    /// Draws the addresses of the server. No message has them.
    fn addresses(&self) -> Html {
        let entries: Vec<_> = self.settings.addresses.iter().map(ToString::to_string).collect();
        let fixed = LOOPBACK.map(|address| address.to_string());
        let foreign: Vec<_> =
            self.settings.foreign_addresses.iter().map(ToString::to_string).collect();
        let from = match (entries.is_empty(), foreign.is_empty()) {
            (false, _) => "Entered here.".to_owned(),
            (true, true) => "Not in the messages.".to_owned(),
            (true, false) => format!("Not its own, as you say: {}.", foreign.join(", ")),
        };
        let list = tokens(&entries, &fixed);
        let below = if **self.editing == Some(ServerList::Addresses) {
            self.editor(
                ServerList::Addresses,
                "Addresses of the server",
                EntryKind::Addresses,
                entries,
            )
        } else {
            html! {
                <p key="from" class="small quiet">
                    { from }
                    { " " }
                    { self.edit(ServerList::Addresses, "Edit", "Edit the addresses") }
                </p>
            }
        };
        html! {
            <div key="addresses" class="panel__part">
                <p key="label" class="panel__label">{ "Its addresses" }</p>
                { list }
                <div key="below">{ below }</div>
            </div>
        }
    }

    /// Draws `SrvAllowedServerNames`. The name that would change a verdict is filled in already.
    fn allowed(&self, typed: &UseStateHandle<Option<AttrValue>>) -> Html {
        let allowed = &self.settings.allowed;
        // A field shows characters as they are, so a name with hidden ones is not filled in.
        let (missing, hides) = match self.panel.missing.as_deref() {
            Some(name) if name.contains(is_hidden) => (None, true),
            missing => (missing, false),
        };
        let value = match &**typed {
            Some(typed) => typed.clone(),
            None => missing.unwrap_or_default().to_owned().into(),
        };
        let oninput = {
            let typed = typed.setter();
            Callback::from(move |event: InputEvent| {
                typed.set(events::input_text(&event).map(AttrValue::from));
            })
        };
        let onsubmit = {
            let (act, typed, value) = (self.act.clone(), typed.setter(), value.clone());
            Callback::from(move |event: SubmitEvent| {
                event.prevent_default();
                for name in split(&value) {
                    act.emit(ServerEdit::Allow(name));
                }
                typed.set(None);
            })
        };
        let is_other = typed.as_ref().is_some_and(|typed| Some(typed.trim()) != missing);
        let effect = match (missing, allowed.is_empty()) {
            _ if is_other => "Names and addresses the server answers to besides its own.".into(),
            (Some(_), _) => visible(&self.panel.missing_effect),
            _ if hides => "The missing name has hidden characters, so it is not filled in.".into(),
            (None, true) if self.panel.missing_effect.is_empty() => {
                "No further name would change an answer.".into()
            }
            (None, true) => visible(&self.panel.missing_effect),
            (None, false) => "Names and addresses the server answers to besides its own.".into(),
        };
        let listed = if allowed.is_empty() {
            vec![html! { <span class="token token--none">{ "Nothing listed" }</span> }]
        } else {
            each(allowed, |_, name| listed(name, self.act))
        };
        html! {
            <div key="allowed" class="panel__part">
                <label key="label" class="panel__label" for="allowed">
                    { "Also allowed " }
                    <code>{ "SrvAllowedServerNames" }</code>
                </label>
                <p key="tokens" class="tokens">{ listed }</p>
                <form key="add" class="with-button" onsubmit={onsubmit}>
                    <input
                        class="input mono"
                        id="allowed"
                        value={value}
                        oninput={oninput}
                        placeholder="name or address"
                        autocomplete="off"
                        autocapitalize="off"
                        spellcheck="false"
                   />
                    <button class="button button--main" type="submit">
                        { Icon::Plus.draw("") }
                        { "Add" }
                    </button>
                </form>
                <p key="effect" class="small quiet">{ effect }</p>
                { self.panel
                .odd_entry
                .as_ref()
                .map(|odd| html! { <p key="odd" class="small">{ data_text(odd) }</p> }) }
            </div>
        }
    }

    fn switches(&self) -> Html {
        let values = ServerSwitch::ALL.map(|switch| (switch, switch.is_on(self.settings)));
        let switches = each(&values, |_, (switch, is_on)| {
            let (switch, act) = (*switch, self.act.clone());
            let onchange = move |event: Event| {
                act.emit(ServerEdit::Switch(switch, events::is_checked(&event)));
            };
            html! {
                <label key={switch.label()} class="check">
                    <input
                        type="checkbox"
                        checked={*is_on}
                        {onchange}
                   />
                    { switch.label() }
                </label>
            }
        });
        html! {
            <details key="switches" class="fold">
                <summary>{ "More switches" }</summary>
                <div class="panel__part">{ switches }</div>
            </details>
        }
    }

    /// Draws a button that opens the editor of a list.
    fn edit(&self, list: ServerList, label: &'static str, name: &'static str) -> Html {
        let editing = self.editing.setter();
        html! {
            <button
                id={list.edit_id()}
                class="link"
                type="button"
                aria-label={name}
                onclick={Callback::from(move |_: MouseEvent| editing.set(Some(list)))}
            >
                { label }
            </button>
        }
    }

    fn editor(
        &self,
        list: ServerList,
        label: &'static str,
        kind: EntryKind,
        entries: Vec<String>,
    ) -> Html {
        let act = self.act.clone();
        let (done, cancel) = (self.editing.setter(), self.editing.setter());
        let hint = match kind {
            EntryKind::Names => "Separated by spaces, commas or lines. Empty: as in the messages.",
            EntryKind::Addresses => {
                "IPv4 or IPv6 without brackets or zone, separated by spaces, commas or lines."
            }
        };
        let on_done = Callback::from(move |entries| {
            act.emit(list.rewritten(entries));
            done.set(None);
        });
        let on_cancel = Callback::from(move |()| cancel.set(None));
        let (props_label, hint) = (label.into(), hint.into());
        let props = ListEditorProps { label: props_label, entries, kind, hint, on_done, on_cancel };
        html! { <ListEditor key={label} ..props /> }
    }
}

fn tokens(entries: &[String], fixed: &[String]) -> Html {
    html! {
        <p key="tokens" class="tokens">
            { each(entries, |_, entry| html! { <span class="token">{ data_text(entry) }</span> }) }
            { each(fixed, |_, entry| html! { <span class="token token--fixed">{ entry.clone() }</span> }) }
        </p>
    }
}

/// Draws an allowed name, and the button that removes it.
fn listed(name: &str, act: &Act) -> Html {
    let onclick = {
        let (act, name) = (act.clone(), name.to_owned());
        Callback::from(move |_: MouseEvent| {
            act.emit(ServerEdit::Disallow(name.clone()));
            focus::focus("allowed");
        })
    };
    html! {
        <span key={name.to_owned()} class="token token--loose">
            { data_text(name) }
            <button
                class="token__remove"
                type="button"
                aria-label={format!("Remove {}", visible(name))}
                onclick={onclick}
            >
                { Icon::Cross.draw("") }
            </button>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use yew::ServerRenderer;

    use super::*;
    use crate::components::fixture::{self, Part};

    async fn rendered(settings: ServerSettings) -> Part {
        let props = move || ServerPanelProps {
            settings: settings.clone(),
            panel: fixture::story().server.clone(),
            basis: ServerBasis::Sample,
            import: ImportProps { read: None, can_take_back: false },
        };
        Part::parse(
            &ServerRenderer::<ServerPanel>::with_props(props).hydratable(false).render().await,
        )
    }

    fn missing(page: Part) -> Option<&'static str> {
        page.by_role("textbox", "Also allowed SrvAllowedServerNames").attribute("value")
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_missing_name_is_filled_in() {
        let page = rendered(ServerSettings::default()).await;
        assert_eq!(missing(page), Some("10.0.0.100"));
        assert!(page.says("Adding it accepts this client at levels 1 and 2."), "{page:?}");
        assert!(page.says("Read from the CHALLENGE."), "{page:?}");
        assert_eq!(page.with_class("token--fixed").len(), 3, "{page:?}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_missing_name_with_hidden_characters_is_not_filled_in() {
        let mut panel = fixture::story().server.clone();
        panel.missing = Some("\u{202e}x".to_owned());
        let settings = ServerSettings::default();
        let import = ImportProps { read: None, can_take_back: false };
        let props =
            move || ServerPanelProps { settings, panel, basis: ServerBasis::Messages, import };
        let html =
            ServerRenderer::<ServerPanel>::with_props(props).hydratable(false).render().await;
        let page = Part::parse(&html);
        assert_eq!(missing(page), Some(""));
        assert!(page.says("hidden characters") && !html.contains('\u{202e}'), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_listed_name_can_be_removed() {
        let allowed = vec!["10.0.0.100".to_owned(), "\u{202e}x".to_owned()];
        let page = rendered(ServerSettings { allowed, ..ServerSettings::default() }).await;
        let mut names: Vec<_> = page.elements("button").into_iter().map(Part::name).collect();
        names.retain(|name| name.starts_with("Remove"));
        assert_eq!(names, ["Remove 10.0.0.100", r"Remove \u{202e}x"], "{page:?}");
        assert!(!page.html().contains('\u{202e}'), "{page:?}");
    }
}
