//! Rows of many sign-ins.

pub(crate) mod rows;
