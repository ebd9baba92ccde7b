//! The model of the page: its state, and the rows, cards and lessons that the components draw. It
//! uses neither a browser nor Yew, so it is tested natively.

pub mod view;
pub mod workbench;
