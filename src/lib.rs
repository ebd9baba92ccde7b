#![doc = include_str!("README.md")]

pub mod analysis;
pub mod audit;
pub mod base;
pub mod judge;
pub mod lab;
pub mod message;
pub mod read;
pub mod show;
