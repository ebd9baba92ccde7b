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

mod architecture;
mod audit;
mod audit_command;
mod build;
mod capture_files;
mod capture_forms;
mod capture_hostile;
mod capture_streams;
mod captured;
mod captures;
mod carriers;
mod cases;
mod command_line;
mod compare;
mod coverage_of_checks;
mod cut_pastes;
mod decision_table;
mod decisions;
mod der;
mod edit;
mod events;
mod exchanges;
mod findings;
mod fixtures;
mod golden;
mod holds;
mod hostile;
mod import_cases;
mod imports;
mod inputs;
mod inputs_hostile;
mod inputs_logs;
mod inputs_places;
mod inputs_refusals;
mod inputs_spellings;
mod invariants;
mod kerberos;
mod learn;
mod made_up;
mod own_server;
mod proof;
mod relay;
mod remedies;
mod services;
mod steps;
mod vectors;
mod workbench;
mod wrong;
