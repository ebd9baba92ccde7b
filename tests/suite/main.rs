//! Integration tests, by subject. One crate, so that there is one link step.

mod architecture;
mod captures;
mod command_line;
mod decisions;
mod fixtures;
mod golden;
mod inputs;
mod inputs_hostile;
mod inputs_logs;
mod inputs_places;
mod inputs_refusals;
mod inputs_spellings;
mod invariants;
mod vectors;
mod workbench;
