//! The server: its settings, the import, and the notes about it.

pub(crate) mod import;
pub(crate) mod list_editor;
pub(crate) mod notes;
pub(crate) mod panel;
