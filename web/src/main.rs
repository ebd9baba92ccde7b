//! The page: components that draw the library's view models, and nothing that decides.

#![allow(clippy::similar_names, reason = "`html!` has names of its own, such as `node`")]
#![cfg_attr(
    test,
    allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")
)]

mod app;
mod components;
mod dom;
mod reader;
mod store;

use crate::app::{App, AppProps};

fn main() {
    if let Some(root) = dom::by_id("app") {
        let props = AppProps { typed: dom::focus::typed_early() };
        yew::Renderer::<App>::with_root_and_props(root, props).render();
    }
}
