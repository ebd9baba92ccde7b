//! Sign-ins that are made up: client and server, messages edited by hand, and a relay between them.

pub mod edit;
pub mod exchange;
pub mod relay;
