//! What is shown where something of the server was pasted, and no sign-in.

use std::sync::Arc;

use spnscope::{
    policy::ServerSettings,
    view::{ServerBasis, ServerNote, ToldView},
};
use yew::prelude::*;

use super::{
    data_text::data_text,
    draw::draw,
    headline::headline,
    host::hosted,
    import::ImportProps,
    levels::{Further, levels},
    server_notes::server_notes,
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
    /// Where what is said of it is from.
    pub(crate) basis: ServerBasis,
    /// What stands beside the answer about it.
    pub(crate) notes: Vec<ServerNote>,
    /// What was read of it.
    pub(crate) import: ImportProps,
}

impl PartialEq for ToldProps {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.view, &other.view)
            && self.import == other.import
            && self.notes == other.notes
    }
}

/// The answers to the sign-in that an event tells of, the server, and the way out.
#[component]
pub(crate) fn Told(props: &ToldProps) -> Html {
    let ToldProps { view, settings, basis, notes, import } = props;
    let depends = view.levels.iter().flatten().any(|card| card.depends);
    let panel = ServerPanelProps {
        settings: settings.clone(),
        panel: view.server.clone(),
        basis: *basis,
        import: import.clone(),
    };
    draw!(
        "<div class=wrap>\
           <div key=answer class='bench answer'>\
             {}{}<p key=why class='bench__wide told__why'>{}</p><div key=server class=bench__said>{}</div>\
             <div key=levels class=bench__answer>{}{}</div>\
           </div>\
         </div>",
        headline(&view.headline, depends),
        server_notes(notes),
        import.read.iter().flat_map(|read| &read.events).next().map(|why| data_text(why)),
        hosted::<ServerPanel>("server", panel),
        view.levels.as_ref().map(|cards| levels(Some(cards), true, Further::Ways)),
        ways(view.ways.as_ref(), &view.headline),
    )
}
