//! Integration tests, by subject. One crate, so that there is one link step.

mod architecture;
mod build;
mod captures;
mod command_line;
mod compare;
mod decisions;
mod exchanges;
mod findings;
mod fixtures;
mod golden;
mod holds;
mod inputs;
mod invariants;
mod vectors;
mod workbench;
