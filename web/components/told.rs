//! What is shown where something of the server was pasted, and no sign-in.

use std::sync::Arc;

use spnscope::{policy::ServerSettings, view::ToldView};
use yew::prelude::*;

use super::{
    data_text::data_text,
    draw::draw,
    headline::headline,
    host::hosted,
    import::ImportProps,
    levels::{Further, levels},
    server_panel::{ServerPanel, ServerPanelProps},
    ways::ways,
};

/// Props of [`Told`]. Every change makes a new view, so identity is equality.
#[derive(Properties)]
pub(crate) struct ToldProps {
    /// What is shown.
    pub(crate) view: Arc<ToldView>,
    /// The server in force.
    pub(crate) settings: ServerSettings,
    /// What was read of it.
    pub(crate) import: ImportProps,
}

impl PartialEq for ToldProps {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.view, &other.view) && self.import == other.import
    }
}

/// The answers to the sign-in that an event tells of, the server, and the way out.
#[component]
pub(crate) fn Told(props: &ToldProps) -> Html {
    let ToldProps { view, settings, import } = props;
    let depends = view.levels.iter().flatten().any(|card| card.depends);
    let panel = ServerPanelProps {
        settings: settings.clone(),
        panel: view.server.clone(),
        of_sample: false,
        import: import.clone(),
    };
    draw!(
        "<div class=wrap>\
           <div key=answer class='bench answer'>\
             {}<p key=why class='bench__wide told__why'>{}</p><div key=server class=bench__said>{}</div>\
             <div key=levels class=bench__answer>{}{}</div>\
           </div>\
         </div>",
        headline(&view.headline, depends),
        import.read.iter().flat_map(|read| &read.events).next().map(|why| data_text(why)),
        hosted::<ServerPanel>("server", panel),
        view.levels.as_ref().map(|cards| levels(Some(cards), true, Further::Ways)),
        ways(view.ways.as_ref(), &view.headline),
    )
}
