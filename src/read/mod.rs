//! Finds messages and settings: in pasted text, in what carries a message, and in the server's
//! configuration as administrators have it. Judges nothing.

pub mod capture;
pub mod carrier;
pub mod config;
pub mod layer;
pub mod offset_map;
pub mod published_events;
pub mod remarks;
pub mod service;
pub mod stream;
pub mod text;
