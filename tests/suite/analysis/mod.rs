//! From a paste or a capture to the decisions.

mod captured;
mod captures;
mod exchanges;
mod repeated;
