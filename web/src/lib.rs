//! The page's own model: its state, and the rows, cards and lessons that the components draw. It
//! knows no browser and no Yew, so it is tested natively.

pub mod view;
pub mod workbench;
