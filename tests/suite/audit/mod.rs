//! Rows of many sign-ins.

pub mod rows;
