//! Views of the samples, for tests.

use std::sync::Arc;

use spnscope_page::view::SAMPLES;
use spnscope_page::workbench::{PasteAction, Workbench};

use yew::{ServerRenderer, prelude::*};

use crate::store::Shared;

/// The first sample, as it opens.
pub(crate) fn story() -> Shared {
    of(&Workbench::default().apply(PasteAction::Sample(0)))
}

/// Only the third message of the first sample, with nothing known about the server.
pub(crate) fn third_message_only() -> Shared {
    pasted(SAMPLES[0].text.lines().last().unwrap_or_default())
}

/// The view of a pasted text.
pub(crate) fn pasted(text: &str) -> Shared {
    of(&Workbench::default().apply(PasteAction::Put(Arc::from(text.as_bytes()))))
}

/// The view of a file with these bytes.
pub(crate) fn put(bytes: &[u8]) -> Shared {
    of(&Workbench::default().apply(PasteAction::Put(Arc::from(bytes))))
}

fn of(workbench: &Workbench) -> Shared {
    workbench.view().expect("something was found").clone().into()
}

/// Renders what a drawing function draws.
pub(crate) async fn drawn(draw: fn() -> Html) -> String {
    #[derive(PartialEq, Properties)]
    struct Props {
        html: Html,
    }
    #[component]
    fn Drawn(props: &Props) -> Html {
        props.html.clone()
    }
    let rendered = ServerRenderer::<Drawn>::with_props(move || Props { html: draw() });
    rendered.hydratable(false).render().await
}
