//! The finding of messages and settings: pastes, carriers, captures, events.

pub(crate) mod capture_files;
mod capture_forms;
mod capture_hostile;
mod capture_streams;
pub(crate) mod carriers;
mod cases;
mod conversations;
mod cut_pastes;
mod hash_lines;
mod import_cases;
mod inputs;
mod inputs_hostile;
mod inputs_logs;
pub(crate) mod inputs_places;
mod inputs_refusals;
pub(crate) mod inputs_spellings;
mod services;
mod steps;
