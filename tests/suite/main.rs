//! Integration tests, by subject. One crate, so that there is one link step.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and reads its files"
)]
#![allow(
    clippy::format_collect,
    clippy::format_push_string,
    reason = "pastes are written as they read, and speed is not wanted"
)]

mod analysis;
mod architecture;
mod audit;
mod bin;
mod der;
mod fixtures;
mod golden;
mod holds;
mod hostile;
mod invariants;
mod judge;
mod lab;
mod message;
mod page;
mod read;
mod wrong;
