//! The server: its settings, what was imported, what is to be known about it.

pub(crate) mod import;
pub(crate) mod list_editor;
pub(crate) mod notes;
pub(crate) mod panel;
