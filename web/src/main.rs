//! The page: components that draw the view models of the library, and decide nothing.

#![allow(clippy::similar_names, reason = "`html!` has names of its own, such as `node`")]
#![cfg_attr(
    test,
    allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")
)]

mod app;
mod components;
mod dom;
#[cfg(not(target_arch = "wasm32"))]
mod first_paint;
mod reader;
mod store;

use crate::app::{App, AppProps};

/// Replaces what the build drew.
#[cfg_attr(not(target_arch = "wasm32"), expect(dead_code, reason = "only browsers do this"))]
fn start() {
    if let Some((root, early)) = dom::early::take_over() {
        yew::Renderer::<App>::with_root_and_props(root, AppProps { early }).render();
    }
}

#[cfg(target_arch = "wasm32")]
fn main() {
    start();
}

/// Runs the native part of the build.
#[cfg(not(target_arch = "wasm32"))]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    first_paint::complete_page().await
}
