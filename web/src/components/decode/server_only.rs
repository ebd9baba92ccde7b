//! The view of an answer without a message.

use std::sync::Arc;

use spnscope::judge::smb::ServerSettings;
use spnscope_page::view::{ImportView, ServerBasis, ServerNote, ServerOnlyView};
use spnscope_page::workbench::ServerAction;
use yew::prelude::*;

use super::{
    captured::captured,
    copy_report::{CopyReport, ReportHandle},
    headline::headline,
    levels::{Further, Levels},
    ways::ways,
};
use crate::{
    components::{
        common::{data_text::data_text, each::each},
        server::{
            import::ImportProps,
            notes::server_notes,
            panel::{ServerPanel, ServerPanelProps},
        },
    },
    store::{Act, use_act},
};

/// Props of [`ServerOnly`]. Every change makes a new view, so identity is equality.
#[derive(Properties)]
pub(crate) struct ServerOnlyProps {
    /// The view.
    pub(crate) view: Arc<ServerOnlyView>,
    /// The report on it.
    pub(crate) report: Option<ReportHandle>,
    /// The server in force.
    pub(crate) settings: ServerSettings,
    /// The source of the facts about it.
    pub(crate) basis: ServerBasis,
    /// The notes about the server beside the answer.
    pub(crate) notes: Vec<ServerNote>,
    /// The last import.
    pub(crate) import: ImportProps,
}

impl PartialEq for ServerOnlyProps {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.view, &other.view)
            && self.import == other.import
            && self.notes == other.notes
    }
}

/// The answers to the sign-in, the server, and the remedies.
#[component]
pub(crate) fn ServerOnly(props: &ServerOnlyProps) -> Html {
    let act = use_act();
    let ServerOnlyProps { view, settings, basis, notes, import, .. } = props;
    let panel = ServerPanelProps {
        settings: settings.clone(),
        panel: view.server.clone(),
        basis: *basis,
        import: without_events(import),
    };
    let levels = view.levels.as_ref().map(|levels| {
        let (levels, question) = (Some(levels.clone()), view.question.clone());
        html! { <Levels key="levels" {levels} {question} further={Further::Ways} /> }
    });
    html! {
        <div class="wrap">
            <div key="answer" class="bench answer told">
                { headline(&view.headline) }
                <CopyReport key="report" report={props.report.clone()} />
                { server_notes(notes, &act) }
                { view.captured.as_ref().map(captured) }
                { (!view.events.is_empty()).then(|| events(view, &act)) }
                <p key="why" class="bench__wide told__why">
                    { view.why.as_ref().map(|why| data_text(why)) }
                </p>
                { levels }
                <div key="ways" class="told__ways">
                    { ways(view.ways.as_ref(), &view.headline, &act) }
                </div>
                <div key="server" class="told__server">
                    <ServerPanel key="server" ..panel />
                </div>
            </div>
        </div>
    }
}

/// The import without the causes of its events, which are shown above.
fn without_events(import: &ImportProps) -> ImportProps {
    let read = import
        .read
        .as_deref()
        .map(|read| Arc::new(ImportView { events: Vec::new(), ..read.clone() }));
    ImportProps { read, ..import.clone() }
}

/// Draws the events to choose from: the answer is about the pressed one.
fn events(view: &ServerOnlyView, act: &Act) -> Html {
    let rows = each(&view.events, |_, row| {
        html! {
            <li>
                <button
                    class="told__event"
                    type="button"
                    aria-pressed={row.is_chosen.to_string()}
                    onclick={act.on(ServerAction::ChooseEvent(row.index))}
                >
                    <span>{ row.event.to_string() }{ " " }{ data_text(&row.time) }</span>
                    { " " }
                    <span class="mono told__name">{ data_text(&row.name) }</span>
                    { " " }
                    <span>{ "now " }{ row.now.clone() }</span>
                </button>
            </li>
        }
    });
    let more = (view.more_events > 0).then(|| format!("{} more are not listed.", view.more_events));
    html! {
        <div key="events" class="bench__wide">
            <p id="told-events" class="small quiet">
                { "These events are about " }
                { (view.events.len() + view.more_events).to_string() }
                { " sign-ins. The answer is about the one chosen here. " }
                { more }
            </p>
            <ul class="told__events" aria-labelledby="told-events">{ rows }</ul>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use spnscope_page::workbench::{PasteAction, ServerAction, Workbench};
    use yew::ServerRenderer;

    use super::*;
    use crate::components::fixture::Part;

    const EVENTS: &str = include_str!("../../../../tests/fixtures/imports/events.xml");

    #[tokio::test(flavor = "current_thread")]
    async fn each_event_has_a_row_and_the_answer_is_about_the_one_pressed() {
        let props = || {
            let pasted = Workbench::default().apply(PasteAction::Put(EVENTS.as_bytes().into()));
            let taken = pasted.apply(ServerAction::ChooseEvent(0));
            ServerOnlyProps {
                view: Arc::clone(taken.server_only().expect("events are answered at once")),
                report: None,
                settings: taken.server().clone(),
                basis: taken.server_basis(),
                notes: Vec::new(),
                import: ImportProps { read: None, can_take_back: false },
            }
        };
        let html = ServerRenderer::<ServerOnly>::with_props(props).hydratable(false).render().await;
        let page = Part::parse(&html);
        let events = page.elements("list").into_iter().find(|it| it.says("now accepted"));
        let events = events.expect("the events");
        assert_eq!(events.elements("listitem").len(), 3, "{events:?}");
        assert_eq!(events.elements("button").len(), 3, "{events:?}");
        let [pressed] = page.with_attribute("aria-pressed", "true")[..] else {
            panic!("not one pressed: {page:?}")
        };
        assert_eq!(pressed.role(), Some("button"), "{pressed:?}");
        assert!(pressed.says("cifs/10.0.0.100") && pressed.says("now accepted"), "{pressed:?}");
        for name in ["cifs/10.0.0.200", "HTTP/files&more"] {
            assert_eq!(events.saying("button", name).len(), 1, "{name}: {events:?}");
        }
        let text = page.text();
        let (headline, _) = text.split_once(&events.text()).expect("the events");
        assert!(headline.contains("10.0.0.100") && !headline.contains("10.0.0.200"), "{text}");
        let [why] = page.with_class("told__why")[..] else { panic!("no sentence: {page:?}") };
        assert!(why.says("cifs/10.0.0.100 was refused"), "{why:?}");
        assert!(events.start() < why.start(), "{page:?}");
    }
}
