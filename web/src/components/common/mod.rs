//! Components that several places share, and those around all of them.

pub(crate) mod basis;
pub(crate) mod checks;
pub(crate) mod command;
pub(crate) mod copied;
pub(crate) mod data_text;
pub(crate) mod each;
pub(crate) mod hex_value;
pub(crate) mod icon;
pub(crate) mod masthead;
pub(crate) mod rules;
pub(crate) mod theme_switch;
pub(crate) mod verdict_bar;
