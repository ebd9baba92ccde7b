//! Integration tests, by subject. One crate, so that there is one link step.

mod architecture;
mod captures;
mod carriers;
mod command_line;
mod decisions;
mod der;
mod fixtures;
mod golden;
mod inputs;
mod invariants;
mod kerberos;
mod vectors;
mod workbench;
