//! What the page is made of, one component a file.

mod answer;
mod basis;
mod byte_chunk;
mod byte_view;
mod chunks;
mod command;
mod compare;
mod copied;
mod copy_as;
mod data_text;
mod decode;
mod each;
mod edited;
mod field_tree;
mod findings;
mod first_visit;
mod found;
mod headline;
mod icon;
mod import;
mod inspector;
mod jump;
mod lab;
mod learn;
mod levels;
mod list_editor;
mod masthead;
mod paste;
mod pointing;
mod prove;
mod readings;
mod rules;
mod said;
mod sample_list;
mod server_notes;
mod server_panel;
mod steps;
mod theme_switch;
mod told;
mod trace;
mod trace_layout;
mod tree_row;
mod tree_rows;
mod value_editor;
mod ways;

pub(crate) use compare::Compared;
pub(crate) use data_text::visible;
pub(crate) use decode::Decode;
pub(crate) use first_visit::FirstVisit;
pub(crate) use headline::plain as plain_headline;
pub(crate) use import::ImportProps;
pub(crate) use lab::Lab;
pub(crate) use learn::Learn;
pub(crate) use masthead::masthead;
pub(crate) use paste::{Paste, PasteProps, Shape};
pub(crate) use rules::Rules;
pub(crate) use told::Told;

/// For tests: the answer to the story's first sample.
#[cfg(test)]
pub(crate) mod fixture;
