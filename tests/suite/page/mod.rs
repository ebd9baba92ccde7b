//! The page's state, without a browser.

mod files;
mod learn;
mod own_server;
mod practice;
mod sign_ins;
mod taken_back;
mod workbench;
