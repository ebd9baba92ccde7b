#![doc = include_str!("README.md")]

pub mod analysis;
pub mod audit;
pub mod base;
pub mod judge;
pub mod lab;
pub mod message;
pub mod read;
pub mod show;

pub use analysis::{Analysis, analyze};
pub use judge::{
    proof::Secret,
    smb::{Decision, Level, Outcome, ServerSettings},
};
pub use show::report::{Report, render_json, render_text};
