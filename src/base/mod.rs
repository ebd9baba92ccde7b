//! The parts that every wing uses: places in a buffer, text made safe to read, service principal
//! names, findings, long work in steps. It knows no message and no protocol.

pub mod finding;
pub mod pace;
pub mod span;
pub mod spn;
pub mod visible;
