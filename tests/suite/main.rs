//! Integration tests, by subject. One crate, so that there is one link step.

mod architecture;
mod build;
mod captures;
mod command_line;
mod compare;
mod coverage_of_checks;
mod decisions;
mod exchanges;
mod findings;
mod fixtures;
mod golden;
mod holds;
mod inputs;
mod inputs_hostile;
mod inputs_logs;
mod inputs_places;
mod inputs_refusals;
mod inputs_spellings;
mod invariants;
mod proof;
mod vectors;
mod workbench;
