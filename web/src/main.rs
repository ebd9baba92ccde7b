//! The page: components that draw the library's view models, and nothing that decides.

mod app;
mod components;
mod dom;
mod hooks;
mod reader;
mod store;
mod warm;

use crate::{
    app::{App, AppProps},
    components::{Host, cast},
};

fn main() {
    if let Some(root) = dom::by_id("app") {
        let props = AppProps { typed: dom::focus::typed_early() };
        yew::Renderer::<Host>::with_root_and_props(root, cast::<App>(props)).render();
        warm::up();
    }
}
